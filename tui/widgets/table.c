#include "tui/widgets/table.h"

#include "backend/base/mem.h"
#include "tui/widgets/table_marks.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXT_LINES 3
#define GUARD_MS      300

void table_init(struct table *table, const struct table_source *source)
{
	memset(table, 0, sizeof(*table));
	table->sort_column = source->natural_column;
	table->sort_down = source->natural_down;
}

void table_done(struct table *table)
{
	table_clear_marks(table);
	free(table->marks);
	free(table->index);
	free(table->cursor_uid);
	memset(table, 0, sizeof(*table));
}

struct order {
	const struct table_source *source;
	size_t column;
	bool down;
};

static int by_order(const void *left, const void *right, void *arg)
{
	const struct order *order = arg;
	const struct table_source *source = order->source;
	size_t a = *(const size_t *)left, b = *(const size_t *)right;
	bool no_a = source->missing && source->missing(source->arg, a, order->column);
	bool no_b = source->missing && source->missing(source->arg, b, order->column);
	int result;

	if (no_a != no_b)
		return no_a ? 1 : -1;
	result = no_a ? 0 : source->compare(source->arg, a, b, order->column);
	if (result != 0)
		return order->down ? -result : result;
	return a < b ? -1 : a > b;
}

static void build_index(struct table *table, const struct table_source *source)
{
	struct order order = { source, table->sort_column, table->sort_down };
	size_t row;

	if (table->capacity < source->count) {
		table->capacity = source->count + source->count / 4 + 16;
		free(table->index);
		table->index = mem_array(table->capacity, sizeof(*table->index));
	}
	table->count = 0;
	for (row = 0; row < source->count; row++) {
		if (!source->keep || source->keep(source->arg, row))
			table->index[table->count++] = row;
	}
	if (source->compare && table->count > 1 &&
	    (source->fixed || table->sort_column != source->natural_column ||
	     table->sort_down != source->natural_down))
		qsort_r(table->index, table->count, sizeof(*table->index), by_order, &order);
}

static const char *uid_at(const struct table *table, const struct table_source *source,
			  size_t position)
{
	return source->uid(source->arg, table->index[position]);
}

static bool find_uid(const struct table *table, const struct table_source *source, const char *uid,
		     size_t *ret_position)
{
	size_t i;

	if (table->cursor < table->count && !strcmp(uid_at(table, source, table->cursor), uid)) {
		*ret_position = table->cursor;
		return true;
	}
	for (i = 0; i < table->count; i++) {
		if (!strcmp(uid_at(table, source, i), uid)) {
			*ret_position = i;
			return true;
		}
	}
	return false;
}

static void remember_cursor(struct table *table, const struct table_source *source)
{
	const char *uid = table->count > 0 ? uid_at(table, source, table->cursor) : NULL;

	if (uid && table->cursor_uid && !strcmp(uid, table->cursor_uid))
		return;
	free(table->cursor_uid);
	table->cursor_uid = uid ? mem_text(uid) : NULL;
}

/* The cursor stays in view with some lines around it; the page is never emptier than it must be. */
static void keep_in_view(struct table *table, int page)
{
	size_t size = page > 0 ? (size_t)page : 1, margin = (size - 1) / 2;

	if (margin > CONTEXT_LINES)
		margin = CONTEXT_LINES;
	if (table->cursor >= table->count)
		table->cursor = table->count > 0 ? table->count - 1 : 0;
	if (table->cursor < table->top + margin)
		table->top = table->cursor > margin ? table->cursor - margin : 0;
	if (table->cursor + margin >= table->top + size)
		table->top = table->cursor + margin + 1 - size;
	if (table->top + size > table->count)
		table->top = table->count > size ? table->count - size : 0;
	if (table->top == 0)
		table->newer_above = 0;
}

