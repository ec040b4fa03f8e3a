#include "tui/draw/canvas.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct canvas canvas;

static void start(int cols, int rows, bool ascii)
{
	canvas_init(&canvas, cols, rows, ascii);
}

static void finish(void)
{
	canvas_done(&canvas);
}

TestSuite(canvas, .fini = finish);

/* Line y, blanks at its end cut off; owned by the caller. */
static char *line(int y)
{
	struct strbuf text = STRBUF_INIT;
	int x;

	for (x = 0; x < canvas.cols; x++)
		strbuf_adds(&text, canvas.cells[y * canvas.cols + x].text);
	while (text.len > 0 && text.buf[text.len - 1] == ' ')
		strbuf_cut(&text, text.len - 1);
	return strbuf_detach(&text);
}

static void expect_line(int y, const char *want)
{
	char *got = line(y);

	cr_expect(eq(str, got, (char *)want));
	free(got);
}

Test(canvas, foreign_text_passes_the_gate_whichever_way_it_is_drawn)
{
	start(40, 6, false);
	view_text(view_of(&canvas), 0, 0, ROLE_TEXT, "a\x1b[2Jb");
	view_field(view_of(&canvas), 0, 1, 6, ROLE_TEXT, "a\x1b[2Jb");
	view_field_right(view_of(&canvas), 0, 2, 10, ROLE_TEXT, "a\ab");
	view_wrap(view_of(&canvas), 0, 3, 1, ROLE_TEXT, "\u202eabc");
	view_rule(view_of(&canvas), 4, ROLE_HEADING, "a\rb", "c\td");
	view_textf(view_of(&canvas), 0, 5, ROLE_TEXT, "%s", "\xff!");
	expect_line(0, "a^[[2Jb");
	expect_line(1, "a^[[2…");
	expect_line(2, "      a^Gb");
	expect_line(3, "\\u202eabc");
	expect_line(4, "── a^Mb ───────────────────────── c d ──");
	expect_line(5, "\\xff!");
}

Test(canvas, nothing_is_drawn_outside_its_view)
{
	struct view view;

	start(10, 3, false);
	view = view_part(view_of(&canvas), 2, 1, 4, 1);
	view_text(view, -1, 0, ROLE_TEXT, "abcdefgh");
	view_text(view, 0, 1, ROLE_TEXT, "below");
	view_text(view, 0, -1, ROLE_TEXT, "above");
	expect_line(0, "");
	expect_line(1, "  bcde");
	expect_line(2, "");
}

Test(canvas, a_wide_grapheme_is_drawn_whole_or_not_at_all)
{
	start(5, 2, false);
	view_text(view_of(&canvas), 0, 0, ROLE_TEXT, "abcd\u4e2d");
	view_text(view_of(&canvas), 0, 1, ROLE_TEXT, "\u4e2d\u6587");
	view_text(view_of(&canvas), 1, 1, ROLE_TEXT, "x"); /* over the right half of the first */
	expect_line(0, "abcd");
	cr_assert(eq(str, canvas.cells[5].text, " "));
	cr_assert(eq(str, canvas.cells[6].text, "x"));
}

Test(canvas, a_pile_of_combining_marks_stays_in_its_cell)
{
	char pile[64] = "a";
	int i;

	for (i = 0; i < 20; i++)
		memcpy(pile + 1 + i * 2, "\u0301", 3);
	start(4, 1, false);
	view_text(view_of(&canvas), 0, 0, ROLE_TEXT, pile);
	cr_assert(eq(int, canvas.cells[0].width, 1));
	cr_assert(lt(u64, strlen(canvas.cells[0].text), sizeof(canvas.cells[0].text)));
}

Test(canvas, ascii_reduces_what_is_not_ascii)
{
	start(20, 2, true);
	view_text(view_of(&canvas), 0, 0, ROLE_TEXT, "✓ a › b … ─ ü");
	view_field(view_of(&canvas), 0, 1, 4, ROLE_TEXT, "instance");
	expect_line(0, "+ a > b ~ - ?");
	expect_line(1, "ins~");
}

Test(canvas, the_left_text_of_a_rule_gives_way_to_the_right)
{
	start(30, 2, false);
	view_rule(view_of(&canvas), 0, ROLE_HEADING, "Snapshots › instance-m4h8t", "24 h ago");
	view_rule(view_of(&canvas), 1, ROLE_HEADING, "", "");
	expect_line(0, "── Snapshots … ─── 24 h ago ──");
	expect_line(1, "──────────────────────────────");
}

Test(canvas, a_line_joins_the_rules_it_meets)
{
	start(7, 5, false);
	view_rule(view_of(&canvas), 0, ROLE_HEADING, "", "");
	view_rule(view_part(view_of(&canvas), 0, 0, 3, 5), 2, ROLE_HEADING, "", "");
	view_rule(view_part(view_of(&canvas), 4, 0, 3, 5), 3, ROLE_HEADING, "", "");
	view_vline(view_of(&canvas), 3);
	expect_line(0, "───┬───");
	expect_line(1, "   │");
	expect_line(2, "───┤");
	expect_line(3, "   ├───");
}

Test(canvas, a_bar_is_full_only_at_the_end)
{
	static const struct {
		int per_mille;
		const char *text;
	} rows[] = { { -1, "[....]" },
		     { 0, "[....]" },
		     { 999, "[###.]" },
		     { 1000, "[####]" },
		     { 4000, "[####]" } };
	size_t i;

	start(6, 1, true);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		canvas_clear(&canvas);
		view_bar(view_of(&canvas), 0, 0, 6, rows[i].per_mille);
		expect_line(0, rows[i].text);
	}
}

Test(canvas, text_wraps_at_blanks_and_in_long_words)
{
	start(9, 4, false);
	cr_assert(eq(int,
		     view_wrap(view_of(&canvas), 0, 0, 4, ROLE_TEXT, "not ready yet\nabcdefghijkl"),
		     4));
	expect_line(0, "not ready");
	expect_line(1, "yet");
	expect_line(2, "abcdefghi");
	expect_line(3, "jkl");
}
