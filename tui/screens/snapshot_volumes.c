#include "tui/screens/snapshot_volumes.h"

#include "backend/base/mem.h"

#include <stdlib.h>
#include <string.h>

static int by_start(const void *left, const void *right)
{
	const struct podvolume *a = *(const struct podvolume *const *)left;
	const struct podvolume *b = *(const struct podvolume *const *)right;
	int pods;

	/* What did not begin yet comes last. */
	if ((a->started == 0) != (b->started == 0))
		return a->started == 0 ? 1 : -1;
	if (a->started != b->started)
		return a->started < b->started ? -1 : 1;
	pods = strcmp(a->pod, b->pod);
	return pods != 0 ? pods : strcmp(a->volume, b->volume);
}

/* FNV-1a */
static uint32_t hash_of(const char *text)
{
	uint32_t hash = 2166136261U;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	return hash;
}

static void index_done(struct volume_index *index)
{
	free(index->first);
	free(index->next);
	list_unref(index->list);
	*index = (struct volume_index){ 0 };
}

static void index_make(struct volume_index *index, const struct list *list)
{
	size_t i;

	if (index->list == list)
		return;
	index_done(index);
	index->list = list_ref(list);
	for (index->buckets = 16; index->buckets < list->count; index->buckets *= 2)
		;
	index->first = mem_array(index->buckets, sizeof(*index->first));
	index->next = mem_array(list->count + 1, sizeof(*index->next));
	for (i = 0; i < list->count; i++) {
		const struct podvolume *volume = (const struct podvolume *)list->items[i];
		uint32_t *first = &index->first[hash_of(volume->owner) & (index->buckets - 1)];

		index->next[i] = *first;
		*first = (uint32_t)i + 1;
	}
}

static void add_volumes_of(struct snapshot_volumes *volumes, const char *name, size_t *capacity)
{
	const struct volume_index *index = &volumes->index;
	struct strbuf label = STRBUF_INIT;
	uint32_t at;

	object_add_label_value(&label, name);
	for (at = index->first[hash_of(label.buf) & (index->buckets - 1)]; at;
	     at = index->next[at - 1]) {
		const struct podvolume *volume =
			(const struct podvolume *)index->list->items[at - 1];

		if (strcmp(volume->owner, label.buf) != 0)
			continue;
		volumes->rows = mem_grow(volumes->rows, volumes->count, capacity, sizeof(void *));
		volumes->rows[volumes->count++] = volume;
	}
	strbuf_done(&label);
}

void snapshot_volumes_gather(struct snapshot_volumes *volumes, const struct model *model,
			     const struct snapshot *snapshot)
{
	const struct list *backups = model->lists[COLLECTION_BACKUPS];
	size_t capacity = 0, i;

	snapshot_volumes_clear(volumes);
	index_make(&volumes->index, model->lists[COLLECTION_POD_VOLUME_BACKUPS]);
	if (snapshot->parts == 1)
		add_volumes_of(volumes, snapshot->backup->object.name, &capacity);
	for (i = 0; snapshot->parts > 1 && i < backups->count; i++) {
		if (snapshot_holds(snapshot, (const struct backup *)backups->items[i]))
			add_volumes_of(volumes, backups->items[i]->name, &capacity);
	}
	if (volumes->count > 1)
		qsort(volumes->rows, volumes->count, sizeof(void *), by_start);
}

void snapshot_volumes_clear(struct snapshot_volumes *volumes)
{
	free(volumes->rows);
	volumes->rows = NULL;
	volumes->count = 0;
}

void snapshot_volumes_done(struct snapshot_volumes *volumes)
{
	snapshot_volumes_clear(volumes);
	index_done(&volumes->index);
}

void snapshot_volumes_add_name(struct strbuf *out, const struct podvolume *volume,
			       const struct console *console)
{
	if (console && *volume->pod_namespace &&
	    strcmp(volume->pod_namespace, console->app_namespace) != 0 &&
	    strcmp(volume->pod_namespace, console->namespace) != 0)
		strbuf_addf(out, "%s/", volume->pod_namespace);
	strbuf_addf(out, "%s %s", volume->pod, volume->volume);
}
