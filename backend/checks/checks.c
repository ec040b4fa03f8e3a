#include "backend/checks/rules.h"

#include "backend/velero/location.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct rule {
	const char *name, *title;
	check_rule *look;
};

/* clang-format off */
static const struct rule site_rules[] = {
	{ "velero-running",        "Velero",          rule_velero_running },
	{ "node-agent-on-nodes",   "Node agent",      rule_node_agent },
	{ "destination-default",   "Destination",     rule_location_default },
	{ "destination-available", "Destination",     rule_location_available },
	{ "destination-synced",    "Last sync",       rule_location_synced },
	{ "read-only",             "Writable",        rule_location_writable },
	{ "destination-outside",   "Outside",         rule_location_outside },
	{ "destination-kind",      "Kind of store",   rule_location_kind },
	{ "insecure-tls",          "TLS",             rule_insecure_tls },
	{ "repositories-ready",    "Repositories",    rule_repositories_ready },
	{ "repositories-kept",     "Maintenance",     rule_repositories_kept },
	{ "versions-together",     "Versions",        rule_velero_version },
	{ "velero-bugs",           "Known faults",    rule_velero_bugs },
	{ "embedded-cluster",      "Kind of cluster", rule_embedded },
	{ "console-running",       "Admin Console",   rule_console_running },
	{ "console-database",      "Its database",    rule_console_database },
	{ "console-access",        "Its permissions", rule_console_access },
	{ "licence",               "Licence",         rule_licence },
	{ "manifest",              "Backup manifest", rule_manifest },
	{ "schedules-on",          "Schedules",       rule_schedules_on },
	{ "schedules-overdue",     "On time",         rule_schedules_overdue },
	{ "schedules-of-velero",   "Other schedules", rule_schedules_of_velero },
	{ "newest-restorable-age", "Newest",          rule_newest_restorable },
	{ "failed-last",           "Last results",    rule_last_ended },
	{ "running-too-long",      "Duration",        rule_too_long },
	{ "scripts-worked",        "Scripts",         rule_scripts },
	{ "deletions-worked",      "Deletions",       rule_deletions },
	{ "names-taken",           "Names",           rule_names_taken },
	{ "nothing-unfinished",    "Operations",      rule_unfinished },
	{ "source-os",             "Source system",   rule_source_os },
	{ "read-states",           "Reading",         rule_reading },
	{ "clocks-together",       "Clocks",          rule_clock },
};

static const struct rule take_rules[] = {
	{ "nothing-running",       "Nothing running", rule_nothing_running },
	{ "destination-default",   "Destination",     rule_location_default },
	{ "destination-available", "Destination",     rule_location_available },
	{ "read-only",             "Writable",        rule_location_writable },
	{ "destination-kind",      "Kind of store",   rule_location_kind },
	{ "repositories-ready",    "Repositories",    rule_repositories_ready },
	{ "velero-running",        "Velero",          rule_velero_running },
	{ "node-agent-on-nodes",   "Node agent",      rule_node_agent },
	{ "embedded-cluster",      "Kind of cluster", rule_embedded },
	{ "console-running",       "Admin Console",   rule_console_running },
	{ "console-database",      "Its database",    rule_console_database },
	{ "licence",               "Licence",         rule_licence },
	{ "manifest",              "Backup manifest", rule_manifest },
	{ "free-space",            "Free space",      rule_free_space },
	{ "started-here",          "Permission",      rule_read_only },
};

static const struct rule restore_rules[] = {
	{ "complete",              "Complete",         rule_complete },
	{ "marks-of-kots",         "Marks of KOTS",    rule_marks },
	{ "this-cluster",          "This cluster",     rule_this_cluster },
	{ "kubernetes",            "Kubernetes",       rule_kubernetes },
	{ "install-method",        "Install method",   rule_install_method },
	{ "registry-address",      "Registry address", rule_registry },
	{ "source-os",             "Operating system", rule_os },
	{ "velero-running",        "Velero",           rule_velero_running },
	{ "velero-reads",          "Copies",           rule_reads_copies },
	{ "destination-available", "Destination",      rule_own_location },
	{ "repositories-ready",    "Repositories",     rule_repositories_ready },
	{ "node-agent-on-nodes",   "Node agent",       rule_node_agent },
	{ "nothing-running",       "Nothing running",  rule_nothing_running },
	{ "nothing-unfinished",    "Operations",       rule_unfinished },
	{ "contents-known",        "Contents",         rule_contents },
	{ "nothing-lost",          "Lost",             rule_lost },
	{ "volumes-in-snapshot",   "Volumes",          rule_empty_volumes },
	{ "free-space",            "Free space",       rule_free_space },
	{ "started-here",          "Permission",       rule_read_only },
};

