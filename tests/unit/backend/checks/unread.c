/* Who may not look has found nothing out: a rule about what may not be read is unknown, neither
 * passed nor failed, and stops nothing (kots-snapshots 1.6; seen with a Role of one namespace). */
#include "backend/checks/check.h"
#include "tests/support/site.h"

#include <criterion/criterion.h>
#include <string.h>

static void velero_unread(struct console *console)
{
	console->velero_running = false;
	console->velero_unread = true;
	console->velero_version = "";
	console->velero_problem = "its Deployment may not be read";
}
static void agents_unread(struct console *console)
{
	console->agents_unread = true;
	console->node_agents_ready = console->node_agents_wanted = 0;
}
static void console_unread(struct console *console)
{
	console->namespace = "";
	console->console_unread = true;
	console->source = SOURCE_NONE;
	console->database_read = false;
	console->source_note = "look for the Admin Console: not permitted";
}

static const struct {
	void (*change)(struct console *console);
	const char *rule, *seen;
} cases[] = {
	{ velero_unread, "velero-running", "its Deployment may not be read" },
	{ velero_unread, "versions-together", "the version of Velero is not known" },
	{ agents_unread, "node-agent-on-nodes", "its DaemonSet may not be read" },
	{ console_unread, "console-running", "look for the Admin Console: not permitted" },
};

static const struct check_result *find(const struct check_results *results, const char *rule)
{
	for (size_t i = 0; i < results->count; i++)
		if (!strcmp(results->rows[i].rule, rule))
			return &results->rows[i];
	return NULL;
}

Test(unread, is_unknown_and_not_bad)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct model *model = site_model(SITE_QUIET);
		struct check_results results;
		const struct check_result *row;

		cases[i].change((struct console *)model->console);
		checks_site(model, SITE_NOW, &results);
		row = find(&results, cases[i].rule);
		cr_assert_not_null(row, "%s", cases[i].rule);
		cr_expect_eq(row->verdict, VERDICT_UNKNOWN, "%s: %d, %s", row->rule, row->verdict,
			     row->seen);
		cr_expect_str_eq(row->seen, cases[i].seen);
		cr_expect_eq(results.failed, 0, "%s", row->rule);
		check_results_done(&results);
		model_unref(model);
	}
}
