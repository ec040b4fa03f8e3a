#include "backend/ops/app_objects.h"

#include "backend/base/clock.h"
#include "backend/kots/labels.h"
#include "backend/kube/quantity.h"
#include "backend/ops/sweep.h"

#include <stdlib.h>
#include <string.h>

void app_objects_init(struct app_objects *objects, const char *app_slug,
		      const struct json *selector)
{
	*objects = (struct app_objects){ .app_slug = app_slug, .selector = selector };
}

void app_objects_init_console(struct app_objects *objects, const char *namespace)
{
	*objects = (struct app_objects){ .app_slug = "", .console = namespace };
}

void app_objects_clear(struct app_objects *objects)
{
	arena_done(&objects->arena);
	objects->count = objects->claim_count = 0;
}

void app_objects_done(struct app_objects *objects)
{
	app_objects_clear(objects);
	free(objects->rows);
	free(objects->claims);
}

static bool has_uid(const struct app_objects *objects, const char *uid)
{
	for (size_t i = 0; i < objects->count; i++)
		if (!strcmp(objects->rows[i].uid, uid))
			return true;
	return false;
}

static const struct app_claim *find_claim(const struct app_objects *objects, const char *namespace,
					  const char *name)
{
	for (size_t i = 0; i < objects->claim_count; i++)
		if (!strcmp(objects->claims[i].name, name) &&
		    !strcmp(objects->claims[i].namespace, namespace))
			return &objects->claims[i];
	return NULL;
}

static const char *join_finalizers(struct arena *arena, const struct json *object)
{
	struct strbuf text = STRBUF_INIT;
	const char *kept;

	for (const struct json *one = json_first(json_get(object, "metadata.finalizers")); one;
	     one = json_next(one))
		strbuf_addf(&text, "%s%s", text.len ? ", " : "", json_value(one));
	kept = arena_text(arena, text.buf);
	strbuf_done(&text);
	return kept;
}

static void add_row(struct app_objects *objects, const struct access_resource *resource,
		    const struct json *object)
{
	struct arena *arena = &objects->arena;
	struct app_object *row;
	const char *uid = json_text(object, "metadata.uid");

	/* One object may be served by two groups. */
	if (*uid && has_uid(objects, uid))
		return;
	objects->rows = mem_grow(objects->rows, objects->count, &objects->capacity, sizeof(*row));
	row = &objects->rows[objects->count++];
	*row = (struct app_object){
		.plan = { .group = arena_text(arena, resource->group),
			  .version = arena_text(arena, resource->version),
			  .plural = arena_text(arena, resource->plural),
			  .kind = arena_text(arena, resource->kind),
			  .namespace = arena_text(arena, json_text(object, "metadata.namespace")),
			  .name = arena_text(arena, json_text(object, "metadata.name")),
			  .created = clock_parse_rfc3339(
				  json_text(object, "metadata.creationTimestamp")),
			  .size_bytes = quantity_bytes(
				  json_text(object, "spec.resources.requests.storage")),
			  .in_cluster = true,
			  .excluded = !objects->console && sweep_is_excluded(object) },
		.uid = arena_text(arena, uid),
		.finalizers = join_finalizers(arena, object),
		.deleted = clock_parse_rfc3339(json_text(object, "metadata.deletionTimestamp")),
	};
	if (strcmp(resource->kind, sweep_claims.kind) != 0)
		row->plan.size_bytes = 0;
}

static void note_claims(struct app_objects *objects, const struct json *pod)
{
	const struct json *volume = json_first(json_get(pod, "spec.volumes"));

	if (!sweep_pod_belongs(pod, objects->app_slug, objects->selector))
		return;
	for (; volume; volume = json_next(volume))
		app_objects_want_claim(objects, json_text(pod, "metadata.namespace"),
				       json_text(volume, "persistentVolumeClaim.claimName"),
				       json_text(pod, "metadata.name"));
}

void app_objects_want_claim(struct app_objects *objects, const char *namespace, const char *name,
			    const char *pod)
{
	struct arena *arena = &objects->arena;
	struct app_claim *known = (struct app_claim *)find_claim(objects, namespace, name);

	if (known && !*known->pod)
		known->pod = arena_text(arena, pod);
	if (!*name || known)
		return;
	objects->claims = mem_grow(objects->claims, objects->claim_count, &objects->claim_capacity,
				   sizeof(*objects->claims));
	objects->claims[objects->claim_count++] =
		(struct app_claim){ arena_text(arena, namespace), arena_text(arena, name),
				    arena_text(arena, pod) };
}

/* In namespace kurl it has only workloads and Secrets (8.2 step 2). */
static bool is_of_console(const struct app_objects *objects, const struct access_resource *resource,
			  const struct json *object)
{
	static const char *const elsewhere[] = { "Deployment", "Pod", "Secret" };
	const struct json *labels = json_get(object, "metadata.labels");

	if (strcmp(json_key_text(labels, KOTS_KOTSADM), "true") != 0)
		return false;
	if (!resource->namespaced ||
	    !strcmp(json_text(object, "metadata.namespace"), objects->console))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++)
		if (!strcmp(resource->kind, elsewhere[i]))
			return true;
	return false;
}

void app_objects_add(struct app_objects *objects, const struct access_resource *resource,
		     const struct json *object)
{
	if (objects->console) {
		if (is_of_console(objects, resource, object))
			add_row(objects, resource, object);
		return;
	}
	if (!*resource->group && !strcmp(resource->plural, "pods"))
		note_claims(objects, object);
	if (sweep_belongs(object, objects->app_slug, objects->selector))
		add_row(objects, resource, object);
}

void app_objects_add_claim(struct app_objects *objects, const struct json *claim)
{
	if (find_claim(objects, json_text(claim, "metadata.namespace"),
		       json_text(claim, "metadata.name")))
		add_row(objects, &sweep_claims, claim);
}

const char *app_objects_user(const struct app_objects *objects, const struct plan_object *claim)
{
	const struct app_claim *found = find_claim(objects, claim->namespace, claim->name);

	return found ? found->pod : "";
}
