/* What the lines of the overview say, by rank: the first that applies (design/screens.md 4.1). */
#include "backend/base/amount.h"
#include "backend/ops/cron.h"
#include "backend/velero/location.h"
#include "tui/screens/estimate.h"
#include "tui/screens/overview_list.h"
#include "tui/screens/reading.h"
#include "tui/screens/words.h"

#include <string.h>

#define LATE_S	  600  /* a scheduler may need some minutes */
#define OVERDUE_S 7200 /* a snapshot that should be there long since */

static const struct check_result *check_of(const struct check_results *checks, const char *rule)
{
	size_t i;

	for (i = 0; i < checks->count; i++) {
		if (!strcmp(checks->rows[i].rule, rule))
			return &checks->rows[i];
	}
	return NULL;
}

static void add_newest(struct strbuf *out, const struct snapshot *snapshot,
		       const struct screen_context *context)
{
	int64_t began = words_began(snapshot), size = words_size(snapshot);

	clock_add_short(out, began, context->now, context->zone);
	strbuf_adds(out, ", ");
	words_add_ago(out, context->now - began);
	strbuf_addf(out, ": %s, %s", snapshot->backup->object.name, words_kind(snapshot->kind));
	if (size > 0) {
		strbuf_adds(out, ", ");
		amount_add_bytes(out, size);
	}
}

/* When the one after `began` was due, if that is long past and nothing runs; else 0. */
static int64_t overdue(const struct screen_context *context, int64_t began)
{
	const struct console *console = context->model->console;
	int64_t due = 0;

	if (!console || !*console->cron || context->model->running ||
	    cron_next(console->cron, began + LATE_S, &due, NULL) || due == 0)
		return 0;
	return due + OVERDUE_S < context->now ? due : 0;
}

static enum mark say_unread(const struct model *model, struct strbuf *line, struct strbuf *more)
{
	const struct collection_state *state = &model->state[COLLECTION_BACKUPS];

	if (state->reading == READ_ABSENT) {
		strbuf_adds(line, "Velero is not installed: nothing can be taken or restored");
		strbuf_addf(more, "%s. %s", state->why.text, state->why.hint);
		return MARK_BAD;
	}
	if (state->reading == READ_FORBIDDEN) {
		strbuf_adds(line, "not known: no permission to read snapshots");
		strbuf_addf(more, "%s", *state->why.hint ? state->why.hint : state->why.text);
		return MARK_UNKNOWN;
	}
	return reading_add_brief(line, model, COLLECTION_BACKUPS);
}

static enum mark say_none(const struct screen_context *context, struct strbuf *line,
			  struct strbuf *more)
{
	const struct model *model = context->model;
	size_t i;

	if (!reading_has_rows(model, COLLECTION_BACKUPS))
		return say_unread(model, line, more);
	if (model->snapshot_count == 0) {
		strbuf_adds(line, "No snapshot yet: nothing could be restored");
		strbuf_adds(more, "t takes one, 5 shows the schedules.");
		return MARK_BAD;
	}
	strbuf_adds(line, "No full snapshot can be restored");
	for (i = 0; i < model->snapshot_count; i++) {
		const struct snapshot *snapshot = &model->snapshots[i];
		const char *refusal = snapshot_restore_refusal(snapshot);

		if (snapshot->kind != SNAPSHOT_FULL || !refusal)
			continue;
		strbuf_addf(more, "The newest, %s: %s. t takes one.", snapshot->backup->object.name,
			    refusal);
		return MARK_BAD;
	}
	strbuf_adds(more, "None of those there is a full one. t takes one.");
	return MARK_BAD;
}

enum mark overview_say_newest(const struct overview *overview, const struct screen_context *context,
			      struct strbuf *line, struct strbuf *more)
{
	const struct snapshot_detail *detail = &overview->newest;
	const struct check_result *outside;
	struct strbuf verdict = STRBUF_INIT;
	enum mark mark;
	int64_t due;

