/* The panes of a snapshot that are lists: volumes with their times, problems, restores. */
#include "tui/screens/snapshot_panes.h"
#include "backend/base/amount.h"
#include "tui/screens/words.h"

#include <stdio.h>
#include <string.h>

#define TIMELINE 17 /* cells */

enum volume_column {
	VOLUME_NAME,
	VOLUME_NODE,
	VOLUME_SIZE,
	VOLUME_TOOK,
	VOLUME_TIMES,
	VOLUME_COLUMNS
};

static const struct table_column volume_columns[VOLUME_COLUMNS] = {
	[VOLUME_NAME] = { .title = "VOLUME",
			  .min = 20,
			  .grow = 1,
			  .middle = true,
			  .no_sort = true },
	[VOLUME_NODE] = { .title = "NODE", .min = 8, .drop = 2, .no_sort = true, .middle = true },
	[VOLUME_SIZE] = { .title = "SIZE", .min = 8, .align = ALIGN_RIGHT, .no_sort = true },
	[VOLUME_TOOK] = { .title = "TOOK", .min = 6, .align = ALIGN_RIGHT, .no_sort = true },
	[VOLUME_TIMES] = { .title = "", .min = TIMELINE, .drop = 1, .no_sort = true },
};

static const struct podvolume *volume_at(const void *arg, size_t row)
{
	return ((const struct pane_arg *)arg)->view->detail.volumes.rows[row];
}

static const char *volume_uid(const void *arg, size_t row)
{
	return volume_at(arg, row)->object.uid;
}

static enum mark volume_mark(const void *arg, size_t row)
{
	return words_mark(phase_find(PHASE_VOLUME, volume_at(arg, row)->phase).health);
}

/* From the first volume's start to the last one's end, or to now while it runs. */
static void span_of(const struct pane_arg *arg, int64_t *ret_from, int64_t *ret_to)
{
	const struct snapshot_detail *detail = &arg->view->detail;
	int64_t from = detail->snapshot->backup->started, to = detail->snapshot->backup->completed;

	*ret_from = from;
	*ret_to = to ? to : arg->context->now;
	if (*ret_to <= *ret_from)
		*ret_to = *ret_from + 1;
}

static void add_timeline(struct strbuf *out, const struct pane_arg *arg,
			 const struct podvolume *volume)
{
	int64_t from, to, end;
	int first, last, i;

	if (!volume->started)
		return;
	span_of(arg, &from, &to);
	end = volume->completed ? volume->completed : arg->context->now;
	first = (int)((volume->started - from) * TIMELINE / (to - from));
	last = (int)((end - from) * TIMELINE / (to - from));
	for (i = 0; i < TIMELINE && (i <= last || i <= first); i++)
		strbuf_adds(out, glyph_text(i < first ? GLYPH_WAITED : GLYPH_BAR_DONE, false));
}

static void volume_cell(const void *pane, size_t row, size_t column, struct strbuf *out,
			enum role *role)
{
	const struct pane_arg *arg = pane;
	const struct podvolume *volume = volume_at(arg, row);

	switch ((enum volume_column)column) {
	case VOLUME_NAME:
		snapshot_volumes_add_name(out, volume, arg->context->model->console);
		break;
	case VOLUME_NODE:
		strbuf_adds(out, *volume->node ? volume->node : "-");
		break;
	case VOLUME_SIZE:
		amount_add_bytes(out,
				 volume->bytes_total ? volume->bytes_total : volume->bytes_done);
		break;
	case VOLUME_TOOK:
		words_add_took(out, volume->started, volume->completed);
		break;
	case VOLUME_TIMES:
		*role = ROLE_TIMELINE;
		add_timeline(out, arg, volume);
		break;
	case VOLUME_COLUMNS:
		break;
	}
}

