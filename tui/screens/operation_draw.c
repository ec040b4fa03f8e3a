#include "tui/screens/operation_draw.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/screens/estimate.h"
#include "tui/screens/words.h"

#include <string.h>

#define WORD_X	4
#define BAR_X	17
#define FACT_X	4
#define VALUE_X 22

static int percent_of(int64_t done, int64_t total)
{
	return total > 0 ? (int)(done >= total ? 99 : done * 100 / total) : -1;
}

/* "  ◐ Running    [████░░░░]  43 %" */
static void draw_head(struct view view, enum mark mark, const char *word, int percent)
{
	int x = WORD_X + text_width(word) + 2, width;

	mark_draw(view, 2, 0, mark);
	view_field(view, WORD_X, 0, view.w - WORD_X - 1,
		   mark_is_problem(mark) ? mark_role(mark) : ROLE_HEADING, word);
	if (percent < 0)
		return;
	x = x < BAR_X ? BAR_X : x;
	width = view.w - x - 24;
	if (width < 12)
		return;
	view_bar(view, x, 0, width, percent * 10);
	view_textf(view, x + width + 2, 0, ROLE_TEXT, "%d %%", percent);
}

/* usual_bytes: of an earlier one of the kind, which speaks for the volumes whose size is not known
 * yet; 0 = none. */
static void add_bytes(struct strbuf *out, const struct volume_rows *volumes, int64_t usual_bytes)
{
	int64_t total = volumes->bytes_total;

	if (volumes->count == 0)
		return;
	if (!volumes->totals_known && usual_bytes > total)
		total = usual_bytes;
	amount_add_bytes(out, volumes->bytes_done);
	if (total > 0) {
		strbuf_adds(out, volumes->totals_known ? " of " : " of about ");
		amount_add_bytes(out, total);
	}
	if (volumes->rate >= 0) {
		strbuf_adds(out, ", ");
		amount_add_rate(out, volumes->rate);
	}
	strbuf_adds(out, ". ");
}

static bool all_still(const struct volume_rows *volumes)
{
	size_t moving = 0;

	for (size_t i = 0; i < volumes->count; i++)
		moving += !strcmp(volumes->rows[i].volume->phase, "InProgress") &&
			  volumes->rows[i].mark != MARK_WARNING;
	return volumes->stalled > 0 && moving == 0;
}

static int64_t bytes_of_last_like(const struct model *model, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < model->snapshot_count; i++) {
		const struct snapshot *row = &model->snapshots[i];

		if (row->kind == snapshot->kind && !strcmp(row->backup->phase, "Completed") &&
		    !strcmp(row->backup->kots_app_id, snapshot->backup->kots_app_id))
			return row->bytes_total;
	}
	return 0;
}

static int draw_running_words(struct view view, const struct screen_context *context,
			      const struct snapshot *snapshot, const struct volume_rows *volumes)
{
	struct strbuf text = STRBUF_INIT;
	struct estimate estimate;
	int used;

	add_bytes(&text, volumes, bytes_of_last_like(context->model, snapshot));
	if (snapshot->backup->started > 0) {
		clock_add_span(&text, context->now - snapshot->backup->started);
		strbuf_adds(&text, " so far, ");
	}
	estimate_left(context->model, snapshot, context->now, volumes->slowest_s, &estimate);
	if (volumes->stalled > 0)
		estimate.known = false;
	if (volumes->stalled > 0)
		strbuf_adds(&text, "time left unknown while a volume stands still");
	else
		estimate_add_left(&text, &estimate);
	if (estimate.known) {
		strbuf_addf(&text, ", judged by the last %zu %s snapshots (", estimate.runs,
			    words_kind(snapshot->kind));
		estimate_add_range(&text, estimate.took_low, estimate.took_high);
		strbuf_addc(&text, ')');
	}
	strbuf_addc(&text, '.');
	used = view_wrap(view_part(view, 4, 1, view.w - 5, 2), 0, 0, 2, ROLE_TEXT, text.buf);
	strbuf_done(&text);
	return 1 + used;
}

static void draw_step(struct view view, int y, enum mark mark, const char *name,
		      const struct strbuf *words)
{
	mark_fact_draw(view, y, &(struct mark_fact){ mark, name, words->buf, "", VALUE_X, 0 });
}

