/* The gate for foreign text: what passes can do nothing to a terminal. */
#include "backend/base/safetext.h"

#include "backend/base/mem.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(bytes) bytes, sizeof(bytes) - 1

static const struct {
	const char *text;
	size_t len;
	const char *want;
} shown[] = {
	{ TEXT(""), "" },
	{ TEXT("plain text, 100 %"), "plain text, 100 %" },
	{ TEXT("K\xc3\xb6ln \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x80"),
	  "K\xc3\xb6ln \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x80" },
	/* C0, DEL, NUL */
	{ TEXT("\x1b[2J\x1b]0;title\x07"), "^[[2J^[]0;title^G" },
	{ TEXT("a\rb\bc\x7f"), "a^Mb^Hc^?" },
	{ TEXT("a\0b"), "a^@b" },
	{ TEXT("a\nb\tc"), "a b c" },
	/* C1: CSI, OSC, NEL as single bytes and as UTF-8 */
	{ TEXT("\x9b"
	       "2J"),
	  "\\x9b2J" },
	{ TEXT("\xc2\x9b"
	       "2J"),
	  "\\u009b2J" },
	{ TEXT("\xc2\x9d\xc2\x85\xc2\x80\xc2\x9f"), "\\u009d\\u0085\\u0080\\u009f" },
	/* what turns, hides or separates */
	{ TEXT("a\xe2\x80\xae"
	       "b"),
	  "a\\u202eb" },
	{ TEXT("\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\x8e\xd8\x9c"),
	  "\\u202a\\u2066\\u2069\\u200e\\u061c" },
	{ TEXT("a\xe2\x80\x8b"
	       "b\xe2\x81\xa0\xef\xbb\xbf\xc2\xad"),
	  "a\\u200bb\\u2060\\ufeff\\u00ad" },
	{ TEXT("\xe2\x80\xa8\xe2\x80\xa9"), "\\u2028\\u2029" },
	{ TEXT("\xe3\x85\xa4\xef\xbe\xa0\xcd\x8f"), "\\u3164\\uffa0\\u034f" },
	{ TEXT("\xf3\xa0\x80\x81"), "\\U000e0001" },
	{ TEXT("\xee\x80\x80\xef\xbf\xbe"), "\\ue000\\ufffe" },
	/* inside of emoji these are meant */
	{ TEXT("\xe2\x9d\xa4\xef\xb8\x8f"), "\xe2\x9d\xa4\xef\xb8\x8f" },
	/* broken: lone, cut short, overlong, surrogate, above the end */
	{ TEXT("\x80\xff"), "\\x80\\xff" },
	{ TEXT("\xe2\x82"), "\\xe2\\x82" },
	{ TEXT("\xc3("), "\\xc3(" },
	{ TEXT("\xc0\xaf\xc1\x9b"), "\\xc0\\xaf\\xc1\\x9b" },
	{ TEXT("\xe0\x80\x9b"), "\\xe0\\x80\\x9b" },
	{ TEXT("\xf0\x80\x80\x9b"), "\\xf0\\x80\\x80\\x9b" },
	{ TEXT("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
	{ TEXT("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
	{ TEXT("\xf8\x88\x80\x80\x80"), "\\xf8\\x88\\x80\\x80\\x80" },
};

Test(safetext, whatever_a_terminal_would_act_on_is_shown)
{
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++) {
		struct strbuf out = STRBUF_INIT;
		bool same;

		safetext_add(&out, shown[i].text, shown[i].len, false);
		cr_expect_str_eq(out.buf, shown[i].want, "row %zu: %s", i, out.buf);
		same = out.len == shown[i].len && !memcmp(out.buf, shown[i].text, out.len);
		cr_expect_eq(safetext_is_safe(shown[i].text, shown[i].len), same, "row %zu", i);
		strbuf_done(&out);
	}
}

Test(safetext, lines_stay_where_they_are_wanted_and_only_there)
{
	struct strbuf out = STRBUF_INIT;

	safetext_add(&out, TEXT("a\tb\r\n\x1b[0m\n"), true);
	cr_assert_str_eq(out.buf, "a        b^M\n^[[0m\n");
	strbuf_done(&out);
}

/* Every text of one or two bytes, and every byte behind the beginnings of longer characters. */
static void check_fixed_point(const char *text, size_t len)
{
	for (int keep = 0; keep < 2; keep++) {
		struct strbuf once = STRBUF_INIT, twice = STRBUF_INIT;

		safetext_add(&once, text, len, keep);
		safetext_add(&twice, once.buf, once.len, keep);
		cr_assert_eq(once.len, twice.len);
		cr_assert_eq(memcmp(once.buf, twice.buf, once.len), 0, "%s", once.buf);
		cr_assert(keep || safetext_is_safe(once.buf, once.len), "%s", once.buf);
		for (size_t i = 0; i < once.len; i++)
			cr_assert((unsigned char)once.buf[i] >= 0x20 ||
				  (keep && once.buf[i] == '\n'));
		strbuf_done(&once);
		strbuf_done(&twice);
	}
}

Test(safetext, what_came_out_passes_unchanged)
{
	static const char *const before[] = { "",	  "\xe2\x80", "\xf0\x9f\x9a",
					      "\xed\xa0", "\xc2",     "x\xef\xbb" };

	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		for (unsigned pair = 0; pair < 0x10000; pair += i ? 251 : 1) {
			char text[8];
			size_t len = strlen(before[i]);

			memcpy(text, before[i], len);
			text[len++] = (char)(pair >> 8);
			text[len++] = (char)pair;
			check_fixed_point(text, len);
		}
	}
}

Test(safetext, a_character_cut_off_by_the_length_is_never_read_on)
{
	char *cut = mem_text_n("\xf0\x9f\x9a", 3), *exact = malloc(3);
	struct strbuf out = STRBUF_INIT;

	memcpy(exact, cut, 3); /* no NUL behind it: the sanitizer watches */
	safetext_add(&out, exact, 3, false);
	cr_assert_str_eq(out.buf, "\\xf0\\x9f\\x9a");
	free(exact);
	free(cut);
	strbuf_done(&out);
}

Test(safetext, a_huge_text_passes_whole)
{
	const size_t len = 8 << 20;
	char *text = mem_alloc(len + 1);
	struct strbuf out = STRBUF_INIT;

	memset(text, 'a', len);
	text[len - 1] = '\x1b';
	cr_assert(safetext_is_safe(text, len - 1));
	safetext_add(&out, text, len, false);
	cr_assert_eq(out.len, len + 1);
	cr_assert(text_ends(out.buf, "aa^["));
	strbuf_done(&out);
	free(text);
}
