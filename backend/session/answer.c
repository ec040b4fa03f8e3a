/* Answers that take a while and change nothing: documents, plans, looks ahead; and what is asked to
 * stop a restore. */
#include "backend/base/clock.h"
#include "backend/ops/op_clean.h"
#include "backend/ops/op_stop.h"
#include "backend/session/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct waiting *waiting_add(struct worker *worker, uint64_t ticket)
{
	struct waiting *waiting = mem_alloc(sizeof(*waiting));

	waiting->worker = worker;
	waiting->ticket = ticket;
	waiting->starting = true;
	waiting->next = worker->waiting;
	worker->waiting = waiting;
	return waiting;
}

static void waiting_free(struct waiting *waiting)
{
	struct waiting **link = &waiting->worker->waiting;

	while (*link != waiting)
		link = &(*link)->next;
	*link = waiting->next;
	free(waiting);
}

static void waiting_finish(struct waiting *waiting)
{
	if (waiting->starting)
		waiting->finished = true;
	else
		waiting_free(waiting);
}

static void waiting_started(struct waiting *waiting)
{
	waiting->starting = false;
	if (waiting->finished)
		waiting_free(waiting);
}

static void waiting_cancel(struct waiting *waiting)
{
	if (waiting->download)
		download_cancel(waiting->download);
	if (waiting->facts)
		op_facts_cancel(waiting->facts);
	op_stop_cancel(waiting->stop);
	op_clean_cancel(waiting->clean);
	preview_cancel(waiting->preview);
	waiting_free(waiting);
}

static void download_step(void *arg, const char *words)
{
	struct waiting *waiting = arg;

	request_event(waiting->worker, EVENT_STEP, waiting->ticket, words);
}

static void download_done(void *arg, const struct document *document, const struct error *err)
{
	struct waiting *waiting = arg;
	struct event *event;

	if (err) {
		request_failed(waiting->worker, waiting->ticket, err);
	} else {
		event = mem_alloc(sizeof(*event));
		event->kind = EVENT_DOCUMENT;
		event->ticket = waiting->ticket;
		event->document = document_ref(document);
		worker_post(waiting->worker, event);
	}
	waiting_finish(waiting);
}

void answer_download(struct worker *worker, const struct posted *posted)
{
	struct waiting *waiting = waiting_add(worker, posted->ticket);
	struct download_spec spec = { .transport = worker->transport,
				      .client = worker->client,
				      .namespace = worker->namespace,
				      .kind = posted->request.what,
				      .name = posted->request.name,
				      .step = download_step,
				      .done = download_done,
				      .arg = waiting };

	waiting->download = download_start(&spec);
	waiting_started(waiting);
}

static void keep_plan(struct worker *worker, uint64_t ticket, const struct restore_plan *plan)
{
	struct shown_plan *oldest = &worker->plans[PLANS_KEPT - 1];

	if (oldest->plan)
		restore_plan_unref(oldest->plan);
	memmove(&worker->plans[1], &worker->plans[0], (PLANS_KEPT - 1) * sizeof(worker->plans[0]));
	worker->plans[0] = (struct shown_plan){ ticket, restore_plan_ref(plan) };
}

static void plan_done(void *arg, const struct restore_plan *plan, const struct error *err)
{
	struct waiting *waiting = arg;
	struct event *event;

	if (err) {
		request_failed(waiting->worker, waiting->ticket, err);
	} else {
		keep_plan(waiting->worker, waiting->ticket, plan);
		event = mem_alloc(sizeof(*event));
		event->kind = EVENT_PLAN;
		event->ticket = waiting->ticket;
		event->plan = restore_plan_ref(plan);
		worker_post(waiting->worker, event);
	}
	waiting_finish(waiting);
}

static enum restore_scope scope_of(const struct request *request)
{
	if (*request->app)
		return RESTORE_SCOPE_APP;
	return strcmp(request->what, "console") ? RESTORE_SCOPE_ALL : RESTORE_SCOPE_CONSOLE;
}

void answer_plan(struct worker *worker, const struct posted *posted)
{
	struct waiting *waiting = waiting_add(worker, posted->ticket);
	struct facts_wanted wanted = { .backup = posted->request.name,
				       .scope = scope_of(&posted->request),
				       .app_slug = posted->request.app };

	waiting->facts = op_facts_start(&worker->world, &wanted, plan_done, waiting);
	waiting_started(waiting);
}

static void preview_done(void *arg, const struct preview *preview)
{
	struct waiting *waiting = arg;
	struct event *event = mem_alloc(sizeof(*event));

	event->kind = EVENT_PREVIEW;
	event->ticket = waiting->ticket;
	event->preview = preview_ref(preview);
	worker_post(waiting->worker, event);
	waiting->preview = NULL;
	waiting_finish(waiting);
}

void answer_preview(struct worker *worker, const struct posted *posted)
{
	struct waiting *waiting = waiting_add(worker, posted->ticket);

	waiting->preview =
		preview_start(&worker->world, posted->request.name, preview_done, waiting);
	waiting_started(waiting);
}

