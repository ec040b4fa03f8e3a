/* What is known of an operation, as text to hand on (`w`). */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "tui/screens/document_source.h"
#include "tui/screens/operation_draw.h"

#include <stdio.h>

static void add_time(struct strbuf *out, int64_t when)
{
	if (when > 0)
		clock_add_rfc3339(out, when);
	else
		strbuf_addc(out, '-');
}

static void add_line(struct strbuf *out, const char *name, const char *value)
{
	if (*value)
		strbuf_addf(out, "%-10s %s\n", name, value);
}

static void add_op(struct strbuf *out, const struct op_view *op)
{
	static const char *const states[] = { [OP_RUNNING] = "running",
					      [OP_DONE] = "done",
					      [OP_WARNINGS] = "done, with warnings",
					      [OP_FAILED] = "failed",
					      [OP_UNFINISHED] = "left unfinished",
					      [OP_CLOSED] = "given up" };

	add_line(out, "operation", op->id);
	add_line(out, "state", states[op->state]);
	add_line(out, "by", op->owner);
	strbuf_adds(out, "began      ");
	add_time(out, op->began);
	strbuf_adds(out, "\nended      ");
	add_time(out, op->ended);
	strbuf_addc(out, '\n');
	add_line(out, "verdict", op->verdict);
	add_line(out, "why", op->why);
	add_line(out, "next", op->next);
	strbuf_addf(out, "counted    %lld errors, %lld warnings\n\nSteps\n", (long long)op->errors,
		    (long long)op->warnings);
	for (size_t i = 0; i < op->step_count; i++) {
		static const char *const words[] = {
			[OP_STEP_WAITING] = "waiting", [OP_STEP_RUNNING] = "running",
			[OP_STEP_DONE] = "done",       [OP_STEP_WARNING] = "warning",
			[OP_STEP_FAILED] = "failed",   [OP_STEP_SKIPPED] = "skipped"
		};
		const struct op_step_view *step = &op->steps[i];

		strbuf_addf(out, "%3zu %-8s ", i + 1, words[step->state]);
		add_time(out, step->began);
		strbuf_addc(out, ' ');
		add_time(out, step->ended);
		strbuf_addf(out, "  %s%s%s\n", step->title, *step->detail ? ": " : "",
			    step->detail);
	}
}

static void add_restore(struct strbuf *out, const struct restore *restore)
{
	strbuf_addf(out, "\nRestore %s, of %s: %s\n", restore->object.name, restore->backup,
		    restore->phase);
	strbuf_addf(out, "%lld of %lld objects, %lld errors, %lld warnings\n",
		    (long long)restore->items_done, (long long)restore->items_total,
		    (long long)restore->errors, (long long)restore->warnings);
	add_line(out, "refused", restore->validation_error);
	add_line(out, "failure", restore->failure_reason);
}

static void add_volumes(struct strbuf *out, const struct volume_rows *volumes)
{
	if (volumes->count > 0)
		strbuf_adds(out, "\nVolumes\n");
	for (size_t i = 0; i < volumes->count; i++) {
		const struct podvolume *volume = volumes->rows[i].volume;

		volume_add_name(out, volume);
		strbuf_addf(out, ", node %s, %s, %lld of %lld bytes%s%s\n",
			    *volume->node ? volume->node : "-", volume->phase,
			    (long long)volume->bytes_done, (long long)volumes->rows[i].total,
			    *volume->message ? ": " : "", volume->message);
	}
}

void operation_write(struct effects *effects, const struct screen_context *context,
		     const struct subject *subject, const struct volume_rows *volumes,
		     const struct restore_results *results)
{
	const struct link *link = &context->model->link;
	struct strbuf text = STRBUF_INIT;
	struct effect *effect;

	subject_add_title(&text, subject);
	strbuf_addf(&text, ", on %s %s, written ", link->site ? link->site : "",
		    link->server ? link->server : "");
	add_time(&text, context->now);
	strbuf_adds(&text, "\n\n");
	if (subject->op)
		add_op(&text, subject->op);
	if (subject->restore)
		add_restore(&text, subject->restore);
	add_volumes(&text, volumes);
	if (results->groups.count)
		strbuf_adds(&text, "\nProblems\n");
	(void)restore_results_add_text(&text, results);
	effect = effects_add(effects, EFFECT_WRITE);
	effect->document = document_from(&text);
	snprintf(effect->text, sizeof(effect->text), "kotsnap-operation.txt");
}
