/* One operation: what it does, how far it is, what it waits for, whether it still moves; and how it
 * ended (design/screens.md 4.5 to 4.7). */
#include "backend/base/clock.h"
#include "backend/ops/op_words.h"
#include "tui/screens/document_source.h"
#include "tui/screens/operation_draw.h"
#include "tui/screens/restore_results.h"
#include "tui/screens/screens.h"
#include "tui/screens/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct operation {
	char name[600]; /* for subject_find() */
	struct rates rates;
	size_t top; /* first volume shown */
	struct restore_results results;
};

static void settle(struct operation *operation, const struct model *model)
{
	struct subject subject = subject_find(model, operation->name);
	struct strbuf name = STRBUF_INIT;

	/* From now on the same one, also when a newer one begins. */
	if (subject_is_there(&subject)) {
		subject_add_name(&name, &subject);
		snprintf(operation->name, sizeof(operation->name), "%s", name.buf);
	}
	strbuf_done(&name);
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct operation *operation = state;

	(void)effects;
	snprintf(operation->name, sizeof(operation->name), "%s", argument);
	settle(operation, context->model);
}

static void close_screen(void *state)
{
	rates_done(&((struct operation *)state)->rates);
	restore_results_done(&((struct operation *)state)->results);
}

static enum collection volumes_of(const struct subject *subject, const char **ret_name)
{
	if (subject->restore || (subject->op && subject->op->kind == OP_RESTORE)) {
		*ret_name = subject_restore(subject);
		return COLLECTION_POD_VOLUME_RESTORES;
	}
	*ret_name = subject_backup(subject);
	return COLLECTION_POD_VOLUME_BACKUPS;
}

static void update(void *state, const struct screen_context *context, struct effects *effects)
{
	struct operation *operation = state;
	struct subject subject;
	enum collection which;
	const char *name;

	settle(operation, context->model);
	subject = subject_find(context->model, operation->name);
	restore_results_update(&operation->results, &subject, context->model, effects);
	which = volumes_of(&subject, &name);
	if (*name)
		volume_rows_note(&operation->rates, context->model, which, name, context->now_ms);
}

static void ticket(void *state, const struct request *request, uint64_t number)
{
	restore_results_ticket(&((struct operation *)state)->results, request, number);
}

static void event(void *state, const struct event *event, const struct screen_context *context,
		  struct effects *effects)
{
	(void)context;
	restore_results_event(&((struct operation *)state)->results, event, effects);
}

static void collect(struct volume_rows *rows, const struct operation *operation,
		    const struct subject *subject, const struct screen_context *context)
{
	const char *name;
	enum collection which = volumes_of(subject, &name);

	if (*name)
		volume_rows_collect(rows, context->model, which, name, &operation->rates,
				    context->now_ms);
	else
		*rows = (struct volume_rows){ .rate = -1 };
}

static void open_log(const struct subject *subject, struct effects *effects)
{
	const char *restore = subject_restore(subject);
	struct effect *effect;

	effects_open(effects, SCREEN_LOG, "");
	effect = &effects->rows[effects->count - 1];
	if (*restore)
		snprintf(effect->text, sizeof(effect->text), "RestoreLog %s", restore);
	else
		snprintf(effect->text, sizeof(effect->text), "BackupLog %s",
			 subject_backup(subject));
}

/* Everything Velero counted, to be read in full. */
static void open_problems(const struct operation *operation, const struct subject *subject,
			  struct effects *effects)
{
	struct strbuf text = STRBUF_INIT;
	struct effect *effect;

	strbuf_adds(&text, "Problems of the ");
	subject_add_title(&text, subject);
	strbuf_adds(&text, "\nkotsnap-problems.txt\n");
	(void)restore_results_add_text(&text, &operation->results);
	effects_open(effects, SCREEN_TEXT, "");
	effect = &effects->rows[effects->count - 1];
	effect->document = document_from(&text);
}

static void scroll(struct operation *operation, size_t volumes, int step)
{
	if (step < 0)
		operation->top -= operation->top > 0;
	else
		operation->top += operation->top + 1 < volumes;
}

