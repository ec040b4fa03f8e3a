/* Objects and rows to facts about the console: pure, one function an answer, for console_probe.c.
 * Each takes a borrowed reply and fills in a console that is not published yet.
 * spec/kots-snapshots.md 1, 12, Appendix B. */
#ifndef BACKEND_KOTS_CONSOLE_FACTS_H
#define BACKEND_KOTS_CONSOLE_FACTS_H

#include "backend/kots/console.h"

#define CONSOLE_DATABASE "kotsadm-rqlite"
#define CONSOLE_TOKEN	 "kotsadm-authstring"

/* One reference, everything unknown, texts "". */
struct console *console_new(void);

/* Item of a list (or the object itself) called `name`, in `namespace` unless that is ""; NULL when
 * there is none. The one in `preferred` wins over others. */
const struct json *facts_find_named(const struct json *list, const char *name,
				    const char *preferred);

void facts_take_version(struct console *console, const struct json *version);
void facts_take_workload(struct console *console,
			 const struct json *workload); /* kotsadm: Deployment or StatefulSet */
void facts_take_velero(struct console *console, const struct json *deployment);
void facts_take_node_agents(struct console *console, const struct json *daemonsets);
/* Adds why Velero's pod does not come up to velero_problem. */
void facts_take_velero_pods(struct console *console, const struct json *pods);
/* ClusterRoleBinding kotsadm-rolebinding: needs console->namespace. */
void facts_take_binding(struct console *console, const struct json *binding);
/* What kotsadm needs under minimal RBAC (1.6), as found in Velero's namespace; NULL = not there,
 * known false = it could not be looked for. */
struct facts_access {
	const struct json *map, *role, *binding;
	bool map_known, role_known, binding_known;
};
void facts_take_access(struct console *console, const struct facts_access *access);
/* Nodes: how many, and by which addresses they are known. */
void facts_take_nodes(struct console *console, const struct json *nodes);
/* Secret registry-creds; false when it names no embedded registry. */
bool facts_take_registry(struct console *console, const struct json *secret);
bool facts_is_embedded(const struct json *workload);

/* Value of a Secret's key, decoded; "" when absent. Appends. */
void facts_add_secret(struct strbuf *out, const struct json *secret, const char *key);

/* The four queries behind facts_take_rows(), owned. */
struct json *facts_new_queries(void);
/* rqlite's reply to them: applications, schedules, retention. STATUS_FORMAT or STATUS_FAILED when
 * the application rows cannot be read; console is unchanged then. */
enum status facts_take_rows(struct console *console, const struct json *reply, struct error *err);
void facts_sort_apps(struct console *console); /* by slug */
/* The API's answer, after the rows where there are some: what it says counts more, what only they
 * say stays, and where the two differ console->differs tells it. STATUS_FORMAT when it is no such
 * answer; console is unchanged then. */
enum status facts_take_api(struct console *console, const struct json *reply, struct error *err);

#endif
