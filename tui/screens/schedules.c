/* When snapshots are taken and how long they are kept: the full one, each application, and Velero's
 * own schedules (design/screens.md 4.10). Read only. */
#include "backend/ops/cron.h"
#include "backend/velero/location.h"
#include "tui/draw/text.h"
#include "tui/screens/body.h"
#include "tui/screens/reading.h"
#include "tui/screens/screens.h"
#include "tui/screens/words.h"
#include "tui/widgets/table.h"

#include <stdio.h>
#include <string.h>

#define PEEK_LINES 6
#define NEXT_RUNS  5
#define LATE_S	   600

/* One row: row 0 is the full one, then the applications, then those that KOTS did not make. */
struct rule {
	const char *uid, *name, *cron, *ttl;
	int64_t next, ttl_s;
	bool full, off_known; /* off_known: an empty cron means "off" */
	const struct app *app;
	const struct schedule *schedule;
};

struct schedules {
	struct table table;
};

struct schedules_arg {
	const struct schedules *state;
	const struct screen_context *context;
};

enum column { COLUMN_NAME, COLUMN_WHEN, COLUMN_NEXT, COLUMN_LAST, COLUMN_KEPT, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[COLUMN_NAME] = { .title = "SNAPSHOT",
			  .min = 18,
			  .grow = 1,
			  .middle = true,
			  .no_sort = true },
	[COLUMN_WHEN] = { .title = "WHEN", .min = 18, .no_sort = true },
	[COLUMN_NEXT] = { .title = "NEXT", .min = 13, .no_sort = true },
	[COLUMN_LAST] = { .title = "LAST", .min = 10, .drop = 2, .no_sort = true },
	[COLUMN_KEPT] = { .title = "KEPT", .min = 9, .drop = 1, .no_sort = true },
};

static size_t row_count(const struct model *model)
{
	if (!model->console)
		return 0;
	return 1 + model->console->app_count + model->lists[COLLECTION_SCHEDULES]->count;
}

static struct rule rule_at(const void *arg, size_t row)
{
	const struct model *model = ((const struct schedules_arg *)arg)->context->model;
	const struct console *console = model->console;
	bool known = console->database_read;
	const struct schedule *schedule;

	if (row == 0)
		return (struct rule){ .uid = "full",
				      .name = "Full",
				      .cron = console->cron,
				      .ttl = console->ttl,
				      .next = console->next_run,
				      .full = true,
				      .off_known = known };
	if (row <= console->app_count) {
		const struct app *app = &console->apps[row - 1];

		return (struct rule){ .uid = app->slug,
				      .name = *app->title ? app->title : app->slug,
				      .cron = app->cron,
				      .ttl = app->ttl,
				      .next = app->next_run,
				      .off_known = known,
				      .app = app };
	}
	schedule = (const struct schedule *)model->lists[COLLECTION_SCHEDULES]
			   ->items[row - 1 - console->app_count];
	return (struct rule){ .uid = schedule->object.uid,
			      .name = schedule->object.name,
			      .cron = schedule->cron,
			      .ttl = "",
			      .ttl_s = schedule->ttl_s,
			      .off_known = true,
			      .schedule = schedule };
}

static const char *row_uid(const void *arg, size_t row)
{
	return rule_at(arg, row).uid;
}

static bool console_down(const struct console *console)
{
	return *console->namespace && !console->kotsadm_running;
}

static int64_t next_of(const struct rule *rule, int64_t now)
{
	int64_t next = rule->next;

	if (!*rule->cron || (rule->schedule && rule->schedule->paused))
		return 0;
	return !next && cron_next(rule->cron, now, &next, NULL) ? 0 : next;
}

static enum mark row_mark(const void *arg, size_t row)
{
	const struct screen_context *context = ((const struct schedules_arg *)arg)->context;
	struct rule rule = rule_at(arg, row);
	int64_t next = next_of(&rule, context->now);

	if (rule.schedule && rule.schedule->paused)
		return MARK_OFF;
	if (rule.schedule)
		return words_mark(phase_find(PHASE_SCHEDULE, rule.schedule->phase).health);
	if (!*rule.cron)
		return !rule.off_known ? MARK_UNKNOWN : rule.full ? MARK_WARNING : MARK_OFF;
	if (console_down(context->model->console))
		return MARK_BAD;
	return next && next + LATE_S < context->now ? MARK_WARNING
	       : next				    ? MARK_GOOD
						    : MARK_UNKNOWN;
}

/* The newest snapshot that this row is about. */
static const struct snapshot *last_of(const struct rule *rule, const struct model *model)
{
	size_t i;

	for (i = 0; i < model->snapshot_count; i++) {
		const struct snapshot *snapshot = &model->snapshots[i];
		const struct backup *backup = snapshot->backup;

		if (rule->schedule ? !strcmp(backup->schedule, rule->schedule->object.name)
		    : rule->full   ? snapshot->kind == SNAPSHOT_FULL
				   : snapshot->kind == SNAPSHOT_PARTIAL && *rule->app->id &&
					   !strcmp(backup->kots_app_id, rule->app->id))
			return snapshot;
	}
	return NULL;
}

