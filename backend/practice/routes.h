/* From a request to an answer: faults, credentials, what others added, discovery, the API. Knows no
 * HTTP library. */
#ifndef BACKEND_PRACTICE_ROUTES_H
#define BACKEND_PRACTICE_ROUTES_H

#include "backend/practice/api.h"
#include "backend/practice/server.h"

#include <pthread.h>
#include <stdatomic.h>

#define ROUTES_TOKEN_MAX 128

struct routes {
	struct server_spec spec;
	struct api api;
	pthread_mutex_t lock;
	char token[ROUTES_TOKEN_MAX];	  /* under the lock */
	char old_token[ROUTES_TOKEN_MAX]; /* refused, but still good for /practice/ */
	atomic_bool draining; /* nobody may wait any longer: the server ends or restarts */
	/* A fault that the server itself performs: restart, or giving out the new token.
	 * Any thread. */
	void (*perform)(void *arg, enum fault fault);
	void *perform_arg;
};

void routes_init(struct routes *routes, const struct server_spec *spec);
void routes_done(struct routes *routes);
void routes_copy_token(struct routes *routes, char token[ROUTES_TOKEN_MAX]);
enum status routes_set_fault(struct routes *routes, const char *name, struct error *err);
/* Always answers, unless draining: then the reply's status stays 0 and the connection is to be
 * closed. */
void routes_answer(struct routes *routes, const struct server_request *request,
		   struct route_reply *reply);

#endif