static const char *const list_names[COLLECTIONS] = {
	[COLLECTION_BACKUPS] = "snapshots",
	[COLLECTION_POD_VOLUME_BACKUPS] = "volumes of snapshots",
	[COLLECTION_RESTORES] = "restores",
	[COLLECTION_POD_VOLUME_RESTORES] = "volumes of restores",
	[COLLECTION_LOCATIONS] = "destinations",
	[COLLECTION_REPOSITORIES] = "repositories",
	[COLLECTION_SCHEDULES] = "Velero's own schedules",
	[COLLECTION_DELETE_REQUESTS] = "delete requests",
};
/* clang-format on */

const char *rule_list_name(enum collection which)
{
	return list_names[which];
}

static PRINTF_LIKE(2, 0) const
	char *keep(const struct check_facts *facts, const char *fmt, va_list args)
{
	struct strbuf text = STRBUF_INIT;
	const char *kept;

	strbuf_vaddf(&text, fmt, args);
	kept = arena_text(facts->arena, text.buf);
	strbuf_done(&text);
	return kept;
}

void rule_say(const struct check_facts *facts, struct check_result *result, enum verdict verdict,
	      const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	result->seen = keep(facts, fmt, args);
	va_end(args);
	result->verdict = verdict;
}

void rule_do(const struct check_facts *facts, struct check_result *result, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	result->action = keep(facts, fmt, args);
	va_end(args);
}

bool rule_lacks_console(const struct check_facts *facts, struct check_result *result)
{
	if (!facts->console)
		rule_say(facts, result, VERDICT_UNKNOWN, "not looked at yet");
	return !facts->console;
}

bool rule_lacks_list(const struct check_facts *facts, struct check_result *result,
		     enum collection which)
{
	const struct collection_state *state = &facts->model->state[which];

	if (state->reading == READ_FORBIDDEN || state->reading == READ_ABSENT)
		rule_say(facts, result, VERDICT_UNKNOWN, "%s: %s", list_names[which],
			 *state->why.text		    ? state->why.text
			 : state->reading == READ_FORBIDDEN ? "not permitted"
							    : "not served here");
	else if (!state->ever)
		rule_say(facts, result, VERDICT_UNKNOWN, "%s: not read yet", list_names[which]);
	else
		return false;
	return true;
}

static int severity(const struct check_result *result)
{
	static const int ranks[] = { [VERDICT_FAILED] = 0,
				     [VERDICT_WARNING] = 1,
				     [VERDICT_UNKNOWN] = 2,
				     [VERDICT_PASSED] = 3,
				     [VERDICT_NOT_HERE] = 4 };

	return ranks[result->verdict];
}

/* Stable: within one verdict the order of the table stays. */
static void sort_worst_first(struct check_results *results)
{
	for (size_t i = 1; i < results->count; i++) {
		struct check_result row = results->rows[i];
		size_t at = i;

		for (; at > 0 && severity(&results->rows[at - 1]) > severity(&row); at--)
			results->rows[at] = results->rows[at - 1];
		results->rows[at] = row;
	}
}

static void run(const struct rule *rules, size_t count, struct check_facts *facts,
		struct check_results *results)
{
	*results = (struct check_results){ .count = count };
	facts->arena = &results->arena;
	facts->console = facts->model->console;
	facts->location = (const struct location *)list_by_name(
		facts->model->lists[COLLECTION_LOCATIONS], "default");
	results->rows = arena_alloc(&results->arena, count * sizeof(*results->rows));
	for (size_t i = 0; i < count; i++) {
		struct check_result *row = &results->rows[i];

		*row = (struct check_result){ .rule = rules[i].name,
					      .title = rules[i].title,
					      .verdict = VERDICT_UNKNOWN,
					      .seen = "",
					      .means = "",
					      .action = "" };
		rules[i].look(facts, row);
		results->passed += row->verdict == VERDICT_PASSED;
		results->warnings += row->verdict == VERDICT_WARNING;
		results->failed += row->verdict == VERDICT_FAILED;
		results->unknown += row->verdict == VERDICT_UNKNOWN;
	}
	sort_worst_first(results);
}

void checks_site(const struct model *model, int64_t now, struct check_results *ret_results)
{
	struct check_facts facts = { .model = model, .slug = "", .now = now };

	run(site_rules, ARRAY_SIZE(site_rules), &facts, ret_results);
}

void checks_take(const struct model *model, const char *slug, int64_t now,
		 struct check_results *ret_results)
{
	struct check_facts facts = { .model = model, .slug = slug, .now = now };

	run(take_rules, ARRAY_SIZE(take_rules), &facts, ret_results);
}

void checks_restore(const struct model *model, const struct snapshot *snapshot,
		    const struct restore_plan *plan, int64_t now, struct check_results *ret_results)
{
	struct check_facts facts = {
		.model = model, .snapshot = snapshot, .plan = plan, .slug = "", .now = now
	};

	run(restore_rules, ARRAY_SIZE(restore_rules), &facts, ret_results);
}

void check_results_done(struct check_results *results)
{
	arena_done(&results->arena);
	*results = (struct check_results){ 0 };
}
