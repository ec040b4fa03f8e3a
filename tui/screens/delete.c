/* Delete one or several snapshots: a strip over the list that says what goes for good, and asks for
 * the name (design/screens.md 4.6). Several, however many, are asked for one after the other; those
 * that must not be deleted stay, and are told. */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/ops/delete_view.h"
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

struct delete_sums {
	size_t found, volumes, restores, full_left;
	int64_t bytes;
	bool sizes_known;
	const struct snapshot *first, *newest; /* of those named; newest whole one that is left */
	char refusal[400];		       /* why it cannot be deleted, "" = it can */
};

struct delete_dialog {
	struct form form;
	struct confirm confirm;
	char **names;	  /* of Backups, oldest first; owned */
	char **sorted;	  /* the same texts by name; owned array */
	size_t snapshots; /* some are made of several Backups */
	size_t count, sent;
	size_t stay;		 /* of several: those that must not be deleted */
	struct error why;	 /* of the first of them */
	uint64_t ticket;	 /* of the last one sent */
	struct delete_sums sums; /* of the latest model: not added up for each frame */
};

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool is_named(const struct delete_dialog *dialog, const char *name)
{
	return bsearch(&name, dialog->sorted, dialog->count, sizeof(*dialog->sorted), by_text);
}

/* Most rows are plainly over: only the others are looked at closely. */
static bool may_be_refused(const struct snapshot *row)
{
	return snapshot_is_running(row) || row->deletion || *row->backup->failure_reason ||
	       !phase_is_final(PHASE_BACKUP, row->backup->phase);
}

static void add_restores(struct delete_sums *sums, const struct delete_dialog *dialog,
			 const struct model *model)
{
	const struct list *restores = model->lists[COLLECTION_RESTORES];

	for (size_t i = 0; i < restores->count; i++)
		sums->restores +=
			is_named(dialog, ((const struct restore *)restores->items[i])->backup);
}

static void add_row(struct delete_sums *sums, const struct delete_dialog *dialog,
		    const struct snapshot *row)
{
	if (!is_named(dialog, row->backup->object.name)) {
		sums->full_left += row->kind == SNAPSHOT_FULL;
		if (row->kind == SNAPSHOT_FULL && !sums->newest && !snapshot_restore_refusal(row))
			sums->newest = row;
		return;
	}
	sums->first = row;
	sums->found++;
	sums->volumes += (size_t)row->volumes;
	sums->bytes += row->bytes_total > 0 ? row->bytes_total : 0;
	sums->sizes_known = sums->sizes_known && row->volumes_read;
}

static void add_up(struct delete_dialog *dialog, const struct screen_context *context)
{
	const struct model *model = context->model;
	struct delete_sums *sums = &dialog->sums;
	struct error err = ERROR_INIT;

	*sums = (struct delete_sums){ .sizes_known = true };
	for (size_t i = 0; i < model->snapshot_count; i++)
		add_row(sums, dialog, &model->snapshots[i]);
	add_restores(sums, dialog, model);
	if (!sums->found)
		snprintf(sums->refusal, sizeof(sums->refusal), "%s",
			 dialog->snapshots == 1 ? "it is gone" : "they are gone");
	else if (dialog->snapshots == 1 &&
		 delete_check(model, dialog->names[0], context->now, &err))
		snprintf(sums->refusal, sizeof(sums->refusal), "%.398s", err.text);
	if (!context->writable)
		snprintf(sums->refusal, sizeof(sums->refusal), "%s", context->not_writable);
}

static void add_wanted(struct strbuf *out, const struct delete_dialog *dialog)
{
	if (dialog->snapshots == 1)
		strbuf_adds(out, dialog->names[0]);
	else
		strbuf_addf(out, "delete %zu snapshots", dialog->snapshots);
}

/* Texts of one call. */
struct delete_layout {
	struct form_item items[ITEMS];
	struct strbuf wanted, note, label;
	int top, field_y; /* of the strip in the view; of the field in the strip */
};

static int text_lines(const struct delete_dialog *dialog)
{
	size_t names = dialog->count > 1 ? dialog->count : 0;

	return 5 + (int)(names > NAMES_SHOWN ? NAMES_SHOWN + 1 : names) + (dialog->stay > 0);
}

