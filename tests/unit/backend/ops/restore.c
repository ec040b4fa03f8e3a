/* A restore against a scripted API server: what is asked for, in which order, and what is never
 * asked for. */
#include "backend/ops/journal.h"
#include "tests/unit/backend/ops/plans.h"
#include "tests/unit/backend/ops/world.h"

#include <criterion/criterion.h>
#include <string.h>

#define NOT_FOUND                                                                                  \
	"{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}"
#define CONFLICT "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Conflict\",\"code\":409}"
#define RESTORE(label, phase)                                                                      \
	"{\"metadata\":{\"name\":\"instance-m4h8t.acme-analytics\",\"namespace\":\"velero\","      \
	"\"uid\":\"r-1\",\"labels\":{\"kotsnap.io/request\":\"" label "\"}},"                      \
	"\"spec\":{\"backupName\":\"instance-m4h8t\"},\"status\":{\"phase\":\"" phase              \
	"\",\"errors\":2,\"warnings\":0}}"
#define WRITTEN "{\"metadata\":{\"resourceVersion\":\"8\"}}"
#define DEPLOYMENT                                                                                 \
	"{\"items\":[{\"metadata\":{\"name\":\"api\",\"namespace\":\"default\",\"uid\":\"d-1\","   \
	"\"labels\":{\"kots.io/app-slug\":\"acme-analytics\"},"                                    \
	"\"annotations\":{\"kots.io/app-slug\":\"acme-analytics\"}}}]}"
#define CLAIMS(phase)                                                                              \
	"{\"items\":[{\"metadata\":{\"name\":\"data-1\",\"namespace\":\"default\",\"uid\":\"c-"    \
	"1\"},\"status\":{\"phase\":\"" phase                                                      \
	"\"}},{\"metadata\":{\"name\":\"theirs\",\"namespace\":\"default\",\"uid\":\"c-2\"}}]}"
#define PODS(ready)                                                                                \
	"{\"items\":[{\"metadata\":{\"name\":\"db-1\",\"namespace\":\"default\",\"uid\":\"p-1\","  \
	"\"labels\":{\"kots.io/app-slug\":\"acme-analytics\"}},\"spec\":{\"volumes\":[{"           \
	"\"persistentVolumeClaim\":{\"claimName\":\"data-1\"}}]},\"status\":{\"phase\":"           \
	"\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"" ready "\"}]}}]}"

/* Velero and its agents are well; one kind besides the core ones; nothing of it is left. */
#define WELL                                                                                       \
	{ .path = "deployments/velero", .body = "{\"status\":{\"readyReplicas\":1}}" },            \
	{                                                                                          \
		.path = "daemonsets",                                                              \
		.body = "{\"items\":[{\"metadata\":{\"name\":\"node-agent\"},\"status\":"          \
			"{\"desiredNumberScheduled\":3,\"numberReady\":3}}]}"                      \
	}
#define KINDS                                                                                      \
	{ .path = "/api/v1", .body = "{\"resources\":[]}" },                                       \
		{ .path = "/apis/apps/v1",                                                         \
		  .body = "{\"resources\":[{\"name\":\"deployments\",\"kind\":\"Deployment\","     \
			  "\"namespaced\":true,\"verbs\":[\"list\",\"delete\"]}]}" },              \
	{                                                                                          \
		.path = "/apis", .body = "{\"groups\":[{\"name\":\"apps\",\"preferredVersion\":{"  \
					 "\"version\":\"v1\"},"                                    \
					 "\"versions\":[{\"version\":\"v1\"}]}]}"                  \
	}

/* The record that a killed kotsnap left, at this step. */
static struct json *left_behind(enum restore_step step, const char *typed)
{
	struct restore_plan *plan = plan_of_analytics();
	struct journal_entry entry = { .id = PLAN_ID,
				       .owner = "root@node-02",
				       .session = "feedfacefeedface",
				       .typed = typed,
				       .step = step,
				       .at = step,
				       .state = OP_RUNNING,
				       .began = 1795220000,
				       .alive = 1795220000,
				       .verdict = "",
				       .why = "",
				       .next = "" };
	struct json *record;

