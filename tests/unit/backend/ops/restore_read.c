/* What the picture and the replies of the cluster mean for a restore. */
#include "backend/ops/restore_read.h"
#include "backend/velero/location.h"
#include "tests/support/site.h"
#include "tests/unit/backend/ops/plans.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

static struct json *parse(const char *text)
{
	struct error err = ERROR_INIT;
	struct json *json = json_parse(text, strlen(text), &err);

	cr_assert(json, "%s: %s", err.text, text);
	return json;
}

/* ---- Velero ---- */

static const struct {
	const char *json;
	bool agents, needed, want;
	const char *words;
} ready_cases[] = {
	{ "{\"spec\":{\"replicas\":1},\"status\":{\"readyReplicas\":1}}", false, false, true, "" },
	{ "{\"spec\":{\"replicas\":1},\"status\":{}}", false, false, false, "0 of 1" },
	{ "{\"spec\":{\"replicas\":0},\"status\":{}}", false, false, false, "scaled to 0" },
	{ "{\"items\":[]}", true, true, false, "no node agent" },
	{ "{\"items\":[]}", true, false, true, "" },
	{ "{\"items\":[{\"metadata\":{\"name\":\"node-agent\"},\"status\":"
	  "{\"desiredNumberScheduled\":3,\"numberReady\":2}}]}",
	  true, true, false, "2 of 3" },
	{ "{\"items\":[{\"metadata\":{\"name\":\"x\"}},{\"metadata\":{\"name\":\"restic\"},"
	  "\"status\":{\"desiredNumberScheduled\":3,\"numberReady\":3}}]}",
	  true, true, true, "" },
	{ "{\"items\":[{\"metadata\":{\"name\":\"node-agent\"},\"status\":"
	  "{\"desiredNumberScheduled\":0,\"numberReady\":0}}]}",
	  true, true, false, "0 of 0" },
};

