#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/session/worker.h"

#include <stdlib.h>
#include <string.h>

#define SOON_MS		       3000
#define AGAIN_AFTER_FAILURE_MS 300000

static void again(void *arg)
{
	struct worker *worker = arg;

	worker->probe_timer = 0;
	probe_start(worker, 0);
}

static void plan_again(struct worker *worker, int64_t delay_ms)
{
	if (worker->probe_timer)
		transport_cancel_timer(worker->transport, worker->probe_timer);
	worker->probe_timer = transport_after(worker->transport, delay_ms, again, worker);
}

static void drop_console(struct worker *worker)
{
	if (worker->console)
		console_unref(worker->console);
	free(worker->console_from);
	worker->console = NULL;
	worker->console_from = NULL;
}

static void found(void *arg, const struct console *console, const struct error *err)
{
	struct worker *worker = arg;
	uint64_t ticket = worker->probe_ticket;

	worker->probe = NULL;
	worker->probe_ticket = 0;
	if (err) {
		log_line("op", "%s", err->text);
		plan_again(worker, AGAIN_AFTER_FAILURE_MS);
		if (ticket)
			request_failed(worker, ticket, err);
		return;
	}
	if (worker->probed)
		console_unref(worker->probed);
	worker->probed = console_ref(console);
	drop_console(worker);
	worker->console = console_ref(console);
	worker_touch(worker);
	if (!worker->namespace_given && *console->velero_namespace &&
	    strcmp(console->velero_namespace, worker->namespace) != 0) {
		feeds_restart(worker, console->velero_namespace);
		records_stop(worker);
		records_start(worker);
	}
	if (ticket)
		request_event(worker, EVENT_DONE, ticket, "");
}

void probe_start(struct worker *worker, uint64_t ticket)
{
	struct console_probe_spec spec = { .transport = worker->transport,
					   .client = worker->client,
					   .velero_namespace =
						   worker->namespace_given ? worker->namespace : "",
					   .done = found,
					   .arg = worker };

	if (ticket && worker->probe_ticket)
		request_event(worker, EVENT_DONE, worker->probe_ticket, "");
	if (ticket)
		worker->probe_ticket = ticket;
	if (worker->probe)
		return;
	if (worker->probe_timer)
		transport_cancel_timer(worker->transport, worker->probe_timer);
	worker->probe_timer = 0;
	worker->probe = console_probe_start(&spec);
}

void probe_soon(struct worker *worker)
{
	if (!worker->probe)
		plan_again(worker, SOON_MS);
}

void probe_stop(struct worker *worker)
{
	if (worker->probe)
		console_probe_cancel(worker->probe);
	if (worker->probe_timer)
		transport_cancel_timer(worker->transport, worker->probe_timer);
	if (worker->practice_call)
		client_cancel(worker->client, worker->practice_call);
	worker->probe = NULL;
	worker->probe_timer = worker->practice_call = 0;
}

static void practice_answered(void *arg, const struct json *reply, const struct error *err)
{
	struct worker *worker = arg;

	(void)reply;
	worker->practice_call = 0;
	if (err)
		return;
	worker->practice = true;
	worker_touch(worker);
}

void practice_start(struct worker *worker)
{
	struct client_call call = {
		.path = "/api/v1/namespaces/kube-system/configmaps/kotsnap-practice",
		.what = "look whether this is a practice cluster"
	};

	if (!worker->practice && !worker->practice_call)
		worker->practice_call =
			client_call(worker->client, &call, practice_answered, worker);
}

static const struct backup *newest_full(const struct model *model)
{
	for (size_t i = 0; i < model->snapshot_count; i++)
		if (model->snapshots[i].kind == SNAPSHOT_FULL &&
		    *model->snapshots[i].backup->kots_sequences)
			return model->snapshots[i].backup;
	return NULL;
}

/* Where neither API nor database answers, the newest full snapshot says which applications there
 * are.
 */
static void add_annotations(struct worker *worker, const struct model *model)
{
	const struct backup *backup;

	if (!worker->probed || worker->probed->source >= SOURCE_RQLITE)
		return;
	backup = newest_full(model);
	if (!backup || (worker->console_from && !strcmp(worker->console_from, backup->object.uid)))
		return;
	drop_console(worker);
	worker->console = console_with_annotations(worker->probed, backup->kots_sequences,
						   backup->kots_versions, backup->started);
	worker->console_from = mem_text(backup->object.uid);
}

static bool is_up(enum link_state state)
{
	return state == LINK_READING || state == LINK_LIVE || state == LINK_POLLING;
}

static bool was_away(enum link_state state)
{
	return state == LINK_LOST || state == LINK_REFUSED;
}

/* Nothing is asked while nothing happens: a snapshot that ended or a cluster that is back are the
 * reasons to look again. */
void probe_look_at_model(struct worker *worker, const struct model *model)
{
	size_t running = 0;

	for (size_t i = 0; i < model->snapshot_count; i++)
		running += snapshot_is_running(&model->snapshots[i]);
	if (running < worker->running_backups)
		probe_soon(worker);
	worker->running_backups = running;
	if (worker->model && is_up(model->link.state) && was_away(worker->model->link.state)) {
		probe_soon(worker);
		practice_start(worker);
	}
	add_annotations(worker, model);
}