static enum mark copying_mark(const struct snapshot *snapshot, const struct volume_rows *volumes)
{
	if (volumes->failed > 0)
		return MARK_BAD;
	if (volumes->stalled > 0)
		return MARK_WARNING;
	if (phase_is_final(PHASE_BACKUP, snapshot->backup->phase) ||
	    text_starts(snapshot->backup->phase, "Finalizing"))
		return MARK_GOOD;
	return snapshot->backup->started > 0 ? MARK_RUNNING : MARK_OFF;
}

static void draw_copying(struct view view, int y, const struct snapshot *snapshot,
			 const struct volume_rows *volumes)
{
	const struct backup *backup = snapshot->backup;
	struct strbuf text = STRBUF_INIT;

	amount_add_count(&text, backup->items_done);
	if (backup->items_total > 0) {
		strbuf_adds(&text, " of about ");
		amount_add_count(&text, backup->items_total);
	}
	strbuf_addf(&text, " objects, %zu of %zu volumes", volumes->done, volumes->count);
	if (backup->hooks > 0) {
		strbuf_adds(&text, ", ");
		amount_add_counted(&text, backup->hooks, "script");
	}
	if (backup->hooks_failed > 0)
		strbuf_addf(&text, ", %lld failed", (long long)backup->hooks_failed);
	draw_step(view, y, copying_mark(snapshot, volumes), "Copying", &text);
	strbuf_done(&text);
}

static void draw_accepted(struct view view, int y, const struct screen_context *context,
			  const struct backup *backup)
{
	struct strbuf text = STRBUF_INIT;
	int64_t waited = backup->started - backup->object.created;

	if (backup->started > 0) {
		clock_add_hms(&text, backup->started, context->zone);
		strbuf_adds(&text, ", after ");
		clock_add_span(&text, waited > 0 ? waited : 0);
		draw_step(view, y, MARK_GOOD, "Accepted", &text);
	} else {
		strbuf_adds(&text, "asked for ");
		clock_add_hms(&text, backup->object.created, context->zone);
		strbuf_adds(&text, ", not picked up by Velero yet");
		draw_step(view, y, MARK_OFF, "Accepted", &text);
	}
	strbuf_done(&text);
}

static void draw_plugins(struct view view, int y, const struct backup *backup)
{
	struct strbuf text = STRBUF_INIT;

	if (backup->operations > 0)
		strbuf_addf(&text, "%lld of %lld operations done",
			    (long long)backup->operations_done, (long long)backup->operations);
	else
		strbuf_adds(&text, "none has asked for more time");
	draw_step(view, y, backup->operations > backup->operations_done ? MARK_RUNNING : MARK_OFF,
		  "Plug-ins", &text);
	strbuf_done(&text);
}

static void draw_finishing(struct view view, int y, const struct screen_context *context,
			   const struct backup *backup)
{
	struct strbuf text = STRBUF_INIT;
	bool final = phase_is_final(PHASE_BACKUP, backup->phase);

	if (final && backup->completed > 0)
		clock_add_hms(&text, backup->completed, context->zone);
	else
		strbuf_adds(&text, "log, lists and results go to the destination last");
	draw_step(view, y,
		  final					     ? MARK_GOOD
		  : text_starts(backup->phase, "Finalizing") ? MARK_RUNNING
							     : MARK_OFF,
		  "Finishing", &text);
	strbuf_done(&text);
}

static int draw_ended_words(struct view view, const struct screen_context *context,
			    const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;
	struct strbuf text = STRBUF_INIT;
	int used;

	if (*backup->validation_error)
		strbuf_addf(&text, "\"%s\"", backup->validation_error);
	else if (*backup->failure_reason)
		strbuf_addf(&text, "\"%s\"", backup->failure_reason);
	else if (backup->completed > 0) {
		strbuf_adds(&text, "Ended ");
		clock_add_short(&text, backup->completed, context->now, context->zone);
		strbuf_adds(&text, ", took ");
		words_add_took(&text, backup->started, backup->completed);
		strbuf_adds(&text, ". ");
		amount_add_counted(&text, backup->errors, "error");
		strbuf_adds(&text, ", ");
		amount_add_counted(&text, backup->warnings, "warning");
		strbuf_adds(&text, ", counted by Velero.");
	}
	used = view_wrap(view_part(view, 4, 1, view.w - 5, 2), 0, 0, 2, ROLE_TEXT, text.buf);
	strbuf_done(&text);
	return 1 + used;
}