ParameterizedTestParameters(restore_read, nothing_is_removed_while_velero_could_not_put_it_back)
{
	static size_t rows[ARRAY_SIZE(ready_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, restore_read, nothing_is_removed_while_velero_could_not_put_it_back)
{
	struct strbuf words = STRBUF_INIT;
	struct json *json = parse(ready_cases[*row].json);
	bool ready = ready_cases[*row].agents
			     ? agents_are_ready(json, ready_cases[*row].needed, &words)
			     : velero_is_ready(json, &words);

	cr_assert_eq(ready, ready_cases[*row].want, "row %zu", *row);
	cr_assert(strstr(words.buf, ready_cases[*row].words), "%s", words.buf);
	json_free(json);
	strbuf_done(&words);
}

/* ---- the picture ---- */

Test(restore_read, a_snapshot_that_is_gone_incomplete_or_being_deleted_is_not_restored)
{
	struct model *model = site_model(SITE_QUIET);
	struct error err = ERROR_INIT;

	cr_assert_eq(restore_backup_check(model, "instance-m4h8t", &err), STATUS_OK);
	cr_assert_eq(restore_backup_check(model, "instance-none", &err), STATUS_NOT_FOUND);
	cr_assert_eq(restore_backup_check(model, "instance-k6r2w", &err), STATUS_REFUSED);
	cr_assert_eq(restore_backup_check(model, "instance-d2w9p", &err), STATUS_REFUSED);
	model_unref(model);
}

static struct location *location_of(struct model *model)
{
	return (struct location *)list_by_name(model->lists[COLLECTION_LOCATIONS], "default");
}

/* Nothing is written there by a restore; one that does not answer would fail it half done. */
Test(restore_read, a_read_only_location_restores_and_one_that_does_not_answer_does_not)
{
	struct model *model = site_model(SITE_QUIET);
	struct error err = ERROR_INIT;

	location_of(model)->access_mode = "ReadOnly";
	cr_assert_eq(restore_backup_check(model, "instance-m4h8t", &err), STATUS_OK);
	location_of(model)->phase = "Unavailable";
	cr_assert_eq(restore_backup_check(model, "instance-m4h8t", &err), STATUS_REFUSED);
	cr_assert(strstr(err.text, "does not answer"), "%s", err.text);
	model_unref(model);
}

Test(restore_read, a_restore_waits_while_a_snapshot_is_taken)
{
	struct model *story = site_model(SITE_STORY), *quiet = site_model(SITE_QUIET);
	struct restore_plan *plan = plan_of_analytics();
	struct strbuf words = STRBUF_INIT;

	cr_assert(restore_must_wait(story, plan, &words));
	cr_assert(strstr(words.buf, "instance-x7k2p"));
	cr_assert_not(restore_must_wait(quiet, plan, &words));
	restore_plan_unref(plan);
	strbuf_done(&words);
	model_unref(story);
	model_unref(quiet);
}

static void add_op(struct model *model, const char *id, enum op_state state, int64_t began)
{
	struct op_view *view = op_view_new();

	view->id = id;
	view->kind = OP_RESTORE;
	view->state = state;
	view->began = began;
	view->owner = "root@node-01";
	model->ops = realloc(model->ops, (model->op_count + 1) * sizeof(*model->ops));
	model->ops[model->op_count++] = view;
}

static enum status rival(enum op_state state, const char *id, int64_t began)
{
	struct model *model = model_new();
	struct error err = ERROR_INIT;
	enum status st;

	add_op(model, id, state, began);
	st = restore_rival_check(model, "m", 100, &err);
	model_unref(model);
	return st;
}

Test(restore_read, of_two_restores_that_begin_together_exactly_one_goes_on)
{
	cr_assert_eq(rival(OP_RUNNING, "z", 99), STATUS_REFUSED);
	cr_assert_eq(rival(OP_RUNNING, "a", 101), STATUS_OK);
	cr_assert_eq(rival(OP_RUNNING, "a", 100), STATUS_REFUSED);
	cr_assert_eq(rival(OP_RUNNING, "z", 100), STATUS_OK);
	cr_assert_eq(rival(OP_RUNNING, "m", 99), STATUS_OK, "it is our own");
	cr_assert_eq(rival(OP_UNFINISHED, "z", 99), STATUS_OK);
	cr_assert_eq(rival(OP_DONE, "z", 99), STATUS_OK);
}

/* One that nobody drives is in the way of a new one, whenever it began, and is named. */
Test(restore_read, one_left_unfinished_is_gone_on_with_or_given_up_first)
{
	static const struct {
		enum op_state state;
		const char *id;
		enum status want;
	} rows[] = {
		{ OP_UNFINISHED, "a", STATUS_REFUSED }, { OP_UNFINISHED, "m", STATUS_OK },
		{ OP_RUNNING, "a", STATUS_OK },		{ OP_FAILED, "a", STATUS_OK },
		{ OP_CLOSED, "a", STATUS_OK },		{ OP_DONE, "a", STATUS_OK },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct model *model = model_new();
		struct error err = ERROR_INIT;

		add_op(model, rows[i].id, rows[i].state, 99);
		cr_assert_eq(restore_left_check(model, "m", &err), rows[i].want, "row %zu", i);
		if (rows[i].want)
			cr_assert(strstr(err.text, "was left unfinished by root@node-01") &&
				  strstr(err.hint, "kotsnap restore take-over a"));
		model_unref(model);
	}
}

/* ---- the console's database ---- */

Test(restore_read, the_version_is_marked_with_the_statements_of_kots)
{
	struct restore_plan *plan = plan_of_analytics();
	struct json *list = restore_mark_statements(&plan->parts[0], 1000);
	struct strbuf text = STRBUF_INIT;

	json_print(list, &text);
	cr_assert_str_eq(
		text.buf,
		"[[\"update app_downstream set current_sequence = ? where app_id = "
		"?\",42,\"2bXw\"],"
		"[\"update app_downstream_version set applied_at = ? where sequence = ? and app_id "
		"= ?\",1000,42,\"2bXw\"],"
		"[\"update app_downstream_version set status = 'deployed', status_info = '' where "
		"sequence = ? and app_id = ?\",42,\"2bXw\"],"
		"[\"update app set restore_in_progress_name = NULL, restore_undeploy_status = '' "
		"where id = ?\",\"2bXw\"]]");
	strbuf_done(&text);
	json_free(list);
	restore_plan_unref(plan);
}

static const struct {
	const char *reply;
	enum status want;
} mark_cases[] = {
	{ "{\"results\":[{\"rows_affected\":1},{\"rows_affected\":1},{\"rows_affected\":1},"
	  "{\"rows_affected\":1}]}",
	  STATUS_OK },
	{ "{\"results\":[{\"rows_affected\":1},{\"rows_affected\":1},{\"rows_affected\":1},{}]}",
	  STATUS_OK },
	{ "{\"results\":[{\"rows_affected\":1},{\"rows_affected\":0}]}", STATUS_NOT_FOUND },
	{ "{\"results\":[{\"error\":\"no such table\"}]}", STATUS_FAILED },
	{ "{}", STATUS_FAILED },
};

ParameterizedTestParameters(restore_read, a_mark_that_hit_no_row_is_no_success)
{
	static size_t rows[ARRAY_SIZE(mark_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, restore_read, a_mark_that_hit_no_row_is_no_success)
{
	struct restore_plan *plan = plan_of_analytics();
	struct json *reply = parse(mark_cases[*row].reply);
	struct error err = ERROR_INIT;

	cr_assert_eq(restore_mark_check(reply, &plan->parts[0], &err), mark_cases[*row].want, "%s",
		     err.text);
	json_free(reply);
	restore_plan_unref(plan);
}

/* ---- pods ---- */

static const struct {
	const char *status;
	bool well;
	const char *trouble;
} pod_cases[] = {
	{ "{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}", true,
	  "not ready" },
	{ "{\"phase\":\"Succeeded\"}", true, "Succeeded" },
	{ "{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}],"
	  "\"containerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}}}]}",
	  false, "CrashLoopBackOff" },
	{ "{\"phase\":\"Pending\",\"initContainerStatuses\":[{\"state\":{\"waiting\":"
	  "{\"reason\":\"ImagePullBackOff\"}}}],\"containerStatuses\":[{\"state\":{\"waiting\":"
	  "{\"reason\":\"PodInitializing\"}}}]}",
	  false, "ImagePullBackOff" },
	{ "{\"phase\":\"Pending\",\"conditions\":[{\"type\":\"PodScheduled\",\"status\":"
	  "\"False\"}]}",
	  false, "no node takes it" },
	{ "{}", false, "not ready" },
};

ParameterizedTestParameters(restore_read, a_pod_is_well_when_it_serves_or_has_done_its_work)
{
	static size_t rows[ARRAY_SIZE(pod_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, restore_read, a_pod_is_well_when_it_serves_or_has_done_its_work)
{
	struct json *pod = json_new_map();

	json_put(pod, "status", parse(pod_cases[*row].status));
	cr_assert_eq(pod_is_well(pod), pod_cases[*row].well);
	cr_assert_str_eq(pod_trouble(pod), pod_cases[*row].trouble);
	json_free(pod);
}

/* ---- words ---- */

Test(restore_read, what_stands_still_is_said_and_what_waits_names_whom_it_waits_for)
{
	struct restore restore = { .phase = "", .failure_reason = "" };
	struct restore_progress progress = { .restore = &restore, .other = "instance-a.b" };
	struct strbuf words = STRBUF_INIT;

	restore_progress_add(&words, &progress);
	cr_assert(strstr(words.buf, "one at a time, now instance-a.b"), "%s", words.buf);
	strbuf_reset(&words);
	restore.phase = "InProgress";
	restore.items_done = 10;
	restore.items_total = 1204;
	progress.other = "";
	progress.still_s = RESTORE_STILL_S;
	progress.volumes = (struct restore_volumes){ 4, 1, 1, INT64_C(1) << 30, INT64_C(4) << 30 };
	restore_progress_add(&words, &progress);
	cr_assert_str_eq(words.buf,
			 "10 of about 1,204 objects, 1 of 4 volumes (1 failed), 1.00 GiB "
			 "of 4.00 GiB; nothing moved for 3 min");
	strbuf_done(&words);
}

Test(restore_read, unknown_health_is_not_good_health)
{
	struct restore_health health = { .pods = 4, .pods_ready = 4, .known = true };

	cr_assert(restore_health_is_good(&health));
	health.claims = 1;
	cr_assert_not(restore_health_is_good(&health));
	cr_assert_not(restore_health_is_good(&(struct restore_health){ .known = false }));
}

/* ---- the console after its restore ---- */

#define CONSOLE_POD(name, owner, ready)                                                            \
	"{\"metadata\":{\"name\":\"" name "\",\"ownerReferences\":[{\"uid\":\"" owner "\"}]},"     \
	"\"status\":{\"phase\":\"Running\",\"containerStatuses\":[{\"ready\":" ready "}]}}"

static const struct {
	const char *pods, *words;
	bool up;
} console_cases[] = {
	{ "{\"items\":[]}", "there is no pod of it yet", false },
	{ "{\"items\":[" CONSOLE_POD("kotsadm-0", "a", "false") "]}", "waits for pod kotsadm-0",
	  false },
	{ "{\"items\":[" CONSOLE_POD("kotsadm-0", "a", "true") "]}", "pod kotsadm-0 is ready",
	  true },
	/* from a Deployment to a StatefulSet: both are there for a while */
	{ "{\"items\":[" CONSOLE_POD("kotsadm-0", "a", "true") "," CONSOLE_POD("kotsadm-6f", "b",
									       "true") "]}",
	  "of another owner", false },
	{ "{\"items\":[{\"metadata\":{\"name\":\"kotsadm-0\"},\"status\":{\"phase\":\"Pending\","
	  "\"containerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"ImagePullBackOff\"}}}]}}]}",
	  "ImagePullBackOff", false },
};

Test(restore_read, the_console_is_up_when_one_of_its_pods_is_and_none_of_another_form_is)
{
	for (size_t i = 0; i < ARRAY_SIZE(console_cases); i++) {
		struct json *pods = parse(console_cases[i].pods);
		struct strbuf words = STRBUF_INIT;

		cr_assert_eq(console_pods_are_up(pods, &words), console_cases[i].up, "row %zu", i);
		cr_assert(strstr(words.buf, console_cases[i].words), "row %zu: %s", i, words.buf);
		json_free(pods);
		strbuf_done(&words);
	}
}

Test(restore_read, the_database_is_back_when_it_knows_the_applications)
{
	struct json *reply = parse("{\"results\":[{\"columns\":[\"slug\"],"
				   "\"values\":[[\"acme-analytics\"]]}]}");
	struct json *none = parse("{\"results\":[{\"error\":\"no such table: app\"}]}");

	cr_assert_eq(database_apps(reply), 1);
	cr_assert(database_knows(reply, "acme-analytics"));
	cr_assert_not(database_knows(reply, "acme-gateway"));
	cr_assert_eq(database_apps(none), 0);
	json_free(reply);
	json_free(none);
}

/* The id of an application is new with each installation; in a full restore the slug stands for it.
 */
Test(restore_read, without_an_id_the_version_is_marked_by_its_slug)
{
	struct restore_part part = { .app_slug = "acme-analytics", .app_id = "", .sequence = 7 };
	struct json *list = restore_mark_statements(&part, 1000);
	struct strbuf text = STRBUF_INIT;

	json_print(json_first(list), &text);
	cr_assert_str_eq(text.buf, "[\"update app_downstream set current_sequence = ? where app_id "
				   "= (select id from app where slug = ?)\",7,\"acme-analytics\"]");
	strbuf_done(&text);
	json_free(list);
}
