/* The writer of a record against a scripted API server: what it does with words of others. */
#include "backend/ops/journal_writer.h"

#include "tests/unit/backend/ops/plans.h"
#include "tests/unit/backend/ops/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define CONFLICT "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"code\":409}"
#define WRITTEN	 "{\"metadata\":{\"resourceVersion\":\"9\"}}"
#define RECORD(session, state, more)                                                               \
	"{\"metadata\":{\"name\":\"kotsnap-op-" PLAN_ID "\",\"resourceVersion\":\"8\"},"           \
	"\"data\":{" more "\"record\":\"{\\\"version\\\":1,\\\"id\\\":\\\"" PLAN_ID                \
	"\\\",\\\"owner\\\":\\\"root@node-02\\\",\\\"session\\\":\\\"" session                     \
	"\\\",\\\"since\\\":\\\"2026-11-21T03:41:12Z\\\",\\\"state\\\":\\\"" state "\\\"}\"}}"

struct told {
	int written, lost, asked, alone;
	char who[64];
	struct error err;
};

static struct json *make(void *arg)
{
	struct json *map = json_new_map();

	(void)arg;
	json_put_path(map, "data.record", json_new_text("{}"));
	return map;
}

static void written(void *arg)
{
	((struct told *)arg)->written++;
}

static void alone(void *arg, const struct error *why)
{
	(void)why;
	((struct told *)arg)->alone++;
}

static void trouble(void *arg, const struct error *err)
{
	(void)arg;
	(void)err;
}

static void asked_to_stop(void *arg, const char *who)
{
	struct told *told = arg;

	told->asked++;
	snprintf(told->who, sizeof(told->who), "%s", who);
}

static void lost(void *arg, const struct error *err)
{
	struct told *told = arg;

	told->lost++;
	told->err = *err;
}

static struct journal_writer *begin(struct world *world, struct told *told)
{
	struct journal_writer_spec spec = { .transport = world->transport,
					    .client = world->client,
					    .namespace = "velero",
					    .id = PLAN_ID,
					    .session = "feedfacefeedface",
					    .owner = "root@node-01",
					    .resource_version = "7",
					    .quiet_ms = OP_QUIET,
					    .make = make,
					    .written = written,
					    .alone = alone,
					    .trouble = trouble,
					    .asked_to_stop = asked_to_stop,
					    .lost = lost,
					    .arg = told };
	struct journal_writer *writer = journal_writer_new(&spec);

	journal_writer_put(writer);
	for (int i = 0; i < 200 && !told->written && !told->lost; i++)
		transport_wait(world->transport, NULL, 0, 50);
	return writer;
}

Test(journal_writer, who_is_asked_to_stop_hears_it_once_and_takes_the_request_away)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps", .status = 409, .body = CONFLICT },
		{ .path = "configmaps",
		  .body = RECORD("feedfacefeedface", "running", "\"stop\":\"root@node-03\",") },
		{ .path = "configmaps", .body = WRITTEN },
	};
	struct told told = { 0 };
	struct world world;
	struct journal_writer *writer;
	const char *last;

	world_open(&world, replies, ARRAY_SIZE(replies));
	writer = begin(&world, &told);
	cr_assert_eq(told.written, 1);
	cr_assert_eq(told.asked, 1);
	cr_assert_str_eq(told.who, "root@node-03");
	last = httpd_request(world.api, httpd_count(world.api) - 1);
	cr_assert(strstr(last, "\"stop\":null") && strstr(last, "\"resourceVersion\":\"8\""), "%s",
		  last);
	journal_writer_free(writer);
	world_close(&world);
}

/* What the record of somebody else says ends the writing, with words of its own. */
static const struct {
	const char *record, *text;
	enum status want;
} ends[] = {
	{ RECORD("0123456789abcdef", "running", ""),
	  "only watching: root on node-02 has it since 03:41 UTC", STATUS_ELSEWHERE },
	{ RECORD("feedfacefeedface", "closed", ""), "somebody closed the record",
	  STATUS_CANCELLED },
	{ "{\"data\":{\"record\":\"{\\\"version\\\":2,\\\"id\\\":\\\"" PLAN_ID
	  "\\\",\\\"owner\\\":\\\"root@node-02\\\",\\\"session\\\":\\\"x\\\"}\"}}",
	  "only watching: root on node-02 has it", STATUS_ELSEWHERE },
};

Test(journal_writer, a_record_that_is_somebody_else_s_now_or_closed_is_not_written)
{
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		struct httpd_reply replies[] = {
			{ .path = "configmaps", .status = 409, .body = CONFLICT },
			{ .path = "configmaps", .body = ends[i].record },
		};
		struct told told = { 0 };
		struct world world;
		struct journal_writer *writer;

		world_open(&world, replies, ARRAY_SIZE(replies));
		writer = begin(&world, &told);
		cr_assert_eq(told.lost, 1, "row %zu", i);
		cr_assert_eq(told.err.code, ends[i].want, "row %zu: %s", i, told.err.text);
		cr_assert(strstr(told.err.text, ends[i].text), "row %zu: %s", i, told.err.text);
		cr_assert_eq(world_count(&world, "PATCH"), 1, "row %zu", i);
		journal_writer_free(writer);
		world_close(&world);
	}
}

/* Deleted by hand while it is driven: who drives it makes it again, so that it can be taken over.
 */
Test(journal_writer, a_record_that_was_deleted_by_hand_is_made_again)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps", .status = 409, .body = CONFLICT },
		{ .path = "configmaps",
		  .status = 404,
		  .body = "{\"reason\":\"NotFound\",\"code\":404}" },
		{ .path = "configmaps", .status = 201, .body = WRITTEN },
	};
	struct told told = { 0 };
	struct world world;
	struct journal_writer *writer;

	world_open(&world, replies, ARRAY_SIZE(replies));
	writer = begin(&world, &told);
	cr_assert_eq(told.written, 1);
	cr_assert_eq(world_count(&world, "POST /api/v1/namespaces/velero/configmaps"), 1);
	journal_writer_free(writer);
	world_close(&world);
}
