/* Plans for restoring one application: from recordings of the real KOTS, and everything it must not
 * begin. */
#include "backend/kots/restore_plan.h"

#include "tests/support/recording.h"
#include "tests/unit/backend/kots/given.h"

#include <criterion/criterion.h>
#include <string.h>

#define NOW INT64_C(1795392000) /* 2026-11-23T00:00:00Z */

#define FULL	"kots/instance-backup-completed.json"
#define PARTIAL "kots/app-backup.json"

struct given {
	struct console *console;
	const struct backup *backup;
	struct restore_facts facts;
};

static struct given given(const char *recording, const char *change)
{
	struct given given = { given_console(), given_backup(recording, change), { 0 } };

	given.facts = (struct restore_facts){
		.backup = given.backup, .console = given.console, .app_slug = GIVEN_APP, .now = NOW
	};
	return given;
}

static void done(struct given *given)
{
	console_unref(given->console);
	object_unref(given->backup);
}

static const struct restore_plan *build(const struct given *given)
{
	const struct restore_plan *plan = NULL;
	struct error err = ERROR_INIT;

	cr_assert_eq(restore_plan_build(&given->facts, &plan, &err), STATUS_OK, "%s", err.text);
	return plan;
}

/* ---- the Restore object: 8.4 ---- */

static void expect_recorded(const char *backup, const char *recording)
{
	static const char *const server[] = { "creationTimestamp", "finalizers", "generation",
					      "resourceVersion", "uid" };
	static const char *const velero[] = { "excludedResources", "itemOperationTimeout" };
	struct given it = given(backup, NULL);
	const struct restore_plan *plan = build(&it);
	struct json *ours =
		json_parse(plan->parts[0].restore_json, strlen(plan->parts[0].restore_json), NULL);
	struct json *theirs = recording_json(recording);
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;

	cr_assert_str_eq(json_text(ours, "spec.itemOperationTimeout"), "0s");
	for (size_t i = 0; i < ARRAY_SIZE(server); i++)
		json_remove(json_key_mut(theirs, "metadata"), server[i]);
	for (size_t i = 0; i < ARRAY_SIZE(velero); i++) {
		json_remove(json_key_mut(theirs, "spec"), velero[i]);
		json_remove(json_key_mut(ours, "spec"), velero[i]);
	}
	json_remove(theirs, "status");
	json_print_go(ours, &a);
	json_print_go(theirs, &b);
	cr_assert_str_eq(a.buf, b.buf);
	strbuf_done(&a);
	strbuf_done(&b);
	json_free(ours);
	json_free(theirs);
	restore_plan_unref(plan);
	done(&it);
}

Test(restore_plan, the_restore_from_a_full_snapshot_is_the_one_that_kots_makes)
{
	expect_recorded(FULL, "kots/restore-from-instance-backup.json");
}

Test(restore_plan, the_restore_from_a_partial_snapshot_is_the_one_that_kots_makes)
{
	expect_recorded(PARTIAL, "kots/restore-from-app-backup.json");
}

/* ---- names and steps ---- */

Test(restore_plan, says_what_is_marked_and_what_must_be_typed)
{
	struct given it = given(FULL, NULL);
	const struct restore_plan *plan = build(&it);

	cr_assert_eq(plan->kind, RESTORE_APP_FROM_FULL);
	cr_assert_str_eq(plan->restore, "instance-mkgk8.acme-analytics");
	cr_assert_str_eq(plan->confirm, GIVEN_APP);
	cr_assert_str_eq(plan->app_title, "Acme Analytics");
	cr_assert_str_eq(plan->parts[0].app_id, GIVEN_ID);
	cr_assert_str_eq(plan->namespaces, "default");
	cr_assert_eq(plan->parts[0].sequence, 1);
	cr_assert_eq(plan->taken, 1795389449);
	cr_assert_eq(plan->step_count, STEP_CHECKED + 1);
	for (size_t i = 0; i < plan->step_count; i++)
		cr_assert_eq(plan->steps[i].what, (enum restore_step)i);
	cr_assert(!plan->minimal_rbac);
	restore_plan_unref(plan);
	done(&it);
}

/* 13 item 4: KOTS deletes first and then finds the old Restore still there. */
Test(restore_plan, an_older_restore_is_gone_before_anything_is_removed)
{
	struct given it = given(PARTIAL, NULL);
	const struct restore_plan *plan = build(&it);
	size_t gone = 0, removed = 0;

	for (size_t i = 0; i < plan->step_count; i++) {
		gone = plan->steps[i].what == STEP_OLD_GONE ? i : gone;
		removed = plan->steps[i].what == STEP_REMOVED ? i : removed;
	}
	cr_assert_lt(gone, removed);
	cr_assert_str_eq(plan->restore, "acme-analytics-qlkjm");
	restore_plan_unref(plan);
	done(&it);
}

