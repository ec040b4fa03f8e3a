/* A client in front of a scripted API server and a scripted store, and what a download told. */
#ifndef TESTS_UNIT_BACKEND_VELERO_RIG_H
#define TESTS_UNIT_BACKEND_VELERO_RIG_H

#include "backend/velero/download.h"
#include "tests/support/httpd.h"

#define REQUESTS "/apis/velero.io/v1/namespaces/velero/downloadrequests"

struct rig {
	struct httpd *store, *api;
	struct httpd_reply replies[16]; /* of the API; the server borrows them */
	struct transport *transport;
	struct client *client;
	struct strbuf address; /* reply to a look at the request: it holds the store's address */
	bool done;
	const struct document *document;
	struct error err;
	struct strbuf steps; /* "a|b|c" */
};

void rig_open(struct rig *rig, const struct httpd_reply *store, size_t count);
/* The usual answers: created, no address yet, the address, deleted; extra ones come first where
 * their path fits. */
void rig_serve(struct rig *rig, const struct httpd_reply *extra, size_t count);
/* Only these. */
void rig_serve_only(struct rig *rig, const struct httpd_reply *replies, size_t count);
struct download *rig_start(struct rig *rig, const char *kind, const char *name);
/* Until done and the API has been asked `requests` times; ends the test after 5 s. */
void rig_wait(struct rig *rig, bool done, size_t requests);
void rig_close(struct rig *rig);

#endif
