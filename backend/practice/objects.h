/* The practice cluster's objects: SQLite behind the rules of a Kubernetes API server. Every write gets the next resource
 * version and one line of history; the window of history is bounded, and what fell out of it is 410 Gone. A write is on disk
 * when the function returns (WAL, synchronous): kill -9 loses nothing that was answered.
 *
 * Any thread of the practice process: one lock inside. A resource is its plural with group: "backups.velero.io", "pods". */
#ifndef BACKEND_PRACTICE_OBJECTS_H
#define BACKEND_PRACTICE_OBJECTS_H

#include "backend/base/json.h"
#include "backend/base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct objects;

struct object_key {
	const char *resource;  /* "backups.velero.io" */
	const char *namespace; /* "" for cluster-scoped, or in lists for all */
	const char *name;
};

enum status objects_open(const char *path, struct objects **ret_objects, struct error *err);
void objects_close(struct objects *objects);

/* Owned results: json_free() them. STATUS_NOT_FOUND says `backups.velero.io "x" not found` as the real one does. */
enum status objects_get(struct objects *objects, const struct object_key *key, struct json **ret_object, struct error *err);

/* Items in name order as one JSON list, and the version the list is true for. selector: label selector text or "". */
enum status objects_list(struct objects *objects, const struct object_key *key, const char *selector,
			 struct json **ret_items, int64_t *ret_version, struct error *err);

/* Takes over `object` in every case. Fills metadata (uid, creationTimestamp, generation, resourceVersion; generateName gets
 * five characters). ret_object may be NULL. Schema rules are checked before, by schema.c. */
enum status objects_create(struct objects *objects, const struct object_key *key, struct json *object,
			   struct json **ret_object, struct error *err);
/* metadata.resourceVersion in the object, when there, must be the stored one, else STATUS_CONFLICT. */
enum status objects_update(struct objects *objects, const struct object_key *key, struct json *object,
			   struct json **ret_object, struct error *err);
/* JSON merge patch; read-modify-write under the lock. */
enum status objects_patch(struct objects *objects, const struct object_key *key, const struct json *patch,
			  struct json **ret_object, struct error *err);
/* With finalizers: sets deletionTimestamp; an update that empties the finalizers then removes it. Dependants by
 * ownerReferences go with it (background). */
enum status objects_delete(struct objects *objects, const struct object_key *key, struct json **ret_object, struct error *err);

int64_t objects_version(struct objects *objects);
/* Waits until the version is above `since`, or timeout_ms passed. true when it is. */
bool objects_wait(struct objects *objects, int64_t since, int timeout_ms);
/* Events after `since`, oldest first: list of {"type":"ADDED|MODIFIED|DELETED","object":{...}}. "" = all resources (then each
 * event has "resource" too). STATUS_GONE when `since` left the window. ret_version: up to where it has looked. */
enum status objects_changes(struct objects *objects, const struct object_key *key, int64_t since, struct json **ret_events,
			    int64_t *ret_version, struct error *err);

/* Drops the history window (fault 410). */
void objects_forget_history(struct objects *objects);

#endif
