/* Plans of several parts: everything, and the Admin Console alone. From recordings of the real
 * KOTS. */
#include "backend/kots/restore_plan.h"
#include "tests/support/recording.h"
#include "tests/unit/backend/kots/given.h"

#include <criterion/criterion.h>
#include <string.h>

#define NOW	INT64_C(1795392000) /* 2026-11-23T00:00:00Z */
#define FULL	"kots/instance-backup-completed.json"
#define PARTIAL "kots/app-backup.json"
/* The snapshot that the recorded restore was made from. */
#define L7LS8                                                                                      \
	"{\"metadata\":{\"name\":\"instance-l7ls8\",\"annotations\":{"                             \
	"\"kots.io/kotsadm-image\":\"kotsadm/kotsadm:v1.131.4\"}}}"
#define TWO_APPS                                                                                   \
	"{\"metadata\":{\"annotations\":{\"kots.io/apps-sequences\":"                              \
	"\"{\\\"acme-analytics\\\":1,\\\"acme-gateway\\\":7}\"}}}"

static const struct podvolume dump = { .pod = "kotsadm-0",
				       .pod_namespace = "default",
				       .volume = "backup",
				       .claim = "",
				       .phase = "Completed",
				       .bytes_total = 100 };

struct given {
	struct console *console;
	const struct backup *backup;
	const struct podvolume *volumes[1];
	struct restore_facts facts;
};

static void given_open(struct given *given, enum restore_scope scope, const char *change)
{
	*given = (struct given){ given_console(), given_backup(FULL, change), { &dump }, { 0 } };
	given->facts = (struct restore_facts){ .backup = given->backup,
					       .console = given->console,
					       .scope = scope,
					       .app_slug = "",
					       .site = "acme-prod",
					       .volumes_known = true,
					       .volumes = given->volumes,
					       .volume_count = 1,
					       .now = NOW };
}

static void given_close(struct given *given)
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

Test(restore_full, the_restore_of_the_console_is_the_one_that_kots_makes)
{
	static const char *const server[] = { "creationTimestamp", "finalizers", "generation",
					      "resourceVersion", "uid" };
	struct given it;
	const struct restore_plan *plan;
	struct json *ours, *theirs = recording_json("kots/restore-of-console.json");
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;

	given_open(&it, RESTORE_SCOPE_CONSOLE, L7LS8);
	plan = build(&it);
	ours = json_parse(plan->parts[0].restore_json, strlen(plan->parts[0].restore_json), NULL);
	for (size_t i = 0; i < ARRAY_SIZE(server); i++)
		json_remove(json_key_mut(theirs, "metadata"), server[i]);
	json_remove(json_key_mut(theirs, "spec"), "excludedResources");
	json_remove(json_key_mut(theirs, "spec"), "itemOperationTimeout");
	json_remove(json_key_mut(ours, "spec"), "itemOperationTimeout");
	json_remove(theirs, "status");
	json_print_go(ours, &a);
	json_print_go(theirs, &b);
	cr_assert_str_eq(a.buf, b.buf);
	json_free(ours);
	json_free(theirs);
	strbuf_done(&a);
	strbuf_done(&b);
	restore_plan_unref(plan);
	given_close(&it);
}

static void add_steps(struct strbuf *out, const struct restore_plan *plan)
{
	for (size_t i = 0; i < plan->step_count; i++) {
		strbuf_adds(out, i ? ", " : "");
		restore_plan_add_step(out, plan, i, true);
	}
}

Test(restore_full, the_console_comes_first_then_one_application_after_the_other)
{
	struct strbuf text = STRBUF_INIT;
	const struct restore_plan *plan;
	struct given it;

	given_open(&it, RESTORE_SCOPE_ALL, TWO_APPS);
	plan = build(&it);
	add_steps(&text, plan);
	cr_assert_str_eq(
		text.buf,
		"Record written, Velero ready, nothing else runs, No older Restore in the way, "
		"Admin Console removed, Velero has the Restore of the Admin Console, "
		"Admin Console restored, Admin Console answers, Database restored, "
		"Acme Analytics removed, Velero has the Restore of Acme Analytics, "
		"Acme Analytics restored, Version of Acme Analytics marked as deployed, "
		"acme-gateway removed, Velero has the Restore of acme-gateway, "
		"acme-gateway restored, Version of acme-gateway marked as deployed, "
		"Pods of Acme Analytics ready, Pods of acme-gateway ready");
	cr_assert_eq(plan->kind, RESTORE_FULL);
	cr_assert_eq(plan->part_count, 3);
	cr_assert_str_eq(plan->confirm, "acme-prod");
	cr_assert_str_eq(plan->app_title, "Admin Console and 2 applications");
	cr_assert_str_eq(plan->parts[2].restore, "instance-mkgk8.acme-gateway");
	cr_assert_eq(plan->parts[2].sequence, 7);
	cr_assert_str_eq(plan->parts[2].app_id, "", "its row comes back with the database");
	strbuf_done(&text);
	restore_plan_unref(plan);
	given_close(&it);
}

