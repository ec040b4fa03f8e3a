/* A log as Velero stored it: asked for on opening, read in a pager that begins at the first error.
 * Lines are shown as time, level letter and message; Enter shows one as it came
 * (design/screens.md 4.12). */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "tui/screens/document_source.h"
#include "tui/screens/screens.h"

#include <stdio.h>
#include <string.h>

struct log_screen {
	struct pager pager;
	const struct document *document; /* counted; NULL = not there yet */
	char kind[64], name[254];
	char words[254]; /* where the download is */
	struct error err;
	uint64_t ticket;
	int64_t asked_ms;
	struct pager_problems problems; /* counted once, not for each frame */
	bool in_full;			/* the line under the cursor is shown whole below */
};

struct log_arg {
	const struct document *document;
	struct clock_zone zone;
};

static const char *raw(const void *arg, size_t line, size_t *ret_len)
{
	return document_line(((const struct log_arg *)arg)->document, line, ret_len);
}

static void show(const void *arg, size_t line, struct strbuf *out)
{
	const struct log_arg *log = arg;
	struct log_line parsed;
	const char *text;
	size_t len;

	text = document_line(log->document, line, &len);
	log_line_parse(text, len, &parsed);
	if (parsed.level == '?' || !parsed.message) {
		strbuf_add(out, text, len);
		return;
	}
	if (parsed.time > 0)
		clock_add_hms(out, parsed.time, log->zone);
	strbuf_addf(out, " %c ", parsed.level);
	strbuf_add(out, parsed.message, parsed.message_len);
	if (parsed.error && parsed.error_len > 0) {
		strbuf_adds(out, "  ");
		strbuf_add(out, parsed.error, parsed.error_len);
	}
}

static enum mark mark(const void *arg, size_t line)
{
	size_t len;
	const char *text = document_line(((const struct log_arg *)arg)->document, line, &len);
	char level = log_line_level(text, len);

	return level == 'E' ? MARK_BAD : level == 'W' ? MARK_WARNING : MARK_NONE;
}

static struct pager_source source_of(const struct log_arg *arg)
{
	return (struct pager_source){ .count = arg->document ? document_lines(arg->document) : 0,
				      .arg = arg,
				      .raw = raw,
				      .show = show,
				      .mark = mark };
}

static int page_of(const struct log_screen *log, const struct screen_context *context)
{
	return context->view.h - 1 - (log->in_full ? 5 : 0);
}

static void ask(struct log_screen *log, const struct screen_context *context,
		struct effects *effects)
{
	log->asked_ms = context->now_ms;
	log->err.code = STATUS_OK;
	snprintf(log->words, sizeof(log->words), "asking Velero for it");
	effects_request(effects, REQUEST_DOWNLOAD, log->name, "");
	snprintf(effects->rows[effects->count - 1].request.what, sizeof(log->kind), "%s",
		 log->kind);
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct log_screen *log = state;

	if (sscanf(argument, "%63s %253s", log->kind, log->name) != 2) {
		snprintf(log->kind, sizeof(log->kind), "BackupLog");
		snprintf(log->name, sizeof(log->name), "%s", argument);
	}
	ask(log, context, effects);
}

static void close_screen(void *state)
{
	struct log_screen *log = state;

	pager_done(&log->pager);
	if (log->document)
		document_unref(log->document);
}

static void ticket(void *state, const struct request *request, uint64_t number)
{
	struct log_screen *log = state;

	if (request->kind == REQUEST_DOWNLOAD)
		log->ticket = number;
}

static void take_document(struct log_screen *log, const struct document *document,
			  const struct screen_context *context)
{
	struct log_arg arg = { document, context->zone };
	struct pager_source source;

	if (log->document)
		document_unref(log->document);
	log->document = document_ref(document);
	source = source_of(&arg);
	pager_update(&log->pager, &source, page_of(log, context));
	pager_first_problem(&log->pager, &source, page_of(log, context), &log->problems);
}

static void event(void *state, const struct event *event, const struct screen_context *context,
		  struct effects *effects)
{
	struct log_screen *log = state;

	(void)effects;
	if (!log->ticket || event->ticket != log->ticket)
		return;
	if (event->kind == EVENT_DOCUMENT)
		take_document(log, event->document, context);
	else if (event->kind == EVENT_FAILED)
		log->err = event->err;
	else if (event->kind == EVENT_STEP)
		snprintf(log->words, sizeof(log->words), "%s", event->text);
}

static void write_file(const struct log_screen *log, struct effects *effects)
{
	struct strbuf file = STRBUF_INIT;

	if (!log->document)
		return;
	strbuf_addf(&file, "%s-%s.txt", log->name,
		    text_starts(log->kind, "Restore") ? "restore-log" : "log");
	document_write(log->document, file.buf, effects);
	strbuf_done(&file);
}

static void copy_line(const struct log_screen *log, const struct pager_source *source,
		      struct effects *effects)
{
	struct effect *effect;
	const char *text;
	size_t line, len;

