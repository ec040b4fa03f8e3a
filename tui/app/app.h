/* The console as a value: six tabs, screens stacked on them, the message line, and what the shell
 * shall do. Model, keys, events and the time go in; cells and tasks come out. It reads no clock,
 * file or environment and sends nothing. UI thread. */
#ifndef TUI_APP_APP_H
#define TUI_APP_APP_H

#include "tui/app/notices.h"

struct tui_app;

struct app_options {
	int cols, rows;
	bool ascii, quiet_ages;
	struct clock_zone zone;
};

struct tui_app *app_new(const struct app_options *options, const struct model *model,
			const struct app_time *time);
void app_free(struct tui_app *app);

void app_resize(struct tui_app *app, int cols, int rows);
void app_take_model(struct tui_app *app, const struct model *model, const struct app_time *time);
void app_take_event(struct tui_app *app, const struct event *event, const struct app_time *time);
void app_take_key(struct tui_app *app, struct key key, const struct app_time *time);
/* What the shell found out: a file was written, or could not be. */
void app_say(struct tui_app *app, enum message_level level, const char *text,
	     const struct app_time *time);

/* Draws everything; the canvas belongs to the app, valid until the next app_draw() or
 * app_resize(). */
const struct canvas *app_draw(struct tui_app *app, const struct app_time *time);

/* What the shell shall do, in order. */
enum app_task_kind {
	TASK_REQUEST, /* hand request to the session, then app_gave_ticket() */
	TASK_COPY,
	TASK_WRITE,
	TASK_SUSPEND,
	TASK_REDRAW,
	TASK_QUIT,
};
struct app_task {
	enum app_task_kind kind;
	struct request request;
	uint64_t layer;			 /* whose request it is */
	char *text;			 /* owned by the task */
	const struct document *document; /* counted */
};
/* false when there is none. app_task_done() it. */
bool app_next_task(struct tui_app *app, struct app_task *ret_task);
void app_task_done(struct app_task *task);
void app_gave_ticket(struct tui_app *app, const struct app_task *task, uint64_t ticket);

/* Two lines for the normal screen about what goes on without this terminal; nothing when nothing
 * does. */
void app_add_farewell(const struct tui_app *app, struct strbuf *out);

/* Nothing on the screen counts seconds: the link is live, nothing runs, no message waits to go. */
bool app_is_calm(const struct tui_app *app);

#endif
