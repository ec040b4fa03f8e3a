/* Taking, deleting and foretelling against a scripted API server. */
#include "backend/base/clock.h"
#include "backend/kots/labels.h"
#include "tests/unit/backend/ops/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define FORBIDDEN                                                                                  \
	"{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"code\":403,\"message\":\"backups is "     \
	"forbidden\"}"

/* The reply to a creation, as if it had made an object that the picture shows already. */
static void answer_as(struct strbuf *out, const struct world *world, const char *name)
{
	const struct object *object = list_by_name(world->model->lists[COLLECTION_BACKUPS], name);

	cr_assert(object);
	strbuf_addf(out, "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"velero\",\"uid\":\"%s\"}}",
		    name, object->uid);
}

Test(take, follows_the_snapshot_to_its_end_and_asks_for_it_once)
{
	struct model *model = site_model(SITE_QUIET);
	struct strbuf made = STRBUF_INIT;
	struct httpd_reply replies[] = {
		{ .path = "/pods?", .body = "{\"items\":[]}", .repeat = true },
		{ .path = "/backups", .status = 201 },
	};
	struct world world = { .model = model };
	const char *sent;

	answer_as(&made, &world, "instance-m4h8t");
	model_unref(model);
	replies[1].body = made.buf;
	world_open(&world, replies, ARRAY_SIZE(replies));
	world.op = op_backup_start(&world.ops, 1, "");
	world_wait(&world);
	cr_assert_eq(world.err.code, STATUS_OK, "%s", world.err.text);
	cr_assert_str_eq(world.accepted, "instance-m4h8t");
	cr_assert(world.op->view->state == OP_DONE || world.op->view->state == OP_WARNINGS);
	cr_assert_eq(world_count(&world, "POST"), 1);
	sent = httpd_request(world.api, world_first(&world, "POST"));
	cr_assert(strstr(sent, "\"generateName\":\"instance-\""));
	cr_assert(strstr(sent, "\"" KOTSNAP_REQUEST "\""));
	cr_assert(strstr(sent, "\"" KOTS_INSTANCE "\":\"true\""));
	world_close(&world);
	strbuf_done(&made);
}

Test(take, is_refused_while_one_of_the_kind_runs_and_nothing_is_asked)
{
	static const struct httpd_reply replies[] = { { .path = "none" } };
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	world_use(&world, SITE_STORY);
	world.op = op_backup_start(&world.ops, 1, "");
	cr_assert_eq(world.ended, 1);
	cr_assert_eq(world.err.code, STATUS_REFUSED);
	cr_assert(strstr(world.err.text, "instance-x7k2p"), "%s", world.err.text);
	cr_assert_eq(httpd_count(world.api), 0);
	world_close(&world);
}

Test(take, a_refusal_of_the_server_is_told_with_its_words)
{
	static const struct httpd_reply replies[] = {
		{ .path = "/pods?", .body = "{\"items\":[]}", .repeat = true },
		{ .path = "/backups", .status = 403, .body = FORBIDDEN },
	};
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	world.op = op_backup_start(&world.ops, 1, "");
	world_wait(&world);
	cr_assert_eq(world.err.code, STATUS_FORBIDDEN);
	cr_assert_eq(world.op->view->state, OP_FAILED);
	cr_assert_str_eq(world.op->view->verdict, "The snapshot was not taken.");
	cr_assert_str_eq(world.accepted, "");
	world_close(&world);
}

Test(delete, ends_well_only_when_the_snapshot_is_gone)
{
	static const struct httpd_reply replies[] = {
		{ .path = "deletebackuprequests",
		  .status = 201,
		  .body = "{\"metadata\":{\"name\":\"instance-m4h8t-x\",\"uid\":\"q-1\"}}" },
	};
	struct world world;
	const char *sent;

	world_open(&world, replies, ARRAY_SIZE(replies));
	world.op = op_delete_start(&world.ops, 1, "instance-m4h8t");
	world_wait_accepted(&world);
	op_look(world.op);
	cr_assert_eq(world.ended, 0, "it is still there");
	sent = httpd_request(world.api, 0);
	cr_assert(strstr(sent, "\"generateName\":\"instance-m4h8t-\""));
	cr_assert(strstr(sent, "\"" VELERO_BACKUP_UID "\""));
	world_use(&world, SITE_EMPTY);
	op_look(world.op);
	cr_assert_eq(world.ended, 1);
	cr_assert_eq(world.err.code, STATUS_OK);
	cr_assert_str_eq(world.op->view->verdict, "instance-m4h8t is gone.");
	world_close(&world);
}

/* A refused request of the Admin Console has the name of the snapshot: while it is there, the Admin
 * Console cannot ask again, for a day. */
