/* One cluster, asked over the API: calls with retries, and errors that a person can act on. Worker
 * thread only; answers come inside transport_wait(). What it does by itself: credentials (and
 * renews them once on 401), gzip, 429 (nothing was done) and for GET 5xx with Retry-After or
 * backoff with jitter (at most 4 tries; a wait of more than 15 s is the caller's), User-Agent.
 * Replies above 64 MiB are STATUS_TOO_LARGE. */
#ifndef BACKEND_KUBE_CLIENT_H
#define BACKEND_KUBE_CLIENT_H

#include "backend/base/json.h"
#include "backend/kube/kubeconfig.h"
#include "backend/net/transport.h"

#include <stdbool.h>
#include <stdint.h>

struct client;

/* Takes over access (moved; left empty). transport is borrowed and must live longer. */
struct client *client_new(struct transport *transport, struct kube_access *access);
void client_free(struct client *client); /* calls under way end with STATUS_CANCELLED, none begins;
					    NULL is fine */

const struct kube_access *client_access(const struct client *client);
struct transport *client_transport(const struct client *client);
int64_t client_clock_skew_s(
	const struct client *client); /* server's clock minus ours, by the last Date; 0 unknown */

/* reply is borrowed and NULL on failure; err is NULL on success. Called exactly once unless
 * cancelled. */
typedef void client_done(void *arg, const struct json *reply, const struct error *err);

struct client_call {
	const char *method;	  /* NULL = GET */
	const char *path;	  /* "/apis/velero.io/v1/..." with query */
	const struct json *body;  /* borrowed during the call, NULL = none */
	const char *content_type; /* NULL = application/json */
	const char *what;	  /* "list backups in velero": begins the error text; copied */
	int total_ms;		  /* 0 = 30000 */
};
uint64_t client_call(struct client *client, const struct client_call *call, client_done *done,
		     void *arg);
void client_cancel(struct client *client, uint64_t id);

/* A raw stream below the same credentials (lists, watches, pod logs): see transport_events; body
 * gets bytes of a 2xx only, done the error already turned into words (Status bodies read; err is
 * NULL on success). Not retried but once after 401. */
struct client_stream {
	const char *path, *what;
	int stall_ms;
	void (*head)(void *arg); /* the server said 2xx; may be NULL */
	bool (*body)(void *arg, const char *bytes, size_t len);
	void (*done)(void *arg, const struct http_reply *reply, const struct error *err);
	void *arg;
};
uint64_t client_stream(struct client *client, const struct client_stream *stream);

/* A Status object, or whatever body came with an HTTP error, to an error: code, words, hint
 * (spec/velero-api.md 3.0). Pure. */
enum status client_error(struct error *err, const struct http_reply *reply, const char *body,
			 size_t len, const char *what);

/* Path of a collection or object: "/apis/velero.io/v1/namespaces/velero/backups/x". group "" =
 * core; name or namespace NULL or
 * "" leaves that part out. Appends. */
struct kube_kind {
	const char *group, *version, *plural;
};
void client_add_path(struct strbuf *out, const struct kube_kind *kind, const char *namespace,
		     const char *name);

#endif
