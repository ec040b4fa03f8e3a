#include "tui/draw/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(text, widths_are_what_a_terminal_shows)
{
	static const struct {
		const char *text;
		int width;
	} rows[] = { { "", 0 },	    { "instance", 8 },	 { "é", 1 },   { "e\u0301", 1 },
		     { "中文", 4 }, { "\U0001F4A9", 2 }, { "✓ ▲", 3 }, { "a\u200Db", 2 } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect(eq(int, text_width(rows[i].text), rows[i].width));
}

Test(text, cutting_keeps_within_the_width)
{
	static const struct {
		const char *text;
		int width;
		const char *end, *middle;
	} rows[] = {
		{ "instance-x7k2p", 14, "instance-x7k2p", "instance-x7k2p" },
		{ "before-the-upgrade-to-3.8", 22, "before-the-upgrade-to…",
		  "before-the-upgr…to-3.8" },
		{ "before-the-upgrade-to-3.8", 10, "before-th…", "bef…to-3.8" },
		{ "before-the-upgrade-to-3.8", 5, "befo…", "befo…" },
		{ "abc", 0, "", "" },
		{ "中文中文", 4, "中…", "中…" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf end = STRBUF_INIT, middle = STRBUF_INIT;

		text_add_cut(&end, rows[i].text, rows[i].width, false);
		text_add_middle(&middle, rows[i].text, rows[i].width, false);
		cr_expect(eq(str, end.buf, (char *)rows[i].end));
		cr_expect(eq(str, middle.buf, (char *)rows[i].middle));
		cr_expect(le(int, text_width(end.buf), rows[i].width));
		strbuf_done(&end);
		strbuf_done(&middle);
	}
}

Test(text, wrapping_always_goes_on)
{
	const char *at = "中文 a", *next;
	int steps;

	for (steps = 0; *at && steps < 20; steps++, at = next)
		text_wrap(at, 1, &next); /* narrower than the first character */
	cr_assert(lt(int, steps, 20));
}
