/* HTTP on 127.0.0.1 for the practice cluster: the Kubernetes API over objects.h, faults on demand,
 * and plain routes that others add (the store's signed addresses, the admin console's database).
 * server.c is the only file that knows libmicrohttpd; one thread a connection, so answer functions
 * may block, and must be callable from any thread at once.
 *
 * Private routes, with the same bearer token, answered whatever faults are set:
 *   POST /practice/fault?name=NAME    one of faults.h; 400 for another name
 *   POST /practice/fault?clear=true   all of them
 *   GET  /practice/fault              the set ones, one a line */
#ifndef BACKEND_PRACTICE_SERVER_H
#define BACKEND_PRACTICE_SERVER_H

#include "backend/base/status.h"
#include "backend/practice/faults.h"
#include "backend/practice/objects.h"
#include "backend/practice/request.h"

#include <stdbool.h>
#include <stddef.h>

/* What stands between the address and the token in the kubeconfig's `server:`. kubectl and every
 * other client-go program send no credentials over plain HTTP (clientcmd: "only try to read the
 * auth information if we are secure"), so the token stands in the path too. Such a path is answered
 * as if it came with that token; an Authorization header, where there is one, counts more. */
#define SERVER_TOKEN_PREFIX "/token/"

/* Answers one request, or says false: not mine (then ret_reply is untouched and the next one is
 * asked, the Kubernetes API last). Any thread, several at once. */
typedef bool (*server_answer)(void *arg, const struct server_request *request,
			      struct route_reply *ret_reply);

struct server_extra {
	const char *prefix; /* asked only for paths that begin so: "/store/"; "/api/v1/namespaces/"
			       may catch pods/NAME/log */
	bool open; /* the bearer token is not asked for: signed addresses, basic authentication */
	server_answer answer;
	void *arg;
};

struct server_spec {
	struct objects *objects;	   /* borrowed, outlives the server */
	struct faults *faults;		   /* borrowed, outlives the server */
	const char *token;		   /* what a bearer must say; copied */
	int port;			   /* 0 = any free one */
	bool fast;			   /* pace fast: bookmarks each second, short fault waits */
	const struct server_extra *extras; /* borrowed, outlives the server */
	size_t extra_count;
	/* The fault "token": only `token` counts from now on. Called from a thread of the server
	 * some seconds after the old one ended, so that the owner writes the kubeconfig anew. May
	 * be NULL. */
	void (*token_changed)(void *arg, const char *token);
	void *token_arg;
};

struct server;

/* STATUS_CONFLICT when the port is taken (the hint says so); STATUS_SYSTEM for the rest. */
enum status server_start(const struct server_spec *spec, struct server **ret_server,
			 struct error *err);
int server_port(const struct server *server);
/* Ends all streams, waits for all connections. NULL is fine. The owner's thread. */
void server_stop(struct server *server);

/* What HTTP route /practice/fault does, for the process itself. STATUS_NOT_FOUND names the known
 * ones. */
enum status server_set_fault(struct server *server, const char *name, struct error *err);

#endif