int operation_draw_snapshot(struct view view, const struct screen_context *context,
			    const struct snapshot *snapshot, const struct volume_rows *volumes)
{
	const struct backup *backup = snapshot->backup;
	struct phase phase = phase_find(PHASE_BACKUP, backup->phase);
	bool running = snapshot_is_running(snapshot), still = running && all_still(volumes);
	enum mark mark = volumes->stalled > 0 ? MARK_WARNING : (enum mark)snapshot->health;
	const char *word = still		  ? "Nothing has moved for 3 min"
			   : volumes->stalled > 0 ? "Running, in part stalled"
						  : phase.word;
	int y;

	draw_head(view, mark, word, running ? snapshot_percent(snapshot) : -1);
	y = running ? draw_running_words(view, context, snapshot, volumes)
		    : draw_ended_words(view, context, snapshot);
	/* Refused: it never began, so no step of it did. */
	if (*backup->validation_error)
		return y;
	y += view.h >= 20;
	draw_accepted(view, y++, context, backup);
	draw_copying(view, y++, snapshot, volumes);
	draw_plugins(view, y++, backup);
	draw_finishing(view, y++, context, backup);
	return y;
}

static enum mark op_mark(enum op_state state)
{
	static const enum mark marks[] = { [OP_RUNNING] = MARK_RUNNING,	   [OP_DONE] = MARK_GOOD,
					   [OP_WARNINGS] = MARK_WARNING,   [OP_FAILED] = MARK_BAD,
					   [OP_UNFINISHED] = MARK_WARNING, [OP_CLOSED] = MARK_OFF };

	return marks[state];
}

static void add_op_word(struct strbuf *out, const struct op_view *op)
{
	static const char *const doing[] = {
		[OP_TAKE] = "Taking", [OP_DELETE] = "Deleting", [OP_RESTORE] = "Restoring"
	};
	const char *what = words_op_what(op);

	size_t step = estimate_step(op);

	/* One of several parts: the step says which. */
	if (op->state == OP_RUNNING && op->kind == OP_RESTORE && !*op->app_slug && step > 0 &&
	    restore_step_changes(op->steps[step - 1].what))
		strbuf_adds(out, op->steps[step - 1].title);
	else if (op->state == OP_RUNNING)
		strbuf_addf(out, "%s %s", doing[op->kind], what);
	else if (op->state == OP_UNFINISHED)
		strbuf_addf(out, "Left unfinished by %s", op->owner);
	else if (op->state == OP_CLOSED)
		strbuf_adds(out, "Given up");
	else
		strbuf_adds(out, *op->verdict		  ? op->verdict
				 : op->state == OP_FAILED ? "Failed"
							  : "Done");
}

/* "213 of 213 objects, 4 of 4 volumes, 147 GiB, in 52 min. 0 errors, 3 warnings, by Velero." */
static void add_counts(struct strbuf *out, const struct subject *subject,
		       const struct volume_rows *volumes)
{
	const struct restore *restore = subject->restore;
	const struct op_view *op = subject->op;
	bool one = restore && (!op || *op->app_slug);
	int64_t took = op	 ? op->ended - op->began
		       : restore ? restore->completed - restore->started
				 : 0;

	if (one && restore->items_total > 0) {
		amount_add_count(out, restore->items_done);
		strbuf_adds(out, " of ");
		amount_add_counted(out, restore->items_total, "object");
		if (volumes->count > 0) {
			strbuf_addf(out, ", %zu of ", volumes->done);
			amount_add_counted(out, (int64_t)volumes->count, "volume");
		}
		if (volumes->bytes_done > 0) {
			strbuf_adds(out, ", ");
			amount_add_bytes(out, volumes->bytes_done);
		}
		strbuf_adds(out, ". ");
	}
	if (took > 0) {
		strbuf_adds(out, "It took ");
		clock_add_span(out, took);
		strbuf_adds(out, ". ");
	}
	amount_add_counted(out, op ? op->errors : restore ? restore->errors : 0, "error");
	strbuf_adds(out, ", ");
	amount_add_counted(out, op ? op->warnings : restore ? restore->warnings : 0, "warning");
	strbuf_adds(out, ", counted by Velero.");
}

