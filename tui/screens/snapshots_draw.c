/* How the list of snapshots looks: title, rows, peek, and the detail beside it. */
#include "backend/base/amount.h"
#include "tui/screens/body.h"
#include "tui/screens/new_site.h"
#include "tui/screens/reading.h"
#include "tui/screens/screens.h"
#include "tui/screens/snapshot_list.h"
#include "tui/screens/words.h"

#include <inttypes.h>

#define PEEK_LINES 3

int snapshot_list_page(const struct screen_context *context)
{
	return table_page(context->view.h - 1 - body_peek(context->view, PEEK_LINES));
}

static void add_left_title(struct strbuf *out, const struct snapshot_list *list,
			   const struct screen_context *context)
{
	static const char *const shows[SHOWS] = { "All snapshots", "Full snapshots",
						  "Partial snapshots",
						  "Snapshots not made by KOTS" };
	struct snapshot_rows rows;
	struct table_source source;

	strbuf_adds(out, shows[list->show]);
	if (*list->app)
		strbuf_addf(out, " with %s", words_app_title(context->model->console, list->app));
	snapshot_rows_make(&rows, list, context);
	source = snapshot_rows_source(&rows);
	if (list->table.sort_column == source.natural_column)
		strbuf_adds(out, list->table.sort_down ? ", newest first" : ", oldest first");
	else
		strbuf_addf(out, ", by %s", source.columns[list->table.sort_column].title);
}

static void add_marks(struct strbuf *out, const struct snapshot_list *list)
{
	strbuf_addf(out, "%zu marked, %s", list->table.mark_count,
		    list->marked_unknown ? "at least " : "");
	amount_add_bytes(out, list->marked_bytes);
}

static void add_kinds(struct strbuf *out, const struct snapshot_list *list)
{
	static const char *const names[SHOWS] = { "", "full", "partial", "other" };
	const char *glue = ": ";
	int i;

	for (i = SHOW_FULL; i < SHOWS; i++) {
		if (list->kinds[i] == 0)
			continue;
		strbuf_adds(out, glue);
		amount_add_count(out, (int64_t)list->kinds[i]);
		strbuf_addf(out, " %s", names[i]);
		glue = ", ";
	}
}

/* Without the rows that no filter hides: those that are asked for or gone. */
static size_t count_shown(const struct snapshot_list *list, const struct screen_context *context)
{
	struct snapshot_rows rows;
	size_t always;

	snapshot_rows_make(&rows, list, context);
	always = rows.asked_count + list->gone_count;
	return list->table.count > always ? list->table.count - always : 0;
}

void snapshot_list_title(const void *state, const struct screen_context *context,
			 struct strbuf *left, struct strbuf *right)
{
	const struct snapshot_list *list = state;
	const struct model *model = context->model;
	const struct collection_state *reading = &model->state[COLLECTION_BACKUPS];
	size_t total = model->snapshot_count, shown = count_shown(list, context);

	add_left_title(left, list, context);
	if (!reading_has_rows(model, COLLECTION_BACKUPS)) {
		if (reading->read_so_far > 0) {
			amount_add_count(right, (int64_t)reading->read_so_far);
			strbuf_adds(right, " read so far");
		}
		return;
	}
	if (list->table.newer_above > 0)
		strbuf_addf(right, "%zu newer above, ", list->table.newer_above);
	if (list->table.mark_count > 0) {
		add_marks(right, list);
	} else {
		if (shown < total) {
			amount_add_count(right, (int64_t)shown);
			strbuf_adds(right, " of ");
		}
		amount_add_count(right, (int64_t)total);
		if (list->compiled && !list->typing)
			strbuf_addf(right, " \u00b7 filter \"%s\"", list->filter.text);
		else if (shown == total && context->view.w >= 72 && !collection_is_old(reading))
			add_kinds(right, list);
	}
	reading_add_as_of(right, context, COLLECTION_BACKUPS);
}

static void draw_empty(const struct snapshot_list *list, const struct screen_context *context,
		       struct view view)
{
	struct strbuf text = STRBUF_INIT;
	const struct console *console = context->model->console;
	size_t total = context->model->snapshot_count;

