/* What we create is what KOTS creates: compared with recordings of KOTS 1.131.4. */
#include "backend/kots/backup_spec.h"

#include "backend/kots/labels.h"
#include "tests/support/recording.h"
#include "tests/unit/backend/kots/given.h"

#include <criterion/criterion.h>
#include <string.h>

static struct backup_wish wish_for(const char *app_slug)
{
	return (struct backup_wish){ .kind = app_slug ? SNAPSHOT_PARTIAL : SNAPSHOT_FULL,
				     .app_slug = app_slug,
				     .now = 1795389449, /* 2026-11-22T23:17:29Z */
				     .request_id = "r7k2p",
				     .made_by = "kotsnap 0.1.0 root@node-01" };
}

static struct json *build(const struct console *console, const char *app_slug)
{
	struct backup_wish wish = wish_for(app_slug);
	struct error err = ERROR_INIT;
	struct json *backup = NULL;

	cr_assert_eq(backup_spec_build(console, &wish, &backup, &err), STATUS_OK, "%s", err.text);
	return backup;
}

static void expect_refusal(const struct console *console, const char *app_slug, const char *words)
{
	struct backup_wish wish = wish_for(app_slug);
	struct error err = ERROR_INIT;
	struct json *backup = NULL;

	cr_assert_eq(backup_spec_build(console, &wish, &backup, &err), STATUS_REFUSED,
		     "not refused: %s", words);
	cr_assert(strstr(err.text, words) != NULL, "\"%s\" does not say \"%s\"", err.text, words);
	cr_assert(backup == NULL);
}

static void remove_all(struct json *map, const char *const *keys)
{
	for (; *keys; keys++)
		json_remove(map, *keys);
}

/* What the API server and Velero add later, and our own two marks. */
static void reduce(struct json *backup)
{
	static const char *const server[] = {
		"uid", "name", "generation", "creationTimestamp", "resourceVersion", NULL
	};
	static const char *const annotations[] = { KOTSNAP_MADE_BY,
						   "velero.io/resource-timeout",
						   "velero.io/source-cluster-k8s-gitversion",
						   "velero.io/source-cluster-k8s-major-version",
						   "velero.io/source-cluster-k8s-minor-version",
						   NULL };
	static const char *const labels[] = { KOTSNAP_REQUEST, "velero.io/storage-location", NULL };
	static const char *const spec[] = { "defaultVolumesToFsBackup",
					    "excludedResources",
					    "snapshotMoveData",
					    "volumeGroupSnapshotLabelKey",
					    "csiSnapshotTimeout",
					    "itemOperationTimeout",
					    NULL };
	struct json *metadata = json_key_mut(backup, "metadata");

	remove_all(metadata, server);
	remove_all(json_key_mut(metadata, "annotations"), annotations);
	remove_all(json_key_mut(metadata, "labels"), labels);
	if (!json_count(json_key(metadata, "labels")))
		json_remove(metadata, "labels");
	remove_all(json_key_mut(backup, "spec"), spec);
	json_remove(backup, "status");
}

static void expect_equal(struct json *ours, const char *recording)
{
	struct json *theirs = recording_json(recording);
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;

	reduce(ours);
	reduce(theirs);
	json_print_go(ours, &a);
	json_print_go(theirs, &b);
	cr_assert_str_eq(a.buf, b.buf);
	strbuf_done(&a);
	strbuf_done(&b);
	json_free(theirs);
	json_free(ours);
}

Test(backup_spec, a_full_snapshot_is_the_one_that_kots_makes)
{
	struct console *console = given_console();
	struct json *ours = build(console, NULL);

	/* As created, before Velero replaced them. */
	cr_assert_str_eq(json_text(ours, "spec.csiSnapshotTimeout"), "0s");
	cr_assert_str_eq(json_text(ours, "spec.itemOperationTimeout"), "0s");
	expect_equal(ours, "kots/instance-backup.json");
	console_unref(console);
}

