#include "backend/net/transport.h"

#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/base/mem.h"
#include "backend/base/strbuf.h"
#include "backend/net/curl_words.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct exchange {
	struct exchange *next;
	uint64_t id;
	CURL *easy;
	struct curl_slist *headers, *connect_to;
	char *body, *url;
	size_t body_len;
	struct transport_events events;
	struct http_reply reply;
	bool head_given, stopped, cancelled, added;
	bool follows; /* a redirect is followed: its head is not the reply's */
	int stall_ms;
	int64_t last_byte_ms;
	char problem[CURL_ERROR_SIZE];
};

struct timer {
	struct timer *next;
	uint64_t id;
	int64_t at_ms;
	void (*fire)(void *arg);
	void *arg;
};

struct transport {
	CURLM *multi;
	struct exchange *exchanges;
	struct timer *timers; /* by time */
	uint64_t last_id;
	bool performing; /* inside curl, which allows no handle to come or go */
};

enum status transport_new(struct transport **ret_transport, struct error *err)
{
	struct transport *transport;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return error_set(err, STATUS_SYSTEM, "libcurl could not be started");
	transport = mem_alloc(sizeof(*transport));
	transport->multi = curl_multi_init();
	if (!transport->multi)
		die("out of memory (curl)");
	curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS, 24L);
	*ret_transport = transport;
	return STATUS_OK;
}

static void exchange_free(struct transport *transport, struct exchange *exchange)
{
	if (exchange->added)
		curl_multi_remove_handle(transport->multi, exchange->easy);
	curl_easy_cleanup(exchange->easy);
	curl_slist_free_all(exchange->headers);
	curl_slist_free_all(exchange->connect_to);
	mem_wipe(exchange->body, exchange->body_len);
	free(exchange->body);
	free(exchange->url);
	free(exchange);
}

void transport_free(struct transport *transport)
{
	if (!transport)
		return;
	while (transport->exchanges) {
		struct exchange *exchange = transport->exchanges;

		transport->exchanges = exchange->next;
		exchange_free(transport, exchange);
	}
	while (transport->timers) {
		struct timer *timer = transport->timers;

		transport->timers = timer->next;
		free(timer);
	}
	curl_multi_cleanup(transport->multi);
	curl_global_cleanup();
	free(transport);
}

/* "Name: value" of a reply header; true and the value when the name fits. */
static bool header_is(const char *line, size_t len, const char *name, char *ret_value, size_t size)
{
	size_t skip = strlen(name), at, end = len;

	if (len <= skip || strncasecmp(line, name, skip) != 0 || line[skip] != ':')
		return false;
	for (at = skip + 1; at < len && (line[at] == ' ' || line[at] == '\t'); at++)
		;
	while (end > at && strchr("\r\n \t", line[end - 1]))
		end--;
	if (end - at >= size)
		end = at + size - 1;
	memcpy(ret_value, line + at, end - at);
	ret_value[end - at] = '\0';
	return true;
}

/* One line of the head, kept in the reply when it matters to us. */
static void note_header(struct exchange *exchange, const char *line, size_t len)
{
	char value[128];
	long long seconds;

	if (len > 5 && !strncmp(line, "HTTP/", 5)) { /* a redirect or 100 Continue came before */
		memset(&exchange->reply, 0, sizeof(exchange->reply));
		exchange->reply.retry_after_s = -1;
	} else if (header_is(line, len, "Content-Type", exchange->reply.content_type,
			     sizeof(exchange->reply.content_type))) {
		return;
	} else if (header_is(line, len, "Retry-After", value, sizeof(value))) {
		exchange->reply.retry_after_s =
			text_to_int(value, &seconds) && seconds >= 0 && seconds < 3600
				? (int)seconds
				: -1;
	} else if (header_is(line, len, "Date", value, sizeof(value))) {
		exchange->reply.date = (int64_t)curl_getdate(value, NULL);
	} else if (header_is(line, len, "Warning", value, sizeof(value))) {
		exchange->reply.k8s_warning = true;
	}
}

static bool give_head(struct exchange *exchange)
{
	long status = 0;

	if (exchange->head_given)
		return true;
	exchange->head_given = true;
	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	exchange->reply.status = (int)status;
	if (exchange->events.head && !exchange->events.head(exchange->events.arg, &exchange->reply))
		exchange->stopped = true;
	return !exchange->stopped && !exchange->cancelled;
}