	/* Kubernetes lists a namespace that does not exist as an empty one. */
	if (total == 0 && console && console->velero_absent) {
		strbuf_addf(&text, "No snapshots, and no Velero in %s. 6 Doctor says more.",
			    *console->velero_namespace ? console->velero_namespace
						       : "this cluster");
	} else if (total == 0) {
		strbuf_adds(&text, "No snapshots yet. t takes one, 5 shows the schedules.");
	} else if (list->filter.len > 0) {
		strbuf_addf(&text, "None of %zu matches \"%s\". Esc clears.", total,
			    list->filter.text);
	} else {
		strbuf_addf(&text, "None of %zu. f shows others%s.", total,
			    *list->app ? ", a other applications" : "");
	}
	mark_line(view, 1, MARK_NONE, text.buf);
	if (total == 0)
		new_site_draw(view_part(view, 0, 3, view.w, view.h - 3), context);
	strbuf_done(&text);
}

static void draw_peek(struct view view, const struct snapshot_list *list,
		      const struct screen_context *context)
{
	const struct snapshot_gone *gone = snapshot_list_gone(list, context);
	const struct snapshot_detail *detail = &list->detail;
	struct strbuf text = STRBUF_INIT;
	enum mark mark;

	if (gone) {
		snapshot_gone_draw(view, gone, context);
		return;
	}
	snapshot_detail_add_run(&text, detail, context);
	mark_line(view, 0, MARK_NONE, text.buf);
	strbuf_reset(&text);
	snapshot_detail_add_contents(&text, detail, context);
	mark_line(view, 1, MARK_NONE, text.buf);
	strbuf_reset(&text);
	if (list->show == SHOW_PARTIAL) {
		mark_line(view, 2, MARK_NONE,
			  "Full snapshots are the ones that can rebuild a cluster.");
	} else {
		mark = snapshot_detail_add_verdict(&text, detail, context);
		mark_line(view, 2, mark, text.buf);
	}
	strbuf_done(&text);
}

static void draw_list(const struct snapshot_list *list, const struct screen_context *context,
		      struct view view, bool focused)
{
	struct snapshot_rows rows;
	struct table_source source;

	snapshot_rows_make(&rows, list, context);
	source = snapshot_rows_source(&rows);
	if (!reading_has_rows(context->model, COLLECTION_BACKUPS)) {
		reading_draw(view, 0, context, COLLECTION_BACKUPS, "snapshots");
		return;
	}
	table_draw(&list->table, &source, view, focused);
	if (list->table.count == 0)
		draw_empty(list, context, view);
}

void snapshot_list_draw(const void *state, const struct screen_context *context)
{
	const struct snapshot_list *list = state;
	const struct snapshot *shown = list->detail.snapshot;
	const struct snapshot_gone *gone = snapshot_list_gone(list, context);
	const char *name = shown  ? shown->backup->object.name
			   : gone ? gone->backup->object.name
				  : "";
	int peek = shown || gone ? body_peek(context->view, PEEK_LINES) : 0;
	struct body_split split;
	struct strbuf place = STRBUF_INIT;

	if (body_split(&snapshots_screen, state, context, name, &split)) {
		draw_list(list, context, body_list(split.left, 0), !list->on_detail);
		if (gone)
			snapshot_gone_draw(view_part(split.right, 0, 1, split.right.w, 3), gone,
					   context);
		else
			snapshot_detail_draw_side(split.right, &list->detail, context);
		body_split_end(context);
		return;
	}
	draw_list(list, context, body_list(context->view, peek), true);
	if (peek > 0) {
		strbuf_addf(&place, "%zu of %zu", list->table.cursor + 1, list->table.count);
		draw_peek(body_peek_draw(context->view, peek, name, place.buf), list, context);
		strbuf_done(&place);
	}
}

bool snapshot_list_note(const void *state, const struct screen_context *context, struct strbuf *out)
{
	const struct snapshot_list *list = state;

	if (list->typing) {
		input_add(out, "/", &list->filter, context->view.canvas->ascii);
		if (list->wrong.code)
			strbuf_addf(out, "  %s", list->wrong.text);
		return true;
	}
	if (list->wrong.code) {
		strbuf_adds(out, list->wrong.text);
		return true;
	}
	if (context->model->snapshot_count > 5000 && list->filter.len == 0) {
		strbuf_adds(out, "a long list: / narrows it");
		return true;
	}
	return false;
}
