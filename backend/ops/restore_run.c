#include "backend/ops/restore_run.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/kots/labels.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_WAIT_MS	1000
#define LONGEST_WAIT_MS 15000
#define RENEW_WAIT_MS	1000

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
	return run->plan->steps[run->at].what;
}

const struct restore_part *run_part(const struct restore_run *run)
{
	size_t part = run->plan->steps[run->at].part;

	/* The steps before the first part look at each in turn. */
	if (!restore_step_changes(run_step(run)))
		part = run->look_part;
	return &run->plan->parts[part];
}

size_t run_find(const struct restore_run *run, enum restore_step what, size_t part)
{
	size_t at = 0;

	while (at < run->plan->step_count &&
	       (run->plan->steps[at].what != what || run->plan->steps[at].part != part))
		at++;
	return at;
}

int64_t run_step_ms(const struct restore_run *run)
{
	return clock_monotonic_ms() - run->step_began_ms;
}

void run_say(struct restore_run *run, enum op_step_state state, const char *fmt, ...)
{
	struct restore_note *note = &run->notes[run->at];
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

bool run_may_write(struct restore_run *run, void (*again)(struct restore_run *run))
{
	if (journal_writer_is_fresh(run->writer))
		return true;
	run_say(run, OP_STEP_WARNING, "waits until the record is renewed");
	run_after(run, RENEW_WAIT_MS, again);
	return false;
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
	restore_look_clear(run);
	app_objects_done(&run->objects);
	app_objects_init(&run->objects, run_part(run)->app_slug, run->selector);
	removal_work_free(run->removal);
	run->removal = NULL;
	console_execute_cancel(run->marking);
	run->marking = NULL;
}

void run_add_restore_path(struct strbuf *out, const struct restore_run *run)
{
	client_add_path(out, &restore_kind, run->plan->velero_namespace, run_part(run)->restore);
}

void run_get_restore(struct restore_run *run, client_done *done)
{
	struct strbuf path = STRBUF_INIT, what = STRBUF_INIT;
	struct client_call call = { 0 };

	run_add_restore_path(&path, run);
	strbuf_addf(&what, "look for Restore %s", run_part(run)->restore);
	call.path = path.buf;
	call.what = what.buf;
	run_call(run, &call, done);
	strbuf_done(&path);
	strbuf_done(&what);
}

bool run_part_is_bad(const struct restore_run *run)
{
	size_t at = run_find(run, STEP_RESTORED, run->plan->steps[run->at].part);

	return at < run->plan->step_count && run->notes[at].state == OP_STEP_FAILED;
}

void run_add_request(const struct restore_run *run, char *ret_id)
{
	unsigned long last = strtoul(run->id + CREATION_ID_LEN - 2, NULL, 16);

	snprintf(ret_id, CREATION_ID_LEN + 1, "%.*s%02lx", CREATION_ID_LEN - 2, run->id,
		 (last ^ (unsigned long)(run_part(run) - run->plan->parts)) & 0xff);
}

bool run_restore_is_ours(const struct restore_run *run, const struct json *restore)
{
	char id[CREATION_ID_LEN + 1];

	run_add_request(run, id);
	return !strcmp(json_text(restore, "metadata.labels.[" KOTSNAP_REQUEST "]"), id);
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

	run->at = at;
	run->look_part = 0;
	run_step_clear(run);
	run->in_step = false;
	note = &run->notes[at];
	note->state = OP_STEP_RUNNING;
	note->began = clock_now();
	run_show(run);
	journal_writer_put(run->writer);
}

/* What ended with a warning, sentence by sentence. */
static bool add_warnings(struct strbuf *out, const struct restore_run *run)
{
	bool any = false;

	for (size_t i = 0; i < run->plan->step_count; i++) {
		const struct restore_note *note = &run->notes[i];

		if (note->state != OP_STEP_WARNING)
			continue;
		any = true;
		if (note->detail)
			strbuf_addf(out, "%s%s.", out->len ? " " : "", note->detail);
	}
	return any;
}

/* The restore went through all steps, and no part ended badly. */
static void end_well(struct restore_run *run)
{
	struct strbuf verdict = STRBUF_INIT, why = STRBUF_INIT;
	bool warned = add_warnings(&why, run);
	struct restore_end end = { .state = run->warnings || warned ? OP_WARNINGS : OP_DONE,
				   .warnings = run->warnings,
				   .errors = run->errors };

	strbuf_addf(&verdict, "%s %s back as %s in %s", restore_app_name(run->plan),
		    run->plan->part_count > 1 ? "are" : "is",
		    run->plan->part_count > 1 ? "they were" : "it was", run->plan->backup);
	if (run->warnings) {
		strbuf_adds(&verdict, ", with ");
		amount_add_counted(&verdict, run->warnings, "warning");
	}
	strbuf_addc(&verdict, '.');
	if (!why.len && run->health.known)
		restore_health_add(&why, &run->health);
	end.verdict = verdict.buf;
	end.why = why.buf;
	end.next = run->warnings ? "Its results say which objects are meant." : "";
	run_end(run, &end);
	strbuf_done(&verdict);
	strbuf_done(&why);
}

static void end_of_steps(struct restore_run *run);

void run_leave(struct restore_run *run, enum op_step_state state)
{
	struct restore_note *note = &run->notes[run->at];

	note->state = state;
	note->ended = clock_now();
}

void run_next(struct restore_run *run, enum op_step_state state)
{
	run_leave(run, state);
	if (run->at + 1 < run->plan->step_count)
		run_enter(run, run->at + 1);
	else
		end_of_steps(run);
}

void run_jump(struct restore_run *run, size_t at)
{
	run_leave(run, OP_STEP_DONE);
	for (size_t i = run->at + 1; i < at; i++) {
		struct restore_note *note = &run->notes[i];

		if (note->state == OP_STEP_WAITING || note->state == OP_STEP_RUNNING)
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
	bool well = run->end.state == OP_DONE || run->end.state == OP_WARNINGS ||
		    run->end.state == OP_CLOSED;

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
	for (size_t i = run->at + 1; end->state != OP_UNFINISHED && i < run->plan->step_count; i++)
		if (run->notes[i].state == OP_STEP_WAITING)
			run->notes[i].state = OP_STEP_SKIPPED;
	run_show(run);
	journal_writer_put(run->writer);
}

static void end_badly(struct restore_run *run, const struct error *err, const char *verdict)
{
	struct strbuf text = STRBUF_INIT;
	struct restore_end end = { .state = OP_FAILED,
				   .why = err->text,
				   .next = err->hint,
				   .errors = run->errors,
				   .warnings = run->warnings };

	strbuf_addf(&text, "%s%s", restore_app_name(run->plan), verdict);
	end.verdict = text.buf;
	run_end(run, &end);
	strbuf_done(&text);
}

bool run_touched(const struct restore_run *run)
{
	for (size_t i = 0; i <= run->at; i++)
		if (restore_step_changes(run->plan->steps[i].what))
			return true;
	return false;
}

void run_fail(struct restore_run *run, const struct error *err)
{
	struct error why = *err;
	bool changed = run_touched(run), many = run->plan->part_count > 1;

	if (!*why.hint && !changed)
		error_hint(&why, "Nothing was changed.");
	/* Whatever ended it: for whoever waits for the exit code this restore ran and failed. */
	if (changed || run->resume_at > run->at)
		why.code = STATUS_FAILED;
	run->end_error = why;
	run_leave(run, OP_STEP_FAILED);
	end_badly(run, &why,
		  changed ? (many ? " were not restored." : " was not restored.")
			  : (many ? " were left as they are." : " was left as it is."));
}

/* Of several parts the errors are joined, as kots does (8.3). */
static void add_bad(struct error *bad, const struct error *err)
{
	struct strbuf text = STRBUF_INIT;

	if (!bad->code) {
		*bad = *err;
		return;
	}
	strbuf_addf(&text, "%s; %s", bad->text, err->text);
	error_set(bad, bad->code, "%s", text.buf);
	error_hint(bad, "%s", err->hint);
	strbuf_done(&text);
}

void run_fail_after_look(struct restore_run *run, const struct error *err)
{
	const struct restore_plan *plan = run->plan;
	size_t part = plan->steps[run->at].part, at = run->at + 1;

	if (run_part(run)->is_console) {
		run_fail(run, err);
		return;
	}
	add_bad(&run->bad, err);
	run_leave(run, OP_STEP_FAILED);
	while (at + 1 < plan->step_count && plan->steps[at].part == part &&
	       plan->steps[at].what != STEP_CHECKED)
		run->notes[at++].state = OP_STEP_SKIPPED;
	run_enter(run, at);
}

static void end_of_steps(struct restore_run *run)
{
	if (!run->bad.code) {
		end_well(run);
		return;
	}
	run->end_error = run->bad;
	end_badly(run, &run->end_error,
		  run->plan->part_count > 1 ? " were not restored completely."
					    : " was not restored completely.");
}