Test(restore_full, the_console_alone_touches_no_application)
{
	const struct restore_plan *plan;
	struct given it;

	given_open(&it, RESTORE_SCOPE_CONSOLE, NULL);
	plan = build(&it);
	cr_assert_eq(plan->kind, RESTORE_CONSOLE_ONLY);
	cr_assert_eq(plan->part_count, 1);
	cr_assert_eq(plan->step_count, 8);
	cr_assert_eq(plan->steps[7].what, STEP_DATABASE);
	cr_assert_str_eq(plan->confirm, "admin-console");
	cr_assert_eq(plan->total.restored_volumes, 1);
	restore_plan_unref(plan);
	given_close(&it);
}

Test(restore_full, what_is_installed_today_and_not_in_it_is_left_alone_and_named)
{
	const struct restore_plan *plan;
	struct given it;

	given_open(&it, RESTORE_SCOPE_ALL, NULL);
	given_second_app(it.console, "");
	plan = build(&it);
	cr_assert(strstr(plan->forgotten, "acme-gateway"), "%s", plan->forgotten);
	cr_assert_eq(plan->part_count, 2);
	for (size_t i = 0; i < plan->part_count; i++)
		cr_assert_str_neq(plan->parts[i].app_slug, "acme-gateway");
	restore_plan_unref(plan);
	given_close(&it);
}

/* A name of a site that is not known is no reason to type nothing. */
Test(restore_full, there_is_always_something_to_type)
{
	const struct restore_plan *plan;
	struct given it;

	given_open(&it, RESTORE_SCOPE_ALL, NULL);
	it.facts.site = "";
	plan = build(&it);
	cr_assert_str_eq(plan->confirm, "everything");
	restore_plan_unref(plan);
	given_close(&it);
}

/* ---- refusals ---- */

static void nothing(struct given *given)
{
	(void)given;
}

/* Findings 9: Completed, and without the console's database. */
static void no_dump(struct given *given)
{
	given->facts.volume_count = 0;
}

static void in_progress(struct given *given)
{
	given_app(given->console)->restoring = "instance-aaaaa";
}

static void other_namespace(struct given *given)
{
	given->console->namespace = "kots";
}

static void embedded(struct given *given)
{
	given->console->kind = SITE_EMBEDDED;
}

static const struct {
	enum restore_scope scope;
	const char *change;
	void (*make)(struct given *given);
	const char *words;
} refusals[] = {
	{ RESTORE_SCOPE_ALL, NULL, no_dump, "holds no database" },
	{ RESTORE_SCOPE_CONSOLE, NULL, no_dump, "holds no database" },
	{ RESTORE_SCOPE_ALL, NULL, in_progress, "is restoring acme-analytics from instance-aaaaa" },
	{ RESTORE_SCOPE_CONSOLE, NULL, other_namespace,
	  "of the Admin Console in namespace default" },
	{ RESTORE_SCOPE_ALL, NULL, embedded, "Embedded Cluster" },
	{ RESTORE_SCOPE_ALL, "{\"status\":{\"phase\":\"PartiallyFailed\"}}", nothing,
	  "incomplete" },
	{ RESTORE_SCOPE_CONSOLE, "{\"status\":{\"phase\":\"Failed\"}}", nothing, "it failed" },
	{ RESTORE_SCOPE_CONSOLE,
	  "{\"metadata\":{\"annotations\":{\"kots.io/kotsadm-image\":null}}}", nothing,
	  "annotation kots.io/kotsadm-image" },
	{ RESTORE_SCOPE_ALL,
	  "{\"metadata\":{\"annotations\":{\"kots.io/kotsadm-deploy-namespace\":null}}}", nothing,
	  "annotation kots.io/kotsadm-deploy-namespace" },
	{ RESTORE_SCOPE_ALL, "{\"metadata\":{\"annotations\":{\"kots.io/apps-sequences\":\"{}\"}}}",
	  nothing, "which applications it holds" },
	{ RESTORE_SCOPE_ALL,
	  "{\"metadata\":{\"annotations\":{\"kots.io/apps-sequences\":\"{\\\"a\\\":\\\"x\\\"}\"}}}",
	  nothing, "which version of a it holds" },
	{ RESTORE_SCOPE_ALL,
	  "{\"metadata\":{\"annotations\":{\"kots.io/apps-sequences\":\"{\\\"; rm\\\":1}\"}}}",
	  nothing, "is no slug" },
};

