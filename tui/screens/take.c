/* Take a snapshot: which kind, what it will hold, whether anything speaks against it. Nothing is
 * destroyed: the button is the confirmation (design/screens.md 4.3). */
#include "backend/base/clock.h"
#include "backend/checks/check.h"
#include "tui/draw/text.h"
#include "tui/screens/estimate.h"
#include "tui/screens/screens.h"
#include "tui/screens/take_parts.h"
#include "tui/screens/words.h"

#include <stdio.h>
#include <string.h>

#define HOLDS_Y	    5
#define HOLDS_LEAST 18 /* rows of a view that has room for them */

enum { ITEM_FULL = 1, ITEM_PARTIAL, ITEM_APP, ITEM_NAMES, ITEM_TAKE, ITEM_CANCEL, ITEMS_MOST = 6 };

/* What the form shows: texts live here during one call. */
struct take_layout {
	struct check_results checks;
	struct form_item items[ITEMS_MOST];
	size_t count;
	char label[160], reason[300];
	int button_y;
};

static size_t app_count(const struct model *model)
{
	return model->console ? model->console->app_count : 0;
}

const struct app *take_app(const struct take *take, const struct model *model)
{
	const struct app *app = model->console ? console_app(model->console, take->app) : NULL;

	if (!app && app_count(model) > 0)
		app = &model->console->apps[0];
	return app;
}

static const char *chosen_slug(const struct take *take, const struct model *model)
{
	const struct app *app = take->partial ? take_app(take, model) : NULL;

	return app ? app->slug : "";
}

static void name_button(struct take_layout *layout, const struct take *take,
			const struct screen_context *context)
{
	const struct app *app = take_app(take, context->model);
	const struct check_results *checks = &layout->checks;
	struct error refusal = ERROR_INIT;

	if (!context->writable)
		snprintf(layout->reason, sizeof(layout->reason), "%s", context->not_writable);
	else if (checks_refusal(checks, &refusal))
		snprintf(layout->reason, sizeof(layout->reason), "%.250s", refusal.text);
	if (checks->warnings > 0 && !*layout->reason)
		snprintf(layout->label, sizeof(layout->label), "Take it with %zu warning%s",
			 checks->warnings, checks->warnings == 1 ? "" : "s");
	else if (take->partial && app)
		snprintf(layout->label, sizeof(layout->label), "Take partial snapshot of %.80s",
			 words_app_title(context->model->console, app->slug));
	else
		snprintf(layout->label, sizeof(layout->label), "Take full snapshot");
}

static void add_item(struct take_layout *layout, const struct form_item *item)
{
	layout->items[layout->count++] = *item;
}

static void lay_out(struct take_layout *layout, const struct take *take,
		    const struct screen_context *context)
{
	const struct app *app = take_app(take, context->model);
	int y = context->view.h - 2;

	memset(layout, 0, sizeof(*layout));
	checks_take(context->model, chosen_slug(take, context->model), context->now,
		    &layout->checks);
	name_button(layout, take, context);
	layout->button_y = y;
	add_item(layout, &(struct form_item){ FORM_RADIO, ITEM_FULL, 4, 2, 0, .label = "Full",
					      .on = !take->partial });
	add_item(layout, &(struct form_item){ FORM_RADIO, ITEM_PARTIAL, 4, 4, 0, .label = "Partial",
					      .reason = app ? NULL : "no application is known yet",
					      .on = take->partial });
	if (take->partial && app)
		add_item(layout,
			 &(struct form_item){
				 FORM_SELECT, ITEM_APP, 52, 4, 26,
				 .value = words_app_title(context->model->console, app->slug) });
	if (context->view.h >= HOLDS_LEAST && take_names_rows(take->preview))
		add_item(layout, &(struct form_item){ .kind = FORM_LIST,
						      .id = ITEM_NAMES,
						      .y = HOLDS_Y + TAKE_HOLDS_LIST });
	add_item(layout,
		 &(struct form_item){ FORM_BUTTON, ITEM_TAKE, 4, y, 0, .label = layout->label,
				      .reason = *layout->reason ? layout->reason : NULL });
	/* Beside a button that cannot act stands its reason: the other one goes below. */
	add_item(layout,
		 &(struct form_item){ FORM_BUTTON, ITEM_CANCEL,
				      *layout->reason ? 4 : 6 + form_button_width(layout->label),
				      *layout->reason ? y + 1 : y, 0, .label = "Cancel" });
}

