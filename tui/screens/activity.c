/* What runs, and what was done to this cluster: unfinished first, then newest
 * (design/screens.md 4.6). */
#include "tui/draw/text.h"
#include "tui/screens/activity_rows.h"
#include "tui/screens/body.h"
#include "tui/screens/reading.h"
#include "tui/screens/screens.h"
#include "tui/screens/words.h"
#include "tui/widgets/table.h"

#include <stdio.h>
#include <string.h>

#define PEEK_LINES 3

enum activity_show { SHOW_EVERYTHING, SHOW_UNFINISHED, SHOW_RESTORES, SHOW_DELETIONS, SHOWS };

struct activity {
	struct table table;
	struct activity_rows rows;
	enum activity_show show;
};

struct activity_arg {
	const struct activity *activity;
	const struct screen_context *context;
};

enum column { COLUMN_STARTED, COLUMN_WHAT, COLUMN_RESULT, COLUMN_BY, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[COLUMN_STARTED] = { .title = "STARTED", .min = 12, .no_sort = true },
	[COLUMN_WHAT] = { .title = "WHAT", .min = 20, .grow = 1, .middle = true, .no_sort = true },
	[COLUMN_RESULT] = { .title = "RESULT", .min = 16, .no_sort = true },
	[COLUMN_BY] = { .title = "BY", .min = 14, .drop = 1, .no_sort = true },
};

static const struct activity_row *row_at(const void *arg, size_t row)
{
	return &((const struct activity_arg *)arg)->activity->rows.rows[row];
}

static const char *row_uid(const void *arg, size_t row)
{
	return activity_uid(row_at(arg, row));
}

static enum mark row_mark(const void *arg, size_t row)
{
	return row_at(arg, row)->mark;
}

static bool row_keep(const void *arg, size_t index)
{
	const struct activity_row *row = row_at(arg, index);
	bool deletion = row->deletion || (row->op && row->op->kind == OP_DELETE);
	bool restore = row->restore || (row->op && row->op->kind == OP_RESTORE);

	switch (((const struct activity_arg *)arg)->activity->show) {
	case SHOW_UNFINISHED:
		return row->unfinished;
	case SHOW_RESTORES:
		return restore;
	case SHOW_DELETIONS:
		return deletion;
	default:
		return true;
	}
}

static void row_cell(const void *arg, size_t index, size_t column, struct strbuf *out,
		     enum role *role)
{
	const struct screen_context *context = ((const struct activity_arg *)arg)->context;
	const struct activity_row *row = row_at(arg, index);

	switch ((enum column)column) {
	case COLUMN_STARTED:
		clock_add_short(out, row->began, context->now, context->zone);
		break;
	case COLUMN_WHAT:
		activity_add_what(out, row, context);
		break;
	case COLUMN_RESULT:
		if (row->mark != MARK_GOOD)
			*role = mark_role(row->mark);
		activity_add_result(out, row);
		break;
	case COLUMN_BY:
		activity_add_by(out, row);
		break;
	case COLUMNS:
		break;
	}
}

static struct table_source source_of(const struct activity_arg *arg)
{
	return (struct table_source){
		.columns = columns,
		.column_count = COLUMNS,
		.count = arg->activity->rows.count,
		.arg = arg,
		.uid = row_uid,
		.mark = row_mark,
		.cell = row_cell,
		.keep = row_keep,
	};
}

static int page_of(const struct screen_context *context)
{
	return table_page(context->view.h - 1 - body_peek(context->view, PEEK_LINES));
}

static const struct activity_row *current(const struct activity *activity,
					  const struct screen_context *context, int64_t now_ms)
{
	struct activity_arg arg = { activity, context };
	struct table_source source = source_of(&arg);
	size_t row;

	return table_current(&activity->table, &source, now_ms, &row) ? row_at(&arg, row) : NULL;
}

static void rebuild(struct activity *activity, const struct screen_context *context, int64_t now_ms)
{
	struct activity_arg arg = { activity, context };
	struct table_source source = source_of(&arg);

	table_update(&activity->table, &source, page_of(context), now_ms);
}

static void activity_open(void *state, const char *argument, const struct screen_context *context,
			  struct effects *effects)
{
	struct activity *activity = state;
	struct activity_arg arg = { activity, context };
	struct table_source source;

