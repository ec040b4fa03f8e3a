#include "tui/screens/snapshot_detail.h"
#include "tui/screens/reading.h"

#include "backend/base/amount.h"
#include "tui/screens/estimate.h"
#include "tui/screens/words.h"

#include <inttypes.h>
#include <string.h>

static void gather_restores(struct snapshot_detail *detail, const struct model *model)
{
	const struct list *list = model->lists[COLLECTION_RESTORES];
	const char *name = detail->snapshot->backup->object.name;
	size_t i;

	detail->restores = 0;
	detail->last_restore = NULL;
	for (i = 0; i < list->count; i++) {
		const struct restore *restore = (const struct restore *)list->items[i];

		if (strcmp(restore->backup, name) != 0)
			continue;
		detail->restores++;
		if (!detail->last_restore ||
		    restore->object.created > detail->last_restore->object.created)
			detail->last_restore = restore;
	}
}

void snapshot_detail_gather(struct snapshot_detail *detail, const struct screen_context *context,
			    const struct snapshot *snapshot)
{
	snapshot_detail_clear(detail);
	if (!snapshot)
		return;
	detail->snapshot = snapshot;
	snapshot_volumes_gather(&detail->volumes, context->model, snapshot);
	gather_restores(detail, context->model);
	checks_restore(context->model, snapshot, NULL, context->now, &detail->checks);
}

void snapshot_detail_clear(struct snapshot_detail *detail)
{
	struct snapshot_volumes volumes;

	snapshot_volumes_clear(&detail->volumes);
	check_results_done(&detail->checks);
	volumes = detail->volumes;
	*detail = (struct snapshot_detail){ .volumes = volumes };
}

void snapshot_detail_done(struct snapshot_detail *detail)
{
	snapshot_volumes_done(&detail->volumes);
	check_results_done(&detail->checks);
	memset(detail, 0, sizeof(*detail));
}

const char *snapshot_detail_reason(const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	if (snapshot->deletion && *snapshot->deletion->error)
		return snapshot->deletion->error;
	return *backup->validation_error ? backup->validation_error : backup->failure_reason;
}

static void add_volumes(struct strbuf *out, const struct snapshot *snapshot)
{
	if (!snapshot->volumes_read) {
		strbuf_adds(out, "volumes not read yet");
		return;
	}
	if (snapshot->volumes_done < snapshot->volumes)
		strbuf_addf(out, "%d of ", snapshot->volumes_done);
	else if (snapshot->volumes > 0)
		strbuf_addf(out, "%d of ", snapshot->volumes);
	amount_add_counted(out, snapshot->volumes, "volume");
}

static void add_running(struct strbuf *out, const struct snapshot_detail *detail,
			const struct screen_context *context)
{
	const struct snapshot *snapshot = detail->snapshot;
	struct estimate estimate;

	strbuf_adds(out, ", ");
	if (snapshot->backup->started) {
		clock_add_span(out, context->now - snapshot->backup->started);
		strbuf_adds(out, " so far. ");
	} else {
		strbuf_adds(out, "not begun yet. ");
	}
	add_volumes(out, snapshot);
	estimate_left(context->model, snapshot, context->now, 0, &estimate);
	strbuf_adds(out, "; ");
	estimate_add_left(out, &estimate);
	strbuf_addc(out, '.');
}

static void add_kept(struct strbuf *out, const struct snapshot *snapshot,
		     const struct screen_context *context)
{
	if (!snapshot->expires)
		return;
	strbuf_adds(out, snapshot->expired ? "expired " : "kept until ");
	clock_add_date(out, snapshot->expires, context->zone);
}

static void pad_to(struct strbuf *out, size_t column)
{
	strbuf_adds(out, "  ");
	while (out->len < column)
		strbuf_addc(out, ' ');
}

void snapshot_detail_add_run(struct strbuf *out, const struct snapshot_detail *detail,
			     const struct screen_context *context)
{
	const struct snapshot *snapshot = detail->snapshot;
	const struct backup *backup = snapshot->backup;
	const char *trigger = snapshot_trigger(snapshot);
	size_t start = out->len;

	strbuf_adds(out, *trigger			    ? trigger
			 : snapshot->kind == SNAPSHOT_OTHER ? "Other origin"
							    : "Not noted");
	if (snapshot_is_running(snapshot)) {
		add_running(out, detail, context);
		return;
	}
	if (!backup->started) {
		strbuf_adds(out, ", never begun: nothing was stored.");
		return;
	}
	/* In columns: what two snapshots have in common stays where it is. */
	pad_to(out, start + 11);
	if (snapshot->completed) {
		strbuf_adds(out, "took ");
		words_add_took(out, backup->started, snapshot->completed);
		pad_to(out, start + 24);
		strbuf_adds(out, "ended ");
		clock_add_hm(out, snapshot->completed, context->zone);
	}
	pad_to(out, start + 38);
	add_volumes(out, snapshot);
	pad_to(out, start + 54);
	add_kept(out, snapshot, context);
}

