#include "tui/draw/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static int char_width(utf8proc_int32_t c)
{
	if (c >= 0x20 && c < 0x7f)
		return 1;
	if (utf8proc_category(c) == UTF8PROC_CATEGORY_MN ||
	    utf8proc_category(c) == UTF8PROC_CATEGORY_ME)
		return 0;
	return utf8proc_charwidth(c);
}

/* A grapheme is looked for in so many bytes: nobody stacks more marks than that in good faith, and
 * a line of a megabyte is not measured again for each of its characters. */
#define GRAPHEME_BYTES 64

size_t text_grapheme(const char *text, int *ret_width)
{
	utf8proc_int32_t before, c, state = 0;
	utf8proc_ssize_t used;
	size_t len, at;

	if (!*text)
		return 0;
	if ((unsigned char)text[0] < 0x80 && (unsigned char)text[1] < 0x80) {
		*ret_width = 1;
		return 1;
	}
	len = strnlen(text, GRAPHEME_BYTES);
	used = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &before);
	if (used <= 0) {
		*ret_width = 1;
		return 1;
	}
	*ret_width = char_width(before);
	for (at = (size_t)used; at < len; at += (size_t)used, before = c) {
		used = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
					(utf8proc_ssize_t)(len - at), &c);
		if (used <= 0 || utf8proc_grapheme_break_stateful(before, c, &state))
			break;
		if (char_width(c) > *ret_width || c == 0xFE0F)
			*ret_width = c == 0xFE0F ? 2 : char_width(c);
	}
	if (*ret_width > 2)
		*ret_width = 2;
	return at;
}

int text_width(const char *text)
{
	int width = 0, cells = 0;
	size_t used;

	for (; (used = text_grapheme(text, &cells)) > 0; text += used)
		width += cells;
	return width;
}

size_t text_fit(const char *text, int width)
{
	size_t at = 0, used;
	int cells = 0;

	while ((used = text_grapheme(text + at, &cells)) > 0 && cells <= width) {
		width -= cells;
		at += used;
	}
	return at;
}

static const char *ellipsis(bool ascii)
{
	return ascii ? "~" : "\u2026";
}

void text_add_cut(struct strbuf *out, const char *text, int width, bool ascii)
{
	if (width <= 0)
		return;
	if (text_width(text) <= width) {
		strbuf_adds(out, text);
		return;
	}
	strbuf_add(out, text, text_fit(text, width - 1));
	strbuf_adds(out, ellipsis(ascii));
}

/* Where the last `width` cells of text begin. */
static const char *tail_of(const char *text, int width)
{
	int skip = text_width(text) - width, cells = 0;
	size_t used;

	while (skip > 0 && (used = text_grapheme(text, &cells)) > 0) {
		skip -= cells;
		text += used;
	}
	return text;
}

void text_add_middle(struct strbuf *out, const char *text, int width, bool ascii)
{
	const int tail = 6;

	if (text_width(text) <= width || width < tail + 4) {
		text_add_cut(out, text, width, ascii);
		return;
	}
	strbuf_add(out, text, text_fit(text, width - tail - 1));
	strbuf_adds(out, ellipsis(ascii));
	strbuf_adds(out, tail_of(text, tail));
}

size_t text_wrap(const char *text, int width, const char **ret_next)
{
	size_t fit = text_fit(text, width), at;
	const char *newline = memchr(text, '\n', fit);

	if (newline || text[fit] == '\n') {
		at = newline ? (size_t)(newline - text) : fit;
		*ret_next = text + at + 1;
		return at;
	}
	if (!text[fit]) {
		*ret_next = text + fit;
		return fit;
	}
	for (at = fit; at > 0 && text[at] != ' '; at--)
		;
	if (at == 0) { /* one word longer than the line: cut it */
		at = fit > 0 ? fit : 1;
		*ret_next = text + at;
		return at;
	}
	*ret_next = text + at + strspn(text + at, " ");
	return at;
}
