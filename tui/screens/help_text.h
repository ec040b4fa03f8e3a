/* The texts of help, as panes of plain lines. Pure. */
#ifndef TUI_SCREENS_HELP_TEXT_H
#define TUI_SCREENS_HELP_TEXT_H

#include "tui/screens/screen.h"

enum help_pane {
	HELP_KEYS,
	HELP_MARKS,
	HELP_WORDS,
	HELP_RESTORES,
	HELP_LIMITS,
	HELP_ABOUT,
	HELP_PANES
};

const char *help_pane_name(enum help_pane pane);
/* about: the screen help was asked from, whose keys come first. */
void help_add_pane(struct strbuf *out, enum help_pane pane, enum screen_id about, bool ascii);

#endif
