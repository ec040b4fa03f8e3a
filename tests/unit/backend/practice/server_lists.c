#include "backend/practice/deflate.h"
#include "backend/practice/list_stream.h"
#include "backend/practice/watch_stream.h"
#include "tests/unit/backend/practice/objects_rig.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BACKUPS "/apis/velero.io/v1/namespaces/velero/backups"

static struct objects_rig rig;

static void open_rig(void)
{
	char name[16];
	int i;

	objects_rig_open(&rig);
	for (i = 0; i < 7; i++) {
		snprintf(name, sizeof(name), "b%d", i);
		objects_rig_create(&rig, "backups.velero.io", "velero", name,
				   i % 2 ? "{'metadata':{'labels':{'odd':'yes'}}}" : "{}");
	}
}

static void close_rig(void)
{
	objects_rig_close(&rig);
}

TestSuite(server_lists, .init = open_rig, .fini = close_rig);

static void target_of_page(const struct json *page, struct strbuf *out)
{
	strbuf_reset(out);
	strbuf_adds(out, BACKUPS "?limit=3");
	strbuf_query(out, "continue", json_text(page, "metadata.continue"));
}

Test(server_lists, pages_give_each_item_once_and_count_what_is_left)
{
	struct strbuf target = STRBUF_INIT;
	struct json *page = objects_rig_read(&rig, BACKUPS "?limit=3");
	size_t seen = 0, pages = 0;

	cr_assert(eq(i64, json_int(page, "metadata.remainingItemCount", 0), 4));
	cr_assert_str_eq(json_text(page, "kind"), "BackupList");
	for (;;) {
		bool more = *json_text(page, "metadata.continue");

		seen += json_count(json_key(page, "items"));
		pages++;
		target_of_page(page, &target);
		json_free(page);
		if (!more)
			break;
		page = objects_rig_read(&rig, target.buf);
	}
	cr_assert(eq(sz, seen, (size_t)7));
	cr_assert(eq(sz, pages, (size_t)3));
	strbuf_done(&target);
}

Test(server_lists, an_old_continue_is_gone)
{
	struct json *page = objects_rig_read(&rig, BACKUPS "?limit=3");
	struct strbuf target = STRBUF_INIT;
	struct objects_rig_request get = { .method = "GET" };
	struct route_reply reply;

	target_of_page(page, &target);
	objects_forget_history(rig.objects);
	get.target = target.buf;
	objects_rig_ask(&rig, &get, &reply);
	cr_assert(eq(int, reply.status, 410));
	cr_assert(strstr(reply.body.buf, "\"reason\":\"Expired\"") != NULL);
	route_reply_done(&reply);
	strbuf_done(&target);
	json_free(page);
}

