/* A text that another screen has put together, to be read, searched, copied and kept: its first
 * line is the title, its second the name of the file it is written to. */
#include "tui/screens/document_source.h"
#include "tui/screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text_screen {
	struct pager pager;
	const struct document *document; /* counted */
	char title[200], file[200];
};

static const char *take_line(const char *text, char *line, size_t size)
{
	size_t len = strcspn(text, "\n");

	snprintf(line, size, "%.*s", (int)len, text);
	return text[len] ? text + len + 1 : text + len;
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct text_screen *screen = state;
	struct strbuf text = STRBUF_INIT;

	(void)context;
	(void)effects;
	argument = take_line(argument, screen->title, sizeof(screen->title));
	argument = take_line(argument, screen->file, sizeof(screen->file));
	strbuf_adds(&text, argument);
	screen->document = document_from(&text);
	screen->pager.wrap = true;
}

static void close_screen(void *state)
{
	struct text_screen *screen = state;

	pager_done(&screen->pager);
	document_unref(screen->document);
}

static bool key(void *state, struct key pressed, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct text_screen *screen = state;
	struct pager_source source = document_source(screen->document);
	bool typing = screen->pager.typing;

	if (!typing && action == ACT_COPY)
		document_copy_line(screen->document, &screen->pager, effects);
	else if (!typing && action == ACT_WRITE)
		document_write(screen->document, screen->file, effects);
	else
		return pager_key(&screen->pager, &source, pressed, action, context->view.h - 1);
	return true;
}

static bool takes_text(const void *state)
{
	return ((const struct text_screen *)state)->pager.typing;
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct text_screen *screen = state;
	struct pager_source source = document_source(screen->document);

	pager_draw(&screen->pager, &source,
		   view_part(context->view, 0, 1, context->view.w, context->view.h));
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	(void)context;
	strbuf_adds(left, ((const struct text_screen *)state)->title);
	strbuf_adds(right, "w writes it to a file");
}

static bool note(const void *state, const struct screen_context *context, struct strbuf *out)
{
	return pager_note(&((const struct text_screen *)state)->pager, context->view.canvas->ascii,
			  out);
}

const struct screen_ops text_screen = {
	.id = SCREEN_TEXT,
	.name = "text",
	.state_size = sizeof(struct text_screen),
	.open = open_screen,
	.close = close_screen,
	.key = key,
	.takes_text = takes_text,
	.draw = draw,
	.title = title,
	.note = note,
};