/* What was read before stays in view until the answer is there; of another kind it does not. */
static void ask_preview(struct take *take, const struct screen_context *context,
			struct effects *effects)
{
	if (take->ticket) {
		effects_request(effects, REQUEST_FORGET, "", "");
		effects->rows[effects->count - 1].request.ticket = take->ticket;
	}
	take->ticket = 0;
	take->looked_at = context->model->console ? context->model->console->looked_at : 0;
	effects_request(effects, REQUEST_PREVIEW, chosen_slug(take, context->model), "");
}

static void drop_preview(struct take *take)
{
	preview_unref(take->preview);
	take->preview = NULL;
	take->err = (struct error)ERROR_INIT;
	take->top = 0;
	take->listing = false;
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct take *take = state;

	snprintf(take->app, sizeof(take->app), "%s", argument);
	take->partial = *argument != '\0';
	take->form.focus = take->partial ? ITEM_PARTIAL : ITEM_FULL;
	/* The checks are about now, and the console may have been looked at long ago. */
	effects_request(effects, REQUEST_PROBE, "", "");
	ask_preview(take, context, effects);
}

static void close_screen(void *state)
{
	drop_preview(state);
}

static void update(void *state, const struct screen_context *context, struct effects *effects)
{
	struct take *take = state;
	const struct console *console = context->model->console;

	if (console && console->looked_at != take->looked_at)
		ask_preview(take, context, effects);
}

static void ticket(void *state, const struct request *request, uint64_t number)
{
	struct take *take = state;

	if (request->kind == REQUEST_PREVIEW)
		take->ticket = number;
}

static void event(void *state, const struct event *event, const struct screen_context *context,
		  struct effects *effects)
{
	struct take *take = state;

	(void)context;
	(void)effects;
	if (!take->ticket || event->ticket != take->ticket)
		return;
	if (event->kind == EVENT_PREVIEW) {
		preview_unref(take->preview);
		take->preview = preview_ref(event->preview);
		take->err = (struct error)ERROR_INIT;
	} else if (event->kind == EVENT_FAILED) {
		take->err = event->err;
	} else {
		return;
	}
	take->ticket = 0;
}

static void next_app(struct take *take, const struct model *model, int step)
{
	const struct app *app = take_app(take, model);
	size_t count = app_count(model), at;

	if (!app || count == 0)
		return;
	at = (size_t)(app - model->console->apps);
	at = (at + count + (size_t)((long)count + step)) % count;
	snprintf(take->app, sizeof(take->app), "%s", model->console->apps[at].slug);
}

static void press_take(const struct take *take, const struct screen_context *context,
		       struct effects *effects)
{
	const char *slug = chosen_slug(take, context->model);

	effects_request(effects, REQUEST_TAKE, slug, "");
	if (*slug)
		effects_message(effects, MESSAGE_GOOD,
				"Asked for a partial snapshot of %s. You may leave; it runs in "
				"the cluster.",
				words_app_title(context->model->console, slug));
	else
		effects_message(effects, MESSAGE_GOOD,
				"Asked for a full snapshot. You may leave; it runs in the "
				"cluster.");
	effects_add(effects, EFFECT_BACK);
}

static void choose(struct take *take, int id, const struct screen_context *context,
		   struct effects *effects)
{
	if (id == ITEM_NAMES) {
		take->listing = true;
		take->top = 0;
		return;
	}
	take->partial = id == ITEM_PARTIAL;
	drop_preview(take);
	ask_preview(take, context, effects);
}

static void act(struct take *take, const struct form_result *result,
		const struct screen_context *context, struct effects *effects)
{
	switch (result->event) {
	case FORM_CHOSEN:
		choose(take, result->id, context, effects);
		break;
	case FORM_NEXT:
	case FORM_PREV:
		next_app(take, context->model, result->event == FORM_NEXT ? 1 : -1);
		drop_preview(take);
		ask_preview(take, context, effects);
		break;
	case FORM_PRESSED:
		if (result->id == ITEM_TAKE)
			press_take(take, context, effects);
		else
			effects_add(effects, EFFECT_BACK);
		break;
	default:
		break;
	}
}

