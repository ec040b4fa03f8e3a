/* Before a snapshot: what stops it, in words that the dialog, the command and the session share,
 * and when each fact was looked at (console-screens F-103; kots-snapshots 2.12, 2.15). */
#include "backend/base/clock.h"
#include "backend/checks/check.h"
#include "backend/velero/location.h"
#include "tests/support/site.h"

#include <criterion/criterion.h>
#include <string.h>

static struct console *console_of(struct model *model)
{
	return (struct console *)model->console;
}

static struct app *first_app(struct model *model)
{
	return &console_of(model)->apps[0];
}

static struct location *location_of(struct model *model)
{
	return (struct location *)list_by_name(model->lists[COLLECTION_LOCATIONS], "default");
}

static void unavailable(struct model *model)
{
	location_of(model)->phase = "Unavailable";
	location_of(model)->message = "rpc error: connection refused";
}
static void read_only(struct model *model)
{
	location_of(model)->access_mode = "ReadOnly";
}
static void not_checked(struct model *model)
{
	location_of(model)->last_validated = SITE_NOW - 3600;
}
static void repository(struct model *model)
{
	struct repository *one =
		(struct repository *)model->lists[COLLECTION_REPOSITORIES]->items[0];

	one->phase = "NotReady";
	one->message = "error to connect to the repository";
}
static void velero_away(struct model *model)
{
	console_of(model)->velero_running = false;
	console_of(model)->velero_problem = "0 of 1 replica, ImagePullBackOff";
}
static void no_agent_ready(struct model *model)
{
	console_of(model)->node_agents_ready = 0;
}
static void agent_missing(struct model *model)
{
	console_of(model)->node_agents_ready = 2;
}
static void embedded(struct model *model)
{
	console_of(model)->kind = SITE_EMBEDDED;
}
static void console_down(struct model *model)
{
	console_of(model)->kotsadm_running = false;
}
static void no_database(struct model *model)
{
	console_of(model)->source = SOURCE_ANNOTATIONS;
	console_of(model)->database_read = false;
	console_of(model)->source_note = "kotsadm-rqlite at 10.96.0.31:4001 does not answer";
}
static void unlicensed(struct model *model)
{
	first_app(model)->licensed = ANSWER_NO;
}
static void no_manifest(struct model *model)
{
	first_app(model)->manifest = ANSWER_NO;
	first_app(model)->backup_spec = "";
}
static void switched_off(struct model *model)
{
	first_app(model)->manifest = ANSWER_NO;
	first_app(model)->backup_spec =
		"kind: Backup\nmetadata: {annotations: {kots.io/exclude: 'true'}}\n";
}
static void no_yaml(struct model *model)
{
	first_app(model)->backup_spec = "kind: [Backup\n";
}
static void a_template(struct model *model)
{
	first_app(model)->backup_spec =
		"kind: Backup\nspec: {ttl: 'repl{{ ConfigOption \"ttl\" }}'}\n";
}
static void wrong_retention(struct model *model)
{
	console_of(model)->ttl = "30d";
}
static void not_deployed(struct model *model)
{
	first_app(model)->sequence = -1;
}
static void nothing(struct model *model)
{
	(void)model;
}

