/* What the server offers (discovery) and what we may do (access reviews). Worker thread; answers
 * are cached by the caller. */
#ifndef BACKEND_KUBE_ACCESS_H
#define BACKEND_KUBE_ACCESS_H

#include "backend/kube/client.h"

struct access_resource {
	char group[128], version[32], plural[128], kind[128];
	bool namespaced, can_list, can_delete;
};
struct access_resources {
	struct access_resource *rows; /* owned */
	size_t count;
};
void access_resources_done(struct access_resources *resources);

/* Preferred version of every resource served. A group that does not answer is left out and named in
 * err->hint. */
typedef void access_done(void *arg, const struct access_resources *resources,
			 const struct error *err);
void access_discover(struct client *client, access_done *done, void *arg);

/* May we? (SelfSubjectAccessReview) */
typedef void access_may(void *arg, bool allowed, const struct error *err);
void access_ask(struct client *client, const char *verb, const struct kube_kind *kind,
		const char *namespace, access_may *done, void *arg);

#endif