	plan->console_namespace = "";
	record = journal_to_config_map(&entry, plan, "velero");
	json_put_path(record, "metadata.resourceVersion", json_new_text("7"));
	restore_plan_unref(plan);
	return record;
}

static void resume(struct world *world, enum restore_step step)
{
	struct json *record = left_behind(step, "acme-analytics");

	world->op = op_restore_resume(&world->ops, 1, record, OP_QUIET);
	json_free(record);
	world_wait(world);
}

#define POST_RESTORE	  "POST /apis/velero.io/v1/namespaces/velero/restores"
#define DELETE_RESTORE	  "DELETE /apis/velero.io/v1/namespaces/velero/restores/"
#define DELETE_DEPLOYMENT "DELETE /apis/apps/v1/namespaces/default/deployments/api"
#define DELETE_CLAIM	  "DELETE /api/v1/namespaces/default/persistentvolumeclaims/data-1"

Test(restore, goes_through_all_steps_in_their_order_and_makes_its_restore_once)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps", .body = WRITTEN, .repeat = true },
		{ .path = "/restores/", .status = 404, .body = NOT_FOUND },
		{ .path = "/restores/", .body = RESTORE("of-somebody-else", "Completed") },
		{ .path = "/restores/", .body = "{}" }, /* it is deleted */
		{ .path = "/restores/", .status = 404, .body = NOT_FOUND },
		{ .path = "/restores/", .status = 404, .body = NOT_FOUND },
		{ .path = "/restores/", .body = RESTORE(PLAN_ID, "New") },
		{ .path = "/restores/", .body = RESTORE(PLAN_ID, "Completed"), .repeat = true },
		{ .path = "/restores", .status = 201, .body = RESTORE(PLAN_ID, "") },
		WELL,
		{ .path = "deployments/api", .body = "{}" },
		{ .path = "deployments?", .body = DEPLOYMENT },
		{ .path = "deployments?", .body = "{\"items\":[]}", .repeat = true },
		{ .path = "persistentvolumeclaims/data-1", .body = "{}" },
		{ .path = "persistentvolumeclaims", .body = CLAIMS("Bound") },
		{ .path = "persistentvolumeclaims", .body = "{\"items\":[]}" },
		{ .path = "persistentvolumeclaims", .body = CLAIMS("Bound"), .repeat = true },
		{ .path = "/pods?", .body = PODS("True"), .repeat = true },
		KINDS,
	};
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	resume(&world, STEP_RECORDED);
	cr_assert_eq(world.err.code, STATUS_OK, "%s", world.err.text);
	cr_assert_eq(world.op->view->state, OP_DONE, "%s", world.op->view->why);
	cr_assert_str_eq(world.accepted, "instance-m4h8t.acme-analytics");
	cr_assert_eq(world_count(&world, POST_RESTORE), 1);
	cr_assert_eq(world_count(&world, DELETE_DEPLOYMENT), 1);
	cr_assert_eq(world_count(&world, DELETE_CLAIM), 1);
	cr_assert_eq(world_count(&world, "DELETE"), 3, "nothing of others is removed");
	cr_assert_lt(world_first(&world, "PATCH"), world_first(&world, DELETE_RESTORE));
	cr_assert_lt(world_first(&world, DELETE_RESTORE), world_first(&world, DELETE_DEPLOYMENT));
	cr_assert_lt(world_first(&world, DELETE_CLAIM), world_first(&world, POST_RESTORE));
	cr_assert(strstr(world.op->view->why, "1 of 1 pod ready, 1 of 1 claim bound"), "%s",
		  world.op->view->why);
	cr_assert_str_eq(world.op->view->steps[STEP_REMOVED].detail,
			 "1 object and 1 volume removed");
	cr_assert_eq(world.op->view->steps[STEP_MARKED].state, OP_STEP_SKIPPED);
	world_close(&world);
}