static void add_volume_peek(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	const struct podvolume *volume = volume_at(arg, row);

	strbuf_addf(out, "%s, ", phase_find(PHASE_VOLUME, volume->phase).word);
	amount_add_count(out, volume->bytes_done);
	strbuf_adds(out, " of ");
	if (volume->bytes_total)
		amount_add_count(out, volume->bytes_total);
	else
		strbuf_adds(out, "as yet unknown");
	strbuf_adds(out, " bytes.");
	if (*volume->message)
		strbuf_addf(out, " \"%s\"", volume->message);
	if (*volume->claim)
		strbuf_addf(out, "\nClaim %s.", volume->claim);
	strbuf_addf(out, "%s%s, PodVolumeBackup %s", *volume->claim ? " " : "\n",
		    *volume->uploader ? volume->uploader : "uploader not named",
		    volume->object.name);
	if (*volume->snapshot_id)
		strbuf_addf(out, ", copy %s", volume->snapshot_id);
	strbuf_addc(out, '.');
}

/* ---- problems ---- */

static const struct table_column problem_columns[] = {
	{ .title = "WHERE", .min = 12, .no_sort = true, .middle = true },
	{ .title = "WHAT VELERO WROTE", .min = 20, .grow = 1, .no_sort = true },
};

static const struct result_line *problem_at(const void *arg, size_t row)
{
	return &((const struct pane_arg *)arg)->view->lines.rows[row];
}

/* Lines have no name of their own; they do not change once read. */
static const char *problem_uid(const void *arg, size_t row)
{
	return problem_at(arg, row)->message;
}

static enum mark problem_mark(const void *arg, size_t row)
{
	return problem_at(arg, row)->is_error ? MARK_BAD : MARK_WARNING;
}

static void problem_cell(const void *arg, size_t row, size_t column, struct strbuf *out,
			 enum role *role)
{
	const struct result_line *line = problem_at(arg, row);

	(void)role;
	strbuf_adds(out, column == 0 ? line->scope : line->message);
}

/* ---- restores ---- */

enum restore_column {
	RESTORE_STARTED,
	RESTORE_WHAT,
	RESTORE_RESULT,
	RESTORE_ERRORS,
	RESTORE_TOOK,
	RESTORE_COLUMNS
};

static const struct table_column restore_columns[RESTORE_COLUMNS] = {
	[RESTORE_STARTED] = { .title = "STARTED", .min = 12, .no_sort = true },
	[RESTORE_WHAT] = { .title = "WHAT", .min = 16, .grow = 1, .no_sort = true },
	[RESTORE_RESULT] = { .title = "RESULT", .min = 12, .no_sort = true },
	[RESTORE_ERRORS] = { .title = "ERR, WARN",
			     .min = 9,
			     .align = ALIGN_RIGHT,
			     .drop = 1,
			     .no_sort = true },
	[RESTORE_TOOK] = { .title = "TOOK", .min = 6, .align = ALIGN_RIGHT, .no_sort = true },
};

static const struct restore *restore_at(const void *arg, size_t row)
{
	return ((const struct pane_arg *)arg)->view->restores[row];
}

static const char *restore_uid(const void *arg, size_t row)
{
	return restore_at(arg, row)->object.uid;
}

static enum mark restore_mark(const void *arg, size_t row)
{
	const struct restore *restore = restore_at(arg, row);
	enum mark mark = words_mark(phase_find(PHASE_RESTORE, restore->phase).health);

	return mark == MARK_GOOD && restore->warnings > 0 ? MARK_WARNING : mark;
}

static void restore_cell(const void *pane, size_t row, size_t column, struct strbuf *out,
			 enum role *role)
{
	const struct pane_arg *arg = pane;
	const struct restore *restore = restore_at(arg, row);
	const struct screen_context *context = arg->context;

	(void)role;
	switch ((enum restore_column)column) {
	case RESTORE_STARTED:
		clock_add_short(out, restore->started ? restore->started : restore->object.created,
				context->now, context->zone);
		break;
	case RESTORE_WHAT:
		strbuf_adds(out, *restore->app
					 ? words_app_title(context->model->console, restore->app)
					 : restore->object.name);
		break;
	case RESTORE_RESULT:
		strbuf_adds(out, phase_find(PHASE_RESTORE, restore->phase).word);
		break;
	case RESTORE_ERRORS:
		strbuf_addf(out, "%d, %d", (int)restore->errors, (int)restore->warnings);
		break;
	case RESTORE_TOOK:
		words_add_took(out, restore->started, restore->completed);
		break;
	case RESTORE_COLUMNS:
		break;
	}
}

