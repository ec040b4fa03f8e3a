/* Parts of the dialog that takes a snapshot: its state, what it would hold, and the names of what
 * it would not. For take*.c only. */
#ifndef TUI_SCREENS_TAKE_PARTS_H
#define TUI_SCREENS_TAKE_PARTS_H

#include "tui/screens/screen.h"
#include "tui/widgets/form.h"

struct take {
	struct form form;
	bool partial;
	char app[128];		       /* slug offered for a partial one */
	const struct preview *preview; /* counted; NULL while it is read */
	uint64_t ticket;	       /* of the preview asked for last, 0 none under way */
	struct error err;	       /* why there is no preview */
	int64_t looked_at;	       /* the console that the preview was asked with */
	bool listing;		       /* the names fill the page, from `top` on */
	size_t top;
};

/* The application meant by a partial one: the chosen, else the first; NULL when none is known. */
const struct app *take_app(const struct take *take, const struct model *model);

/* The place "What a snapshot will hold", from its rule on; returns the rows used. */
int take_holds_draw(struct view view, const struct take *take,
		    const struct screen_context *context);
/* Row of it that Enter opens, counted from its rule. */
#define TAKE_HOLDS_LIST 3

/* Rows of the list of names; 0 while nothing is known. */
size_t take_names_rows(const struct preview *preview);
void take_names_draw(struct view view, const struct take *take);

#endif
