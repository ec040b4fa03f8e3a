/* No snapshot is here: what has to be there before one of another cluster can be restored, each
 * found or not, for this kind of site (spec/console-screens.md 2.12, F-161, F-162). Pure. */
#ifndef TUI_SCREENS_NEW_SITE_H
#define TUI_SCREENS_NEW_SITE_H

#include "tui/screens/screen.h"

/* Draws from the first line of the view; nothing when the view is too low. */
void new_site_draw(struct view view, const struct screen_context *context);

#endif
