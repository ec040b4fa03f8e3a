#include "tests/contract/exchange.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/kube/auth.h"
#include "backend/kube/kubeconfig.h"
#include "backend/net/transport.h"

#include <stdlib.h>
#include <string.h>

#define ASK_MS	    90000
#define HEADERS_MAX 12

struct stream {
	struct exchange *exchange;
	char *name;
	uint64_t id;
	struct strbuf rest; /* of a line */
	struct json **events;
	size_t count, capacity;
	bool ended;
	int status;
	struct stream *next;
};

struct exchange {
	struct transport *transport;
	struct kube_access access;
	struct auth *auth;
	struct stream *streams;
};

static void changed(void *arg)
{
	(void)arg; /* exchange_new() looks itself */
}

enum status exchange_new(const char *kubeconfig, struct exchange **ret_exchange, struct error *err)
{
	struct exchange *exchange = mem_alloc(sizeof(*exchange));
	struct kubeconfig_options options = { .file = kubeconfig };
	enum status st;

	st = kubeconfig_load(&options, &exchange->access, err);
	if (!st)
		st = transport_new(&exchange->transport, err);
	if (!st) {
		exchange->auth =
			auth_new(exchange->transport, &exchange->access, changed, exchange);
		while (auth_check(exchange->auth) == AUTH_WAITING)
			transport_wait(exchange->transport, NULL, 0, 100);
		if (auth_check(exchange->auth) == AUTH_FAILED)
			st = error_set(err, STATUS_UNAUTHORIZED, "%s",
				       auth_error(exchange->auth)->text);
	}
	if (st)
		exchange_free(exchange);
	else
		*ret_exchange = exchange;
	return st;
}

void exchange_free(struct exchange *exchange)
{
	if (!exchange)
		return;
	exchange_close_watches(exchange);
	auth_free(exchange->auth);
	transport_free(exchange->transport);
	kube_access_done(&exchange->access);
	free(exchange);
}

void exchange_wait(struct exchange *exchange, int ms)
{
	int64_t until = clock_monotonic_ms() + ms;

	for (int64_t left = ms; left > 0; left = until - clock_monotonic_ms())
		transport_wait(exchange->transport, NULL, 0, (int)left);
}

/* ---- starting a request as somebody ---- */

struct sender {
	const char *headers[HEADERS_MAX + 1];
	size_t count;
	struct tls_identity tls;
};

static void send_header(struct sender *sender, const char *header)
{
	if (sender->count < HEADERS_MAX)
		sender->headers[sender->count++] = header;
}

/* Who has no part in this cluster speaks to its address alone, without the path of our kubeconfig.
 */
static void add_server(struct strbuf *url, const char *server, enum identity identity)
{
	const char *host = strstr(server, "://");

	if (identity == IDENTITY_ADMIN || !host)
		strbuf_adds(url, server);
	else
		strbuf_add(url, server, (size_t)(host + 3 - server) + strcspn(host + 3, "/"));
}

static uint64_t start(struct exchange *exchange, const struct request *request, const char *body,
		      const struct transport_events *events)
{
	bool to_store = strstr(request->path, "://") != NULL;
	struct sender sender = { .count = 0 };
	struct strbuf url = STRBUF_INIT, type = STRBUF_INIT;
	struct http_request http = { .method = request->method, .gzip = !to_store };
	const char *const *own;
	uint64_t id;

	if (!to_store)
		add_server(&url, exchange->access.server, request->identity);
	strbuf_adds(&url, request->path);
	strbuf_addf(&type, "Content-Type: %s",
		    request->type && *request->type ? request->type : "application/json");
	if (!to_store) {
		auth_check(exchange->auth);
		sender.tls = *auth_tls(exchange->auth);
		own = auth_headers(exchange->auth);
		for (; request->identity == IDENTITY_ADMIN && own && *own; own++)
			send_header(&sender, *own);
	}
	if (request->identity != IDENTITY_ADMIN)
		sender.tls.cert_pem = sender.tls.key_pem = NULL;
	if (request->identity == IDENTITY_STRANGER)
		send_header(&sender, "Authorization: Bearer nobody-gave-this-out");
	if (body)
		send_header(&sender, type.buf);
	http.url = url.buf;
	http.tls = &sender.tls;
	http.headers = sender.headers;
	http.body = body;
	http.body_len = body ? strlen(body) : 0;
	id = transport_start(exchange->transport, &http, events);
	strbuf_done(&url);
	strbuf_done(&type);
	return id;
}

