/* Panes and steps named on one line, "[Summary] Volumes 7  Log", and the split of wide terminals
 * (design/screens.md 2.2). Pure. */
#ifndef TUI_WIDGETS_PANES_H
#define TUI_WIDGETS_PANES_H

#include "tui/draw/canvas.h"

struct pane {
	const char *name;
	int64_t count; /* shown behind the name; -1 = none */
};

/* The current one in brackets; the blanks on both sides of a name are kept for them, so that
 * nothing shifts. */
void panes_draw(struct view view, int y, const struct pane *panes, size_t count, size_t current);
/* current moved by step, going round. */
size_t panes_move(size_t count, size_t current, int step);

#define SPLIT_COLUMNS 120
/* From 120 columns on: the left 80 columns, whose last one is for the line, and the rest. false:
 * too narrow, *ret_left is the whole view. draw_line draws it. */
bool split_view(struct view view, struct view *ret_left, struct view *ret_right);
/* The line with its joints: after both sides drew their rules. */
void split_draw_line(struct view view);

#endif
