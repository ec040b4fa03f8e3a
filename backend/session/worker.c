#include "backend/session/worker.h"

#include "backend/base/clock.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void drop_event(void *event)
{
	event_free(event);
}

static void ring_worker(void *transport)
{
	transport_wakeup(transport);
}

/* "kotsnap 0.1.0 root@node-01" */
static char *who_we_are(void)
{
	struct strbuf text = STRBUF_INIT;
	char host[256] = "", room[1024];
	struct passwd record, *found = NULL;

	if (gethostname(host, sizeof(host) - 1))
		host[0] = '\0';
	if (getpwuid_r(geteuid(), &record, room, sizeof(room), &found))
		found = NULL;
	strbuf_addf(&text, "kotsnap %s ", KOTSNAP_VERSION);
	if (found)
		strbuf_adds(&text, found->pw_name);
	else
		strbuf_addf(&text, "%lu", (unsigned long)geteuid());
	strbuf_addf(&text, "@%s", *host ? host : "unknown");
	return strbuf_detach(&text);
}

struct worker *worker_new(const struct session_config *config, struct transport *transport,
			  struct client *client)
{
	struct worker *worker = mem_alloc(sizeof(*worker));
	const struct kube_access *access = client_access(client);

	worker->transport = transport;
	worker->client = client;
	worker->requests = mailbox_new(ring_worker, transport, free);
	worker->events = mailbox_new(NULL, NULL, drop_event);
	atomic_init(&worker->stopping, false);
	atomic_init(&worker->latest, NULL);
	worker->namespace_given = config->velero_namespace && *config->velero_namespace;
	worker->namespace = mem_text(worker->namespace_given ? config->velero_namespace : "velero");
	worker->site = mem_text(config->site && *config->site ? config->site : access->context);
	worker->made_by = who_we_are();
	worker->read_only = config->read_only;
	worker->practice = !strcmp(access->context, "practice");
	worker->began = clock_now();
	feeds_init(worker);
	requests_init(worker);
	worker->model = publish_build(worker);
	return worker;
}

void worker_free(struct worker *worker)
{
	feeds_done(worker);
	model_unref(worker->model);
	model_unref(atomic_load(&worker->latest));
	if (worker->probed)
		console_unref(worker->probed);
	if (worker->console)
		console_unref(worker->console);
	client_free(worker->client);
	mailbox_free(worker->requests);
	mailbox_free(worker->events);
	transport_free(worker->transport);
	free(worker->console_from);
	free(worker->site);
	free(worker->namespace);
	free(worker->made_by);
	free(worker);
}

void worker_touch(struct worker *worker)
{
	worker->dirty = true;
}

void worker_post(struct worker *worker, struct event *event)
{
	mailbox_post(worker->events, event);
}

static int wait_ms(const struct worker *worker)
{
	int64_t left;

	if (!worker->dirty)
		return -1;
	left = worker->publish_due_ms - clock_monotonic_ms();
	return left > 0 ? (int)left : 0;
}

void *worker_run(void *arg)
{
	struct worker *worker = arg;

	feeds_start(worker);
	probe_start(worker, 0);
	records_start(worker);
	practice_start(worker);
	while (!atomic_load(&worker->stopping)) {
		transport_wait(worker->transport, NULL, 0, wait_ms(worker));
		requests_take(worker);
		if (worker->dirty && clock_monotonic_ms() >= worker->publish_due_ms)
			publish(worker);
		requests_reap(worker);
	}
	requests_stop(worker);
	probe_stop(worker);
	record_write_stop(worker);
	records_stop(worker);
	feeds_stop(worker);
	publish_stop(worker);
	return NULL;
}
