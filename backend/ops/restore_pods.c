/* While Velero restores: the pods of the part are looked at now and then, and the one that waits
 * for something is named with its reason. Nothing here ends or changes the restore; who may not
 * look is told nothing. */
#include "backend/base/log.h"
#include "backend/ops/pod_wait.h"
#include "backend/ops/restore_run.h"

#include <stdlib.h>
#include <string.h>

#define NODE_AGENTS "name in (node-agent,restic)"

static const struct kube_kind pod_kind = { "", "v1", "pods" };
static const struct kube_kind event_kind = { "", "v1", "events" };

void restore_look_clear(struct restore_run *run)
{
	struct pod_look *look = &run->look;

	if (look->call)
		client_cancel(run->op.world->client, look->call);
	free(look->words);
	free(look->namespace);
	free(look->name);
	free(look->node);
	*look = (struct pod_look){ 0 };
}

static void pods_looked(struct restore_run *run)
{
	struct pod_look *look = &run->look;

	free(run->waits_for);
	run->waits_for = mem_text(look->words ? look->words : "");
	run->waits_stuck = look->wait == POD_STUCK || look->no_agent;
	restore_look_clear(run);
	run_say_restored(run);
}

static void set_words(struct pod_look *look, struct strbuf *words)
{
	free(look->words);
	look->words = strbuf_detach(words);
}

static void agents_listed(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;
	struct pod_look *look = &run->look;
	struct strbuf words = STRBUF_INIT;

	look->call = 0;
	if (!err && !pod_wait_has_agent(reply, look->node)) {
		strbuf_addf(&words, "%s: no node agent is ready on %s to fill it", look->words,
			    look->node);
		set_words(look, &words);
		look->no_agent = true;
	}
	pods_looked(run);
}

static void events_listed(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;
	struct strbuf words = STRBUF_INIT, event = STRBUF_INIT;

	run->look.call = 0;
	if (!err && pod_wait_add_event(&event, reply)) {
		strbuf_addf(&words, "%s, %s", run->look.words, event.buf);
		set_words(&run->look, &words);
	}
	strbuf_done(&event);
	pods_looked(run);
}

static void ask(struct restore_run *run, const struct strbuf *path, client_done *done)
{
	struct client_call call = { .what = "look why a pod waits", .path = path->buf };

	run->look.call = client_call(run->op.world->client, &call, done, run);
}

static void ask_for_agents(struct restore_run *run)
{
	struct strbuf path = STRBUF_INIT;

	client_add_path(&path, &pod_kind, run->plan->velero_namespace, NULL);
	strbuf_query(&path, "labelSelector", NODE_AGENTS);
	ask(run, &path, agents_listed);
	strbuf_done(&path);
}

static void ask_for_events(struct restore_run *run)
{
	struct strbuf path = STRBUF_INIT, selector = STRBUF_INIT;

	client_add_path(&path, &event_kind, run->look.namespace, NULL);
	strbuf_addf(&selector, "involvedObject.kind=Pod,involvedObject.name=%s", run->look.name);
	strbuf_query(&path, "fieldSelector", selector.buf);
	ask(run, &path, events_listed);
	strbuf_done(&path);
	strbuf_done(&selector);
}

static void ask_why(struct restore_run *run)
{
	const struct pod_look *look = &run->look;

	if (look->wait == POD_FILLING && *look->node)
		ask_for_agents(run);
	else if (look->wait == POD_STARTING)
		ask_for_events(run);
	else
		pods_looked(run);
}

static void pods_listed(void *arg, const struct error *err)
{
	struct restore_run *run = arg;

	run->sweep = NULL;
	if (err) {
		log_line("op", "%s", err->text);
		restore_look_clear(run);
	} else {
		ask_why(run);
	}
}

static void pod_seen(void *arg, const struct access_resource *resource, const struct json *pod)
{
	struct restore_run *run = arg;
	struct pod_look *look = &run->look;
	struct strbuf words = STRBUF_INIT;
	enum pod_wait wait;

	(void)resource;
	if (!sweep_pod_belongs(pod, run_part(run)->app_slug, NULL))
		return;
	wait = pod_wait_add(&words, pod);
	if (wait <= look->wait) {
		strbuf_done(&words);
		return;
	}
	restore_look_clear(run);
	look->wait = wait;
	look->words = strbuf_detach(&words);
	look->namespace = mem_text(json_text(pod, "metadata.namespace"));
	look->name = mem_text(json_text(pod, "metadata.name"));
	look->node = mem_text(json_text(pod, "spec.nodeName"));
}

void restore_look_at_pods(struct restore_run *run)
{
	struct sweep_spec spec = { .client = run->op.world->client,
				   .namespaces = run->plan->namespaces,
				   .app_slug = run_part(run)->app_slug,
				   .rows = &sweep_pods,
				   .count = 1,
				   .object = pod_seen,
				   .done = pods_listed,
				   .arg = run };

	if (run->sweep || run->look.call || run_part(run)->is_console ||
	    (run->restore && phase_is_final(PHASE_RESTORE, run->restore->phase)))
		return;
	restore_look_clear(run);
	run->sweep = sweep_start(&spec);
}