Test(restore_plan, nothing_is_marked_when_the_id_is_not_known)
{
	struct given it = given(FULL, NULL);
	const struct restore_plan *plan;

	it.console->source = SOURCE_NONE;
	it.console->app_count = 0;
	plan = build(&it);
	cr_assert_eq(plan->parts[0].sequence, -1);
	cr_assert_str_eq(plan->app_title, GIVEN_APP);
	for (size_t i = 0; i < plan->step_count; i++)
		cr_assert_neq(plan->steps[i].what, STEP_MARKED);
	cr_assert_eq(plan->step_count, STEP_CHECKED);
	restore_plan_unref(plan);
	done(&it);
}

/* A snapshot made by hand with the minimum of 2.16: KOTS restored it. */
Test(restore_plan, a_foreign_snapshot_with_the_marks_of_kots_is_restored)
{
	static const char *const recordings[] = { "kots/foreign-minimal-backup.json",
						  "kots/foreign-no-image-backup.json" };

	for (size_t i = 0; i < ARRAY_SIZE(recordings); i++) {
		struct given it = given(recordings[i], NULL);
		const struct restore_plan *plan = build(&it);

		cr_assert_eq(plan->parts[0].sequence, 1);
		restore_plan_unref(plan);
		done(&it);
	}
}

/* ---- refusals: 8.1, 13 ---- */

static void nothing(struct given *given)
{
	(void)given;
}

static void embedded(struct given *given)
{
	given->console->kind = SITE_EMBEDDED;
}

static void unknown_console(struct given *given)
{
	given->facts.console = NULL;
}

static void not_installed(struct given *given)
{
	given->console->app_count = 0;
}

static void in_progress(struct given *given)
{
	given_app(given->console)->restoring = "instance-aaaaa";
}

static void other_id(struct given *given)
{
	given_app(given->console)->id = "2other";
}

static void expired(struct given *given)
{
	given->facts.now = INT64_C(1800000000);
}

static void bad_slug(struct given *given)
{
	given->facts.app_slug = "acme; rm -rf /";
}

static void other_namespace(struct given *given)
{
	given->console->namespace = "kots";
}

static void empty_contents(struct given *given)
{
	given->facts.contents_known = true;
}

static void other_app(struct given *given)
{
	given_second_app(given->console, "");
	given->facts.app_slug = "acme-gateway";
}

static const struct {
	const char *recording, *change;
	void (*make)(struct given *given);
	const char *words;
} refusals[] = {
	{ FULL, "{\"status\":{\"phase\":\"PartiallyFailed\"}}", nothing, "incomplete" },
	{ FULL, "{\"status\":{\"phase\":\"Failed\"}}", nothing, "it failed" },
	{ FULL, "{\"status\":{\"phase\":\"InProgress\"}}", nothing, "not finished" },
	{ FULL, "{\"status\":{\"phase\":\"FinalizingPartiallyFailed\"}}", nothing, "not finished" },
	{ FULL, "{\"status\":null}", nothing, "not finished" },
	{ FULL, "{\"status\":{\"phase\":\"Deleting\"}}", nothing, "being deleted" },
	{ FULL, "{\"metadata\":{\"deletionTimestamp\":\"2026-11-22T23:59:00Z\"}}", nothing,
	  "being deleted" },
	{ FULL, NULL, expired, "expired" },
	{ "kots/partially-failed.json", NULL, nothing, "incomplete" },
	{ FULL, "{\"metadata\":{\"annotations\":null}}", nothing, "KOTS did not make it" },
	{ FULL,
	  "{\"metadata\":{\"annotations\":{\"replicated.com/disaster-recovery-version\":\"1\"}}}",
	  nothing, "disaster recovery" },
	{ "kots/no-sequences-backup.json", NULL, nothing, "removed and not come back" },
	{ FULL, "{\"metadata\":{\"annotations\":{\"kots.io/apps-sequences\":\"not JSON\"}}}",
	  nothing, "removed and not come back" },
	{ FULL, NULL, other_app, "removed and not come back" },
	{ FULL, NULL, other_namespace, "of the Admin Console in namespace default" },
	{ FULL, NULL, embedded, "Embedded Cluster" },
	{ FULL, NULL, unknown_console, "still being looked for" },
	{ FULL, NULL, not_installed, "is not installed" },
	{ FULL, NULL, in_progress, "is restoring acme-analytics from instance-aaaaa" },
	{ FULL, NULL, bad_slug, "is no slug" },
	{ PARTIAL, NULL, other_id, "is not of acme-analytics as installed here" },
	{ PARTIAL, NULL, other_app, "is not of acme-gateway as installed here" },
	{ PARTIAL, "{\"spec\":{\"labelSelector\":{\"matchLabels\":{\"kots.io/app-slug\":\"x\"}}}}",
	  nothing, "is not of acme-analytics" },
	{ PARTIAL, "{\"metadata\":{\"annotations\":{\"kots.io/app-sequence\":\"one\"}}}", nothing,
	  "removed and not come back" },
	{ PARTIAL, NULL, empty_contents, "holds no object" },
	{ PARTIAL, NULL, in_progress, "is restoring acme-analytics from instance-aaaaa" },
};

