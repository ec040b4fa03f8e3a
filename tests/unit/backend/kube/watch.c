#include "backend/kube/watch.h"

#include "backend/base/clock.h"
#include "tests/unit/backend/kube/world.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(watch, .timeout = 20);

/* Everything that was told, in one text: "begin +a +b listed live ~a -b". */
struct told {
	struct strbuf text;
	struct watch_state state;
	struct watch *watch;
	unsigned items;
	const char *stop_at; /* stop the watch when this object comes */
};

static void say(struct told *told, const char *word)
{
	strbuf_addf(&told->text, "%s%s", told->text.len ? " " : "", word);
}

static void begin(void *arg)
{
	say(arg, "begin");
}

static void item(void *arg, enum watch_event event, const struct json *object)
{
	static const char signs[] = {
		[WATCH_ADDED] = '+', [WATCH_MODIFIED] = '~', [WATCH_DELETED] = '-'
	};
	struct told *told = arg;
	const char *name = json_text(object, "metadata.name");
	char word[64];

	snprintf(word, sizeof(word), "%c%s", signs[event], name);
	say(told, word);
	told->items++;
	if (told->stop_at && !strcmp(told->stop_at, name)) {
		watch_stop(told->watch);
		told->watch = NULL;
	}
}

static void listed(void *arg)
{
	say(arg, "listed");
}

static void state(void *arg, const struct watch_state *state)
{
	static const char *const words[] = {
		[WATCH_LISTING] = "listing",	 [WATCH_LIVE] = "live",
		[WATCH_POLLING] = "polling",	 [WATCH_LOST] = "lost",
		[WATCH_FORBIDDEN] = "forbidden", [WATCH_ABSENT] = "absent"
	};
	struct told *told = arg;

	told->state = *state;
	say(told, words[state->phase]);
}

static struct watch *start(struct world *world, struct told *told, const char *selector)
{
	struct watch_spec spec = { .kind = { "velero.io", "v1", "backups" },
				   .namespace = "velero",
				   .label_selector = selector,
				   .what = "backups in velero",
				   .begin = begin,
				   .item = item,
				   .listed = listed,
				   .state = state,
				   .arg = told,
				   .stall_ms = 150,
				   .silences = 2,
				   .backoff_ms = 20 };

	strbuf_init(&told->text);
	told->watch = watch_start(world->client, &spec);
	return told->watch;
}

/* Until the text told ends with this, or two seconds. */
static void wait_for_end(struct world *world, struct told *told, const char *end)
{
	int64_t until = clock_monotonic_ms() + 2000;

	while (!text_ends(told->text.buf, end) && clock_monotonic_ms() < until)
		transport_wait(world->transport, NULL, 0, 20);
}

static void finish(struct world *world, struct told *told)
{
	watch_stop(told->watch);
	strbuf_done(&told->text);
	world_close(world);
}

#define OBJECT(name, version)                                                                      \
	"{\"metadata\":{\"name\":\"" name "\",\"resourceVersion\":\"" version "\"}}"
#define LIST(version, items)                                                                       \
	"{\"kind\":\"BackupList\",\"items\":[" items                                               \
	"],\"metadata\":{\"resourceVersion\":\"" version "\"}}\n"
#define EVENT(type, name, version) "{\"type\":\"" type "\",\"object\":" OBJECT(name, version) "}\n"
#define BOOKMARK(version)                                                                          \
	"{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Backup\",\"metadata\":{"                    \
	"\"resourceVersion\":\"" version "\"}}}\n"
#define GONE                                                                                       \
	"{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"message\":\"too old resource "      \
	"version: 1 (1016)\",\"reason\":\"Expired\",\"code\":410}}\n"
#define STATUS(reason, code)                                                                       \
	"{\"kind\":\"Status\",\"message\":\"words\",\"reason\":\"" reason "\",\"code\":" code "}"

#define A_LIST                                                                                     \
	{                                                                                          \
		.path = "resourceVersion=0",                                                       \
		.body = LIST("5", OBJECT("a", "3") "," OBJECT("b", "4"))                           \
	}
#define SILENCE                                                                                    \
	{                                                                                          \
		.path = "watch=1", .chunked = true, .stall = true, .repeat = true                  \
	}

