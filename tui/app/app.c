#include "tui/app/app.h"

#include "backend/base/mem.h"
#include "tui/app/private.h"
#include "tui/screens/estimate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tui_app *app_new(const struct app_options *options, const struct model *model,
			const struct app_time *time)
{
	struct tui_app *app = mem_alloc(sizeof(*app));

	app->model = model_ref(model);
	app->zone = options->zone;
	canvas_init(&app->canvas, options->cols, options->rows, options->ascii);
	app_go(app, 0, time);
	return app;
}

void app_free(struct tui_app *app)
{
	struct app_task task;

	if (!app)
		return;
	for (app->tab = 0; app->tab < TABS; app->tab++)
		app_close_above(app, 0);
	while (app_next_task(app, &task))
		app_task_done(&task);
	canvas_done(&app->canvas);
	model_unref(app->model);
	free(app);
}

void app_resize(struct tui_app *app, int cols, int rows)
{
	bool ascii = app->canvas.ascii;

	if (cols < 1 || rows < 1)
		return;
	canvas_done(&app->canvas);
	canvas_init(&app->canvas, cols, rows, ascii);
}

/* Once, when it is first seen: the work somebody left behind. */
static void offer_unfinished(struct tui_app *app, const struct app_time *time)
{
	char text[300];

	for (size_t i = 0; !app->offered && i < app->model->op_count; i++) {
		const struct op_view *op = app->model->ops[i];

		if (op->state != OP_UNFINISHED)
			continue;
		snprintf(text, sizeof(text), "A restore was left unfinished by %.200s. 3 shows it.",
			 op->owner);
		app_say(app, MESSAGE_WARNING, text, time);
		app->offered = true;
	}
}

static bool is_away(const struct model *model)
{
	return model->link.state == LINK_LOST || model->link.state == LINK_REFUSED;
}

/* The line below has room for the reason only: the whole of it, and what to do, is one `m` away. */
static void log_connection(struct tui_app *app, const struct model *before, int64_t now)
{
	const struct link *link = &app->model->link;
	struct strbuf text = STRBUF_INIT;

	if (is_away(before) && is_away(app->model) &&
	    !strcmp(before->link.why.text, link->why.text))
		return;
	if (is_away(app->model) && *link->why.text) {
		strbuf_addf(&text, "%s%s%s", link->why.text, *link->why.hint ? ". Next: " : "",
			    link->why.hint);
		message_log_add(&app->notices.log, MESSAGE_ERROR, now, text.buf);
	} else if (is_away(before) && !is_away(app->model)) {
		message_log_add(&app->notices.log, MESSAGE_INFO, now, "The cluster answers again.");
	}
	strbuf_done(&text);
}

void app_take_model(struct tui_app *app, const struct model *model, const struct app_time *time)
{
	const struct model *before = app->model;

	app->model = model_ref(model);
	log_connection(app, before, time->now);
	app_update_tab(app, time);
	offer_unfinished(app, time);
	model_unref(before);
}

void app_say(struct tui_app *app, enum message_level level, const char *text,
	     const struct app_time *time)
{
	struct notice notice = { .level = level };

	snprintf(notice.text, sizeof(notice.text), "%s", text);
	notices_add(&app->notices, &notice, time, app->answering);
}

static void hear(struct tui_app *app, uint64_t serial, const struct event *event,
		 const struct app_time *time)
{
	struct screen_context context = app_context(app, time);
	struct layer *layer = app_layer(app, serial);
	struct effects effects = { .count = 0 };

	if (!layer || !layer->ops->event)
		return;
	layer->ops->event(layer->state, event, &context, &effects);
	app_perform(app, serial, &effects, time);
}

static void hear_all(struct tui_app *app, const struct event *event, const struct app_time *time)
{
	uint64_t serials[TABS * LAYERS_MOST];
	size_t count = 0;

	for (int tab = 0; tab < TABS; tab++)
		for (size_t i = 0; i < app->tabs[tab].count; i++)
			serials[count++] = app->tabs[tab].layers[i].serial;
	for (size_t i = 0; i < count; i++)
		hear(app, serials[i], event, time);
}

static uint64_t who_asked(const struct tui_app *app, uint64_t ticket)
{
	for (size_t i = 0; i < WAITING_MOST; i++)
		if (ticket && app->waiting[i].ticket == ticket)
			return app->waiting[i].layer;
	return 0;
}

/* A look at the site ends without words: what it saw is on the screen. */
static void say_done(struct tui_app *app, const struct event *event, const struct app_time *time)
{
	const char *text = *event->text ? event->text : event->err.text;
	bool warns = event->state == OP_WARNINGS || event->state == OP_UNFINISHED;

	if (*text)
		app_say(app,
			event->failed ? MESSAGE_ERROR
			: warns	      ? MESSAGE_WARNING
				      : MESSAGE_GOOD,
			text, time);
}

void app_take_event(struct tui_app *app, const struct event *event, const struct app_time *time)
{
	uint64_t serial = who_asked(app, event->ticket);
	const struct layer *layer = app_layer(app, serial);

	switch (event->kind) {
	case EVENT_MODEL:
		return;
	case EVENT_DONE:
		say_done(app, event, time);
		hear_all(app, event, time);
		return;
	case EVENT_FAILED:
		/* Who asked is gone: the answer still has to be read. */
		if (!layer || !layer->ops->event)
			app_say(app, MESSAGE_ERROR, event->err.text, time);
		break;
	default:
		break;
	}
	hear(app, serial, event, time);
}

void app_add_farewell(const struct tui_app *app, struct strbuf *out)
{
	const struct snapshot *running = app->model->running;

	for (size_t i = 0; i < app->model->op_count; i++) {
		const struct op_view *op = app->model->ops[i];

		if (op->state != OP_RUNNING || op->kind != OP_RESTORE)
			continue;
		strbuf_addf(out,
			    "Restore of %s: Velero goes on without this terminal, "
			    "step %zu of %zu.\nkotsnap, then 3, takes up the rest.\n",
			    *op->app_title ? op->app_title : op->backup, estimate_step(op),
			    op->step_count);
		return;
	}
	if (running)
		strbuf_addf(out,
			    "Snapshot %s goes on without this terminal.\n"
			    "kotsnap, then o, shows it again.\n",
			    running->backup->object.name);
}

bool app_is_calm(const struct tui_app *app)
{
	const struct model *model = app->model;

	return model->link.state == LINK_LIVE && !model->running &&
	       !(model->op_count > 0 && model->ops[0]->state == OP_RUNNING) &&
	       !notices_current(&app->notices);
}
