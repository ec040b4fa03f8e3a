/* Facts about the console out of objects and rows. */
#include "backend/kots/console.h"

#include "backend/kots/console_facts.h"
#include "tests/support/recording.h"
#include "tests/unit/backend/kots/given.h"

#include <criterion/criterion.h>
#include <string.h>

static struct json *parse(const char *text)
{
	struct error err = ERROR_INIT;
	struct json *json = json_parse(text, strlen(text), &err);

	cr_assert_not_null(json, "%s: %s", text, err.text);
	return json;
}

/* ---- rows ---- */

Test(console, the_deployed_version_counts_not_the_newest)
{
	struct console *console = given_console();
	const struct app *app = console_app(console, GIVEN_APP);

	cr_assert_eq(console->source, SOURCE_RQLITE);
	cr_assert_eq(console->app_count, 2);
	cr_assert_str_eq(console->cluster_id, "kszcuadscwpsdzpdlkuytpdkghpjmzsw");
	cr_assert_str_eq(console->ttl, "720h");
	cr_assert_str_eq(console->cron, "");
	cr_assert_eq(console->next_run, 0);
	cr_assert_str_eq(app->id, GIVEN_ID);
	cr_assert_str_eq(app->title, "Acme Analytics");
	cr_assert_eq(app->sequence, 1);
	cr_assert_str_eq(app->version, "1.0.0");
	cr_assert_str_eq(app->cron, "0 2 * * *");
	cr_assert_eq(app->next_run, 1795399200);
	cr_assert_eq(app->licensed, ANSWER_YES);
	cr_assert_eq(app->manifest, ANSWER_YES);
	console_unref(console);
}

Test(console, what_an_application_never_had_is_told_apart_from_sequence_0)
{
	struct console *console = given_console();
	const struct app *app = console_app(console, "never-deployed");

	cr_assert_eq(app->sequence, -1);
	cr_assert_str_eq(app->version, "");
	cr_assert_str_eq(app->restoring, "");
	cr_assert_eq(app->licensed, ANSWER_UNKNOWN);
	cr_assert_eq(app->manifest, ANSWER_NO);
	cr_assert_null(console_app(console, "gone"));
	console_unref(console);
}

/* Puts text into a column of the first application of the recorded reply. */
static void put_cell(struct json *reply, const char *column, struct json *value)
{
	const struct json *result = json_next(json_first(json_key(reply, "results")));
	const struct json *name = json_first(json_key(result, "columns"));
	const struct json *cell = json_first(json_first(json_key(result, "values")));
	struct json *row = json_new_list();

	for (; name; name = json_next(name), cell = json_next(cell)) {
		bool here = !strcmp(json_value(name), column);

		json_add(row, here ? json_clone(value) : json_clone(cell));
	}
	json_put((struct json *)result, "values", json_new_list());
	json_add(json_key_mut((struct json *)result, "values"), row);
	json_free(value);
}

static const struct {
	const char *column, *text;
	enum site_kind kind;
	enum answer licensed, manifest;
} answers[] = {
	{ "license", "spec: {appSlug: x}", SITE_EXISTING, ANSWER_NO, ANSWER_YES },
	{ "license", "spec: {isSnapshotSupported: false}", SITE_KURL, ANSWER_NO, ANSWER_YES },
	{ "license", "spec: {isSnapshotSupported: true}", SITE_EMBEDDED, ANSWER_NO, ANSWER_YES },
	{ "license", "spec: {isDisasterRecoverySupported: true}", SITE_EMBEDDED, ANSWER_YES,
	  ANSWER_YES },
	{ "license", "{broken", SITE_KURL, ANSWER_UNKNOWN, ANSWER_YES },
	{ "license", "", SITE_KURL, ANSWER_UNKNOWN, ANSWER_YES },
	{ "backup_spec", "metadata: {annotations: {kots.io/exclude: 'true'}}", SITE_KURL,
	  ANSWER_YES, ANSWER_NO },
	{ "backup_spec", "metadata: {annotations: {kots.io/when: 'false'}}", SITE_KURL, ANSWER_YES,
	  ANSWER_NO },
	{ "backup_spec", "metadata: {annotations: {kots.io/when: 'true'}}", SITE_KURL, ANSWER_YES,
	  ANSWER_YES },
	{ "backup_spec", "", SITE_KURL, ANSWER_YES, ANSWER_NO },
};