	if (!detail->snapshot)
		return say_none(context, line, more);
	add_newest(line, detail->snapshot, context);
	strbuf_addf(more, "%d of ", detail->snapshot->volumes_done);
	amount_add_counted(more, detail->snapshot->volumes, "volume");
	strbuf_adds(more, ", ");
	amount_add_counted(more, detail->snapshot->errors, "error");
	strbuf_adds(more, ", ");
	amount_add_counted(more, detail->snapshot->warnings, "warning");
	strbuf_adds(more, ". ");
	mark = snapshot_detail_add_verdict(&verdict, detail, context);
	strbuf_adds(more, verdict.buf);
	strbuf_done(&verdict);
	due = overdue(context, words_began(detail->snapshot));
	outside = check_of(&overview->site, "destination-outside");
	if (due) {
		strbuf_reset(more);
		strbuf_adds(more, "Older than its schedule allows: the next was due ");
		clock_add_short(more, due, context->now, context->zone);
		strbuf_addc(more, '.');
		return MARK_WARNING;
	}
	if (outside &&
	    (outside->verdict == VERDICT_WARNING || outside->verdict == VERDICT_FAILED)) {
		strbuf_reset(more);
		strbuf_adds(more, "Only inside this cluster: good for going back a version, lost "
				  "with the cluster.");
		return MARK_WARNING;
	}
	return mark;
}

static enum mark say_running(const struct overview *overview, const struct screen_context *context,
			     struct strbuf *value, struct strbuf *right)
{
	const struct model *model = context->model;
	const struct snapshot *running = model->running;
	struct estimate estimate;
	int percent;

	(void)overview;
	if (model->op_count > 0 && model->ops[0]->state == OP_RUNNING &&
	    model->ops[0]->kind == OP_RESTORE) {
		estimate_add_operation(value, model->ops[0]);
		return MARK_RUNNING;
	}
	if (!reading_has_rows(model, COLLECTION_BACKUPS))
		return reading_add_brief(value, model, COLLECTION_BACKUPS);
	if (!running) {
		strbuf_adds(value, "no snapshot and no restore");
		return MARK_OFF;
	}
	strbuf_addf(value, "%s since ", words_kind(running->kind));
	clock_add_hm(value, words_began(running), context->zone);
	percent = snapshot_percent(running);
	if (percent >= 0)
		strbuf_addf(value, ", %d %%", percent);
	estimate_left(model, running, context->now, 0, &estimate);
	estimate_add_left(right, &estimate);
	return words_mark(running->health);
}

static enum mark say_next(const struct overview *overview, const struct screen_context *context,
			  struct strbuf *value, struct strbuf *right)
{
	const struct console *console = context->model->console;
	int64_t next;

	(void)overview;
	if (!console) {
		strbuf_adds(value, "not read yet");
		return MARK_NOT_READ;
	}
	if (!console->kotsadm_running && *console->namespace) {
		strbuf_adds(value, "the Admin Console is down, nothing will run");
		return MARK_BAD;
	}
	if (!*console->velero_namespace) {
		strbuf_adds(value, "needs Velero, which is not installed");
		return MARK_BAD;
	}
	if (!console->database_read) {
		strbuf_adds(value, "not known: the database of the Admin Console was not read");
		return MARK_UNKNOWN;
	}
	if (!*console->cron) {
		strbuf_adds(value, "not scheduled");
		return MARK_WARNING;
	}
	next = console->next_run;
	if (!next && cron_next(console->cron, context->now, &next, NULL))
		next = 0;
	cron_add_words(right, console->cron, context->now, context->zone);
	strbuf_adds(right, ", kept ");
	words_add_kept(right, console->ttl);
	if (next && next + LATE_S < context->now) {
		clock_add_span(value, context->now - next);
		strbuf_adds(value, " late");
		return MARK_WARNING;
	}
	if (!next) {
		strbuf_adds(value, "never");
		return MARK_UNKNOWN;
	}
	clock_add_short(value, next, context->now, context->zone);
	strbuf_adds(value, ", ");
	words_add_ahead(value, next - context->now);
	return MARK_GOOD;
}

