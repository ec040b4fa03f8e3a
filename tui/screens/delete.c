/* Delete one or several snapshots: a strip over the list that says what goes for good, and asks for
 * the name (design/screens.md 4.6). Several are asked for one after the other. */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/velero/location.h"
#include "tui/draw/text.h"
#include "tui/screens/confirm.h"
#include "tui/screens/screens.h"
#include "tui/screens/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM_NAME = 1, ITEM_DELETE, ITEM_CANCEL, ITEMS = 3 };
#define NAMES_SHOWN 5

struct delete_dialog {
	struct form form;
	struct confirm confirm;
	char **names; /* oldest first; owned */
	size_t count, sent;
	uint64_t ticket; /* of the last one sent */
};

struct delete_sums {
	size_t found, volumes, restores, full_left;
	int64_t bytes;
	bool sizes_known;
	const char *refusal; /* why it cannot be deleted, NULL = it can */
};

static const struct snapshot *row_of(const struct delete_dialog *dialog, const struct model *model,
				     size_t index)
{
	return model_snapshot_by_name(model, dialog->names[index]);
}

static bool is_named(const struct delete_dialog *dialog, const char *name)
{
	for (size_t i = 0; i < dialog->count; i++)
		if (!strcmp(dialog->names[i], name))
			return true;
	return false;
}

static const char *refusal_of(const struct snapshot *row)
{
	if (snapshot_is_running(row))
		return "it is still running";
	if (!strcmp(row->backup->phase, "Deleting"))
		return "it is being deleted already";
	return NULL;
}

static void add_up(struct delete_sums *sums, const struct delete_dialog *dialog,
		   const struct screen_context *context)
{
	const struct model *model = context->model;
	const struct list *restores = model->lists[COLLECTION_RESTORES];

	*sums = (struct delete_sums){ .sizes_known = true };
	for (size_t i = 0; i < dialog->count; i++) {
		const struct snapshot *row = row_of(dialog, model, i);

		if (!row)
			continue;
		sums->found++;
		sums->volumes += (size_t)row->volumes;
		sums->bytes += row->bytes_total;
		sums->sizes_known = sums->sizes_known && row->volumes_read;
		if (!sums->refusal)
			sums->refusal = refusal_of(row);
	}
	for (size_t i = 0; i < restores->count; i++)
		sums->restores +=
			is_named(dialog, ((const struct restore *)restores->items[i])->backup);
	for (size_t i = 0; i < model->snapshot_count; i++)
		sums->full_left += model->snapshots[i].kind == SNAPSHOT_FULL &&
				   !is_named(dialog, model->snapshots[i].backup->object.name);
	if (!sums->found)
		sums->refusal = dialog->count == 1 ? "it is gone" : "they are gone";
	if (!context->writable)
		sums->refusal = context->not_writable;
}

static void add_wanted(struct strbuf *out, const struct delete_dialog *dialog)
{
	if (dialog->count == 1)
		strbuf_adds(out, dialog->names[0]);
	else
		strbuf_addf(out, "delete %zu snapshots", dialog->count);
}

/* Texts of one call. */
struct delete_layout {
	struct delete_sums sums;
	struct form_item items[ITEMS];
	struct strbuf wanted, note, label;
	int top, field_y; /* of the strip in the view; of the field in the strip */
};

static int text_lines(const struct delete_dialog *dialog)
{
	int names = dialog->count > 1 ? (int)dialog->count : 0;

	return 5 + (names > NAMES_SHOWN ? NAMES_SHOWN + 1 : names);
}

