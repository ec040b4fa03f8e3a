#include "tui/widgets/pager.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 5

static const char *const lines[] = {
	"level=info one",  "level=info two",	   "level=warning three", "level=info four Hook",
	"level=info five", "level=error six hook", "level=info seven",	  "level=info eight hook",
};

static const char *raw(const void *arg, size_t line, size_t *ret_len)
{
	(void)arg;
	*ret_len = strlen(lines[line]);
	return lines[line];
}

static enum mark mark(const void *arg, size_t line)
{
	(void)arg;
	return strstr(lines[line], "error")	? MARK_BAD
	       : strstr(lines[line], "warning") ? MARK_WARNING
						: MARK_NONE;
}

static struct pager_source source = { .count = ARRAY_SIZE(lines), .raw = raw, .mark = mark };
static struct pager pager;

static void press(int32_t code, enum action_id action)
{
	cr_assert(pager_key(&pager, &source, (struct key){ code }, action, PAGE));
}

static size_t at(void)
{
	size_t line = SIZE_MAX;

	(void)pager_current(&pager, &source, &line);
	return line;
}

static void finish(void)
{
	pager_done(&pager);
}

TestSuite(pager, .fini = finish);

static void type(const char *text)
{
	press('/', ACT_FILTER);
	for (; *text; text++)
		press(*text, ACT_NONE);
	press(KEYCODE_ENTER, ACT_OPEN);
}

Test(pager, it_opens_at_the_first_error_else_warning_else_top)
{
	struct pager_problems problems;

	pager_first_problem(&pager, &source, PAGE, &problems);
	cr_assert(eq(u64, at(), 5));
	cr_assert(problems.errors > 0 && problems.warnings > 0);
	source.count = 5;
	pager_first_problem(&pager, &source, PAGE, &problems);
	cr_assert(eq(u64, at(), 2));
	source.count = 2;
	pager_first_problem(&pager, &source, PAGE, &problems);
	cr_assert(eq(u64, problems.errors + problems.warnings, 0));
	cr_assert(eq(u64, at(), 0));
}

Test(pager, search_ignores_case_goes_on_and_counts)
{
	size_t match, count;

	type("HOOK");
	cr_assert(eq(u64, at(), 3));
	press('n', ACT_MATCH_NEXT);
	cr_assert(eq(u64, at(), 5));
	press('N', ACT_MATCH_PREV);
	cr_assert(eq(u64, at(), 3));
	pager_count_matches(&pager, &source, &match, &count);
	cr_assert(eq(u64, match, 1));
	cr_assert(eq(u64, count, 3));
}

Test(pager, search_from_below_finds_what_is_above)
{
	press('G', ACT_LAST);
	type("two");
	cr_assert(eq(u64, at(), 1));
}

Test(pager, what_is_not_there_is_said_and_nothing_moves)
{
	struct strbuf note = STRBUF_INIT;

	press('j', ACT_DOWN);
	type("nowhere");
	cr_assert(eq(u64, at(), 1));
	cr_assert(pager_note(&pager, false, &note));
	cr_assert(eq(str, note.buf, "\"nowhere\" is not in these lines"));
	strbuf_done(&note);
}

Test(pager, the_filter_shows_problems_and_keeps_the_place)
{
	press('j', ACT_DOWN);
	press('f', ACT_SHOW);
	cr_assert(eq(u64, pager_shown(&pager, &source), 2));
	cr_assert(eq(u64, at(), 2));
	press('f', ACT_SHOW);
	cr_assert(eq(u64, pager_shown(&pager, &source), 1));
	press('f', ACT_SHOW);
	cr_assert(eq(u64, pager_shown(&pager, &source), 8));
}

Test(pager, a_filter_that_leaves_nothing_is_survived)
{
	source.count = 2;
	press('f', ACT_SHOW);
	cr_assert(eq(u64, pager_shown(&pager, &source), 0));
	press('j', ACT_DOWN);
	press('G', ACT_LAST);
	cr_assert(eq(u64, at(), SIZE_MAX));
}

Test(pager, following_stays_at_the_end_until_a_person_goes_up)
{
	source.count = 4;
	pager_update(&pager, &source, PAGE);
	press('F', ACT_FOLLOW);
	source.count = 6;
	pager_update(&pager, &source, PAGE);
	cr_assert(eq(u64, at(), 5));
	press('k', ACT_UP);
	source.count = 8;
	pager_update(&pager, &source, PAGE);
	cr_assert(eq(u64, at(), 4));
}

Test(pager, long_lines_are_cut_scrolled_and_wrapped)
{
	struct canvas canvas;

	canvas_init(&canvas, 16, 4, true);
	pager_draw(&pager, &source, view_of(&canvas));
	cr_assert(eq(str, canvas.cells[15].text, ">"));
	press(KEYCODE_RIGHT, ACT_PANE_NEXT);
	canvas_clear(&canvas);
	pager_draw(&pager, &source, view_of(&canvas));
	cr_assert(eq(str, canvas.cells[4].text, "f")); /* "fo one" */
	press('W', ACT_WRAP);
	canvas_clear(&canvas);
	pager_draw(&pager, &source, view_of(&canvas));
	cr_assert(eq(str, canvas.cells[16 + 4].text, "o")); /* "one" on the second row */
	canvas_done(&canvas);
}

Test(pager, a_wrapped_line_under_the_cursor_is_in_view)
{
	struct canvas canvas;
	bool seen = false;
	int y;

	pager.wrap = true;
	press('G', ACT_LAST);
	canvas_init(&canvas, 16, 5, true);
	pager_draw(&pager, &source, view_of(&canvas));
	for (y = 0; y < 5; y++)
		seen = seen || canvas.cells[y * 16].text[0] == '>';
	cr_assert(seen);
	canvas_done(&canvas);
}