	(void)argument;
	(void)effects;
	activity_rows_gather(&activity->rows, context);
	source = source_of(&arg);
	table_init(&activity->table, &source);
	rebuild(activity, context, 0);
}

static void activity_close(void *state)
{
	struct activity *activity = state;

	table_done(&activity->table);
	activity_rows_done(&activity->rows);
}

static void activity_update(void *state, const struct screen_context *context,
			    struct effects *effects)
{
	struct activity *activity = state;

	(void)effects;
	activity_rows_gather(&activity->rows, context);
	rebuild(activity, context, context->now_ms);
}

static void open_row(const struct activity_row *row, struct effects *effects)
{
	char text[300];

	if (row->op && row->op->state == OP_UNFINISHED) {
		effects_open(effects, SCREEN_TAKEOVER, row->op->id);
	} else if (row->op) {
		effects_open(effects, SCREEN_OPERATION, row->op->id);
	} else if (row->restore) {
		snprintf(text, sizeof(text), "restore/%s", row->restore->object.name);
		effects_open(effects, SCREEN_OPERATION, text);
	} else if (row->snapshot && row->unfinished) {
		snprintf(text, sizeof(text), "backup/%s", activity_backup(row));
		effects_open(effects, SCREEN_OPERATION, text);
	} else {
		effects_open(effects, SCREEN_SNAPSHOT, activity_backup(row));
	}
}

static void open_log(const struct activity_row *row, struct effects *effects)
{
	char text[300];

	if (row->restore || (row->op && row->op->kind == OP_RESTORE))
		snprintf(text, sizeof(text), "RestoreLog %s",
			 row->restore ? row->restore->object.name : row->op->restore);
	else
		snprintf(text, sizeof(text), "BackupLog %s", activity_backup(row));
	effects_open(effects, SCREEN_LOG, text);
}

static void open_stop(const struct activity_row *row, struct effects *effects)
{
	char text[300];

	if (row->op)
		snprintf(text, sizeof(text), "%s", row->op->id);
	else if (row->restore)
		snprintf(text, sizeof(text), "restore/%s", row->restore->object.name);
	else
		snprintf(text, sizeof(text), "backup/%s", activity_backup(row));
	effects_open(effects, SCREEN_STOP, text);
}

static bool act(struct activity *activity, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	const struct activity_row *row = current(activity, context, context->now_ms);
	char text[300];

	switch (action) {
	case ACT_OPEN:
		if (row)
			open_row(row, effects);
		return true;
	case ACT_LOGS:
		if (row)
			open_log(row, effects);
		return true;
	case ACT_RESTORE:
		if (row)
			effects_open(effects, SCREEN_RESTORE, activity_backup(row));
		return true;
	case ACT_STOP:
		if (row)
			open_stop(row, effects);
		return true;
	case ACT_DELETE:
		if (row && row->leftover)
			effects_request(effects, REQUEST_CLEAN, row->deletion->object.name, "");
		return true;
	case ACT_COMMANDS:
		snprintf(text, sizeof(text), "snapshot %s", row ? activity_backup(row) : "");
		effects_open(effects, SCREEN_COMMANDS, row ? text : "");
		return true;
	case ACT_COPY:
		if (row)
			snprintf(effects_add(effects, EFFECT_COPY)->text, 512, "%s",
				 row->restore ? row->restore->object.name : activity_backup(row));
		return true;
	case ACT_CHECK:
		effects_request(effects, REQUEST_PROBE, "", "");
		return true;
	default:
		return false;
	}
}

static bool activity_key(void *state, struct key key, enum action_id action,
			 const struct screen_context *context, struct effects *effects)
{
	struct activity *activity = state;
	struct activity_arg arg = { activity, context };
	struct table_source source = source_of(&arg);

	(void)key;
	if (action == ACT_SHOW) {
		activity->show = (activity->show + 1) % SHOWS;
		rebuild(activity, context, 0);
		return true;
	}
	return table_key(&activity->table, &source, action, page_of(context)) ||
	       act(activity, action, context, effects);
}

