#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/ops/holder.h"
#include "backend/ops/restore_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void restore_look(struct op *op);
static void restore_free(struct op *op);

static const struct op_kind_ops restore_ops = { OP_RESTORE, restore_look, restore_free };

static const struct run_step *const steps[RESTORE_STEPS] = {
	[STEP_READY] = &run_step_ready,	      [STEP_OLD_GONE] = &run_step_old_gone,
	[STEP_REMOVED] = &run_step_removed,   [STEP_CREATED] = &run_step_created,
	[STEP_RESTORED] = &run_step_restored, [STEP_MARKED] = &run_step_marked,
	[STEP_CHECKED] = &run_step_checked,   [STEP_CONSOLE_UP] = &run_step_console_up,
	[STEP_DATABASE] = &run_step_database,
};

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
	/* One that is taken over is never said to be less far than it was. */
	size_t at = run->at < run->resume_at ? run->resume_at : run->at;
	struct journal_entry entry = { .id = run->id,
				       .owner = op_owner(run->op.world),
				       .session = run->session,
				       .process = run->process,
				       .typed = run->typed,
				       .step = run->plan->steps[at].what,
				       .at = at,
				       .notes = run->notes,
				       .state = run->ending ? run->end.state : OP_RUNNING,
				       .began = run->began,
				       .since = run->since,
				       .alive = clock_now(),
				       .ended = run->end.ended,
				       .verdict = run->ending ? run->end.verdict : "",
				       .why = run->ending ? run->end.why : "",
				       .next = run->ending ? run->end.next : "",
				       .errors = run->errors,
				       .warnings = run->warnings };

	return journal_to_config_map(&entry, run->plan, run->plan->velero_namespace);
}

