/* An object is made exactly once although answers get lost, and a record outlives them too. */
#include "backend/ops/creation.h"

#include "backend/base/clock.h"
#include "backend/ops/journal_writer.h"
#include "backend/velero/backup.h"
#include "tests/support/httpd.h"
#include "tests/unit/backend/ops/plans.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

#define PATIENCE_MS 10000
#define MADE	    "{\"metadata\":{\"name\":\"instance-abcde\",\"uid\":\"u\"}}"
#define EXISTS                                                                                     \
	"{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"AlreadyExists\",\"code\":409}"

static const struct {
	enum status code;
	int http;
	bool lost;
} lost_cases[] = {
	{ STATUS_TIMEOUT, 0, true },	  { STATUS_UNREACHABLE, 0, true },
	{ STATUS_PROTOCOL, 0, true },	  { STATUS_BUSY, 503, true },
	{ STATUS_TIMEOUT, 504, true },	  { STATUS_BUSY, 429, false },
	{ STATUS_FORBIDDEN, 403, false }, { STATUS_EXISTS, 409, false },
	{ STATUS_INVALID, 422, false },	  { STATUS_TLS, 0, false },
};

ParameterizedTestParameters(creation, an_answer_is_lost_when_the_request_may_have_arrived)
{
	static size_t rows[ARRAY_SIZE(lost_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, creation, an_answer_is_lost_when_the_request_may_have_arrived)
{
	struct error err = { .code = lost_cases[*row].code, .http = lost_cases[*row].http };

	cr_assert_eq(creation_answer_was_lost(&err), lost_cases[*row].lost);
}

static const struct {
	const char *made, *dropped;
} dropped_cases[] = {
	{ "{\"spec\":{\"ttl\":\"1h0m0s\",\"hooks\":{\"resources\":[{}]},\"orLabelSelectors\":[{}],"
	  "\"includeClusterResources\":true,\"metadata\":{}}}",
	  "" },
	{ "{\"spec\":{\"ttl\":\"1h0m0s\",\"includeClusterResources\":true}}",
	  "spec.hooks, spec.orLabelSelectors" },
	{ "{\"metadata\":{\"name\":\"x\"}}", "" },
};

/* spec/velero-api.md 12, item 2: an older Velero prunes what it does not know, and says 201. */
Test(creation, what_velero_does_not_know_is_found_in_its_answer)
{
	static const char text[] =
		"{\"spec\":{\"ttl\":\"1h0m0s\",\"hooks\":{\"resources\":[{}]},\"orLabelSelectors\":"
		"[{}],"
		"\"includeClusterResources\":true,\"csiSnapshotTimeout\":\"0s\",\"metadata\":{},"
		"\"snapshotVolumes\":false}}";
	struct json *sent = json_parse(text, sizeof(text) - 1, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(dropped_cases); i++) {
		struct json *object =
			json_parse(dropped_cases[i].made, strlen(dropped_cases[i].made), NULL);
		struct strbuf dropped = STRBUF_INIT;

		creation_add_dropped(&dropped, sent, object);
		cr_expect_str_eq(dropped.buf, dropped_cases[i].dropped);
		strbuf_done(&dropped);
		json_free(object);
	}
	json_free(sent);
}

/* ---- against a server ---- */

struct rig {
	struct httpd *api;
	struct transport *transport;
	struct client *client;
	int done, written, lost;
	char name[64];
	struct error err;
};

static void rig_open(struct rig *rig, const struct httpd_reply *replies, size_t count)
{
	struct kube_access access = { .source = mem_text(""),
				      .context = mem_text(""),
				      .cluster = mem_text(""),
				      .user = mem_text(""),
				      .namespace = mem_text(""),
				      .token = mem_text("t") };
	struct error err = ERROR_INIT;

	*rig = (struct rig){ .err = ERROR_INIT };
	cr_assert_eq(transport_new(&rig->transport, &err), STATUS_OK, "%s", err.text);
	rig->api = httpd_start(replies, count);
	access.server = mem_text(httpd_url(rig->api));
	rig->client = client_new(rig->transport, &access);
}

static void rig_close(struct rig *rig)
{
	client_free(rig->client);
	transport_free(rig->transport);
	httpd_stop(rig->api);
}

static void rig_wait(struct rig *rig, const int *what)
{
	int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

	while (!*what) {
		cr_assert_lt(clock_monotonic_ms(), end_ms, "%zu requests", httpd_count(rig->api));
		transport_wait(rig->transport, NULL, 0, 50);
	}
}

static void made(void *arg, const struct json *reply, const struct error *err)
{
	struct rig *rig = arg;

	rig->done++;
	if (err)
		rig->err = *err;
	snprintf(rig->name, sizeof(rig->name), "%s", json_text(reply, "metadata.name"));
}

static struct creation *make(struct rig *rig)
{
	static const char text[] = "{\"metadata\":{\"generateName\":\"instance-\"}}";
	struct creation_spec spec = { .transport = rig->transport,
				      .client = rig->client,
				      .kind = &backup_kind,
				      .namespace = "velero",
				      .body = json_parse(text, sizeof(text) - 1, NULL),
				      .id = PLAN_ID,
				      .what = "create backup",
				      .done = made,
				      .arg = rig };

	return creation_start(&spec);
}

static size_t posts(struct rig *rig)
{
	size_t found = 0;

	for (size_t i = 0; i < httpd_count(rig->api); i++)
		found += text_starts(httpd_request(rig->api, i), "POST");
	return found;
}

Test(creation, what_was_made_although_the_answer_was_lost_is_found_by_its_label)
{
	static const struct httpd_reply replies[] = {
		{ .path = "labelSelector", .body = "{\"items\":[" MADE "]}", .repeat = true },
		{ .path = "backups", .drop = true },
	};
	struct rig rig;
	struct creation *creation;

	rig_open(&rig, replies, ARRAY_SIZE(replies));
	creation = make(&rig);
	rig_wait(&rig, &rig.done);
	cr_assert_str_eq(rig.name, "instance-abcde");
	cr_assert_eq(posts(&rig), 1, "it is not asked for twice");
	cr_assert(strstr(httpd_request(rig.api, 0), "\"kotsnap.io/request\":\"" PLAN_ID "\""));
	cr_assert(strstr(httpd_request(rig.api, 1), PLAN_ID));
	creation_free(creation);
	rig_close(&rig);
}

Test(creation, what_did_not_arrive_is_sent_again)
{
	static const struct httpd_reply replies[] = {
		{ .path = "labelSelector", .body = "{\"items\":[]}", .repeat = true },
		{ .path = "backups", .drop = true },
		{ .path = "backups", .status = 201, .body = MADE },
	};
	struct rig rig;
	struct creation *creation;

	rig_open(&rig, replies, ARRAY_SIZE(replies));
	creation = make(&rig);
	rig_wait(&rig, &rig.done);
	cr_assert_str_eq(rig.name, "instance-abcde");
	cr_assert_eq(posts(&rig), 2);
	creation_free(creation);
	rig_close(&rig);
}

Test(creation, a_generated_name_that_is_taken_is_tried_again_with_the_next_one)
{
	static const struct httpd_reply replies[] = {
		{ .path = "backups", .status = 409, .body = EXISTS },
		{ .path = "backups", .status = 201, .body = MADE },
	};
	struct rig rig;
	struct creation *creation;

	rig_open(&rig, replies, ARRAY_SIZE(replies));
	creation = make(&rig);
	rig_wait(&rig, &rig.done);
	cr_assert_str_eq(rig.name, "instance-abcde");
	creation_free(creation);
	rig_close(&rig);
}

Test(creation, a_refusal_is_told_at_once_and_not_asked_again)
{
	static const struct httpd_reply replies[] = {
		{ .path = "backups",
		  .status = 403,
		  .body = "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"code\":403,"
			  "\"message\":\"no\"}" },
	};
	struct rig rig;
	struct creation *creation;

	rig_open(&rig, replies, ARRAY_SIZE(replies));
	creation = make(&rig);
	rig_wait(&rig, &rig.done);
	cr_assert_eq(rig.err.code, STATUS_FORBIDDEN);
	cr_assert_eq(httpd_count(rig.api), 1);
	creation_free(creation);
	rig_close(&rig);
}

Test(creation, ids_are_hexadecimal_and_differ)
{
	char a[CREATION_ID_LEN + 1], b[CREATION_ID_LEN + 1];

	creation_make_id(a);
	creation_make_id(b);
	cr_assert_eq(strspn(a, "0123456789abcdef"), CREATION_ID_LEN);
	cr_assert_str_neq(a, b);
}

/* ---- the writer of the record ---- */

static struct json *make_record(void *arg)
{
	struct restore_plan *plan = plan_of_analytics();
	struct journal_entry entry = { .id = PLAN_ID,
				       .owner = "root@node-01",
				       .session = "00000000000000aa",
				       .typed = "",
				       .verdict = "",
				       .why = "",
				       .next = "" };
	struct json *map = journal_to_config_map(&entry, plan, "velero");

	(void)arg;
	restore_plan_unref(plan);
	return map;
}

static void written(void *arg)
{
	((struct rig *)arg)->written++;
}

static void trouble(void *arg, const struct error *err)
{
	((struct rig *)arg)->err = *err;
}

#define NO_LEASES                                                                                  \
	{                                                                                          \
		.path = "/leases", .status = 403, .body = "{\"reason\":\"Forbidden\"}"             \
	}

static void alone(void *arg, const struct error *why)
{
	(void)arg;
	cr_assert_eq(why->http, 403);
}

static void lost(void *arg, const struct error *err)
{
	struct rig *rig = arg;

	rig->lost++;
	rig->err = *err;
}

static struct journal_writer *writer(struct rig *rig)
{
	struct journal_writer_spec spec = { .transport = rig->transport,
					    .client = rig->client,
					    .namespace = "velero",
					    .id = PLAN_ID,
					    .session = "00000000000000aa",
					    .make = make_record,
					    .written = written,
					    .trouble = trouble,
					    .alone = alone,
					    .lost = lost,
					    .arg = rig };

	return journal_writer_new(&spec);
}

/* The answer to the first write is lost: the next one meets our own record. */
Test(journal_writer, a_record_that_was_written_although_the_answer_was_lost_is_still_ours)
{
	struct json *ours = make_record(NULL);
	struct strbuf text = STRBUF_INIT;
	struct httpd_reply replies[] = {
		NO_LEASES,
		{ .path = "configmaps", .drop = true },
		{ .path = "configmaps", .status = 409, .body = EXISTS },
		{ .path = "kotsnap-op-" PLAN_ID },
		{ .path = "kotsnap-op-" PLAN_ID,
		  .body = "{\"metadata\":{\"resourceVersion\":\"10\"}}" },
	};
	struct journal_writer *mine;
	struct rig rig;

	json_put_path(ours, "metadata.resourceVersion", json_new_text("9"));
	json_print(ours, &text);
	replies[3].body = text.buf;
	rig_open(&rig, replies, ARRAY_SIZE(replies));
	mine = writer(&rig);
	cr_assert_not(journal_writer_is_fresh(mine));
	journal_writer_put(mine);
	rig_wait(&rig, &rig.written);
	cr_assert_eq(rig.written, 1);
	cr_assert_eq(rig.lost, 0);
	cr_assert(journal_writer_is_fresh(mine));
	cr_assert(strstr(httpd_request(rig.api, 4), "\"resourceVersion\":\"9\""));
	journal_writer_free(mine);
	rig_close(&rig);
	json_free(ours);
	strbuf_done(&text);
}

Test(journal_writer, a_deleted_record_is_written_anew)
{
	static const struct httpd_reply replies[] = {
		NO_LEASES,
		{ .path = "configmaps",
		  .status = 201,
		  .body = "{\"metadata\":{\"resourceVersion\":\"1\"}}" },
		{ .path = "kotsnap-op-" PLAN_ID,
		  .status = 404,
		  .body = "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"code\":404}" },
		{ .path = "configmaps",
		  .status = 201,
		  .body = "{\"metadata\":{\"resourceVersion\":\"2\"}}" },
	};
	struct journal_writer *mine;
	struct rig rig;

	rig_open(&rig, replies, ARRAY_SIZE(replies));
	mine = writer(&rig);
	journal_writer_put(mine);
	rig_wait(&rig, &rig.written);
	rig.written = 0;
	journal_writer_put(mine);
	rig_wait(&rig, &rig.written);
	cr_assert_eq(rig.lost, 0);
	cr_assert_eq(posts(&rig), 2);
	journal_writer_free(mine);
	rig_close(&rig);
}