static void lay_out(struct delete_layout *layout, const struct delete_dialog *dialog,
		    const struct screen_context *context)
{
	const char *prompt = dialog->count == 1 ? "Type its name" : "Type these words";
	int x = 5 + text_width(prompt), y = text_lines(dialog) + 2;
	const char *reason;

	memset(layout, 0, sizeof(*layout));
	strbuf_init(&layout->wanted);
	strbuf_init(&layout->note);
	strbuf_init(&layout->label);
	add_up(&layout->sums, dialog, context);
	add_wanted(&layout->wanted, dialog);
	confirm_add_note(&layout->note, &dialog->confirm, layout->wanted.buf);
	if (dialog->count == 1)
		strbuf_adds(&layout->label, "Delete for good");
	else
		strbuf_addf(&layout->label, "Delete %zu snapshots for good", dialog->count);
	/* Why it cannot act stands above: beside it is Cancel. */
	reason = layout->sums.refusal || dialog->sent ||
				 !confirm_matches(&dialog->confirm, layout->wanted.buf)
			 ? ""
			 : NULL;
	layout->field_y = y;
	layout->top = context->view.h - (y + 2);
	layout->items[0] = (struct form_item){ FORM_FIELD,
					       ITEM_NAME,
					       x,
					       y,
					       25,
					       .input = &dialog->confirm.input,
					       .note = layout->note.buf,
					       .bad = dialog->confirm.tries > 0 &&
						      layout->note.buf[0] != 'm' };
	layout->items[1] = (struct form_item){
		FORM_BUTTON,	  ITEM_DELETE,	 4, y + 1, 0, .label = layout->label.buf,
		.reason = reason, .danger = true
	};
	layout->items[2] = (struct form_item){
		FORM_BUTTON, ITEM_CANCEL, 6 + form_button_width(layout->label.buf),
		y + 1,	     0,		  .label = "Cancel"
	};
}

static void layout_done(struct delete_layout *layout)
{
	strbuf_done(&layout->wanted);
	strbuf_done(&layout->note);
	strbuf_done(&layout->label);
}

static int64_t began(const struct model *model, const char *name)
{
	const struct snapshot *row = model_snapshot_by_name(model, name);

	return row ? words_began(row) : 0;
}

static void sort_oldest_first(struct delete_dialog *dialog, const struct model *model)
{
	for (size_t i = 1; i < dialog->count; i++) {
		for (size_t j = i;
		     j > 0 && began(model, dialog->names[j - 1]) > began(model, dialog->names[j]);
		     j--) {
			char *name = dialog->names[j];

			dialog->names[j] = dialog->names[j - 1];
			dialog->names[j - 1] = name;
		}
	}
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct delete_dialog *dialog = state;
	size_t capacity = 0;

	while (*argument) {
		size_t len = strcspn(argument, " ");

		if (len > 0) {
			dialog->names = mem_grow(dialog->names, dialog->count, &capacity,
						 sizeof(*dialog->names));
			dialog->names[dialog->count++] = mem_text_n(argument, len);
		}
		argument += len + strspn(argument + len, " ");
	}
	sort_oldest_first(dialog, context->model);
	dialog->form.focus = ITEM_NAME;
	if (dialog->count == 0)
		effects_add(effects, EFFECT_BACK);
}

static void close_screen(void *state)
{
	struct delete_dialog *dialog = state;

	for (size_t i = 0; i < dialog->count; i++)
		free(dialog->names[i]);
	free(dialog->names);
}

static void send_next(struct delete_dialog *dialog, struct effects *effects)
{
	effects_request(effects, REQUEST_DELETE, dialog->names[dialog->sent++], "");
	if (dialog->sent < dialog->count)
		return;
	if (dialog->count == 1)
		effects_message(effects, MESSAGE_GOOD,
				"Asked to delete %s. You may leave; 3 shows how far it is.",
				dialog->names[0]);
	else
		effects_message(effects, MESSAGE_GOOD,
				"Asked to delete %zu snapshots. 3 shows how far it is.",
				dialog->count);
	effects_add(effects, EFFECT_BACK);
}

static void event(void *state, const struct event *event, const struct screen_context *context,
		  struct effects *effects)
{
	struct delete_dialog *dialog = state;

	(void)context;
	if (!dialog->ticket || event->ticket != dialog->ticket ||
	    (event->kind != EVENT_ACCEPTED && event->kind != EVENT_FAILED))
		return;
	if (event->kind == EVENT_FAILED)
		effects_message(effects, MESSAGE_ERROR, "%s", event->err.text);
	send_next(dialog, effects);
}

