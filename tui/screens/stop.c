/* Ways to stop what runs, as choices: a strip over the operation that says of each what it leaves
 * half done, before it asks for the words (design/screens.md 4.5, 4.7). */
#include "backend/ops/stop_choice.h"
#include "tui/screens/confirm.h"
#include "tui/screens/screens.h"
#include "tui/screens/subject.h"

#include <stdio.h>
#include <string.h>

enum { ITEM_WAY = 1, ITEM_WORDS = 50, ITEM_DO, ITEM_BACK };
#define MEANS_LINES 3
#define WAYS_MOST   16

struct stop_dialog {
	char name[600]; /* for subject_find() */
	size_t way;	/* way_at() */
	struct form form;
	struct confirm confirm;
};

/* What there is to stop at this moment. */
struct stop_subject {
	struct subject subject;
	struct stop_facts facts; /* of a restore of ours */
	bool is_restore;	 /* by kotsnap, of which there is a record */
	const char *words;	 /* to be typed */
};

static const struct stop_choice no_snapshot = {
	"", "Let it go on", "Let it go on",
	"Velero has no way to stop a snapshot. It ends by itself, at the latest when its own "
	"limit of time is over; restarting Velero would end it as Failed, and every other "
	"operation with it. v has the commands.",
	NULL
};
static const struct stop_choice nothing = {
	"", "Let it go on", "Let it go on",
	"Nothing is done. Velero ends by itself what it has begun.", NULL
};

/* The first way is always to do nothing. */
static size_t way_count(void)
{
	return 1 + stop_choice_count();
}

static const struct stop_choice *way_at(const struct stop_subject *what, size_t index)
{
	if (index > 0)
		return stop_choice_at(index - 1);
	return what->is_restore || what->subject.restore ? &nothing : &no_snapshot;
}

static bool way_fits(const struct stop_subject *what, size_t index)
{
	return index == 0 || (what->is_restore && way_at(what, index)->fits(&what->facts));
}

static void find_subject(struct stop_subject *what, const struct stop_dialog *dialog,
			 const struct model *model)
{
	const struct op_view *op;

	*what = (struct stop_subject){ .subject = subject_find(model, dialog->name) };
	op = what->subject.op;
	what->words = op && *op->confirm    ? op->confirm
		      : op && *op->app_slug ? op->app_slug
					    : subject_backup(&what->subject);
	what->is_restore = op && op->kind == OP_RESTORE;
	if (what->is_restore)
		what->facts = stop_facts_of(model, op);
}

struct stop_layout {
	struct stop_subject what;
	struct form_item items[WAYS_MOST + 4];
	size_t count;
	struct strbuf note;
	const struct stop_choice *way; /* the chosen one, while it fits */
	int top, height, means_y;
	bool asks;
};

static const char *reason_of(const struct stop_layout *layout, const struct stop_dialog *dialog,
			     const struct screen_context *context)
{
	if (!layout->asks)
		return NULL;
	if (!context->writable)
		return context->not_writable;
	return confirm_matches(&dialog->confirm, layout->what.words) ? NULL
								     : "type the words first";
}

static void add_item(struct stop_layout *layout, const struct form_item *item)
{
	layout->items[layout->count++] = *item;
}

static void lay_out(struct stop_layout *layout, const struct stop_dialog *dialog,
		    const struct screen_context *context)
{
	const char *reason;
	size_t chosen;
	int y = 1;

	memset(layout, 0, sizeof(*layout));
	strbuf_init(&layout->note);
	find_subject(&layout->what, dialog, context->model);
	chosen = way_fits(&layout->what, dialog->way) ? dialog->way : 0;
	layout->way = way_at(&layout->what, chosen);
	layout->asks = *layout->way->what != '\0';
	reason = reason_of(layout, dialog, context);
	for (size_t i = 0; i < way_count() && i < WAYS_MOST; i++)
		if (way_fits(&layout->what, i))
			add_item(layout,
				 &(struct form_item){ FORM_RADIO, ITEM_WAY + (int)i, 4, y++, 0,
						      .label = way_at(&layout->what, i)->label,
						      .on = i == chosen });
	layout->means_y = y;
	y += MEANS_LINES;
	if (layout->asks) {
		confirm_add_note(&layout->note, &dialog->confirm, layout->what.words);
		add_item(layout, &(struct form_item){ FORM_FIELD, ITEM_WORDS, 12, y + 1, 30,
						      .input = &dialog->confirm.input,
						      .note = layout->note.buf });
	}
	add_item(layout, &(struct form_item){ FORM_BUTTON, ITEM_DO, 4, y + 2, 0,
					      .label = layout->way->button, .reason = reason,
					      .danger = layout->asks });
	if (layout->asks)
		add_item(layout, &(struct form_item){
					 FORM_BUTTON, ITEM_BACK,
					 reason ? 4 : 6 + form_button_width(layout->way->button),
					 y + 2 + (reason != NULL), 0, .label = "Back" });
	layout->height = y + 4;
	layout->top = context->view.h - layout->height;
	if (layout->top < 0)
		layout->top = 0;
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct stop_dialog *dialog = state;

	(void)context;
	(void)effects;
	snprintf(dialog->name, sizeof(dialog->name), "%s", argument);
}

