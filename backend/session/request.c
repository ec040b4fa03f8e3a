#include "backend/base/clock.h"
#include "backend/checks/check.h"
#include "backend/session/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void run_retry(struct worker *worker, const struct posted *posted);
static void run_probe(struct worker *worker, const struct posted *posted);
static void run_op(struct worker *worker, const struct posted *posted);
static void run_close_record(struct worker *worker, const struct posted *posted);

enum { NEEDS_LINK = 1, WRITES = 2 };

static const struct {
	unsigned needs;
	void (*run)(struct worker *worker, const struct posted *posted);
} rows[] = {
	[REQUEST_RETRY] = { 0, run_retry },
	[REQUEST_PROBE] = { NEEDS_LINK, run_probe },
	[REQUEST_TAKE] = { NEEDS_LINK | WRITES, run_op },
	[REQUEST_PREVIEW] = { NEEDS_LINK, answer_preview },
	[REQUEST_DELETE] = { NEEDS_LINK | WRITES, run_op },
	[REQUEST_DOWNLOAD] = { NEEDS_LINK, answer_download },
	[REQUEST_PLAN] = { NEEDS_LINK, answer_plan },
	[REQUEST_RESTORE] = { NEEDS_LINK | WRITES, run_op },
	[REQUEST_FORGET] = { 0, answer_forget },
	[REQUEST_RESUME] = { NEEDS_LINK | WRITES, run_op },
	[REQUEST_CLOSE_RECORD] = { NEEDS_LINK | WRITES, run_close_record },
	[REQUEST_STOP] = { NEEDS_LINK | WRITES, answer_stop },
	[REQUEST_CLEAN] = { NEEDS_LINK | WRITES, answer_clean },
	[REQUEST_WATCH_VOLUMES] = { 0, NULL },
};

enum status request_check(enum request_kind kind, const struct link *link, struct error *err)
{
	unsigned needs = (size_t)kind < ARRAY_SIZE(rows) ? rows[kind].needs : 0;