static void ticket(void *state, const struct request *request, uint64_t number)
{
	struct delete_dialog *dialog = state;

	(void)request;
	dialog->ticket = number;
}

static void act(struct delete_dialog *dialog, const struct form_result *result,
		const struct delete_layout *layout, struct key pressed, struct effects *effects)
{
	switch (result->event) {
	case FORM_TYPED:
		input_key(&dialog->confirm.input, pressed);
		break;
	case FORM_OFF:
		confirm_try(&dialog->confirm, layout->wanted.buf);
		if (layout->sums.refusal)
			effects_message(effects, MESSAGE_WARNING, "not deleted: %s",
					layout->sums.refusal);
		else if (dialog->confirm.tries >= CONFIRM_PATIENCE)
			effects_message(effects, MESSAGE_WARNING, "it must be exactly: %s",
					layout->wanted.buf);
		break;
	case FORM_PRESSED:
		if (result->id == ITEM_DELETE)
			send_next(dialog, effects);
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
	struct delete_dialog *dialog = state;
	struct delete_layout layout;
	struct form_result result;
	bool used;

	if (action == ACT_COMMANDS) {
		effects_open(effects, SCREEN_COMMANDS, "");
		snprintf(effects->rows[effects->count - 1].text, 300, "delete %s",
			 dialog->names[0]);
		return true;
	}
	lay_out(&layout, dialog, context);
	used = form_key(&dialog->form, layout.items, ITEMS, pressed, &result);
	if (used)
		act(dialog, &result, &layout, pressed, effects);
	layout_done(&layout);
	return used;
}

static bool takes_text(const void *state)
{
	const struct delete_dialog *dialog = state;

	return dialog->form.focus == ITEM_NAME;
}

static void add_place(struct strbuf *out, const struct model *model, const struct snapshot *row)
{
	const struct list *locations = model->lists[COLLECTION_LOCATIONS];
	const struct location *location =
		row ? (const struct location *)list_by_name(locations, row->backup->location)
		    : NULL;

	if (!location)
		strbuf_adds(out, "its destination");
	else
		strbuf_addf(out, "%s%s%s", location->bucket, *location->prefix ? "/" : "",
			    location->prefix);
}

static void draw_what_goes(struct view strip, const struct delete_dialog *dialog,
			   const struct delete_sums *sums, const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_adds(&text, "Deleted for good, from this cluster and from ");
	add_place(&text, context->model, row_of(dialog, context->model, 0));
	strbuf_addc(&text, ':');
	view_field(strip, 4, 1, strip.w - 5, ROLE_TEXT, text.buf);
	strbuf_reset(&text);
	amount_add_counted(&text, (int64_t)sums->volumes, "volume copy");
	if (sums->volumes != 1) {
		strbuf_reset(&text);
		amount_add_count(&text, (int64_t)sums->volumes);
		strbuf_adds(&text, " volume copies");
	}
	strbuf_adds(&text, ", ");
	if (sums->sizes_known)
		amount_add_bytes(&text, sums->bytes);
	else
		strbuf_adds(&text, "size not read yet");
	strbuf_adds(&text, " (parts shared with other snapshots stay)");
	view_field(strip, 6, 2, strip.w - 7, ROLE_TEXT, text.buf);
	strbuf_reset(&text);
	strbuf_adds(&text, dialog->count == 1 ? "its" : "their");
	strbuf_adds(&text, " log, lists and results; ");
	amount_add_counted(&text, (int64_t)sums->restores, "restore record");
	strbuf_addf(&text, " made from %s", dialog->count == 1 ? "it" : "them");
	view_field(strip, 6, 3, strip.w - 7, ROLE_TEXT, text.buf);
	strbuf_done(&text);
}

static void draw_what_is_left(struct view strip, const struct delete_dialog *dialog,
			      const struct delete_sums *sums, const struct screen_context *context)
{
	const struct snapshot *newest = NULL;
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < context->model->snapshot_count && !newest; i++) {
		const struct snapshot *row = &context->model->snapshots[i];

		if (row->kind == SNAPSHOT_FULL && !snapshot_restore_refusal(row) &&
		    !is_named(dialog, row->backup->object.name))
			newest = row;
	}
	strbuf_adds(&text, "Left: ");
	amount_add_counted(&text, (int64_t)sums->full_left, "full snapshot");
	if (newest) {
		strbuf_adds(&text, "; the newest that can be restored is ");
		clock_add_span(&text, context->now - words_began(newest));
		strbuf_adds(&text, " old.");
	} else {
		strbuf_adds(&text, ", and none of them can be restored.");
	}
	view_field(strip, 4, 4, strip.w - 5, newest ? ROLE_TEXT : ROLE_WARNING, text.buf);
	view_field(strip, 4, 5, strip.w - 5, ROLE_TEXT,
		   "Space is freed by repository maintenance, about once an hour (Kopia).");
	strbuf_done(&text);
}

