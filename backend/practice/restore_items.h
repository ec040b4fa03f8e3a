/* Objects of a backup back into the cluster (spec/velero-api.md 2.3, 3.7): which, in which order,
 * as what, and what happens with those that exist. */
#ifndef BACKEND_PRACTICE_RESTORE_ITEMS_H
#define BACKEND_PRACTICE_RESTORE_ITEMS_H

#include "backend/practice/collect.h"
#include "backend/practice/velog.h"

struct restoring {
	struct world *world;
	const struct json *restore;	/* the object */
	const struct collection *items; /* of the backup */
	const struct json *volumes;	/* list of the backup's PodVolumeBackups */
	struct velog *log;
	struct json *list; /* owned: RestoreResourceList, {"v1/Pod":["default/x(created)"]} */
	struct json *pods; /* owned: the pods that were made and wait for files */
	int64_t restored;  /* items handled */
};

void restore_items(struct restoring *restoring);

/* Indices of what the restore's spec takes, in Velero's order; ended by -1. free() it. Pure. */
int *restore_order(const struct json *spec, const struct collection *items);
/* The object as it is created: without what belongs to the old one, with Velero's labels. Owned.
 * Pure. */
struct json *restore_object(const struct json *restore, const struct item *item,
			    const struct json *volumes);
/* Would creating `fresh` change nothing? Pure. */
bool restore_is_same(const struct json *fresh, const struct json *existing);

#endif
