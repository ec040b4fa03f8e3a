#include "tui/app/frame.h"
#include "tui/app/private.h"
#include "tui/screens/screens.h"

#include <stdio.h>
#include <string.h>

static bool too_small(const struct tui_app *app)
{
	return app->canvas.cols < FRAME_LEAST_COLS || app->canvas.rows < FRAME_LEAST_ROWS;
}

static bool something_runs(const struct tui_app *app)
{
	return (app->model->op_count > 0 && app->model->ops[0]->state == OP_RUNNING) ||
	       app->model->running;
}

const char *app_refusal(const struct tui_app *app, enum action_id action,
			const struct app_time *time)
{
	struct screen_context context = app_context(app, time);
	const struct stack *stack = &app->tabs[app->tab];
	const struct layer *top = &stack->layers[stack->count - 1];

	switch (action) {
	case ACT_OPERATION:
		return something_runs(app) ? NULL : "nothing runs";
	case ACT_TAKE:
	case ACT_RESTORE:
	case ACT_DELETE:
		if (!context.writable)
			return context.not_writable;
		break;
	default:
		break;
	}
	return top->ops->refusal ? top->ops->refusal(top->state, action, &context) : NULL;
}

/* In a field letters are text: what stays are the keys that lead out of it. */
static enum action_id meaning(const struct layer *top, struct key key)
{
	enum action_id action;

	if (!top->ops->takes_text || !top->ops->takes_text(top->state))
		return action_find(key, top->ops->id);
	if (key_is_text(key))
		return ACT_NONE;
	action = action_find(key, top->ops->id);
	switch (action) {
	case ACT_HELP:
	case ACT_OPEN:
	case ACT_BACK:
	case ACT_END:
	case ACT_SUSPEND:
	case ACT_REDRAW:
	case ACT_RETRY:
	case ACT_UP:
	case ACT_DOWN:
		return action;
	case ACT_PANE_NEXT:
	case ACT_PANE_PREV:
		return key.code == KEYCODE_TAB || key.code == KEYCODE_BACKTAB ? action : ACT_NONE;
	default:
		return ACT_NONE;
	}
}

static void ask_shell(struct tui_app *app, enum app_task_kind kind)
{
	struct app_task task = { .kind = kind };

	app_task(app, &task);
}

static void ask_session(struct tui_app *app, enum request_kind kind)
{
	struct app_task task = { .kind = TASK_REQUEST, .request = { .kind = kind } };

	app_task(app, &task);
}

static void go_back(struct tui_app *app, bool leave)
{
	if (app->tabs[app->tab].count > 1)
		app_close(app, app_top(app)->serial);
	else if (leave)
		ask_shell(app, TASK_QUIT);
}

/* Help closes with the key that opened it; it lists what the screen below can do. */
static void toggle(struct tui_app *app, enum screen_id id, const struct app_time *time)
{
	const struct layer *top = app_top(app);

	if (top->ops->id == id)
		app_close(app, top->serial);
	else
		app_open(app, id, top->ops->name, time);
}

static void open_running(struct tui_app *app, const struct app_time *time)
{
	if (app_top(app)->ops->id != SCREEN_OPERATION)
		app_open(app, SCREEN_OPERATION, "", time);
}

/* What every screen can do, when the screen itself had no use for the key. */
static void act(struct tui_app *app, enum action_id action, const struct app_time *time)
{
	switch (action) {
	case ACT_TAB_1:
	case ACT_TAB_2:
	case ACT_TAB_3:
	case ACT_TAB_4:
	case ACT_TAB_5:
	case ACT_TAB_6:
		app_go(app, (int)(action - ACT_TAB_1), time);
		break;
	case ACT_BACK:
		go_back(app, false);
		break;
	case ACT_LEAVE:
		go_back(app, true);
		break;
	case ACT_HELP:
		toggle(app, SCREEN_HELP, time);
		break;
	case ACT_MESSAGES:
		toggle(app, SCREEN_MESSAGES, time);
		break;
	case ACT_COMMANDS:
		toggle(app, SCREEN_COMMANDS, time);
		break;
	case ACT_OPERATION:
		open_running(app, time);
		break;
	case ACT_TAKE:
		app_open(app, SCREEN_TAKE, "", time);
		break;
	case ACT_ZONE:
		app->zone.utc = !app->zone.utc;
		break;
	case ACT_RETRY:
		ask_session(app, REQUEST_RETRY);
		app_say(app, MESSAGE_INFO, "Asking the cluster again.", time);
		break;
	case ACT_CHECK:
		ask_session(app, REQUEST_PROBE);
		app_say(app, MESSAGE_INFO, "Looking at the site again.", time);
		break;
	case ACT_COPY:
		app_say(app, MESSAGE_INFO, "Nothing to copy here.", time);
		break;
	default:
		break;
	}
}

/* Keys that no screen may keep for itself. */
static bool act_at_once(struct tui_app *app, struct key key)
{
	switch (action_find(key, app_top(app)->ops->id)) {
	case ACT_END:
		ask_shell(app, TASK_QUIT);
		return true;
	case ACT_SUSPEND:
		ask_shell(app, TASK_SUSPEND);
		return true;
	case ACT_REDRAW:
		ask_shell(app, TASK_REDRAW);
		return true;
	default:
		return false;
	}
}

static void say_refusal(struct tui_app *app, enum action_id action, const char *reason,
			const struct app_time *time)
{
	char text[sizeof(((struct notice *)0)->text)];
	const struct action *row = action_row(action);

	snprintf(text, sizeof(text), "%s: %s", *row->hint ? row->hint : row->name, reason);
	app_say(app, MESSAGE_WARNING, text, time);
}

static bool presses(struct key key)
{
	return key.code == KEYCODE_ENTER || key.code == ' ';
}

static void answer(struct tui_app *app, struct key key, const struct app_time *time)
{
	struct layer *top = app_top(app);
	struct screen_context context = app_context(app, time);
	struct effects effects = { .count = 0 };
	enum action_id action = meaning(top, key);
	uint64_t serial = top->serial;
	const char *reason;
	bool used;

	/* A key typed before a person could see what it presses. */
	if (top->ops->acts && presses(key) && !top->drawn && !key_is_text(key))
		return;
	reason = action == ACT_NONE ? NULL : app_refusal(app, action, time);
	if (reason) {
		say_refusal(app, action, reason, time);
		return;
	}
	used = top->ops->key && top->ops->key(top->state, key, action, &context, &effects);
	if (used && top->ops->acts && key.code == KEYCODE_ENTER)
		top->drawn = false;
	app_perform(app, serial, &effects, time);
	if (!used && action != ACT_NONE)
		act(app, action, time);
}

void app_take_key(struct tui_app *app, struct key key, const struct app_time *time)
{
	if (act_at_once(app, key))
		return;
	if (too_small(app)) {
		if (key.code == 'q')
			ask_shell(app, TASK_QUIT);
		return;
	}
	if (notices_key(&app->notices, key, time->now_ms))
		return;
	app->answering = true;
	answer(app, key, time);
	app->answering = false;
}