static void open_commands(const struct take *take, const struct screen_context *context,
			  struct effects *effects)
{
	effects_open(effects, SCREEN_COMMANDS, "take");
	if (take->partial)
		snprintf(effects->rows[effects->count - 1].text, 256, "take %s",
			 chosen_slug(take, context->model));
}

/* Keys while the names fill the page. */
static bool names_key(struct take *take, struct key pressed, enum action_id action, int page)
{
	static const struct {
		enum action_id action;
		int pages, rows;
	} moves[] = {
		{ ACT_UP, 0, -1 },	 { ACT_DOWN, 0, 1 },	     { ACT_PAGE_UP, -1, 0 },
		{ ACT_PAGE_DOWN, 1, 0 }, { ACT_FIRST, 0, -1000000 }, { ACT_LAST, 0, 1000000 }
	};
	long rows = (long)take_names_rows(take->preview), top = (long)take->top;
	bool moved = false;

	if (action == ACT_BACK || pressed.code == KEYCODE_ENTER) {
		take->listing = false;
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(moves); i++)
		if (moves[i].action == action) {
			top += moves[i].pages * page + moves[i].rows;
			moved = true;
		}
	if (top > rows - page)
		top = rows - page;
	take->top = top > 0 ? (size_t)top : 0;
	return moved;
}

static bool key(void *state, struct key pressed, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct take *take = state;
	struct take_layout layout;
	struct form_result result;
	bool used;

	if (take->listing && take->preview)
		return names_key(take, pressed, action, context->view.h - 3);
	if (action == ACT_COMMANDS) {
		open_commands(take, context, effects);
		return true;
	}
	if (action == ACT_CHECK) {
		effects_request(effects, REQUEST_PROBE, "", "");
		ask_preview(take, context, effects);
		return true;
	}
	lay_out(&layout, take, context);
	used = form_key(&take->form, layout.items, layout.count, pressed, &result);
	if (used)
		act(take, &result, context, effects);
	check_results_done(&layout.checks);
	return used;
}

static enum mark verdict_mark(enum verdict verdict)
{
	static const enum mark marks[] = { [VERDICT_PASSED] = MARK_GOOD,
					   [VERDICT_UNKNOWN] = MARK_UNKNOWN,
					   [VERDICT_WARNING] = MARK_WARNING,
					   [VERDICT_FAILED] = MARK_BAD,
					   [VERDICT_NOT_HERE] = MARK_OFF };

	return marks[verdict];
}

/* What speaks against it, in full lines; returns the lines used. */
static int draw_problems(struct view view, const struct check_results *checks)
{
	struct strbuf text = STRBUF_INIT;
	int y = 0;

	for (size_t i = 0; i < checks->count && y < view.h; i++) {
		const struct check_result *row = &checks->rows[i];

		if (row->verdict == VERDICT_PASSED || row->verdict == VERDICT_NOT_HERE)
			continue;
		strbuf_reset(&text);
		strbuf_addf(&text, "%s: %s", row->title, row->seen);
		mark_line(view, y++, verdict_mark(row->verdict), text.buf);
	}
	strbuf_done(&text);
	return y;
}

/* Half a sentence says less than none; of some rules what was seen says more than the title. */
static void add_passed(struct strbuf *out, const struct check_result *row, int width)
{
	static const struct {
		const char *rule, *title;
	} told[] = { { "nothing-running", "Running" }, { "destination-available", "Store" } };

	strbuf_addf(out, "%s: %s", row->title, row->seen);
	for (size_t i = 0; i < ARRAY_SIZE(told) && text_width(out->buf) > width; i++) {
		if (strcmp(told[i].rule, row->rule) != 0)
			continue;
		strbuf_reset(out);
		strbuf_addf(out, "%s: %s", told[i].title, row->seen);
	}
	if (text_width(out->buf) > width) {
		strbuf_reset(out);
		strbuf_adds(out, row->title);
	}
}