Test(restore_plan, refuses_what_would_destroy_or_do_nothing_and_says_why)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct given it = given(refusals[i].recording, refusals[i].change);
		const struct restore_plan *plan = NULL;
		struct error err = ERROR_INIT;

		refusals[i].make(&it);
		cr_assert_eq(restore_plan_build(&it.facts, &plan, &err), STATUS_REFUSED,
			     "not refused: row %zu, %s", i, refusals[i].words);
		cr_assert_not_null(strstr(err.text, refusals[i].words),
				   "row %zu: \"%s\" does not say \"%s\"", i, err.text,
				   refusals[i].words);
		cr_assert_null(plan);
		done(&it);
	}
}

Test(restore_plan, a_name_too_long_for_its_restore_is_refused)
{
	struct strbuf name = STRBUF_INIT, change = STRBUF_INIT;
	struct given it;
	const struct restore_plan *plan = NULL;
	struct error err = ERROR_INIT;

	while (name.len < 248)
		strbuf_addc(&name, 'a');
	strbuf_addf(&change, "{\"metadata\":{\"name\":\"%s\"}}", name.buf);
	it = given(FULL, change.buf);
	cr_assert_eq(restore_plan_build(&it.facts, &plan, &err), STATUS_REFUSED);
	cr_assert_not_null(strstr(err.text, "too long"));
	strbuf_done(&name);
	strbuf_done(&change);
	done(&it);
}

/* ---- consequences ---- */

static const struct plan_object objects[] = {
	{ "apps", "v1", "deployments", "Deployment", "default", "web", .in_cluster = true,
	  .in_snapshot = true },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "default", "data",
	  .size_bytes = 100, .in_cluster = true, .in_snapshot = true, .volume_in_snapshot = true },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "default", "cache",
	  .size_bytes = 7, .in_cluster = true, .in_snapshot = true },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "default", "new one's",
	  .size_bytes = 20, .in_cluster = true },
	{ "", "v1", "secrets", "Secret", "default", "later", .in_cluster = true },
	{ "apps", "v1", "replicasets", "ReplicaSet", "default", "web-1", .in_cluster = true },
	{ "", "v1", "configmaps", "ConfigMap", "default", "kept", .in_cluster = true,
	  .excluded = true },
	{ "", "v1", "services", "Service", "default", "old", .in_snapshot = true },
};

static const struct restore_plan *plan_with_objects(struct given *given)
{
	given->facts.objects = objects;
	given->facts.object_count = ARRAY_SIZE(objects);
	return build(given);
}

Test(restore_plan, sums_say_what_goes_what_comes_back_and_what_is_lost)
{
	struct given it = given(FULL, NULL);
	const struct restore_plan *plan;

	it.facts.contents_known = true;
	plan = plan_with_objects(&it);
	cr_assert_eq(plan->total.removed, 6);
	cr_assert_eq(plan->total.removed_volumes, 3);
	cr_assert_eq(plan->total.removed_bytes, 127);
	cr_assert_eq(plan->total.lost, 2);
	cr_assert_eq(plan->total.lost_volumes, 1);
	cr_assert_eq(plan->total.lost_bytes, 20);
	cr_assert_eq(plan->total.created, 1);
	cr_assert_eq(plan->total.left_alone, 1);
	cr_assert_eq(plan->total.empty_volumes, 1);
	cr_assert_eq(plan->total.restored_volumes, 1);
	cr_assert_eq(plan->total.restored_bytes, 100);
	restore_plan_unref(plan);
	done(&it);
}

Test(restore_plan, nothing_is_called_lost_while_the_contents_are_not_known)
{
	struct given it = given(FULL, NULL);
	const struct restore_plan *plan = plan_with_objects(&it);

	cr_assert_eq(plan->total.lost, 0);
	cr_assert_eq(plan->total.lost_bytes, 0);
	cr_assert(!plan->contents_known);
	restore_plan_unref(plan);
	done(&it);
}