/* ---- one answer ---- */

struct asking {
	struct reply *reply;
	bool done;
};

static bool ask_more(void *arg, const char *bytes, size_t len)
{
	strbuf_add(&((struct asking *)arg)->reply->text, bytes, len);
	return true;
}

static void ask_done(void *arg, const struct http_reply *http, const struct error *err)
{
	struct asking *asking = arg;

	asking->done = true;
	asking->reply->status = err ? 0 : http->status;
	if (err)
		strbuf_adds(&asking->reply->text, err->text);
}

void exchange_ask(struct exchange *exchange, const struct request *request, struct reply *ret_reply)
{
	struct asking asking = { .reply = ret_reply };
	struct transport_events events = { .body = ask_more, .done = ask_done, .arg = &asking };
	int64_t until = clock_monotonic_ms() + ASK_MS;
	struct strbuf body = STRBUF_INIT;
	uint64_t id;

	*ret_reply = (struct reply){ .text = STRBUF_INIT };
	if (request->body)
		json_print(request->body, &body);
	id = start(exchange, request, request->body ? body.buf : NULL, &events);
	while (!asking.done && clock_monotonic_ms() < until)
		transport_wait(exchange->transport, NULL, 0, 1000);
	if (!asking.done) {
		transport_cancel(exchange->transport, id);
		strbuf_adds(&ret_reply->text, "no answer in time");
	}
	ret_reply->json = json_parse(ret_reply->text.buf, ret_reply->text.len, NULL);
	strbuf_done(&body);
}

void reply_done(struct reply *reply)
{
	json_free(reply->json);
	strbuf_done(&reply->text);
	*reply = (struct reply){ .text = STRBUF_INIT };
}

/* ---- watches ---- */

static void take_line(struct stream *stream, size_t len)
{
	struct json *event = json_parse(stream->rest.buf, len, NULL);

	if (event) {
		stream->events =
			mem_grow(stream->events, stream->count, &stream->capacity, sizeof(void *));
		stream->events[stream->count++] = event;
	}
	strbuf_drop(&stream->rest, len + 1);
}

static bool stream_more(void *arg, const char *bytes, size_t len)
{
	struct stream *stream = arg;
	const char *end;

	strbuf_add(&stream->rest, bytes, len);
	while ((end = memchr(stream->rest.buf, '\n', stream->rest.len)))
		take_line(stream, (size_t)(end - stream->rest.buf));
	return true;
}

static bool stream_head(void *arg, const struct http_reply *http)
{
	((struct stream *)arg)->status = http->status;
	return true;
}

static void stream_done(void *arg, const struct http_reply *http, const struct error *err)
{
	(void)http;
	(void)err;
	((struct stream *)arg)->ended = true;
}

void exchange_watch(struct exchange *exchange, const char *name, const char *path)
{
	struct stream *stream = mem_alloc(sizeof(*stream));
	struct request request = { .method = "GET", .path = path };
	struct transport_events events = {
		.head = stream_head, .body = stream_more, .done = stream_done, .arg = stream
	};

	stream->exchange = exchange;
	stream->name = mem_text(name);
	strbuf_init(&stream->rest);
	stream->next = exchange->streams;
	exchange->streams = stream;
	stream->id = start(exchange, &request, NULL, &events);
	for (int i = 0; i < 100 && !stream->status && !stream->ended; i++)
		transport_wait(exchange->transport, NULL, 0, 100);
}

bool exchange_watched(struct exchange *exchange, const char *name, struct watched *ret_watched)
{
	for (struct stream *stream = exchange->streams; stream; stream = stream->next) {
		if (strcmp(stream->name, name) != 0)
			continue;
		*ret_watched = (struct watched){ (const struct json *const *)stream->events,
						 stream->count, stream->ended, stream->status };
		return true;
	}
	return false;
}

void exchange_close_watches(struct exchange *exchange)
{
	struct stream *stream;

	while ((stream = exchange->streams)) {
		exchange->streams = stream->next;
		if (!stream->ended)
			transport_cancel(exchange->transport, stream->id);
		for (size_t i = 0; i < stream->count; i++)
			json_free(stream->events[i]);
		free(stream->events);
		strbuf_done(&stream->rest);
		free(stream->name);
		free(stream);
	}
}