/* A watch may say nothing for a minute after its head: the end of the head is told at once. */
static size_t on_header(char *line, size_t size, size_t count, void *arg)
{
	struct exchange *exchange = arg;
	size_t len = size * count;
	long status = 0;

	if (exchange->cancelled)
		return 0;
	exchange->last_byte_ms = clock_monotonic_ms();
	note_header(exchange, line, len);
	if (len == 0 || (*line != '\r' && *line != '\n'))
		return len;
	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status < 200 || (exchange->follows && status >= 300 && status < 400))
		return len;
	return give_head(exchange) ? len : 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct exchange *exchange = arg;
	size_t len = size * count;

	if (exchange->cancelled)
		return 0;
	exchange->last_byte_ms = clock_monotonic_ms();
	if (!exchange->reply.first_byte_ms)
		exchange->reply.first_byte_ms = exchange->last_byte_ms;
	if (!give_head(exchange))
		return 0;
	if (!exchange->events.body(exchange->events.arg, bytes, len))
		exchange->stopped = true;
	return exchange->stopped || exchange->cancelled ? 0 : len;
}

static void set_blob(CURL *easy, CURLoption option, const char *pem)
{
	struct curl_blob blob;

	if (!pem)
		return;
	blob.data = (void *)(uintptr_t)pem;
	blob.len = strlen(pem);
	blob.flags = CURL_BLOB_COPY;
	curl_easy_setopt(easy, option, &blob);
}

/* tls-server-name: the address in the URL gets the name that the certificate carries, while the
 * connection goes where the kubeconfig says. */
static void use_server_name(struct exchange *exchange, const char *name)
{
	CURLU *url = curl_url();
	char *host = NULL, *port = NULL, *whole = NULL;
	struct strbuf row = STRBUF_INIT;

	if (!curl_url_set(url, CURLUPART_URL, exchange->url, 0) &&
	    !curl_url_get(url, CURLUPART_HOST, &host, 0) &&
	    !curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) &&
	    !curl_url_set(url, CURLUPART_HOST, name, 0) &&
	    !curl_url_get(url, CURLUPART_URL, &whole, 0)) {
		strbuf_addf(&row, "%s:%s:%s:%s", name, port, host, port);
		exchange->connect_to = curl_slist_append(NULL, row.buf);
		curl_easy_setopt(exchange->easy, CURLOPT_CONNECT_TO, exchange->connect_to);
		curl_easy_setopt(exchange->easy, CURLOPT_URL, whole);
	}
	strbuf_done(&row);
	curl_free(host);
	curl_free(port);
	curl_free(whole);
	curl_url_cleanup(url);
}

static void set_tls(struct exchange *exchange, const struct tls_identity *tls)
{
	CURL *easy = exchange->easy;

	set_blob(easy, CURLOPT_CAINFO_BLOB, tls->ca_pem);
	if (tls->ca_pem) /* that authority and no other: curl would add the system's folder */
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	set_blob(easy, CURLOPT_SSLCERT_BLOB, tls->cert_pem);
	set_blob(easy, CURLOPT_SSLKEY_BLOB, tls->key_pem);
	if (tls->cert_pem)
		curl_easy_setopt(easy, CURLOPT_SSLCERTTYPE, "PEM");
	if (tls->insecure) {
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (tls->proxy_url) /* "" overrides http_proxy of the environment too */
		curl_easy_setopt(easy, CURLOPT_PROXY, tls->proxy_url);
	if (tls->server_name && *tls->server_name)
		use_server_name(exchange, tls->server_name);
}

static void set_body(struct exchange *exchange, const struct http_request *request)
{
	if (!request->body)
		return;
	exchange->body = mem_text_n(request->body, request->body_len);
	exchange->body_len = request->body_len;
	curl_easy_setopt(exchange->easy, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)request->body_len);
	curl_easy_setopt(exchange->easy, CURLOPT_POSTFIELDS, exchange->body);
}

static void set_request(struct exchange *exchange, const struct http_request *request)
{
	CURL *easy = exchange->easy;
	const char *const *header;

	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	set_body(exchange, request);
	if (strcmp(request->method, "GET") != 0)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
	for (header = request->headers; header && *header; header++)
		exchange->headers = curl_slist_append(exchange->headers, *header);
	exchange->headers = curl_slist_append(exchange->headers, "Expect:");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "kotsnap/" KOTSNAP_VERSION);
	if (request->gzip)
		curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)(request->connect_ms ? request->connect_ms : 5000));
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->total_ms);
	exchange->follows = !request->stays && !strcmp(request->method, "GET");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, exchange->follows ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 5L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	/* One stream a connection: an API server's HTTP/2 buys us nothing here and costs memory. */
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

