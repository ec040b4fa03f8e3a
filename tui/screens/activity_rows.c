#include "tui/screens/activity_rows.h"

#include "backend/base/amount.h"
#include "backend/base/mem.h"
#include "backend/kots/restore_plan.h"
#include "tui/screens/estimate.h"
#include "tui/screens/words.h"

#include <stdlib.h>
#include <string.h>

#define DAY_S 86400

static void add(struct activity_rows *rows, size_t *capacity, const struct activity_row *row)
{
	rows->rows = mem_grow(rows->rows, rows->count, capacity, sizeof(*rows->rows));
	rows->rows[rows->count++] = *row;
	rows->unfinished += row->unfinished;
}

static enum mark op_mark(enum op_state state)
{
	static const enum mark marks[] = {
		[OP_RUNNING] = MARK_RUNNING,	[OP_DONE] = MARK_GOOD,
		[OP_WARNINGS] = MARK_WARNING,	[OP_FAILED] = MARK_BAD,
		[OP_UNFINISHED] = MARK_WARNING, [OP_CLOSED] = MARK_OFF,
	};

	return marks[state];
}

/* An operation of ours has shown it already, with more to say. */
static bool op_has(const struct model *model, enum op_kind kind, const char *name)
{
	size_t i;

	for (i = 0; i < model->op_count; i++) {
		const struct op_view *op = model->ops[i];

		if (op->kind == kind &&
		    !strcmp(kind == OP_RESTORE ? op->restore : op->backup, name))
			return true;
	}
	return false;
}

static void add_ops(struct activity_rows *rows, size_t *capacity, const struct model *model)
{
	size_t i;

	for (i = 0; i < model->op_count; i++) {
		const struct op_view *op = model->ops[i];
		struct activity_row row = { .began = op->began,
					    .mark = op_mark(op->state),
					    .op = op };

		row.unfinished = op->state == OP_RUNNING || op->state == OP_UNFINISHED;
		add(rows, capacity, &row);
	}
}

static void add_restores(struct activity_rows *rows, size_t *capacity, const struct model *model)
{
	const struct list *list = model->lists[COLLECTION_RESTORES];
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct restore *restore = (const struct restore *)list->items[i];
		struct phase phase = phase_find(PHASE_RESTORE, restore->phase);
		struct activity_row row = { .mark = words_mark(phase.health), .restore = restore };

		if (op_has(model, OP_RESTORE, restore->object.name))
			continue;
		row.began = restore->started ? restore->started : restore->object.created;
		row.unfinished = !phase.final;
		if (row.mark == MARK_GOOD && restore->warnings > 0)
			row.mark = MARK_WARNING;
		add(rows, capacity, &row);
	}
}

static void add_deletions(struct activity_rows *rows, size_t *capacity,
			  const struct screen_context *context)
{
	const struct model *model = context->model;
	const struct list *list = model->lists[COLLECTION_DELETE_REQUESTS];
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct delete_request *request =
			(const struct delete_request *)list->items[i];
		struct phase phase = phase_find(PHASE_DELETE, request->phase);
		struct activity_row row = { .mark = words_mark(phase.health), .deletion = request };

		if (op_has(model, OP_DELETE, request->backup))
			continue;
		row.began = request->object.created;
		row.unfinished = !phase.final;
		if (phase.final && request->error_count > 0)
			row.mark = MARK_BAD;
		row.leftover = model_leftover(model, request, context->now);
		if (row.leftover == LEFTOVER_STUCK)
			row.mark = MARK_WARNING;
		add(rows, capacity, &row);
	}
}

static void add_snapshots(struct activity_rows *rows, size_t *capacity,
			  const struct screen_context *context)
{
	const struct model *model = context->model;
	size_t i;

	for (i = 0; i < model->snapshot_count; i++) {
		const struct snapshot *snapshot = &model->snapshots[i];
		struct activity_row row = { .snapshot = snapshot };

		row.began = words_began(snapshot);
		row.unfinished = snapshot_is_running(snapshot);
		if (row.began < context->now - ACTIVITY_DAYS * DAY_S && !row.unfinished)
			break; /* newest first: the rest is older and ended */
		if (op_has(model, OP_TAKE, snapshot->backup->object.name))
			continue;
		row.mark = words_mark(phase_find(PHASE_BACKUP, snapshot->phase).health);
		if (row.mark == MARK_GOOD)
			row.mark = words_mark(snapshot->health);
		add(rows, capacity, &row);
	}
}

