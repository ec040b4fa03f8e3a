#include "tui/screens/volumes.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/widgets/panes.h"

#include <stdlib.h>
#include <string.h>

/* What is read first stands first. */
enum { ORDER_BAD, ORDER_STALLED, ORDER_MOVING, ORDER_WAITING, ORDER_DONE };

static bool is_moving(const struct podvolume *volume)
{
	return !strcmp(volume->phase, "InProgress");
}

static int order_of(const struct volume_row *row)
{
	if (row->mark == MARK_BAD)
		return ORDER_BAD;
	if (row->mark == MARK_WARNING)
		return ORDER_STALLED;
	if (row->final)
		return ORDER_DONE;
	return is_moving(row->volume) ? ORDER_MOVING : ORDER_WAITING;
}

static int compare_rows(const void *a, const void *b)
{
	const struct volume_row *left = a, *right = b;
	int diff = order_of(left) - order_of(right);

	if (diff)
		return diff;
	if (left->total != right->total)
		return left->total > right->total ? -1 : 1;
	return strcmp(left->volume->object.uid, right->volume->object.uid);
}

static void judge(struct volume_row *row, const struct rates *rates, int64_t now_ms)
{
	const struct podvolume *volume = row->volume;
	struct phase phase = phase_find(PHASE_VOLUME, volume->phase);
	int64_t rest = row->total - volume->bytes_done;

	row->final = phase.final;
	row->mark = (enum mark)phase.health;
	/* Accepted is not copying yet: it waits its turn. */
	if (!row->final && !is_moving(volume) && !mark_is_problem(row->mark))
		row->mark = MARK_OFF;
	row->rate = row->left_s = -1;
	if (row->final || !is_moving(volume))
		return;
	row->rate = rates_of(rates, volume->object.uid, now_ms);
	row->still_ms = rates_still_ms(rates, volume->object.uid, now_ms);
	if (row->still_ms >= RATE_STALL_MS)
		row->mark = MARK_WARNING;
	else if (row->rate > 0 && row->total > 0)
		row->left_s = rest / row->rate;
}

/* A restore of a volume tells its size when it moves: until then its copy in the snapshot does. */
static int64_t copied_bytes(const struct model *model, const struct podvolume *restored)
{
	const struct list *list = model->lists[COLLECTION_POD_VOLUME_BACKUPS];

	for (size_t i = 0; *restored->snapshot_id && i < list->count; i++) {
		const struct podvolume *copy = (const struct podvolume *)list->items[i];

		if (!strcmp(copy->snapshot_id, restored->snapshot_id) &&
		    !strcmp(copy->volume, restored->volume))
			return copy->bytes_total;
	}
	return 0;
}

static void add_up(struct volume_rows *rows, const struct volume_row *row)
{
	rows->bytes_done += row->volume->bytes_done;
	rows->bytes_total += row->total;
	rows->totals_known = rows->totals_known && row->volume->bytes_total > 0;
	rows->done += row->final && row->mark != MARK_BAD;
	rows->failed += row->mark == MARK_BAD;
	rows->stalled += row->mark == MARK_WARNING && !row->final;
	if (row->rate >= 0)
		rows->rate = (rows->rate < 0 ? 0 : rows->rate) + row->rate;
	if (row->left_s > rows->slowest_s)
		rows->slowest_s = row->left_s;
}