static void lay_out(struct delete_layout *layout, const struct delete_dialog *dialog,
		    const struct screen_context *context)
{
	const char *prompt = dialog->snapshots == 1 ? "Type its name" : "Type these words";
	int x = 5 + text_width(prompt), y = text_lines(dialog) + 2;
	const char *reason;

	memset(layout, 0, sizeof(*layout));
	strbuf_init(&layout->wanted);
	strbuf_init(&layout->note);
	strbuf_init(&layout->label);
	add_wanted(&layout->wanted, dialog);
	confirm_add_note(&layout->note, &dialog->confirm, layout->wanted.buf);
	if (dialog->snapshots == 1)
		strbuf_adds(&layout->label, "Delete for good");
	else
		strbuf_addf(&layout->label, "Delete %zu snapshots for good", dialog->snapshots);
	/* Why it cannot act stands above: beside it is Cancel. */
	reason = *dialog->sums.refusal || dialog->sent ||
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

static void take_name(struct delete_dialog *dialog, size_t *capacity, const char *name)
{
	dialog->names = mem_grow(dialog->names, dialog->count, capacity, sizeof(*dialog->names));
	dialog->names[dialog->count++] = mem_text(name);
}

static void take_names(struct delete_dialog *dialog, const char *argument)
{
	struct strbuf name = STRBUF_INIT;
	size_t capacity = 0;

	while (*argument) {
		size_t len = strcspn(argument, " ");

		strbuf_reset(&name);
		strbuf_add(&name, argument, len);
		if (len > 0)
			take_name(dialog, &capacity, name.buf);
		argument += len + strspn(argument + len, " ");
	}
	dialog->snapshots = dialog->count;
	strbuf_done(&name);
}

static void names_done(struct delete_dialog *dialog)
{
	for (size_t i = 0; i < dialog->count; i++)
		free(dialog->names[i]);
	free(dialog->names);
	free(dialog->sorted);
	dialog->names = dialog->sorted = NULL;
	dialog->count = 0;
}

static void sort_names(struct delete_dialog *dialog)
{
	free(dialog->sorted);
	dialog->sorted = mem_array(dialog->count + 1, sizeof(*dialog->sorted));
	if (dialog->count > 0)
		memcpy(dialog->sorted, dialog->names, dialog->count * sizeof(*dialog->sorted));
	if (dialog->count > 1)
		qsort(dialog->sorted, dialog->count, sizeof(*dialog->sorted), by_text);
}

/* The Backup that its row is named by first, then the other parts: a snapshot goes as a whole. */
static void take_row(struct delete_dialog *dialog, size_t *capacity, const struct model *model,
		     const struct snapshot *row)
{
	const struct list *backups = model->lists[COLLECTION_BACKUPS];

	dialog->snapshots++;
	take_name(dialog, capacity, row->backup->object.name);
	for (size_t i = 0; row->parts > 1 && i < backups->count; i++) {
		const struct backup *part = (const struct backup *)backups->items[i];

		if (part != row->backup && snapshot_holds(row, part))
			take_name(dialog, capacity, part->object.name);
	}
}

/* Oldest first, without those that must not be deleted: one of many is no reason to keep all. */
static void order_names(struct delete_dialog *dialog, const struct screen_context *context)
{
	const struct model *model = context->model;
	struct delete_dialog ordered = { .stay = 0 };
	size_t capacity = 0;

	sort_names(dialog);
	for (size_t i = model->snapshot_count; i-- > 0;) {
		const struct snapshot *row = &model->snapshots[i];
		const char *name = row->backup->object.name;
		struct error err = ERROR_INIT;

		if (!is_named(dialog, name))
			continue;
		if (dialog->count == 1 || !may_be_refused(row) ||
		    !delete_check(model, name, context->now, &err))
			take_row(&ordered, &capacity, model, row);
		else if (dialog->stay++ == 0)
			dialog->why = err;
	}
	/* One that is gone is told so. */
	if (!ordered.count && !dialog->stay)
		return;
	names_done(dialog);
	dialog->names = ordered.names;
	dialog->count = ordered.count;
	dialog->snapshots = ordered.snapshots;
	sort_names(dialog);
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct delete_dialog *dialog = state;

	take_names(dialog, argument);
	order_names(dialog, context);
	dialog->form.focus = ITEM_NAME;
	if (dialog->count > 0) {
		add_up(dialog, context);
		return;
	}
	if (dialog->stay > 0)
		effects_message(effects, MESSAGE_WARNING, "not deleted: %s", dialog->why.text);
	effects_add(effects, EFFECT_BACK);
}

static void update(void *state, const struct screen_context *context, struct effects *effects)
{
	struct delete_dialog *dialog = state;

	(void)effects;
	if (dialog->count > 0)
		add_up(dialog, context);
}

static void close_screen(void *state)
{
	names_done(state);
}

static void send_next(struct delete_dialog *dialog, struct effects *effects)
{
	effects_request(effects, REQUEST_DELETE, dialog->names[dialog->sent++], "");
	if (dialog->sent < dialog->count)
		return;
	if (dialog->snapshots == 1)
		effects_message(effects, MESSAGE_GOOD,
				"Asked to delete %s. You may leave; 3 shows how far it is.",
				dialog->names[0]);
	else
		effects_message(effects, MESSAGE_GOOD,
				"Asked to delete %zu snapshots. 3 shows how far it is.",
				dialog->snapshots);
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
		if (*dialog->sums.refusal)
			effects_message(effects, MESSAGE_WARNING, "not deleted: %s",
					dialog->sums.refusal);
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
			   const struct screen_context *context)
{
	const struct delete_sums *sums = &dialog->sums;
	struct strbuf text = STRBUF_INIT;

	strbuf_adds(&text, "Deleted for good, from this cluster and from ");
	add_place(&text, context->model, sums->first);
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
	strbuf_adds(&text, dialog->snapshots == 1 ? "its" : "their");
	strbuf_adds(&text, " log, lists and results; ");
	amount_add_counted(&text, (int64_t)sums->restores, "restore record");
	strbuf_addf(&text, " made from %s", dialog->snapshots == 1 ? "it" : "them");
	view_field(strip, 6, 3, strip.w - 7, ROLE_TEXT, text.buf);
	strbuf_done(&text);
}

static void draw_what_is_left(struct view strip, const struct delete_sums *sums,
			      const struct screen_context *context)
{
	const struct snapshot *newest = sums->newest;
	struct strbuf text = STRBUF_INIT;

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
	if (i < dialog->count) {
		view_textf(strip, 6, 6 + (int)i, ROLE_TEXT, "and %zu more", dialog->count - i);
		i++;
	}
	if (dialog->stay > 0)
		view_textf(strip, 4, 6 + (int)i, ROLE_WARNING, "%zu stay%s: %s", dialog->stay,
			   dialog->stay == 1 ? "s" : "", dialog->why.text);
}

static void draw_title(struct view strip, const struct delete_dialog *dialog,
		       const struct screen_context *context)
{
	const struct snapshot *row = dialog->sums.first;
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;

	if (dialog->snapshots == 1) {
		strbuf_addf(&left, "Delete %s", dialog->names[0]);
		if (row) {
			strbuf_addf(&right, "%s, ", words_kind(row->kind));
			clock_add_short(&right, words_began(row), context->now, context->zone);
			strbuf_adds(&right, ", ");
			words_add_ago(&right, context->now - words_began(row));
		}
	} else {
		strbuf_addf(&left, "Delete %zu snapshots", dialog->snapshots);
		if (dialog->sent)
			strbuf_addf(&right, "%zu asked for", dialog->sent);
		else if (dialog->stay)
			strbuf_addf(&right, "%zu more stay", dialog->stay);
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
	draw_what_goes(strip, dialog, context);
	draw_what_is_left(strip, &dialog->sums, context);
	draw_names(strip, dialog);
	view_text(strip, 4, layout.field_y, ROLE_TEXT,
		  dialog->snapshots == 1 ? "Type its name" : "Type these words");
	form_draw(&dialog->form, layout.items, ITEMS, strip);
	if (*dialog->sums.refusal) {
		view_textf(strip, 4, layout.field_y - 1, ROLE_WARNING, "Not now: %s.",
			   dialog->sums.refusal);
	} else if (dialog->snapshots > 1) {
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
	.update = update,
	.event = event,
	.ticket = ticket,
	.key = key,
	.takes_text = takes_text,
	.draw = draw,
	.title = title,
};