static const struct {
	const char *name, *slug;
	enum site_case site;
	void (*change)(struct model *model);
	const char *rule;
	enum verdict verdict;
	const char *seen; /* begins so */
	bool stops;
} cases[] = {
	{ "all is well", "", SITE_QUIET, nothing, "backup-object", VERDICT_PASSED, "as KOTS would",
	  false },
	{ "one of the kind runs", "", SITE_STORY, nothing, "nothing-running", VERDICT_FAILED,
	  "instance-x7k2p (full) is running", true },
	{ "one of another kind runs", "acme-gateway", SITE_STORY, nothing, "nothing-running",
	  VERDICT_WARNING, "instance-x7k2p (full) is running", false },
	{ "the store does not answer", "", SITE_QUIET, unavailable, "destination-available",
	  VERDICT_FAILED, "destination is unavailable: rpc error", true },
	{ "nobody has looked at the store for long", "", SITE_QUIET, not_checked,
	  "destination-available", VERDICT_WARNING, "not checked for", false },
	{ "the destination is read-only", "", SITE_QUIET, read_only, "read-only", VERDICT_FAILED,
	  "destination is read-only", true },
	{ "a repository is not ready", "", SITE_QUIET, repository, "repositories-ready",
	  VERDICT_FAILED, "", true },
	{ "Velero does not run", "", SITE_QUIET, velero_away, "velero-running", VERDICT_FAILED,
	  "not ready: 0 of 1 replica, ImagePullBackOff", true },
	{ "no node has an agent", "", SITE_QUIET, no_agent_ready, "node-agent-on-nodes",
	  VERDICT_FAILED, "0 of 3 nodes", true },
	{ "one node has none", "", SITE_QUIET, agent_missing, "node-agent-on-nodes",
	  VERDICT_WARNING, "2 of 3 nodes", false },
	{ "Embedded Cluster", "", SITE_QUIET, embedded, "embedded-cluster", VERDICT_FAILED,
	  "Embedded Cluster", true },
	{ "kotsadm is down: its database is not in it", "", SITE_QUIET, console_down,
	  "console-running", VERDICT_WARNING, "the Admin Console is down", false },
	{ "the database does not say what is deployed", "", SITE_QUIET, no_database,
	  "backup-object", VERDICT_FAILED,
	  "which versions are deployed is not known: kotsadm-rqlite", true },
	{ "the licence does not allow it, which KOTS does not enforce", "", SITE_QUIET, unlicensed,
	  "licence", VERDICT_WARNING, "the licence of Acme Analytics does not allow", false },
	{ "a full one without a manifest", "", SITE_QUIET, no_manifest, "manifest", VERDICT_WARNING,
	  "Acme Analytics ships no Backup manifest", false },
	{ "a partial one without a manifest", "acme-analytics", SITE_QUIET, no_manifest, "manifest",
	  VERDICT_FAILED, "Acme Analytics ships no Backup manifest", true },
	{ "a manifest that switches itself off", "acme-analytics", SITE_QUIET, switched_off,
	  "manifest", VERDICT_WARNING, "Acme Analytics has switched its Backup manifest off",
	  false },
	{ "a manifest that is no YAML", "", SITE_QUIET, no_yaml, "manifest", VERDICT_FAILED,
	  "the Backup manifest of acme-analytics: ", true },
	{ "a manifest that only KOTS can render", "", SITE_QUIET, a_template, "manifest",
	  VERDICT_FAILED, "the Backup manifest of acme-analytics: template", true },
	{ "another application's manifest does not matter", "acme-gateway", SITE_QUIET, no_yaml,
	  "manifest", VERDICT_PASSED, "shipped", false },
	{ "a retention that is no duration", "", SITE_QUIET, wrong_retention, "backup-object",
	  VERDICT_FAILED, "the retention of full snapshots, \"30d\", is no duration", true },
	{ "a version that was never deployed", "acme-analytics", SITE_QUIET, not_deployed,
	  "backup-object", VERDICT_FAILED, "acme-analytics does not have a deployed version",
	  true },
};

static const struct check_result *find(const struct check_results *results, const char *rule)
{
	for (size_t i = 0; i < results->count; i++)
		if (!strcmp(results->rows[i].rule, rule))
			return &results->rows[i];
	cr_assert_fail("no rule %s", rule);
	return NULL;
}

Test(take, is_stopped_or_warned_of_with_the_reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct model *model = site_model(cases[i].site);
		struct error err = ERROR_INIT;
		struct check_results results;
		const struct check_result *row;

		cases[i].change(model);
		checks_take(model, cases[i].slug, SITE_NOW, &results);
		row = find(&results, cases[i].rule);
		cr_expect_eq(row->verdict, cases[i].verdict, "%s: %d, %s", cases[i].name,
			     row->verdict, row->seen);
		cr_expect(text_starts(row->seen, cases[i].seen), "%s: %s", cases[i].name,
			  row->seen);
		checks_refusal(&results, &err);
		cr_expect_eq(err.code, cases[i].stops ? STATUS_REFUSED : STATUS_OK, "%s: %s",
			     cases[i].name, err.text);
		cr_expect(!cases[i].stops || text_starts(err.text, "not now: "), "%s", err.text);
		check_results_done(&results);
		model_unref(model);
	}
	cr_expect_eq(status_exit_code(STATUS_REFUSED), 10);
}

