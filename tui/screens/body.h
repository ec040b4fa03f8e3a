/* Places inside the body that several screens share: the list with its peek, and the split of wide
 * terminals. */
#ifndef TUI_SCREENS_BODY_H
#define TUI_SCREENS_BODY_H

#include "tui/screens/screen.h"
#include "tui/widgets/panes.h"

/* Rows that a peek of `lines` lines takes with its rule, 0 when the terminal is too low for one
 * (design/screens.md 2.2). */
int body_peek(struct view view, int lines);
/* The list: below the title rule, above the peek. */
struct view body_list(struct view view, int peek);
/* Draws the rule of the peek and gives the lines below it. */
struct view body_peek_draw(struct view view, int peek, const char *left, const char *right);

/* On wide terminals: draws row 0 anew, in two parts, the focused side's name in brackets, and gives
 * both sides (row 0 included). false: too narrow, nothing drawn. */
struct body_split {
	struct view left, right;
};
bool body_split(const struct screen_ops *ops, const void *state,
		const struct screen_context *context, const char *right_title,
		struct body_split *ret_split);
/* After both sides are drawn. */
void body_split_end(const struct screen_context *context);

#endif