static bool act(struct operation *operation, const struct subject *subject, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct volume_rows volumes;

	switch (action) {
	case ACT_LOGS:
		open_log(subject, effects);
		return true;
	case ACT_COPY:
		snprintf(effects_add(effects, EFFECT_COPY)->text, 254, "%s",
			 *subject_restore(subject) ? subject_restore(subject)
						   : subject_backup(subject));
		return true;
	case ACT_COMMANDS:
		effects_open(effects, SCREEN_COMMANDS, "operation");
		return true;
	case ACT_STOP:
		effects_open(effects, SCREEN_STOP, operation->name);
		return true;
	case ACT_RESTORE:
		effects_open(effects, SCREEN_RESTORE, subject_backup(subject));
		return true;
	case ACT_WRITE:
		collect(&volumes, operation, subject, context);
		operation_write(effects, context, subject, &volumes, &operation->results);
		volume_rows_done(&volumes);
		return true;
	case ACT_OPEN:
		if (subject->op && subject->op->state == OP_UNFINISHED)
			effects_open(effects, SCREEN_TAKEOVER, subject->op->id);
		else if (operation->results.groups.count)
			open_problems(operation, subject, effects);
		return true;
	case ACT_RETRY:
		return restore_results_retry(&operation->results, effects);
	case ACT_UP:
	case ACT_DOWN:
		collect(&volumes, operation, subject, context);
		scroll(operation, volumes.count, action == ACT_UP ? -1 : 1);
		volume_rows_done(&volumes);
		return true;
	default:
		return false;
	}
}

static bool key(void *state, struct key pressed, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct operation *operation = state;
	struct subject subject = subject_find(context->model, operation->name);

	(void)pressed;
	return subject_is_there(&subject) && act(operation, &subject, action, context, effects);
}

static const char *restore_refusal(const struct subject *subject,
				   const struct screen_context *context)
{
	const struct snapshot *snapshot =
		model_snapshot_by_name(context->model, subject_backup(subject));

	if (!subject_has_ended(subject))
		return "not while it runs";
	if (!snapshot)
		return "that snapshot is not there any more";
	if (snapshot_restore_refusal(snapshot))
		return snapshot_restore_refusal(snapshot);
	return context->writable ? NULL : context->not_writable;
}

static const char *refusal(const void *state, enum action_id action,
			   const struct screen_context *context)
{
	const struct operation *operation = state;
	struct subject subject = subject_find(context->model, operation->name);
	bool stored =
		(subject.restore && phase_is_final(PHASE_RESTORE, subject.restore->phase)) ||
		(subject.snapshot && phase_is_final(PHASE_BACKUP, subject.snapshot->backup->phase));

	if (action == ACT_STOP && subject_has_ended(&subject))
		return "it has ended";
	if (action == ACT_STOP && subject.op && subject.op->kind == OP_DELETE)
		return "Velero has no way to stop a deletion";
	if (action == ACT_RESTORE)
		return restore_refusal(&subject, context);
	if (action == ACT_LOGS && !stored)
		return "Velero stores the log when it has ended";
	if (action == ACT_OPEN && !(subject.op && subject.op->state == OP_UNFINISHED) &&
	    !operation->results.groups.count)
		return subject_has_ended(&subject) ? "Velero counted nothing to be shown"
						   : "nothing to take over";
	return NULL;
}

/* Lines below the steps that must stay: the verdict, and of volumes at least some. */
static int kept_free(const struct subject *subject, const struct volume_rows *volumes, int results)
{
	int lines = 1 + (results > 5 ? 5 : results) + (results ? 2 : 0);

	if (subject_has_ended(subject) && (*subject->op->why || *subject->op->next))
		lines += 5;
	else if (volumes->count > 0 && !results)
		lines += 2 + (volumes->count < 4 ? (int)volumes->count : 4);
	return lines;
}