static void draw_names(struct view strip, const struct delete_dialog *dialog)
{
	size_t i;

	if (dialog->count < 2)
		return;
	for (i = 0; i < dialog->count && i < NAMES_SHOWN; i++)
		view_field(strip, 6, 6 + (int)i, strip.w - 7, ROLE_TEXT, dialog->names[i]);
	if (i < dialog->count)
		view_textf(strip, 6, 6 + (int)i, ROLE_TEXT, "and %zu more", dialog->count - i);
}

static void draw_title(struct view strip, const struct delete_dialog *dialog,
		       const struct screen_context *context)
{
	const struct snapshot *row = row_of(dialog, context->model, 0);
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;

	if (dialog->count == 1) {
		strbuf_addf(&left, "Delete %s", dialog->names[0]);
		if (row) {
			strbuf_addf(&right, "%s, ", words_kind(row->kind));
			clock_add_short(&right, words_began(row), context->now, context->zone);
			strbuf_adds(&right, ", ");
			words_add_ago(&right, context->now - words_began(row));
		}
	} else {
		strbuf_addf(&left, "Delete %zu snapshots", dialog->count);
		if (dialog->sent)
			strbuf_addf(&right, "%zu asked for", dialog->sent);
	}
	view_rule(strip, 0, ROLE_HEADING, left.buf, right.buf);
	strbuf_done(&left);
	strbuf_done(&right);
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct delete_dialog *dialog = state;
	struct delete_layout layout;
	struct view strip;

	if (dialog->count == 0)
		return;
	lay_out(&layout, dialog, context);
	strip = view_part(context->view, 0, layout.top > 0 ? layout.top : 0, context->view.w,
			  context->view.h);
	view_fill(strip, ROLE_DIALOG);
	draw_title(strip, dialog, context);
	draw_what_goes(strip, dialog, &layout.sums, context);
	draw_what_is_left(strip, dialog, &layout.sums, context);
	draw_names(strip, dialog);
	view_text(strip, 4, layout.field_y, ROLE_TEXT,
		  dialog->count == 1 ? "Type its name" : "Type these words");
	form_draw(&dialog->form, layout.items, ITEMS, strip);
	if (layout.sums.refusal) {
		view_textf(strip, 4, layout.field_y - 1, ROLE_WARNING, "Not now: %s.",
			   layout.sums.refusal);
	} else if (dialog->count > 1) {
		view_textf(strip, 4, layout.field_y - 1, ROLE_DIM, "The words are: %s",
			   layout.wanted.buf);
	}
	layout_done(&layout);
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	(void)state;
	(void)context;
	(void)right;
	strbuf_adds(left, "Delete");
}

const struct screen_ops delete_screen = {
	.id = SCREEN_DELETE,
	.name = "delete",
	.tab = 2,
	.over = true,
	.acts = true,
	.state_size = sizeof(struct delete_dialog),
	.open = open_screen,
	.close = close_screen,
	.event = event,
	.ticket = ticket,
	.key = key,
	.takes_text = takes_text,
	.draw = draw,
	.title = title,
};
