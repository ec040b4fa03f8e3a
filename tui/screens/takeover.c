/* An operation that somebody left unfinished: what its record says, and what can be done with it.
 * Taking over goes on where it stopped, and looks at the cluster before each step
 * (design/screens.md 4.8). */
#include "backend/base/clock.h"
#include "backend/kots/restore_plan.h"
#include "tui/screens/confirm.h"
#include "tui/screens/operation_draw.h"
#include "tui/screens/screens.h"
#include "tui/screens/words.h"

#include <stdio.h>
#include <string.h>

enum { ITEM_TAKE = 1, ITEM_WATCH, ITEM_CLOSE, ITEM_WORDS, ITEM_DO, ITEM_BACK, ITEMS_MOST = 6 };

struct takeover {
	char id[254];
	int choice; /* ITEM_TAKE, ITEM_WATCH or ITEM_CLOSE */
	struct form form;
	struct confirm confirm;
};

struct takeover_layout {
	const struct op_view *op; /* NULL = gone */
	struct form_item items[ITEMS_MOST];
	size_t count;
	struct strbuf note;
	char held[120];
	const char *reason;
	int y;
};

static const char *const choice_labels[] = {
	[ITEM_TAKE] = "Take it over      go on where it stopped; looks before each step",
	[ITEM_WATCH] = "Only watch        change nothing",
	[ITEM_CLOSE] = "Close the record  write \"given up\" into it; the cluster stays as it is",
};
static const char *const button_labels[] = {
	[ITEM_TAKE] = "Take it over",
	[ITEM_WATCH] = "Only watch",
	[ITEM_CLOSE] = "Close the record",
};

static const struct op_view *find(const struct takeover *takeover, const struct model *model)
{
	struct subject subject = subject_find(model, takeover->id);

	return subject.op;
}

/* A step that destroys is still ahead: then the words of the original act are asked for again. */
static bool will_remove(const struct op_view *op)
{
	for (size_t i = 0; i < op->step_count; i++)
		if (op->steps[i].what == STEP_REMOVED && op->steps[i].state != OP_STEP_DONE &&
		    op->steps[i].state != OP_STEP_SKIPPED)
			return true;
	return false;
}

static const char *words_of(const struct op_view *op)
{
	return *op->confirm ? op->confirm : op->app_slug;
}

static bool asks_words(const struct takeover *takeover, const struct op_view *op)
{
	return takeover->choice == ITEM_TAKE && op->kind == OP_RESTORE && will_remove(op);
}

static void add_item(struct takeover_layout *layout, const struct form_item *item)
{
	layout->items[layout->count++] = *item;
}

static void find_reason(struct takeover_layout *layout, const struct takeover *takeover,
			const struct screen_context *context)
{
	const struct op_view *op = layout->op;

	if (!op)
		layout->reason = "it is gone";
	else if (takeover->choice == ITEM_WATCH)
		layout->reason = NULL;
	else if (*layout->held)
		layout->reason = layout->held;
	else if (!context->writable)
		layout->reason = context->not_writable;
	else if (asks_words(takeover, op) && !confirm_matches(&takeover->confirm, words_of(op)))
		layout->reason = "a step ahead removes something: type the words";
}

/* Its clock may be ahead of ours: then nothing is said of the time. */
static void say_who_holds_it(struct takeover_layout *layout, int64_t now)
{
	const struct op_view *op = layout->op;
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%.60s works on it", op->owner);
	if (op->elsewhere && op->alive > 0 && op->alive <= now) {
		strbuf_adds(&text, ", last sign of life ");
		clock_add_span(&text, now - op->alive);
		strbuf_adds(&text, " ago");
	}
	snprintf(layout->held, sizeof(layout->held), "%s", text.buf);
	strbuf_done(&text);
}

static void lay_out(struct takeover_layout *layout, const struct takeover *takeover,
		    const struct screen_context *context)
{
	const char *label = button_labels[takeover->choice];
	int y = context->view.h - 8;

	memset(layout, 0, sizeof(*layout));
	strbuf_init(&layout->note);
	layout->op = find(takeover, context->model);
	layout->y = y;
	if (layout->op && layout->op->state == OP_RUNNING)
		say_who_holds_it(layout, context->now);
	else if (layout->op && layout->op->state != OP_UNFINISHED)
		snprintf(layout->held, sizeof(layout->held), "it has ended");
	find_reason(layout, takeover, context);
	for (int id = ITEM_TAKE; id <= ITEM_CLOSE; id++)
		add_item(layout,
			 &(struct form_item){
				 FORM_RADIO, id, 4, y + id, 0,
				 .label = id != ITEM_WATCH && *layout->held ? button_labels[id]
									    : choice_labels[id],
				 .reason = id != ITEM_WATCH && *layout->held ? layout->held : NULL,
				 .on = takeover->choice == id });
	if (layout->op && asks_words(takeover, layout->op)) {
		confirm_add_note(&layout->note, &takeover->confirm, words_of(layout->op));
		add_item(layout, &(struct form_item){ FORM_FIELD, ITEM_WORDS, 10, y + 5, 30,
						      .input = &takeover->confirm.input,
						      .note = layout->note.buf });
	}
	add_item(layout, &(struct form_item){ FORM_BUTTON, ITEM_DO, 4, y + 6, 0, .label = label,
					      .reason = layout->reason });
	add_item(layout,
		 &(struct form_item){ FORM_BUTTON, ITEM_BACK,
				      layout->reason ? 4 : 6 + form_button_width(label),
				      y + 6 + (layout->reason != NULL), 0, .label = "Back" });
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct takeover *takeover = state;

	(void)context;
	(void)effects;
	snprintf(takeover->id, sizeof(takeover->id), "%s", argument);
	takeover->choice = ITEM_WATCH;
	takeover->form.focus = ITEM_WATCH;
}

