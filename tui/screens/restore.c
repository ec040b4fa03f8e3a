/* The wizard of a restore: routing between its pages. What runs is shown by the operation screen.
 */
#include "tui/screens/restore_steps.h"

#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/screens/screens.h"
#include "tui/screens/words.h"
#include "tui/widgets/panes.h"

#include <stdio.h>
#include <string.h>

static const struct restore_page_ops *const pages[RESTORE_PAGES] = {
	[RESTORE_WHAT] = &restore_what_page,
	[RESTORE_CHECKS] = &restore_checks_page,
	[RESTORE_LOSSES] = &restore_losses_page,
	[RESTORE_CONFIRM] = &restore_confirm_page,
};

void restore_add_item(struct restore_layout *layout, const struct form_item *item)
{
	if (layout->count < RESTORE_ITEMS_MOST)
		layout->items[layout->count++] = *item;
}

void restore_add_buttons(struct restore_layout *layout, int y, bool danger)
{
	const char *reason = layout->reason.len ? layout->reason.buf : NULL;
	int width = form_button_width(layout->label.buf);

	restore_add_item(layout, &(struct form_item){ FORM_BUTTON, RESTORE_NEXT, 4, y, 0,
						      .label = layout->label.buf, .reason = reason,
						      .danger = danger });
	/* The reason stands beside the button it is about. */
	restore_add_item(layout,
			 &(struct form_item){ FORM_BUTTON, RESTORE_BACK, reason ? 4 : 6 + width,
					      y + (reason != NULL), 0, .label = "Back" });
}

const char *restore_chosen_title(const struct restore_wizard *wizard,
				 const struct screen_context *context)
{
	if (!wizard->chosen)
		return "";
	if (wizard->scope == RESTORE_SCOPE_ALL)
		return "Everything";
	if (wizard->scope == RESTORE_SCOPE_CONSOLE)
		return "The Admin Console";
	return words_app_title(context->model->console, wizard->slug);
}

static void drop_plan(struct restore_wizard *wizard)
{
	if (wizard->plan)
		restore_plan_unref(wizard->plan);
	wizard->plan = NULL;
	wizard->ticket = 0;
	wizard->err.code = STATUS_OK;
	memset(&wizard->confirm, 0, sizeof(wizard->confirm));
}

void restore_ask_plan(const struct restore_call *call)
{
	static const char *const whats[] = { [RESTORE_SCOPE_APP] = "",
					     [RESTORE_SCOPE_ALL] = "all",
					     [RESTORE_SCOPE_CONSOLE] = "console" };
	struct restore_wizard *wizard = call->wizard;
	struct request *request;

	drop_plan(wizard);
	wizard->asked_ms = call->context->now_ms;
	snprintf(wizard->words, sizeof(wizard->words), "comparing snapshot and cluster");
	effects_request(call->effects, REQUEST_PLAN, wizard->backup, wizard->slug);
	request = &call->effects->rows[call->effects->count - 1].request;
	snprintf(request->what, sizeof(request->what), "%s", whats[wizard->scope]);
}

void restore_go(struct restore_wizard *wizard, enum restore_page page)
{
	static const int first[RESTORE_PAGES] = { [RESTORE_CHECKS] = RESTORE_LIST,
						  [RESTORE_LOSSES] = RESTORE_LIST,
						  [RESTORE_CONFIRM] = RESTORE_FIELD };

	wizard->page = page;
	wizard->listing = false;
	/* A button that leads to destruction never has the first focus. */
	if (first[page])
		wizard->forms[page].focus = first[page];
}

static void lay_out(struct restore_layout *layout, const struct restore_wizard *wizard,
		    const struct screen_context *context)
{
	memset(layout, 0, sizeof(*layout));
	strbuf_init(&layout->label);
	strbuf_init(&layout->reason);
	strbuf_init(&layout->note);
	layout->snapshot = model_snapshot_by_name(context->model, wizard->backup);
	if (layout->snapshot && wizard->page != RESTORE_WHAT)
		checks_restore(context->model, layout->snapshot, wizard->plan, context->now,
			       &layout->checks);
	pages[wizard->page]->lay_out(wizard, context, layout);
}

static void layout_done(struct restore_layout *layout)
{
	check_results_done(&layout->checks);
	strbuf_done(&layout->label);
	strbuf_done(&layout->reason);
	strbuf_done(&layout->note);
	arena_done(&layout->texts);
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct restore_wizard *wizard = state;

	(void)effects;
	snprintf(wizard->backup, sizeof(wizard->backup), "%s", argument);
	restore_what_begin(wizard, context);
}

static void close_screen(void *state)
{
	drop_plan(state);
}

static void ticket(void *state, const struct request *request, uint64_t number)
{
	struct restore_wizard *wizard = state;

	if (request->kind == REQUEST_PLAN)
		wizard->ticket = number;
}

static void event(void *state, const struct event *event, const struct screen_context *context,
		  struct effects *effects)
{
	struct restore_wizard *wizard = state;

	(void)context;
	(void)effects;
	if (!wizard->ticket || event->ticket != wizard->ticket)
		return;
	if (event->kind == EVENT_PLAN)
		wizard->plan = restore_plan_ref(event->plan);
	else if (event->kind == EVENT_FAILED)
		wizard->err = event->err;
	else if (event->kind == EVENT_STEP)
		snprintf(wizard->words, sizeof(wizard->words), "%s", event->text);
}