static const char *activity_refusal(const void *state, enum action_id action,
				    const struct screen_context *context)
{
	const struct activity_row *row = current(state, context, context->now_ms);
	const struct snapshot *snapshot;

	if (action != ACT_RESTORE && action != ACT_LOGS && action != ACT_OPEN &&
	    action != ACT_STOP && action != ACT_DELETE)
		return NULL;
	if (!row)
		return "there is nothing under the cursor";
	if (action == ACT_STOP && !row->unfinished)
		return "it has ended";
	if (action == ACT_STOP && (row->deletion || (row->op && row->op->kind == OP_DELETE)))
		return "Velero has no way to stop a deletion";
	if (action == ACT_DELETE && !row->leftover)
		return "only a delete request that is left over is removed here";
	if (action == ACT_DELETE)
		return context->writable ? NULL : context->not_writable;
	if (action != ACT_RESTORE)
		return NULL;
	snapshot = model_snapshot_by_name(context->model, activity_backup(row));
	if (!snapshot)
		return "that snapshot is not there any more";
	if (snapshot_restore_refusal(snapshot))
		return snapshot_restore_refusal(snapshot);
	return context->writable ? NULL : context->not_writable;
}

static void activity_title(const void *state, const struct screen_context *context,
			   struct strbuf *left, struct strbuf *right)
{
	static const char *const shows[SHOWS] = { "Activity, unfinished first",
						  "Activity: unfinished", "Activity: restores",
						  "Activity: deletions" };
	const struct activity *activity = state;

	strbuf_adds(left, shows[activity->show]);
	if (!reading_has_rows(context->model, COLLECTION_RESTORES))
		return;
	strbuf_addf(right, "%zu unfinished, %zu ended", activity->rows.unfinished,
		    activity->rows.count - activity->rows.unfinished);
	reading_add_as_of(right, context, COLLECTION_RESTORES);
}

static void draw_story(struct view view, int x, int y, const struct activity_row *row,
		       const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;
	struct view part = view_part(view, x, y, view.w - x - 1, view.h - y);

	activity_add_story(&text, row, context);
	view_wrap(part, 0, 0, part.h, ROLE_TEXT, text.buf);
	strbuf_done(&text);
}

static void draw_list(const struct activity *activity, const struct screen_context *context,
		      struct view view)
{
	struct activity_arg arg = { activity, context };
	struct table_source source = source_of(&arg);

	if (!reading_has_rows(context->model, COLLECTION_RESTORES) && activity->rows.count == 0) {
		reading_draw(view, 0, context, COLLECTION_RESTORES, "restores");
		return;
	}
	table_draw(&activity->table, &source, view, true);
	if (activity->table.count == 0)
		mark_line(view, 1, MARK_NONE,
			  activity->show == SHOW_EVERYTHING
				  ? "Nothing was done here yet, by the records that are left."
				  : "None of this kind. f shows the others.");
}

static void activity_draw(const void *state, const struct screen_context *context)
{
	const struct activity *activity = state;
	const struct activity_row *row = current(activity, context, INT64_MAX);
	int peek = row ? body_peek(context->view, PEEK_LINES) : 0;
	struct strbuf name = STRBUF_INIT, place = STRBUF_INIT;
	struct body_split split;

	if (row) {
		activity_add_what(&name, row, context);
		if (row->restore || (row->op && row->op->kind == OP_RESTORE))
			strbuf_addf(&name, " from %s", activity_backup(row));
	}
	strbuf_addf(&place, "%zu of %zu", activity->table.cursor + 1, activity->table.count);
	if (body_split(&activity_screen, state, context, name.buf, &split)) {
		draw_list(activity, context, body_list(split.left, 0));
		if (row)
			draw_story(split.right, 1, 1, row, context);
		body_split_end(context);
	} else {
		draw_list(activity, context, body_list(context->view, peek));
		if (peek > 0)
			draw_story(body_peek_draw(context->view, peek, name.buf, place.buf), 4, 0,
				   row, context);
	}
	strbuf_done(&name);
	strbuf_done(&place);
}

const struct screen_ops activity_screen = {
	.id = SCREEN_ACTIVITY,
	.name = "activity",
	.tab = 3,
	.state_size = sizeof(struct activity),
	.open = activity_open,
	.close = activity_close,
	.update = activity_update,
	.key = activity_key,
	.refusal = activity_refusal,
	.draw = activity_draw,
	.title = activity_title,
};