void volume_rows_collect(struct volume_rows *rows, const struct model *model, enum collection which,
			 const char *name, const struct rates *rates, int64_t now_ms)
{
	const struct list *list = model->lists[which];
	struct strbuf label = STRBUF_INIT;
	size_t capacity = 0;

	memset(rows, 0, sizeof(*rows));
	rows->rate = -1;
	rows->totals_known = true;
	object_add_label_value(&label, name);
	for (size_t i = 0; i < list->count; i++) {
		const struct podvolume *volume = (const struct podvolume *)list->items[i];
		struct volume_row *row;

		if (strcmp(volume->owner, label.buf) != 0)
			continue;
		rows->rows = mem_grow(rows->rows, rows->count, &capacity, sizeof(*rows->rows));
		row = &rows->rows[rows->count++];
		*row = (struct volume_row){ .volume = volume, .total = volume->bytes_total };
		if (row->total == 0 && which == COLLECTION_POD_VOLUME_RESTORES)
			row->total = copied_bytes(model, volume);
		judge(row, rates, now_ms);
		add_up(rows, row);
	}
	if (rows->count > 1)
		qsort(rows->rows, rows->count, sizeof(*rows->rows), compare_rows);
	strbuf_done(&label);
}

void volume_rows_done(struct volume_rows *rows)
{
	free(rows->rows);
	memset(rows, 0, sizeof(*rows));
}

void volume_rows_note(struct rates *rates, const struct model *model, enum collection which,
		      const char *name, int64_t now_ms)
{
	const struct list *list = model->lists[which];
	struct strbuf label = STRBUF_INIT;

	object_add_label_value(&label, name);
	for (size_t i = 0; i < list->count; i++) {
		const struct podvolume *volume = (const struct podvolume *)list->items[i];

		if (!strcmp(volume->owner, label.buf) && is_moving(volume))
			rates_note(rates, volume->object.uid, volume->bytes_done, now_ms);
	}
	strbuf_done(&label);
}

void volume_add_name(struct strbuf *out, const struct podvolume *volume)
{
	strbuf_addf(out, "%s %s", volume->pod, volume->volume);
}

/* Columns by the width of the terminal. */
struct places {
	int name_w, node, node_w, bar, bar_w, percent, of_end, rate_end, left_end;
};

static const struct places least_places = { 20, 25, 0, 25, 12, 37, 57, 0, 0 };
static const struct places narrow_places = { 27, 32, 7, 40, 12, 53, 72, 0, 79 };
static const struct places wide_places = { 38, 43, 20, 64, 18, 83, 102, 112, 119 };

static void draw_end(struct view view, int end, int y, int width, const char *text)
{
	if (end > 0)
		view_field_right(view, end - width, y, width, ROLE_TEXT, text);
}

static void draw_bar(struct view view, int y, const struct places *at, const struct volume_row *row)
{
	const struct podvolume *volume = row->volume;
	int64_t total = row->total, done = volume->bytes_done;
	bool finished = row->final && row->mark == MARK_GOOD;
	int per_mille = finished ? 1000 : total > 0 ? (int)(done * 1000 / total) : -1;
	struct strbuf text = STRBUF_INIT;

	view_bar(view, at->bar, y, at->bar_w, per_mille);
	if (per_mille >= 0)
		view_textf(view, at->percent, y, ROLE_TEXT, "%3d %%",
			   finished	       ? 100
			   : per_mille >= 1000 ? 99
					       : per_mille / 10);
	if (!finished && total > 0)
		amount_add_bytes_of(&text, done, total);
	else
		amount_add_bytes(&text, done);
	draw_end(view, at->of_end, y, 14, text.buf);
	if (row->rate >= 0) {
		strbuf_reset(&text);
		amount_add_rate(&text, row->rate);
		draw_end(view, at->rate_end, y, 9, text.buf);
	}
	strbuf_reset(&text);
	if (row->left_s >= 0)
		clock_add_span(&text, row->left_s);
	else
		strbuf_adds(&text, finished ? "-" : "?");
	draw_end(view, at->left_end, y, 6, text.buf);
	strbuf_done(&text);
}

/* A node agent copies one volume after the other: who is it waiting for? */
static const struct podvolume *busy_on(const struct volume_rows *rows, const char *node)
{
	for (size_t i = 0; *node && i < rows->count; i++)
		if (is_moving(rows->rows[i].volume) && !strcmp(rows->rows[i].volume->node, node))
			return rows->rows[i].volume;
	return NULL;
}