	if ((needs & WRITES) && link->read_only)
		return error_set(err, STATUS_REFUSED,
				 "not now: kotsnap was started with --read-only");
	if ((needs & NEEDS_LINK) && (link->state == LINK_LOST || link->state == LINK_REFUSED)) {
		error_set(err, STATUS_REFUSED, "not while the cluster does not answer");
		error_hint(err, "Ctrl-R tries again now.");
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

/* ---- answers ---- */

void request_event(struct worker *worker, enum event_kind kind, uint64_t ticket, const char *text)
{
	struct event *event = mem_alloc(sizeof(*event));

	event->kind = kind;
	event->ticket = ticket;
	snprintf(event->text, sizeof(event->text), "%s", text);
	worker_post(worker, event);
}

void request_failed(struct worker *worker, uint64_t ticket, const struct error *err)
{
	struct event *event = mem_alloc(sizeof(*event));

	event->kind = EVENT_FAILED;
	event->ticket = ticket;
	event->failed = true;
	event->err = *err;
	worker_post(worker, event);
}

/* ---- operations ---- */

static struct running_op *find_op(struct worker *worker, const struct op *op)
{
	for (size_t i = 0; i < worker->op_count; i++)
		if (worker->ops[i].ticket == op->ticket)
			return &worker->ops[i];
	return NULL;
}

static const struct model *op_model(void *arg)
{
	return ((struct worker *)arg)->model;
}

static void op_accepted(void *arg, struct op *op, const char *object_name)
{
	struct worker *worker = arg;
	struct running_op *running = find_op(worker, op);

	if (running)
		running->accepted = true;
	request_event(worker, EVENT_ACCEPTED, op->ticket, object_name);
}

static void op_changed(void *arg, struct op *op)
{
	(void)op;
	worker_touch(arg);
}

static void op_ended(void *arg, struct op *op, const struct error *err)
{
	struct worker *worker = arg;
	const struct running_op *running = find_op(worker, op);
	struct event *event = mem_alloc(sizeof(*event));

	event->kind = running && !running->accepted && err ? EVENT_FAILED : EVENT_DONE;
	event->ticket = op->ticket;
	event->state = op->view ? op->view->state : OP_FAILED;
	/* One that somebody else has now goes on there. */
	event->failed = err && event->state != OP_UNFINISHED;
	if (err)
		event->err = *err;
	snprintf(event->text, sizeof(event->text), "%s", op->view ? op->view->verdict : "");
	worker_post(worker, event);
	worker_touch(worker);
	if (running && running->accepted)
		probe_soon(worker);
}

void requests_init(struct worker *worker)
{
	worker->world = (struct op_world){ .transport = worker->transport,
					   .client = worker->client,
					   .made_by = worker->made_by,
					   .model = op_model,
					   .accepted = op_accepted,
					   .changed = op_changed,
					   .ended = op_ended,
					   .arg = worker };
}

static const struct restore_plan *find_plan(const struct worker *worker, uint64_t ticket)
{
	for (size_t i = 0; i < PLANS_KEPT; i++)
		if (worker->plans[i].plan && worker->plans[i].ticket == ticket)
			return worker->plans[i].plan;
	return NULL;
}

static struct op *start_restore(struct worker *worker, const struct posted *posted,
				struct error *err)
{
	const struct restore_plan *plan = find_plan(worker, posted->request.ticket);

	if (plan)
		return op_restore_start(&worker->world, posted->ticket, plan, posted->request.text);
	error_set(err, STATUS_REFUSED, "the plan of this restore is no longer kept");
	error_hint(err, "Open the restore again: it is made anew.");
	return NULL;
}

static struct op *start_resume(struct worker *worker, const struct posted *posted,
			       struct error *err)
{
	const struct json *record = records_find(worker, posted->request.name);
	struct journal_entry entry = { 0 };
	struct op *op = NULL;

	for (size_t i = 0; i < worker->op_count; i++) {
		const struct op *other = worker->ops[i].op;

		if (other && !other->has_ended && other->view &&
		    !strcmp(other->view->id, posted->request.name)) {
			error_set(err, STATUS_REFUSED, "this operation is under way here already");
			return NULL;
		}
	}
	if (!record) {
		error_set(err, STATUS_NOT_FOUND, "there is no record of an operation %s",
			  posted->request.name);
		return NULL;
	}
	if (!journal_from_config_map(record, &entry, err)) {
		record_judge(worker, &entry);
		if (entry.state == OP_RUNNING && !journal_is_stale(&entry, clock_now()))
			error_set(err, STATUS_REFUSED, "%s still works at it", entry.owner);
		else
			op = op_restore_resume(&worker->world, posted->ticket, record,
					       entry.state != OP_RUNNING || entry.is_gone
						       ? OP_QUIET
						       : entry.still_ms);
	}
	journal_entry_done(&entry);
	return op;
}

/* Until its Backup is in the picture an operation of our own is all that tells of it. */
static bool is_being_taken(const struct worker *worker, const char *slug)
{
	for (size_t i = 0; i < worker->op_count; i++) {
		const struct op *op = worker->ops[i].op;

		if (op && !op->has_ended && op->view && op->view->kind == OP_TAKE &&
		    !strcmp(op->view->app_slug, slug))
			return true;
	}
	return false;
}

static struct op *start_take(struct worker *worker, const struct posted *posted, struct error *err)
{
	const char *slug = posted->request.name;
	struct check_results results;
	enum status st;

	checks_take(worker->model, slug, clock_now(), &results);
	st = checks_refusal(&results, err);
	check_results_done(&results);
	if (!st && is_being_taken(worker, slug)) {
		st = error_set(err, STATUS_REFUSED, "not now: a %s snapshot is being taken already",
			       *slug ? "partial" : "full");
		error_hint(err, "Wait until it has ended.");
	}
	return st ? NULL : op_backup_start(&worker->world, posted->ticket, slug);
}

static struct op *start_op(struct worker *worker, const struct posted *posted, struct error *err)
{
	switch (posted->request.kind) {
	case REQUEST_TAKE:
		return start_take(worker, posted, err);
	case REQUEST_DELETE:
		return op_delete_start(&worker->world, posted->ticket, posted->request.name);
	case REQUEST_RESTORE:
		return start_restore(worker, posted, err);
	default:
		return start_resume(worker, posted, err);
	}
}

/* The place is taken before the start: an operation may end inside of it. */
static void run_op(struct worker *worker, const struct posted *posted)
{
	struct error err = ERROR_INIT;
	struct op *op;

	worker->ops =
		mem_grow(worker->ops, worker->op_count, &worker->op_capacity, sizeof(*worker->ops));
	worker->ops[worker->op_count++] = (struct running_op){ .ticket = posted->ticket };
	op = start_op(worker, posted, &err);
	if (op) {
		worker->ops[worker->op_count - 1].op = op;
		worker_touch(worker);
		return;
	}
	worker->op_count--;
	request_failed(worker, posted->ticket, &err);
}

static void keep_view(struct worker *worker, const struct op_view *view)
{
	if (worker->ended_count == ENDED_KEPT)
		op_view_unref(worker->ended[--worker->ended_count]);
	memmove(&worker->ended[1], &worker->ended[0],
		worker->ended_count * sizeof(const struct op_view *));
	worker->ended[0] = op_view_ref(view);
	worker->ended_count++;
}

void requests_reap(struct worker *worker)
{
	size_t kept = 0;

	for (size_t i = 0; i < worker->op_count; i++) {
		struct op *op = worker->ops[i].op;

		if (!op->has_ended) {
			worker->ops[kept++] = worker->ops[i];
			continue;
		}
		if (op->view)
			keep_view(worker, op->view);
		op_free(op);
	}
	worker->op_count = kept;
}

/* ---- the small ones ---- */

static void run_retry(struct worker *worker, const struct posted *posted)
{
	(void)posted;
	feeds_retry(worker);
	if (!worker->probed)
		probe_start(worker, 0);
}

static void run_probe(struct worker *worker, const struct posted *posted)
{
	probe_start(worker, posted->ticket);
}

static void run_close_record(struct worker *worker, const struct posted *posted)
{
	record_close(worker, posted->ticket, posted->request.name);
}

void requests_take(struct worker *worker)
{
	struct posted *posted;

	while ((posted = mailbox_take(worker->requests))) {
		struct error err = ERROR_INIT;
		size_t kind = (size_t)posted->request.kind;

		if (request_check(posted->request.kind, &worker->model->link, &err))
			request_failed(worker, posted->ticket, &err);
		else if (kind < ARRAY_SIZE(rows) && rows[kind].run)
			rows[kind].run(worker, posted);
		free(posted);
	}
}

void requests_stop(struct worker *worker)
{
	answers_stop(worker);
	for (size_t i = 0; i < worker->op_count; i++)
		op_free(worker->ops[i].op);
	free(worker->ops);
	worker->ops = NULL;
	worker->op_count = 0;
	for (size_t i = 0; i < worker->ended_count; i++)
		op_view_unref(worker->ended[i]);
	worker->ended_count = 0;
	for (size_t i = 0; i < PLANS_KEPT; i++)
		if (worker->plans[i].plan)
			restore_plan_unref(worker->plans[i].plan);
}
