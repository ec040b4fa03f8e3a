/* What a sweep found: the objects that belong to an application, and the claims that its pods
 * mount, as rows. Pure. Used to foretell a removal (op_facts) and to make it (removal.h).
 * spec/kots-snapshots.md 8.5. */
#ifndef BACKEND_OPS_APP_OBJECTS_H
#define BACKEND_OPS_APP_OBJECTS_H

#include "backend/kots/restore_plan.h"
#include "backend/kube/access.h"

struct app_object {
	struct plan_object plan;
	const char *uid, *finalizers; /* comma-separated, "" none */
	int64_t deleted;	      /* unix seconds: since when it is being deleted, 0 = not */
};

struct app_claim {
	const char *namespace, *name, *pod; /* pod: one that mounts it, "" unknown */
};

struct app_objects {
	struct arena arena;
	const char *app_slug;	     /* borrowed */
	const struct json *selector; /* of the backup, borrowed; NULL = none */
	const char *console; /* namespace: what it looks for is the Admin Console there, borrowed;
				NULL = an application */
	struct app_object *rows;
	size_t count, capacity;
	struct app_claim *claims;
	size_t claim_count, claim_capacity;
};

void app_objects_init(struct app_objects *objects, const char *app_slug,
		      const struct json *selector);
/* The Admin Console instead (8.2): everything with its label, also what no backup holds; claims
 * only by their label. */
void app_objects_init_console(struct app_objects *objects, const char *namespace);
void app_objects_done(struct app_objects *objects);
/* Drops rows and claims, keeps what it looks for. */
void app_objects_clear(struct app_objects *objects);

/* For each object of a sweep. A pod's claims are noted; what does not belong is passed over. */
void app_objects_add(struct app_objects *objects, const struct access_resource *resource,
		     const struct json *object);
/* A claim whose data belongs to the application, known from elsewhere. */
void app_objects_want_claim(struct app_objects *objects, const char *namespace, const char *name,
			    const char *pod);
/* For each claim of the namespaces: taken when it is wanted and not there yet. */
void app_objects_add_claim(struct app_objects *objects, const struct json *claim);
/* The pod that mounts it, "" unknown. */
const char *app_objects_user(const struct app_objects *objects, const struct plan_object *claim);

#endif