static void go_back(struct restore_wizard *wizard, struct effects *effects)
{
	if (wizard->listing)
		wizard->listing = false;
	else if (wizard->page == RESTORE_WHAT)
		effects_add(effects, EFFECT_BACK);
	else
		restore_go(wizard, wizard->page - 1);
}

static void open_commands(const struct restore_wizard *wizard, struct effects *effects)
{
	effects_open(effects, SCREEN_COMMANDS, "");
	snprintf(effects->rows[effects->count - 1].text, 420, "restore %s %s", wizard->backup,
		 wizard->slug);
}

static bool in_list(const struct restore_wizard *wizard, const struct restore_layout *layout)
{
	const struct form_item *item =
		form_focused(&wizard->forms[wizard->page], layout->items, layout->count);

	return item && item->kind == FORM_LIST;
}

static void act(const struct restore_call *call, const struct form_result *result, struct key key)
{
	struct restore_wizard *wizard = call->wizard;

	if (result->event == FORM_PRESSED && result->id == RESTORE_BACK)
		go_back(wizard, call->effects);
	else if (result->event == FORM_OFF && call->layout->reason.len)
		effects_message(call->effects, MESSAGE_WARNING, "%s", call->layout->reason.buf);
	if (result->event != FORM_NONE && result->event != FORM_MOVED)
		pages[wizard->page]->act(call, result, key);
}

/* Rows a key of a list moves, 0 = it is none. */
static int move_of(enum action_id action, int page)
{
	const struct {
		enum action_id action;
		int rows;
	} moves[] = { { ACT_UP, -1 },	       { ACT_DOWN, 1 },	     { ACT_PAGE_UP, -page },
		      { ACT_PAGE_DOWN, page }, { ACT_FIRST, -9999 }, { ACT_LAST, 9999 } };

	for (size_t i = 0; i < ARRAY_SIZE(moves); i++)
		if (moves[i].action == action)
			return moves[i].rows;
	return 0;
}

static bool form_keys(const struct restore_call *call, struct key pressed, enum action_id action)
{
	struct restore_wizard *wizard = call->wizard;
	const struct restore_page_ops *page = pages[wizard->page];
	struct form_result result;

	int rows = move_of(action, call->context->view.h - 4);

	if (rows && page->move && in_list(wizard, call->layout)) {
		page->move(wizard, call->layout, rows);
		return true;
	}
	if (!form_key(&wizard->forms[wizard->page], call->layout->items, call->layout->count,
		      pressed, &result))
		return false;
	act(call, &result, pressed);
	return true;
}

static bool key(void *state, struct key pressed, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct restore_wizard *wizard = state;
	struct restore_layout layout;
	const struct restore_call call = { wizard, context, &layout, effects };
	bool used;

	if (action == ACT_BACK) {
		go_back(wizard, effects);
		return true;
	}
	if (action == ACT_COMMANDS) {
		open_commands(wizard, effects);
		return true;
	}
	if (action == ACT_CHECK && wizard->page != RESTORE_WHAT &&
	    wizard->page != RESTORE_CONFIRM) {
		restore_ask_plan(&call);
		return true;
	}
	lay_out(&layout, wizard, context);
	used = form_keys(&call, pressed, action);
	layout_done(&layout);
	return used;
}

static bool takes_text(const void *state)
{
	const struct restore_wizard *wizard = state;

	return wizard->page == RESTORE_CONFIRM &&
	       wizard->forms[RESTORE_CONFIRM].focus == RESTORE_FIELD;
}

static void draw_names(struct view view, enum restore_page current)
{
	static const struct pane names[] = { { "1 What", -1 },	       { "2 Checks", -1 },
					     { "3 Consequences", -1 }, { "4 Confirm", -1 },
					     { "5 Run", -1 },	       { "6 Result", -1 } };

	panes_draw(view, 1, names, ARRAY_SIZE(names), (size_t)current);
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct restore_wizard *wizard = state;
	const struct restore_page_ops *page = pages[wizard->page];
	struct restore_layout layout;

	lay_out(&layout, wizard, context);
	draw_names(context->view, wizard->page);
	page->draw(wizard, context, &layout);
	if (!wizard->listing)
		form_draw(&wizard->forms[wizard->page], layout.items, layout.count, context->view);
	layout_done(&layout);
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	const struct restore_wizard *wizard = state;
	const struct snapshot *snapshot = model_snapshot_by_name(context->model, wizard->backup);
	const char *path = glyph_text(GLYPH_PATH, context->view.canvas->ascii);

	strbuf_addf(left, "Snapshots %s %s %s restore", path, wizard->backup, path);
	if (!snapshot) {
		strbuf_adds(right, "gone");
	} else if (wizard->page == RESTORE_WHAT) {
		strbuf_addf(right, "%s, ", words_kind(snapshot->kind));
		clock_add_short(right, words_began(snapshot), context->now, context->zone);
		strbuf_adds(right, ", ");
		words_add_ago(right, context->now - words_began(snapshot));
	} else {
		strbuf_adds(right, restore_chosen_title(wizard, context));
	}
}

const struct screen_ops restore_screen = {
	.id = SCREEN_RESTORE,
	.name = "restore",
	.tab = 2,
	.acts = true,
	.state_size = sizeof(struct restore_wizard),
	.open = open_screen,
	.close = close_screen,
	.event = event,
	.ticket = ticket,
	.key = key,
	.takes_text = takes_text,
	.draw = draw,
	.title = title,
};
