/* The head that every object we keep begins with, counted; and names, labels and label values.
 * Immutable once published. Any thread may ref and unref; the last unref frees the whole (the
 * object lives in its own arena). */
#ifndef BACKEND_KUBE_OBJECT_H
#define BACKEND_KUBE_OBJECT_H

#include "backend/base/json.h"
#include "backend/base/mem.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct object {
	struct arena arena; /* owns every text of the object and the object itself */
	atomic_int refs;
	const char *uid, *name, *namespace;
	int64_t created, deleted; /* unix seconds; deleted = metadata.deletionTimestamp, 0 = not
				     being deleted */
};

/* A zeroed struct of `size` bytes that begins with struct object, one reference, decoded metadata.
 * more: bytes of text that the caller will add to the arena: objects are kept by the ten thousand,
 * so the first chunk is made to fit. NULL and err when name or uid is missing. */
void *object_new(size_t size, size_t more, const struct json *json, struct error *err);
const void *object_ref(const void *object);
void object_unref(const void *object); /* NULL is fine */

/* Kubernetes names: DNS-1123 subdomain (objects) and label (namespaces). */
bool object_name_is_valid(const char *name);
bool object_namespace_is_valid(const char *name);
/* Velero's label value for a long name: over 63 characters 57 of them and 6 hex of the SHA-256
 * (spec/velero-api.md 4.1). */
void object_add_label_value(struct strbuf *out, const char *name);

/* true when `labels` (a JSON map) match a LabelSelector object (matchLabels, matchExpressions);
 * NULL selects all. */
bool object_labels_match(const struct json *selector, const struct json *labels);

#endif