static void add_last(struct strbuf *out, const struct rule *rule,
		     const struct screen_context *context)
{
	const struct snapshot *last = last_of(rule, context->model);

	if (!reading_has_rows(context->model, COLLECTION_BACKUPS))
		strbuf_adds(out, "\u2026");
	else if (!last)
		strbuf_adds(out, "never");
	else if (snapshot_is_running(last))
		strbuf_adds(out, "running");
	else if (snapshot_restore_refusal(last))
		snapshot_add_status(out, last);
	else
		words_add_ago(out, context->now - words_began(last));
}

static void add_next(struct strbuf *out, const struct rule *rule,
		     const struct screen_context *context)
{
	int64_t next = next_of(rule, context->now);

	if (!*rule->cron && !rule->off_known)
		strbuf_addc(out, '?');
	else if (!next)
		strbuf_addc(out, '-');
	else if (next + LATE_S < context->now) {
		clock_add_span(out, context->now - next);
		strbuf_adds(out, " late");
	} else
		clock_add_short(out, next, context->now, context->zone);
}

static void add_when(struct strbuf *out, const struct rule *rule,
		     const struct screen_context *context)
{
	if (rule->schedule && rule->schedule->paused)
		strbuf_adds(out, "paused");
	else if (*rule->cron)
		cron_add_words(out, rule->cron, context->now, context->zone);
	else
		strbuf_adds(out, rule->off_known ? "off" : "not read");
}

static void add_kept(struct strbuf *out, const struct rule *rule)
{
	struct strbuf ttl = STRBUF_INIT;

	if (rule->schedule && rule->ttl_s)
		clock_add_duration(&ttl, rule->ttl_s * 1000);
	words_add_kept(out, rule->schedule ? ttl.buf : rule->ttl);
	strbuf_done(&ttl);
}

static void row_cell(const void *arg, size_t row, size_t column, struct strbuf *out,
		     enum role *role)
{
	const struct screen_context *context = ((const struct schedules_arg *)arg)->context;
	struct rule rule = rule_at(arg, row);

	switch ((enum column)column) {
	case COLUMN_NAME:
		strbuf_adds(out, rule.name);
		break;
	case COLUMN_WHEN:
		add_when(out, &rule, context);
		break;
	case COLUMN_NEXT:
		if (mark_is_problem(row_mark(arg, row)))
			*role = mark_role(row_mark(arg, row));
		add_next(out, &rule, context);
		break;
	case COLUMN_LAST:
		add_last(out, &rule, context);
		break;
	case COLUMN_KEPT:
		add_kept(out, &rule);
		break;
	case COLUMNS:
		break;
	}
}

static struct table_source source_of(const struct schedules_arg *arg)
{
	return (struct table_source){
		.columns = columns,
		.column_count = COLUMNS,
		.count = row_count(arg->context->model),
		.arg = arg,
		.uid = row_uid,
		.mark = row_mark,
		.cell = row_cell,
	};
}

static int page_of(const struct screen_context *context)
{
	return table_page(context->view.h - 1 - body_peek(context->view, PEEK_LINES));
}

static void rebuild(struct schedules *state, const struct screen_context *context, int64_t now_ms)
{
	struct schedules_arg arg = { state, context };
	struct table_source source = source_of(&arg);

	table_update(&state->table, &source, page_of(context), now_ms);
}

static void schedules_open(void *state, const char *argument, const struct screen_context *context,
			   struct effects *effects)
{
	struct schedules_arg arg = { state, context };
	struct table_source source = source_of(&arg);

	(void)argument;
	(void)effects;
	table_init(&((struct schedules *)state)->table, &source);
	rebuild(state, context, 0);
}

static void schedules_close(void *state)
{
	table_done(&((struct schedules *)state)->table);
}

static void schedules_update(void *state, const struct screen_context *context,
			     struct effects *effects)
{
	(void)effects;
	rebuild(state, context, context->now_ms);
}

/* The row under the cursor; false when there is none. */
static bool chosen(const struct schedules *state, const struct screen_context *context,
		   struct rule *ret_rule)
{
	struct schedules_arg arg = { state, context };
	struct table_source source = source_of(&arg);
	size_t row;

	if (!table_current(&state->table, &source, INT64_MAX, &row))
		return false;
	*ret_rule = rule_at(&arg, row);
	return true;
}

static bool schedules_key(void *state, struct key key, enum action_id action,
			  const struct screen_context *context, struct effects *effects)
{
	struct schedules *schedules = state;
	struct schedules_arg arg = { state, context };
	struct table_source source = source_of(&arg);
	struct rule rule;

	(void)key;
	switch (action) {
	case ACT_TAKE:
		effects_open(effects, SCREEN_TAKE,
			     chosen(schedules, context, &rule) && rule.app ? rule.app->slug : "");
		return true;
	case ACT_COMMANDS:
		effects_open(effects, SCREEN_COMMANDS, "schedules");
		return true;
	case ACT_CHECK:
		effects_request(effects, REQUEST_PROBE, "", "");
		effects_message(effects, MESSAGE_INFO, "Reading the schedules again.");
		return true;
	case ACT_COPY:
		if (chosen(schedules, context, &rule))
			snprintf(effects_add(effects, EFFECT_COPY)->text, 512, "%s", rule.cron);
		return true;
	default:
		return table_key(&schedules->table, &source, action, page_of(context));
	}
}

