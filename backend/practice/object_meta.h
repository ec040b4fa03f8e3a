/* The metadata an API server writes by itself, as rules over JSON. Pure but for the random names.
 */
#ifndef BACKEND_PRACTICE_OBJECT_META_H
#define BACKEND_PRACTICE_OBJECT_META_H

#include "backend/base/json.h"
#include "backend/practice/objects.h"

/* apiVersion, kind, name, namespace, uid, creationTimestamp, generation; drops what a client may
 * not set. */
void object_meta_create(struct json *object, const struct object_key *key, int64_t now);
/* What no update changes: name, namespace, uid, creationTimestamp, deletionTimestamp; the
 * generation counts on. */
void object_meta_update(struct json *next, const struct json *current,
			const struct object_key *key);
/* Sets deletionTimestamp, once: the moment when grace_s are over. */
void object_meta_delete(struct json *object, int64_t now, int64_t grace_s);

bool object_meta_is_deleting(const struct json *object);
bool object_meta_has_finalizers(const struct json *object);
/* Takes the references to this owner out. True when owners remain. */
bool object_meta_drop_owner(struct json *object, const char *uid);

/* prefix and five characters of the alphabet Kubernetes uses (no vowels, nothing that looks alike).
 * malloc()ed. */
char *object_meta_random_name(const char *prefix);

#endif
