#include "backend/base/mem.h"
#include "tui/app/private.h"

#include <stdlib.h>
#include <string.h>

struct screen_context app_context(const struct tui_app *app, const struct app_time *time)
{
	static const char *const reasons[] = {
		[LINK_CONNECTING] = "not before the cluster has answered",
		[LINK_READING] = NULL,
		[LINK_LIVE] = NULL,
		[LINK_POLLING] = NULL,
		[LINK_LOST] = "not while the cluster does not answer",
		[LINK_REFUSED] = "not permitted by the cluster",
	};
	const struct link *link = &app->model->link;
	/* Screens draw into the canvas only during draw(), where the app is not const. */
	struct canvas *canvas = (struct canvas *)&app->canvas;
	struct screen_context context = { .model = app->model,
					  .now = time->now,
					  .now_ms = time->now_ms,
					  .zone = app->zone,
					  .messages = &app->notices.log };

	context.view = view_part(view_of(canvas), 0, 2, canvas->cols, canvas->rows - 4);
	context.not_writable = link->read_only ? "started with --read-only" : reasons[link->state];
	context.writable = !context.not_writable;
	return context;
}

struct layer *app_top(struct tui_app *app)
{
	struct stack *stack = &app->tabs[app->tab];

	return &stack->layers[stack->count - 1];
}

struct layer *app_layer(struct tui_app *app, uint64_t serial)
{
	for (int tab = 0; tab < TABS; tab++) {
		struct stack *stack = &app->tabs[tab];

		for (size_t i = 0; i < stack->count; i++)
			if (stack->layers[i].serial == serial)
				return &stack->layers[i];
	}
	return NULL;
}

int app_lit_tab(const struct tui_app *app)
{
	const struct stack *stack = &app->tabs[app->tab];

	for (size_t i = stack->count; i-- > 0;)
		if (stack->layers[i].ops->tab)
			return stack->layers[i].ops->tab;
	return app->tab + 1;
}

/* What it still asks for is not waited for any more: no download goes on for nobody. */
static void forget_questions(struct tui_app *app, uint64_t serial)
{
	for (size_t i = 0; i < WAITING_MOST; i++) {
		struct waiting *waiting = &app->waiting[i];
		struct app_task task = { .kind = TASK_REQUEST,
					 .request = { .kind = REQUEST_FORGET,
						      .ticket = waiting->ticket } };

		if (!waiting->is_question || waiting->layer != serial)
			continue;
		waiting->is_question = false;
		app_task(app, &task);
	}
}

static void layer_done(struct tui_app *app, struct layer *layer)
{
	forget_questions(app, layer->serial);
	if (layer->ops->close)
		layer->ops->close(layer->state);
	free(layer->state);
}

static void update_layer(struct tui_app *app, uint64_t serial, const struct app_time *time)
{
	struct screen_context context = app_context(app, time);
	struct layer *layer = app_layer(app, serial);
	struct effects effects = { .count = 0 };

	if (layer && layer->ops->update) {
		layer->ops->update(layer->state, &context, &effects);
		app_perform(app, serial, &effects, time);
	}
}

void app_open(struct tui_app *app, enum screen_id id, const char *argument,
	      const struct app_time *time)
{
	struct stack *stack = &app->tabs[app->tab];
	const struct screen_ops *ops = screen_find(id);
	struct screen_context context = app_context(app, time);
	struct effects effects = { .count = 0 };
	struct layer *layer;
	uint64_t serial;

	if (stack->count == LAYERS_MOST) {
		app_say(app, MESSAGE_WARNING, "too many screens on top of each other: Esc closes",
			time);
		return;
	}
	layer = &stack->layers[stack->count++];
	*layer = (struct layer){ .ops = ops, .serial = ++app->last_serial };
	layer->state = mem_alloc(ops->state_size ? ops->state_size : 1);
	serial = layer->serial;
	if (ops->open)
		ops->open(layer->state, argument, &context, &effects);
	app_perform(app, serial, &effects, time);
	update_layer(app, serial, time);
}

void app_close(struct tui_app *app, uint64_t serial)
{
	for (int tab = 0; tab < TABS; tab++) {
		struct stack *stack = &app->tabs[tab];

		/* The place itself is never closed: only what stands on it. */
		for (size_t i = 1; i < stack->count; i++) {
			if (stack->layers[i].serial != serial)
				continue;
			layer_done(app, &stack->layers[i]);
			stack->count--;
			memmove(&stack->layers[i], &stack->layers[i + 1],
				(stack->count - i) * sizeof(stack->layers[0]));
			return;
		}
	}
}

void app_close_above(struct tui_app *app, size_t keep)
{
	struct stack *stack = &app->tabs[app->tab];

	while (stack->count > keep)
		layer_done(app, &stack->layers[--stack->count]);
}

/* Where a tab is come back to, what belongs to another place is gone. */
static void close_strangers(struct tui_app *app)
{
	struct stack *stack = &app->tabs[app->tab];

	while (stack->count > 1 && app_lit_tab(app) != app->tab + 1)
		layer_done(app, &stack->layers[--stack->count]);
}

void app_go(struct tui_app *app, int tab, const struct app_time *time)
{
	bool same = app->tab == tab;

	app->tab = tab;
	if (app->tabs[tab].count == 0) {
		app_open(app, (enum screen_id)tab, "", time);
		return;
	}
	if (same)
		app_close_above(app, 1);
	else
		close_strangers(app);
	app_update_tab(app, time);
}

void app_update_tab(struct tui_app *app, const struct app_time *time)
{
	const struct stack *stack = &app->tabs[app->tab];
	uint64_t serials[LAYERS_MOST];
	size_t count = stack->count;

	/* An update may close or open layers: serials stay true. */
	for (size_t i = 0; i < count; i++)
		serials[i] = stack->layers[i].serial;
	for (size_t i = 0; i < count; i++)
		update_layer(app, serials[i], time);
}