static void set_callbacks(struct exchange *exchange)
{
	CURL *easy = exchange->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->problem);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 30L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 15L);
}

static void add_to_curl(struct transport *transport, struct exchange *exchange)
{
	exchange->added = true;
	curl_multi_add_handle(transport->multi, exchange->easy);
}

/* An address may hold a signature or a token: whoever reads the trace must not be able to use it.
 */
static void trace_start(uint64_t id, const struct http_request *request)
{
	struct strbuf shown = STRBUF_INIT;

	if (request->shown)
		strbuf_adds(&shown, request->shown);
	else
		http_add_origin(&shown, request->url);
	log_line("net", "%" PRIu64 " %s %s", id, request->method, shown.buf);
	strbuf_done(&shown);
}

uint64_t transport_start(struct transport *transport, const struct http_request *request,
			 const struct transport_events *events)
{
	struct exchange *exchange = mem_alloc(sizeof(*exchange));

	exchange->id = ++transport->last_id;
	exchange->easy = curl_easy_init();
	if (!exchange->easy)
		die("out of memory (curl)");
	exchange->events = *events;
	exchange->url = mem_text(request->url);
	exchange->stall_ms = request->stall_ms;
	exchange->last_byte_ms = clock_monotonic_ms();
	exchange->reply.retry_after_s = -1;
	set_callbacks(exchange);
	set_request(exchange, request);
	if (request->tls)
		set_tls(exchange, request->tls);
	exchange->next = transport->exchanges;
	transport->exchanges = exchange;
	if (!transport->performing)
		add_to_curl(transport, exchange);
	trace_start(exchange->id, request);
	return exchange->id;
}

static struct exchange *take_out(struct transport *transport, uint64_t id)
{
	struct exchange **at = &transport->exchanges, *exchange;

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	exchange = *at;
	if (exchange)
		*at = exchange->next;
	return exchange;
}

static struct exchange *find(const struct transport *transport, uint64_t id)
{
	struct exchange *exchange = transport->exchanges;

	while (exchange && exchange->id != id)
		exchange = exchange->next;
	return exchange;
}

void transport_cancel(struct transport *transport, uint64_t id)
{
	struct exchange *exchange = find(transport, id);

	if (exchange && transport->performing)
		exchange->cancelled = true;
	else if (exchange)
		exchange_free(transport, take_out(transport, id));
}

/* What callbacks asked for while curl ran. */
static void catch_up(struct transport *transport)
{
	struct exchange *exchange = transport->exchanges, *next;

	for (; exchange; exchange = next) {
		next = exchange->next;
		if (exchange->cancelled)
			exchange_free(transport, take_out(transport, exchange->id));
		else if (!exchange->added)
			add_to_curl(transport, exchange);
	}
}

static void perform(struct transport *transport)
{
	int running = 0;

	transport->performing = true;
	curl_multi_perform(transport->multi, &running);
	transport->performing = false;
	catch_up(transport);
}

/* Of a connection that failed, the system's words are more exact than curl's. */
static void say_loss(struct exchange *exchange, int result, struct error *err)
{
	const char *detail = exchange->problem;
	long problem = 0;

	if (result == CURLE_COULDNT_CONNECT &&
	    !curl_easy_getinfo(exchange->easy, CURLINFO_OS_ERRNO, &problem) && problem)
		detail = strerror((int)problem);
	curl_words(err, result, detail, exchange->url);
}

/* The exchange is out of the list already, so that done() may start and cancel what it likes. */
static void finish(struct transport *transport, struct exchange *exchange, int result, bool stalled)
{
	struct error err = ERROR_INIT;
	bool failed = true;

	if (stalled)
		error_set(&err, STATUS_TIMEOUT, "no byte for %d s",
			  (exchange->stall_ms + 999) / 1000);
	else if (!exchange->stopped && result != CURLE_OK)
		say_loss(exchange, result, &err);
	else if (exchange->stopped || !give_head(exchange))
		error_set(&err, STATUS_CANCELLED, "stopped");
	else
		failed = false;
	log_line("net", "%" PRIu64 " %d %s", exchange->id, exchange->reply.status,
		 failed ? err.text : "done");
	exchange->events.done(exchange->events.arg, &exchange->reply, failed ? &err : NULL);
	exchange_free(transport, exchange);
}