Test(watch, lists_then_watches_and_tells_events)
{
	const struct httpd_reply replies[] = {
		A_LIST,
		{ .path = "watch=1&resourceVersion=5&allowWatchBookmarks=true&timeoutSeconds=",
		  .chunked = true,
		  .piece_len = 7,
		  .stall = true,
		  .body = EVENT("ADDED", "c", "6") EVENT("MODIFIED", "a", "7")
			  EVENT("DELETED", "b", "8") },
	};
	struct world world;
	struct told told = { 0 };

	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	start(&world, &told, "a=b,c in (d)");
	wait_for_end(&world, &told, "-b");
	cr_expect(zero(int, strcmp(told.text.buf, "listing begin +a +b listed live +c ~a -b")),
		  "%s", told.text.buf);
	cr_expect(
		holds(httpd_request(world.httpd, 0),
		      "GET "
		      "/apis/velero.io/v1/namespaces/velero/backups?labelSelector=a%3Db%2Cc%20in%20"
		      "%28d%29&resourceVersion=0 "),
		"%s", httpd_request(world.httpd, 0));
	cr_expect(holds(httpd_request(world.httpd, 1), "labelSelector=a%3Db"));
	cr_expect(eq(sz, httpd_connections(world.httpd), 1), "one connection does");
	finish(&world, &told);
}

/* The watch is open although nothing happens: that is told at once, not with the first bookmark. */
Test(watch, is_live_before_anything_happens)
{
	const struct httpd_reply replies[] = { A_LIST, SILENCE };
	struct world world;
	struct told told = { 0 };

	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	start(&world, &told, NULL);
	wait_for_end(&world, &told, "live");
	cr_expect(zero(int, strcmp(told.text.buf, "listing begin +a +b listed live")), "%s",
		  told.text.buf);
	finish(&world, &told);
}

/* how the first watch ends (after bookmark 9 and half a line), what is told, what is asked next */
static const struct {
	struct httpd_reply reply;
	const char *told, *asks;
} ends[] = {
	{ { .path = "watch=1", .chunked = true, .body = BOOKMARK("9") },
	  "live",
	  "resourceVersion=9" },
	{ { .path = "watch=1",
	    .chunked = true,
	    .cut = true,
	    .body = BOOKMARK("9") "{\"type\":\"ADD" },
	  "live lost live",
	  "resourceVersion=9" },
	{ { .path = "watch=1", .body = BOOKMARK("9") "{\"type\":\"ADD", .cut = true },
	  "live lost live",
	  "resourceVersion=9" },
	{ { .path = "watch=1", .chunked = true, .stall = true, .body = BOOKMARK("9") },
	  "live lost live",
	  "resourceVersion=9" },
	{ { .path = "watch=1", .chunked = true, .body = BOOKMARK("9") "half a li\nne" },
	  "live lost live",
	  "resourceVersion=9" },
	{ { .path = "watch=1", .chunked = true, .body = BOOKMARK("9") STATUS("x", "1") "\n" },
	  "live lost live",
	  "resourceVersion=9" },
};

Test(watch, goes_on_from_the_last_version_however_the_stream_ends)
{
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		struct httpd_reply replies[] = {
			A_LIST,
			ends[i].reply,
			{ .path = "watch=1",
			  .chunked = true,
			  .stall = true,
			  .body = EVENT("ADDED", "z", "12"),
			  .repeat = true },
		};
		struct world world;
		struct told told = { 0 };
		char want[128];

		world_open(&world, replies, ARRAY_SIZE(replies), NULL);
		start(&world, &told, NULL);
		wait_for_end(&world, &told, "+z");
		snprintf(want, sizeof(want), "listing begin +a +b listed %s +z", ends[i].told);
		cr_expect(zero(int, strcmp(told.text.buf, want)), "%zu: %s", i, told.text.buf);
		cr_expect(holds(httpd_request(world.httpd, 2), ends[i].asks), "%zu: %s", i,
			  httpd_request(world.httpd, 2));
		finish(&world, &told);
	}
}

/* A proxy that cuts each stream before its first whole line hides what happened; a list tells it.
 */