static const char *schedules_refusal(const void *state, enum action_id action,
				     const struct screen_context *context)
{
	(void)state;
	return action == ACT_TAKE && !context->writable ? context->not_writable : NULL;
}

static void schedules_title(const void *state, const struct screen_context *context,
			    struct strbuf *left, struct strbuf *right)
{
	(void)state;
	strbuf_adds(left, "Schedules and retention");
	if (context->model->console && context->model->console->database_read)
		strbuf_adds(right, "run by the Admin Console, in UTC");
	reading_add_as_of(right, context, COLLECTION_BACKUPS);
}

static int draw_runs(struct view view, int y, const struct rule *rule,
		     const struct screen_context *context)
{
	struct clock_zone utc = { true };
	struct strbuf text = STRBUF_INIT;
	int64_t at = context->now;
	int i, from = y;

	for (i = 0; i < NEXT_RUNS && y < view.h; i++) {
		if (cron_next(rule->cron, at, &at, NULL) || at == 0)
			break;
		strbuf_reset(&text);
		clock_add_weekday(&text, at, context->zone);
		strbuf_addc(&text, ' ');
		clock_add_short(&text, at, context->now, context->zone);
		strbuf_addc(&text, ' ');
		clock_add_zone_name(&text, at, context->zone);
		view_text(view, 4, y, ROLE_DIM, i == 0 ? "Next five" : "");
		view_text(view, 16, y, ROLE_TEXT, text.buf);
		strbuf_reset(&text);
		clock_add_short(&text, at, context->now, utc);
		strbuf_adds(&text, " UTC");
		if (view.w > 60)
			view_text(view, 43, y, ROLE_DIM, text.buf);
		y++;
	}
	strbuf_done(&text);
	return y - from;
}

static void draw_rule(struct view view, int y, const struct rule *rule,
		      const struct screen_context *context)
{
	const struct console *console = context->model->console;
	struct strbuf text = STRBUF_INIT;

	if (rule->schedule) {
		strbuf_adds(&text, "Velero's own schedule, not made by KOTS: its snapshots are of "
				   "other origin.");
		if (*rule->schedule->validation_error)
			strbuf_addf(&text, " Refused: \"%s\"", rule->schedule->validation_error);
	} else if (!*rule->cron && !rule->off_known) {
		strbuf_addf(&text, "Needs the database of the Admin Console: %s",
			    *console->source_note ? console->source_note : "it was not read");
	} else if (!*rule->cron) {
		strbuf_adds(
			&text,
			rule->full
				? "Off: nothing that could rebuild this cluster is taken by itself."
				: "Off: taken by hand only (t).");
	} else if (console_down(console)) {
		strbuf_adds(&text, "The Admin Console is down: nothing is taken until it is back; "
				   "one late run follows.");
	} else {
		strbuf_addf(&text, "Cron %s, read as UTC.", rule->cron);
	}
	y += mark_wrap(view, y, 2, MARK_NONE, text.buf);
	if (*rule->cron && y < view.h)
		draw_runs(view, y, rule, context);
	strbuf_done(&text);
}

static void schedules_draw(const void *state, const struct screen_context *context)
{
	const struct schedules *schedules = state;
	struct schedules_arg arg = { schedules, context };
	struct table_source source = source_of(&arg);
	struct body_split split;
	struct rule rule = { .name = "" };
	bool has = context->model->console && chosen(schedules, context, &rule);
	int peek = has ? body_peek(context->view, PEEK_LINES) : 0;

	if (!context->model->console) {
		reading_draw(context->view, 1, context, COLLECTION_SCHEDULES, "schedules");
		return;
	}
	if (body_split(&schedules_screen, state, context, rule.name, &split)) {
		table_draw(&schedules->table, &source, body_list(split.left, 0), true);
		if (has)
			draw_rule(split.right, 1, &rule, context);
		body_split_end(context);
		return;
	}
	table_draw(&schedules->table, &source, body_list(context->view, peek), true);
	if (peek > 0)
		draw_rule(body_peek_draw(context->view, peek, rule.name, ""), 0, &rule, context);
}

const struct screen_ops schedules_screen = {
	.id = SCREEN_SCHEDULES,
	.name = "schedules",
	.tab = 5,
	.state_size = sizeof(struct schedules),
	.open = schedules_open,
	.close = schedules_close,
	.update = schedules_update,
	.key = schedules_key,
	.refusal = schedules_refusal,
	.draw = schedules_draw,
	.title = schedules_title,
};