Test(restore, one_whose_restore_exists_is_not_removed_and_made_again)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps", .body = WRITTEN, .repeat = true },
		{ .path = "/restores/", .body = RESTORE(PLAN_ID, "Completed"), .repeat = true },
		{ .path = "persistentvolumeclaims", .body = CLAIMS("Bound"), .repeat = true },
		{ .path = "/pods?", .body = PODS("True"), .repeat = true },
	};
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	resume(&world, STEP_REMOVED);
	cr_assert_eq(world.op->view->state, OP_DONE, "%s", world.op->view->why);
	cr_assert_eq(world_count(&world, "DELETE"), 0);
	cr_assert_eq(world_count(&world, "POST"), 0);
	world_close(&world);
}

Test(restore, one_that_ended_badly_says_what_is_there_now)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps", .body = WRITTEN, .repeat = true },
		{ .path = "/restores/",
		  .body = RESTORE(PLAN_ID, "PartiallyFailed"),
		  .repeat = true },
		{ .path = "persistentvolumeclaims", .body = CLAIMS("Pending"), .repeat = true },
		{ .path = "/pods?", .body = PODS("False"), .repeat = true },
	};
	const struct op_view *view;
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	resume(&world, STEP_RESTORED);
	view = world.op->view;
	cr_assert_eq(view->state, OP_FAILED);
	cr_assert_eq(world.err.code, STATUS_FAILED);
	cr_assert_eq(view->errors, 2);
	cr_assert_str_eq(view->verdict, "Acme Analytics was not restored completely.");
	cr_assert_eq(view->steps[STEP_RESTORED].state, OP_STEP_FAILED);
	cr_assert_eq(view->steps[STEP_MARKED].state, OP_STEP_SKIPPED);
	cr_assert(strstr(view->steps[STEP_CHECKED].detail, "0 of 1 pod ready, 0 of 1 claim bound"),
		  "%s", view->steps[STEP_CHECKED].detail);
	world_close(&world);
}

Test(restore, of_two_people_the_second_stops_before_it_does_anything)
{
	struct json *theirs = left_behind(STEP_REMOVED, "acme-analytics");
	struct strbuf text = STRBUF_INIT;
	struct httpd_reply replies[] = {
		{ .path = "configmaps", .status = 409, .body = CONFLICT },
		{ .path = "configmaps" },
	};
	struct world world;

	json_print(theirs, &text);
	replies[1].body = text.buf;
	world_open(&world, replies, ARRAY_SIZE(replies));
	resume(&world, STEP_REMOVED);
	cr_assert_eq(world.err.code, STATUS_ELSEWHERE);
	cr_assert(strstr(world.err.text, "only watching: root on node-02 has it"), "%s",
		  world.err.text);
	cr_assert_eq(world.op->view->state, OP_UNFINISHED, "its record speaks for it now");
	cr_assert_eq(httpd_count(world.api), 3);
	world_close(&world);
	json_free(theirs);
	strbuf_done(&text);
}

/* The one who drives stops at once when the record turns out to be somebody else's. */
Test(restore, who_loses_it_in_the_middle_asks_the_cluster_for_nothing_more)
{
	struct json *theirs = left_behind(STEP_RESTORED, "acme-analytics");
	struct strbuf text = STRBUF_INIT;
	struct httpd_reply replies[] = {
		{ .path = "configmaps", .body = WRITTEN },
		{ .path = "configmaps", .body = WRITTEN },
		{ .path = "configmaps", .status = 409, .body = CONFLICT },
		{ .path = "configmaps" },
		{ .path = "/restores/", .body = RESTORE(PLAN_ID, "Completed"), .repeat = true },
	};
	struct world world;
	size_t asked;

	json_print(theirs, &text);
	replies[3].body = text.buf;
	world_open(&world, replies, ARRAY_SIZE(replies));
	resume(&world, STEP_RESTORED);
	cr_assert_eq(world.err.code, STATUS_ELSEWHERE, "%s", world.err.text);
	cr_assert_eq(world.op->view->state, OP_UNFINISHED);
	cr_assert(strstr(world.op->view->verdict,
			 "Restore of Acme Analytics: only watching: root on node-02 has it"),
		  "%s", world.op->view->verdict);
	asked = httpd_count(world.api);
	for (int i = 0; i < 4; i++)
		transport_wait(world.transport, NULL, 0, 50);
	cr_assert_eq(httpd_count(world.api), asked);
	cr_assert_eq(world_count(&world, "GET /api/v1/namespaces/default/pods"), 0);
	world_close(&world);
	json_free(theirs);
	strbuf_done(&text);
}

