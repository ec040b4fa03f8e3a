/* Texts on a screen: widths and graphemes (utf8proc; our own decisions, never wcwidth), cutting,
 * wrapping. Pure. */
#ifndef TUI_DRAW_TEXT_H
#define TUI_DRAW_TEXT_H

#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

/* The grapheme at text: its bytes (0 at the end) and its cells (0, 1 or 2). */
size_t text_grapheme(const char *text, int *ret_width);
int text_width(const char *text);
/* Bytes of the longest beginning that fits into width cells. */
size_t text_fit(const char *text, int width);

/* Cut at the end with an ellipsis, or in the middle so that the last six characters stay. ascii:
 * "~" instead of "…". */
void text_add_cut(struct strbuf *out, const char *text, int width, bool ascii);
void text_add_middle(struct strbuf *out, const char *text, int width, bool ascii);

/* Length in bytes of the first line of text when wrapped at blanks into width cells; *ret_next is
 * where the next begins. */
size_t text_wrap(const char *text, int width, const char **ret_next);

#endif
