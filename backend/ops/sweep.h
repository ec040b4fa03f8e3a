/* Everything of an application in the cluster: each namespaced kind that can be listed and deleted
 * is listed with the label kots.io/app-slug, at most six lists at once (spec/kots-snapshots.md 8.5
 * step 4). And the claims that its pods mount (step 3). Worker thread. */
#ifndef BACKEND_OPS_SWEEP_H
#define BACKEND_OPS_SWEEP_H

#include "backend/kube/access.h"

struct sweep_spec {
	struct client *client;
	const char *namespaces; /* comma-separated; "" or "*" = all; copied */
	const char *app_slug;	/* NULL = no label asked for; copied */
	bool console; /* label kots.io/kotsadm instead: kinds of the cluster too, every row; where
			 we may not list there is nothing of it for us */
	const struct access_resource
		*rows; /* borrowed until done; unwanted ones are skipped here */
	size_t count;
	/* Borrowed. resource says of which kind: items of a list do not. */
	void (*object)(void *arg, const struct access_resource *resource,
		       const struct json *object);
	/* Once, last: err NULL when every list was answered. The sweep is freed after it. */
	void (*done)(void *arg, const struct error *err);
	void *arg;
};

struct sweep;
/* NULL, and done is never called, when no row is wanted. */
struct sweep *sweep_start(const struct sweep_spec *spec);
void sweep_cancel(struct sweep *sweep); /* done is not called; frees it; NULL is fine */

/* A kind that belongs to applications: not events, not what Velero keeps, not what nobody may
 * delete. Pure. */
bool sweep_wants(const struct access_resource *resource);
/* Label and annotation say that it belongs to the application and selector (a LabelSelector or
 * NULL) takes it. Pure. */
bool sweep_belongs(const struct json *object, const char *app_slug, const struct json *selector);
/* Pods only: the label is enough, since pods are made from templates without the annotation. Pure.
 */
bool sweep_pod_belongs(const struct json *pod, const char *app_slug, const struct json *selector);
bool sweep_is_excluded(const struct json *object); /* label velero.io/exclude-from-backup "true" */
/* name is one of the comma-separated list; "" and "*" hold all. */
bool sweep_in_namespaces(const char *namespaces, const char *name);

/* The core kinds that are looked at by name. */
extern const struct access_resource sweep_claims, sweep_pods;
/* What the Admin Console is made of (8.2 step 1), in its order. */
#define SWEEP_CONSOLE 12
extern const struct access_resource sweep_console[SWEEP_CONSOLE];
/* The namespaces that hold it: its own, and kurl. Appends. */
void sweep_add_console_namespaces(struct strbuf *out, const char *console_namespace, bool is_kurl);

#endif
