/* The inside of struct tui_app: for the files of this folder only. */
#ifndef TUI_APP_PRIVATE_H
#define TUI_APP_PRIVATE_H

#include "tui/app/app.h"

#define TABS	     6
#define LAYERS_MOST  12
#define WAITING_MOST 64
#define TASKS_MOST   32

/* An open screen. Its serial outlives pointers: effects and tickets name it. */
struct layer {
	const struct screen_ops *ops;
	void *state;
	uint64_t serial;
	bool drawn; /* a person has seen it since it was opened or last pressed */
};

struct stack {
	struct layer layers[LAYERS_MOST];
	size_t count;
};

struct waiting {
	uint64_t ticket, layer;
	bool is_question; /* answered by a document or a plan: nobody waits when it is closed */
};

struct tui_app {
	struct stack tabs[TABS];
	int tab; /* 0 to 5 */
	const struct model *model;
	struct canvas canvas;
	struct clock_zone zone;
	struct notices notices;
	struct waiting waiting[WAITING_MOST]; /* a ring: the oldest is forgotten */
	size_t waiting_next;
	struct app_task tasks[TASKS_MOST];
	size_t task_first, task_count;
	uint64_t last_serial;
	bool offered;	/* an operation left unfinished was named once */
	bool answering; /* a key is being handled: messages are its answer */
};

struct screen_context app_context(const struct tui_app *app, const struct app_time *time);
struct layer *app_top(struct tui_app *app);
struct layer *app_layer(struct tui_app *app, uint64_t serial); /* NULL when it is closed */
int app_lit_tab(const struct tui_app *app);		       /* 1 to 6 */

/* Opens on the current tab, on top; at the most layers a message says so. */
void app_open(struct tui_app *app, enum screen_id id, const char *argument,
	      const struct app_time *time);
void app_close(struct tui_app *app, uint64_t serial);
void app_close_above(struct tui_app *app, size_t keep);			/* on the current tab */
void app_go(struct tui_app *app, int tab, const struct app_time *time); /* 0 to 5 */
void app_update_tab(struct tui_app *app, const struct app_time *time);

/* Performs what a screen wished for; layer: who wished. */
void app_perform(struct tui_app *app, uint64_t layer, const struct effects *effects,
		 const struct app_time *time);
void app_task(struct tui_app *app, const struct app_task *task); /* takes over its parts */

/* NULL when the action can act now, else the reason. */
const char *app_refusal(const struct tui_app *app, enum action_id action,
			const struct app_time *time);

#endif