	if (!pager_current(&log->pager, source, &line))
		return;
	text = document_line(log->document, line, &len);
	effect = effects_add(effects, EFFECT_COPY);
	snprintf(effect->text, sizeof(effect->text), "%.*s", (int)len, text);
}

static bool key(void *state, struct key pressed, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct log_screen *log = state;
	struct log_arg arg = { log->document, context->zone };
	struct pager_source source = source_of(&arg);

	if (log->pager.typing)
		return pager_key(&log->pager, &source, pressed, action, page_of(log, context));
	if (pressed.code == KEYCODE_ENTER) {
		log->in_full = !log->in_full;
		pager_update(&log->pager, &source, page_of(log, context));
		return true;
	}
	switch (action) {
	case ACT_WRITE:
		write_file(log, effects);
		return true;
	case ACT_COPY:
		copy_line(log, &source, effects);
		return true;
	case ACT_RETRY:
		if (!log->err.code)
			return false;
		ask(log, context, effects);
		return true;
	case ACT_FOLLOW:
		effects_message(effects, MESSAGE_INFO,
				"This log is whole: Velero stores it when it has ended. End goes "
				"to its end.");
		return true;
	default:
		return pager_key(&log->pager, &source, pressed, action, page_of(log, context));
	}
}

static bool takes_text(const void *state)
{
	return ((const struct log_screen *)state)->pager.typing;
}

static void draw_waiting(struct view view, const struct log_screen *log,
			 const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "Log: %s, ", log->words);
	clock_add_span(&text, (context->now_ms - log->asked_ms) / 1000);
	strbuf_adds(&text, " of 60 s. Esc stops waiting.");
	mark_line(view, 0, MARK_NOT_READ, text.buf);
	strbuf_done(&text);
}

static void draw_failed(struct view view, const struct log_screen *log)
{
	int y = mark_wrap(view, 0, 5, MARK_BAD, log->err.text);

	if (*log->err.hint)
		y += view_wrap(view_part(view, 4, y, view.w - 5, 4), 0, 0, 4, ROLE_TEXT,
			       log->err.hint);
	view_text(view, 4, y, ROLE_DIM, "Ctrl-R asks again.");
}

static void draw_in_full(struct view view, const struct log_screen *log,
			 const struct pager_source *source)
{
	struct strbuf text = STRBUF_INIT;
	const char *line_text;
	size_t line, len;

	if (!pager_current(&log->pager, source, &line))
		return;
	line_text = document_line(log->document, line, &len);
	strbuf_add(&text, line_text, len);
	view_rule(view, 0, ROLE_HEADING, "the line under the cursor, in full", "");
	view_wrap(view_part(view, 4, 1, view.w - 5, view.h - 1), 0, 0, view.h - 1, ROLE_TEXT,
		  text.buf);
	strbuf_done(&text);
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct log_screen *log = state;
	struct log_arg arg = { log->document, context->zone };
	struct pager_source source = source_of(&arg);
	struct view body = view_part(context->view, 0, 1, context->view.w, context->view.h);
	int page = page_of(log, context);

	if (log->document) {
		pager_draw(&log->pager, &source, view_part(body, 0, 0, body.w, page));
		if (source.count == 0)
			mark_line(body, 0, MARK_OFF, "Read, and it is empty.");
		if (log->in_full)
			draw_in_full(view_part(body, 0, page, body.w, body.h), log, &source);
	} else if (log->err.code) {
		draw_failed(body, log);
	} else {
		draw_waiting(body, log, context);
	}
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	const struct log_screen *log = state;
	const char *path = glyph_text(GLYPH_PATH, context->view.canvas->ascii);
	struct log_arg arg = { log->document, context->zone };
	struct pager_source source = source_of(&arg);
	size_t line;

	strbuf_addf(left, "%s %s %s %s log",
		    text_starts(log->kind, "Restore") ? "Activity" : "Snapshots", path, log->name,
		    path);
	if (!log->document)
		return;
	if (pager_current(&log->pager, &source, &line)) {
		strbuf_adds(right, "line ");
		amount_add_count(right, (int64_t)line + 1);
		strbuf_adds(right, " of ");
		amount_add_count(right, (int64_t)source.count);
		strbuf_adds(right, context->view.canvas->ascii ? ", " : " · ");
	}
	amount_add_counted(right, (int64_t)log->problems.errors, "error");
	strbuf_adds(right, ", ");
	amount_add_counted(right, (int64_t)log->problems.warnings, "warning");
	if (log->pager.filter != PAGER_ALL)
		strbuf_adds(right, log->pager.filter == PAGER_ERRORS ? ", errors only"
								     : ", problems only");
}

static bool note(const void *state, const struct screen_context *context, struct strbuf *out)
{
	return pager_note(&((const struct log_screen *)state)->pager, context->view.canvas->ascii,
			  out);
}

const struct screen_ops log_screen = {
	.id = SCREEN_LOG,
	.name = "log",
	.state_size = sizeof(struct log_screen),
	.open = open_screen,
	.close = close_screen,
	.event = event,
	.ticket = ticket,
	.key = key,
	.takes_text = takes_text,
	.draw = draw,
	.title = title,
	.note = note,
};
