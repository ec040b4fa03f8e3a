#include "backend/base/mem.h"
#include "tui/app/private.h"

#include <stdio.h>
#include <stdlib.h>

void app_task(struct tui_app *app, const struct app_task *task)
{
	struct app_task dropped = *task;

	if (app->task_count == TASKS_MOST) {
		app_task_done(&dropped);
		return;
	}
	app->tasks[(app->task_first + app->task_count++) % TASKS_MOST] = *task;
}

bool app_next_task(struct tui_app *app, struct app_task *ret_task)
{
	if (app->task_count == 0)
		return false;
	*ret_task = app->tasks[app->task_first];
	app->task_first = (app->task_first + 1) % TASKS_MOST;
	app->task_count--;
	return true;
}

void app_task_done(struct app_task *task)
{
	free(task->text);
	task->text = NULL;
	if (task->document)
		document_unref(task->document);
	task->document = NULL;
}

void app_gave_ticket(struct tui_app *app, const struct app_task *task, uint64_t ticket)
{
	struct layer *layer = app_layer(app, task->layer);

	app->waiting[app->waiting_next] =
		(struct waiting){ ticket, task->layer,
				  task->request.kind == REQUEST_DOWNLOAD ||
					  task->request.kind == REQUEST_PLAN };
	app->waiting_next = (app->waiting_next + 1) % WAITING_MOST;
	if (layer && layer->ops->ticket)
		layer->ops->ticket(layer->state, &task->request, ticket);
}

static void hand_out(struct tui_app *app, uint64_t layer, const struct effect *effect)
{
	static const enum app_task_kind kinds[] = {
		[EFFECT_REQUEST] = TASK_REQUEST,
		[EFFECT_COPY] = TASK_COPY,
		[EFFECT_WRITE] = TASK_WRITE,
		[EFFECT_QUIT] = TASK_QUIT,
	};
	struct app_task task = { .kind = kinds[effect->kind],
				 .request = effect->request,
				 .layer = layer,
				 .text = mem_text(effect->text),
				 .document = effect->document };

	app_task(app, &task);
}

static void show_message(struct tui_app *app, const struct effect *effect,
			 const struct app_time *time)
{
	app_say(app, effect->level, effect->text, time);
}

static void open_screen(struct tui_app *app, const struct effect *effect,
			const struct app_time *time)
{
	const char *text;
	char *argument;
	size_t len;

	if (!effect->document) {
		app_open(app, effect->screen, effect->text, time);
		return;
	}
	text = document_text(effect->document, &len);
	argument = mem_text_n(text, len);
	document_unref(effect->document);
	app_open(app, effect->screen, argument, time);
	free(argument);
}

void app_perform(struct tui_app *app, uint64_t layer, const struct effects *effects,
		 const struct app_time *time)
{
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->rows[i];

		switch (effect->kind) {
		case EFFECT_OPEN:
			open_screen(app, effect, time);
			break;
		case EFFECT_GO:
			if (effect->screen < TABS)
				app_go(app, (int)effect->screen, time);
			break;
		case EFFECT_BACK:
			app_close(app, layer);
			break;
		case EFFECT_MESSAGE:
			show_message(app, effect, time);
			break;
		case EFFECT_REQUEST:
		case EFFECT_COPY:
		case EFFECT_WRITE:
		case EFFECT_QUIT:
			hand_out(app, layer, effect);
			break;
		}
	}
}
