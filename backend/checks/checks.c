#include "backend/checks/rules.h"

#include "backend/velero/location.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* How old what a rule looks at is: lists are watched, the console is looked for now and then, a
 * destination is tried by Velero. */
enum source { BY_WATCH, BY_PROBE, BY_VELERO };

struct rule {
	const char *name, *title;
	check_rule *look;
	enum source source;
};

/* clang-format off */
static const struct rule site_rules[] = {
	{ "velero-running",        "Velero",          rule_velero_running, BY_PROBE },
	{ "node-agent-on-nodes",   "Node agent",      rule_node_agent, BY_PROBE },
	{ "destination-default",   "Destination",     rule_location_default, BY_WATCH },
	{ "destination-available", "Destination",     rule_location_available, BY_VELERO },
	{ "destination-synced",    "Last sync",       rule_location_synced, BY_WATCH },
	{ "read-only",             "Writable",        rule_location_writable, BY_WATCH },
	{ "destination-outside",   "Outside",         rule_location_outside, BY_WATCH },
	{ "destination-kind",      "Kind of store",   rule_location_kind, BY_WATCH },
	{ "insecure-tls",          "TLS",             rule_insecure_tls, BY_WATCH },
	{ "repositories-ready",    "Repositories",    rule_repositories_ready, BY_WATCH },
	{ "repositories-kept",     "Maintenance",     rule_repositories_kept, BY_WATCH },
	{ "versions-together",     "Versions",        rule_velero_version, BY_PROBE },
	{ "velero-bugs",           "Known faults",    rule_velero_bugs, BY_PROBE },
	{ "embedded-cluster",      "Kind of cluster", rule_embedded, BY_PROBE },
	{ "console-running",       "Admin Console",   rule_console_running, BY_PROBE },
	{ "console-database",      "Its database",    rule_console_database, BY_PROBE },
	{ "console-access",        "Its permissions", rule_console_access, BY_PROBE },
	{ "licence",               "Licence",         rule_licence, BY_PROBE },
	{ "manifest",              "Backup manifest", rule_manifest, BY_PROBE },
	{ "schedules-on",          "Schedules",       rule_schedules_on, BY_PROBE },
	{ "schedules-overdue",     "On time",         rule_schedules_overdue, BY_PROBE },
	{ "schedules-of-velero",   "Other schedules", rule_schedules_of_velero, BY_WATCH },
	{ "newest-restorable-age", "Newest",          rule_newest_restorable, BY_WATCH },
	{ "failed-last",           "Last results",    rule_last_ended, BY_WATCH },
	{ "running-too-long",      "Duration",        rule_too_long, BY_WATCH },
	{ "scripts-worked",        "Scripts",         rule_scripts, BY_WATCH },
	{ "deletions-worked",      "Deletions",       rule_deletions, BY_WATCH },
	{ "names-taken",           "Names",           rule_names_taken, BY_WATCH },
	{ "nothing-unfinished",    "Operations",      rule_unfinished, BY_WATCH },
	{ "source-os",             "Source system",   rule_source_os, BY_WATCH },
	{ "read-states",           "Reading",         rule_reading, BY_WATCH },
	{ "clocks-together",       "Clocks",          rule_clock, BY_WATCH },
};