Test(delete, a_failed_request_of_before_goes_once_the_new_one_is_there)
{
	static const struct httpd_reply replies[] = {
		{ .path = "deletebackuprequests",
		  .status = 201,
		  .body = "{\"metadata\":{\"name\":\"instance-c7m2q-x\",\"uid\":\"q-1\"}}" },
		{ .path = "deletebackuprequests/instance-c7m2q-r4f9x", .body = "{}" },
	};
	struct world world;
	int64_t limit = clock_monotonic_ms() + 10000;

	world_open(&world, replies, ARRAY_SIZE(replies));
	world.op = op_delete_start(&world.ops, 1, "instance-c7m2q");
	world_wait_accepted(&world);
	while (httpd_count(world.api) < 2 && clock_monotonic_ms() < limit)
		transport_wait(world.transport, NULL, 0, 50);
	cr_assert_eq(httpd_count(world.api), 2);
	cr_assert(text_starts(httpd_request(world.api, 1),
			      "DELETE /apis/velero.io/v1/namespaces/velero/deletebackuprequests/"
			      "instance-c7m2q-r4f9x "));
	world_close(&world);
}

Test(delete, of_what_runs_asks_for_nothing)
{
	static const struct httpd_reply replies[] = { { .path = "none" } };
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	world_use(&world, SITE_STORY);
	world.op = op_delete_start(&world.ops, 1, "instance-x7k2p");
	cr_assert_eq(world.err.code, STATUS_REFUSED);
	cr_assert_eq(httpd_count(world.api), 0);
	world_close(&world);
}

/* ---- foretelling ---- */

struct told {
	struct world *world;
	const struct restore_plan *plan;
};

static void plan_made(void *arg, const struct restore_plan *plan, const struct error *err)
{
	struct told *told = arg;

	told->world->ended++;
	if (err)
		told->world->err = *err;
	else
		told->plan = restore_plan_ref(plan);
}

#define DEPLOYMENTS                                                                                \
	"{\"items\":[{\"metadata\":{\"name\":\"api\",\"namespace\":\"default\",\"uid\":\"d-1\","   \
	"\"labels\":{\"kots.io/app-slug\":\"acme-analytics\"},"                                    \
	"\"annotations\":{\"kots.io/app-slug\":\"acme-analytics\"}}},"                             \
	"{\"metadata\":{\"name\":\"else\",\"namespace\":\"default\",\"uid\":\"d-2\","              \
	"\"labels\":{\"kots.io/app-slug\":\"acme-analytics\"}}}]}"

static const struct httpd_reply cluster[] = {
	{ .path = "downloadrequests", .status = 403, .body = FORBIDDEN, .repeat = true },
	{ .path = "deployments?", .body = DEPLOYMENTS, .repeat = true },
	{ .path = "persistentvolumeclaims", .body = "{\"items\":[]}", .repeat = true },
	{ .path = "/apis/apps/v1",
	  .body = "{\"resources\":[{\"name\":\"deployments\",\"kind\":\"Deployment\","
		  "\"namespaced\":true,\"verbs\":[\"list\",\"delete\"]}]}" },
	{ .path = "/api/v1", .body = "{\"resources\":[]}" },
	{ .path = "/apis",
	  .body = "{\"groups\":[{\"name\":\"apps\",\"preferredVersion\":{\"version\":\"v1\"},"
		  "\"versions\":[{\"version\":\"v1\"}]}]}" },
};

static const struct facts_wanted wanted = { "instance-m4h8t", RESTORE_SCOPE_APP, "acme-analytics" };

Test(facts, a_plan_counts_what_belongs_and_says_when_contents_are_not_known)
{
	struct world world;
	struct told told = { &world, NULL };

	world_open(&world, cluster, ARRAY_SIZE(cluster));
	op_facts_start(&world.ops, &wanted, plan_made, &told);
	world_wait(&world);
	cr_assert_eq(world.err.code, STATUS_OK, "%s", world.err.text);
	cr_assert_eq(told.plan->total.removed, 1);
	cr_assert_not(told.plan->contents_known);
	cr_assert_eq(world_count(&world, "DELETE"), 0);
	restore_plan_unref(told.plan);
	world_close(&world);
}

Test(facts, one_that_is_cancelled_is_silent_whenever_it_is_cancelled)
{
	for (size_t requests = 0; requests < 5; requests++) {
		struct world world;
		struct told told = { &world, NULL };
		struct op_facts *facts;

		world_open(&world, cluster, ARRAY_SIZE(cluster));
		facts = op_facts_start(&world.ops, &wanted, plan_made, &told);
		while (httpd_count(world.api) < requests && !world.ended)
			transport_wait(world.transport, NULL, 0, 10);
		if (!world.ended)
			op_facts_cancel(facts);
		else
			restore_plan_unref(told.plan);
		world_close(&world);
	}
}

Test(facts, of_no_snapshot_there_is_no_plan)
{
	static const struct facts_wanted none = { "instance-none", RESTORE_SCOPE_APP,
						  "acme-analytics" };
	static const struct httpd_reply replies[] = { { .path = "none" } };
	struct world world;
	struct told told = { &world, NULL };

	world_open(&world, replies, ARRAY_SIZE(replies));
	op_facts_start(&world.ops, &none, plan_made, &told);
	world_wait(&world);
	cr_assert_eq(world.err.code, STATUS_NOT_FOUND);
	world_close(&world);
}