Test(backup_spec, under_minimal_rbac_the_namespace_of_velero_is_inside)
{
	struct console *console = given_console();
	struct backup_wish wish = wish_for(NULL);
	struct json *ours = NULL;

	console->cluster_scoped = false;
	wish.now = 1795390739; /* 2026-11-22T23:38:59Z */
	cr_assert_eq(backup_spec_build(console, &wish, &ours, NULL), STATUS_OK);
	expect_equal(ours, "kots/instance-backup-minimal-rbac.json");
	console_unref(console);
}

Test(backup_spec, a_partial_snapshot_is_the_one_that_kots_makes)
{
	struct console *console = given_console();
	struct backup_wish wish = wish_for(GIVEN_APP);
	struct json *ours = NULL;

	wish.now = 1795389468; /* 2026-11-22T23:17:48Z */
	cr_assert_eq(backup_spec_build(console, &wish, &ours, NULL), STATUS_OK);
	expect_equal(ours, "kots/app-backup.json");
	console_unref(console);
}

Test(backup_spec, our_two_marks_are_there_and_no_others)
{
	struct console *console = given_console();
	struct json *ours = build(console, NULL);
	const struct json *labels = json_get(ours, "metadata.labels");

	cr_assert_str_eq(json_key_text(labels, KOTSNAP_REQUEST), "r7k2p");
	cr_assert_eq(json_count(labels), 1);
	cr_assert_str_eq(json_text(ours, "metadata.annotations.[" KOTSNAP_MADE_BY "]"),
			 "kotsnap 0.1.0 root@node-01");
	json_free(ours);
	console_unref(console);
}

/* ---- what KOTS reads: spec/kots-snapshots.md 2.16, 3.2, 3.3, 8 ---- */

static bool kots_lists_as_instance(const struct json *backup)
{
	const struct json *annotations = json_get(backup, "metadata.annotations");

	return !strcmp(json_key_text(annotations, "kots.io/instance"), "true") &&
	       !json_key(annotations, "replicated.com/disaster-recovery-version");
}

static bool cli_restores(const struct json *backup)
{
	const struct json *annotations = json_get(backup, "metadata.annotations");

	return kots_lists_as_instance(backup) && json_key(annotations, "kots.io/kotsadm-image") &&
	       *json_key_text(annotations, "kots.io/kotsadm-deploy-namespace");
}

static int64_t sequence_kots_marks(const struct json *backup, const char *slug)
{
	const char *text = json_text(backup, "metadata.annotations.[kots.io/apps-sequences]");
	struct json *map = json_parse(text, strlen(text), NULL);
	int64_t sequence = json_int(json_key(map, slug), "", -1);

	json_free(map);
	return sequence;
}

static bool takes_admin_console(const struct json *backup)
{
	const struct json *one = json_first(json_get(backup, "spec.orLabelSelectors"));

	for (; one; one = json_next(one))
		if (!strcmp(json_text(one, "matchLabels.[kots.io/backup]"), "velero"))
			return true;
	return false;
}

Test(backup_spec, kots_lists_and_restores_our_full_snapshot)
{
	struct console *console = given_console();
	struct json *ours = build(console, NULL);

	cr_assert(kots_lists_as_instance(ours));
	cr_assert(cli_restores(ours));
	cr_assert(takes_admin_console(ours));
	cr_assert_eq(sequence_kots_marks(ours, GIVEN_APP), 1);
	cr_assert_str_eq(json_text(ours, "metadata.namespace"), "velero");
	cr_assert_str_eq(json_text(ours, "spec.storageLocation"), "default");
	cr_assert(json_get(ours, "spec.labelSelector") == NULL);
	json_free(ours);
	console_unref(console);
}

