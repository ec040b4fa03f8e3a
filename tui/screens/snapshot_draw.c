/* How the panes of a snapshot look. */
#include "backend/base/amount.h"
#include "tui/screens/body.h"
#include "tui/screens/reading.h"
#include "tui/screens/screens.h"
#include "tui/screens/snapshot_panes.h"
#include "tui/screens/words.h"

#include <stdio.h>

#define PEEK_LINES 3
#define PANES_ROWS 2 /* title rule and the names of the panes */

/* Outputs and causes are longer than a place or a number. */
static int peek_lines(const struct snapshot_view *view, int height)
{
	bool words = view->pane == PANE_SCRIPTS || view->pane == PANE_PROBLEMS;

	if (height < 16)
		return 0;
	return view->tall ? height / 2 : words ? 5 : PEEK_LINES;
}

static int foot_lines(const struct snapshot_view *view)
{
	return view->pane == PANE_PROBLEMS || view->pane == PANE_RESOURCES;
}

static int list_height(const struct snapshot_view *view, int height)
{
	int peek = peek_lines(view, height);

	return height - PANES_ROWS - foot_lines(view) - (peek ? peek + 1 : 0);
}

int snapshot_view_page(const struct snapshot_view *view, const struct screen_context *context)
{
	return table_page(list_height(view, context->view.h));
}

/* By the log when it was read, else by the object; Velero before 1.13 counts none. */
static int64_t scripts_counted(const struct snapshot_view *view)
{
	int64_t hooks = view->detail.snapshot->backup->hooks;

	if (view->parts.state[PART_LOG].read)
		return (int64_t)view->parts.hooks.count;
	return hooks > 0 ? hooks : -1;
}

static int64_t resources_counted(const struct snapshot_view *view)
{
	int64_t items = view->detail.snapshot->backup->items_done;

	if (view->parts.state[PART_RESOURCES].read)
		return (int64_t)view->parts.resources.objects;
	return items > 0 ? items : -1;
}

static void draw_names(const struct snapshot_view *view, struct view body)
{
	const struct snapshot *snapshot = view->detail.snapshot;
	const struct pane panes[PANES] = {
		[PANE_SUMMARY] = { "Summary", -1 },
		[PANE_VOLUMES] = { "Volumes", (int64_t)view->detail.volumes.count },
		[PANE_SCRIPTS] = { "Scripts", scripts_counted(view) },
		[PANE_RESOURCES] = { "Resources", resources_counted(view) },
		[PANE_PROBLEMS] = { "Problems", snapshot->errors + snapshot->warnings },
		[PANE_LOG] = { "Log", -1 },
		[PANE_RESTORES] = { "Restores", (int64_t)view->restore_count },
	};

	panes_draw(body, 1, panes, PANES, view->pane);
}

static void draw_summary(const struct snapshot_view *view, const struct screen_context *context,
			 struct view body)
{
	struct strbuf text = STRBUF_INIT;
	enum mark mark = snapshot_detail_add_headline(&text, &view->detail, context);
	int y = 2;

	y += mark_wrap(body, y, 2, mark, text.buf);
	y += snapshot_why_draw(body, y, view, context);
	y += body.h >= 20;
	y += snapshot_detail_draw_facts(body, y, &view->detail, context, false);
	y += body.h >= 20;
	if (context->view.w < SPLIT_COLUMNS && y < body.h)
		snapshot_detail_draw_checks(view_part(body, 1, y, body.w - 1, body.h - y), 0,
					    &view->detail, context);
	strbuf_done(&text);
}

static void draw_summary_side(const struct snapshot_view *view,
			      const struct screen_context *context, struct view side)
{
	int y = 1;

	y += snapshot_detail_draw_volumes(side, y, &view->detail, context) + 1;
	if (y >= side.h)
		return;
	view_rule(side, y++, ROLE_HEADING, "Can it be restored here?", "");
	if (y < side.h)
		snapshot_detail_draw_checks(side, y, &view->detail, context);
}

static const enum snapshot_part parts_of_panes[PANES] = {
	[PANE_SUMMARY] = PART_NONE,	   [PANE_VOLUMES] = PART_NONE,
	[PANE_SCRIPTS] = PART_LOG,	   [PANE_PROBLEMS] = PART_RESULTS,
	[PANE_RESOURCES] = PART_RESOURCES, [PANE_LOG] = PART_NONE,
	[PANE_RESTORES] = PART_NONE,
};

static enum mark add_no_part(struct strbuf *out, const struct snapshot_view *view,
			     enum snapshot_part part, const struct screen_context *context)
{
	static const char *const empty[PARTS] = {
		[PART_RESULTS] =
			"Velero counted some, its file of results names none. L reads it all.",
		[PART_LOG] = "No script ran, by the log of it.",
		[PART_RESOURCES] = "Velero lists no object in it.",
	};
	const char *absent = snapshot_part_absent(part, view->detail.snapshot);

	if (view->parts.state[part].read)
		strbuf_adds(out, empty[part]);
	else if (absent)
		strbuf_adds(out, absent);
	else
		return snapshot_part_add_state(out, &view->parts, part, context);
	return MARK_NONE;
}

static void draw_nothing(const struct snapshot_view *view, const struct screen_context *context,
			 struct view body)
{
	enum snapshot_part part = parts_of_panes[view->pane];
	struct strbuf text = STRBUF_INIT;
	enum mark mark = MARK_NONE;