Test(console, licence_and_manifest_are_told_apart)
{
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct console *console = console_new();
		struct json *reply = recording_json("kots/rqlite-reply.json");

		console->kind = answers[i].kind;
		put_cell(reply, answers[i].column, json_new_text(answers[i].text));
		cr_assert_eq(facts_take_rows(console, reply, NULL), STATUS_OK);
		cr_assert_eq(console->apps[0].licensed, answers[i].licensed, "row %zu", i);
		cr_assert_eq(console->apps[0].manifest, answers[i].manifest, "row %zu", i);
		json_free(reply);
		console_unref(console);
	}
}

static const struct {
	const char *reply, *words;
} broken[] = {
	{ "{}", "gives no rows" },
	{ "{\"results\":[{\"error\":\"no such table: cluster\"}]}", "no such table: cluster" },
	{ "{\"results\":[{\"columns\":[\"id\"]},{\"error\":\"no such column: a.x\"}]}",
	  "no such column" },
	{ "{\"results\":[{\"columns\":[]},{\"columns\":[\"id\"],\"values\":[[\"x\"]]}]}",
	  "slug is missing" },
	{ "{\"results\":[{\"columns\":[]},{\"columns\":[\"id\",\"slug\"],\"values\":[[\"x\"]]}]}",
	  "slug is missing" },
};

Test(console, rows_that_cannot_be_read_leave_the_console_as_it_was)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		struct console *console = console_new();
		struct json *reply = parse(broken[i].reply);
		struct error err = ERROR_INIT;

		cr_assert_neq(facts_take_rows(console, reply, &err), STATUS_OK);
		cr_assert_not_null(strstr(err.text, broken[i].words), "%s", err.text);
		cr_assert_eq(console->source, SOURCE_NONE);
		cr_assert_eq(console->app_count, 0);
		json_free(reply);
		console_unref(console);
	}
}

Test(console, without_the_queues_only_the_next_runs_are_missing)
{
	struct console *console = console_new();
	struct json *reply = parse("{\"results\":[{\"columns\":[\"id\"],\"values\":[[\"c\"]]},"
				   "{\"columns\":[\"id\",\"slug\"],\"values\":[[\"i\",\"s\"]]},"
				   "{\"error\":\"no such table\"},{\"error\":\"no such table\"}]}");

	cr_assert_eq(facts_take_rows(console, reply, NULL), STATUS_OK);
	cr_assert_eq(console->app_count, 1);
	cr_assert_eq(console->apps[0].next_run, 0);
	json_free(reply);
	console_unref(console);
}

/* ---- annotations as the fallback ---- */

Test(console, annotations_stand_in_where_the_database_does_not_answer)
{
	struct console *probed = given_console();
	const struct console *console;

	probed->source = SOURCE_NONE;
	probed->source_note = "connection refused";
	console = console_with_annotations(probed, "{\"b\":17,\"a\":0}", "{\"a\":\"3.8.1\"}", 7);
	cr_assert_eq(console->source_as_of, 7);
	console_unref(probed);
	cr_assert_eq(console->source, SOURCE_ANNOTATIONS);
	cr_assert_eq(console->app_count, 2);
	cr_assert_str_eq(console->apps[0].slug, "a");
	cr_assert_eq(console->apps[0].sequence, 0);
	cr_assert_str_eq(console->apps[0].version, "3.8.1");
	cr_assert_str_eq(console->apps[1].version, "");
	cr_assert_eq(console->apps[1].licensed, ANSWER_UNKNOWN);
	cr_assert_str_eq(console->source_note, "connection refused");
	cr_assert_str_eq(console->namespace, "default");
	console_unref(console);
}

Test(console, annotations_never_replace_the_database)
{
	struct console *probed = given_console();
	const struct console *console = console_with_annotations(probed, "{\"x\":1}", "", 7);

	cr_assert_eq(console, probed);
	console_unref(console);
	console_unref(probed);
}

Test(console, annotations_that_are_no_map_name_no_application)
{
	static const char *const texts[] = { "", "[1]", "not JSON", "null" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct console *probed = console_new();
		const struct console *console =
			console_with_annotations(probed, texts[i], texts[i], 7);

		cr_assert_eq(console->source, SOURCE_NONE);
		cr_assert_eq(console->app_count, 0);
		console_unref(console);
		console_unref(probed);
	}
}

