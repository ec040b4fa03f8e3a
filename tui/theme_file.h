/* Finds and reads the theme a person asked for. */
#ifndef TUI_THEME_FILE_H
#define TUI_THEME_FILE_H

#include "tui/draw/theme.h"

/* name: NULL or "default" = the one compiled in; a path to a file; or the name of one of the
 * folders config/kotsnap/themes, the installed share/kotsnap/themes, and themes beside the build.
 */
enum status theme_file_load(const char *name, struct theme *ret_theme, struct error *err);

#endif
