/* The practice cluster's objects: SQLite behind the rules of a Kubernetes API server. Every write
 * gets the next resource version and one line of history; the window of history is bounded, and
 * what fell out of it is 410 Gone. A write is on disk when the function returns (WAL, synchronous):
 * kill -9 loses nothing that was answered.
 *
 * Any thread of the practice process: one lock inside. A resource is its plural with group:
 * "backups.velero.io", "pods"; the known ones stand in kinds.c. Namespaces must exist before what
 * is in them. */
#ifndef BACKEND_PRACTICE_OBJECTS_H
#define BACKEND_PRACTICE_OBJECTS_H

#include "backend/base/json.h"
#include "backend/base/status.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct objects;
struct selector;

struct object_key {
	const char *resource;  /* "backups.velero.io" */
	const char *namespace; /* "" for cluster-scoped, or in lists for all */
	const char *name;
};

enum status objects_open(const char *path, struct objects **ret_objects, struct error *err);
void objects_close(struct objects *objects);

/* Several writes as one, on disk together or not at all. They nest; other threads wait meanwhile. A
 * write that fails inside is undone alone. STATUS_SYSTEM of the commit: nothing of it was kept. */
enum status objects_begin(struct objects *objects, struct error *err);
enum status objects_commit(struct objects *objects, struct error *err);
void objects_rollback(struct objects *objects); /* ends what objects_begin() began, undone */

/* Owned results: json_free() them. STATUS_NOT_FOUND says `backups.velero.io "x" not found` as the
 * real one does. */
enum status objects_get(struct objects *objects, const struct object_key *key,
			struct json **ret_object, struct error *err);

/* Items in name order as one JSON list, and the version the list is true for. selector: label
 * selector text or "". */
enum status objects_list(struct objects *objects, const struct object_key *key,
			 const char *selector, struct json **ret_items, int64_t *ret_version,
			 struct error *err);

/* What to read, for lists and watches of the API. Borrowed. */
struct objects_query {
	struct object_key key;	       /* name "" = all */
	const struct selector *labels; /* NULL = all */
	const struct selector *fields; /* NULL = all; evaluated on the whole object */
	size_t limit;		       /* 0 = no pages */
	const char *after_namespace;   /* continue behind this object; NULL = from the start */
	const char *after_name;
};

/* One page of stored texts, joined by commas, never parsed unless `fields` needs it. */
struct objects_page {
	struct strbuf items; /* owned by the caller, who initialises and frees it */
	size_t count;
	size_t remaining;     /* how many follow; exact only without selectors */
	char *last_namespace; /* set when more follow: where the next page begins; free() both */
	char *last_name;
	int64_t version;
};
enum status objects_list_text(struct objects *objects, const struct objects_query *query,
			      struct objects_page *page, struct error *err);

/* A whole list read bit by bit, true for one version whatever is written meanwhile: it has a
 * connection and a read transaction of its own. One thread; the objects outlive it. */
struct objects_cursor;
enum status objects_cursor_open(struct objects *objects, const struct object_key *key,
				struct objects_cursor **ret_cursor, struct error *err);
int64_t objects_cursor_version(const struct objects_cursor *cursor);
/* Appends stored texts, joined by commas, until `bytes` were added or all have come (then
 * *ret_ended). */
enum status objects_cursor_read(struct objects_cursor *cursor, size_t bytes, struct strbuf *out,
				bool *ret_ended, struct error *err);
void objects_cursor_close(struct objects_cursor *cursor); /* NULL is fine */

/* Takes over `object` in every case. Fills metadata (uid, creationTimestamp, generation,
 * resourceVersion; generateName gets five characters). ret_object may be NULL. Schema rules are
 * checked before, by schema.c. STATUS_EXISTS; STATUS_NOT_FOUND for the namespace; STATUS_FORBIDDEN
 * while it is terminating. */
enum status objects_create(struct objects *objects, const struct object_key *key,
			   struct json *object, struct json **ret_object, struct error *err);
/* metadata.resourceVersion in the object, when there, must be the stored one, else STATUS_CONFLICT.
 * An update that changes nothing writes nothing. Takes over `object`. */
enum status objects_update(struct objects *objects, const struct object_key *key,
			   struct json *object, struct json **ret_object, struct error *err);
/* JSON merge patch; read-modify-write under the lock. */
enum status objects_patch(struct objects *objects, const struct object_key *key,
			  const struct json *patch, struct json **ret_object, struct error *err);
/* Any read-modify-write under the lock: `change` edits next (a copy of current); its failure
 * changes nothing. */
typedef enum status (*objects_change)(void *arg, const struct json *current, struct json *next,
				      struct error *err);
enum status objects_modify(struct objects *objects, const struct object_key *key,
			   objects_change change, void *arg, struct json **ret_object,
			   struct error *err);

/* With finalizers: sets deletionTimestamp; an update that empties the finalizers then removes it.
 * Dependants by ownerReferences go with it (background). A namespace takes all that is in it along,
 * and stays (Terminating) until the last finalizer in it has gone. ret_object (may be NULL): the
 * object as it is now, or as it was last. A pod on a node is only marked: the kubelet removes it.
 */
enum status objects_delete(struct objects *objects, const struct object_key *key,
			   struct json **ret_object, struct error *err);
struct objects_delete_options {
	const char *uid;     /* "" = any; another one: STATUS_CONFLICT */
	const char *version; /* "" = any */
	bool orphan;	     /* dependants stay and lose the reference */
	bool at_once;	     /* a pod does not wait for its node: grace period 0 */
};
enum status objects_delete_with(struct objects *objects, const struct object_key *key,
				const struct objects_delete_options *options,
				struct json **ret_object, struct error *err);

int64_t objects_version(struct objects *objects);
/* The version of the last write of that kind; 0: none since it was opened. */
int64_t objects_written(struct objects *objects, const char *resource);
int64_t objects_oldest(struct objects *objects); /* a watch may begin here or later */
/* Waits until the version is above `since`, or timeout_ms passed. true when it is. */
bool objects_wait(struct objects *objects, int64_t since, int timeout_ms);
/* Wakes every objects_wait() now (they return false): the process is ending. */
void objects_wake(struct objects *objects);
/* Events after `since`, oldest first: list of {"type":"ADDED|MODIFIED|DELETED","object":{...}}. ""
 * = all resources (then each event has "resource" too). STATUS_GONE when `since` left the window.
 * ret_version: up to where it has looked. */
enum status objects_changes(struct objects *objects, const struct object_key *key, int64_t since,
			    struct json **ret_events, int64_t *ret_version, struct error *err);
/* The same as lines of text for a watch, at most 500 of them. An object that begins or ceases to
 * match the selectors is ADDED or DELETED. query->limit and after_* do not count here. */
enum status objects_changes_text(struct objects *objects, const struct objects_query *query,
				 int64_t since, struct strbuf *out, int64_t *ret_version,
				 struct error *err);

/* Drops the history window (fault 410): whoever looked up to now must list again. */
void objects_forget_history(struct objects *objects);

#endif