static void perform(const struct stop_dialog *dialog, const struct stop_layout *layout,
		    struct effects *effects)
{
	const struct op_view *op = layout->what.subject.op;
	struct request *request;

	(void)dialog;
	if (layout->asks && op) {
		effects_request(effects, REQUEST_STOP, op->id, op->app_slug);
		request = &effects->rows[effects->count - 1].request;
		snprintf(request->what, sizeof(request->what), "%s", layout->way->what);
		effects_message(effects, MESSAGE_INFO, "Asked for: %s.", layout->way->button);
	}
	effects_add(effects, EFFECT_BACK);
}

static void act(struct stop_dialog *dialog, const struct form_result *result,
		const struct stop_layout *layout, struct key pressed, struct effects *effects)
{
	switch (result->event) {
	case FORM_CHOSEN:
		dialog->way = (size_t)(result->id - ITEM_WAY);
		break;
	case FORM_TYPED:
		input_key(&dialog->confirm.input, pressed);
		break;
	case FORM_OFF:
		confirm_try(&dialog->confirm, layout->what.words);
		break;
	case FORM_PRESSED:
		if (result->id == ITEM_DO)
			perform(dialog, layout, effects);
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
	struct stop_dialog *dialog = state;
	struct stop_layout layout;
	struct form_result result;
	bool used;

	if (action == ACT_COMMANDS) {
		effects_open(effects, SCREEN_COMMANDS, "operation");
		return true;
	}
	lay_out(&layout, dialog, context);
	used = form_key(&dialog->form, layout.items, layout.count, pressed, &result);
	if (used)
		act(dialog, &result, &layout, pressed, effects);
	strbuf_done(&layout.note);
	return used;
}

static bool takes_text(const void *state)
{
	const struct stop_dialog *dialog = state;

	return dialog->form.focus == ITEM_WORDS && dialog->way > 0;
}

static void draw_means(struct view view, int y, const struct stop_choice *way)
{
	view_wrap(view_part(view, 8, y, view.w - 9, MEANS_LINES), 0, 0, MEANS_LINES,
		  *way->what ? ROLE_WARNING : ROLE_TEXT, way->means);
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct stop_dialog *dialog = state;
	struct strbuf text = STRBUF_INIT;
	struct stop_layout layout;
	struct view strip;
	int y;

	lay_out(&layout, dialog, context);
	strip = view_part(context->view, 0, layout.top, context->view.w, layout.height);
	view_fill(strip, ROLE_DIALOG);
	strbuf_adds(&text, "Stop: ");
	subject_add_title(&text, &layout.what.subject);
	view_rule(strip, 0, ROLE_HEADING, text.buf,
		  subject_has_ended(&layout.what.subject) ? "it has ended"
		  : layout.what.subject.op && layout.what.subject.op->state == OP_UNFINISHED
			  ? "left unfinished"
			  : "it runs on");
	y = layout.means_y;
	draw_means(strip, y, layout.way);
	if (layout.asks) {
		strbuf_reset(&text);
		strbuf_addf(&text, "Type these words: %s", layout.what.words);
		view_text(strip, 4, y + MEANS_LINES, ROLE_TEXT, text.buf);
		view_text(strip, 4, y + MEANS_LINES + 1, ROLE_TEXT, "Words");
	}
	form_draw(&dialog->form, layout.items, layout.count, strip);
	strbuf_done(&layout.note);
	strbuf_done(&text);
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	struct subject subject =
		subject_find(context->model, ((const struct stop_dialog *)state)->name);

	(void)right;
	strbuf_adds(left, "Stop: ");
	subject_add_title(left, &subject);
}

const struct screen_ops stop_screen = {
	.id = SCREEN_STOP,
	.name = "stop",
	.over = true,
	.acts = true,
	.state_size = sizeof(struct stop_dialog),
	.open = open_screen,
	.key = key,
	.takes_text = takes_text,
	.draw = draw,
	.title = title,
};
