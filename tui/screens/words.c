#include "tui/screens/words.h"

#include "backend/base/amount.h"
#include "tui/draw/text.h"

#include <inttypes.h>
#include <string.h>

enum mark words_mark(enum health health)
{
	return (enum mark)health; /* the same order, by contract of both headers */
}

const char *words_kind(enum snapshot_kind kind)
{
	return kind == SNAPSHOT_FULL ? "full" : kind == SNAPSHOT_PARTIAL ? "partial" : "other";
}

void words_add_ago(struct strbuf *out, int64_t seconds)
{
	if (seconds < 60) {
		/* A minute is what clocks differ; more is a clock that is wrong. */
		strbuf_adds(out, seconds < -60 ? "in the future" : "just now");
		return;
	}
	clock_add_span(out, seconds);
	strbuf_adds(out, " ago");
}

void words_add_ahead(struct strbuf *out, int64_t seconds)
{
	if (seconds < 60) {
		strbuf_adds(out, "within 1 min");
		return;
	}
	strbuf_adds(out, "in ");
	clock_add_span(out, seconds);
}

void words_add_kept(struct strbuf *out, const char *ttl)
{
	static const struct {
		int64_t hours;
		const char *word;
	} units[] = { { 8760, "year" }, { 720, "month" }, { 168, "week" }, { 24, "day" } };
	int64_t ms, hours;
	size_t i;

	if (!*ttl || clock_parse_duration(ttl, &ms, NULL) || ms <= 0) {
		strbuf_adds(out, "not known");
		return;
	}
	hours = ms / 3600000;
	for (i = 0; i < ARRAY_SIZE(units) && ms % 3600000 == 0; i++) {
		if (hours % units[i].hours == 0) {
			amount_add_counted(out, hours / units[i].hours, units[i].word);
			return;
		}
	}
	strbuf_adds(out, ttl);
}

bool words_add_checked(struct strbuf *out, int64_t at, int64_t period_s, int64_t now)
{
	int64_t age = now - at, fresh = period_s * 2;

	if (at == 0) {
		strbuf_adds(out, "never checked");
		return true;
	}
	if (age < period_s * 5) {
		/* Renewed by itself: the text stands still while that goes on. */
		strbuf_adds(out, "checked < ");
		clock_add_span(out, age < fresh ? fresh : period_s * 5);
		strbuf_adds(out, " ago");
		return false;
	}
	strbuf_adds(out, "not checked for ");
	clock_add_span(out, age);
	return true;
}

void words_add_took(struct strbuf *out, int64_t from, int64_t to)
{
	if (from == 0 || to == 0 || to < from)
		strbuf_addc(out, '-');
	else
		clock_add_span(out, to - from);
}

void words_add_name(struct strbuf *out, const char *name, int width)
{
	text_add_middle(out, name, width, false);
}

/* The Admin Console and applications behind it. */
static bool restores_everything(const struct op_view *op)
{
	bool console = false, apps = false;

	for (size_t i = 0; i < op->step_count; i++) {
		console = console || op->steps[i].what == STEP_CONSOLE_UP;
		apps = apps || op->steps[i].what == STEP_CHECKED;
	}
	return console && apps;
}

const char *words_op_what(const struct op_view *op)
{
	if (op->kind != OP_RESTORE)
		return op->backup;
	if (!*op->app_slug && restores_everything(op))
		return "everything";
	return *op->app_title ? op->app_title : op->app_slug;
}

const char *words_app_title(const struct console *console, const char *slug)
{
	const struct app *app = console ? console_app(console, slug) : NULL;

	return app && *app->title ? app->title : slug;
}

void words_add_app(struct strbuf *out, const struct snapshot *snapshot,
		   const struct console *console, const char *slug)
{
	const struct app *app = console ? console_app(console, slug) : NULL;
	int64_t sequence = snapshot_app_sequence(snapshot, slug, app ? app->id : "");
	struct strbuf version = STRBUF_INIT;

	strbuf_adds(out, words_app_title(console, slug));
	snapshot_add_app_version(&version, snapshot, slug);
	if (version.len > 0)
		strbuf_addf(out, " %s", version.buf);
	if (sequence >= 0)
		strbuf_addf(out, " (seq. %" PRId64 ")", sequence);
	strbuf_done(&version);
}

const char *words_next_slug(const char *list, char *slug, size_t size)
{
	size_t len;

	list += strspn(list, ", ");
	if (!*list)
		return NULL;
	len = strcspn(list, ",");
	if (len >= size)
		len = size - 1;
	memcpy(slug, list, len);
	slug[len] = '\0';
	return list + strcspn(list, ",");
}

void words_add_apps(struct strbuf *out, const struct snapshot *snapshot,
		    const struct console *console)
{
	struct strbuf slugs = STRBUF_INIT;
	size_t start = out->len;
	const char *at;
	char slug[128];

	if (snapshot->kind == SNAPSHOT_FULL)
		strbuf_adds(out, "Admin Console");
	snapshot_add_apps(&slugs, snapshot, console);
	for (at = slugs.buf; (at = words_next_slug(at, slug, sizeof(slug)));) {
		if (out->len > start)
			strbuf_adds(out, ", ");
		words_add_app(out, snapshot, console, slug);
	}
	strbuf_done(&slugs);
}

int64_t words_began(const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	return backup->started ? backup->started : backup->object.created;
}

int64_t words_size(const struct snapshot *snapshot)
{
	bool final = phase_is_final(PHASE_BACKUP, snapshot->phase);

	if (!snapshot->volumes_read || !strcmp(snapshot->phase, "FailedValidation"))
		return -1;
	return final && snapshot->totals_known ? snapshot->bytes_total : snapshot->bytes_done;
}
