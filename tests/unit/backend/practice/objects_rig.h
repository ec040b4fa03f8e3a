/* A cluster in a folder of its own: the objects with two namespaces, and the API over them without
 * HTTP. For tests: what goes wrong ends the test. */
#ifndef TESTS_UNIT_BACKEND_PRACTICE_OBJECTS_RIG_H
#define TESTS_UNIT_BACKEND_PRACTICE_OBJECTS_RIG_H

#include "backend/practice/routes.h"

#define RIG_TOKEN "s3same"

struct objects_rig {
	char folder[64];
	char path[96];
	struct objects *objects;
	struct faults faults;
	struct routes routes;
};

void objects_rig_open(struct objects_rig *rig); /* velero and acme exist */
void objects_rig_close(struct objects_rig *rig);

/* Creates one from JSON text (single quotes stand for double ones). */
void objects_rig_create(struct objects_rig *rig, const char *resource, const char *namespace,
			const char *name, const char *json);
struct json *objects_rig_get(struct objects_rig *rig, const char *resource, const char *namespace,
			     const char *name);
bool objects_rig_has(struct objects_rig *rig, const char *resource, const char *namespace,
		     const char *name);
struct json *objects_rig_json(const char *text); /* single quotes stand for double ones; owned */

/* One request; query as on the wire. The caller frees with route_reply_done(). */
struct objects_rig_request {
	const char *method, *target, *type, *body;
	bool anonymous;
};
void objects_rig_ask(struct objects_rig *rig, const struct objects_rig_request *request,
		     struct route_reply *reply);
/* The JSON of a GET; the status is checked to be 200. Owned. */
struct json *objects_rig_read(struct objects_rig *rig, const char *target);

#endif