/* 13 item 7: matchExpressions without matchLabels crash kotsadm. */
Test(backup_spec, a_partial_snapshot_always_has_match_labels)
{
	struct console *console = given_console();
	struct json *ours;

	given_app(console)->backup_spec =
		"spec: {labelSelector: {matchExpressions: [{key: a, operator: Exists}], "
		"matchLabels: {tier: gold, kots.io/app-slug: other}}}";
	ours = build(console, GIVEN_APP);
	cr_assert_str_eq(json_text(ours, "spec.labelSelector.matchLabels.[kots.io/app-slug]"),
			 GIVEN_APP);
	cr_assert_str_eq(json_text(ours, "spec.labelSelector.matchLabels.tier"), "gold");
	cr_assert_eq(json_count(json_get(ours, "spec.labelSelector.matchExpressions")), 1);
	json_free(ours);
	console_unref(console);
}

Test(backup_spec, the_list_of_kots_can_read_the_sequence_of_a_partial_one)
{
	struct console *console = given_console();
	struct json *ours = build(console, GIVEN_APP);
	long long sequence;

	cr_assert(text_to_int(json_text(ours, "metadata.annotations.[kots.io/app-sequence]"),
			      &sequence));
	cr_assert_str_eq(json_text(ours, "metadata.annotations.[kots.io/app-id]"), GIVEN_ID);
	cr_assert(!kots_lists_as_instance(ours));
	json_free(ours);
	console_unref(console);
}

/* ---- merging: 2.2, 2.9 ---- */

#define GATEWAY_LIST                                                                               \
	"metadata: {annotations: {kots.io/instance: 'no', vendor: acme}, labels: {lost: 'yes'}}\n" \
	"spec:\n"                                                                                  \
	"  includedNamespaces: [gateway, default, '']\n"                                           \
	"  excludedNamespaces: [scratch]\n"                                                        \
	"  includedResources: [secrets]\n"                                                         \
	"  ttl: 24h\n"                                                                             \
	"  orderedResources: {pods: a/b}\n"                                                        \
	"  hooks: {resources: [{name: flush, pre: [{exec: {command: [sync], timeout: 10m}}]}]}\n"
#define GATEWAY GATEWAY_LIST "  orLabelSelectors: [{matchLabels: {vendor: acme}}]\n"

static void expect_text(const struct json *json, const char *path, const char *want)
{
	struct strbuf text = STRBUF_INIT;

	json_print(json_get(json, path), &text);
	cr_assert_str_eq(text.buf, want, "%s", path);
	strbuf_done(&text);
}

Test(backup_spec, manifests_of_all_applications_are_merged)
{
	struct console *console = given_console();
	struct json *ours;

	given_second_app(console, GATEWAY);
	console->kind = SITE_KURL;
	console->app_namespace = "apps";
	console->registry = "10.96.2.5";
	console->airgap = ANSWER_YES;
	ours = build(console, NULL);
	expect_text(ours, "spec.includedNamespaces", "[\"default\",\"apps\",\"kurl\",\"gateway\"]");
	expect_text(ours, "spec.excludedNamespaces", "[\"scratch\"]");
	expect_text(ours, "spec.orLabelSelectors",
		    "[{\"matchLabels\":{\"kots.io/backup\":\"velero\"}},"
		    "{\"matchLabels\":{\"vendor\":\"acme\"}}]");
	expect_text(ours, "spec.orderedResources", "{\"pods\":\"a/b\"}");
	cr_assert_eq(json_count(json_get(ours, "spec.hooks.resources")), 2);
	cr_assert(json_get(ours, "spec.includedResources") == NULL);
	cr_assert_str_eq(json_text(ours, "spec.ttl"), "720h0m0s");
	cr_assert(json_get(ours, "metadata.labels.lost") == NULL);
	cr_assert_str_eq(json_text(ours, "metadata.annotations.vendor"), "acme");
	cr_assert_str_eq(json_text(ours, "metadata.annotations.[kots.io/instance]"), "true");
	cr_assert_str_eq(json_text(ours, "metadata.annotations.[kots.io/is-airgap]"), "true");
	cr_assert_str_eq(json_text(ours, "metadata.annotations.[kots.io/embedded-registry]"),
			 "10.96.2.5");
	json_free(ours);
	console_unref(console);
}

