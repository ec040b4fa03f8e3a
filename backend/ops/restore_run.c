#include "backend/ops/restore_run.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/kots/labels.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_WAIT_MS	1000
#define LONGEST_WAIT_MS 15000

/* ---- what others see ---- */

void run_show(struct restore_run *run)
{
	struct restore_shown shown = { .id = run->id,
				       .owner = op_owner(run->op.world),
				       .plan = run->plan,
				       .began = run->began,
				       .notes = run->notes,
				       .end = run->ending ? &run->end : NULL };

	op_publish(&run->op, restore_view(&shown));
}

const struct model *run_model(const struct restore_run *run)
{
	return run->op.world->model(run->op.world->arg);
}

enum restore_step run_step(const struct restore_run *run)
{
	return run->plan->steps[run->at];
}

int64_t run_step_ms(const struct restore_run *run)
{
	return clock_monotonic_ms() - run->step_began_ms;
}

void run_say(struct restore_run *run, enum op_step_state state, const char *fmt, ...)
{
	struct restore_note *note = &run->notes[run_step(run)];
	struct strbuf text = STRBUF_INIT;
	va_list args;

	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	free(note->detail);
	note->detail = strbuf_detach(&text);
	note->state = state;
	run_show(run);
}

/* ---- what a step has under way ---- */

static void timer_fired(void *arg)
{
	struct restore_run *run = arg;

	run->timer = 0;
	run->timer_done(run);
}

static void drop_timer(struct restore_run *run)
{
	if (run->timer)
		transport_cancel_timer(run->op.world->transport, run->timer);
	run->timer = 0;
}

void run_after(struct restore_run *run, int64_t delay_ms, void (*fire)(struct restore_run *run))
{
	drop_timer(run);
	run->timer_done = fire;
	run->timer = transport_after(run->op.world->transport, delay_ms, timer_fired, run);
}

static void call_answered(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;

	run->call = 0;
	run->call_done(run, reply, err);
}

void run_call(struct restore_run *run, const struct client_call *call, client_done *done)
{
	run->call_done = done;
	run->call = client_call(run->op.world->client, call, call_answered, run);
}

bool run_lost(struct restore_run *run, const struct error *err,
	      void (*again)(struct restore_run *run))
{
	int64_t wait_ms = FIRST_WAIT_MS;

	if (!err || (err->http != 429 && !creation_answer_was_lost(err))) {
		run->lost_tries = 0;
		return false;
	}
	for (int i = 0; i < run->lost_tries && wait_ms < LONGEST_WAIT_MS; i++)
		wait_ms *= 2;
	run->lost_tries++;
	run_say(run, OP_STEP_WARNING, "waits for the cluster: %s", err->text);
	run_after(run, wait_ms < LONGEST_WAIT_MS ? wait_ms : LONGEST_WAIT_MS, again);
	return true;
}

void run_step_clear(struct restore_run *run)
{
	drop_timer(run);
	if (run->call)
		client_cancel(run->op.world->client, run->call);
	run->call = 0;
	run->lost_tries = 0;
	creation_free(run->creation);
	run->creation = NULL;
	sweep_cancel(run->sweep);
	run->sweep = NULL;
	app_objects_done(&run->objects);
	app_objects_init(&run->objects, run->plan->app_slug, run->selector);
	removal_work_free(run->removal);
	run->removal = NULL;
	console_execute_cancel(run->marking);
	run->marking = NULL;
}

void run_add_restore_path(struct strbuf *out, const struct restore_run *run)
{
	client_add_path(out, &restore_kind, run->plan->velero_namespace, run->plan->restore);
}

void run_get_restore(struct restore_run *run, client_done *done)
{
	struct strbuf path = STRBUF_INIT, what = STRBUF_INIT;
	struct client_call call = { 0 };

	run_add_restore_path(&path, run);
	strbuf_addf(&what, "look for Restore %s", run->plan->restore);
	call.path = path.buf;
	call.what = what.buf;
	run_call(run, &call, done);
	strbuf_done(&path);
	strbuf_done(&what);
}

bool run_restore_is_ours(const struct restore_run *run, const struct json *restore)
{
	return !strcmp(json_text(restore, "metadata.labels.[" KOTSNAP_REQUEST "]"), run->id);
}

void run_take_restore(struct restore_run *run, const struct json *restore)
{
	struct error err = ERROR_INIT;
	const struct restore *decoded = restore_decode(restore, &err);

	free(run->restore_uid);
	run->restore_uid = mem_text(json_text(restore, "metadata.uid"));
	if (!decoded) {
		log_line("op", "%s", err.text);
		return;
	}
	object_unref(run->restore);
	run->restore = decoded;
}

/* ---- from step to step ---- */

void run_enter(struct restore_run *run, size_t at)
{
	struct restore_note *note;

	run_step_clear(run);
	run->at = at;
	run->in_step = false;
	note = &run->notes[run_step(run)];
	note->state = OP_STEP_RUNNING;
	note->began = clock_now();
	run_show(run);
	journal_writer_put(run->writer);
}

