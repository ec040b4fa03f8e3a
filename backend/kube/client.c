#include "backend/kube/client.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/kube/auth.h"
#include "backend/kube/backoff.h"

#include <stdlib.h>
#include <string.h>

#define TRIES_MAX	4
#define RETRY_FIRST_MS	500
#define RETRY_MOST_MS	15000
#define TOTAL_MS	30000
#define REPLY_CEILING	((size_t)64 * 1024 * 1024)
#define REFUSAL_CEILING ((size_t)64 * 1024) /* of the body of an HTTP error */

struct call {
	struct call *next;
	struct client *client;
	uint64_t id, request, timer;
	bool waits_for_login, is_stream, renewed, too_large;
	unsigned tries, generation;
	int total_ms;
	char *method, *path, *what, *body, *content_type;
	size_t body_len;
	struct strbuf reply; /* of a call; of a stream only when it was refused */
	struct http_reply head;
	client_done *done;
	void *arg;
	struct client_stream stream;
};

struct client {
	struct transport *transport;
	struct kube_access access;
	struct auth *auth;
	struct call *calls;
	uint64_t last_id;
	int64_t skew_s;
	bool closing;
};

static void on_login(void *arg);

struct client *client_new(struct transport *transport, struct kube_access *access)
{
	struct client *client = mem_alloc(sizeof(*client));

	client->transport = transport;
	client->access = *access;
	*access = (struct kube_access){ 0 };
	client->auth = auth_new(transport, &client->access, on_login, client);
	return client;
}

const struct kube_access *client_access(const struct client *client)
{
	return &client->access;
}

struct transport *client_transport(const struct client *client)
{
	return client->transport;
}

int64_t client_clock_skew_s(const struct client *client)
{
	return client->skew_s;
}

static void wipe_free(char *text, size_t len)
{
	mem_wipe(text, len);
	free(text);
}

/* The call is out of the list already. */
static void call_free(struct call *call)
{
	transport_cancel(call->client->transport, call->request);
	transport_cancel_timer(call->client->transport, call->timer);
	mem_wipe(call->reply.capacity ? call->reply.buf : NULL, call->reply.len);
	strbuf_done(&call->reply);
	wipe_free(call->body, call->body_len);
	free(call->method);
	free(call->path);
	free(call->what);
	free(call->content_type);
	free(call);
}

static struct call *take_out(struct client *client, uint64_t id)
{
	struct call **at = &client->calls, *call;

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	call = *at;
	if (call)
		*at = call->next;
	return call;
}

void client_cancel(struct client *client, uint64_t id)
{
	struct call *call = id ? take_out(client, id) : NULL;

	if (call)
		call_free(call);
}

/* Out of the list first: done() may start and cancel what it likes. */
static void deliver(struct call *call, const struct json *reply, const struct error *err)
{
	take_out(call->client, call->id);
	call->request = 0;
	if (call->is_stream)
		call->stream.done(call->stream.arg, &call->head, err);
	else
		call->done(call->arg, reply, err);
	call_free(call);
}

void client_free(struct client *client)
{
	struct error err = ERROR_INIT;
	struct call *call;

	if (!client)
		return;
	client->closing = true;
	error_set(&err, STATUS_CANCELLED, "the connection to the cluster was given up");
	while ((call = client->calls)) {
		client->calls = call->next;
		transport_cancel(client->transport, call->request);
		deliver(call, NULL, &err);
	}
	auth_free(client->auth);
	kube_access_done(&client->access);
	free(client);
}

/* ---- sending ---- */

static void start(struct call *call);

static void on_timer(void *arg)
{
	struct call *call = arg;

	call->timer = 0;
	start(call);
}

static void on_login_failed(void *arg)
{
	struct call *call = arg;
	struct error err = *auth_error(call->client->auth);

	call->timer = 0;
	error_wrap(&err, "%s", call->what);
	deliver(call, NULL, &err);
}

/* Those that waited go on; a failure is told from the loop, never from inside client_call(). */
static void on_login(void *arg)
{
	struct client *client = arg;
	struct call *call;

	for (call = client->calls; call; call = call->next) {
		if (call->waits_for_login) {
			call->waits_for_login = false;
			call->timer = transport_after(client->transport, 0, on_timer, call);
		}
	}
}

/* A login page in front of the API server says 200, too: for a stream that is no success. */
static bool is_success(const struct call *call)
{
	return call->head.status >= 200 && call->head.status < 300 &&
	       !(call->is_stream && text_starts(call->head.content_type, "text/html"));
}

