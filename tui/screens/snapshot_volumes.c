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

void snapshot_volumes_gather(struct snapshot_volumes *volumes, const struct model *model,
			     const char *name)
{
	const struct list *list = model->lists[COLLECTION_POD_VOLUME_BACKUPS];
	struct strbuf label = STRBUF_INIT;
	size_t i, capacity = 0;

	snapshot_volumes_done(volumes);
	object_add_label_value(&label, name);
	for (i = 0; i < list->count; i++) {
		const struct podvolume *volume = (const struct podvolume *)list->items[i];

		if (strcmp(volume->owner, label.buf) != 0)
			continue;
		volumes->rows = mem_grow(volumes->rows, volumes->count, &capacity, sizeof(void *));
		volumes->rows[volumes->count++] = volume;
	}
	if (volumes->count > 1)
		qsort(volumes->rows, volumes->count, sizeof(void *), by_start);
	strbuf_done(&label);
}

void snapshot_volumes_done(struct snapshot_volumes *volumes)
{
	free(volumes->rows);
	volumes->rows = NULL;
	volumes->count = 0;
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