/* What was true a minute ago is told as of a minute ago. */
Test(take, each_fact_has_the_time_it_was_looked_at)
{
	struct model *model = site_model(SITE_QUIET);
	struct check_results results;

	checks_take(model, "", SITE_NOW, &results);
	cr_expect_eq(find(&results, "velero-running")->checked_at, model->console->looked_at);
	cr_expect_eq(find(&results, "destination-available")->checked_at,
		     location_of(model)->last_validated);
	cr_expect_eq(find(&results, "nothing-running")->checked_at, SITE_NOW);
	check_results_done(&results);
	model_unref(model);
	model = site_model(SITE_STALE);
	checks_take(model, "", SITE_NOW, &results);
	cr_expect_eq(find(&results, "nothing-running")->checked_at, model->link.since);
	check_results_done(&results);
	model_unref(model);
	model = site_model(SITE_CONNECTING);
	checks_take(model, "", SITE_NOW, &results);
	cr_expect_eq(find(&results, "velero-running")->checked_at, 0);
	check_results_done(&results);
	model_unref(model);
}

/* ---- of the site: who is there (F-004, F-008, R-16) ---- */

static void full_rbac(struct model *model)
{
	console_of(model)->cluster_scoped = true;
}
static void minimal(struct model *model)
{
	console_of(model)->cluster_scoped = false;
}
static void minimal_without(struct model *model)
{
	minimal(model);
	console_of(model)->velero_access = ANSWER_NO;
	console_of(model)->velero_lacks = "Role kotsadm-role";
}
static void minimal_unread(struct model *model)
{
	minimal(model);
	console_of(model)->velero_access = ANSWER_UNKNOWN;
}
static void on_a_node(struct model *model)
{
	location_of(model)->s3_url = "http://10.0.4.12:9000";
}
static void by_name_of_a_node(struct model *model)
{
	location_of(model)->s3_url = "https://node-03:9000/x";
}
static void next_door(struct model *model)
{
	location_of(model)->s3_url = "http://10.0.4.1:9000";
}
static void by_annotations(struct model *model)
{
	no_database(model);
	console_of(model)->source_as_of = SITE_NOW - 86400 * 3;
}

static const struct {
	void (*change)(struct model *model);
	const char *rule;
	enum verdict verdict;
	const char *seen;   /* part of it */
	const char *action; /* part of it */
} site_cases[] = {
	{ full_rbac, "console-access", VERDICT_PASSED, "of the whole cluster", "" },
	{ minimal, "console-access", VERDICT_PASSED, "with access to Velero", "" },
	{ minimal_without, "console-access", VERDICT_WARNING, "Role kotsadm-role is not there",
	  "ensure-permissions -n default --velero-namespace velero" },
	{ minimal_unread, "console-access", VERDICT_UNKNOWN, "cannot be read",
	  "ensure-permissions" },
	{ on_a_node, "destination-outside", VERDICT_WARNING, "10.0.4.12 is a node", "outside" },
	{ by_name_of_a_node, "destination-outside", VERDICT_WARNING, "node-03 is a node",
	  "outside" },
	{ next_door, "destination-outside", VERDICT_UNKNOWN, "10.0.4.1 ", "" },
	{ by_annotations, "console-database", VERDICT_UNKNOWN,
	  "newest full snapshot, taken 3 d ago", "on a node" },
};

Test(site, who_is_there_is_told_with_its_source_and_age)
{
	for (size_t i = 0; i < ARRAY_SIZE(site_cases); i++) {
		struct model *model = site_model(SITE_QUIET);
		struct check_results results;
		const struct check_result *row;

		site_cases[i].change(model);
		checks_site(model, SITE_NOW, &results);
		row = find(&results, site_cases[i].rule);
		cr_expect_eq(row->verdict, site_cases[i].verdict, "%zu: %d, %s", i, row->verdict,
			     row->seen);
		cr_expect(strstr(row->seen, site_cases[i].seen), "%zu: %s", i, row->seen);
		cr_expect(strstr(row->action, site_cases[i].action), "%zu: %s", i, row->action);
		check_results_done(&results);
		model_unref(model);
	}
}