Test(watch, streams_that_never_bring_a_line_lead_to_a_new_list)
{
	const struct httpd_reply replies[] = {
		A_LIST,
		{ .path = "watch=1&resourceVersion=5",
		  .chunked = true,
		  .cut = true,
		  .body = "{\"type\":\"ADD",
		  .repeat = true },
		{ .path = "resourceVersion=0", .body = LIST("9", OBJECT("c", "9")) },
		SILENCE,
	};
	struct world world;
	struct told told = { 0 };

	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	start(&world, &told, NULL);
	wait_for_end(&world, &told, "begin +c listed live");
	cr_expect(text_ends(told.text.buf, "begin +c listed live"), "%s", told.text.buf);
	finish(&world, &told);
}

/* 410 as an event of the stream, and as a status of HTTP */
static const struct httpd_reply gones[] = {
	{ .path = "watch=1", .chunked = true, .body = EVENT("ADDED", "c", "6") GONE },
	{ .path = "watch=1", .status = 410, .body = STATUS("Expired", "410") },
};

Test(watch, a_version_that_is_too_old_leads_to_a_new_list)
{
	static const char *const wants[] = {
		"listing begin +a +b listed live +c listing begin +c listed",
		"listing begin +a +b listed listing begin +c listed live",
	};

	for (size_t i = 0; i < ARRAY_SIZE(gones); i++) {
		struct httpd_reply replies[] = { A_LIST,
						 gones[i],
						 { .path = "resourceVersion=0",
						   .body = LIST("20", OBJECT("c", "6")) },
						 SILENCE };
		struct world world;
		struct told told = { 0 };

		world_open(&world, replies, ARRAY_SIZE(replies), NULL);
		start(&world, &told, NULL);
		wait_for_end(&world, &told, i ? "+c listed live" : "+c listed");
		cr_expect(zero(int, strcmp(told.text.buf, wants[i])), "%s", told.text.buf);
		finish(&world, &told);
	}
}

Test(watch, a_server_that_forgets_each_fresh_version_is_not_hammered)
{
	const struct httpd_reply replies[] = {
		{ .path = "resourceVersion=0", .body = LIST("5", ""), .repeat = true },
		{ .path = "watch=1", .chunked = true, .body = GONE, .repeat = true },
	};
	struct world world;
	struct told told = { 0 };
	int64_t until;

	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	start(&world, &told, NULL);
	until = clock_monotonic_ms() + 300;
	while (clock_monotonic_ms() < until)
		transport_wait(world.transport, NULL, 0, 20);
	cr_expect(le(sz, httpd_count(world.httpd), 14), "%zu requests", httpd_count(world.httpd));
	cr_expect(holds(told.text.buf, "lost"), "%s", told.text.buf);
	finish(&world, &told);
}

/* A cluster that was put back from a copy knows an older version than we do, and says nothing. */
Test(watch, silence_twice_leads_to_a_new_list)
{
	const struct httpd_reply replies[] = { A_LIST,
					       { .path = "watch=1&resourceVersion=5",
						 .chunked = true,
						 .stall = true,
						 .repeat = true },
					       { .path = "resourceVersion=0",
						 .body = LIST("2", OBJECT("a", "1")) },
					       SILENCE };
	struct world world;
	struct told told = { 0 };

	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	start(&world, &told, NULL);
	while (!holds(told.text.buf, "+a listed") && told.items < 3)
		transport_wait(world.transport, NULL, 0, 20);
	cr_expect(holds(told.text.buf, "listing begin +a"), "%s", told.text.buf);
	finish(&world, &told);
}

/* first answer to the list, what is told, then all is well */
static const struct {
	struct httpd_reply reply;
	const char *told;
	enum status code;
	const char *words;
} list_failures[] = {
	{ { .status = 500, .body = "oh" }, "listing lost", STATUS_BUSY, "the server failed" },
	{ { .status = 429, .headers = "Retry-After: 0\r\n", .body = "wait" },
	  "listing lost",
	  STATUS_BUSY,
	  "too much to do" },
	{ { .status = 401, .body = STATUS("Unauthorized", "401") },
	  "listing lost",
	  STATUS_UNAUTHORIZED,
	  "login is not accepted" },
	{ { .type = "text/html", .body = "<html>Sign in</html>" },
	  "listing lost",
	  STATUS_PROTOCOL,
	  "a web page came" },
	{ { .body = "{\"kind\":\"Pod\",\"metadata\":{}}" },
	  "listing begin lost",
	  STATUS_PROTOCOL,
	  "no list of Kubernetes objects" },
	{ { .body = "{\"items\":[{\"metadata\":{\"name\":\"a\"}},{]}]}" },
	  "listing begin +a lost",
	  STATUS_PROTOCOL,
	  "an object of the list" },
	{ { .body = "{\"items\":[" OBJECT("a", "1") ",", .cut = true },
	  "listing begin +a lost",
	  STATUS_UNREACHABLE,
	  "cut short" },
	{ { .body = "{\"items\":[" OBJECT("a", "1") ",", .close = true },
	  "listing begin +a lost",
	  STATUS_PROTOCOL,
	  "cut short" },
	{ { .drop = true }, "listing lost", STATUS_UNREACHABLE, "closed the connection" },
};