/* What passed, two in a line; what has no room is counted. */
static void draw_passed(struct view view, const struct check_results *checks)
{
	struct strbuf text = STRBUF_INIT;
	int half = (view.w - 2) / 2;
	size_t room = view.h > 0 ? 2 * (size_t)view.h : 0, drawn = 0;
	size_t shown = checks->passed > room && room ? room - 1 : room;

	for (size_t i = 0; i < checks->count && drawn < shown; i++) {
		const struct check_result *row = &checks->rows[i];
		int x = drawn % 2 ? half : 0;

		if (row->verdict != VERDICT_PASSED)
			continue;
		strbuf_reset(&text);
		add_passed(&text, row, half - 5);
		mark_line(view_part(view, x, 0, half, view.h), (int)(drawn++ / 2), MARK_GOOD,
			  text.buf);
	}
	if (drawn < checks->passed && room) {
		strbuf_reset(&text);
		strbuf_addf(&text, "and %zu more that passed", checks->passed - drawn);
		mark_line(view_part(view, half, 0, half, view.h), view.h - 1, MARK_GOOD, text.buf);
	}
	strbuf_done(&text);
}

static void draw_checks(struct view view, const struct take_layout *layout,
			const struct screen_context *context)
{
	const struct console *console = context->model->console;
	struct strbuf right = STRBUF_INIT;
	int used;

	strbuf_adds(&right, console ? "checked at " : "not looked at yet");
	if (console)
		clock_add_hms(&right, console->looked_at, context->zone);
	view_rule(view, 0, ROLE_HEADING, "Checks", right.buf);
	view = view_part(view, 0, 1, view.w, view.h - 1);
	used = draw_problems(view, &layout->checks);
	draw_passed(view_part(view, 0, used, view.w, view.h - used), &layout->checks);
	strbuf_done(&right);
}

static void draw_usual(const struct take *take, const struct take_layout *layout,
		       const struct screen_context *context)
{
	const struct app *app = take->partial ? take_app(take, context->model) : NULL;
	int buttons = 8 + form_button_width(layout->label) + form_button_width("Cancel"), x;
	struct strbuf text = STRBUF_INIT;
	struct estimate usual;

	estimate_usual(context->model, take->partial ? SNAPSHOT_PARTIAL : SNAPSHOT_FULL,
		       app ? app->id : "", &usual);
	strbuf_adds(&text, "usually takes ");
	estimate_add_range(&text, usual.took_low, usual.took_high);
	x = context->view.w - 2 - text_width(text.buf);
	if (usual.runs >= ESTIMATE_RUNS_LEAST && !*layout->reason && x > buttons)
		view_text(context->view, x, layout->button_y, ROLE_DIM, text.buf);
	strbuf_done(&text);
}

static void draw_kinds(struct view view, const struct take *take)
{
	view_text(view, 4, 1, ROLE_HEADING, "Which kind?");
	view_text(view, 18, 2, ROLE_TEXT,
		  "Admin Console and all applications. Recommended: only this");
	view_text(view, 18, 3, ROLE_TEXT, "kind can rebuild a lost cluster.");
	view_text(view, 18, 4, ROLE_TEXT, "objects and volumes of");
	if (!take->partial)
		view_text(view, 41, 4, ROLE_TEXT, "one application");
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct take *take = state;
	struct view view = context->view;
	struct take_layout layout;
	int y = HOLDS_Y;

	if (take->listing && take->preview) {
		take_names_draw(view_part(view, 0, 1, view.w, view.h - 1), take);
		return;
	}
	lay_out(&layout, take, context);
	draw_kinds(view, take);
	if (view.h >= HOLDS_LEAST)
		y += take_holds_draw(view_part(view, 0, y, view.w, view.h - y), take, context);
	draw_checks(view_part(view, 0, y, view.w, layout.button_y - y), &layout, context);
	form_draw(&take->form, layout.items, layout.count, view);
	if (take->form.focus == ITEM_NAMES)
		view_glyph(view, 0, HOLDS_Y + TAKE_HOLDS_LIST, ROLE_KEY, GLYPH_CURSOR);
	draw_usual(take, &layout, context);
	check_results_done(&layout.checks);
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	(void)state;
	(void)right;
	strbuf_addf(left, "Snapshots %s take", glyph_text(GLYPH_PATH, context->view.canvas->ascii));
}

const struct screen_ops take_screen = {
	.id = SCREEN_TAKE,
	.name = "take",
	.tab = 2,
	.acts = true,
	.state_size = sizeof(struct take),
	.open = open_screen,
	.close = close_screen,
	.update = update,
	.event = event,
	.ticket = ticket,
	.key = key,
	.draw = draw,
	.title = title,
};
