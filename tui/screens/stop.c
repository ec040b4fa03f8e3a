/* Ways to stop what runs, as choices: a strip over the operation that says of each what it leaves
 * half done, before it asks for the words (design/screens.md 4.5, 4.7). */
#include "backend/base/amount.h"
#include "tui/screens/confirm.h"
#include "tui/screens/screens.h"
#include "tui/screens/subject.h"
#include "tui/screens/volumes.h"

#include <stdio.h>
#include <string.h>

enum { ITEM_WAY = 1, ITEM_WORDS = 50, ITEM_DO, ITEM_BACK };
#define MEANS_LINES 3

struct stop_dialog {
	char name[600]; /* for subject_find() */
	size_t way;	/* index of ways[] */
	struct form form;
	struct confirm confirm;
};

/* What there is to stop at this moment. */
struct stop_facts {
	struct subject subject;
	bool changed;	   /* something of the cluster is removed already */
	size_t open;	   /* volumes that are not finished */
	bool in_console;   /* the Admin Console believes that it restores it */
	const char *words; /* to be typed */
};

struct stop_way {
	const char *what; /* of REQUEST_STOP; "" = nothing is done */
	const char *label, *button, *means;
	bool (*fits)(const struct stop_facts *facts);
};

static bool is_op(const struct stop_facts *facts)
{
	return facts->subject.op && facts->subject.op->kind == OP_RESTORE;
}

static bool fits_snapshot(const struct stop_facts *facts)
{
	return !is_op(facts) && !facts->subject.restore;
}

static bool fits_restore(const struct stop_facts *facts)
{
	return !fits_snapshot(facts);
}

static bool fits_before(const struct stop_facts *facts)
{
	return is_op(facts) && !facts->changed;
}

static bool fits_leave(const struct stop_facts *facts)
{
	return is_op(facts) && facts->changed && facts->subject.op->state == OP_RUNNING;
}

static bool fits_volumes(const struct stop_facts *facts)
{
	return is_op(facts) && facts->open > 0;
}

static bool fits_delete(const struct stop_facts *facts)
{
	return is_op(facts) && facts->subject.restore &&
	       !phase_is_final(PHASE_RESTORE, facts->subject.restore->phase);
}

static bool fits_forget(const struct stop_facts *facts)
{
	return is_op(facts) && facts->in_console;
}

static const struct stop_way ways[] = {
	{ "", "Let it go on", "Let it go on",
	  "Velero has no way to stop a snapshot. It ends by itself, at the latest when its own "
	  "limit of time is over; restarting Velero would end it as Failed, and every other "
	  "operation with it. v has the commands.",
	  fits_snapshot },
	{ "", "Let it go on", "Let it go on",
	  "Nothing is done. Velero ends by itself what it has begun.", fits_restore },
	{ "leave", "Stop it, nothing was changed", "Stop the restore",
	  "Nothing is removed yet: the restore ends here, and all stays as it is.", fits_before },
	{ "leave", "Only stop working on it here", "Stop working on it",
	  "Stopping now does not bring back what is removed. Velero ends by itself what it has "
	  "begun; the steps after it are missing. The record says so, and anyone can take it over "
	  "at once.",
	  fits_leave },
	{ "cancel-volumes", "Cancel the volumes that are not finished", "Cancel the volumes",
	  "They stay as far as they are, perhaps empty; the restore ends as PartiallyFailed. The "
	  "snapshot is unharmed: restore again from it. Needs Velero 1.17 or later.",
	  fits_volumes },
	{ "delete-restore", "Delete Velero's Restore", "Delete the Restore",
	  "What it has made stays, the rest never comes: the application is half there until it "
	  "is restored again. The snapshot is unharmed.",
	  fits_delete },
	{ "forget", "Let the Admin Console forget it", "Let it forget",
	  "The Admin Console believes that it restores this application, and refuses another "
	  "restore until it forgets. What is removed or half restored stays.",
	  fits_forget },
};

