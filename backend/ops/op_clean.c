#include "backend/ops/op_clean.h"

#include "backend/base/clock.h"

#include <stdlib.h>
#include <string.h>

struct op_clean {
	struct clean_spec spec;
	char *request, *namespace, *backup;
	int64_t created;
	uint64_t call;
};

static const struct kube_kind pod_kind = { "", "v1", "pods" };

int64_t velero_newest_start(const struct json *pods)
{
	int64_t newest = 0;

	for (const struct json *pod = json_first(json_get(pods, "items")); pod;
	     pod = json_next(pod)) {
		const struct json *status = json_first(json_get(pod, "status.containerStatuses"));

		for (; status; status = json_next(status)) {
			int64_t began =
				clock_parse_rfc3339(json_text(status, "state.running.startedAt"));

			if (!strcmp(json_text(status, "name"), "velero") && began > newest)
				newest = began;
		}
	}
	return newest;
}

static void clean_free(struct op_clean *clean)
{
	free(clean->request);
	free(clean->namespace);
	free(clean->backup);
	free(clean);
}

void op_clean_cancel(struct op_clean *clean)
{
	if (!clean)
		return;
	if (clean->call)
		client_cancel(clean->spec.world->client, clean->call);
	clean_free(clean);
}

static void end(struct op_clean *clean, const char *words, const struct error *err)
{
	clean->spec.done(clean->spec.arg, words, err);
	clean_free(clean);
}

static void deleted(void *arg, const struct json *reply, const struct error *err)
{
	struct op_clean *clean = arg;
	struct strbuf words = STRBUF_INIT;

	(void)reply;
	clean->call = 0;
	if (err && err->code != STATUS_NOT_FOUND) {
		end(clean, "", err);
		return;
	}
	strbuf_addf(&words, "The delete request %s is removed; nothing else was changed.",
		    clean->request);
	end(clean, words.buf, NULL);
	strbuf_done(&words);
}

static void remove_request(struct op_clean *clean)
{
	struct strbuf path = STRBUF_INIT, what = STRBUF_INIT;
	struct client_call call = { .method = "DELETE" };

	client_add_path(&path, &delete_request_kind, clean->namespace, clean->request);
	strbuf_addf(&what, "remove delete request %s", clean->request);
	call.path = path.buf;
	call.what = what.buf;
	clean->call = client_call(clean->spec.world->client, &call, deleted, clean);
	strbuf_done(&path);
	strbuf_done(&what);
}

/* One that Velero may still work at stays; who may not look at pods cannot know, and is not held
 * up: without its request Velero ends what it does all the same. */
static void pods_read(void *arg, const struct json *reply, const struct error *err)
{
	struct op_clean *clean = arg;
	int64_t began = err ? 0 : velero_newest_start(reply);
	struct error why;

	clean->call = 0;
	if (!began || began > clean->created) {
		remove_request(clean);
		return;
	}
	error_set(&why, STATUS_REFUSED,
		  "Velero runs since before the request to delete %s: it may still work at it",
		  clean->backup);
	error_hint(&why, "kubectl -n %s rollout restart deployment velero ends it; then remove it",
		   clean->namespace);
	end(clean, "", &why);
}

static void look_at_velero(struct op_clean *clean)
{
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .what = "look whether Velero was restarted" };

	client_add_path(&path, &pod_kind, clean->namespace, NULL);
	call.path = path.buf;
	clean->call = client_call(clean->spec.world->client, &call, pods_read, clean);
	strbuf_done(&path);
}

struct op_clean *op_clean_start(const struct clean_spec *spec, struct error *err)
{
	const struct model *model = spec->world->model(spec->world->arg);
	const struct delete_request *request = (const struct delete_request *)list_by_name(
		model->lists[COLLECTION_DELETE_REQUESTS], spec->request);
	enum leftover leftover = request ? model_leftover(model, request, spec->now) : LEFTOVER_NOT;
	struct op_clean *clean;

	if (!request) {
		error_set(err, STATUS_NOT_FOUND, "there is no delete request %s", spec->request);
		return NULL;
	}
	if (leftover == LEFTOVER_NOT) {
		error_set(err, STATUS_REFUSED, "%s is no leftover: Velero is at it", spec->request);
		error_hint(err, "Wait until it has ended.");
		return NULL;
	}
	clean = mem_alloc(sizeof(*clean));
	clean->spec = *spec;
	clean->request = mem_text(spec->request);
	clean->namespace = mem_text(request->object.namespace);
	clean->backup = mem_text(request->backup);
	clean->created = request->object.created;
	if (leftover == LEFTOVER_STUCK)
		look_at_velero(clean);
	else
		remove_request(clean);
	return clean;
}
