/* The first screen: could this site be restored, from when, what runs, what comes next, what needs
 * a person. Words: overview_words.c; drawing: overview_draw.c. */
#include "tui/screens/overview_list.h"
#include "tui/screens/screens.h"
#include "tui/screens/words.h"

#include <stdio.h>
#include <string.h>

#define DAY_S 86400

size_t overview_attention_count(const struct overview *overview)
{
	return overview->site.failed + overview->site.warnings;
}

const struct check_result *overview_attention(const struct overview *overview, size_t index)
{
	static const enum verdict order[] = { VERDICT_FAILED, VERDICT_WARNING };
	size_t rank, i;

	for (rank = 0; rank < ARRAY_SIZE(order); rank++) {
		for (i = 0; i < overview->site.count; i++) {
			if (overview->site.rows[i].verdict == order[rank] && index-- == 0)
				return &overview->site.rows[i];
		}
	}
	return NULL;
}

/* Days between two moments by the calendar of the zone: found by walking noons, so that a change of
 * the clock costs nothing. */
static int days_ago(int64_t at, int64_t now, struct clock_zone zone)
{
	struct strbuf want = STRBUF_INIT, day = STRBUF_INIT;
	int days, found = -1;

	clock_add_date(&want, at, zone);
	for (days = 0; days < OVERVIEW_DAYS && found < 0; days++) {
		strbuf_reset(&day);
		clock_add_date(&day, now - days * DAY_S, zone);
		if (!strcmp(day.buf, want.buf))
			found = days;
	}
	strbuf_done(&want);
	strbuf_done(&day);
	return found;
}

static int rank(enum mark mark)
{
	static const int ranks[MARKS] = {
		[MARK_NONE] = 0,     [MARK_OFF] = 1,	 [MARK_GONE] = 1,
		[MARK_NOT_READ] = 1, [MARK_UNKNOWN] = 2, [MARK_GOOD] = 3,
		[MARK_RUNNING] = 4,  [MARK_WARNING] = 5, [MARK_BAD] = 6,
	};

	return ranks[mark];
}

static struct overview_strip *strip_of(struct overview *overview, const struct snapshot *snapshot,
				       const struct console *console)
{
	size_t i;

	if (snapshot->kind == SNAPSHOT_FULL)
		return &overview->strips[0];
	if (snapshot->kind != SNAPSHOT_PARTIAL)
		return NULL;
	for (i = 1; i < overview->strip_count; i++) {
		const struct app *app = console_app(console, overview->strips[i].slug);

		if (app && *app->id && !strcmp(app->id, snapshot->backup->kots_app_id))
			return &overview->strips[i];
	}
	return NULL;
}

static void gather_strips(struct overview *overview, const struct screen_context *context)
{
	const struct model *model = context->model;
	const struct console *console = model->console;
	size_t i, day;

	memset(overview->strips, 0, sizeof(overview->strips));
	overview->strip_count = 1;
	for (i = 0; console && i < console->app_count && i < OVERVIEW_APPS; i++)
		snprintf(overview->strips[overview->strip_count++].slug, 128, "%s",
			 console->apps[i].slug);
	for (i = 0; i < overview->strip_count; i++) {
		for (day = 0; day < OVERVIEW_DAYS; day++)
			overview->strips[i].days[day] = MARK_NONE;
	}
	for (i = 0; i < model->snapshot_count; i++) {
		const struct snapshot *snapshot = &model->snapshots[i];
		int64_t began = words_began(snapshot);
		struct overview_strip *strip = strip_of(overview, snapshot, console);
		/* A deletion under way or stuck hides how the snapshot itself ended. */
		enum mark mark = !strcmp(snapshot->phase, "Deleting")
					 ? MARK_GONE
					 : words_mark(snapshot->health);
		int ago;

		if (began < context->now - OVERVIEW_DAYS * DAY_S)
			break; /* newest first: the rest is older */
		ago = strip ? days_ago(began, context->now, context->zone) : -1;
		if (ago >= 0 && rank(mark) > rank(strip->days[OVERVIEW_DAYS - 1 - ago]))
			strip->days[OVERVIEW_DAYS - 1 - ago] = mark;
	}
}

void overview_gather(struct overview *overview, const struct screen_context *context)
{
	snapshot_detail_gather(&overview->newest, context,
			       model_newest_restorable(context->model, true));
	check_results_done(&overview->site);
	memset(&overview->site, 0, sizeof(overview->site));
	if (context->model->console)
		checks_site(context->model, context->now, &overview->site);
	gather_strips(overview, context);
}

static void overview_open(void *state, const char *argument, const struct screen_context *context,
			  struct effects *effects)
{
	struct overview *overview = state;

	(void)argument;
	(void)effects;
	overview->cursor = LINE_RUNNING;
	overview_gather(overview, context);
}

