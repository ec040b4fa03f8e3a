/* Help: the keys of the screen below from the table of actions, then marks, words and the guide. */
#include "tui/screens/document_source.h"
#include "tui/screens/help_text.h"
#include "tui/screens/screens.h"
#include "tui/widgets/panes.h"

#include <string.h>

struct help {
	enum screen_id about;
	size_t pane;
	struct pager pagers[HELP_PANES];
	const struct document *documents[HELP_PANES]; /* counted */
};

static enum screen_id find_about(const char *name)
{
	for (enum screen_id id = 0; id < SCREENS; id++)
		if (screen_find(id) && !strcmp(screen_find(id)->name, name))
			return id;
	return SCREEN_OVERVIEW;
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct help *help = state;

	(void)effects;
	help->about = find_about(argument);
	for (size_t pane = 0; pane < HELP_PANES; pane++) {
		struct strbuf text = STRBUF_INIT;

		help_add_pane(&text, (enum help_pane)pane, help->about,
			      context->view.canvas->ascii);
		help->documents[pane] = document_from(&text);
	}
}

static void close_screen(void *state)
{
	struct help *help = state;

	for (size_t pane = 0; pane < HELP_PANES; pane++) {
		document_unref(help->documents[pane]);
		pager_done(&help->pagers[pane]);
	}
}

static bool key(void *state, struct key pressed, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct help *help = state;
	struct pager_source source = document_source(help->documents[help->pane]);
	struct pager *pager = &help->pagers[help->pane];

	(void)effects;
	if (!pager->typing && (action == ACT_PANE_NEXT || action == ACT_PANE_PREV)) {
		help->pane = panes_move(HELP_PANES, help->pane, action == ACT_PANE_NEXT ? 1 : -1);
		return true;
	}
	return pager_key(pager, &source, pressed, action, context->view.h - 3);
}

static bool takes_text(const void *state)
{
	const struct help *help = state;

	return help->pagers[help->pane].typing;
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct help *help = state;
	struct pane panes[HELP_PANES];
	struct pager_source source = document_source(help->documents[help->pane]);

	for (size_t pane = 0; pane < HELP_PANES; pane++)
		panes[pane] = (struct pane){ help_pane_name((enum help_pane)pane), -1 };
	panes_draw(context->view, 1, panes, HELP_PANES, help->pane);
	pager_draw(&help->pagers[help->pane], &source,
		   view_part(context->view, 0, 3, context->view.w, context->view.h));
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	const struct help *help = state;

	(void)context;
	strbuf_addf(left, "Help: %s", screen_find(help->about)->name);
	strbuf_adds(right, "/ searches, Tab turns the page");
}

static bool note(const void *state, const struct screen_context *context, struct strbuf *out)
{
	const struct help *help = state;

	return pager_note(&help->pagers[help->pane], context->view.canvas->ascii, out);
}

const struct screen_ops help_screen = {
	.id = SCREEN_HELP,
	.name = "help",
	.state_size = sizeof(struct help),
	.open = open_screen,
	.close = close_screen,
	.key = key,
	.takes_text = takes_text,
	.draw = draw,
	.title = title,
	.note = note,
};
