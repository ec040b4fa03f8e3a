/* What every actor of the practice cluster holds: the objects, the folder, the pace; and the few
 * verbs they share. An actor plays a controller: it reads objects, does something real, and writes
 * objects. Any thread, except where said. */
#ifndef BACKEND_PRACTICE_WORLD_H
#define BACKEND_PRACTICE_WORLD_H

#include "backend/base/json.h"
#include "backend/base/strbuf.h"
#include "backend/practice/faults.h"
#include "backend/practice/kinds.h"
#include "backend/practice/kotsdb.h"
#include "backend/practice/objects.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define VELERO_NAMESPACE "velero"
#define VELERO_VERSION	 "v1.18.3"
#define NODE_NAME	 "practice"

struct world {
	struct objects *objects; /* borrowed, as all here */
	struct kotsdb *kotsdb;
	struct faults *faults;
	const char *dir;
	const char *password_file; /* of the restic repositories */
	int port;		   /* where the store's signed addresses are served */
	uint64_t signing_key;	   /* of those addresses; a new one each start */
	bool fast;
	int64_t past; /* while the seed tells history: the creation time of what is made; 0 = now */
	atomic_bool stopping;
	pthread_mutex_t lock; /* guards wake only */
	pthread_cond_t wake;
};

void world_init(struct world *world);
void world_done(struct world *world);
/* Wakes all who sleep; world_stopping() is true from then on. */
void world_stop(struct world *world);
bool world_stopping(struct world *world);
/* Sleeps. false when the cluster is going down: leave at once, everything is on disk. */
bool world_sleep(struct world *world, int ms);
/* The same, with what each pace wants. */
bool world_pause(struct world *world, int real_ms, int fast_ms);
/* A period such as "each minute": 60 with pace real, 2 with pace fast. */
int64_t world_minute(const struct world *world);

/* An owned list, empty when there is none; namespace "" = all, selector "" = all. */
struct json *world_list(struct world *world, const char *resource, const char *namespace,
			const char *selector);
/* Owned; NULL when there is none. */
struct json *world_get(struct world *world, const char *resource, const char *namespace,
		       const char *name);
/* Merge patch; takes over patch. Returns the new object (owned) or NULL when it is gone. */
struct json *world_patch(struct world *world, const char *resource, const struct json *object,
			 struct json *patch);
/* The same for one path, the usual case: "status.phase". Takes over value. true when done. */
bool world_put(struct world *world, const char *resource, const struct json *object,
	       const char *path, struct json *value);
/* Takes over object; resource names the kind, the rest stands in the object. The new one (owned),
 * or NULL with err. */
struct json *world_create(struct world *world, const char *resource, struct json *object,
			  struct error *err);
void world_delete(struct world *world, const char *resource, const struct json *object);

/* Shorthands over metadata; never NULL. */
const char *object_name(const struct json *object);
const char *object_namespace(const struct json *object);
const char *object_uid(const struct json *object);
const char *object_phase(const struct json *object); /* status.phase */
const char *object_label(const struct json *object, const char *key);
const char *object_annotation(const struct json *object, const char *key);
bool object_is_deleting(const struct json *object);
bool object_has_finalizer(const struct json *object, const char *finalizer);
/* An owned list of finalizers without that one. */
struct json *object_finalizers_without(const struct json *object, const char *finalizer);
int64_t object_created(const struct json *object);

/* RFC 3339 of a moment, as an owned JSON text. */
struct json *world_time(int64_t unix_s);
/* A label value of a name: more than 63 bytes are cut and hashed (spec/velero-api.md 4.1). */
void world_add_label_value(struct strbuf *out, const char *name);
/* An owned ownerReferences list with one controller. */
struct json *world_owner(const struct json *owner);

/* Removes a pod that is Terminating, as its kubelet does. */
void world_bury(struct world *world, const struct json *pod);

#define WORLD_UID 64
/* The Velero server on duty: the uid of its pod, "" when none runs. */
void world_server(struct world *world, char ret_uid[WORLD_UID]);
/* false: it is another one by now, or none. What the one before had begun, it does not end. */
bool world_server_is(struct world *world, const char *uid);

/* Does a pod with these labels run? What its controller does stops with it. */
bool world_pod_runs(struct world *world, const char *namespace, const char *selector);

/* world->dir + "/" + the rest. */
void world_add_path(const struct world *world, struct strbuf *out, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* The folder behind a volume of a pod: volumes/NS/CLAIM for a claim, pods/UID/VOLUME for an
 * emptyDir. false: none of ours. */
bool world_volume_path(const struct world *world, const struct json *pod, const char *volume,
		       struct strbuf *out);
/* The claim of a pod's volume, "" when it has none. Borrowed from pod. */
const char *pod_claim(const struct json *pod, const char *volume);

#endif
