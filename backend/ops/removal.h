/* The decisions of a removal, a round each two seconds (spec/kots-snapshots.md 8.5): what is
 * deleted now, what is left, and the words for what does not go (F-153). Pure. Nothing is ever
 * removed by force. */
#ifndef BACKEND_OPS_REMOVAL_H
#define BACKEND_OPS_REMOVAL_H

#include "backend/ops/app_objects.h"

/* Rows that are not excluded and not being deleted yet, in the order they are asked to go (indexes
 * into objects->rows). The caller frees *ret_order. */
size_t removal_order(const struct app_objects *objects, size_t **ret_order);

struct removal_left {
	size_t objects, volumes;
	const struct app_object
		*oldest; /* the one that has been going for longest, NULL = none is going */
};
struct removal_left removal_left(const struct app_objects *objects);

/* "waits for PersistentVolumeClaim default/data-1: in use by pod db-1, finalizer
 * kubernetes.io/pvc-protection, 96 s" */
void removal_add_words(struct strbuf *out, const struct app_objects *objects, int64_t now);

/* When nothing went for so long: a warning, then the end. Milliseconds. */
#define REMOVAL_ROUND_MS 2000
#define REMOVAL_WARN_MS	 120000
#define REMOVAL_END_MS	 600000

#endif
