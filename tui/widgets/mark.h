/* States as a mark in column 3 with its role (design/screens.md 2.4), and the lines that begin with
 * one. Pure. */
#ifndef TUI_WIDGETS_MARK_H
#define TUI_WIDGETS_MARK_H

#include "tui/draw/canvas.h"

/* The first seven are in the order of enum health of velero/phase.h, so that a cast is enough. */
enum mark {
	MARK_GOOD,
	MARK_OFF,
	MARK_RUNNING,
	MARK_GONE,
	MARK_UNKNOWN,
	MARK_WARNING,
	MARK_BAD,
	MARK_NOT_READ, /* "…": asked for, not read yet */
	MARK_NONE,     /* a blank */
	MARKS
};

enum glyph mark_glyph(enum mark mark); /* not for MARK_NONE */
enum role mark_role(enum mark mark);
void mark_draw(struct view view, int x, int y, enum mark mark);
/* Warning or worse: what ] goes to. */
bool mark_is_problem(enum mark mark);

/* "  ✓ text": mark at 2, text at 4, in the role of the mark when it is a problem. The text is cut
 * at the last column but one. */
void mark_line(struct view view, int y, enum mark mark, const char *text);
/* As mark_line() but wrapped over at most `lines` lines; returns the lines used. */
int mark_wrap(struct view view, int y, int lines, enum mark mark, const char *text);
/* "  ✓ label        value        right": value at column `value_x`, right at `right_x` (0 = none).
 */
struct mark_fact {
	enum mark mark;
	const char *label, *value, *right;
	int value_x, right_x;
};
void mark_fact_draw(struct view view, int y, const struct mark_fact *fact);

/* The cursor of a list in column 0 and the reverse beginning of its line, to the end of the name,
 * at most MARK_CURSOR_CELLS: turning whole lines over costs a slow link twice the bytes for each
 * cursor key (design/screens.md 6). focused = the list has the focus. */
#define MARK_CURSOR_CELLS 26
void mark_cursor(struct view view, int y, bool focused);

#endif