static void finish_ended(struct transport *transport)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(transport->multi, &left))) {
		char *private = NULL;
		struct exchange *exchange;
		int result = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		exchange = (struct exchange *)(void *)private;
		finish(transport, take_out(transport, exchange->id), result, false);
	}
}

static struct exchange *take_stalled(struct transport *transport, int64_t now_ms)
{
	struct exchange *exchange;

	for (exchange = transport->exchanges; exchange; exchange = exchange->next)
		if (exchange->stall_ms && now_ms - exchange->last_byte_ms > exchange->stall_ms)
			return take_out(transport, exchange->id);
	return NULL;
}

/* From the beginning each time: done() may have changed the list. */
static void finish_stalled(struct transport *transport)
{
	int64_t now_ms = clock_monotonic_ms();
	struct exchange *exchange;

	while ((exchange = take_stalled(transport, now_ms)))
		finish(transport, exchange, CURLE_OK, true);
}

uint64_t transport_after(struct transport *transport, int64_t delay_ms, void (*fire)(void *arg),
			 void *arg)
{
	struct timer *timer = mem_alloc(sizeof(*timer)), **at = &transport->timers;

	timer->id = ++transport->last_id;
	timer->at_ms = clock_monotonic_ms() + delay_ms;
	timer->fire = fire;
	timer->arg = arg;
	while (*at && (*at)->at_ms <= timer->at_ms)
		at = &(*at)->next;
	timer->next = *at;
	*at = timer;
	return timer->id;
}

void transport_cancel_timer(struct transport *transport, uint64_t id)
{
	struct timer **at = &transport->timers, *timer;

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	timer = *at;
	if (!timer || id == 0)
		return;
	*at = timer->next;
	free(timer);
}

static void fire_timers(struct transport *transport)
{
	int64_t now_ms = clock_monotonic_ms();
	uint64_t last_id = transport->last_id; /* those set by these wait for the next round */

	while (transport->timers && transport->timers->at_ms <= now_ms &&
	       transport->timers->id <= last_id) {
		struct timer *timer = transport->timers;

		transport->timers = timer->next;
		timer->fire(timer->arg);
		free(timer);
	}
}

/* The nearest of: what the caller allows, the next timer, the next stall. */
static int wait_limit(const struct transport *transport, int timeout_ms)
{
	int64_t now_ms = clock_monotonic_ms(), limit = timeout_ms < 0 ? 600000 : timeout_ms, left;
	const struct exchange *exchange;

	if (transport->timers && (left = transport->timers->at_ms - now_ms) < limit)
		limit = left;
	for (exchange = transport->exchanges; exchange; exchange = exchange->next) {
		left = exchange->last_byte_ms + exchange->stall_ms + 1 - now_ms;
		if (exchange->stall_ms && left < limit)
			limit = left;
	}
	return limit < 0 ? 0 : (int)limit;
}

void transport_wait(struct transport *transport, struct pollfd *extra, unsigned count,
		    int timeout_ms)
{
	struct curl_waitfd waits[16];
	unsigned i, used = count < ARRAY_SIZE(waits) ? count : ARRAY_SIZE(waits);

	for (i = 0; i < used; i++) {
		waits[i].fd = extra[i].fd;
		waits[i].events = (short)((extra[i].events & POLLIN ? CURL_WAIT_POLLIN : 0) |
					  (extra[i].events & POLLOUT ? CURL_WAIT_POLLOUT : 0));
		waits[i].revents = 0;
	}
	curl_multi_poll(transport->multi, waits, used, wait_limit(transport, timeout_ms), NULL);
	for (i = 0; i < used; i++)
		extra[i].revents = (short)((waits[i].revents & CURL_WAIT_POLLIN ? POLLIN : 0) |
					   (waits[i].revents & CURL_WAIT_POLLOUT ? POLLOUT : 0));
	perform(transport);
	finish_ended(transport);
	finish_stalled(transport);
	fire_timers(transport);
}

void transport_wakeup(struct transport *transport)
{
	curl_multi_wakeup(transport->multi);
}
