/* The rules over whole sites: each must be able to pass, to fail and to say that it cannot know. */
#include "backend/checks/check.h"
#include "backend/velero/location.h"
#include "tests/support/site.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

static const struct check_result *find(const struct check_results *results, const char *rule)
{
	for (size_t i = 0; i < results->count; i++)
		if (!strcmp(results->rows[i].rule, rule))
			return &results->rows[i];
	cr_assert_fail("no rule %s", rule);
	return NULL;
}

enum which { OF_SITE, OF_TAKE, OF_RESTORE };

static void run(const struct model *model, enum which which, const char *what,
		struct check_results *results)
{
	if (which == OF_SITE)
		checks_site(model, SITE_NOW, results);
	else if (which == OF_TAKE)
		checks_take(model, what, SITE_NOW, results);
	else
		checks_restore(model, model_snapshot_by_name(model, what), NULL, SITE_NOW, results);
}

static const struct {
	enum site_case site;
	enum which which;
	const char *what, *rule;
	enum verdict want;
} cases[] = {
	{ SITE_QUIET, OF_SITE, "", "velero-running", VERDICT_PASSED },
	{ SITE_ABSENT, OF_SITE, "", "velero-running", VERDICT_FAILED },
	{ SITE_CONNECTING, OF_SITE, "", "velero-running", VERDICT_UNKNOWN },
	{ SITE_QUIET, OF_SITE, "", "node-agent-on-nodes", VERDICT_PASSED },
	{ SITE_QUIET, OF_SITE, "", "destination-default", VERDICT_PASSED },
	{ SITE_CONNECTING, OF_SITE, "", "destination-default", VERDICT_UNKNOWN },
	{ SITE_QUIET, OF_SITE, "", "destination-available", VERDICT_PASSED },
	{ SITE_QUIET, OF_SITE, "", "read-only", VERDICT_PASSED },
	{ SITE_QUIET, OF_SITE, "", "destination-outside", VERDICT_PASSED },
	{ SITE_QUIET, OF_SITE, "", "repositories-ready", VERDICT_PASSED },
	{ SITE_QUIET, OF_SITE, "", "versions-together", VERDICT_PASSED },
	{ SITE_QUIET, OF_SITE, "", "embedded-cluster", VERDICT_PASSED },
	{ SITE_QUIET, OF_SITE, "", "console-running", VERDICT_PASSED },
	{ SITE_CONSOLE_DOWN, OF_SITE, "", "console-running", VERDICT_WARNING },
	{ SITE_QUIET, OF_SITE, "", "console-database", VERDICT_PASSED },
	{ SITE_CONSOLE_DOWN, OF_SITE, "", "console-database", VERDICT_UNKNOWN },
	{ SITE_CONSOLE_DOWN, OF_SITE, "", "schedules-on", VERDICT_UNKNOWN },
	{ SITE_QUIET, OF_SITE, "", "newest-restorable-age", VERDICT_PASSED },
	{ SITE_EMPTY, OF_SITE, "", "newest-restorable-age", VERDICT_FAILED },
	{ SITE_CONNECTING, OF_SITE, "", "newest-restorable-age", VERDICT_UNKNOWN },
	{ SITE_QUIET, OF_SITE, "", "deletions-worked", VERDICT_WARNING },
	{ SITE_EMPTY, OF_SITE, "", "failed-last", VERDICT_UNKNOWN },
	{ SITE_QUIET, OF_SITE, "", "source-os", VERDICT_UNKNOWN },
	{ SITE_QUIET, OF_SITE, "", "read-states", VERDICT_PASSED },
	{ SITE_FORBIDDEN, OF_SITE, "", "read-states", VERDICT_WARNING },
	{ SITE_CONNECTING, OF_SITE, "", "read-states", VERDICT_UNKNOWN },
	{ SITE_QUIET, OF_SITE, "", "clocks-together", VERDICT_PASSED },

	{ SITE_QUIET, OF_TAKE, "", "nothing-running", VERDICT_PASSED },
	{ SITE_STORY, OF_TAKE, "", "nothing-running", VERDICT_FAILED },
	{ SITE_STORY, OF_TAKE, "acme-analytics", "nothing-running", VERDICT_WARNING },
	{ SITE_FORBIDDEN, OF_TAKE, "", "nothing-running", VERDICT_UNKNOWN },
	{ SITE_QUIET, OF_TAKE, "acme-analytics", "licence", VERDICT_PASSED },
	{ SITE_QUIET, OF_TAKE, "acme-analytics", "manifest", VERDICT_PASSED },
	{ SITE_QUIET, OF_TAKE, "not-installed", "manifest", VERDICT_FAILED },
	{ SITE_CONSOLE_DOWN, OF_TAKE, "", "console-running", VERDICT_WARNING },
	{ SITE_READ_ONLY, OF_TAKE, "", "started-here", VERDICT_FAILED },
	{ SITE_QUIET, OF_TAKE, "", "started-here", VERDICT_PASSED },
	{ SITE_QUIET, OF_TAKE, "", "free-space", VERDICT_UNKNOWN },

	{ SITE_QUIET, OF_RESTORE, "instance-m4h8t", "complete", VERDICT_PASSED },
	{ SITE_QUIET, OF_RESTORE, "instance-k6r2w", "complete", VERDICT_FAILED },
	{ SITE_QUIET, OF_RESTORE, "instance-m4h8t", "marks-of-kots", VERDICT_PASSED },
	{ SITE_QUIET, OF_RESTORE, "before-the-upgrade-to-3.8", "marks-of-kots", VERDICT_FAILED },
	{ SITE_QUIET, OF_RESTORE, "instance-m4h8t", "this-cluster", VERDICT_PASSED },
	{ SITE_QUIET, OF_RESTORE, "acme-analytics-b9d4m", "this-cluster", VERDICT_PASSED },
	{ SITE_QUIET, OF_RESTORE, "instance-m4h8t", "install-method", VERDICT_PASSED },
	{ SITE_QUIET, OF_RESTORE, "instance-m4h8t", "registry-address", VERDICT_PASSED },
	{ SITE_QUIET, OF_RESTORE, "instance-m4h8t", "velero-reads", VERDICT_PASSED },
	{ SITE_QUIET, OF_RESTORE, "instance-m4h8t", "destination-available", VERDICT_PASSED },
	{ SITE_QUIET, OF_RESTORE, "instance-m4h8t", "source-os", VERDICT_UNKNOWN },
	{ SITE_QUIET, OF_RESTORE, "instance-m4h8t", "nothing-lost", VERDICT_UNKNOWN },
	{ SITE_STORY, OF_RESTORE, "instance-m4h8t", "nothing-running", VERDICT_FAILED },
};

