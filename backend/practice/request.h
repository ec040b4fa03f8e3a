/* One HTTP request and its answer as plain values, so that whoever answers one knows nothing of the
 * HTTP library. */
#ifndef BACKEND_PRACTICE_REQUEST_H
#define BACKEND_PRACTICE_REQUEST_H

#include "backend/base/json.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

#define REQUEST_PARAMS_MAX 24

struct request_param {
	const char *key;   /* decoded */
	const char *value; /* decoded; "" for a bare key */
};

/* Everything is borrowed and lives until the answer function returns. Texts are never NULL. */
struct server_request {
	const char *method; /* "GET" */
	const char *path;   /* "/api/v1/namespaces"; percent-decoded, without the query */
	struct request_param
		params[REQUEST_PARAMS_MAX]; /* in their order; more than fit are dropped */
	size_t param_count;
	const char *authorization; /* the whole header value */
	const char *content_type;
	const char *accept;
	const char *accept_encoding;
	const char *range; /* "bytes=0-99" */
	const char *host;
	const char *body;
	size_t body_len;
};

/* "" when absent; the first one counts. */
const char *request_param(const struct server_request *request, const char *key);
bool request_has_param(const struct server_request *request, const char *key);
bool request_flag(const struct server_request *request, const char *key); /* "true", "1" */
/* True when the Authorization header is Basic with exactly these. */
bool request_is_basic(const struct server_request *request, const char *user, const char *password);
bool request_is_bearer(const struct server_request *request, const char *token);

struct watch_stream;
struct list_stream;

/* An answer. Zeroed and strbuf_init()ed by whoever asks (route_reply_init), freed with
 * route_reply_done(). */
struct route_reply {
	int status;	       /* 200 */
	char content_type[64]; /* "application/json" */
	char extra_header[96]; /* one more line "Name: value", or "" */
	struct strbuf body;
	char *file_path; /* instead of body: this file is sent (Range obeyed); owned, malloc()ed */
	struct watch_stream *stream; /* instead of body: lines until it ends; owned */
	struct list_stream *list;    /* after body: the rest of a long list; owned */
};

void route_reply_init(struct route_reply *reply);
void route_reply_done(struct route_reply *reply);
/* Replace what stands there. */
void route_reply_text(struct route_reply *reply, int status, const char *content_type,
		      const char *text);
void route_reply_json(struct route_reply *reply, int status,
		      const struct json *body); /* borrowed */

#endif
