#include "backend/net/transport.h"

#include "backend/base/clock.h"
#include "backend/base/strbuf.h"
#include "tests/support/httpd.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Proxies of the machine that runs the tests are none of their business. */
static void no_proxies(void)
{
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
}
TestSuite(transport, .init = no_proxies, .timeout = 20);

struct seen {
	struct transport *transport;
	struct strbuf body;
	struct http_reply reply;
	struct error err;
	unsigned heads, dones;
	bool failed, stop_at_head, stop_at_body;
	uint64_t cancel_at_body; /* this request */
	const char *start_at_body;
	struct seen *other;
};

static void ask(struct transport *transport, const char *url, int stall_ms, struct seen *seen);

static bool on_head(void *arg, const struct http_reply *reply)
{
	struct seen *seen = arg;

	seen->heads++;
	seen->reply = *reply;
	return !seen->stop_at_head;
}

static bool on_body(void *arg, const char *bytes, size_t len)
{
	struct seen *seen = arg;

	strbuf_add(&seen->body, bytes, len);
	if (seen->cancel_at_body)
		transport_cancel(seen->transport, seen->cancel_at_body);
	if (seen->start_at_body)
		ask(seen->transport, seen->start_at_body, 0, seen->other);
	seen->start_at_body = NULL;
	return !seen->stop_at_body;
}

static void on_done(void *arg, const struct http_reply *reply, const struct error *err)
{
	struct seen *seen = arg;

	seen->dones++;
	seen->reply = *reply;
	seen->failed = err != NULL;
	if (err)
		seen->err = *err;
}

static uint64_t start(struct transport *transport, const char *url, int stall_ms, struct seen *seen)
{
	static const char *const headers[] = { "X-Test: yes", NULL };
	struct http_request request = {
		.method = "GET", .url = url, .headers = headers, .gzip = true, .stall_ms = stall_ms
	};
	struct transport_events events = { on_head, on_body, on_done, seen };

	seen->transport = transport;
	if (!seen->body.buf)
		strbuf_init(&seen->body);
	return transport_start(transport, &request, &events);
}

static void ask(struct transport *transport, const char *url, int stall_ms, struct seen *seen)
{
	start(transport, url, stall_ms, seen);
}

static struct transport *open_transport(void)
{
	struct transport *transport = NULL;
	struct error err = ERROR_INIT;

	cr_assert(zero(int, (int)transport_new(&transport, &err)));
	return transport;
}

static void wait_done(struct transport *transport, const struct seen *seen)
{
	while (!seen->dones)
		transport_wait(transport, NULL, 0, 5000);
}

Test(transport, a_whole_answer_comes_with_its_head)
{
	const struct httpd_reply replies[] = { {
		.headers = "Retry-After: 7\r\nDate: Sun, 06 Nov 2026 08:49:37 GMT\r\nWarning: 299 "
			   "x\r\n",
		.body = "{\"a\":1}",
	} };
	struct httpd *httpd = httpd_start(replies, 1);
	struct transport *transport = open_transport();
	struct seen seen = { 0 };

	ask(transport, httpd_url(httpd), 0, &seen);
	wait_done(transport, &seen);
	cr_expect(not(seen.failed), "%s", seen.err.text);
	cr_expect(eq(str, seen.body.buf, "{\"a\":1}"));
	cr_expect(eq(int, seen.reply.status, 200));
	cr_expect(eq(int, seen.reply.retry_after_s, 7));
	cr_expect(eq(str, seen.reply.content_type, "application/json"));
	cr_expect(seen.reply.k8s_warning);
	cr_expect(eq(i64, seen.reply.date, 1793954977));
	cr_expect(eq(uint, seen.heads, 1u));
	cr_expect(strstr(httpd_request(httpd, 0), "User-Agent: kotsnap/") != NULL);
	cr_expect(strstr(httpd_request(httpd, 0), "X-Test: yes") != NULL);
	cr_expect(strstr(httpd_request(httpd, 0), "Accept-Encoding: gzip") != NULL);
	strbuf_done(&seen.body);
	transport_free(transport);
	httpd_stop(httpd);
}