static void add_apps(struct strbuf *out, const struct snapshot *snapshot,
		     const struct console *console)
{
	struct strbuf slugs = STRBUF_INIT;
	size_t start = out->len;
	char slug[128];

	snapshot_add_apps(&slugs, snapshot, console);
	for (const char *at = slugs.buf; (at = words_next_slug(at, slug, sizeof(slug)));) {
		if (out->len > start)
			strbuf_adds(out, ", ");
		words_add_app(out, snapshot, console, slug);
	}
	strbuf_done(&slugs);
}

void snapshot_detail_add_contents(struct strbuf *out, const struct snapshot_detail *detail,
				  const struct screen_context *context)
{
	const struct snapshot *snapshot = detail->snapshot;
	const char *reason = snapshot_detail_reason(snapshot);
	size_t before = out->len;

	if (*reason) {
		strbuf_addf(out, "\"%s\"", reason);
		return;
	}
	add_apps(out, snapshot, context->model->console);
	if (out->len == before)
		strbuf_addf(out, "Namespaces: %s",
			    *snapshot->backup->namespaces ? snapshot->backup->namespaces : "all");
	/* The Admin Console last: the applications are what two neighbours have in common. */
	if (snapshot->kind == SNAPSHOT_FULL)
		strbuf_adds(out, ", Admin Console");
	else if (snapshot->kind == SNAPSHOT_PARTIAL)
		strbuf_adds(out, ", no Admin Console: cannot rebuild a cluster");
}

/* What runs now says nothing about the snapshot: it is over soon, and asked again when it counts.
 */
bool snapshot_detail_is_passing(const struct check_result *result)
{
	return !strcmp(result->rule, "nothing-running") ||
	       !strcmp(result->rule, "nothing-unfinished");
}

static const struct check_result *worst_check(const struct check_results *checks)
{
	const struct check_result *worst = NULL;
	size_t i;

	for (i = 0; i < checks->count; i++) {
		if (snapshot_detail_is_passing(&checks->rows[i]))
			continue;
		if (checks->rows[i].verdict == VERDICT_FAILED)
			return &checks->rows[i];
		if (checks->rows[i].verdict == VERDICT_WARNING && !worst)
			worst = &checks->rows[i];
	}
	return worst;
}

static void add_check_counts(struct strbuf *out, const struct check_results *checks,
			     const struct screen_context *context)
{
	size_t i, failed = checks->failed;

	for (i = 0; i < checks->count; i++)
		failed -= snapshot_detail_is_passing(&checks->rows[i]) &&
			  checks->rows[i].verdict == VERDICT_FAILED;
	strbuf_adds(out, "Restore checks");
	reading_add_time(out, " of ", context);
	strbuf_addf(out, ": %zu passed, %zu failed, %zu not possible.", checks->passed, failed,
		    checks->unknown);
}

enum mark snapshot_detail_add_verdict(struct strbuf *out, const struct snapshot_detail *detail,
				      const struct screen_context *context)
{
	const struct snapshot *snapshot = detail->snapshot;
	const char *refusal = snapshot_restore_refusal(snapshot);
	const struct check_result *worst = worst_check(&detail->checks);

	if (snapshot_is_running(snapshot)) {
		strbuf_adds(out, "Can be restored when it is completed.");
		return MARK_RUNNING;
	}
	if (refusal) {
		strbuf_addf(out, "Cannot be restored: %s", refusal);
		return MARK_BAD;
	}
	if (worst && worst->verdict == VERDICT_FAILED) {
		strbuf_addf(out, "Cannot be restored here: %s", worst->seen);
		return MARK_BAD;
	}
	if (worst) {
		strbuf_addf(out, "%s: %s", worst->title, worst->seen);
		return MARK_WARNING;
	}
	if (detail->checks.passed == 0) {
		strbuf_adds(out, "Restore not checked yet: what it needs was not read.");
		return MARK_UNKNOWN;
	}
	add_check_counts(out, &detail->checks, context);
	return MARK_GOOD;
}

enum mark snapshot_detail_add_headline(struct strbuf *out, const struct snapshot_detail *detail,
				       const struct screen_context *context)
{
	const struct snapshot *snapshot = detail->snapshot;
	const struct backup *backup = snapshot->backup;
	struct strbuf status = STRBUF_INIT;
	int64_t at = words_began(snapshot);

	snapshot_add_status(&status, snapshot);
	strbuf_adds(out, status.buf);
	if (*backup->phase && !text_starts(status.buf, backup->phase))
		strbuf_addf(out, " (%s)", backup->phase);
	if (snapshot_is_running(snapshot) && !backup->started) {
		strbuf_adds(out, ", not begun yet");
	} else if (snapshot_is_running(snapshot)) {
		strbuf_adds(out, ", since ");
		clock_add_hms(out, backup->started, context->zone);
	} else if (at) {
		strbuf_adds(out, ", ");
		words_add_ago(out, context->now - at);
	}
	strbuf_done(&status);
	return words_mark(snapshot->health);
}