static void perform(const struct takeover *takeover, struct effects *effects)
{
	if (takeover->choice == ITEM_TAKE) {
		effects_request(effects, REQUEST_RESUME, takeover->id, "");
		effects_message(effects, MESSAGE_INFO, "Asked to take it over.");
	} else if (takeover->choice == ITEM_CLOSE) {
		effects_request(effects, REQUEST_CLOSE_RECORD, takeover->id, "");
		effects_message(effects, MESSAGE_INFO, "Asked to close the record.");
	}
	effects_add(effects, EFFECT_BACK);
	if (takeover->choice != ITEM_CLOSE)
		effects_open(effects, SCREEN_OPERATION, takeover->id);
}

static void act(struct takeover *takeover, const struct form_result *result,
		const struct takeover_layout *layout, struct key pressed, struct effects *effects)
{
	switch (result->event) {
	case FORM_CHOSEN:
		takeover->choice = result->id;
		break;
	case FORM_TYPED:
		input_key(&takeover->confirm.input, pressed);
		break;
	case FORM_OFF:
		if (layout->op)
			confirm_try(&takeover->confirm, words_of(layout->op));
		if (layout->reason)
			effects_message(effects, MESSAGE_WARNING, "%s", layout->reason);
		break;
	case FORM_PRESSED:
		if (result->id == ITEM_DO)
			perform(takeover, effects);
		else
			effects_add(effects, EFFECT_BACK);
		break;
	default:
		break;
	}
}

static bool key(void *state, struct key pressed, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct takeover *takeover = state;
	struct takeover_layout layout;
	struct form_result result;
	bool used;

	if (action == ACT_COMMANDS) {
		effects_open(effects, SCREEN_COMMANDS, "activity");
		return true;
	}
	lay_out(&layout, takeover, context);
	used = form_key(&takeover->form, layout.items, layout.count, pressed, &result);
	if (used)
		act(takeover, &result, &layout, pressed, effects);
	strbuf_done(&layout.note);
	return used;
}

static bool takes_text(const void *state)
{
	const struct takeover *takeover = state;

	return takeover->form.focus == ITEM_WORDS && takeover->choice == ITEM_TAKE;
}

static void draw_record(struct view view, const struct op_view *op,
			const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;
	int y;

	strbuf_adds(&text, "Begun ");
	clock_add_short(&text, op->began, context->now, context->zone);
	strbuf_addf(&text, " by %s.", op->owner);
	if (op->ended > 0) {
		strbuf_adds(&text, " Last sign of life ");
		words_add_ago(&text, context->now - op->ended);
		strbuf_addc(&text, '.');
	}
	y = mark_wrap(view, 0, 2, MARK_WARNING, text.buf);
	if (*op->why)
		y += view_wrap(view_part(view, 4, y, view.w - 5, 2), 0, 0, 2, ROLE_TEXT, op->why);
	y += view.h >= 14;
	operation_draw_compared(view_part(view, 0, y, view.w, view.h - y), context, op);
	strbuf_done(&text);
}

static void draw_words(struct view view, int y, const char *words)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "To go on, type: %s", words);
	view_text(view, 4, y, ROLE_TEXT, text.buf);
	view_text(view, 4, y + 1, ROLE_TEXT, "Words");
	strbuf_done(&text);
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct takeover *takeover = state;
	struct view view = context->view;
	struct takeover_layout layout;

	lay_out(&layout, takeover, context);
	if (layout.op)
		draw_record(view_part(view, 0, 1, view.w, layout.y - 1), layout.op, context);
	else
		mark_line(view, 1, MARK_GONE, "This operation is not in the cluster any more.");
	view_text(view, 4, layout.y, ROLE_HEADING, "What now?");
	if (layout.op && asks_words(takeover, layout.op))
		draw_words(view, layout.y + 4, words_of(layout.op));
	form_draw(&takeover->form, layout.items, layout.count, view);
	strbuf_done(&layout.note);
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	struct subject subject = subject_find(context->model, ((const struct takeover *)state)->id);

	strbuf_addf(left, "Activity %s ", glyph_text(GLYPH_PATH, context->view.canvas->ascii));
	if (subject_is_there(&subject))
		subject_add_title(left, &subject);
	strbuf_adds(right, subject.op && subject.op->state == OP_UNFINISHED ? "unfinished" : "");
}

const struct screen_ops takeover_screen = {
	.id = SCREEN_TAKEOVER,
	.name = "take over",
	.tab = 3,
	.acts = true,
	.state_size = sizeof(struct takeover),
	.open = open_screen,
	.key = key,
	.takes_text = takes_text,
	.draw = draw,
	.title = title,
};