Test(transport, the_head_is_told_before_a_silent_stream_says_anything)
{
	const struct httpd_reply replies[] = { { .chunked = true, .stall = true } };
	struct httpd *httpd = httpd_start(replies, 1);
	struct transport *transport = open_transport();
	struct seen seen = { 0 };

	ask(transport, httpd_url(httpd), 0, &seen);
	while (!seen.heads)
		transport_wait(transport, NULL, 0, 5000);
	cr_expect(eq(int, seen.reply.status, 200));
	cr_expect(eq(uint, seen.dones, 0u));
	transport_free(transport);
	strbuf_done(&seen.body);
	httpd_stop(httpd);
}

Test(transport, silence_ends_a_stream)
{
	const struct httpd_reply replies[] = {
		{ .chunked = true, .stall = true, .body = "one\n" }
	};
	struct httpd *httpd = httpd_start(replies, 1);
	struct transport *transport = open_transport();
	struct seen seen = { 0 };

	ask(transport, httpd_url(httpd), 60, &seen);
	wait_done(transport, &seen);
	cr_expect(eq(int, (int)seen.err.code, STATUS_TIMEOUT));
	cr_expect(eq(str, seen.body.buf, "one\n"));
	transport_free(transport);
	strbuf_done(&seen.body);
	httpd_stop(httpd);
}

Test(transport, an_answer_that_is_cut_is_no_success)
{
	const struct httpd_reply replies[] = {
		{ .path = "/length", .body = "abc", .cut = true },
		{ .path = "/chunk", .body = "abc", .chunked = true, .cut = true },
		{ .path = "/nothing", .drop = true }
	};
	const char *const paths[] = { "/length", "/chunk", "/nothing" };
	struct httpd *httpd = httpd_start(replies, 3);
	struct transport *transport = open_transport();

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct seen seen = { 0 };
		struct strbuf url = STRBUF_INIT;

		strbuf_addf(&url, "%s%s", httpd_url(httpd), paths[i]);
		ask(transport, url.buf, 0, &seen);
		wait_done(transport, &seen);
		cr_expect(eq(int, (int)seen.err.code, STATUS_UNREACHABLE), "%s", paths[i]);
		cr_expect(ne(int, seen.err.hint[0], 0));
		strbuf_done(&seen.body);
		strbuf_done(&url);
	}
	transport_free(transport);
	httpd_stop(httpd);
}

Test(transport, a_refused_connection_says_so)
{
	struct httpd *httpd = httpd_start(NULL, 0);
	struct transport *transport = open_transport();
	struct seen seen = { 0 };
	char *url = strdup(httpd_url(httpd));

	httpd_stop(httpd);
	ask(transport, url, 0, &seen);
	wait_done(transport, &seen);
	cr_expect(eq(int, (int)seen.err.code, STATUS_UNREACHABLE));
	cr_expect(strstr(seen.err.text, "refused") != NULL, "%s", seen.err.text);
	free(url);
	strbuf_done(&seen.body);
	transport_free(transport);
}

Test(transport, connections_are_used_again)
{
	const struct httpd_reply replies[] = { { .body = "{}", .repeat = true } };
	struct httpd *httpd = httpd_start(replies, 1);
	struct transport *transport = open_transport();

	for (int i = 0; i < 4; i++) {
		struct seen seen = { 0 };

		ask(transport, httpd_url(httpd), 0, &seen);
		wait_done(transport, &seen);
		strbuf_done(&seen.body);
	}
	cr_expect(eq(sz, httpd_count(httpd), 4));
	cr_expect(eq(sz, httpd_connections(httpd), 1));
	transport_free(transport);
	httpd_stop(httpd);
}

Test(transport, callbacks_may_cancel_their_own_request)
{
	const struct httpd_reply replies[] = { { .body = "some bytes", .stall = true },
					       { .body = "after" } };
	struct httpd *httpd = httpd_start(replies, 2);
	struct transport *transport = open_transport();
	struct seen seen = { 0 }, next = { 0 };

	seen.cancel_at_body = start(transport, httpd_url(httpd), 0, &seen);
	while (!seen.body.len)
		transport_wait(transport, NULL, 0, 5000);
	ask(transport, httpd_url(httpd), 0, &next);
	wait_done(transport, &next);
	cr_expect(eq(uint, seen.dones, 0u), "a cancelled request tells no end");
	cr_expect(eq(str, next.body.buf, "after"));
	strbuf_done(&seen.body);
	strbuf_done(&next.body);
	transport_free(transport);
	httpd_stop(httpd);
}