static int by_urgency(const void *left, const void *right)
{
	const struct activity_row *a = left, *b = right;

	if (a->unfinished != b->unfinished)
		return a->unfinished ? -1 : 1;
	if (a->unfinished && mark_is_problem(a->mark) != mark_is_problem(b->mark))
		return mark_is_problem(a->mark) ? -1 : 1;
	if (a->began != b->began)
		return a->began > b->began ? -1 : 1;
	return strcmp(activity_uid(a), activity_uid(b));
}

void activity_rows_gather(struct activity_rows *rows, const struct screen_context *context)
{
	size_t capacity = 0;

	activity_rows_done(rows);
	add_ops(rows, &capacity, context->model);
	add_restores(rows, &capacity, context->model);
	add_deletions(rows, &capacity, context);
	add_snapshots(rows, &capacity, context);
	if (rows->count > 1)
		qsort(rows->rows, rows->count, sizeof(*rows->rows), by_urgency);
}

void activity_rows_done(struct activity_rows *rows)
{
	free(rows->rows);
	memset(rows, 0, sizeof(*rows));
}

const char *activity_uid(const struct activity_row *row)
{
	if (row->op)
		return row->op->id;
	if (row->restore)
		return row->restore->object.uid;
	return row->deletion ? row->deletion->object.uid : row->snapshot->backup->object.uid;
}

const char *activity_backup(const struct activity_row *row)
{
	if (row->op)
		return row->op->backup;
	if (row->restore)
		return row->restore->backup;
	return row->deletion ? row->deletion->backup : row->snapshot->backup->object.name;
}

void activity_add_what(struct strbuf *out, const struct activity_row *row,
		       const struct screen_context *context)
{
	static const char *const verbs[] = {
		[OP_TAKE] = "snapshot", [OP_DELETE] = "delete", [OP_RESTORE] = "restore"
	};
	const struct op_view *op = row->op;

	if (op && op->kind == OP_RESTORE) {
		strbuf_addf(out, "restore %s", words_op_what(op));
	} else if (op) {
		strbuf_addf(out, "%s %s", verbs[op->kind],
			    *op->backup	    ? op->backup
			    : *op->app_slug ? op->app_slug
					    : "of everything");
	} else if (row->restore) {
		const char *slug = row->restore->app;

		strbuf_addf(out, "restore %s",
			    *slug ? words_app_title(context->model->console, slug)
				  : row->restore->object.name);
	} else {
		strbuf_addf(out, "%s %s", row->deletion ? "delete" : "snapshot",
			    activity_backup(row));
	}
}

static void add_op_result(struct strbuf *out, const struct op_view *op)
{
	switch (op->state) {
	case OP_RUNNING:
		strbuf_addf(out, "Step %zu/%zu", estimate_step(op), op->step_count);
		break;
	case OP_DONE:
		strbuf_adds(out, "Done");
		break;
	case OP_WARNINGS:
		strbuf_adds(out, "Done, ");
		amount_add_counted(out, op->warnings, "warning");
		break;
	case OP_FAILED:
		strbuf_adds(out, "Failed");
		break;
	case OP_UNFINISHED:
		strbuf_adds(out, "Left unfinished");
		break;
	case OP_CLOSED:
		strbuf_adds(out, "Given up");
		break;
	}
}

static void add_restore_result(struct strbuf *out, const struct restore *restore)
{
	struct phase phase = phase_find(PHASE_RESTORE, restore->phase);

	if (phase.health == HEALTH_GOOD && restore->warnings > 0) {
		strbuf_adds(out, "Done, ");
		amount_add_counted(out, restore->warnings, "warning");
		return;
	}
	strbuf_adds(out, phase.word);
	if (restore->object.deleted)
		strbuf_adds(out, " (being deleted)");
	else if (!phase.final && restore->items_total > 0)
		strbuf_addf(out, " %d %%",
			    (int)(restore->items_done * 100 / restore->items_total > 99
					  ? 99
					  : restore->items_done * 100 / restore->items_total));
}