static void note_date(struct client *client, const struct http_reply *reply)
{
	if (reply->date)
		client->skew_s = reply->date - clock_now();
}

static bool on_head(void *arg, const struct http_reply *reply)
{
	struct call *call = arg;

	call->head = *reply;
	note_date(call->client, reply);
	if (call->is_stream && is_success(call) && call->stream.head)
		call->stream.head(call->stream.arg);
	return true;
}

static bool on_body(void *arg, const char *bytes, size_t len)
{
	struct call *call = arg;
	bool success = is_success(call);

	if (success && call->is_stream)
		return call->stream.body(call->stream.arg, bytes, len);
	if (!success && call->reply.len + len > REFUSAL_CEILING)
		return true; /* the beginning says enough */
	if (call->reply.len + len > REPLY_CEILING) {
		call->too_large = true;
		return false;
	}
	strbuf_add(&call->reply, bytes, len);
	return true;
}

static void on_done(void *arg, const struct http_reply *reply, const struct error *err);

static const char **make_headers(const struct call *call, const char *content_type)
{
	const char *const *login = auth_headers(call->client->auth);
	const char **headers;
	size_t count = 0, i;

	while (login && login[count])
		count++;
	headers = mem_array(count + 3, sizeof(*headers));
	for (i = 0; i < count; i++)
		headers[i] = login[i];
	headers[count++] = "Accept: application/json, */*";
	if (call->body)
		headers[count] = content_type;
	return headers;
}

static void send_call(struct call *call)
{
	struct client *client = call->client;
	struct strbuf url = STRBUF_INIT, content_type = STRBUF_INIT;
	const char **headers;
	struct transport_events events = { on_head, on_body, on_done, call };
	struct http_request request = { .method = call->method,
					.tls = auth_tls(client->auth),
					.body = call->body,
					.body_len = call->body_len,
					.gzip = true,
					.total_ms = call->total_ms,
					.stall_ms = call->stream.stall_ms };

	strbuf_addf(&url, "%s%s", client->access.server, call->path);
	strbuf_addf(&content_type, "Content-Type: %s", call->content_type);
	headers = make_headers(call, content_type.buf);
	request.url = url.buf;
	request.shown = call->path;
	request.headers = headers;
	call->generation = auth_generation(client->auth);
	call->request = transport_start(client->transport, &request, &events);
	free(headers);
	strbuf_done(&url);
	strbuf_done(&content_type);
}

static void start(struct call *call)
{
	struct transport *transport = call->client->transport;

	strbuf_reset(&call->reply);
	call->head = (struct http_reply){ .retry_after_s = -1 };
	switch (auth_check(call->client->auth)) {
	case AUTH_READY:
		send_call(call);
		break;
	case AUTH_WAITING:
		call->waits_for_login = true;
		break;
	case AUTH_FAILED:
		call->timer = transport_after(transport, 0, on_login_failed, call);
		break;
	}
}

/* ---- answers ---- */

/* Status bodies may name a time, too: {"details":{"retryAfterSeconds":5}}. */
static int asked_to_wait_s(const struct call *call)
{
	struct json *status;
	int64_t seconds;

	if (call->head.retry_after_s >= 0)
		return call->head.retry_after_s;
	status = call->reply.len ? json_parse(call->reply.buf, call->reply.len, NULL) : NULL;
	seconds = json_int(status, "details.retryAfterSeconds", -1);
	json_free(status);
	return seconds >= 0 && seconds < 3600 ? (int)seconds : -1;
}

/* true when the call goes on: again at once with a new login, or later. */
static bool goes_on(struct call *call)
{
	struct client *client = call->client;
	int http = call->head.status, wait_s;

	if (http == 401 && !call->renewed && auth_renew(client->auth, call->generation)) {
		call->renewed = true;
		call->timer = transport_after(client->transport, 0, on_timer, call);
		return true;
	}
	if (call->is_stream || call->tries + 1 >= TRIES_MAX ||
	    (http != 429 && !(http >= 500 && !strcmp(call->method, "GET"))))
		return false;
	wait_s = asked_to_wait_s(call);
	if (wait_s > RETRY_MOST_MS / 1000)
		return false;
	call->timer =
		transport_after(client->transport,
				backoff_delay(call->tries++, RETRY_FIRST_MS, RETRY_MOST_MS, wait_s),
				on_timer, call);
	return true;
}

