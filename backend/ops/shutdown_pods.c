#include "backend/ops/shutdown_pods.h"

#include "backend/base/log.h"
#include "backend/kots/coverage.h"
#include "backend/kots/labels.h"

#include <stdlib.h>
#include <string.h>

#define MOST_PATCHES 200

static const struct kube_kind pod_kind = { "", "v1", "pods" };

struct shutdown_pods {
	struct client *client;
	const struct json *spec;      /* of the backup */
	const struct json *namespace; /* the one being listed, or NULL */
	void (*done)(void *arg);
	void *arg;
	uint64_t call;
	struct json *found; /* list of "namespace/name" still to be labelled; owned */
	const struct json *patching;
};

static void list_next(struct shutdown_pods *pods);
static void patch_next(struct shutdown_pods *pods);

bool shutdown_pod_is_meant(const struct json *backup_spec, const struct json *pod)
{
	const struct json *labels = json_get(pod, "metadata.labels");

	if (strcmp(json_text(pod, "status.reason"), "Shutdown") != 0)
		return false;
	if (!strcmp(json_key_text(labels, VELERO_EXCLUDE), "true"))
		return false;
	return coverage_selects(backup_spec, labels);
}

static void patched(void *arg, const struct json *reply, const struct error *err)
{
	struct shutdown_pods *pods = arg;

	(void)reply;
	pods->call = 0;
	if (err)
		log_line("op", "%s", err->text);
	pods->patching = json_next(pods->patching);
	patch_next(pods);
}

static void patch_next(struct shutdown_pods *pods)
{
	struct strbuf path = STRBUF_INIT;
	struct json *patch;
	struct client_call call = { .method = "PATCH",
				    .content_type = "application/merge-patch+json" };

	if (!pods->patching) {
		pods->done(pods->arg);
		return;
	}
	client_add_path(&path, &pod_kind, json_text(pods->patching, "namespace"),
			json_text(pods->patching, "name"));
	patch = json_new_map();
	json_put_path(patch, "metadata.labels.[" VELERO_EXCLUDE "]", json_new_text("true"));
	call.path = path.buf;
	call.body = patch;
	call.what = "exclude a pod that was shut down";
	pods->call = client_call(pods->client, &call, patched, pods);
	json_free(patch);
	strbuf_done(&path);
}

static void listed(void *arg, const struct json *reply, const struct error *err)
{
	struct shutdown_pods *pods = arg;

	pods->call = 0;
	if (err)
		log_line("op", "%s", err->text);
	for (const struct json *pod = json_first(json_get(reply, "items")); pod;
	     pod = json_next(pod)) {
		struct json *row;

		if (json_count(pods->found) >= MOST_PATCHES ||
		    !shutdown_pod_is_meant(pods->spec, pod))
			continue;
		row = json_add(pods->found, json_new_map());
		json_put_text(row, "namespace", json_text(pod, "metadata.namespace"));
		json_put_text(row, "name", json_text(pod, "metadata.name"));
	}
	pods->namespace = json_next(pods->namespace);
	list_next(pods);
}

static void list_next(struct shutdown_pods *pods)
{
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .what = "look for pods that were shut down" };
	const char *namespace = json_value(pods->namespace);

	if (!pods->namespace) {
		pods->patching = json_first(pods->found);
		patch_next(pods);
		return;
	}
	client_add_path(&path, &pod_kind, !strcmp(namespace, "*") ? "" : namespace, NULL);
	strbuf_query(&path, "fieldSelector", "status.phase=Failed");
	call.path = path.buf;
	pods->call = client_call(pods->client, &call, listed, pods);
	strbuf_done(&path);
}

struct shutdown_pods *shutdown_pods_start(struct client *client, const struct json *backup,
					  void (*done)(void *arg), void *arg)
{
	struct shutdown_pods *pods = mem_alloc(sizeof(*pods));
	const struct json *namespaces = json_get(backup, "spec.includedNamespaces");

	pods->client = client;
	pods->spec = json_key(backup, "spec");
	pods->done = done;
	pods->arg = arg;
	pods->found = json_new_list();
	pods->namespace = json_first(namespaces);
	list_next(pods);
	return pods;
}

void shutdown_pods_free(struct shutdown_pods *pods)
{
	if (!pods)
		return;
	if (pods->call)
		client_cancel(pods->client, pods->call);
	json_free(pods->found);
	free(pods);
}