Test(server_lists, selectors_choose)
{
	static const struct {
		const char *query;
		size_t count;
	} rows[] = {
		{ "?labelSelector=odd", 3 },
		{ "?labelSelector=odd%20in%20(yes)", 3 },
		{ "?labelSelector=!odd", 4 },
		{ "?fieldSelector=metadata.name%3Db4", 1 },
		{ "?fieldSelector=metadata.name!%3Db4", 6 },
		{ "?labelSelector=odd&limit=2", 2 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf target = STRBUF_INIT;
		struct json *list;

		strbuf_addf(&target, BACKUPS "%s", rows[i].query);
		list = objects_rig_read(&rig, target.buf);
		cr_expect_eq(json_count(json_key(list, "items")), rows[i].count, "%s",
			     rows[i].query);
		json_free(list);
		strbuf_done(&target);
	}
}

/* ---- watch ---- */

static struct watch_stream *open_watch(const char *query, struct route_reply *reply)
{
	struct strbuf target = STRBUF_INIT;
	struct objects_rig_request get = { .method = "GET" };

	strbuf_addf(&target, BACKUPS "?watch=1%s", query);
	get.target = target.buf;
	objects_rig_ask(&rig, &get, reply);
	cr_assert(eq(int, reply->status, 200));
	cr_assert_not_null(reply->stream);
	strbuf_done(&target);
	return reply->stream;
}

static size_t count_lines(const struct strbuf *text)
{
	const char *at = text->buf;
	size_t lines = 0;

	while ((at = strchr(at, '\n'))) {
		lines++;
		at++;
	}
	return lines;
}

Test(server_lists, a_watch_without_a_version_begins_with_what_is_there)
{
	struct route_reply reply;
	struct watch_stream *stream = open_watch("", &reply);
	struct strbuf lines = STRBUF_INIT;

	cr_assert(eq(int, watch_stream_pull(stream, 0, &lines), WATCH_LINES));
	cr_assert(eq(sz, count_lines(&lines), (size_t)7));
	cr_assert(eq(int, watch_stream_pull(stream, 0, &lines), WATCH_QUIET));
	strbuf_done(&lines);
	route_reply_done(&reply);
}

Test(server_lists, initial_events_end_with_a_bookmark)
{
	struct route_reply reply;
	struct watch_stream *stream = open_watch("&sendInitialEvents=true&allowWatchBookmarks=true"
						 "&resourceVersionMatch=NotOlderThan",
						 &reply);
	struct strbuf lines = STRBUF_INIT;

	cr_assert(eq(int, watch_stream_pull(stream, 0, &lines), WATCH_LINES));
	cr_assert(eq(sz, count_lines(&lines), (size_t)8));
	cr_assert(strstr(lines.buf, "\"k8s.io/initial-events-end\":\"true\"") != NULL);
	strbuf_done(&lines);
	route_reply_done(&reply);
}

Test(server_lists, a_watch_from_a_list_sees_what_came_after_it)
{
	struct json *list = objects_rig_read(&rig, BACKUPS);
	struct strbuf query = STRBUF_INIT, lines = STRBUF_INIT;
	struct route_reply reply;
	struct watch_stream *stream;

	strbuf_query(&query, "resourceVersion", json_text(list, "metadata.resourceVersion"));
	*query.buf = '&';
	objects_rig_create(&rig, "backups.velero.io", "velero", "new", "{}");
	stream = open_watch(query.buf, &reply);
	cr_assert(eq(int, watch_stream_pull(stream, 0, &lines), WATCH_LINES));
	cr_assert(eq(sz, count_lines(&lines), (size_t)1));
	cr_assert(strstr(lines.buf, "\"name\":\"new\"") != NULL);
	json_free(list);
	strbuf_done(&query);
	strbuf_done(&lines);
	route_reply_done(&reply);
}

Test(server_lists, a_forgotten_version_ends_the_watch_with_an_error_event)
{
	struct route_reply reply;
	struct watch_stream *stream = open_watch("&resourceVersion=3", &reply);
	struct strbuf lines = STRBUF_INIT;

	objects_forget_history(rig.objects);
	cr_assert(eq(int, watch_stream_pull(stream, 0, &lines), WATCH_END));
	cr_assert(text_starts(lines.buf, "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\""));
	cr_assert(strstr(lines.buf, "\"code\":410") != NULL);
	strbuf_reset(&lines);
	cr_assert(eq(int, watch_stream_pull(stream, 0, &lines), WATCH_END));
	cr_assert(eq(sz, lines.len, (size_t)0));
	strbuf_done(&lines);
	route_reply_done(&reply);
}

/* ---- writing through the API ---- */

static int send_body(const char *method, const char *target, const char *type, const char *body,
		     struct json **ret_answer)
{
	struct objects_rig_request request = { method, target, type, body, false };
	struct route_reply reply;
	int status;

	objects_rig_ask(&rig, &request, &reply);
	status = reply.status;
	*ret_answer = json_parse(reply.body.buf, reply.body.len, NULL);
	route_reply_done(&reply);
	return status;
}

Test(server_lists, unknown_fields_vanish_unless_asked_for)
{
	static const char body[] =
		"{\"apiVersion\":\"velero.io/v1\",\"kind\":\"Backup\",\"metadata\":{\"name\":"
		"\"new\"},\"spec\":{\"colour\":\"red\",\"hooks\":{\"resources\":[{\"name\":\"a\","
		"\"shade\":1}]},\"ttl\":\"1h\"}}";
	struct json *answer;

	cr_assert(eq(int, send_body("POST", BACKUPS, "application/json", body, &answer), 201));
	cr_assert_str_eq(json_text(answer, "spec.ttl"), "1h");
	cr_assert_null(json_get(answer, "spec.colour"));
	cr_assert_null(json_key(json_first(json_get(answer, "spec.hooks.resources")), "shade"));
	json_free(answer);
}

Test(server_lists, a_dry_run_leaves_nothing)
{
	static const char body[] = "{\"apiVersion\":\"velero.io/v1\",\"kind\":\"Backup\","
				   "\"metadata\":{\"name\":\"dry\"},\"spec\":{}}";
	struct json *answer;

	cr_assert(eq(int,
		     send_body("POST", BACKUPS "?dryRun=All", "application/json", body, &answer),
		     201));
	json_free(answer);
	cr_assert_not(objects_rig_has(&rig, "backups.velero.io", "velero", "dry"));
}

Test(server_lists, status_and_rest_are_written_apart_where_status_is_a_sub_resource)
{
	static const char target[] = "/apis/apps/v1/namespaces/acme/deployments/d";
	static const char change[] = "{\"spec\":{\"replicas\":3},\"status\":{\"replicas\":3}}";
	static const char merge[] = "application/merge-patch+json";
	struct json *answer;

	objects_rig_create(&rig, "deployments.apps", "acme", "d", "{'spec':{'replicas':1}}");
	cr_assert(eq(int, send_body("PATCH", target, merge, change, &answer), 200));
	cr_assert(eq(i64, json_int(answer, "spec.replicas", 0), 3));
	cr_assert(eq(i64, json_int(answer, "status.replicas", 0), 0));
	json_free(answer);
	cr_assert(eq(int,
		     send_body("PATCH", "/apis/apps/v1/namespaces/acme/deployments/d/status", merge,
			       "{\"spec\":{\"replicas\":9},\"status\":{\"replicas\":2}}", &answer),
		     200));
	cr_assert(eq(i64, json_int(answer, "spec.replicas", 0), 3));
	cr_assert(eq(i64, json_int(answer, "status.replicas", 0), 2));
	json_free(answer);
}

Test(server_lists, a_json_patch_edits_lists)
{
	static const char patch[] =
		"[{\"op\":\"add\",\"path\":\"/spec/includedNamespaces\",\"value\":[\"a\",\"c\"]},"
		"{\"op\":\"add\",\"path\":\"/spec/includedNamespaces/1\",\"value\":\"b\"},"
		"{\"op\":\"add\",\"path\":\"/spec/includedNamespaces/-\",\"value\":\"d\"},"
		"{\"op\":\"remove\",\"path\":\"/spec/includedNamespaces/0\"},"
		"{\"op\":\"test\",\"path\":\"/spec/includedNamespaces/0\",\"value\":\"b\"}]";
	struct json *answer, *wanted = objects_rig_json("['b','c','d']");

	objects_rig_create(&rig, "backups.velero.io", "velero", "p", "{'spec':{}}");
	cr_assert(
		eq(int,
		   send_body("PATCH", BACKUPS "/p", "application/json-patch+json", patch, &answer),
		   200));
	cr_assert(json_equal(json_get(answer, "spec.includedNamespaces"), wanted));
	json_free(answer);
	cr_assert(eq(int,
		     send_body("PATCH", BACKUPS "/p", "application/json-patch+json",
			       "[{\"op\":\"remove\",\"path\":\"/spec/none\"}]", &answer),
		     400));
	json_free(answer);
	json_free(wanted);
}

Test(server_lists, a_strategic_patch_merges_containers_by_name)
{
	static const char change[] =
		"{\"spec\":{\"containers\":[{\"name\":\"b\",\"image\":\"2\"}]}}";
	struct json *answer, *wanted = objects_rig_json("[{'name':'a','image':'1'},"
							"{'name':'b','image':'2'}]");

	objects_rig_create(&rig, "pods", "acme", "p",
			   "{'spec':{'containers':[{'name':'a','image':'1'},"
			   "{'name':'b','image':'1'}]}}");
	cr_assert(eq(int,
		     send_body("PATCH", "/api/v1/namespaces/acme/pods/p",
			       "application/strategic-merge-patch+json", change, &answer),
		     200));
	cr_assert(json_equal(json_get(answer, "spec.containers"), wanted));
	json_free(answer);
	json_free(wanted);
}

Test(server_lists, a_collection_is_deleted_by_selector)
{
	struct json *answer;

	cr_assert(eq(int, send_body("DELETE", BACKUPS "?labelSelector=odd", "", "", &answer), 200));
	json_free(answer);
	cr_assert_not(objects_rig_has(&rig, "backups.velero.io", "velero", "b1"));
	cr_assert(objects_rig_has(&rig, "backups.velero.io", "velero", "b2"));
}

Test(server_lists, text_of_a_secret_is_stored_encoded)
{
	static const char body[] = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{"
				   "\"name\":\"s\"},\"stringData\":{\"a\":\"b\"}}";
	struct json *answer;

	cr_assert(eq(int,
		     send_body("POST", "/api/v1/namespaces/acme/secrets", "application/json", body,
			       &answer),
		     201));
	cr_assert_str_eq(json_text(answer, "data.a"), "Yg==");
	cr_assert_null(json_key(answer, "stringData"));
	json_free(answer);
}

Test(server_lists, what_is_served_is_discovered)
{
	static const struct {
		const char *target, *text;
	} rows[] = {
		{ "/api", "\"versions\":[\"v1\"]" },
		{ "/apis", "\"groupVersion\":\"velero.io/v2alpha1\"" },
		{ "/apis/velero.io", "\"preferredVersion\":{\"groupVersion\":\"velero.io/v1\"" },
		{ "/apis/velero.io/v1", "\"shortNames\":[\"bsl\"]" },
		{ "/api/v1", "\"name\":\"pods/log\"" },
		{ "/version", "v1.34.4" },
		{ "/openapi/v3", "/openapi/v3/apis/velero.io/v1" },
		{ "/openapi/v3/apis/velero.io/v1", "fieldValidation" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct objects_rig_request get = { .method = "GET", .target = rows[i].target };
		struct route_reply reply;

		objects_rig_ask(&rig, &get, &reply);
		cr_expect_eq(reply.status, 200, "%s", rows[i].target);
		cr_expect(strstr(reply.body.buf, rows[i].text) != NULL, "%s: %s", rows[i].target,
			  reply.body.buf);
		route_reply_done(&reply);
	}
}

#define MANY 300

/* Enough for several pieces. */
static void make_many(void)
{
	struct strbuf body = STRBUF_INIT;
	char name[16];

	strbuf_adds(&body, "{'metadata':{'annotations':{'filler':'");
	for (int i = 0; i < 1500; i++)
		strbuf_addc(&body, (char)('a' + i * 7 % 26));
	strbuf_adds(&body, "'}}}");
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many%03d", i);
		objects_rig_create(&rig, "backups.velero.io", "velero", name, body.buf);
	}
	strbuf_done(&body);
}

static void read_all(struct list_stream *stream, size_t max, struct strbuf *out)
{
	char piece[8192];
	long got;

	while ((got = list_stream_read(stream, piece, max)) > 0)
		strbuf_add(out, piece, (size_t)got);
	cr_assert(eq(long, got, 0L));
}

/* however it is read: bytes at once, packed or not */
static const struct {
	size_t max;
	bool packed;
} readings[] = { { 8192, false }, { 1000, true }, { 8192, true } };

Test(server_lists, a_long_list_is_of_one_version_though_it_is_written_meanwhile)
{
	const struct object_key all = { "backups.velero.io", "velero", "" };
	const struct object_key one = { "backups.velero.io", "velero", "many299" };

	make_many();
	for (size_t i = 0; i < ARRAY_SIZE(readings); i++) {
		struct strbuf start = STRBUF_INIT, sent = STRBUF_INIT, text = STRBUF_INIT;
		int64_t version = objects_version(rig.objects);
		struct list_stream *stream = NULL;
		struct json *list, *items, *patch;
		int64_t unused;

		cr_assert_eq(list_stream_open(rig.objects, kind_by_resource("backups.velero.io"),
					      &all, &start, &stream, NULL),
			     STATUS_OK);
		cr_assert(stream != NULL, "more than the threshold");
		patch = objects_rig_json("{'metadata':{'labels':{'late':'yes'}}}");
		cr_assert_eq(objects_patch(rig.objects, &one, patch, NULL, NULL), STATUS_OK);
		list_stream_begin(stream, &start, readings[i].packed);
		read_all(stream, readings[i].max, &sent);
		list_stream_free(stream);
		if (readings[i].packed)
			cr_assert_eq(deflate_undo(sent.buf, sent.len, 8 << 20, &text, NULL),
				     STATUS_OK);
		else
			strbuf_add(&text, sent.buf, sent.len);
		list = json_parse(text.buf, text.len, NULL);
		cr_assert(list != NULL, "%zu bytes are no JSON", text.len);
		cr_expect(eq(sz, json_count(json_key(list, "items")), (size_t)MANY + 7));
		cr_expect(eq(i64, atoll(json_text(list, "metadata.resourceVersion")), version));
		cr_expect(i > 0 || !strstr(text.buf, "late"), "what came later is not in it");
		cr_assert_eq(objects_list(rig.objects, &all, "late=yes", &items, &unused, NULL),
			     STATUS_OK);
		cr_expect(eq(sz, json_count(items), (size_t)1));
		json_free(items);
		json_free(patch);
		json_free(list);
		strbuf_done(&start);
		strbuf_done(&sent);
		strbuf_done(&text);
	}
}
