/* One way from JSON to an object of ours: the first chunk of its arena is made to fit what the
 * table will read, for objects are kept by the ten thousand. Pure. */
#ifndef BACKEND_VELERO_DECODE_H
#define BACKEND_VELERO_DECODE_H

#include "backend/kube/object.h"

struct velero_shape {
	size_t size; /* of the struct, which begins with struct object */
	const struct json_field *fields;
	size_t count;
};

/* more: bytes of text that the caller will add to the arena himself. NULL and err when name or uid
 * is missing. */
void *velero_decode(const struct velero_shape *shape, const struct json *json, size_t more,
		    struct error *err);

/* The texts of a list joined by ","; what is no text is left out. Appends. */
void velero_join(struct strbuf *out, const struct json *list);
/* The first text of a list, or "". Borrowed. */
const char *velero_first(const struct json *list);

#endif
