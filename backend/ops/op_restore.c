#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/kots/labels.h"
#include "backend/ops/restore_run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_WAIT_MS	1000
#define LONGEST_WAIT_MS 15000

static void restore_look(struct op *op);
static void restore_free(struct op *op);

static const struct op_kind_ops restore_ops = { OP_RESTORE, restore_look, restore_free };

static const struct run_step *const steps[RESTORE_STEPS] = {
	[STEP_READY] = &run_step_ready,	      [STEP_OLD_GONE] = &run_step_old_gone,
	[STEP_REMOVED] = &run_step_removed,   [STEP_CREATED] = &run_step_created,
	[STEP_RESTORED] = &run_step_restored, [STEP_MARKED] = &run_step_marked,
	[STEP_CHECKED] = &run_step_checked,
};

/* ---- what others see ---- */

static void show(struct restore_run *run)
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
	show(run);
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
	mark_ticket_leave(run->ticket);
	run->ticket = NULL;
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

static void enter(struct restore_run *run, size_t at)
{
	struct restore_note *note;

	run_step_clear(run);
	run->at = at;
	run->in_step = false;
	note = &run->notes[run_step(run)];
	note->state = OP_STEP_RUNNING;
	note->began = clock_now();
	show(run);
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
		op_add_count(&verdict, warnings, "warning", "warnings");
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

static void leave(struct restore_run *run, enum op_step_state state)
{
	struct restore_note *note = &run->notes[run_step(run)];

	note->state = state;
	note->ended = clock_now();
	run->marks_wrong += state == OP_STEP_WARNING;
}

void run_next(struct restore_run *run, enum op_step_state state)
{
	leave(run, state);
	if (run->at + 1 < run->plan->step_count)
		enter(run, run->at + 1);
	else
		end_of_steps(run);
}

void run_jump(struct restore_run *run, enum restore_step step)
{
	size_t at = run->at;

	leave(run, OP_STEP_DONE);
	while (at + 1 < run->plan->step_count && run->plan->steps[at] != step) {
		struct restore_note *note = &run->notes[run->plan->steps[at++]];

		note->state = OP_STEP_DONE;
		if (!note->detail)
			note->detail = mem_text("found done");
	}
	enter(run, at);
}

static void keep_end(struct restore_run *run, const struct restore_end *end)
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

static void finish(struct restore_run *run)
{
	bool well = run->end.state == OP_DONE || run->end.state == OP_WARNINGS;

	journal_writer_stop(run->writer);
	show(run);
	op_end(&run->op, well ? NULL : &run->end_error);
}

void run_end(struct restore_run *run, const struct restore_end *end)
{
	run_step_clear(run);
	keep_end(run, end);
	run->ending = true;
	if (run->end.state == OP_FAILED && !run->end_error.code) {
		error_set(&run->end_error, STATUS_FAILED, "%s%s%s", run->end_verdict,
			  *run->end_why ? " " : "", run->end_why);
		error_hint(&run->end_error, "%s", run->end_next);
	}
	for (size_t i = run->at + 1; i < run->plan->step_count; i++)
		if (run->notes[run->plan->steps[i]].state == OP_STEP_WAITING)
			run->notes[run->plan->steps[i]].state = OP_STEP_SKIPPED;
	show(run);
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
	leave(run, OP_STEP_FAILED);
	end_badly(run, &why, touched ? " was not restored." : " was left as it is.");
}

void run_fail_after_look(struct restore_run *run, const struct error *err)
{
	size_t at = run->at;

	run->bad = *err;
	leave(run, OP_STEP_FAILED);
	while (at + 1 < run->plan->step_count && run->plan->steps[at] != STEP_CHECKED) {
		if (++at + 1 < run->plan->step_count && run->plan->steps[at] != STEP_CHECKED)
			run->notes[run->plan->steps[at]].state = OP_STEP_SKIPPED;
	}
	enter(run, at);
}

void run_looked(struct restore_run *run, enum op_step_state state)
{
	if (!run->bad.code) {
		run_next(run, state);
		return;
	}
	run->end_error = run->bad;
	leave(run, state);
	end_badly(run, &run->end_error, " was not restored completely.");
}

static void restore_look(struct op *op)
{
	struct restore_run *run = (struct restore_run *)op;

	if (run->in_step && !run->ending && steps[run_step(run)] && steps[run_step(run)]->look)
		steps[run_step(run)]->look(run);
}

/* ---- the record ---- */

static struct json *make_record(void *arg)
{
	struct restore_run *run = arg;
	struct journal_entry entry = { .id = run->id,
				       .owner = op_owner(run->op.world),
				       .session = run->session,
				       .typed = run->typed,
				       .step = run_step(run),
				       .state = run->ending ? run->end.state : OP_RUNNING,
				       .began = run->began,
				       .alive = clock_now(),
				       .ended = run->end.ended,
				       .verdict = run->ending ? run->end.verdict : "",
				       .why = run->ending ? run->end.why : "",
				       .next = run->ending ? run->end.next : "",
				       .errors = run->end.errors,
				       .warnings = run->end.warnings };

	return journal_to_config_map(&entry, run->plan, run->plan->velero_namespace);
}

static void record_written(void *arg)
{
	struct restore_run *run = arg;

	if (run->ending) {
		finish(run);
		return;
	}
	if (run->in_step)
		return;
	run->in_step = true;
	run->step_began_ms = clock_monotonic_ms();
	if (run_step(run) == STEP_RECORDED) {
		run->op.world->accepted(run->op.world->arg, &run->op, run->plan->restore);
		run_next(run, OP_STEP_DONE);
	} else {
		steps[run_step(run)]->enter(run);
	}
}

static void record_trouble(void *arg, const struct error *err)
{
	struct restore_run *run = arg;

	if (!run->in_step && !run->ending)
		run_say(run, OP_STEP_WARNING, "the record cannot be written yet: %s", err->text);
}

static void record_lost(void *arg, const struct error *err)
{
	struct restore_run *run = arg;
	struct strbuf verdict = STRBUF_INIT;
	bool begun = run->at > 0 || err->code == STATUS_CONFLICT;
	struct restore_end end = { .state = begun ? OP_UNFINISHED : OP_FAILED,
				   .why = err->text,
				   .next = err->hint };

	run_step_clear(run);
	if (begun)
		strbuf_addf(&verdict, "The restore of %s is no longer ours.",
			    restore_app_name(run->plan));
	else
		strbuf_adds(&verdict,
			    "The restore was not begun: its record could not be written.");
	end.verdict = verdict.buf;
	run->end_error = *err;
	leave(run, begun ? OP_STEP_WARNING : OP_STEP_FAILED);
	keep_end(run, &end);
	run->ending = true;
	finish(run);
	strbuf_done(&verdict);
}

/* ---- begin and end ---- */

static void restore_free(struct op *op)
{
	struct restore_run *run = (struct restore_run *)op;

	if (run->plan)
		run_step_clear(run);
	journal_writer_free(run->writer);
	for (size_t i = 0; i < RESTORE_STEPS; i++)
		free(run->notes[i].detail);
	json_free(run->selector);
	object_unref(run->restore);
	restore_plan_unref(run->plan);
	free(run->restore_uid);
	free(run->waits_for);
	free(run->typed);
	free(run->end_verdict);
	free(run->end_why);
	free(run->end_next);
}

static struct restore_run *run_new(const struct op_world *world, uint64_t ticket, const char *typed)
{
	struct restore_run *run = mem_alloc(sizeof(*run));

	op_init(&run->op, &restore_ops, world, ticket);
	creation_make_id(run->id);
	creation_make_id(run->session);
	run->typed = mem_text(typed);
	run->began = clock_now();
	run->recorded = STEP_RECORDED;
	return run;
}

static void begin(struct restore_run *run, const char *resource_version)
{
	struct journal_writer_spec spec = { .transport = run->op.world->transport,
					    .client = run->op.world->client,
					    .namespace = run->plan->velero_namespace,
					    .id = run->id,
					    .session = run->session,
					    .resource_version = resource_version,
					    .make = make_record,
					    .written = record_written,
					    .trouble = record_trouble,
					    .lost = record_lost,
					    .arg = run };

	run->writer = journal_writer_new(&spec);
	enter(run, 0);
}

/* The words typed are the consent: what was shown and what was confirmed must be one. */
static enum status check_consent(const struct restore_plan *plan, const char *typed,
				 struct error *err)
{
	if (!plan->step_count || plan->steps[0] != STEP_RECORDED)
		return error_set(err, STATUS_FORMAT, "this plan does not begin with its record");
	if (!*plan->confirm || strcmp(typed, plan->confirm) != 0)
		return error_set(err, STATUS_REFUSED,
				 "the restore of %s was not confirmed: it must be exactly \"%s\"",
				 plan->app_slug, plan->confirm);
	return STATUS_OK;
}

struct op *op_restore_start(const struct op_world *world, uint64_t ticket,
			    const struct restore_plan *plan, const char *typed)
{
	struct restore_run *run = run_new(world, ticket, typed);
	struct error err = ERROR_INIT;

	run->plan = restore_plan_ref(plan);
	if (check_consent(plan, typed, &err))
		op_end(&run->op, &err);
	else
		begin(run, NULL);
	return &run->op;
}

static enum status check_resumable(const struct journal_entry *entry, struct error *err)
{
	if (strlen(entry->id) != CREATION_ID_LEN)
		return error_set(err, STATUS_FORMAT, "\"%s\" is no id of an operation", entry->id);
	if (entry->state == OP_RUNNING || entry->state == OP_UNFINISHED)
		return STATUS_OK;
	return error_set(err, STATUS_REFUSED, "operation %s has ended: %s", entry->id,
			 *entry->verdict ? entry->verdict : "its record was closed");
}

struct op *op_restore_resume(const struct op_world *world, uint64_t ticket,
			     const struct json *record)
{
	struct journal_entry entry = { 0 };
	struct error err = ERROR_INIT;
	struct restore_run *run = run_new(world, ticket, "");

	if (journal_from_config_map(record, &entry, &err) || check_resumable(&entry, &err) ||
	    journal_plan(&entry, &run->plan, &err) || check_consent(run->plan, entry.typed, &err)) {
		op_end(&run->op, &err);
		goto out;
	}
	snprintf(run->id, sizeof(run->id), "%s", entry.id);
	free(run->typed);
	run->typed = mem_text(entry.typed);
	run->began = entry.began;
	run->recorded = entry.step;
	begin(run, json_text(record, "metadata.resourceVersion"));
out:
	journal_entry_done(&entry);
	return &run->op;
}