/* ---- objects ---- */

#define KOTSADM(env, more)                                                                         \
	"{\"metadata\":{\"name\":\"kotsadm\",\"namespace\":\"default\"" more                       \
	"},\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"sidecar\"},"              \
	"{\"name\":\"kotsadm\",\"image\":\"kotsadm/kotsadm:v1.131.4\",\"env\":[" env               \
	"]}]}}},\"status\":{\"readyReplicas\":1}}"

Test(console, the_workload_says_version_image_air_gap_and_namespace)
{
	struct console *console = console_new();
	struct json *workload =
		parse(KOTSADM("{\"name\":\"DISABLE_OUTBOUND_CONNECTIONS\",\"value\":\"true\"},"
			      "{\"name\":\"KOTSADM_TARGET_NAMESPACE\",\"value\":\"apps\"}",
			      ""));

	console->kind = SITE_KURL;
	facts_take_workload(console, workload);
	cr_assert_str_eq(console->namespace, "default");
	cr_assert_str_eq(console->app_namespace, "apps");
	cr_assert_str_eq(console->kotsadm_image, "kotsadm/kotsadm:v1.131.4");
	cr_assert_str_eq(console->kots_version, "1.131.4");
	cr_assert_eq(console->airgap, ANSWER_YES);
	cr_assert_eq(console->kind, SITE_KURL);
	cr_assert(console->kotsadm_running);
	json_free(workload);
	console_unref(console);
}

Test(console, an_embedded_cluster_is_known_by_its_environment_or_label)
{
	static const char *const workloads[] = {
		KOTSADM("{\"name\":\"EMBEDDED_CLUSTER_ID\",\"value\":\"abc\"}", ""),
		KOTSADM("", ",\"labels\":{\"replicated.com/disaster-recovery-chart\":"
			    "\"admin-console\"}"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(workloads); i++) {
		struct console *console = console_new();
		struct json *workload = parse(workloads[i]);

		console->kind = SITE_EXISTING;
		facts_take_workload(console, workload);
		cr_assert_eq(console->kind, SITE_EMBEDDED);
		cr_assert_eq(console->airgap, ANSWER_NO);
		cr_assert_str_eq(console->app_namespace, "default");
		json_free(workload);
		console_unref(console);
	}
}

static const struct {
	const char *image, *version;
} images[] = {
	{ "velero/velero:v1.18.2", "1.18.2" },
	{ "10.0.0.1:5000/velero/velero:v1.17.0-rc.1", "1.17.0-rc.1" },
	{ "10.0.0.1:5000/velero/velero@sha256:0123", "" },
	{ "10.0.0.1:5000/velero/velero", "" },
	{ "velero:v1.9.0@sha256:0123", "1.9.0" },
	{ "", "" },
};

Test(console, versions_are_read_from_images)
{
	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		struct console *console = console_new();
		struct json *deployment = parse("{\"metadata\":{\"namespace\":\"velero\"},"
						"\"spec\":{\"replicas\":1,\"template\":{\"spec\":"
						"{\"containers\":[{}]}}}}");
		const struct json *container =
			json_first(json_get(deployment, "spec.template.spec.containers"));

		json_put_text((struct json *)container, "image", images[i].image);
		facts_take_velero(console, deployment);
		cr_assert_str_eq(console->velero_version, images[i].version, "%s", images[i].image);
		cr_assert_str_eq(console->velero_problem, "0 of 1 replica");
		json_free(deployment);
		console_unref(console);
	}
}

static const struct {
	const char *pod, *problem;
} pods[] = {
	{ "\"containerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"ImagePullBackOff\"}}}]",
	  "0 of 1 replica, ImagePullBackOff" },
	{ "\"initContainerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"ErrImagePull\"}}}],"
	  "\"containerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"PodInitializing\"}}}]",
	  "0 of 1 replica, ErrImagePull" },
	{ "\"containerStatuses\":[{\"state\":{\"terminated\":{\"reason\":\"OOMKilled\"}}}]",
	  "0 of 1 replica, OOMKilled" },
	{ "\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":"
	  "\"Unschedulable\"}]",
	  "0 of 1 replica, Unschedulable" },
	{ "\"reason\":\"Evicted\"", "0 of 1 replica, Evicted" },
	{ "\"phase\":\"Running\"", "0 of 1 replica" },
};