static void find_facts(struct stop_facts *facts, const struct stop_dialog *dialog,
		       const struct model *model)
{
	const struct op_view *op;
	const struct app *app;
	struct volume_rows volumes;
	struct rates none = { 0 };

	*facts = (struct stop_facts){ .subject = subject_find(model, dialog->name) };
	op = facts->subject.op;
	facts->words = op && *op->confirm    ? op->confirm
		       : op && *op->app_slug ? op->app_slug
					     : subject_backup(&facts->subject);
	if (!op || op->kind != OP_RESTORE)
		return;
	for (size_t i = 0; i < op->step_count; i++)
		facts->changed = facts->changed || (restore_step_changes(op->steps[i].what) &&
						    op->steps[i].state != OP_STEP_WAITING &&
						    op->steps[i].state != OP_STEP_SKIPPED);
	volume_rows_collect(&volumes, model, COLLECTION_POD_VOLUME_RESTORES,
			    subject_restore(&facts->subject), &none, 0);
	for (size_t i = 0; i < volumes.count; i++)
		facts->open += !volumes.rows[i].final;
	volume_rows_done(&volumes);
	app = model->console && *op->app_slug ? console_app(model->console, op->app_slug) : NULL;
	facts->in_console = app && *app->restoring;
}

struct stop_layout {
	struct stop_facts facts;
	struct form_item items[ARRAY_SIZE(ways) + 3];
	size_t count;
	struct strbuf note;
	size_t way; /* the chosen one, or the first that fits now */
	int top, height, means_y;
	bool asks;
};

static size_t way_of(const struct stop_dialog *dialog, const struct stop_facts *facts)
{
	if (ways[dialog->way].fits(facts))
		return dialog->way;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (ways[i].fits(facts))
			return i;
	return 0;
}

static const char *reason_of(const struct stop_layout *layout, const struct stop_dialog *dialog,
			     const struct screen_context *context)
{
	if (!layout->asks)
		return NULL;
	if (!context->writable)
		return context->not_writable;
	return confirm_matches(&dialog->confirm, layout->facts.words) ? NULL
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
	int y = 1;

	memset(layout, 0, sizeof(*layout));
	strbuf_init(&layout->note);
	find_facts(&layout->facts, dialog, context->model);
	layout->way = way_of(dialog, &layout->facts);
	layout->asks = *ways[layout->way].what != '\0';
	reason = reason_of(layout, dialog, context);
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (ways[i].fits(&layout->facts))
			add_item(layout, &(struct form_item){ FORM_RADIO, ITEM_WAY + (int)i, 4, y++,
							      0, .label = ways[i].label,
							      .on = i == layout->way });
	layout->means_y = y;
	y += MEANS_LINES;
	if (layout->asks) {
		confirm_add_note(&layout->note, &dialog->confirm, layout->facts.words);
		add_item(layout, &(struct form_item){ FORM_FIELD, ITEM_WORDS, 12, y + 1, 30,
						      .input = &dialog->confirm.input,
						      .note = layout->note.buf });
	}
	add_item(layout, &(struct form_item){ FORM_BUTTON, ITEM_DO, 4, y + 2, 0,
					      .label = ways[layout->way].button, .reason = reason,
					      .danger = layout->asks });
	if (layout->asks)
		add_item(layout,
			 &(struct form_item){
				 FORM_BUTTON, ITEM_BACK,
				 reason ? 4 : 6 + form_button_width(ways[layout->way].button),
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
	const struct op_view *op = layout->facts.subject.op;
	struct request *request;

	(void)dialog;
	if (layout->asks && op) {
		effects_request(effects, REQUEST_STOP, op->id, op->app_slug);
		request = &effects->rows[effects->count - 1].request;
		snprintf(request->what, sizeof(request->what), "%s", ways[layout->way].what);
		effects_message(effects, MESSAGE_INFO, "Asked for: %s.", ways[layout->way].button);
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
		confirm_try(&dialog->confirm, layout->facts.words);
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

	return dialog->form.focus == ITEM_WORDS && *ways[dialog->way].what;
}

static void draw_means(struct view view, int y, const struct stop_way *way)
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
	subject_add_title(&text, &layout.facts.subject);
	view_rule(strip, 0, ROLE_HEADING, text.buf,
		  subject_has_ended(&layout.facts.subject) ? "it has ended"
		  : layout.facts.subject.op && layout.facts.subject.op->state == OP_UNFINISHED
			  ? "left unfinished"
			  : "it runs on");
	y = layout.means_y;
	draw_means(strip, y, &ways[layout.way]);
	if (layout.asks) {
		strbuf_reset(&text);
		strbuf_addf(&text, "Type these words: %s", layout.facts.words);
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