/* While the Admin Console is being restored it does not answer: until which step; 0 = it does. */
static size_t console_back_at(const struct op_view *op)
{
	size_t up = 0;

	for (size_t i = 0; i < op->step_count; i++)
		if (op->steps[i].what == STEP_CONSOLE_UP)
			up = i + 1;
	if (!up || (op->steps[up - 1].state != OP_STEP_WAITING &&
		    op->steps[up - 1].state != OP_STEP_RUNNING))
		return 0;
	for (size_t i = 0; i < up; i++)
		if (op->steps[i].what == STEP_REMOVED && op->steps[i].state != OP_STEP_WAITING)
			return up;
	return 0;
}

static void add_restore_words(struct strbuf *out, const struct screen_context *context,
			      const struct subject *subject, const struct volume_rows *volumes)
{
	int64_t began = subject->op	   ? subject->op->began
			: subject->restore ? subject->restore->started
					   : 0;

	if (subject_has_ended(subject)) {
		add_counts(out, subject, volumes);
		return;
	}
	if (subject->op && console_back_at(subject->op))
		strbuf_addf(out, "The Admin Console does not answer: expected until step %zu. ",
			    console_back_at(subject->op));
	add_bytes(out, volumes, 0);
	if (began > 0 && context->now > began) {
		clock_add_span(out, context->now - began);
		strbuf_adds(out, " so far. ");
	}
	if (volumes->stalled > 0)
		strbuf_adds(out, "Time left unknown: a volume stands still.");
	else if (volumes->slowest_s > 0) {
		strbuf_adds(out, "The volumes need ");
		clock_add_span(out, volumes->slowest_s);
		strbuf_adds(out, " more at this rate.");
	} else {
		strbuf_adds(out, "Time left unknown.");
	}
}

int operation_draw_restore(struct view view, const struct screen_context *context,
			   const struct subject *subject, const struct volume_rows *volumes)
{
	struct strbuf text = STRBUF_INIT;
	bool ended = subject_has_ended(subject);
	struct phase phase =
		phase_find(PHASE_RESTORE, subject->restore ? subject->restore->phase : "");
	enum mark mark = subject->op ? op_mark(subject->op->state) : (enum mark)phase.health;
	int used;

	if (subject->op)
		add_op_word(&text, subject->op);
	else
		strbuf_addf(&text, "%s", phase.word);
	if (!ended && volumes->stalled > 0)
		mark = MARK_WARNING;
	draw_head(view, mark, text.buf,
		  ended || volumes->count == 0
			  ? -1
			  : percent_of(volumes->bytes_done, volumes->bytes_total));
	strbuf_reset(&text);
	add_restore_words(&text, context, subject, volumes);
	used = view_wrap(view_part(view, 4, 1, view.w - 5, 3), 0, 0, 3, ROLE_TEXT, text.buf);
	strbuf_done(&text);
	return 1 + used;
}

/* How the pods are after a bad end: what the steps that looked have seen. */
static const char *now_of(const struct op_view *op, struct strbuf *text)
{
	for (size_t i = 0; op->kind == OP_RESTORE && i < op->step_count; i++) {
		const struct op_step_view *step = &op->steps[i];

		if (step->what == STEP_CHECKED && step->state != OP_STEP_WAITING && *step->detail)
			strbuf_addf(text, "%s%s", text->len ? "; " : "", step->detail);
	}
	return text->buf;
}

int operation_draw_verdict(struct view view, const struct op_view *op)
{
	bool well = op->state == OP_DONE || op->state == OP_WARNINGS;
	struct strbuf now = STRBUF_INIT;
	const struct {
		const char *name, *text;
	} parts[] = { { well ? "Checked" : "Why", op->why },
		      { "Now", well ? "" : now_of(op, &now) },
		      { "Next", op->next } };
	int y = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!*parts[i].text)
			continue;
		view_text(view, 4, y, ROLE_DIM, parts[i].name);
		y += view_wrap(view_part(view, 13, y, view.w - 14, 4), 0, 0, 4, ROLE_TEXT,
			       parts[i].text);
	}
	strbuf_done(&now);
	return y;
}