Test(restore_full, refuses_what_would_leave_no_console_and_says_why)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		const struct restore_plan *plan = NULL;
		struct error err = ERROR_INIT;
		struct given it;

		given_open(&it, refusals[i].scope, refusals[i].change);
		refusals[i].make(&it);
		cr_assert_eq(restore_plan_build(&it.facts, &plan, &err), STATUS_REFUSED,
			     "not refused: row %zu, %s", i, refusals[i].words);
		cr_assert_not_null(strstr(err.text, refusals[i].words),
				   "row %zu: \"%s\" does not say \"%s\"", i, err.text,
				   refusals[i].words);
		given_close(&it);
	}
}

Test(restore_full, of_a_partial_snapshot_there_is_no_console_to_restore)
{
	struct given it;
	const struct restore_plan *plan = NULL;
	struct error err = ERROR_INIT;

	given_open(&it, RESTORE_SCOPE_ALL, NULL);
	object_unref(it.backup);
	it.facts.backup = it.backup = given_backup(PARTIAL, NULL);
	cr_assert_eq(restore_plan_build(&it.facts, &plan, &err), STATUS_REFUSED);
	cr_assert(strstr(err.text, "the Admin Console is not in it"), "%s", err.text);
	given_close(&it);
}

/* Who may not read volumes is told by Velero, later; nothing is claimed that was not seen. */
Test(restore_full, volumes_that_were_not_read_are_not_said_to_be_missing)
{
	const struct restore_plan *plan;
	struct given it;

	given_open(&it, RESTORE_SCOPE_ALL, NULL);
	it.facts.volume_count = 0;
	it.facts.volumes_known = false;
	plan = build(&it);
	cr_assert_eq(plan->kind, RESTORE_FULL);
	restore_plan_unref(plan);
	given_close(&it);
}

Test(restore_full, the_commands_are_those_of_kots_and_the_same_by_hand)
{
	static const struct plan_object objects[] = {
		{ .group = "apps",
		  .version = "v1",
		  .plural = "statefulsets",
		  .kind = "StatefulSet",
		  .namespace = "default",
		  .name = "kotsadm",
		  .in_cluster = true,
		  .part = 0 },
		{ .group = "",
		  .version = "v1",
		  .plural = "services",
		  .kind = "Service",
		  .namespace = "default",
		  .name = "web",
		  .in_cluster = true,
		  .part = 1 },
	};
	struct strbuf text = STRBUF_INIT;
	const struct restore_plan *plan;
	struct given it;
	const char *console, *web;

	given_open(&it, RESTORE_SCOPE_ALL, NULL);
	it.facts.objects = objects;
	it.facts.object_count = ARRAY_SIZE(objects);
	it.console->cluster_scoped = false;
	plan = build(&it);
	restore_plan_add_commands(&text, plan);
	cr_assert(strstr(text.buf, "kubectl kots restore --from-backup instance-mkgk8 "
				   "--velero-namespace velero\n"));
	console = strstr(text.buf, "statefulsets.apps kotsadm\n");
	web = strstr(text.buf, "services web\n");
	cr_assert(console && web && console < web);
	cr_assert_eq(plan->parts[0].sums.removed, 1);
	cr_assert_eq(plan->parts[1].sums.removed, 1);
	cr_assert_eq(plan->total.removed, 2);
	strbuf_done(&text);
	restore_plan_unref(plan);
	given_close(&it);
}