Test(watch, a_list_that_fails_is_told_and_tried_again)
{
	for (size_t i = 0; i < ARRAY_SIZE(list_failures); i++) {
		struct httpd_reply replies[] = {
			list_failures[i].reply,
			{ .path = "limit=500", .body = LIST("5", OBJECT("b", "4")) },
			{ .path = "resourceVersion=0", .body = LIST("5", OBJECT("b", "4")) },
			SILENCE
		};
		struct world world;
		struct told told = { 0 };
		char want[160];

		world_open(&world, replies, ARRAY_SIZE(replies), NULL);
		start(&world, &told, NULL);
		wait_for_end(&world, &told, "lost");
		cr_expect(eq(int, (int)told.state.why.code, (int)list_failures[i].code), "%s",
			  told.state.why.text);
		cr_expect(holds(told.state.why.text, "list backups in velero: "), "%s",
			  told.state.why.text);
		cr_expect(holds(told.state.why.text, list_failures[i].words), "%s",
			  told.state.why.text);
		cr_expect(gt(i64, told.state.next_try_ms, 0));
		wait_for_end(&world, &told, "live");
		snprintf(want, sizeof(want), "%s listing begin +b listed live",
			 list_failures[i].told);
		cr_expect(zero(int, strcmp(told.text.buf, want)), "%zu: %s", i, told.text.buf);
		finish(&world, &told);
	}
}

Test(watch, a_reply_that_was_cut_is_fetched_in_pages)
{
	const struct httpd_reply replies[] = {
		{ .path = "resourceVersion=0",
		  .body = "{\"items\":[" OBJECT("a", "1") ",",
		  .cut = true },
		{ .path = "limit=500&continue=next%2B1", .body = LIST("6", OBJECT("b", "2")) },
		{ .path = "limit=500",
		  .body = "{\"metadata\":{\"resourceVersion\":\"6\",\"continue\":\"next+1\"},"
			  "\"items\":[" OBJECT("a", "1") "]}" },
		SILENCE,
	};
	struct world world;
	struct told told = { 0 };

	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	start(&world, &told, NULL);
	wait_for_end(&world, &told, "live");
	cr_expect(zero(int, strcmp(told.text.buf,
				   "listing begin +a lost listing begin +a +b listed live")),
		  "%s", told.text.buf);
	finish(&world, &told);
}

/* answer to the list, the phase it leads to, for how long at least */
static const struct {
	struct httpd_reply reply;
	enum watch_phase phase;
	int64_t least_ms;
} refusals[] = {
	{ { .status = 403, .body = STATUS("Forbidden", "403") }, WATCH_FORBIDDEN, 40000 },
	{ { .status = 404, .type = "text/plain", .body = "404 page not found\n" },
	  WATCH_ABSENT,
	  40000 },
	{ { .status = 429, .headers = "Retry-After: 30\r\n", .body = "wait" }, WATCH_LOST, 29000 },
	{ { .status = 503,
	    .body = "{\"kind\":\"Status\",\"details\":{\"retryAfterSeconds\":25},\"code\":503}" },
	  WATCH_LOST,
	  24000 },
};

Test(watch, a_refusal_is_asked_again_late_or_when_a_person_wants)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct httpd_reply replies[] = { refusals[i].reply, A_LIST, SILENCE };
		struct world world;
		struct told told = { 0 };

		world_open(&world, replies, ARRAY_SIZE(replies), NULL);
		start(&world, &told, NULL);
		while (told.state.phase == WATCH_LISTING)
			transport_wait(world.transport, NULL, 0, 1000);
		cr_expect(eq(int, (int)told.state.phase, (int)refusals[i].phase));
		cr_expect(ge(i64, told.state.next_try_ms - clock_monotonic_ms(),
			     refusals[i].least_ms));
		watch_retry_now(told.watch);
		wait_for_end(&world, &told, "live");
		cr_expect(eq(int, (int)told.state.phase, WATCH_LIVE));
		finish(&world, &told);
	}
}