Test(backup_spec, durations_are_written_as_go_writes_them)
{
	struct console *console = given_console();
	struct json *ours;

	given_app(console)->backup_spec = GATEWAY_LIST;
	given_app(console)->ttl = "";
	ours = build(console, GIVEN_APP);
	expect_text(ours, "spec.hooks.resources",
		    "[{\"name\":\"flush\",\"pre\":[{\"exec\":{\"command\":[\"sync\"],"
		    "\"timeout\":\"10m0s\"}}]}]");
	cr_assert_str_eq(json_text(ours, "spec.ttl"), "24h0m0s");
	json_free(ours);
	console_unref(console);
}

Test(backup_spec, annotations_are_escaped_as_go_does)
{
	struct console *console = given_console();
	struct json *ours;

	given_second_app(console, "");
	ours = build(console, NULL);
	cr_assert_str_eq(
		json_text(ours, "metadata.annotations.[kots.io/apps-versions]"),
		"{\"acme-analytics\":\"1.0.0\",\"acme-gateway\":\"2.4.0 \\u003cb\\u003e\"}");
	cr_assert_str_eq(json_text(ours, "metadata.annotations.[kots.io/apps-sequences]"),
			 "{\"acme-analytics\":1,\"acme-gateway\":17}");
	json_free(ours);
	console_unref(console);
}

Test(backup_spec, a_star_among_namespaces_stands_alone)
{
	struct console *console = given_console();
	struct json *ours;

	given_app(console)->app_spec = "spec: {additionalNamespaces: ['*', other]}";
	ours = build(console, NULL);
	expect_text(ours, "spec.includedNamespaces", "[\"*\"]");
	json_free(ours);
	ours = build(console, GIVEN_APP);
	expect_text(ours, "spec.includedNamespaces", "[\"*\"]");
	json_free(ours);
	console_unref(console);
}

Test(backup_spec, without_applications_the_maps_are_empty)
{
	struct console *console = given_console();
	struct json *ours;

	console->app_count = 0;
	console->ttl = "";
	ours = build(console, NULL);
	cr_assert_str_eq(json_text(ours, "metadata.annotations.[kots.io/apps-sequences]"), "{}");
	cr_assert(json_get(ours, "spec.ttl") == NULL);
	cr_assert(json_get(ours, "metadata.annotations.[kots.io/embedded-registry]") == NULL);
	json_free(ours);
	console_unref(console);
}

/* The manifest asks for it itself (12): only the console's screens look at kots.io/exclude. */
Test(backup_spec, a_manifest_switched_off_is_still_merged)
{
	struct console *console = given_console();
	struct json *ours;

	given_app(console)->backup_spec = "metadata: {annotations: {kots.io/exclude: 'true'}}\n"
					  "spec: {excludedNamespaces: [x]}";
	ours = build(console, NULL);
	expect_text(ours, "spec.excludedNamespaces", "[\"x\"]");
	json_free(ours);
	console_unref(console);
}

/* Labels of a manifest go into partial snapshots only, its annotations into both (2.2, 2.3). */
Test(backup_spec, labels_of_a_manifest_go_into_a_partial_one_only)
{
	static const char *const slugs[] = { NULL, GIVEN_APP };

	for (size_t i = 0; i < ARRAY_SIZE(slugs); i++) {
		struct console *console = given_console();
		struct json *ours;

		given_app(console)->backup_spec =
			"metadata: {labels: {team: blue}, annotations: {ticket: '7'}}";
		ours = build(console, slugs[i]);
		cr_expect_str_eq(json_text(ours, "metadata.labels.team"), slugs[i] ? "blue" : "");
		cr_expect_str_eq(json_text(ours, "metadata.annotations.ticket"), "7");
		json_free(ours);
		console_unref(console);
	}
}

/* ---- refusals: 2.15 ---- */

static void no_velero(struct console *console)
{
	console->velero_namespace = "";
}

static void no_console(struct console *console)
{
	console->namespace = "";
}

static void embedded(struct console *console)
{
	console->kind = SITE_EMBEDDED;
}