/* Without leases only the record tells that its owner is alive: it is looked at first. */
Test(restore, without_leases_a_record_seen_but_now_is_not_written_at_once)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps", .body = WRITTEN, .repeat = true },
	};
	struct json *record = left_behind(STEP_REMOVED, "acme-analytics");
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	world.op = op_restore_resume(&world.ops, 1, record, 0);
	for (int i = 0; i < 4; i++)
		transport_wait(world.transport, NULL, 0, 50);
	cr_assert_eq(world_count(&world, "GET /apis/coordination.k8s.io"), 1);
	cr_assert_eq(world_count(&world, "PATCH"), 0);
	world_close(&world);
	json_free(record);
}

Test(restore, one_whose_restore_was_deleted_is_not_begun_again_by_itself)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps", .body = WRITTEN, .repeat = true },
		{ .path = "/restores/", .status = 404, .body = NOT_FOUND, .repeat = true },
	};
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	resume(&world, STEP_RESTORED);
	cr_assert_eq(world.err.code, STATUS_FAILED, "it ran and failed, whoever began it");
	cr_assert_eq(world_count(&world, "DELETE"), 0);
	cr_assert_eq(world_count(&world, "POST"), 0);
	cr_assert_eq(world.op->view->state, OP_FAILED);
	world_close(&world);
}

Test(restore, nothing_is_removed_when_the_snapshot_is_gone_meanwhile)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps", .body = WRITTEN, .repeat = true },
		{ .path = "/restores/", .status = 404, .body = NOT_FOUND, .repeat = true },
		WELL,
	};
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	model_unref(world.model);
	world.model = site_model(SITE_EMPTY);
	resume(&world, STEP_RECORDED);
	cr_assert_eq(world.err.code, STATUS_NOT_FOUND);
	cr_assert_str_eq(world.op->view->verdict, "Acme Analytics was left as it is.");
	cr_assert_str_eq(world.op->view->next, "Nothing was changed.");
	cr_assert_eq(world_count(&world, "DELETE"), 0);
	world_close(&world);
}

Test(restore, who_may_not_write_the_record_begins_nothing)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps",
		  .status = 403,
		  .body = "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"code\":403}" },
	};
	struct restore_plan *plan = plan_of_analytics();
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	world.op = op_restore_start(&world.ops, 1, plan, "acme-analytics");
	world_wait(&world);
	cr_assert_eq(world.err.code, STATUS_FORBIDDEN);
	cr_assert_eq(world.op->view->state, OP_FAILED);
	cr_assert_eq(world_count(&world, "POST"), 1);
	cr_assert_str_eq(world.accepted, "");
	world_close(&world);
	restore_plan_unref(plan);
}

Test(restore, other_words_than_those_shown_are_no_consent)
{
	static const struct httpd_reply replies[] = { { .path = "none" } };
	struct restore_plan *plan = plan_of_analytics();
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	world.op = op_restore_start(&world.ops, 1, plan, "acme-analytic");
	cr_assert_eq(world.ended, 1);
	cr_assert_eq(world.err.code, STATUS_REFUSED);
	cr_assert_eq(httpd_count(world.api), 0);
	world_close(&world);
	restore_plan_unref(plan);
}

/* A record whose typed words were changed is no consent either. */
Test(restore, a_record_without_consent_is_not_taken_over)
{
	static const struct httpd_reply replies[] = { { .path = "none" } };
	struct json *record = left_behind(STEP_REMOVED, "");
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	world.op = op_restore_resume(&world.ops, 1, record, OP_QUIET);
	cr_assert_eq(world.ended, 1);
	cr_assert_eq(world.err.code, STATUS_REFUSED);
	world_close(&world);
	json_free(record);
}

