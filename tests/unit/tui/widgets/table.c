#include "tui/widgets/table.h"

#include "backend/base/mem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 8

/* Rows are numbers with names; what is there is a list of them. */
struct rows {
	int numbers[64];
	size_t count;
	int hidden; /* divisible by it: filtered away; 0 = none */
	char uids[64][8];
};

static const struct table_column columns[] = {
	{ .title = "NAME", .min = 6, .grow = 1, .middle = true },
	{ .title = "NUMBER", .min = 6, .align = ALIGN_RIGHT, .sorted_down = true },
	{ .title = "NOTE", .min = 10, .drop = 2 },
	{ .title = "MORE", .min = 10, .drop = 1, .no_sort = true },
};

static const char *uid(const void *arg, size_t row)
{
	return ((const struct rows *)arg)->uids[row];
}

static enum mark mark(const void *arg, size_t row)
{
	return ((const struct rows *)arg)->numbers[row] % 10 == 9 ? MARK_BAD : MARK_GOOD;
}

static void cell(const void *arg, size_t row, size_t column, struct strbuf *out, enum role *role)
{
	(void)role;
	if (column == 1)
		strbuf_addf(out, "%d", ((const struct rows *)arg)->numbers[row]);
	else
		strbuf_addf(out, "%s", uid(arg, row));
}

static bool keep(const void *arg, size_t row)
{
	const struct rows *rows = arg;

	return rows->hidden == 0 || rows->numbers[row] % rows->hidden != 0;
}

static int compare(const void *arg, size_t a, size_t b, size_t column)
{
	const struct rows *rows = arg;

	return column == 1 ? rows->numbers[a] - rows->numbers[b] : strcmp(uid(arg, a), uid(arg, b));
}

static bool missing(const void *arg, size_t row, size_t column)
{
	return column == 1 && ((const struct rows *)arg)->numbers[row] == 0;
}

static struct table_source source_of(const struct rows *rows)
{
	return (struct table_source){ .columns = columns,
				      .column_count = ARRAY_SIZE(columns),
				      .count = rows->count,
				      .arg = rows,
				      .uid = uid,
				      .mark = mark,
				      .cell = cell,
				      .keep = keep,
				      .compare = compare,
				      .missing = missing };
}

static void fill(struct rows *rows, int from, int to)
{
	int i;

	rows->count = 0;
	for (i = from; i <= to; i++) {
		snprintf(rows->uids[rows->count], 8, "u%02d", i);
		rows->numbers[rows->count++] = i;
	}
}

static struct rows rows;
static struct table table;

static void start(int from, int to)
{
	struct table_source source;

	fill(&rows, from, to);
	source = source_of(&rows);
	table_init(&table, &source);
	table_update(&table, &source, PAGE, 0);
}

static void update(int64_t now_ms)
{
	struct table_source source = source_of(&rows);

	table_update(&table, &source, PAGE, now_ms);
}

static bool press(enum action_id action)
{
	struct table_source source = source_of(&rows);

	return table_key(&table, &source, action, PAGE);
}

static const char *current(int64_t now_ms)
{
	struct table_source source = source_of(&rows);
	size_t row;

	return table_current(&table, &source, now_ms, &row) ? uid(&rows, row) : "";
}

static void finish(void)
{
	table_done(&table);
}

TestSuite(table, .fini = finish);

Test(table, moving_stops_at_both_ends)
{
	start(1, 30);
	press(ACT_UP);
	cr_assert(eq(str, (char *)current(0), "u01"));
	press(ACT_LAST);
	press(ACT_DOWN);
	press(ACT_PAGE_DOWN);
	cr_assert(eq(str, (char *)current(0), "u30"));
}

Test(table, three_lines_stay_around_the_cursor)
{
	int i;

	start(1, 30);
	for (i = 0; i < 12; i++)
		press(ACT_DOWN);
	cr_assert(eq(u64, table.cursor, 12));
	cr_assert(eq(u64, table.top + PAGE - 1 - table.cursor, 3));
	for (i = 0; i < 3; i++)
		press(ACT_UP);
	cr_assert(ge(u64, table.cursor - table.top, 3));
}

Test(table, a_page_is_a_page_less_one_line)
{
	start(1, 30);
	press(ACT_PAGE_DOWN);
	cr_assert(eq(u64, table.cursor, PAGE - 1));
}

Test(table, the_cursor_belongs_to_the_object_and_keeps_its_line)
{
	size_t line;

	start(10, 40);
	press(ACT_PAGE_DOWN);
	press(ACT_DOWN);
	line = table.cursor - table.top;
	cr_assert(eq(str, (char *)current(0), "u18"));
	fill(&rows, 5, 40); /* five more above */
	update(1000);
	cr_assert(eq(str, (char *)current(0), "u18"));
	cr_assert(eq(u64, table.cursor - table.top, line));
	cr_assert(eq(u64, table.newer_above, 5));
}

Test(table, an_untouched_list_stays_at_its_first_row)
{
	start(10, 40);
	fill(&rows, 9, 40);
	update(1000);
	cr_assert(eq(str, (char *)current(2000), "u09"));
}