void table_update(struct table *table, const struct table_source *source, int page, int64_t now_ms)
{
	size_t line = table->cursor - table->top, was = table->cursor, at;
	bool had = table->cursor_uid != NULL, found;

	build_index(table, source);
	if (table->mark_count > 0)
		table_marks_prune(table, source);
	found = had && find_uid(table, source, table->cursor_uid, &at);
	if (found && (table->cursor_moved || at < was)) {
		if (at > was && table->top > 0)
			table->newer_above += at - was;
		table->cursor = at;
		table->top = at > line ? at - line : 0;
	} else if (found && at != was) {
		/* Nobody touched the list yet: it stays at its newest row. */
		found = false;
	}
	keep_in_view(table, page);
	if (had && !found && now_ms > 0)
		table->vanished_ms = now_ms;
	remember_cursor(table, source);
}

static void move_to(struct table *table, const struct table_source *source, size_t position,
		    int page)
{
	table->cursor = position;
	table->cursor_moved = true;
	table->vanished_ms = 0;
	keep_in_view(table, page);
	remember_cursor(table, source);
}

static size_t moved(const struct table *table, long step)
{
	size_t back = step < 0 ? (size_t)-step : 0;

	if (step < 0)
		return table->cursor > back ? table->cursor - back : 0;
	if (table->count == 0)
		return 0;
	return table->cursor + (size_t)step < table->count ? table->cursor + (size_t)step
							   : table->count - 1;
}

static void sort_next(struct table *table, const struct table_source *source)
{
	size_t i;

	for (i = 0; i < source->column_count; i++) {
		table->sort_column = (table->sort_column + 1) % source->column_count;
		if (!source->columns[table->sort_column].no_sort)
			break;
	}
	table->sort_down = source->columns[table->sort_column].sorted_down;
}

static bool sort_key(struct table *table, const struct table_source *source, enum action_id action,
		     int page)
{
	if (!source->compare || source->fixed)
		return false;
	if (action == ACT_SORT)
		sort_next(table, source);
	else
		table->sort_down = !table->sort_down;
	table->cursor_moved = true; /* the cursor goes with its object */
	table_update(table, source, page, 0);
	return true;
}

bool table_key(struct table *table, const struct table_source *source, enum action_id action,
	       int page)
{
	size_t position;

	switch (action) {
	case ACT_UP:
		position = moved(table, -1);
		break;
	case ACT_DOWN:
		position = moved(table, 1);
		break;
	case ACT_PAGE_UP:
		position = moved(table, page > 1 ? -(page - 1) : -1);
		break;
	case ACT_PAGE_DOWN:
		position = moved(table, page > 1 ? page - 1 : 1);
		break;
	case ACT_HALF_UP:
		position = moved(table, page > 2 ? -(page / 2) : -1);
		break;
	case ACT_HALF_DOWN:
		position = moved(table, page > 2 ? page / 2 : 1);
		break;
	case ACT_FIRST:
		position = 0;
		break;
	case ACT_LAST:
		position = table->count > 0 ? table->count - 1 : 0;
		break;
	case ACT_SORT:
	case ACT_SORT_BACK:
		return sort_key(table, source, action, page);
	default:
		return false;
	}
	move_to(table, source, position, page);
	if (action == ACT_FIRST)
		table->cursor_moved = false;
	return true;
}

bool table_find_problem(struct table *table, const struct table_source *source, int step, int page)
{
	size_t at = table->cursor;

	while (step > 0 ? at + 1 < table->count : at > 0) {
		at = step > 0 ? at + 1 : at - 1;
		if (mark_is_problem(source->mark(source->arg, table->index[at]))) {
			move_to(table, source, at, page);
			return true;
		}
	}
	return false;
}

bool table_current(const struct table *table, const struct table_source *source, int64_t now_ms,
		   size_t *ret_row)
{
	if (table->cursor >= table->count || table->index[table->cursor] >= source->count)
		return false;
	if (table->vanished_ms > 0 && now_ms - table->vanished_ms < GUARD_MS)
		return false;
	*ret_row = table->index[table->cursor];
	return true;
}

bool table_select(struct table *table, const struct table_source *source, const char *uid, int page)
{
	size_t position;

	if (!find_uid(table, source, uid, &position))
		return false;
	move_to(table, source, position, page);
	return true;
}

int table_page(int height)
{
	return height > 1 ? height - 1 : 0;
}