/* The restore went through all steps. */
static void end_of_steps(struct restore_run *run)
{
	const struct restore *restore = run->restore;
	int64_t warnings = restore ? restore->warnings : 0;
	bool clean = !warnings && !run->marks_wrong;
	struct strbuf verdict = STRBUF_INIT, why = STRBUF_INIT;
	struct restore_end end = { .state = clean ? OP_DONE : OP_WARNINGS,
				   .warnings = warnings,
				   .errors = restore ? restore->errors : 0 };

	strbuf_addf(&verdict, "%s is back as it was in %s", restore_app_name(run->plan),
		    run->plan->backup);
	if (warnings) {
		strbuf_adds(&verdict, ", with ");
		amount_add_counted(&verdict, warnings, "warning");
	}
	strbuf_addc(&verdict, '.');
	for (size_t i = 0; i < run->plan->step_count; i++) {
		const struct restore_note *note = &run->notes[run->plan->steps[i]];

		if (note->state == OP_STEP_WARNING && note->detail)
			strbuf_addf(&why, "%s%s.", why.len ? " " : "", note->detail);
	}
	if (!why.len)
		restore_health_add(&why, &run->health);
	end.verdict = verdict.buf;
	end.why = why.buf;
	end.next = warnings ? "Its results say which objects are meant." : "";
	run_end(run, &end);
	strbuf_done(&verdict);
	strbuf_done(&why);
}

void run_leave(struct restore_run *run, enum op_step_state state)
{
	struct restore_note *note = &run->notes[run_step(run)];

	note->state = state;
	note->ended = clock_now();
	run->marks_wrong += state == OP_STEP_WARNING;
}

void run_next(struct restore_run *run, enum op_step_state state)
{
	run_leave(run, state);
	if (run->at + 1 < run->plan->step_count)
		run_enter(run, run->at + 1);
	else
		end_of_steps(run);
}

void run_jump(struct restore_run *run, enum restore_step step)
{
	size_t at = run->at;

	run_leave(run, OP_STEP_DONE);
	while (at + 1 < run->plan->step_count && run->plan->steps[at] != step) {
		struct restore_note *note = &run->notes[run->plan->steps[at++]];

		note->state = OP_STEP_DONE;
		if (!note->detail)
			note->detail = mem_text("found done");
	}
	run_enter(run, at);
}

void run_keep_end(struct restore_run *run, const struct restore_end *end)
{
	char *verdict = mem_text(end->verdict), *why = mem_text(end->why),
	     *next = mem_text(end->next);

	free(run->end_verdict);
	free(run->end_why);
	free(run->end_next);
	run->end = *end;
	run->end.ended = clock_now();
	run->end.verdict = run->end_verdict = verdict;
	run->end.why = run->end_why = why;
	run->end.next = run->end_next = next;
}

void run_finish(struct restore_run *run)
{
	bool well = run->end.state == OP_DONE || run->end.state == OP_WARNINGS;

	journal_writer_stop(run->writer);
	run_show(run);
	op_end(&run->op, well ? NULL : &run->end_error);
}

void run_end(struct restore_run *run, const struct restore_end *end)
{
	run_step_clear(run);
	run_keep_end(run, end);
	run->ending = true;
	if (run->end.state == OP_FAILED && !run->end_error.code) {
		error_set(&run->end_error, STATUS_FAILED, "%s%s%s", run->end_verdict,
			  *run->end_why ? " " : "", run->end_why);
		error_hint(&run->end_error, "%s", run->end_next);
	}
	for (size_t i = run->at + 1; i < run->plan->step_count; i++)
		if (run->notes[run->plan->steps[i]].state == OP_STEP_WAITING)
			run->notes[run->plan->steps[i]].state = OP_STEP_SKIPPED;
	run_show(run);
	journal_writer_put(run->writer);
}

static void end_badly(struct restore_run *run, const struct error *err, const char *verdict)
{
	struct strbuf text = STRBUF_INIT;
	struct restore_end end = { .state = OP_FAILED, .why = err->text, .next = err->hint };

	if (run->restore) {
		end.errors = run->restore->errors;
		end.warnings = run->restore->warnings;
	}
	strbuf_addf(&text, "%s%s", restore_app_name(run->plan), verdict);
	end.verdict = text.buf;
	run_end(run, &end);
	strbuf_done(&text);
}

void run_fail(struct restore_run *run, const struct error *err)
{
	struct error why = *err;
	bool touched = run_step(run) >= STEP_REMOVED;

	if (!*why.hint && !touched)
		error_hint(&why, "Nothing was changed.");
	run->end_error = why;
	run_leave(run, OP_STEP_FAILED);
	end_badly(run, &why, touched ? " was not restored." : " was left as it is.");
}

void run_fail_after_look(struct restore_run *run, const struct error *err)
{
	size_t at = run->at;

	run->bad = *err;
	run_leave(run, OP_STEP_FAILED);
	while (at + 1 < run->plan->step_count && run->plan->steps[at] != STEP_CHECKED) {
		if (++at + 1 < run->plan->step_count && run->plan->steps[at] != STEP_CHECKED)
			run->notes[run->plan->steps[at]].state = OP_STEP_SKIPPED;
	}
	run_enter(run, at);
}

void run_looked(struct restore_run *run, enum op_step_state state)
{
	if (!run->bad.code) {
		run_next(run, state);
		return;
	}
	run->end_error = run->bad;
	run_leave(run, state);
	end_badly(run, &run->end_error, " was not restored completely.");
}