static void add_words(struct strbuf *out, const struct volume_rows *rows,
		      const struct volume_row *row)
{
	const struct podvolume *volume = row->volume, *busy = busy_on(rows, volume->node);
	struct phase phase = phase_find(PHASE_VOLUME, volume->phase);

	if (row->mark == MARK_BAD)
		strbuf_addf(out, "%s: %s", phase.word,
			    *volume->message ? volume->message : "Velero does not say why");
	else if (row->mark == MARK_WARNING) {
		strbuf_adds(out, "no byte moved for ");
		clock_add_span(out, row->still_ms / 1000);
		strbuf_addf(out, " on %s", volume->node);
	} else if (busy)
		strbuf_addf(out, "waits for %s: %s copies one by one", busy->pod, volume->node);
	else
		strbuf_addf(out, "%s%s%s", phase.word, *volume->node ? " on " : "", volume->node);
}

static void draw_row(struct view view, int y, const struct places *at,
		     const struct volume_rows *rows, const struct volume_row *row)
{
	struct strbuf text = STRBUF_INIT, cut = STRBUF_INIT;
	bool with_bar = is_moving(row->volume) || (row->final && row->mark == MARK_GOOD);

	mark_draw(view, 2, y, row->mark);
	volume_add_name(&text, row->volume);
	text_add_middle(&cut, text.buf, at->name_w, view.canvas->ascii);
	view_text(view, 4, y, ROLE_TEXT, cut.buf);
	strbuf_reset(&text);
	if (with_bar && row->mark != MARK_WARNING) {
		view_field(view, at->node, y, at->node_w, ROLE_TEXT, row->volume->node);
		draw_bar(view, y, at, row);
	} else {
		add_words(&text, rows, row);
		view_field(view, at->node, y, view.w - 1 - at->node,
			   mark_is_problem(row->mark) ? mark_role(row->mark) : ROLE_DIM, text.buf);
	}
	strbuf_done(&text);
	strbuf_done(&cut);
}

static void draw_titles(struct view view, const struct places *at)
{
	view_text(view, 4, 0, ROLE_DIM, "VOLUME");
	if (at->node_w)
		view_text(view, at->node, 0, ROLE_DIM, "NODE");
	view_field_right(view, at->percent, 0, 5, ROLE_DIM, "DONE");
	view_field_right(view, at->of_end - 4, 0, 4, ROLE_DIM, "OF");
	if (at->rate_end)
		view_field_right(view, at->rate_end - 4, 0, 4, ROLE_DIM, "RATE");
	if (at->left_end)
		view_field_right(view, at->left_end - 4, 0, 4, ROLE_DIM, "LEFT");
}

/* Rows that stand one by one: all, or those not done when there is no room for all. */
static size_t shown_rows(const struct volume_rows *rows, int room)
{
	size_t open = rows->count - rows->done;

	if ((int)rows->count <= room || rows->done < 2)
		return rows->count;
	return open;
}

void volume_rows_draw(const struct volume_rows *rows, struct view view, size_t top)
{
	const struct places *at = view.w >= SPLIT_COLUMNS ? &wide_places
				  : view.w >= 80	  ? &narrow_places
							  : &least_places;
	size_t shown = shown_rows(rows, view.h - 1), i;
	struct strbuf text = STRBUF_INIT;
	int y = 1;

	if (rows->count == 0 || view.h < 2)
		return;
	draw_titles(view, at);
	for (i = top; i < shown && y < view.h; i++)
		draw_row(view, y++, at, rows, &rows->rows[i]);
	if (shown < rows->count && y < view.h) {
		int64_t bytes = 0;

		for (i = shown; i < rows->count; i++)
			bytes += rows->rows[i].volume->bytes_done;
		strbuf_addf(&text, "%zu done, ", rows->count - shown);
		amount_add_bytes(&text, bytes);
		mark_line(view, y, MARK_GOOD, text.buf);
	}
	strbuf_done(&text);
}