	if (part != PART_NONE) {
		mark = add_no_part(&text, view, part, context);
	} else if (view->pane == PANE_VOLUMES) {
		strbuf_adds(&text, view->detail.snapshot->volumes_read
					   ? "No volume was copied by it."
					   : "Volumes not read yet.");
	} else if (reading_has_rows(context->model, COLLECTION_RESTORES)) {
		strbuf_adds(&text, "Nothing was restored from it, by the records that are left.");
	} else {
		mark = reading_add_brief(&text, context->model, COLLECTION_RESTORES);
	}
	mark_wrap(body, PANES_ROWS + 1, 6, mark, text.buf);
	strbuf_done(&text);
}

/* The file of results and the object count apart: what later steps add is counted only. */
static void add_counts(struct strbuf *out, const struct snapshot_view *view)
{
	const struct backup *backup = view->detail.snapshot->backup;
	int64_t written = (int64_t)view->parts.lines.count;
	int64_t counted = backup->errors + backup->warnings;

	amount_add_count(out, written);
	strbuf_adds(out, " in Velero's results, ");
	amount_add_count(out, counted);
	strbuf_adds(out, " counted by the object");
	strbuf_adds(out, written < counted   ? ": later ones count only."
			 : written > counted ? ": the file says more."
					     : ".");
	if (view->parts.groups.harmless > 0) {
		strbuf_addc(out, ' ');
		amount_add_count(out, (int64_t)view->parts.groups.harmless);
		strbuf_adds(out, " known harmless.");
	}
}

static void draw_foot(const struct snapshot_view *view, struct view body, int y)
{
	struct strbuf text = STRBUF_INIT;

	if (view->pane == PANE_PROBLEMS) {
		add_counts(&text, view);
	} else {
		amount_add_counted(&text, (int64_t)view->parts.resources.objects, "object");
		strbuf_adds(&text, " of ");
		amount_add_counted(&text, (int64_t)view->parts.resources.count, "kind");
		strbuf_adds(&text, ", as Velero listed them.");
	}
	view_text(body, 4, y, ROLE_DIM, text.buf);
	strbuf_done(&text);
}

static void draw_log(struct view body, const struct snapshot_view *view)
{
	const struct snapshot *snapshot = view->detail.snapshot;

	mark_wrap(body, PANES_ROWS + 1, 3, MARK_NONE,
		  !snapshot->backup->started ? "No log: refused before it began."
		  : snapshot_is_running(snapshot)
			  ? "Velero stores the log at the end; it still runs."
			  : "Enter or L reads the log that Velero stored, at its first error.");
}

static void draw_peek(const struct pane_arg *arg, const struct table *table, size_t row,
		      struct view body)
{
	struct strbuf text = STRBUF_INIT, place = STRBUF_INIT, name = STRBUF_INIT;
	int lines = peek_lines(arg->view, body.h);

	snapshot_pane_add_peek(&text, arg, row);
	snapshot_pane_add_name(&name, arg, row);
	strbuf_addf(&place, "%zu of %zu", table->cursor + 1, table->count);
	mark_wrap(body_peek_draw(body, lines + 1, name.buf, place.buf), 0, lines, MARK_NONE,
		  text.buf);
	strbuf_done(&text);
	strbuf_done(&place);
	strbuf_done(&name);
}

static void draw_list(const struct snapshot_view *view, const struct screen_context *context,
		      struct view body)
{
	const struct table *table = &view->tables[view->pane];
	int height = list_height(view, body.h);
	struct table_source source;
	struct pane_arg arg;
	size_t row;

	if (!snapshot_pane_source(&arg, view, context, &source))
		return;
	if (source.count == 0) {
		draw_nothing(view, context, body);
		return;
	}
	table_draw(table, &source, view_part(body, 0, PANES_ROWS, body.w, height), true);
	if (foot_lines(view))
		draw_foot(view, body, PANES_ROWS + height);
	if (peek_lines(view, body.h) && table_current(table, &source, INT64_MAX, &row))
		draw_peek(&arg, table, row, body);
}

static void draw_pane(const struct snapshot_view *view, const struct screen_context *context,
		      struct view body)
{
	draw_names(view, body);
	if (view->pane == PANE_SUMMARY)
		draw_summary(view, context, body);
	else if (view->pane == PANE_LOG)
		draw_log(body, view);
	else
		draw_list(view, context, body);
}

void snapshot_view_draw(const void *state, const struct screen_context *context)
{
	const struct snapshot_view *view = state;
	struct screen_context own = *context;
	struct body_split split;

	if (!view->detail.snapshot) {
		if (view->gone)
			mark_line(context->view, 1, MARK_GONE,
				  "There is no snapshot of this name.");
		else
			reading_draw(context->view, 1, context, COLLECTION_BACKUPS, "snapshots");
		return;
	}
	own.model = view->model; /* also when the newest has it no more */
	if (view->pane == PANE_SUMMARY &&
	    body_split(&snapshot_screen, state, context, "Volumes", &split)) {
		draw_pane(view, &own, split.left);
		draw_summary_side(view, &own, split.right);
		body_split_end(context);
		return;
	}
	draw_pane(view, &own, context->view);
}
