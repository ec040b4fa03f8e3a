/* The whole console in process, for the tests of this folder. */
#ifndef TESTS_UNIT_TUI_APP_DESK_H
#define TESTS_UNIT_TUI_APP_DESK_H

#include "tests/support/site.h"
#include "tui/app/app.h"

struct desk {
	struct model *model;
	struct tui_app *app;
	struct app_time time;
};

void desk_open(struct desk *desk, enum site_case which, int cols, int rows);
void desk_close(struct desk *desk);
/* "2 d Enter": each is followed by a frame, as when a person waits for it. */
void desk_press(struct desk *desk, const char *keys);
/* All at once, before anything is drawn. */
void desk_paste(struct desk *desk, const char *keys);
void desk_render(struct desk *desk, struct strbuf *out);
bool desk_shows(struct desk *desk, const char *text);
/* The next task of that kind; the others before it are dropped. */
bool desk_task(struct desk *desk, enum app_task_kind kind, struct app_task *ret_task);
void desk_compare(struct desk *desk, const char *name);

#endif
