/* The panes of a snapshot that are lists: volumes and scripts with their times, restores; what
 * Velero stored: snapshot_stored.c. */
#include "tui/screens/snapshot_panes.h"
#include "backend/base/amount.h"
#include "backend/base/mem.h"
#include "tui/screens/words.h"

#include <stdio.h>
#include <stdlib.h>
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
	[VOLUME_NAME] = { .title = "VOLUME OR SCRIPT",
			  .min = 20,
			  .grow = 1,
			  .middle = true,
			  .no_sort = true },
	[VOLUME_NODE] = { .title = "NODE", .min = 8, .drop = 2, .no_sort = true, .middle = true },
	[VOLUME_SIZE] = { .title = "SIZE", .min = 8, .align = ALIGN_RIGHT, .no_sort = true },
	[VOLUME_TOOK] = { .title = "TOOK", .min = 6, .align = ALIGN_RIGHT, .no_sort = true },
	[VOLUME_TIMES] = { .title = "", .min = TIMELINE, .drop = 1, .no_sort = true },
};

static const struct timed_row *timed_at(const void *arg, size_t row)
{
	return &((const struct pane_arg *)arg)->view->timed[row];
}

static const char *timed_uid(const void *arg, size_t row)
{
	return timed_at(arg, row)->uid;
}

static enum mark timed_mark(const void *arg, size_t row)
{
	const struct timed_row *timed = timed_at(arg, row);

	return timed->hook ? snapshot_script_mark(timed->hook)
			   : words_mark(phase_find(PHASE_VOLUME, timed->volume->phase).health);
}

static int64_t began(const struct timed_row *row)
{
	return row->hook ? row->hook->began : row->volume->started;
}

static int64_t ended(const struct timed_row *row)
{
	return row->hook ? row->hook->ended : row->volume->completed;
}

/* A script before a volume and one after it may share its second. */
static int stage(const struct timed_row *row)
{
	return !row->hook ? 1 : row->hook->post ? 2 : 0;
}

static int by_start(const void *left, const void *right)
{
	const struct timed_row *a = left, *b = right;

	if ((began(a) == 0) != (began(b) == 0))
		return began(a) == 0 ? 1 : -1;
	if (began(a) != began(b))
		return began(a) < began(b) ? -1 : 1;
	return stage(a) != stage(b) ? stage(a) - stage(b) : strcmp(a->uid, b->uid);
}

void snapshot_timed_gather(struct snapshot_view *view)
{
	const struct snapshot_volumes *volumes = &view->detail.volumes;
	const struct hooks *hooks = &view->parts.hooks;
	size_t i;

	free(view->timed);
	view->timed = mem_array(volumes->count + hooks->count + 1, sizeof(*view->timed));
	view->timed_count = 0;
	for (i = 0; i < volumes->count; i++) {
		struct timed_row *row = &view->timed[view->timed_count++];

		row->volume = volumes->rows[i];
		snprintf(row->uid, sizeof(row->uid), "%s", volumes->rows[i]->object.uid);
	}
	for (i = 0; i < hooks->count; i++) {
		struct timed_row *row = &view->timed[view->timed_count++];

		row->hook = &hooks->rows[i];
		snprintf(row->uid, sizeof(row->uid), "script %06zu", i);
	}
	if (view->timed_count > 1)
		qsort(view->timed, view->timed_count, sizeof(*view->timed), by_start);
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

/* Clocks of two machines differ, and times may be nonsense: the line stays in its cells. */
static int cell_of(int64_t at, int64_t from, int64_t to)
{
	if (at <= from)
		return 0;
	if (at >= to)
		return TIMELINE - 1;
	return (int)((double)(at - from) / (double)(to - from) * TIMELINE);
}

static void add_timeline(struct strbuf *out, const struct pane_arg *arg,
			 const struct timed_row *row)
{
	int64_t from, to, end, start = began(row);
	int first, last, i;

	if (!start)
		return;
	span_of(arg, &from, &to);
	end = ended(row) ? ended(row) : row->hook ? start : arg->context->now;
	first = cell_of(start, from, to);
	last = cell_of(end, from, to);
	for (i = 0; i < TIMELINE && (i <= last || i <= first); i++)
		strbuf_adds(out, glyph_text(i < first ? GLYPH_WAITED : GLYPH_BAR_DONE, false));
}

static void add_size(struct strbuf *out, const struct podvolume *volume)
{
	if (volume)
		amount_add_bytes(out,
				 volume->bytes_total ? volume->bytes_total : volume->bytes_done);
	else
		strbuf_addc(out, '-');
}

static void timed_cell(const void *pane, size_t row, size_t column, struct strbuf *out,
		       enum role *role)
{
	const struct pane_arg *arg = pane;
	const struct timed_row *timed = timed_at(arg, row);
	const struct podvolume *volume = timed->volume;

	switch ((enum volume_column)column) {
	case VOLUME_NAME:
		if (volume)
			snapshot_volumes_add_name(out, volume, arg->context->model->console);
		else
			snapshot_script_add_name(out, timed->hook);
		break;
	case VOLUME_NODE:
		strbuf_adds(out, volume && *volume->node ? volume->node : "-");
		break;
	case VOLUME_SIZE:
		add_size(out, volume);
		break;
	case VOLUME_TOOK:
		words_add_took(out, began(timed), ended(timed));
		break;
	case VOLUME_TIMES:
		*role = ROLE_TIMELINE;
		add_timeline(out, arg, timed);
		break;
	case VOLUME_COLUMNS:
		break;
	}
}

static void add_timed_name(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	const struct timed_row *timed = timed_at(arg, row);

	if (timed->hook)
		snapshot_script_add_name(out, timed->hook);
	else
		snapshot_volumes_add_name(out, timed->volume, arg->context->model->console);
}

static void add_volume_peek(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	const struct podvolume *volume = timed_at(arg, row)->volume;

	if (!volume) {
		snapshot_script_add_peek(out, timed_at(arg, row)->hook);
		return;
	}
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

static void add_restore_name(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	strbuf_adds(out, restore_at(arg, row)->object.name);
}

static const struct pane_list volumes = {
	volume_columns, VOLUME_COLUMNS, timed_uid,	 timed_mark,
	timed_cell,	add_timed_name, add_volume_peek,
};
static const struct pane_list restores = {
	restore_columns, RESTORE_COLUMNS,  restore_uid,	     restore_mark,
	restore_cell,	 add_restore_name, add_restore_peek,
};

static const struct pane_list *const lists[PANES] = {
	[PANE_VOLUMES] = &volumes,
	[PANE_SCRIPTS] = &snapshot_scripts,
	[PANE_PROBLEMS] = &snapshot_problems,
	[PANE_RESOURCES] = &snapshot_resources,
	[PANE_RESTORES] = &restores,
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
	const struct pane_list *list = lists[view->pane];
	const size_t counts[PANES] = {
		[PANE_VOLUMES] = view->timed_count,
		[PANE_SCRIPTS] = view->parts.hooks.count,
		[PANE_PROBLEMS] = view->parts.problems.count,
		[PANE_RESOURCES] = view->parts.kinds.count,
		[PANE_RESTORES] = view->restore_count,
	};

	if (!list || !view->detail.snapshot)
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
	lists[arg->view->pane]->add_name(out, arg, row);
}

void snapshot_pane_add_peek(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	lists[arg->view->pane]->add_peek(out, arg, row);
}