static void no_rows(struct console *console)
{
	console->source = SOURCE_ANNOTATIONS;
	console->database_read = false;
	console->source_note = "connection refused";
}

static void unknown_kind(struct console *console)
{
	console->kind = SITE_UNKNOWN;
}

static void no_image(struct console *console)
{
	console->kotsadm_image = "";
}

static void no_cluster_row(struct console *console)
{
	console->cluster_id = "";
}

static void bad_ttl(struct console *console)
{
	console->ttl = given_app(console)->ttl = "1 month";
}

static void negative_ttl(struct console *console)
{
	console->ttl = given_app(console)->ttl = "-24h";
}

/* Accepted by the API, such a ttl blocks every Velero of the cluster (fixtures/velero 2, 2.0). */
static void ttl_in_days(struct console *console)
{
	given_app(console)->backup_spec = "spec: {ttl: 30d}";
}

static void no_app(struct console *console)
{
	console->app_count = 0;
}

static void never_deployed(struct console *console)
{
	given_app(console)->sequence = -1;
}

static void no_manifest(struct console *console)
{
	given_app(console)->backup_spec = "";
}

static void only_comments(struct console *console)
{
	given_app(console)->backup_spec = "# nothing\n";
}

static void two_selectors(struct console *console)
{
	given_app(console)->backup_spec = GATEWAY "  labelSelector: {matchLabels: {a: b}}\n";
}

static void or_selectors(struct console *console)
{
	given_app(console)->backup_spec = "spec: {orLabelSelectors: [{matchLabels: {a: b}}]}";
}

static void option(struct console *console)
{
	given_app(console)->backup_spec =
		"spec: {includedNamespaces: ['repl{{ ConfigOption \"ns\" }}']}";
}

static void bad_yaml(struct console *console)
{
	given_app(console)->backup_spec = "spec: [";
}

static void bad_hook(struct console *console)
{
	given_app(console)->backup_spec =
		"spec: {hooks: {resources: [{post: [{exec: {timeout: 30}}]}]}}";
}

static void bad_annotation(struct console *console)
{
	given_app(console)->backup_spec = "metadata: {annotations: {a: true}}";
}

static const struct {
	void (*make)(struct console *console);
	bool full, partial;
	const char *words;
} refusals[] = {
	{ no_velero, true, true, "Velero was not found" },
	{ no_console, true, true, "Admin Console was not found" },
	{ embedded, true, true, "Embedded Cluster" },
	{ no_rows, true, true, "connection refused" },
	{ unknown_kind, true, false, "kURL" },
	{ no_image, true, false, "image of the Admin Console" },
	{ no_cluster_row, true, false, "no clusters found" },
	{ bad_ttl, true, true, "is no duration" },
	{ negative_ttl, true, true, "has passed before it begins" },
	{ ttl_in_days, true, true, "is no duration" },
	{ no_app, false, true, "there is no application" },
	{ never_deployed, false, true, "does not have a deployed version" },
	{ no_manifest, false, true, "does not have a backup spec" },
	{ only_comments, false, true, "does not have a backup spec" },
	{ two_selectors, false, true, "orLabelSelectors" },
	{ or_selectors, false, true, "orLabelSelectors" },
	{ option, true, true, "template \"ConfigOption \"ns\"\"" },
	{ bad_yaml, true, true, "Backup manifest of acme-analytics" },
	{ bad_hook, true, true, "is no duration" },
	{ bad_annotation, true, true, "metadata.annotations a is no text" },
};

Test(backup_spec, refuses_what_kots_would_refuse_and_says_why)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct console *console = given_console();

		refusals[i].make(console);
		if (refusals[i].full)
			expect_refusal(console, NULL, refusals[i].words);
		else
			json_free(build(console, NULL));
		if (refusals[i].partial)
			expect_refusal(console, GIVEN_APP, refusals[i].words);
		else
			json_free(build(console, GIVEN_APP));
		console_unref(console);
	}
}