Test(console, a_pod_that_does_not_come_up_says_why)
{
	for (size_t i = 0; i < ARRAY_SIZE(pods); i++) {
		struct console *console = console_new();
		struct strbuf text = STRBUF_INIT;
		struct json *list;

		strbuf_addf(
			&text,
			"{\"items\":[{\"metadata\":{\"name\":\"velero-job-1\",\"ownerReferences\":"
			"[{\"kind\":\"Job\"}]},\"status\":{\"reason\":\"Other\"}},"
			"{\"metadata\":{\"name\":\"velero-5d-x\",\"ownerReferences\":"
			"[{\"kind\":\"ReplicaSet\"}]},\"status\":{%s}}]}",
			pods[i].pod);
		list = parse(text.buf);
		console->velero_problem = "0 of 1 replica";
		facts_take_velero_pods(console, list);
		cr_assert_str_eq(console->velero_problem, pods[i].problem);
		json_free(list);
		strbuf_done(&text);
		console_unref(console);
	}
}

static const struct {
	const char *list;
	int ready, wanted;
	bool running;
} agents[] = {
	{ "{\"items\":[]}", 0, 0, false },
	{ "{\"items\":[{\"metadata\":{\"name\":\"node-agent\"},\"status\":"
	  "{\"desiredNumberScheduled\":3,\"numberAvailable\":3}}]}",
	  3, 3, true },
	{ "{\"items\":[{\"metadata\":{\"name\":\"restic\"},\"status\":"
	  "{\"desiredNumberScheduled\":2,\"numberAvailable\":1,\"numberUnavailable\":1}}]}",
	  1, 2, false },
	{ "{\"items\":[{\"metadata\":{\"name\":\"x\"}},{\"metadata\":{\"name\":\"agents\","
	  "\"labels\":{\"component\":\"velero\"}},\"status\":{\"desiredNumberScheduled\":1,"
	  "\"numberAvailable\":1}}]}",
	  1, 1, true },
};

Test(console, node_agents_are_found_by_both_names_and_by_label)
{
	for (size_t i = 0; i < ARRAY_SIZE(agents); i++) {
		struct console *console = console_new();
		struct json *list = parse(agents[i].list);

		facts_take_node_agents(console, list);
		cr_assert_eq(console->node_agents_ready, agents[i].ready, "row %zu", i);
		cr_assert_eq(console->node_agents_wanted, agents[i].wanted, "row %zu", i);
		cr_assert_eq(console->node_agent_running, agents[i].running, "row %zu", i);
		json_free(list);
		console_unref(console);
	}
}

static const struct {
	const char *namespace, *subject;
	bool scoped;
} bindings[] = {
	{ "default", "{\"kind\":\"ServiceAccount\",\"name\":\"kotsadm\",\"namespace\":\"default\"}",
	  true },
	{ "default", "{\"kind\":\"ServiceAccount\",\"name\":\"kotsadm\"}", true },
	{ "kots", "{\"kind\":\"ServiceAccount\",\"name\":\"kotsadm\"}", false },
	{ "kots", "{\"kind\":\"User\",\"name\":\"kotsadm\",\"namespace\":\"kots\"}", false },
	{ "kots", "{\"kind\":\"ServiceAccount\",\"name\":\"other\",\"namespace\":\"kots\"}",
	  false },
};

Test(console, cluster_wide_rights_are_those_of_this_consoles_account)
{
	for (size_t i = 0; i < ARRAY_SIZE(bindings); i++) {
		struct console *console = console_new();
		struct strbuf text = STRBUF_INIT;
		struct json *binding;

		strbuf_addf(&text, "{\"subjects\":[%s]}", bindings[i].subject);
		binding = parse(text.buf);
		console->namespace = bindings[i].namespace;
		facts_take_binding(console, binding);
		cr_assert_eq(console->cluster_scoped, bindings[i].scoped, "row %zu", i);
		json_free(binding);
		strbuf_done(&text);
		console_unref(console);
	}
}