Test(watch, what_may_be_listed_but_not_watched_is_polled)
{
	const struct httpd_reply replies[] = {
		{ .path = "resourceVersion=0",
		  .body = LIST("5", OBJECT("a", "3")),
		  .repeat = true },
		{ .path = "watch=1",
		  .status = 403,
		  .body = STATUS("Forbidden", "403"),
		  .repeat = true },
	};
	struct world world;
	struct told told = { 0 };

	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	start(&world, &told, NULL);
	wait_for_end(&world, &told, "polling");
	cr_expect(eq(int, (int)told.state.why.code, STATUS_FORBIDDEN));
	cr_expect(holds(told.state.why.text, "watch backups in velero: not permitted"), "%s",
		  told.state.why.text);
	watch_retry_now(told.watch);
	wait_for_end(&world, &told, "polling begin +a listed polling");
	cr_expect(zero(int, strcmp(told.text.buf, "listing begin +a listed polling begin +a "
						  "listed polling")),
		  "%s", told.text.buf);
	cr_expect(ne(int, told.state.why.text[0], 0), "why it is polled stays said");
	finish(&world, &told);
}

/* Seen with a real API server: restarted, it answers 403 until it has read its roles. */
Test(watch, refused_once_is_asked_for_again_after_one_list)
{
	const struct httpd_reply replies[] = {
		{ .path = "resourceVersion=0",
		  .body = LIST("5", OBJECT("a", "3")),
		  .repeat = true },
		{ .path = "watch=1", .status = 403, .body = STATUS("Forbidden", "403") },
		SILENCE,
	};
	struct world world;
	struct told told = { 0 };

	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	start(&world, &told, NULL);
	wait_for_end(&world, &told, "polling");
	watch_retry_now(told.watch);
	wait_for_end(&world, &told, "live");
	cr_expect(zero(int, strcmp(told.text.buf,
				   "listing begin +a listed polling begin +a listed live")),
		  "%s", told.text.buf);
	finish(&world, &told);
}

Test(watch, may_be_stopped_from_its_own_callbacks)
{
	static const char *const names[] = { "a", "z" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct httpd_reply replies[] = { A_LIST,
						       { .path = "watch=1",
							 .chunked = true,
							 .stall = true,
							 .body = EVENT("ADDED", "z", "6")
								 EVENT("ADDED", "y", "7") } };
		struct world world;
		struct told told = { .stop_at = names[i] };
		int64_t until;

		world_open(&world, replies, ARRAY_SIZE(replies), NULL);
		start(&world, &told, NULL);
		while (told.watch)
			transport_wait(world.transport, NULL, 0, 1000);
		until = clock_monotonic_ms() + 30;
		while (clock_monotonic_ms() < until)
			transport_wait(world.transport, NULL, 0, 10);
		cr_expect(text_ends(told.text.buf, names[i]), "nothing is told after: %s",
			  told.text.buf);
		finish(&world, &told);
	}
}

/* An annotation of 100 MB is no object of Kubernetes: given up early, and memory stays small. */
Test(watch, an_object_without_end_is_given_up)
{
	const size_t size = 32u * 1024 * 1024;
	static const char start_of_list[] = "{\"items\":[{\"metadata\":{\"name\":\"";
	char *body = malloc(size + 1);
	struct httpd_reply replies[] = { { .body_len = size }, SILENCE };
	struct world world;
	struct told told = { 0 };

	memset(body, 'x', size);
	memcpy(body, start_of_list, sizeof(start_of_list) - 1);
	body[size] = '\0';
	replies[0].body = body;
	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	start(&world, &told, NULL);
	while (told.state.phase != WATCH_LOST)
		transport_wait(world.transport, NULL, 0, 1000);
	cr_expect(eq(int, (int)told.state.why.code, STATUS_TOO_LARGE), "%s", told.state.why.text);
	finish(&world, &told);
	free(body);
}