/* ---- stopping ---- */

static struct op *find_running(struct worker *worker, const char *id)
{
	for (size_t i = 0; i < worker->op_count; i++) {
		struct op *op = worker->ops[i].op;

		if (op && !op->has_ended && op->view && !strcmp(op->view->id, id))
			return op;
	}
	return NULL;
}

/* Of the restore that runs here, else of its record. Counted, owned. */
static const struct restore_plan *plan_of(struct worker *worker, const char *id, struct error *err)
{
	const struct op *op = find_running(worker, id);
	const struct json *record = records_find(worker, id);
	const struct restore_plan *plan = op ? op_restore_plan(op) : NULL;
	struct journal_entry entry = { 0 };

	if (plan)
		return restore_plan_ref(plan);
	if (!record)
		error_set(err, STATUS_NOT_FOUND, "there is no record of a restore %s", id);
	else if (!journal_from_config_map(record, &entry, err))
		(void)journal_plan(&entry, &plan, err);
	journal_entry_done(&entry);
	return plan;
}

static void stop_step(void *arg, const char *words)
{
	struct waiting *waiting = arg;

	request_event(waiting->worker, EVENT_STEP, waiting->ticket, words);
}

static void stop_done(void *arg, const char *words, const struct error *err)
{
	struct waiting *waiting = arg;

	if (err)
		request_failed(waiting->worker, waiting->ticket, err);
	else
		request_event(waiting->worker, EVENT_DONE, waiting->ticket, words);
	waiting->stop = NULL;
	waiting_finish(waiting);
}

/* Here, or by whoever drives it. */
static void leave(struct worker *worker, const struct posted *posted)
{
	const char *id = posted->request.name;
	struct op *op = find_running(worker, id);
	const struct json *record = records_find(worker, id);
	struct journal_entry entry = { 0 };
	struct error err = ERROR_INIT;

	if (op && op_restore_plan(op)) {
		op_restore_leave(op);
		request_event(worker, EVENT_DONE, posted->ticket,
			      op->view ? op->view->verdict : "");
		return;
	}
	if (record && !journal_from_config_map(record, &entry, &err))
		record_judge(worker, &entry);
	if (entry.record && entry.state == OP_RUNNING && !journal_is_stale(&entry, clock_now())) {
		record_ask_stop(worker, posted->ticket, id);
	} else {
		if (!record)
			error_set(&err, STATUS_NOT_FOUND, "there is no record of a restore %s", id);
		else if (!err.code)
			error_set(&err, STATUS_REFUSED, "nobody works at this restore");
		if (record)
			error_hint(&err, "Take it over, or close its record.");
		request_failed(worker, posted->ticket, &err);
	}
	journal_entry_done(&entry);
}

void answer_stop(struct worker *worker, const struct posted *posted)
{
	const struct request *request = &posted->request;
	struct stop_spec spec = { .world = &worker->world,
				  .way = stop_way_find(request->what),
				  .app_slug = request->app,
				  .step = stop_step,
				  .done = stop_done };
	struct error err = ERROR_INIT;
	struct waiting *waiting;

	if (!strcmp(request->what, "leave")) {
		leave(worker, posted);
		return;
	}
	if (spec.way == STOP_WAYS)
		error_set(&err, STATUS_USAGE, "there is no way to stop called \"%s\"",
			  request->what);
	else
		spec.plan = plan_of(worker, request->name, &err);
	if (!spec.plan) {
		request_failed(worker, posted->ticket, &err);
		return;
	}
	waiting = waiting_add(worker, posted->ticket);
	spec.arg = waiting;
	waiting->stop = op_stop_start(&spec);
	restore_plan_unref(spec.plan);
	waiting_started(waiting);
}

/* ---- leftovers ---- */

static void clean_done(void *arg, const char *words, const struct error *err)
{
	struct waiting *waiting = arg;

	waiting->clean = NULL;
	stop_done(arg, words, err);
}

void answer_clean(struct worker *worker, const struct posted *posted)
{
	struct waiting *waiting = waiting_add(worker, posted->ticket);
	struct clean_spec spec = { .world = &worker->world,
				   .request = posted->request.name,
				   .now = clock_now(),
				   .done = clean_done,
				   .arg = waiting };
	struct error err = ERROR_INIT;

	waiting->clean = op_clean_start(&spec, &err);
	if (!waiting->clean) {
		request_failed(worker, posted->ticket, &err);
		waiting->finished = true;
	}
	waiting_started(waiting);
}

/* ---- no longer wanted ---- */

void answer_forget(struct worker *worker, const struct posted *posted)
{
	for (struct waiting *waiting = worker->waiting; waiting; waiting = waiting->next) {
		if (waiting->ticket == posted->request.ticket) {
			waiting_cancel(waiting);
			return;
		}
	}
}

void answers_stop(struct worker *worker)
{
	struct waiting *next;

	for (struct waiting *waiting = worker->waiting; waiting; waiting = next) {
		next = waiting->next;
		waiting_cancel(waiting);
	}
}