/* What a newer kotsnap wrote may have steps whose meaning is not known here. */
Test(restore, a_record_of_a_newer_kotsnap_is_not_taken_over)
{
	static const struct httpd_reply replies[] = { { .path = "none" } };
	struct json *map = left_behind(STEP_REMOVED, "acme-analytics"), *record;
	const char *text = json_text(map, "data.record");
	struct strbuf printed = STRBUF_INIT;
	struct world world;

	record = json_parse(text, strlen(text), NULL);
	json_put_int(record, "version", 99);
	json_print(record, &printed);
	json_put_path(map, "data.record", json_new_text(printed.buf));
	world_open(&world, replies, ARRAY_SIZE(replies));
	world.op = op_restore_resume(&world.ops, 1, map, OP_QUIET);
	cr_assert_eq(world.ended, 1);
	cr_assert_eq(world.err.code, STATUS_UNSUPPORTED);
	cr_assert_eq(httpd_count(world.api), 0);
	world_close(&world);
	json_free(map);
	json_free(record);
	strbuf_done(&printed);
}

/* Its pods are gone, it carries no mark: only the volumes of the snapshot tell whose it is. */
Test(restore, a_claim_still_going_from_an_earlier_try_is_waited_for)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps", .body = WRITTEN, .repeat = true },
		{ .path = "/restores/", .status = 404, .body = NOT_FOUND },
		{ .path = "/restores/", .status = 404, .body = NOT_FOUND },
		{ .path = "/restores/", .status = 404, .body = NOT_FOUND },
		{ .path = "/restores/", .body = RESTORE(PLAN_ID, "Completed"), .repeat = true },
		{ .path = "/restores", .status = 201, .body = RESTORE(PLAN_ID, "") },
		WELL,
		{ .path = "deployments?", .body = "{\"items\":[]}", .repeat = true },
		{ .path = "persistentvolumeclaims",
		  .body = "{\"items\":[{\"metadata\":{\"name\":\"data-postgres-0\","
			  "\"namespace\":\"default\",\"uid\":\"c-9\","
			  "\"deletionTimestamp\":\"2026-11-21T01:00:00Z\"}}]}" },
		{ .path = "persistentvolumeclaims", .body = "{\"items\":[]}", .repeat = true },
		{ .path = "/pods?", .body = "{\"items\":[]}", .repeat = true },
		KINDS,
	};
	struct world world;
	size_t looks = 0;

	world_open(&world, replies, ARRAY_SIZE(replies));
	resume(&world, STEP_RECORDED);
	for (size_t i = 0; i < world_first(&world, POST_RESTORE); i++)
		looks += strstr(httpd_request(world.api, i), "/persistentvolumeclaims") != NULL;
	cr_assert_eq(looks, 2);
	cr_assert_eq(world_count(&world, "DELETE"), 0);
	cr_assert_eq(world.op->view->state, OP_DONE, "%s", world.op->view->why);
	world_close(&world);
}

/* Stopped before anything was removed: its record is closed, and nothing was asked of the cluster.
 */
Test(restore, one_that_is_stopped_before_it_changed_anything_ends_with_nothing_changed)
{
	static const struct httpd_reply replies[] = {
		{ .path = "configmaps", .body = WRITTEN, .repeat = true },
		{ .path = "/restores/", .status = 404, .body = NOT_FOUND, .repeat = true },
		{ .path = "deployments/velero",
		  .body = "{\"status\":{\"readyReplicas\":0}}",
		  .repeat = true },
	};
	struct restore_plan *plan = plan_of_analytics();
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	world.op = op_restore_start(&world.ops, 1, plan, "acme-analytics");
	world_wait_accepted(&world);
	while (!world_count(&world, "GET /apis/apps/v1/namespaces/velero/deployments/velero"))
		transport_wait(world.transport, NULL, 0, 50);
	op_restore_leave(world.op);
	world_wait(&world);
	cr_assert_eq(world.err.code, STATUS_OK, "%s", world.err.text);
	cr_assert_eq(world.op->view->state, OP_CLOSED);
	cr_assert_str_eq(world.op->view->verdict, "Acme Analytics was left as it is.");
	cr_assert_eq(world_count(&world, "DELETE"), 0);
	cr_assert(strstr(httpd_request(world.api, httpd_count(world.api) - 1), "closed"));
	world_close(&world);
	restore_plan_unref(plan);
}
