#include "backend/base/safetext.h"
#include "tui/draw/text.h"
#include "tui/widgets/pager_text.h"

#include <ctype.h>
#include <string.h>

#define TEXT_X 4
/* A line of megabytes is shown and wrapped up to here; its rest is one `w` away. */
#define SHOWN_BYTES 16384

const char *pager_text_find(const char *text, size_t len, const char *word)
{
	size_t word_len = strlen(word), at, i;
	int first = tolower((unsigned char)*word);

	if (word_len == 0 || word_len > len)
		return NULL;
	for (at = 0; at + word_len <= len; at++) {
		if (tolower((unsigned char)text[at]) != first)
			continue;
		for (i = 1; i < word_len; i++) {
			if (tolower((unsigned char)text[at + i]) != tolower((unsigned char)word[i]))
				break;
		}
		if (i == word_len)
			return text + at;
	}
	return NULL;
}

static void line_text(const struct pager_source *source, size_t line, struct strbuf *out)
{
	struct strbuf shown = STRBUF_INIT;
	const char *text;
	size_t len;

	if (source->show) {
		source->show(source->arg, line, &shown);
		text = shown.buf;
		len = shown.len;
	} else {
		text = source->raw(source->arg, line, &len);
	}
	safetext_add(out, text, len < SHOWN_BYTES ? len : SHOWN_BYTES, false);
	strbuf_done(&shown);
}

static enum role line_role(enum mark mark)
{
	return mark == MARK_BAD	      ? ROLE_LOG_ERROR
	       : mark == MARK_WARNING ? ROLE_LOG_WARNING
				      : ROLE_LOG_INFO;
}

static void draw_matches(struct view view, int y, const char *text, const char *word)
{
	const char *at = text;

	while ((at = pager_text_find(at, strlen(at), word))) {
		struct strbuf head = STRBUF_INIT;

		strbuf_add(&head, text, (size_t)(at - text));
		view_role(view_part(view, text_width(head.buf), y, text_width(word), 1),
			  ROLE_MATCH);
		strbuf_done(&head);
		at += strlen(word);
	}
}

/* Draws one line, in as many rows as it needs when wrapped; returns the rows used. */
static int draw_line(const struct pager *pager, struct view view, int y, enum role role,
		     const char *text)
{
	struct view part = view_part(view, TEXT_X, 0, view.w - TEXT_X - 1, view.h);
	const char *from = text;
	int cells, left = pager->left, rows;
	size_t used;

	if (pager->wrap) {
		rows = view_wrap(part, 0, y, part.h - y, role, text);
		return rows > 0 ? rows : 1;
	}
	while (left > 0 && (used = text_grapheme(from, &cells)) > 0) {
		from += used;
		left -= cells;
	}
	view_text(part, 0, y, role, from);
	if (pager->searched)
		draw_matches(part, y, from, pager->search.text);
	if (text_width(from) > part.w)
		view_glyph(view, view.w - 1, y, ROLE_DIM, GLYPH_PATH);
	return 1;
}

static int rows_of(const struct pager *pager, const struct pager_source *source, int width,
		   size_t position)
{
	struct strbuf text = STRBUF_INIT;
	const char *at;
	int rows = 0;

	line_text(source, pager_line(pager, position), &text);
	for (at = text.buf; *at; rows++)
		text_wrap(at, width, &at);
	strbuf_done(&text);
	return rows > 0 ? rows : 1;
}

/* Wrapped lines take more rows than a page counted: the first one shown is moved down until the
 * cursor's line is in view. */
static size_t first_shown(const struct pager *pager, const struct pager_source *source,
			  struct view view)
{
	size_t top = pager->cursor;
	int rows, left = view.h;

	if (!pager->wrap || pager->top >= pager->cursor)
		return pager->top;
	for (;; top--) {
		rows = rows_of(pager, source, view.w - TEXT_X - 1, top);
		if (rows > left && top < pager->cursor)
			return top + 1;
		left -= rows;
		if (top == pager->top)
			return top;
	}
}

void pager_draw(const struct pager *pager, const struct pager_source *source, struct view view)
{
	size_t position, count = pager_shown(pager, source);
	struct strbuf text = STRBUF_INIT;
	int y = 0;

	for (position = first_shown(pager, source, view); y < view.h && position < count;
	     position++) {
		size_t line = pager_line(pager, position);
		enum mark mark = pager_mark(source, line);
		int first = y;

		strbuf_reset(&text);
		line_text(source, line, &text);
		mark_draw(view, 2, y, mark);
		y += draw_line(pager, view, y, line_role(mark), text.buf);
		if (position == pager->cursor)
			view_glyph(view, 0, first, ROLE_KEY, GLYPH_CURSOR);
	}
	strbuf_done(&text);
}
