/* The last messages with their times, newest first (`m`). */
#include "tui/screens/message_log.h"

#include "backend/base/clock.h"
#include "tui/screens/document_source.h"
#include "tui/screens/screens.h"

#include <stdio.h>

struct messages {
	struct pager pager;
};

struct messages_arg {
	const struct screen_context *context;
	struct strbuf *line; /* what raw() lends */
};

static void add_row(struct strbuf *out, const struct message *row, struct clock_zone zone)
{
	clock_add_hms(out, row->at, zone);
	strbuf_addf(out, "  %s", row->text);
}

static const char *raw(const void *arg, size_t line, size_t *ret_len)
{
	const struct messages_arg *messages = arg;

	strbuf_reset(messages->line);
	add_row(messages->line, message_log_row(messages->context->messages, line),
		messages->context->zone);
	*ret_len = messages->line->len;
	return messages->line->buf;
}

static enum mark mark(const void *arg, size_t line)
{
	static const enum mark marks[] = { [MESSAGE_GOOD] = MARK_GOOD,
					   [MESSAGE_INFO] = MARK_OFF,
					   [MESSAGE_WARNING] = MARK_WARNING,
					   [MESSAGE_ERROR] = MARK_BAD };
	const struct messages_arg *messages = arg;

	return marks[message_log_row(messages->context->messages, line)->level];
}

static struct pager_source source_of(const struct messages_arg *arg)
{
	const struct message_log *log = arg->context->messages;

	return (struct pager_source){
		.count = log ? log->count : 0, .arg = arg, .raw = raw, .mark = mark
	};
}

static void close_screen(void *state)
{
	struct messages *messages = state;

	pager_done(&messages->pager);
}

static void write_all(const struct screen_context *context, struct effects *effects)
{
	struct strbuf text = STRBUF_INIT;
	const struct message *row;
	struct effect *effect;

	for (size_t i = 0; (row = message_log_row(context->messages, i)); i++) {
		clock_add_rfc3339(&text, row->at);
		strbuf_addf(&text, "  %s\n", row->text);
	}
	effect = effects_add(effects, EFFECT_WRITE);
	snprintf(effect->text, sizeof(effect->text), "kotsnap-messages.txt");
	effect->document = document_from(&text);
}

static bool key(void *state, struct key pressed, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct messages *messages = state;
	struct strbuf line = STRBUF_INIT;
	struct messages_arg arg = { context, &line };
	struct pager_source source = source_of(&arg);
	bool used = true;

	if (action == ACT_WRITE && !messages->pager.typing)
		write_all(context, effects);
	else
		used = pager_key(&messages->pager, &source, pressed, action, context->view.h - 1);
	strbuf_done(&line);
	return used;
}

static bool takes_text(const void *state)
{
	return ((const struct messages *)state)->pager.typing;
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct messages *messages = state;
	struct strbuf line = STRBUF_INIT;
	struct messages_arg arg = { context, &line };
	struct pager_source source = source_of(&arg);
	struct view body = view_part(context->view, 0, 1, context->view.w, context->view.h);

	if (source.count == 0)
		view_text(body, 4, 0, ROLE_TEXT, "No messages yet.");
	else
		pager_draw(&messages->pager, &source, body);
	strbuf_done(&line);
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	(void)state;
	strbuf_adds(left, "Messages, newest first");
	strbuf_addf(right, "%zu", context->messages ? context->messages->count : 0);
}

static bool note(const void *state, const struct screen_context *context, struct strbuf *out)
{
	return pager_note(&((const struct messages *)state)->pager, context->view.canvas->ascii,
			  out);
}

const struct screen_ops messages_screen = {
	.id = SCREEN_MESSAGES,
	.name = "messages",
	.state_size = sizeof(struct messages),
	.close = close_screen,
	.key = key,
	.takes_text = takes_text,
	.draw = draw,
	.title = title,
	.note = note,
};