static void add_restore_peek(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	const struct restore *restore = restore_at(arg, row);
	const char *why =
		*restore->validation_error ? restore->validation_error : restore->failure_reason;

	strbuf_addf(out, "Restore %s.", restore->object.name);
	if (*why)
		strbuf_addf(out, "\n\"%s\"", why);
	strbuf_adds(out, "\nEnter shows its steps and volumes.");
}

/* ---- all of them ---- */

static const struct pane_list {
	const struct table_column *columns;
	size_t column_count;
	const char *(*uid)(const void *arg, size_t row);
	enum mark (*mark)(const void *arg, size_t row);
	void (*cell)(const void *arg, size_t row, size_t column, struct strbuf *out,
		     enum role *role);
} lists[PANES] = {
	[PANE_VOLUMES] = { volume_columns, VOLUME_COLUMNS, volume_uid, volume_mark, volume_cell },
	[PANE_PROBLEMS] = { problem_columns, ARRAY_SIZE(problem_columns), problem_uid, problem_mark,
			    problem_cell },
	[PANE_RESTORES] = { restore_columns, RESTORE_COLUMNS, restore_uid, restore_mark,
			    restore_cell },
};

/* "02:00       02:44" over the timeline. */
static void name_times(struct pane_arg *arg)
{
	struct strbuf from_text = STRBUF_INIT, to_text = STRBUF_INIT;
	int64_t from, to;

	span_of(arg, &from, &to);
	clock_add_hm(&from_text, from, arg->context->zone);
	clock_add_hm(&to_text, to, arg->context->zone);
	snprintf(arg->times, sizeof(arg->times), "%-*s%s", TIMELINE - (int)to_text.len,
		 from_text.buf, to_text.buf);
	arg->columns[VOLUME_TIMES].title = arg->times;
	strbuf_done(&from_text);
	strbuf_done(&to_text);
}

bool snapshot_pane_source(struct pane_arg *arg, const struct snapshot_view *view,
			  const struct screen_context *context, struct table_source *ret_source)
{
	const struct pane_list *list = &lists[view->pane];
	const size_t counts[PANES] = {
		[PANE_VOLUMES] = view->detail.volumes.count,
		[PANE_PROBLEMS] = view->read ? view->lines.count : 0,
		[PANE_RESTORES] = view->restore_count,
	};

	if (!list->uid || !view->detail.snapshot)
		return false;
	arg->view = view;
	arg->context = context;
	memcpy(arg->columns, list->columns, list->column_count * sizeof(*arg->columns));
	if (view->pane == PANE_VOLUMES)
		name_times(arg);
	*ret_source = (struct table_source){
		.columns = arg->columns,
		.column_count = list->column_count,
		.count = counts[view->pane],
		.arg = arg,
		.uid = list->uid,
		.mark = list->mark,
		.cell = list->cell,
	};
	return true;
}

void snapshot_pane_add_name(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	if (arg->view->pane == PANE_VOLUMES)
		snapshot_volumes_add_name(out, volume_at(arg, row), arg->context->model->console);
	else if (arg->view->pane == PANE_PROBLEMS)
		strbuf_addf(out, "%s in %s", problem_at(arg, row)->is_error ? "Error" : "Warning",
			    problem_at(arg, row)->scope);
	else
		strbuf_adds(out, restore_at(arg, row)->object.name);
}

void snapshot_pane_add_peek(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	if (arg->view->pane == PANE_VOLUMES)
		add_volume_peek(out, arg, row);
	else if (arg->view->pane == PANE_PROBLEMS)
		strbuf_adds(out, problem_at(arg, row)->message);
	else
		add_restore_peek(out, arg, row);
}