Test(table, what_vanished_under_the_cursor_is_guarded_for_a_moment)
{
	start(10, 20);
	press(ACT_DOWN);
	fill(&rows, 12, 20); /* u11 went away */
	update(5000);
	cr_assert(eq(str, (char *)current(5299), ""));
	cr_assert(eq(str, (char *)current(5300), "u13"));
	press(ACT_DOWN); /* a person looked */
	cr_assert(eq(str, (char *)current(5001), "u14"));
}

Test(table, sorting_keeps_the_cursors_object_and_puts_missing_last_both_ways)
{
	start(0, 9);
	press(ACT_DOWN);
	press(ACT_SORT); /* NUMBER, largest first */
	cr_assert(eq(str, (char *)current(0), "u01"));
	cr_assert(eq(int, rows.numbers[table.index[0]], 9));
	cr_assert(eq(int, rows.numbers[table.index[9]], 0));
	press(ACT_SORT_BACK);
	cr_assert(eq(int, rows.numbers[table.index[0]], 1));
	cr_assert(eq(int, rows.numbers[table.index[9]], 0));
}

Test(table, columns_that_do_not_sort_are_passed_over)
{
	start(1, 9);
	press(ACT_SORT);
	press(ACT_SORT);
	press(ACT_SORT); /* NUMBER, NOTE, then over MORE back to NAME */
	cr_assert(eq(u64, table.sort_column, 0));
}

Test(table, problems_are_found_in_both_directions)
{
	struct table_source source;

	start(1, 30);
	source = source_of(&rows);
	cr_assert(table_find_problem(&table, &source, 1, PAGE));
	cr_assert(eq(str, (char *)current(0), "u09"));
	cr_assert(table_find_problem(&table, &source, 1, PAGE));
	cr_assert(eq(str, (char *)current(0), "u19"));
	cr_assert(table_find_problem(&table, &source, -1, PAGE));
	cr_assert(not(table_find_problem(&table, &source, -1, PAGE)));
	cr_assert(eq(str, (char *)current(0), "u09"));
}

Test(table, marks_belong_to_objects_and_go_with_them)
{
	struct table_source source;

	start(1, 9);
	source = source_of(&rows);
	table_mark(&table, &source, PAGE);
	table_mark(&table, &source, PAGE);
	cr_assert(eq(u64, table.mark_count, 2));
	fill(&rows, 2, 9);
	update(1000);
	cr_assert(eq(u64, table.mark_count, 1));
	cr_assert(table_is_marked(&table, "u02"));
}

Test(table, mark_all_takes_what_the_filter_shows_and_then_none)
{
	struct table_source source;

	start(1, 9);
	rows.hidden = 2;
	update(0);
	source = source_of(&rows);
	table_mark(&table, &source, PAGE);
	table_mark_all(&table, &source);
	cr_assert(eq(u64, table.mark_count, 5));
	cr_assert(not(table_is_marked(&table, "u02")));
	table_mark_all(&table, &source);
	cr_assert(eq(u64, table.mark_count, 0));
}

Test(table, an_empty_list_has_no_row_and_takes_all_keys)
{
	start(1, 0);
	press(ACT_DOWN);
	press(ACT_LAST);
	press(ACT_PAGE_UP);
	press(ACT_SORT);
	cr_assert(eq(str, (char *)current(0), ""));
}

/* The first lines of a table of that width. */
static char *drawn(int width, int line)
{
	struct table_source source = source_of(&rows);
	struct strbuf text = STRBUF_INIT;
	struct canvas canvas;
	int x;

	canvas_init(&canvas, width, 4, true);
	table_draw(&table, &source, view_of(&canvas), true);
	for (x = 0; x < width; x++)
		strbuf_adds(&text, canvas.cells[line * width + x].text);
	canvas_done(&canvas);
	while (text.len > 0 && text.buf[text.len - 1] == ' ')
		strbuf_cut(&text, text.len - 1);
	return strbuf_detach(&text);
}

Test(table, narrow_places_lose_columns_in_their_order)
{
	static const struct {
		int width;
		const char *titles;
	} rows_of[] = {
		{ 50, "    NAME ^          NUMBER NOTE       MORE" },
		{ 38, "    NAME ^         NUMBER NOTE" },
		{ 28, "    NAME ^          NUMBER" },
		{ 18, "    NAME ^ NUMBER" },
	};
	size_t i;

	start(1, 9);
	for (i = 0; i < ARRAY_SIZE(rows_of); i++) {
		char *line = drawn(rows_of[i].width, 0);

		cr_expect(eq(str, line, (char *)rows_of[i].titles), "width %d", rows_of[i].width);
		free(line);
	}
}

Test(table, the_row_under_the_cursor_is_marked_without_colour)
{
	char *line;

	start(9, 12);
	line = drawn(40, 1);
	cr_assert(eq(str, line, "> x u09         9 u09        u09"), "%s", line);
	free(line);
}
