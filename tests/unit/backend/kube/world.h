/* A client in front of a scripted server, for the tests of this folder. */
#ifndef TESTS_UNIT_BACKEND_KUBE_WORLD_H
#define TESTS_UNIT_BACKEND_KUBE_WORLD_H

#include "backend/kube/client.h"
#include "tests/support/httpd.h"

struct world {
	struct httpd *httpd;
	struct transport *transport;
	struct client *client;
};

/* access may be NULL: a token "t1". What is given is taken over; its server is set. */
void world_open(struct world *world, const struct httpd_reply *replies, size_t count,
		struct kube_access *access);
void world_close(struct world *world);

bool holds(const char *text, const char *part);

struct answer {
	struct json *reply; /* owned copy */
	struct error err;
	unsigned count; /* how often it came */
	bool failed;
};
void answer_done(struct answer *answer);
client_done answer_take; /* for client_call(): arg is a struct answer */
void world_call(struct world *world, const struct client_call *call, struct answer *answer);
void world_get(struct world *world, const char *path, struct answer *answer);

#endif