static void overview_close(void *state)
{
	struct overview *overview = state;

	snapshot_detail_done(&overview->newest);
	check_results_done(&overview->site);
}

static void overview_update(void *state, const struct screen_context *context,
			    struct effects *effects)
{
	(void)effects;
	overview_gather(state, context);
}

static void go(struct effects *effects, enum screen_id screen)
{
	effects_add(effects, EFFECT_GO)->screen = screen;
}

static void open_line(const struct overview *overview, const struct screen_context *context,
		      struct effects *effects)
{
	static const enum screen_id places[OVERVIEW_LINES] = {
		[LINE_NEXT] = SCREEN_SCHEDULES, [LINE_DESTINATION] = SCREEN_DESTINATION,
		[LINE_VELERO] = SCREEN_DOCTOR,	[LINE_CONSOLE] = SCREEN_DOCTOR,
		[LINE_APPS] = SCREEN_SCHEDULES, [LINE_DOCTOR] = SCREEN_DOCTOR,
	};
	const struct check_result *row;

	if (overview->cursor == LINE_NEWEST && overview->newest.snapshot) {
		effects_open(effects, SCREEN_SNAPSHOT,
			     overview->newest.snapshot->backup->object.name);
	} else if (overview->cursor == LINE_NEWEST) {
		go(effects, SCREEN_SNAPSHOTS);
	} else if (overview->cursor == LINE_RUNNING) {
		if (context->model->running || context->model->op_count > 0)
			effects_open(effects, SCREEN_OPERATION, "");
		else
			go(effects, SCREEN_ACTIVITY);
	} else if (overview->cursor < OVERVIEW_LINES) {
		go(effects, places[overview->cursor]);
	} else {
		row = overview_attention(overview, overview->cursor - OVERVIEW_LINES);
		go(effects, row && !strcmp(row->rule, "nothing-unfinished") ? SCREEN_ACTIVITY
									    : SCREEN_DOCTOR);
	}
}

static bool act(const struct overview *overview, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	const struct snapshot *newest = overview->newest.snapshot;

	switch (action) {
	case ACT_OPEN:
		open_line(overview, context, effects);
		return true;
	case ACT_TAKE:
		effects_open(effects, SCREEN_TAKE, "");
		return true;
	case ACT_RESTORE:
		if (newest)
			effects_open(effects, SCREEN_RESTORE, newest->backup->object.name);
		return true;
	case ACT_CHECK:
		effects_request(effects, REQUEST_PROBE, "", "");
		effects_message(effects, MESSAGE_INFO, "Looking again.");
		return true;
	case ACT_COMMANDS:
		effects_open(effects, SCREEN_COMMANDS, "");
		return true;
	case ACT_COPY:
		if (newest)
			snprintf(effects_add(effects, EFFECT_COPY)->text, 512, "%s",
				 newest->backup->object.name);
		return true;
	default:
		return false;
	}
}

static bool overview_key(void *state, struct key key, enum action_id action,
			 const struct screen_context *context, struct effects *effects)
{
	struct overview *overview = state;
	size_t last = OVERVIEW_LINES + overview_attention_count(overview) - 1;

	(void)key;
	if (overview->cursor > last)
		overview->cursor = last;
	switch (action) {
	case ACT_UP:
		overview->cursor -= overview->cursor > 0;
		return true;
	case ACT_DOWN:
		overview->cursor += overview->cursor < last;
		return true;
	case ACT_FIRST:
	case ACT_PAGE_UP:
		overview->cursor = 0;
		return true;
	case ACT_LAST:
	case ACT_PAGE_DOWN:
		overview->cursor = last;
		return true;
	default:
		return act(overview, action, context, effects);
	}
}

static const char *overview_refusal(const void *state, enum action_id action,
				    const struct screen_context *context)
{
	const struct overview *overview = state;

	if (action == ACT_RESTORE && !overview->newest.snapshot)
		return context->model->snapshot_count
			       ? "there is no full snapshot that can be restored"
			       : "there is no snapshot: 2 says how those of another cluster come";
	if (action == ACT_RESTORE || action == ACT_TAKE)
		return context->writable ? NULL : context->not_writable;
	return NULL;
}

static void overview_title(const void *state, const struct screen_context *context,
			   struct strbuf *left, struct strbuf *right)
{
	(void)state;
	strbuf_adds(left, "Newest snapshot that can be restored");
	if (context->model->link.state == LINK_LOST && context->model->link.since) {
		strbuf_adds(right, "as of ");
		clock_add_hms(right, context->model->link.since, context->zone);
	}
}

const struct screen_ops overview_screen = {
	.id = SCREEN_OVERVIEW,
	.name = "overview",
	.tab = 1,
	.state_size = sizeof(struct overview),
	.open = overview_open,
	.close = overview_close,
	.update = overview_update,
	.key = overview_key,
	.refusal = overview_refusal,
	.draw = overview_draw,
	.title = overview_title,
};
