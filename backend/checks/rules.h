/* Inside of checks/: what a rule gets, how it answers, and the rules themselves. Pure. */
#ifndef BACKEND_CHECKS_RULES_H
#define BACKEND_CHECKS_RULES_H

#include "backend/checks/check.h"

struct check_facts {
	const struct model *model;
	const struct console *console;	 /* NULL = not read yet */
	const struct location *location; /* the one named "default", or NULL */
	const struct snapshot *snapshot; /* of checks_restore(), else NULL */
	const struct restore_plan *plan; /* NULL while it is made */
	const char *slug;		 /* of checks_take(): "" = full */
	int64_t now;
	struct arena *arena;
};

typedef void check_rule(const struct check_facts *facts, struct check_result *result);

/* How a rule answers: verdict and what was seen. */
void rule_say(const struct check_facts *facts, struct check_result *result, enum verdict verdict,
	      const char *fmt, ...) PRINTF_LIKE(4, 5);
void rule_do(const struct check_facts *facts, struct check_result *result, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* true, with the answer "unknown" and why, while the console was not looked at. */
bool rule_lacks_console(const struct check_facts *facts, struct check_result *result);
/* The same for a list: not read yet, forbidden, not served. */
bool rule_lacks_list(const struct check_facts *facts, struct check_result *result,
		     enum collection which);

/* rules_velero.c */
check_rule rule_velero_running, rule_node_agent, rule_velero_version, rule_velero_bugs,
	rule_too_long, rule_nothing_running;
/* rules_destination.c */
check_rule rule_location_default, rule_location_available, rule_location_synced,
	rule_location_writable, rule_location_outside, rule_location_kind, rule_insecure_tls,
	rule_repositories_ready, rule_repositories_kept;
/* rules_site.c */
check_rule rule_embedded, rule_console_running, rule_console_database, rule_console_access,
	rule_licence, rule_manifest, rule_spec, rule_schedules_on, rule_schedules_overdue,
	rule_schedules_of_velero, rule_reading, rule_clock, rule_read_only;
/* rules_past.c */
check_rule rule_newest_restorable, rule_last_ended, rule_deletions, rule_names_taken, rule_scripts,
	rule_unfinished, rule_source_os;
/* rules_restore.c */
check_rule rule_complete, rule_marks, rule_this_cluster, rule_kubernetes, rule_install_method,
	rule_registry, rule_os, rule_reads_copies, rule_own_location, rule_free_space,
	rule_contents, rule_lost, rule_empty_volumes;

#endif
