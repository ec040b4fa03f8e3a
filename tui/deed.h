/* What the app asks for outside of its cells: the clipboard of the terminal and files. The answer
 * goes to the message line. Main thread. */
#ifndef TUI_DEED_H
#define TUI_DEED_H

#include "tui/app/app.h"

void deed_copy(struct tui_app *app, const char *text, const struct app_time *time);
/* Mode 0600, never over an existing file; a relative path is made where kotsnap was started. */
void deed_write(struct tui_app *app, const struct app_task *task, const struct app_time *time);

#endif