static void draw_there(const struct operation *operation, const struct subject *subject,
		       const struct screen_context *context)
{
	struct view body = view_part(context->view, 0, 1, context->view.w, context->view.h);
	bool is_restore = subject->restore || (subject->op && subject->op->kind == OP_RESTORE);
	bool gap = body.h >= 18;
	struct volume_rows volumes;
	int y, results = restore_results_height(&operation->results);

	collect(&volumes, operation, subject, context);
	if (subject->snapshot && !(subject->op && subject->op->kind == OP_DELETE))
		y = operation_draw_snapshot(body, context, subject->snapshot, &volumes);
	else
		y = operation_draw_restore(body, context, subject, &volumes);
	if (subject->op && (is_restore || !subject->snapshot || subject->op->kind == OP_DELETE))
		y += gap +
		     operation_draw_steps(
			     view_part(body, 0, y + gap, body.w,
				       body.h - y - gap - kept_free(subject, &volumes, results)),
			     context, subject->op);
	if (subject->op && subject_has_ended(subject) && (*subject->op->why || *subject->op->next))
		y += gap + operation_draw_verdict(view_part(body, 0, y + gap, body.w, body.h),
						  subject->op);
	y += gap;
	if (results)
		restore_results_draw(&operation->results,
				     view_part(body, 0, y, body.w, body.h - y));
	else if (!(subject->op && subject->op->kind == OP_DELETE))
		volume_rows_draw(&volumes, view_part(body, 0, y, body.w, body.h), operation->top);
	volume_rows_done(&volumes);
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct operation *operation = state;
	struct subject subject = subject_find(context->model, operation->name);

	if (subject_is_there(&subject))
		draw_there(operation, &subject, context);
	else if (!*operation->name)
		mark_line(context->view, 1, MARK_OFF,
			  "Nothing runs. t on Snapshots (2) takes one.");
	else
		mark_line(context->view, 1, MARK_NOT_READ,
			  "Asked for; it has not been seen in the cluster yet.");
}

static void add_when(struct strbuf *out, const struct subject *subject,
		     const struct screen_context *context)
{
	const struct op_view *op = subject->op;
	int64_t ended = op ? op->ended : 0;

	if (subject->snapshot && !(op && op->kind == OP_DELETE)) {
		strbuf_addf(out, "%s, ", words_kind(subject->snapshot->kind));
		if (*snapshot_trigger(subject->snapshot)) {
			size_t at = out->len;

			strbuf_addf(out, "%s, ", snapshot_trigger(subject->snapshot));
			out->buf[at] = (char)tolower((unsigned char)out->buf[at]);
		}
		clock_add_hm(out, words_began(subject->snapshot), context->zone);
	} else if (ended) {
		strbuf_adds(out, "ended ");
		clock_add_hms(out, ended, context->zone);
	} else if (op) {
		strbuf_adds(out, "begun ");
		clock_add_hms(out, op->began, context->zone);
	}
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	const struct operation *operation = state;
	struct subject subject = subject_find(context->model, operation->name);

	strbuf_addf(left, "Activity %s ", glyph_text(GLYPH_PATH, context->view.canvas->ascii));
	if (!subject_is_there(&subject)) {
		strbuf_adds(left, "operation");
		return;
	}
	subject_add_title(left, &subject);
	add_when(right, &subject, context);
}

static void add_who_has_it(struct strbuf *out, const struct op_view *op,
			   const struct screen_context *context)
{
	strbuf_adds(out, "Only watching: ");
	op_add_owner(out, op->owner);
	if (op->since > 0) {
		strbuf_adds(out, " has it since ");
		clock_add_hm(out, op->since, context->zone);
	} else {
		strbuf_adds(out, " has it");
	}
	strbuf_addc(out, '.');
}

static bool note(const void *state, const struct screen_context *context, struct strbuf *out)
{
	const struct operation *operation = state;
	struct subject subject = subject_find(context->model, operation->name);

	if (!subject_is_there(&subject) || subject_has_ended(&subject))
		return false;
	if (subject.op && subject.op->state == OP_UNFINISHED)
		strbuf_adds(out, "Nobody works on it: Enter compares the record with the cluster.");
	else if (subject.op && subject.op->elsewhere)
		add_who_has_it(out, subject.op, context);
	else if (subject.op && subject.op->kind == OP_RESTORE)
		strbuf_adds(out,
			    "Recorded in the cluster: should this terminal go, anyone can take "
			    "it over.");
	else
		strbuf_adds(out, "It runs in the cluster: you may leave this screen, or kotsnap.");
	return true;
}

const struct screen_ops operation_screen = {
	.id = SCREEN_OPERATION,
	.name = "operation",
	.tab = 3,
	.state_size = sizeof(struct operation),
	.open = open_screen,
	.close = close_screen,
	.update = update,
	.event = event,
	.ticket = ticket,
	.key = key,
	.refusal = refusal,
	.draw = draw,
	.title = title,
	.note = note,
};