Test(restore_plan, of_a_partial_snapshot_every_volume_counts)
{
	struct given it = given(PARTIAL, NULL);
	struct podvolume done_one = { .phase = "Completed", .bytes_total = 30 },
			 failed = { .phase = "Failed", .bytes_total = 5 };
	const struct podvolume *volumes[] = { &done_one, &failed };
	const struct restore_plan *plan;

	it.facts.volumes = volumes;
	it.facts.volume_count = ARRAY_SIZE(volumes);
	plan = plan_with_objects(&it);
	cr_assert_eq(plan->total.restored_volumes, 1);
	cr_assert_eq(plan->total.restored_bytes, 30);
	restore_plan_unref(plan);
	done(&it);
}

Test(restore_plan, keeps_its_own_copy_of_what_it_was_built_from)
{
	struct given it = given(FULL, NULL);
	const struct restore_plan *plan = plan_with_objects(&it), *second;

	done(&it);
	second = restore_plan_ref(plan);
	restore_plan_unref(plan);
	cr_assert_str_eq(second->backup, "instance-mkgk8");
	cr_assert_str_eq(second->objects[0].name, "web");
	restore_plan_unref(second);
}

/* ---- words ---- */

Test(restore_plan, every_step_has_its_words)
{
	for (int step = 0; step < RESTORE_STEPS; step++) {
		cr_assert_gt(strlen(restore_step_title((enum restore_step)step, false)), 4);
		cr_assert_gt(strlen(restore_step_title((enum restore_step)step, true)), 4);
	}
	cr_assert_str_eq(restore_step_title(STEP_REMOVED, true), "Application removed");
}

/* 8.5 step 2. */
Test(restore_plan, what_makes_pods_goes_before_pods_and_claims_after_them)
{
	static const char *const order[] = {
		"Widget",     "Ingress",    "Service",	 "CronJob",	 "StatefulSet",
		"Deployment", "ReplicaSet", "Pod",	 "DaemonSet",	 "PersistentVolumeClaim",
		"ConfigMap",  "Secret",	    "Namespace", "PriorityClass"
	};

	cr_assert_eq(restore_delete_rank("Widget"), 0);
	for (size_t i = 1; i < ARRAY_SIZE(order); i++)
		cr_assert_lt(restore_delete_rank(order[i - 1]), restore_delete_rank(order[i]), "%s",
			     order[i]);
}

Test(restore_plan, commands_by_hand_remove_in_order_and_are_quoted)
{
	struct given it = given(FULL, NULL);
	const struct restore_plan *plan;
	struct strbuf text = STRBUF_INIT;
	const char *web, *data;

	it.console->cluster_scoped = false;
	plan = plan_with_objects(&it);
	restore_plan_add_commands(&text, plan);
	cr_assert_not_null(strstr(text.buf, "kubectl kots restore --from-backup instance-mkgk8 "
					    "--exclude-admin-console --velero-namespace velero\n"));
	web = strstr(text.buf, "kubectl delete --ignore-not-found --namespace default "
			       "deployments.apps web\n");
	data = strstr(text.buf, "kubectl delete --ignore-not-found --namespace default "
				"persistentvolumeclaims cache data 'new one'\\''s'\n");
	cr_assert(web && data && web < data, "%s", text.buf);
	cr_assert_null(strstr(text.buf, "kept"), "%s", text.buf);
	cr_assert_not_null(strstr(text.buf, "printf %s '{\"apiVersion\":\"velero.io/v1\""));
	strbuf_done(&text);
	restore_plan_unref(plan);
	done(&it);
}

Test(restore_plan, a_partial_snapshot_has_no_command_of_kots)
{
	struct given it = given(PARTIAL, NULL);
	const struct restore_plan *plan = build(&it);
	struct strbuf text = STRBUF_INIT;

	restore_plan_add_commands(&text, plan);
	cr_assert_null(strstr(text.buf, "kots restore"));
	cr_assert_not_null(strstr(text.buf, "# POST /api/v1/app/acme-analytics/snapshot/restore/"
					    "acme-analytics-qlkjm\n"));
	strbuf_done(&text);
	restore_plan_unref(plan);
	done(&it);
}

/* 13 item 7: kotsadm crashes at this one, again and again; Velero alone restores it. */
Test(restore_plan, a_selector_that_crashes_the_console_is_restored_without_it)
{
	struct given it =
		given("kots/match-expressions-made.json",
		      "{\"metadata\":{\"uid\":\"u\"},\"status\":{\"phase\":\"Completed\"}}");
	const struct restore_plan *plan = build(&it);
	struct strbuf text = STRBUF_INIT;

	restore_plan_add_commands(&text, plan);
	cr_assert_null(strstr(text.buf, "POST"), "%s", text.buf);
	cr_assert_not_null(strstr(text.buf, "not by the Admin Console"));
	cr_assert_not_null(strstr(text.buf, "velero restore describe with-expressions"));
	strbuf_done(&text);
	restore_plan_unref(plan);
	done(&it);
}