static const struct {
	const char *config, *host;
} registries[] = {
	{ "{\"auths\":{\"proxy.replicated.com\":{\"username\":\"x\"},"
	  "\"10.96.2.5\":{\"username\":\"kurl\",\"password\":\"p\"}}}",
	  "10.96.2.5" },
	{ "{\"auths\":{\"10.96.2.6\":{\"auth\":\"a3VybDpw\"}}}", "10.96.2.6" }, /* kurl:p */
	{ "{\"auths\":{\"10.96.2.7\":{\"username\":\"embedded-cluster\"}}}", "10.96.2.7" },
	{ "{\"auths\":{\"10.96.2.8\":{\"auth\":\"a3VybHk6cA==\"}}}", "" }, /* kurly:p */
	{ "not JSON", "" },
};

Test(console, the_embedded_registry_is_the_one_with_its_user)
{
	for (size_t i = 0; i < ARRAY_SIZE(registries); i++) {
		struct console *console = console_new();
		struct json *secret = parse("{\"data\":{}}");
		struct strbuf coded = STRBUF_INIT;

		strbuf_add_base64(&coded, registries[i].config, strlen(registries[i].config));
		json_put_text(json_key_mut(secret, "data"), ".dockerconfigjson", coded.buf);
		cr_assert_eq(facts_take_registry(console, secret), *registries[i].host != '\0');
		cr_assert_str_eq(console->registry, registries[i].host);
		strbuf_done(&coded);
		json_free(secret);
		console_unref(console);
	}
}

/* ---- minimal RBAC: 1.6 ---- */

static const struct {
	const char *map, *role, *binding; /* NULL = not there */
	bool map_known, role_known, binding_known;
	enum answer want;
	const char *lacks;
} access_cases[] = {
	{ "{\"data\":{\"veleroNamespace\":\"velero\"}}", "{}", "{}", true, true, true, ANSWER_YES,
	  "" },
	{ NULL, "{}", "{}", true, true, true, ANSWER_NO, "ConfigMap kotsadm-velero-namespace" },
	{ "{\"data\":{}}", "{}", "{}", true, true, true, ANSWER_NO,
	  "ConfigMap kotsadm-velero-namespace" },
	{ "{\"data\":{\"veleroNamespace\":\"velero\"}}", NULL, "{}", true, true, true, ANSWER_NO,
	  "Role kotsadm-role" },
	{ "{\"data\":{\"veleroNamespace\":\"velero\"}}", "{}", NULL, true, true, true, ANSWER_NO,
	  "RoleBinding kotsadm-rolebinding" },
	{ "{\"data\":{\"veleroNamespace\":\"velero\"}}", NULL, "{}", true, false, true,
	  ANSWER_UNKNOWN, "" },
	{ NULL, NULL, NULL, false, false, false, ANSWER_UNKNOWN, "" },
};

static struct json *maybe(const char *text)
{
	return text ? json_parse(text, strlen(text), NULL) : NULL;
}

Test(console, what_it_lacks_under_minimal_rbac_is_named)
{
	for (size_t i = 0; i < ARRAY_SIZE(access_cases); i++) {
		struct console *console = console_new();
		struct json *map = maybe(access_cases[i].map), *role = maybe(access_cases[i].role),
			    *binding = maybe(access_cases[i].binding);
		const struct facts_access access = { map,
						     role,
						     binding,
						     access_cases[i].map_known,
						     access_cases[i].role_known,
						     access_cases[i].binding_known };

		facts_take_access(console, &access);
		cr_expect_eq(console->velero_access, access_cases[i].want, "row %zu", i);
		cr_expect_str_eq(console->velero_lacks, access_cases[i].lacks, "row %zu", i);
		json_free(map);
		json_free(role);
		json_free(binding);
		console_unref(console);
	}
}

Test(console, nodes_are_counted_and_known_by_their_addresses)
{
	static const char text[] =
		"{\"metadata\":{\"remainingItemCount\":2},\"items\":[{\"status\":{\"addresses\":["
		"{\"type\":\"InternalIP\",\"address\":\"10.0.4.11\"},"
		"{\"type\":\"Hostname\",\"address\":\"node-01\"}]}},{}]}";
	struct console *console = console_new();
	struct json *nodes = json_parse(text, sizeof(text) - 1, NULL);

	facts_take_nodes(console, nodes);
	cr_expect_eq(console->nodes, 4);
	cr_expect(strstr(console->node_addresses, " 10.0.4.11 "));
	cr_expect(strstr(console->node_addresses, " node-01 "));
	json_free(nodes);
	console_unref(console);
}