ParameterizedTestParameters(checks, say_what_the_site_shows_and_no_more)
{
	static size_t rows[ARRAY_SIZE(cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, checks, say_what_the_site_shows_and_no_more)
{
	struct model *model = site_model(cases[*row].site);
	struct check_results results;
	const struct check_result *result;

	run(model, cases[*row].which, cases[*row].what, &results);
	result = find(&results, cases[*row].rule);
	cr_assert_eq(result->verdict, cases[*row].want, "%s %s: %d, %s", cases[*row].rule,
		     cases[*row].what, result->verdict, result->seen);
	check_results_done(&results);
	model_unref(model);
}

static const enum site_case sites[] = { SITE_STORY,	SITE_QUIET,  SITE_CONNECTING,
					SITE_READING,	SITE_EMPTY,  SITE_STALE,
					SITE_FORBIDDEN, SITE_ABSENT, SITE_CONSOLE_DOWN,
					SITE_READ_ONLY, SITE_HOSTILE };

ParameterizedTestParameters(checks, are_sorted_worst_first_counted_and_never_silent)
{
	static size_t rows[ARRAY_SIZE(sites)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

static int severity(enum verdict verdict)
{
	static const int ranks[] = { [VERDICT_FAILED] = 0,
				     [VERDICT_WARNING] = 1,
				     [VERDICT_UNKNOWN] = 2,
				     [VERDICT_PASSED] = 3,
				     [VERDICT_NOT_HERE] = 4 };

	return ranks[verdict];
}

ParameterizedTest(size_t *row, checks, are_sorted_worst_first_counted_and_never_silent)
{
	struct model *model = site_model(sites[*row]);
	struct check_results results;
	size_t elsewhere = 0;

	checks_site(model, SITE_NOW, &results);
	for (size_t i = 0; i < results.count; i++) {
		const struct check_result *result = &results.rows[i];

		cr_assert(*result->seen, "%s says nothing", result->rule);
		elsewhere += result->verdict == VERDICT_NOT_HERE;
		cr_assert(!i || severity(results.rows[i - 1].verdict) <= severity(result->verdict));
	}
	cr_assert_eq(results.passed + results.warnings + results.failed + results.unknown +
			     elsewhere,
		     results.count);
	check_results_done(&results);
	model_unref(model);
}

/* A plan tells what a model alone cannot. */
Test(checks, losses_are_named_once_the_plan_is_there)
{
	struct model *model = site_model(SITE_QUIET);
	struct restore_plan plan = { .contents_known = true,
				     .total = { .lost = 3, .lost_volumes = 1 } };
	struct check_results results;

	checks_restore(model, model_snapshot_by_name(model, "instance-m4h8t"), &plan, SITE_NOW,
		       &results);
	cr_assert_eq(find(&results, "nothing-lost")->verdict, VERDICT_WARNING);
	cr_assert_eq(find(&results, "contents-known")->verdict, VERDICT_PASSED);
	check_results_done(&results);
	plan.contents_known = false;
	plan.total.empty_volumes = 2;
	checks_restore(model, model_snapshot_by_name(model, "instance-m4h8t"), &plan, SITE_NOW,
		       &results);
	cr_assert_eq(find(&results, "nothing-lost")->verdict, VERDICT_UNKNOWN);
	cr_assert_eq(find(&results, "contents-known")->verdict, VERDICT_WARNING);
	cr_assert_eq(find(&results, "volumes-in-snapshot")->verdict, VERDICT_WARNING);
	check_results_done(&results);
	model_unref(model);
}

/* Addresses of private networks may be a node, a Service, or a machine next door. */
static const struct {
	const char *url;
	enum verdict verdict;
} places[] = {
	{ "https://s3.eu-central-1.amazonaws.com", VERDICT_PASSED },
	{ "https://s3.backup.acme.example:9000/x", VERDICT_PASSED },
	{ "http://52.219.1.2", VERDICT_PASSED },
	{ "http://10.250.0.1:9000", VERDICT_UNKNOWN },
	{ "http://172.20.0.9:9000", VERDICT_UNKNOWN },
	{ "http://172.32.0.9:9000", VERDICT_PASSED },
	{ "http://192.168.1.9", VERDICT_UNKNOWN },
	{ "http://[fd00::1]:9000", VERDICT_UNKNOWN },
	{ "http://minio:9000", VERDICT_UNKNOWN },
	{ "http://minio.velero.svc:9000", VERDICT_WARNING },
};

Test(checks, a_private_address_is_not_said_to_be_outside)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct model *model = site_model(SITE_QUIET);
		const struct list *list = model->lists[COLLECTION_LOCATIONS];
		struct check_results results;

		for (size_t at = 0; at < list->count; at++)
			((struct location *)list->items[at])->s3_url = places[i].url;
		checks_site(model, SITE_NOW, &results);
		cr_expect_eq(find(&results, "destination-outside")->verdict, places[i].verdict,
			     "%s: %s", places[i].url, find(&results, "destination-outside")->seen);
		check_results_done(&results);
		model_unref(model);
	}
}

static const struct {
	const char *then;
	enum verdict verdict;
} versions[] = {
	{ "v1.33.7", VERDICT_PASSED },	{ "v1.33.1", VERDICT_PASSED },
	{ "v1.31.0", VERDICT_PASSED },	{ "v1.34.0", VERDICT_WARNING },
	{ "rubbish", VERDICT_UNKNOWN }, { "", VERDICT_UNKNOWN },
};

Test(checks, kubernetes_of_then_is_compared)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct model *model = site_model(SITE_QUIET);
		const struct snapshot *row = model_snapshot_by_name(model, "instance-m4h8t");
		struct check_results results;

		((struct backup *)row->backup)->kubernetes = versions[i].then;
		checks_restore(model, row, NULL, SITE_NOW, &results);
		cr_expect_eq(find(&results, "kubernetes")->verdict, versions[i].verdict, "%s: %s",
			     versions[i].then, find(&results, "kubernetes")->seen);
		check_results_done(&results);
		model_unref(model);
	}
}