void activity_add_result(struct strbuf *out, const struct activity_row *row)
{
	if (row->op)
		add_op_result(out, row->op);
	else if (row->restore)
		add_restore_result(out, row->restore);
	else if (row->leftover == LEFTOVER_ORPHAN)
		strbuf_adds(out, "Left over");
	else if (row->leftover == LEFTOVER_STUCK)
		strbuf_adds(out, "Hangs");
	else if (row->deletion && row->deletion->error_count > 0)
		strbuf_adds(out, "Not deleted");
	else if (row->deletion)
		strbuf_adds(out, phase_find(PHASE_DELETE, row->deletion->phase).word);
	else
		snapshot_add_status(out, row->snapshot);
}

void activity_add_by(struct strbuf *out, const struct activity_row *row)
{
	const char *trigger = row->snapshot ? snapshot_trigger(row->snapshot) : "";

	if (row->op)
		strbuf_adds(out, *row->op->owner ? row->op->owner : "?");
	else if (row->snapshot && *row->snapshot->backup->kotsnap_origin)
		strbuf_adds(out, row->snapshot->backup->kotsnap_origin);
	else if (!strcmp(trigger, "Scheduled"))
		strbuf_adds(out, "schedule");
	else if (*trigger)
		strbuf_adds(out, "by hand");
	else
		strbuf_addc(out, '-');
}

static bool ends_open(const char *text)
{
	return *text && text[strlen(text) - 1] != '.';
}

static void add_op_story(struct strbuf *out, const struct op_view *op)
{
	size_t step = estimate_step(op);

	if (op->state == OP_UNFINISHED) {
		strbuf_addf(out, "%s stopped at step %zu of %zu. ",
			    *op->owner ? op->owner : "Somebody", step, op->step_count);
		strbuf_adds(out,
			    "Velero may have ended its part by itself. Enter compares the record "
			    "with the cluster, and lets you take it over.");
		return;
	}
	if (*op->verdict) {
		strbuf_addf(out, "%s %s%s %s", op->verdict, op->why, ends_open(op->why) ? "." : "",
			    op->next);
		return;
	}
	if (step > 0 && step <= op->step_count)
		strbuf_addf(out, "Step %zu of %zu: %s. %s", step, op->step_count,
			    op->steps[step - 1].title, op->steps[step - 1].detail);
}

static void add_restore_story(struct strbuf *out, const struct restore *restore,
			      const struct screen_context *context)
{
	const char *why =
		*restore->validation_error ? restore->validation_error : restore->failure_reason;

	strbuf_addf(out, "Restore %s, from %s", restore->object.name, restore->backup);
	if (restore->completed) {
		strbuf_adds(out, ", took ");
		words_add_took(out, restore->started, restore->completed);
		strbuf_adds(out, ", ended ");
		clock_add_hm(out, restore->completed, context->zone);
	}
	strbuf_adds(out, ". ");
	amount_add_counted(out, restore->errors, "error");
	strbuf_adds(out, ", ");
	amount_add_counted(out, restore->warnings, "warning");
	strbuf_adds(out, ", counted by Velero.");
	if (*why)
		strbuf_addf(out, " \"%s\"", why);
}

static void add_deletion_story(struct strbuf *out, const struct delete_request *request,
			       const struct screen_context *context)
{
	const char *name = request->object.name;

	switch (model_leftover(context->model, request, context->now)) {
	case LEFTOVER_FAILED:
		strbuf_addf(out, "Velero processed the request %s with ", name);
		amount_add_counted(out, request->error_count, "error");
		strbuf_addf(out, ": \"%s\" d removes it.", request->error);
		break;
	case LEFTOVER_STUCK:
		strbuf_addf(out,
			    "Request %s hangs: a Velero that was restarted takes up no "
			    "request it was at. Delete the snapshot again; d removes this.",
			    name);
		break;
	case LEFTOVER_ORPHAN:
		strbuf_addf(out,
			    "The snapshot is gone, its request %s is left: Velero removes it "
			    "a day after it was processed. d removes it now.",
			    name);
		break;
	case LEFTOVER_NOT:
		strbuf_addf(out, "Request %s. Velero does not say how far it is.", name);
		break;
	}
}

void activity_add_story(struct strbuf *out, const struct activity_row *row,
			const struct screen_context *context)
{
	if (row->op) {
		add_op_story(out, row->op);
	} else if (row->restore) {
		add_restore_story(out, row->restore, context);
	} else if (row->deletion) {
		add_deletion_story(out, row->deletion, context);
	} else {
		strbuf_adds(out, "Enter shows what it does or did; 2 shows it among the others.");
	}
}