static void record_written(void *arg)
{
	struct restore_run *run = arg;

	if (run->ending) {
		run_finish(run);
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

static void record_alone(void *arg, const struct error *why)
{
	struct restore_run *run = arg;

	log_line("op", "no lease: %s", why->text);
	run_say(run, OP_STEP_RUNNING,
		"no lease may be had here: the record alone says whose it is");
}

static void record_lost(void *arg, const struct error *err)
{
	struct restore_run *run = arg;
	struct strbuf verdict = STRBUF_INIT;
	bool elsewhere = err->code == STATUS_ELSEWHERE;
	bool begun = run->at > 0 || elsewhere || err->code == STATUS_CANCELLED;
	struct restore_end end = { .state = begun ? OP_UNFINISHED : OP_FAILED,
				   .why = err->text,
				   .next = err->hint };

	run_step_clear(run);
	if (elsewhere)
		strbuf_addf(&verdict, "Restore of %s: %s.", restore_app_name(run->plan), err->text);
	else if (begun)
		strbuf_addf(&verdict, "The restore of %s is no longer ours.",
			    restore_app_name(run->plan));
	else
		strbuf_adds(&verdict,
			    "The restore was not begun: its record could not be written.");
	end.verdict = verdict.buf;
	run->end_error = *err;
	run_leave(run, begun ? OP_STEP_WARNING : OP_STEP_FAILED);
	run_keep_end(run, &end);
	run->ending = true;
	run_finish(run);
	strbuf_done(&verdict);
}

static void leave_as_asked(struct restore_run *run, const char *who);

static void record_asked_to_stop(void *arg, const char *who)
{
	leave_as_asked(arg, who);
}

/* ---- begin and end ---- */

static void restore_free(struct op *op)
{
	struct restore_run *run = (struct restore_run *)op;

	if (run->plan && run->plan->step_count)
		run_step_clear(run);
	journal_writer_free(run->writer);
	for (size_t i = 0; run->notes && run->plan && i < run->plan->step_count; i++)
		free(run->notes[i].detail);
	free(run->notes);
	json_free(run->selector);
	object_unref(run->restore);
	restore_plan_unref(run->plan);
	free(run->restore_uid);
	free(run->waits_for);
	free(run->typed);
	free(run->process);
	free(run->end_verdict);
	free(run->end_why);
	free(run->end_next);
}

const struct restore_plan *op_restore_plan(const struct op *op)
{
	return op->ops == &restore_ops ? ((const struct restore_run *)op)->plan : NULL;
}

/* who: somebody elsewhere asked for it; "" = whoever sits here. */
static void leave_as_asked(struct restore_run *run, const char *who)
{
	struct strbuf verdict = STRBUF_INIT;
	struct restore_end end = { .errors = run->errors, .warnings = run->warnings };
	bool changed = run_touched(run) || run->resume_at > run->at;

	if (run->ending || run->op.has_ended)
		return;
	end.state = changed ? OP_UNFINISHED : OP_CLOSED;
	if (changed)
		strbuf_addf(&verdict, "Left unfinished by %s", op_owner(run->op.world));
	else
		strbuf_addf(&verdict, "%s was left as it is", restore_app_name(run->plan));
	if (*who) {
		strbuf_adds(&verdict, ", as ");
		op_add_owner(&verdict, who);
		strbuf_adds(&verdict, " asked");
	}
	strbuf_addc(&verdict, '.');
	end.verdict = verdict.buf;
	end.why = changed ? "What is removed is not back; Velero ends what it has begun."
			  : "It was stopped before anything was changed.";
	end.next = changed ? "Take it over, or restore again from the same snapshot." : "";
	run_leave(run, changed ? OP_STEP_WARNING : OP_STEP_SKIPPED);
	error_set(&run->end_error, STATUS_CANCELLED, "%s %s", verdict.buf, end.why);
	error_hint(&run->end_error, "%s", end.next);
	run_end(run, &end);
	strbuf_done(&verdict);
}

void op_restore_leave(struct op *op)
{
	if (op->ops == &restore_ops)
		leave_as_asked((struct restore_run *)op, "");
}

static struct restore_run *run_new(const struct op_world *world, uint64_t ticket, const char *typed)
{
	struct restore_run *run = mem_alloc(sizeof(*run));
	struct strbuf process = STRBUF_INIT;

	op_init(&run->op, &restore_ops, world, ticket);
	creation_make_id(run->id);
	creation_make_id(run->session);
	holder_add_process(&process);
	run->process = strbuf_detach(&process);
	run->typed = mem_text(typed);
	run->began = run->since = clock_now();
	return run;
}

static void begin(struct restore_run *run, const char *resource_version, int64_t quiet_ms)
{
	struct journal_writer_spec spec = { .transport = run->op.world->transport,
					    .client = run->op.world->client,
					    .namespace = run->plan->velero_namespace,
					    .id = run->id,
					    .session = run->session,
					    .owner = op_owner(run->op.world),
					    .alone = record_alone,
					    .resource_version = resource_version,
					    .quiet_ms = quiet_ms,
					    .make = make_record,
					    .written = record_written,
					    .trouble = record_trouble,
					    .asked_to_stop = record_asked_to_stop,
					    .lost = record_lost,
					    .arg = run };

	if (*run->plan->selector)
		run->selector = json_parse(run->plan->selector, strlen(run->plan->selector), NULL);
	if (!run->notes)
		run->notes = mem_array(run->plan->step_count, sizeof(*run->notes));
	run->writer = journal_writer_new(&spec);
	run_enter(run, 0);
}

/* The words typed are the consent: what was shown and what was confirmed must be one. */
static enum status check_consent(const struct restore_plan *plan, const char *typed,
				 struct error *err)
{
	if (!plan->step_count || plan->steps[0].what != STEP_RECORDED)
		return error_set(err, STATUS_FORMAT, "this plan does not begin with its record");
	if (!*plan->confirm || strcmp(typed, plan->confirm) != 0)
		return error_set(err, STATUS_REFUSED,
				 "the restore of %s was not confirmed: it must be exactly \"%s\"",
				 restore_app_name(plan), plan->confirm);
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
		begin(run, NULL, 0);
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

/* How far it was, and what has gone wrong already. */
static void take_progress(struct restore_run *run, const struct journal_entry *entry)
{
	const struct restore_plan *plan = run->plan;

	run->notes = journal_notes(entry, plan);
	run->resume_at = entry->at;
	run->resume_part = plan->steps[entry->at].part;
	run->errors = entry->errors;
	run->warnings = entry->warnings;
	for (size_t i = 0; i < entry->at; i++)
		if (run->notes[i].state == OP_STEP_FAILED)
			error_set(&run->bad, STATUS_FAILED, "%s: %s",
				  plan->parts[plan->steps[i].part].title, run->notes[i].detail);
	if (run->bad.code)
		error_hint(&run->bad, "Restore again from %s: it is unharmed.", plan->backup);
}

struct op *op_restore_resume(const struct op_world *world, uint64_t ticket,
			     const struct json *record, int64_t quiet_ms)
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
	run->taken_over = true;
	take_progress(run, &entry);
	begin(run, json_text(record, "metadata.resourceVersion"), quiet_ms);
out:
	journal_entry_done(&entry);
	return &run->op;
}