/* What a person wants to see first where there is no room for all. */
static const struct rule take_rules[] = {
	{ "nothing-running",       "Nothing running", rule_nothing_running, BY_WATCH },
	{ "destination-available", "Destination",     rule_location_available, BY_VELERO },
	{ "repositories-ready",    "Repositories",    rule_repositories_ready, BY_WATCH },
	{ "velero-running",        "Velero",          rule_velero_running, BY_PROBE },
	{ "node-agent-on-nodes",   "Node agent",      rule_node_agent, BY_PROBE },
	{ "console-running",       "Admin Console",   rule_console_running, BY_PROBE },
	{ "console-database",      "Its database",    rule_console_database, BY_PROBE },
	{ "licence",               "Licence",         rule_licence, BY_PROBE },
	{ "manifest",              "Backup manifest", rule_manifest, BY_PROBE },
	{ "backup-object",         "Backup object",   rule_spec, BY_PROBE },
	{ "destination-default",   "Destination",     rule_location_default, BY_WATCH },
	{ "read-only",             "Writable",        rule_location_writable, BY_WATCH },
	{ "destination-kind",      "Kind of store",   rule_location_kind, BY_WATCH },
	{ "embedded-cluster",      "Kind of cluster", rule_embedded, BY_PROBE },
	{ "free-space",            "Free space",      rule_free_space, BY_WATCH },
	{ "started-here",          "Permission",      rule_read_only, BY_WATCH },
};

static const struct rule restore_rules[] = {
	{ "complete",              "Complete",         rule_complete, BY_WATCH },
	{ "marks-of-kots",         "Marks of KOTS",    rule_marks, BY_WATCH },
	{ "this-cluster",          "This cluster",     rule_this_cluster, BY_WATCH },
	{ "kubernetes",            "Kubernetes",       rule_kubernetes, BY_PROBE },
	{ "install-method",        "Install method",   rule_install_method, BY_PROBE },
	{ "registry-address",      "Registry address", rule_registry, BY_PROBE },
	{ "source-os",             "Operating system", rule_os, BY_WATCH },
	{ "velero-running",        "Velero",           rule_velero_running, BY_PROBE },
	{ "velero-reads",          "Copies",           rule_reads_copies, BY_WATCH },
	{ "destination-available", "Destination",      rule_own_location, BY_VELERO },
	{ "repositories-ready",    "Repositories",     rule_repositories_ready, BY_WATCH },
	{ "node-agent-on-nodes",   "Node agent",       rule_node_agent, BY_PROBE },
	{ "nothing-running",       "Nothing running",  rule_nothing_running, BY_WATCH },
	{ "nothing-unfinished",    "Operations",       rule_unfinished, BY_WATCH },
	{ "contents-known",        "Contents",         rule_contents, BY_WATCH },
	{ "nothing-lost",          "Lost",             rule_lost, BY_WATCH },
	{ "volumes-in-snapshot",   "Volumes",          rule_empty_volumes, BY_WATCH },
	{ "free-space",            "Free space",       rule_free_space, BY_WATCH },
	{ "started-here",          "Permission",       rule_read_only, BY_WATCH },
};

/* clang-format on */

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
		rule_say(facts, result, VERDICT_UNKNOWN, "%s: %s", collection_name(which),
			 *state->why.text		    ? state->why.text
			 : state->reading == READ_FORBIDDEN ? "not permitted"
							    : "not served here");
	else if (!state->ever)
		rule_say(facts, result, VERDICT_UNKNOWN, "%s: not read yet",
			 collection_name(which));
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

static int64_t checked_at(const struct check_facts *facts, enum source source)
{
	const struct model *model = facts->model;

	if (source == BY_PROBE)
		return facts->console ? facts->console->looked_at : 0;
	if (source == BY_VELERO)
		return facts->location ? facts->location->last_validated : 0;
	if (model->link.state == LINK_LIVE || model->link.state == LINK_POLLING)
		return facts->now;
	return model->link.since;
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
					      .action = "",
					      .checked_at = checked_at(facts, rules[i].source) };
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

enum status checks_refusal(const struct check_results *results, struct error *err)
{
	const struct check_result *row = results->rows;

	if (!results->failed)
		return STATUS_OK;
	while (row->verdict != VERDICT_FAILED)
		row++;
	error_set(err, STATUS_REFUSED, "not now: %s", row->seen);
	error_hint(err, "%s", row->action);
	return STATUS_REFUSED;
}

void check_results_done(struct check_results *results)
{
	arena_done(&results->arena);
	*results = (struct check_results){ 0 };
}
