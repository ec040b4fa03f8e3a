/* The bytes that turn one picture into the next: cursor moves, looks, text, "clear to the end of
 * the line", and for a list that moves by a line "delete line" and "insert line", which every
 * terminal since the VT102 knows. No margins, no scrolling by a count and no repeating, which many
 * that call themselves xterm do not know. Needs setupterm() before. */
#ifndef TUI_TERM_PAINT_H
#define TUI_TERM_PAINT_H

#include "tui/draw/canvas.h"
#include "tui/draw/theme.h"

/* How a role looks on this terminal: colours are indexes, COLOR_DEFAULT = none. */
struct look {
	int fg, bg;
	bool bold, dim, underline, reverse;
};

struct paint {
	struct strbuf out;	  /* what is to be sent */
	const struct look *looks; /* by role; borrowed */
	struct look look;	  /* the terminal's now */
	int x, y;		  /* where its cursor is; -1 unknown */
};

/* before NULL: the screen is cleared and everything drawn. */
void paint_canvas(struct paint *paint, const struct canvas *before, const struct canvas *canvas);

#endif
