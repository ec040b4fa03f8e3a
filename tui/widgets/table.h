/* A list: columns that give way when it gets narrow, sorting, filtering, a cursor and marks that
 * belong to objects (by uid), never to lines. Rows stay where they are: the table keeps an index of
 * them, rebuilt only when told that something changed, so that a key costs what is on the screen
 * (design/screens.md 6). Pure.
 *
 * The owner gives a struct table_source with each call; it describes the rows of this moment. Call
 * table_update() whenever rows, filter or clock-dependent order changed, before drawing. Row
 * numbers in callbacks are those of the source (0 to count - 1); positions are those on the screen
 * (after filter and sort). */
#ifndef TUI_WIDGETS_TABLE_H
#define TUI_WIDGETS_TABLE_H

#include "tui/input/keymap.h"
#include "tui/widgets/mark.h"

enum align { ALIGN_LEFT, ALIGN_RIGHT };

struct table_column {
	const char *title;
	int min;  /* cells; the widths of titles count too */
	int grow; /* share of what is left over, 0 = stays at min */
	int drop; /* order in which a narrow terminal loses it: 1 first, 0 never */
	enum align align;
	bool sorted_down; /* when chosen for sorting: newest or largest first */
	bool no_sort;
	bool middle; /* cut in the middle: names */
};

struct table_source {
	const struct table_column *columns;
	size_t column_count;
	size_t count; /* rows before filtering */
	const void *arg;
	/* Identity of a row: unique, borrowed. */
	const char *(*uid)(const void *arg, size_t row);
	enum mark (*mark)(const void *arg, size_t row);
	/* Appends the text of a cell; *role is ROLE_TEXT before. */
	void (*cell)(const void *arg, size_t row, size_t column, struct strbuf *out,
		     enum role *role);
	bool (*keep)(const void *arg, size_t row); /* NULL = all */
	/* By one column, ascending, as strcmp(); may be NULL when nothing sorts. Equal rows keep
	 * the order of the source. */
	int (*compare)(const void *arg, size_t a, size_t b, size_t column);
	/* Rows without a value in a column come last in both directions; may be NULL. */
	bool (*missing)(const void *arg, size_t row, size_t column);
	/* The order the source is already in, so that no sort is needed: column and direction. */
	bool fixed; /* the order is that of compare() for column 0: no arrow, no sorting by keys */
	size_t natural_column;
	bool natural_down;
};

struct table {
	size_t *index; /* position to row */
	size_t count, capacity;
	size_t cursor, top; /* positions */
	char *cursor_uid;   /* owned; NULL before the first row was there */
	size_t sort_column;
	bool sort_down;
	char **marks; /* uids, sorted, owned */
	size_t mark_count, mark_capacity;
	bool cursor_moved;   /* a person moved it: new rows above no longer pull the page up */
	size_t newer_above;  /* rows that arrived above the page since it was last at the top */
	int64_t vanished_ms; /* monotonic time when the object under the cursor went away, 0 */
};

void table_init(struct table *table,
		const struct table_source *source); /* natural order, no cursor */
void table_done(struct table *table);
/* Rebuilds the index, finds the cursor's object again and keeps it on its screen line. page:
 * visible rows. now_ms: 0 when a person changed what is shown, so that nothing moved by itself. */
void table_update(struct table *table, const struct table_source *source, int page, int64_t now_ms);

/* Moving and sorting keys; page: visible rows. true when the key was for the table. */
bool table_key(struct table *table, const struct table_source *source, enum action_id action,
	       int page);
/* Next position in direction step (1, -1) whose mark is a problem; false when there is none. */
bool table_find_problem(struct table *table, const struct table_source *source, int step, int page);

/* Row of the source under the cursor; false when there is none, and within 300 ms after the object
 * under the cursor vanished: what a person then presses was meant for the other one. */
bool table_current(const struct table *table, const struct table_source *source, int64_t now_ms,
		   size_t *ret_row);
bool table_select(struct table *table, const struct table_source *source, const char *uid,
		  int page);
/* Marks or unmarks the row under the cursor and goes on to the next; marks all that the filter
 * shows, or none when all were marked. */
void table_mark(struct table *table, const struct table_source *source, int page);
void table_mark_all(struct table *table, const struct table_source *source);
bool table_is_marked(const struct table *table, const char *uid);
void table_clear_marks(struct table *table);

/* Titles on the first line, rows below. focused: the list has the focus. */
void table_draw(const struct table *table, const struct table_source *source, struct view view,
		bool focused);
/* Visible rows of a view of this height. */
int table_page(int height);

#endif
