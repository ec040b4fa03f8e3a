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

		if (!*item.namespace || restore_kind_is_fleeting(item.kind) ||
		    is_in_cluster(objects, &item))
			continue;
		take_claim(rows, &object);
		add_object(rows, object);
	}
}

static void add_found(struct facts_rows *rows, const struct facts_found *found, size_t part)
{
	const struct app_objects *objects = &found->objects[part];

	for (size_t i = 0; i < objects->count; i++) {
		struct plan_object object = objects->rows[i].plan;

		object.part = part;
		object.in_snapshot = contents_has(found->contents, object.group, object.kind,
						  object.namespace, object.name);
		take_claim(rows, &object);
		add_object(rows, object);
	}
}

void facts_rows_build(struct facts_rows *rows, const struct facts_found *found)
{
	const struct model *model = found->model;

	*rows = (struct facts_rows){ 0 };
	if (!found->backup)
		return;
	take_volumes(rows, model, found->backup);
	for (size_t i = 0; i < found->count; i++)
		add_found(rows, found, i);
	if (*found->backup->kots_app_id && found->count)
		add_missing(rows, &found->objects[0], found->contents);
	rows->facts = (struct restore_facts){
		.backup = found->backup,
		.console = model->console,
		.scope = found->scope,
		.app_slug = found->app_slug,
		.site = model->link.site,
		.objects = rows->objects,
		.object_count = rows->count,
		.contents_known = found->contents != NULL,
		.volumes_known = model->state[COLLECTION_POD_VOLUME_BACKUPS].ever,
		.volumes = rows->volumes,
		.volume_count = rows->volume_count,
		.now = clock_now(),
	};
}

void facts_rows_done(struct facts_rows *rows)
{
	free(rows->objects);
	free(rows->volumes);
}
