/* A screen as cells: each has a grapheme and a role, never a colour. Pure.
 *
 * This is the gate for foreign text on its way to the terminal: every text drawn here passes
 * base/safetext first, so that no screen can forget it. Measure and cut with the functions below
 * (view_field(), view_wrap()), which do it in that order. */
#ifndef TUI_DRAW_CANVAS_H
#define TUI_DRAW_CANVAS_H

#include "backend/base/strbuf.h"
#include "tui/draw/glyph.h"
#include "tui/draw/role.h"

#include <stdbool.h>
#include <stdint.h>

struct cell {
	char text[14]; /* one grapheme, UTF-8, NUL-terminated; "" behind a wide one */
	uint8_t width; /* 1 or 2; 0 = the right half of the cell before */
	uint8_t role;  /* enum role */
};

struct canvas {
	struct cell *cells; /* rows * cols */
	int cols, rows;
	bool ascii;		/* glyphs and ellipsis in ASCII */
	int cursor_x, cursor_y; /* where the terminal's cursor stands; -1 = hidden */
};

void canvas_init(struct canvas *canvas, int cols, int rows, bool ascii);
void canvas_done(struct canvas *canvas);
void canvas_clear(struct canvas *canvas); /* blanks, role text */
bool canvas_cell_equal(const struct cell *a, const struct cell *b);

/* A part of a canvas to draw into; everything is clipped to it. By value. */
struct view {
	struct canvas *canvas;
	int x, y, w, h;
};

struct view view_of(struct canvas *canvas);
struct view view_part(struct view view, int x, int y, int w, int h); /* clipped to the view */

/* Draws at most to the right edge; returns the columns used. */
int view_text(struct view view, int x, int y, enum role role, const char *text);
int view_textf(struct view view, int x, int y, enum role role, const char *fmt, ...)
	PRINTF_LIKE(5, 6);
/* In `width` cells: cut with an ellipsis when longer, padded with nothing. right: flush right. */
void view_field(struct view view, int x, int y, int width, enum role role, const char *text);
void view_field_right(struct view view, int x, int y, int width, enum role role, const char *text);
int view_glyph(struct view view, int x, int y, enum role role, enum glyph glyph);
void view_fill(struct view view, enum role role); /* blanks */
void view_role(struct view view, enum role role); /* changes the role of what is there */
/* "── left ─────── right ──" over the whole width; role of the left text: heading or border. right
 * may be "". */
void view_rule(struct view view, int y, enum role role, const char *left, const char *right);
void view_vline(struct view view, int x); /* joints where it meets rules */
/* "[████░░░░]" of `width` cells in all; per mille done, -1 = unknown (empty bar). */
void view_bar(struct view view, int x, int y, int width, int per_mille);
/* Wraps text at blanks into `width` cells; draws at most `lines` lines from y; returns the lines
 * used. */
int view_wrap(struct view view, int x, int y, int lines, enum role role, const char *text);

#endif