Test(transport, callbacks_may_start_requests)
{
	const struct httpd_reply replies[] = { { .body = "first" }, { .body = "second" } };
	struct httpd *httpd = httpd_start(replies, 2);
	struct transport *transport = open_transport();
	struct seen second = { 0 };
	struct seen first = { .start_at_body = httpd_url(httpd), .other = &second };

	ask(transport, httpd_url(httpd), 0, &first);
	wait_done(transport, &second);
	cr_expect(eq(str, second.body.buf, "second"));
	cr_expect(eq(uint, first.dones, 1u));
	strbuf_done(&first.body);
	strbuf_done(&second.body);
	transport_free(transport);
	httpd_stop(httpd);
}

Test(transport, whoever_says_stop_gets_one_end)
{
	const struct httpd_reply replies[] = { { .body = "x", .repeat = true } };
	struct httpd *httpd = httpd_start(replies, 1);
	struct transport *transport = open_transport();

	for (int at_head = 0; at_head < 2; at_head++) {
		struct seen seen = { .stop_at_head = at_head, .stop_at_body = !at_head };

		ask(transport, httpd_url(httpd), 0, &seen);
		wait_done(transport, &seen);
		cr_expect(eq(int, (int)seen.err.code, STATUS_CANCELLED));
		cr_expect(eq(uint, seen.dones, 1u));
		strbuf_done(&seen.body);
	}
	transport_free(transport);
	httpd_stop(httpd);
}

Test(transport, redirects_do_not_carry_the_login_to_another_host)
{
	const struct httpd_reply there[] = { { .body = "arrived" } };
	struct httpd *other = httpd_start(there, 1);
	struct strbuf location = STRBUF_INIT;
	struct httpd_reply here[] = { { .status = 302 } };
	struct transport *transport = open_transport();
	static const char *const headers[] = { "Authorization: Bearer secret", NULL };
	struct transport_events events = { on_head, on_body, on_done, NULL };
	struct seen seen = { .body = STRBUF_INIT };
	struct http_request request = { .method = "GET", .headers = headers };
	struct httpd *httpd;

	strbuf_addf(&location, "Location: %s/x\r\n", httpd_url(other));
	here[0].headers = location.buf;
	httpd = httpd_start(here, 1);
	request.url = httpd_url(httpd);
	events.arg = &seen;
	transport_start(transport, &request, &events);
	wait_done(transport, &seen);
	cr_expect(eq(str, seen.body.buf, "arrived"));
	cr_expect(eq(uint, seen.heads, 1u), "the head of the redirect is not ours");
	cr_expect(strstr(httpd_request(httpd, 0), "Bearer secret") != NULL);
	cr_expect(strstr(httpd_request(other, 0), "Bearer secret") == NULL);
	strbuf_done(&seen.body);
	strbuf_done(&location);
	transport_free(transport);
	httpd_stop(httpd);
	httpd_stop(other);
}

static void append(void *arg)
{
	char *text = arg;

	strncat(text, "a", 15);
}

static void append_b(void *arg)
{
	strncat(arg, "b", 15);
}

Test(transport, timers_fire_in_order_once_and_not_when_cancelled)
{
	struct transport *transport = open_transport();
	char text[16] = "";
	int64_t until = clock_monotonic_ms() + 60;
	uint64_t gone;

	transport_after(transport, 20, append_b, text);
	transport_after(transport, 5, append, text);
	gone = transport_after(transport, 10, append, text);
	transport_cancel_timer(transport, gone);
	transport_cancel_timer(transport, 0);
	while (clock_monotonic_ms() < until)
		transport_wait(transport, NULL, 0, 10);
	cr_expect(eq(str, text, "ab"));
	transport_free(transport);
}

Test(transport, other_descriptors_wake_the_wait)
{
	struct transport *transport = open_transport();
	int fds[2];
	struct pollfd extra;

	cr_assert(zero(int, pipe(fds)));
	cr_assert(eq(int, (int)write(fds[1], "x", 1), 1));
	extra = (struct pollfd){ fds[0], POLLIN, 0 };
	transport_wait(transport, &extra, 1, 5000);
	cr_expect(eq(int, extra.revents, POLLIN));
	close(fds[0]);
	close(fds[1]);
	transport_free(transport);
}