/* No whole reply came: curl's words, with what we know of our own certificates. */
static void deliver_loss(struct call *call, const struct error *why)
{
	struct error err = *why;

	if (call->too_large) {
		error_set(&err, STATUS_TOO_LARGE, "more than %zu MiB came", REPLY_CEILING >> 20);
		error_hint(&err, "that is more than Kubernetes ever sends: is server: right?");
	}
	if (err.code == STATUS_TLS && strstr(err.text, "expired"))
		auth_explain_tls(call->client->auth, &err);
	error_wrap(&err, "%s", call->what);
	err.http = call->head.status;
	deliver(call, NULL, &err);
}

static void deliver_refusal(struct call *call)
{
	struct error err = ERROR_INIT, why;

	client_error(&err, &call->head, call->reply.buf, call->reply.len, call->what);
	if (err.code == STATUS_UNAUTHORIZED) {
		why = err;
		auth_explain_refusal(call->client->auth, &why);
		if (strcmp(why.text, err.text) != 0)
			error_wrap(&why, "%s", call->what);
		err = why;
	}
	if (err.code == STATUS_BUSY && call->is_stream)
		call->head.retry_after_s = asked_to_wait_s(call);
	deliver(call, NULL, &err);
}

static void deliver_reply(struct call *call)
{
	struct error err = ERROR_INIT;
	struct json *reply;

	if (call->reply.len == 0) {
		reply = json_new_map();
	} else {
		reply = json_parse(call->reply.buf, call->reply.len, &err);
		if (!reply) {
			/* A page that says 200, or an answer without a length that was cut. */
			client_error(&err, &call->head, call->reply.buf, call->reply.len,
				     call->what);
			if (err.hint[0] == '\0')
				error_set(&err, STATUS_PROTOCOL,
					  "%s: the answer of %zu bytes is cut short or no JSON",
					  call->what, call->reply.len);
			err.http = call->head.status;
		}
	}
	strbuf_reset(&call->reply);
	deliver(call, reply, reply ? NULL : &err);
	json_free(reply);
}

static void on_done(void *arg, const struct http_reply *reply, const struct error *err)
{
	struct call *call = arg;

	call->request = 0;
	call->head = *reply;
	if (err)
		deliver_loss(call, err);
	else if (is_success(call) && call->is_stream)
		deliver(call, NULL, NULL);
	else if (is_success(call))
		deliver_reply(call);
	else if (!goes_on(call))
		deliver_refusal(call);
}

/* ---- asking ---- */

static struct call *call_new(struct client *client, const char *path, const char *what)
{
	struct call *call = mem_alloc(sizeof(*call));

	call->client = client;
	call->id = ++client->last_id;
	call->path = mem_text(path);
	call->what = mem_text(what ? what : path);
	strbuf_init(&call->reply);
	call->next = client->calls;
	client->calls = call;
	return call;
}

uint64_t client_call(struct client *client, const struct client_call *spec, client_done *done,
		     void *arg)
{
	struct strbuf body = STRBUF_INIT;
	struct call *call;

	if (client->closing)
		return 0;
	call = call_new(client, spec->path, spec->what);
	call->method = mem_text(spec->method ? spec->method : "GET");
	call->content_type = mem_text(spec->content_type ? spec->content_type : "application/json");
	call->total_ms = spec->total_ms ? spec->total_ms : TOTAL_MS;
	call->done = done;
	call->arg = arg;
	if (spec->body) {
		json_print(spec->body, &body);
		call->body_len = body.len;
		call->body = strbuf_detach(&body);
	}
	start(call);
	return call->id;
}

uint64_t client_stream(struct client *client, const struct client_stream *stream)
{
	struct call *call;

	if (client->closing)
		return 0;
	call = call_new(client, stream->path, stream->what);
	call->method = mem_text("GET");
	call->content_type = mem_text("");
	call->is_stream = true;
	call->stream = *stream;
	start(call);
	return call->id;
}

void client_add_path(struct strbuf *out, const struct kube_kind *kind, const char *namespace,
		     const char *name)
{
	if (*kind->group)
		strbuf_addf(out, "/apis/%s/%s", kind->group, kind->version);
	else
		strbuf_addf(out, "/api/%s", kind->version);
	if (namespace && *namespace) {
		strbuf_adds(out, "/namespaces/");
		strbuf_add_encoded(out, namespace);
	}
	strbuf_addf(out, "/%s", kind->plural);
	if (name && *name) {
		strbuf_addc(out, '/');
		strbuf_add_encoded(out, name);
	}
}