static enum mark say_destination(const struct overview *overview,
				 const struct screen_context *context, struct strbuf *value,
				 struct strbuf *right)
{
	const struct location *location = (const struct location *)list_by_name(
		context->model->lists[COLLECTION_LOCATIONS], "default");
	struct phase phase;
	bool late;

	(void)overview;
	if (!reading_has_rows(context->model, COLLECTION_LOCATIONS))
		return reading_add_brief(value, context->model, COLLECTION_LOCATIONS);
	if (!location) {
		strbuf_adds(value, "none: Velero has no location named default");
		return MARK_BAD;
	}
	phase = phase_find(PHASE_LOCATION, location->phase);
	if (phase.health == HEALTH_GOOD)
		strbuf_adds(value, "available, ");
	else
		strbuf_addf(value, "%s, ", *location->phase ? location->phase : "not known");
	late = words_add_checked(value, location->last_validated, location->validation_period_s,
				 context->now);
	strbuf_addf(right, "%s: %s%s%s",
		    !strcmp(location->provider, "aws") ? "S3" : location->provider,
		    location->bucket, *location->prefix ? "/" : "", location->prefix);
	if (phase.health == HEALTH_GOOD && late && context->model->link.state != LINK_LOST)
		return MARK_WARNING;
	return words_mark(phase.health);
}

static enum mark say_velero(const struct overview *overview, const struct screen_context *context,
			    struct strbuf *value, struct strbuf *right)
{
	const struct console *console = context->model->console;
	bool agents;

	(void)overview;
	if (!console) {
		strbuf_adds(value, "not read yet");
		return MARK_NOT_READ;
	}
	if (!*console->velero_namespace) {
		strbuf_adds(value, "not installed: this cluster cannot make snapshots");
		return MARK_BAD;
	}
	if (console->velero_unread) {
		strbuf_addf(value, "not known: %s", console->velero_problem);
		return MARK_UNKNOWN;
	}
	if (!console->velero_running) {
		strbuf_addf(value, "%s does not run: %s", console->velero_version,
			    *console->velero_problem ? console->velero_problem : "no reason seen");
		return MARK_BAD;
	}
	strbuf_addf(value, "%s running",
		    *console->velero_version ? console->velero_version : "version not known,");
	if (console->agents_unread) {
		strbuf_adds(right, "node agent: may not be read");
		return MARK_UNKNOWN;
	}
	agents = console->node_agents_ready >= console->node_agents_wanted &&
		 console->node_agents_wanted > 0;
	if (console->node_agents_wanted > 0)
		strbuf_addf(right, "node agent on %d of %d nodes", (int)console->node_agents_ready,
			    (int)console->node_agents_wanted);
	else
		strbuf_adds(right, "no node agent: no volume is copied");
	return agents ? MARK_GOOD : MARK_WARNING;
}

static enum mark say_console(const struct overview *overview, const struct screen_context *context,
			     struct strbuf *value, struct strbuf *right)
{
	const struct console *console = context->model->console;
	const struct check_result *versions = check_of(&overview->site, "versions-together");
	bool fit;

	if (!console) {
		strbuf_adds(value, "not read yet");
		return MARK_NOT_READ;
	}
	if (!*console->namespace) {
		strbuf_adds(value, console->console_unread ? "not known: may not be looked for"
							   : "not found in this cluster");
		return MARK_UNKNOWN;
	}
	strbuf_addf(value, "KOTS %s ", *console->kots_version ? console->kots_version : "?");
	if (!console->kotsadm_running) {
		strbuf_adds(value, "does not run");
		strbuf_adds(right, "restores go on without it");
		return MARK_BAD;
	}
	strbuf_adds(value, "runs");
	if (!console->database_read) {
		if (console->source == SOURCE_API)
			strbuf_adds(right, "its API answers; ");
		strbuf_adds(right, console->source_note);
		return MARK_WARNING;
	}
	if (*console->differs) {
		strbuf_adds(right, "its API and database differ");
		return MARK_WARNING;
	}
	fit = versions && versions->verdict == VERDICT_PASSED;
	if (console->source == SOURCE_API)
		strbuf_addf(right, "%sits API answers", fit ? "versions fit; " : "");
	else if (*console->api_note)
		strbuf_adds(right, "only its database answers");
	else if (fit)
		strbuf_adds(right, "versions fit each other");
	return MARK_GOOD;
}

