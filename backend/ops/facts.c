#include "backend/ops/facts.h"

#include "backend/base/clock.h"
#include "backend/ops/sweep.h"

#include <stdlib.h>
#include <string.h>

static void add_object(struct facts_rows *rows, struct plan_object object)
{
	rows->objects = mem_grow(rows->objects, rows->count, &rows->capacity, sizeof(object));
	rows->objects[rows->count++] = object;
}

static void take_volumes(struct facts_rows *rows, const struct model *model,
			 const struct backup *backup)
{
	const struct list *list = model->lists[COLLECTION_POD_VOLUME_BACKUPS];
	struct strbuf owner = STRBUF_INIT;

	object_add_label_value(&owner, backup->object.name);
	for (size_t i = 0; i < list->count; i++) {
		const struct podvolume *volume = (const struct podvolume *)list->items[i];

		if (strcmp(volume->owner, owner.buf) != 0)
			continue;
		rows->volumes = mem_grow(rows->volumes, rows->volume_count, &rows->volume_capacity,
					 sizeof(struct podvolume *));
		rows->volumes[rows->volume_count++] = volume;
	}
	strbuf_done(&owner);
}

static const struct podvolume *volume_of(const struct facts_rows *rows,
					 const struct plan_object *claim)
{
	for (size_t i = 0; i < rows->volume_count; i++)
		if (!strcmp(rows->volumes[i]->claim, claim->name) &&
		    !strcmp(rows->volumes[i]->pod_namespace, claim->namespace))
			return rows->volumes[i];
	return NULL;
}

/* What was copied counts more than what was asked for. */
static void take_claim(const struct facts_rows *rows, struct plan_object *object)
{
	const struct podvolume *volume;

	if (strcmp(object->kind, sweep_claims.kind) != 0)
		return;
	volume = volume_of(rows, object);
	if (!volume)
		return;
	object->volume_in_snapshot = !strcmp(volume->phase, "Completed");
	if (volume->bytes_total || volume->bytes_done)
		object->size_bytes = volume->bytes_total ? volume->bytes_total : volume->bytes_done;
}

static bool is_in_cluster(const struct app_objects *objects, const struct contents_item *item)
{
	for (size_t i = 0; i < objects->count; i++) {
		const struct plan_object *row = &objects->rows[i].plan;

		if (!strcmp(row->name, item->name) && !strcmp(row->kind, item->kind) &&
		    !strcmp(row->namespace, item->namespace))
			return true;
	}
	return false;
}

/* Made anew from the snapshot by those that made them before: they come and go by themselves. */
static bool is_fleeting(const char *kind)
{
	static const char *const kinds[] = { "Pod",	      "ReplicaSet",	    "Endpoints",
					     "EndpointSlice", "ControllerRevision", "Event" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	return false;
}

/* Only a partial snapshot says of everything in it whose it is. Of a full one the claims are known
 * by the volumes of pods, which the rows of the cluster have; what else is missing today cannot be
 * told apart from other applications. */
static void add_missing(struct facts_rows *rows, const struct app_objects *objects,
			const struct contents *contents)
{
	for (size_t i = 0; i < contents_count(contents); i++) {
		struct contents_item item = contents_item(contents, i);
		struct plan_object object = { .group = item.group,
					      .version = "",
					      .plural = "",
					      .kind = item.kind,
					      .namespace = item.namespace,
					      .name = item.name,
					      .in_snapshot = true };

		if (!*item.namespace || is_fleeting(item.kind) || is_in_cluster(objects, &item))
			continue;
		take_claim(rows, &object);
		add_object(rows, object);
	}
}

void facts_rows_build(struct facts_rows *rows, const struct app_objects *objects,
		      const struct contents *contents, const struct model *model,
		      const struct backup *backup)
{
	*rows = (struct facts_rows){ 0 };
	if (!backup)
		return;
	take_volumes(rows, model, backup);
	for (size_t i = 0; i < objects->count; i++) {
		struct plan_object object = objects->rows[i].plan;

		object.in_snapshot = contents_has(contents, object.group, object.kind,
						  object.namespace, object.name);
		take_claim(rows, &object);
		add_object(rows, object);
	}
	if (*backup->kots_app_id)
		add_missing(rows, objects, contents);
	rows->facts = (struct restore_facts){ .backup = backup,
					      .console = model->console,
					      .app_slug = objects->app_slug,
					      .objects = rows->objects,
					      .object_count = rows->count,
					      .contents_known = contents != NULL,
					      .volumes = rows->volumes,
					      .volume_count = rows->volume_count,
					      .now = clock_now() };
}

void facts_rows_done(struct facts_rows *rows)
{
	free(rows->objects);
	free(rows->volumes);
}
