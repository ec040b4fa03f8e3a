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

int snapshot_view_page(const struct screen_context *context)
{
	int peek = context->view.h >= 16 ? PEEK_LINES + 1 : 0;

	return table_page(context->view.h - PANES_ROWS - peek);
}

static void draw_names(const struct snapshot_view *view, struct view body)
{
	const struct backup *backup = view->detail.snapshot->backup;
	const struct pane panes[PANES] = {
		[PANE_SUMMARY] = { "Summary", -1 },
		[PANE_VOLUMES] = { "Volumes", (int64_t)view->detail.volumes.count },
		[PANE_PROBLEMS] = { "Problems", backup->errors + backup->warnings },
		[PANE_LOG] = { "Log", -1 },
		[PANE_RESTORES] = { "Restores", (int64_t)view->restore_count },
	};

	panes_draw(body, 1, panes, PANES, view->pane);
}

/* Never left out for one that did not complete: what is known, how surely, and where to look. */
static int draw_why(struct view body, int y, const struct snapshot_view *view)
{
	const struct snapshot *snapshot = view->detail.snapshot;
	const char *reason = snapshot_detail_reason(snapshot);
	struct strbuf text = STRBUF_INIT;
	int from = y;

	if (*reason) {
		strbuf_addf(&text, "\"%s\" Sure: the object says so.", reason);
	} else if (snapshot->backup->errors > 0) {
		amount_add_counted(&text, snapshot->backup->errors, "error");
		strbuf_adds(&text, ", told in Problems (]) and in the log (L).");
	} else {
		strbuf_done(&text);
		return 0;
	}
	view_text(body, 4, y, ROLE_DIM, "Why");
	y += view_wrap(view_part(body, 10, y, body.w - 11, 4), 0, 0, 4, ROLE_TEXT, text.buf);
	strbuf_done(&text);
	return y - from;
}

static void draw_summary(const struct snapshot_view *view, const struct screen_context *context,
			 struct view body)
{
	struct strbuf text = STRBUF_INIT;
	enum mark mark = snapshot_detail_add_headline(&text, &view->detail, context);
	int y = 2;

	y += mark_wrap(body, y, 2, mark, text.buf);
	y += draw_why(body, y, view);
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

static void add_no_problems(struct strbuf *out, const struct snapshot_view *view)
{
	const struct snapshot *snapshot = view->detail.snapshot;

	if (snapshot_is_running(snapshot))
		strbuf_adds(out, "Velero writes them at the end; it still runs.");
	else if (!snapshot->backup->started)
		strbuf_adds(out, "No results: it never began, nothing was stored.");
	else if (snapshot->backup->errors + snapshot->backup->warnings == 0)
		strbuf_adds(out, "None: 0 errors, 0 warnings, counted by Velero.");
	else if (view->failed.code)
		strbuf_addf(out, "%s %s c asks again; L reads the log.", view->failed.text,
			    view->failed.hint);
	else if (view->read)
		strbuf_adds(out, "Velero counted some, but its file of results names none. L reads "
				 "the log.");
	else
		strbuf_addf(out, "Results: %s",
			    *view->step ? view->step : "asking Velero for them");
}

static void draw_nothing(const struct snapshot_view *view, const struct screen_context *context,
			 struct view body)
{
	struct strbuf text = STRBUF_INIT;
	enum mark mark = MARK_NONE;

	if (view->pane == PANE_PROBLEMS) {
		add_no_problems(&text, view);
		mark = view->failed.code	    ? MARK_BAD
		       : view->asked && !view->read ? MARK_NOT_READ
						    : MARK_NONE;
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

static void draw_log(struct view body, const struct snapshot_view *view)
{
	const struct snapshot *snapshot = view->detail.snapshot;

	mark_wrap(body, PANES_ROWS + 1, 3, MARK_NONE,
		  !snapshot->backup->started ? "No log: refused before it began."
		  : snapshot_is_running(snapshot)
			  ? "Velero stores the log at the end; it still runs."
			  : "Enter or L reads the log that Velero stored, at its first error.");
}

static void draw_list(const struct snapshot_view *view, const struct screen_context *context,
		      struct view body)
{
	const struct table *table = &view->tables[view->pane];
	struct strbuf text = STRBUF_INIT, place = STRBUF_INIT, name = STRBUF_INIT;
	struct table_source source;
	struct pane_arg arg;
	int peek = body.h >= 16 ? PEEK_LINES + 1 : 0;
	size_t row;

	if (!snapshot_pane_source(&arg, view, context, &source))
		return;
	if (source.count == 0) {
		draw_nothing(view, context, body);
		return;
	}
	table_draw(table, &source,
		   view_part(body, 0, PANES_ROWS, body.w, body.h - PANES_ROWS - peek), true);
	if (peek == 0 || !table_current(table, &source, INT64_MAX, &row))
		return;
	snapshot_pane_add_peek(&text, &arg, row);
	snapshot_pane_add_name(&name, &arg, row);
	strbuf_addf(&place, "%zu of %zu", table->cursor + 1, table->count);
	mark_wrap(body_peek_draw(body, peek, name.buf, place.buf), 0, PEEK_LINES, MARK_NONE,
		  text.buf);
	strbuf_done(&text);
	strbuf_done(&place);
	strbuf_done(&name);
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