static enum mark say_apps(const struct overview *overview, const struct screen_context *context,
			  struct strbuf *value, struct strbuf *right)
{
	const struct console *console = context->model->console;
	size_t i, able = 0, unknown = 0;

	(void)overview;
	if (!console) {
		strbuf_adds(value, "not read yet");
		return MARK_NOT_READ;
	}
	if (console->app_count == 0) {
		strbuf_adds(value, "none known");
		return MARK_UNKNOWN;
	}
	for (i = 0; i < console->app_count; i++) {
		const struct app *app = &console->apps[i];

		strbuf_addf(right, "%s%s", i ? ", " : "", *app->title ? app->title : app->slug);
		if (app->licensed == ANSWER_YES && app->manifest == ANSWER_YES)
			able++;
		else if (app->licensed != ANSWER_NO && app->manifest != ANSWER_NO)
			unknown++;
	}
	if (unknown == console->app_count) {
		strbuf_addf(value, "%zu, licence and manifest not read", console->app_count);
		return MARK_UNKNOWN;
	}
	strbuf_addf(value, "%zu of %zu can be snapshotted", able, console->app_count);
	return able == console->app_count ? MARK_GOOD : able == 0 ? MARK_BAD : MARK_WARNING;
}

static enum mark say_doctor(const struct overview *overview, const struct screen_context *context,
			    struct strbuf *value, struct strbuf *right)
{
	const struct check_results *site = &overview->site;
	const char *glue = "";

	if (site->count == 0) {
		strbuf_adds(value, "not read yet");
		return MARK_NOT_READ;
	}
	if (site->failed > 0) {
		strbuf_addf(value, "%zu bad", site->failed);
		glue = ", ";
	}
	if (site->warnings > 0) {
		strbuf_adds(value, glue);
		amount_add_counted(value, (int64_t)site->warnings, "warning");
		glue = ", ";
	}
	if (site->unknown > 0) {
		strbuf_addf(value, "%s%zu unknown", glue, site->unknown);
		glue = ", ";
	}
	if (!*glue)
		strbuf_adds(value, "nothing found");
	strbuf_addf(right, "%zu of %zu passed", site->passed,
		    site->passed + site->failed + site->warnings + site->unknown);
	reading_add_time(right, " at ", context);
	return site->failed > 0	    ? MARK_BAD
	       : site->warnings > 0 ? MARK_WARNING
	       : site->passed == 0  ? MARK_UNKNOWN
				    : MARK_GOOD;
}

typedef enum mark line_say(const struct overview *overview, const struct screen_context *context,
			   struct strbuf *value, struct strbuf *right);

static const struct {
	const char *label;
	line_say *say;
} lines[OVERVIEW_LINES] = {
	[LINE_RUNNING] = { "Running", say_running },
	[LINE_NEXT] = { "Next full", say_next },
	[LINE_DESTINATION] = { "Destination", say_destination },
	[LINE_VELERO] = { "Velero", say_velero },
	[LINE_CONSOLE] = { "Admin Console", say_console },
	[LINE_APPS] = { "Applications", say_apps },
	[LINE_DOCTOR] = { "Doctor", say_doctor },
};

const char *overview_label(enum overview_line line)
{
	return lines[line].label;
}

enum mark overview_say(enum overview_line line, const struct overview *overview,
		       const struct screen_context *context, struct strbuf *value,
		       struct strbuf *right)
{
	return lines[line].say(overview, context, value, right);
}
