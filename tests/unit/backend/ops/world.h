/* What an operation may use, in front of a scripted API server, and what it told. */
#ifndef TESTS_UNIT_BACKEND_OPS_WORLD_H
#define TESTS_UNIT_BACKEND_OPS_WORLD_H

#include "backend/ops/op.h"
#include "tests/support/httpd.h"
#include "tests/support/site.h"

struct world {
	struct httpd *api;
	struct httpd_reply *replies;
	struct transport *transport;
	struct client *client;
	struct model *model; /* SITE_QUIET; a test may put another one here */
	struct op_world ops;
	struct op *op;
	int ended;
	char accepted[128]; /* name of the object, "" not yet */
	struct error err;
};

void world_open(struct world *world, const struct httpd_reply *replies, size_t count);
void world_use(struct world *world, enum site_case which);
/* Until the operation has ended, at most 10 s. */
void world_wait(struct world *world);
/* Until the cluster has the object asked for. */
void world_wait_accepted(struct world *world);
void world_close(struct world *world);
/* Requests that begin so ("POST /apis/..."); the first of them, or their number when there is none.
 */
size_t world_count(struct world *world, const char *begin);
size_t world_first(struct world *world, const char *begin);

#endif
