/* The admin console and its site: what is installed, in which versions, and where each fact comes
 * from. Plain values, decoded by pure functions from objects and from rqlite rows; console_probe()
 * asks for them. Counted, immutable once published. spec/kots-snapshots.md 1, 12, Appendix B. */
#ifndef BACKEND_KOTS_CONSOLE_H
#define BACKEND_KOTS_CONSOLE_H

#include "backend/kube/client.h"

#include <stdatomic.h>

enum site_kind { SITE_UNKNOWN, SITE_EXISTING, SITE_KURL, SITE_EMBEDDED };
enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

/* Where the knowledge of applications came from, the best last. */
enum console_source { SOURCE_NONE, SOURCE_ANNOTATIONS, SOURCE_RQLITE, SOURCE_API };

struct app {
	const char *slug, *title, *id; /* id "" when unknown */
	int64_t sequence; /* parent sequence of the deployed version, -1 unknown or never deployed
			   */
	const char *version;
	const char *ttl;	 /* retention of partial snapshots, Go duration, "" unknown */
	const char *cron;	 /* schedule of partial snapshots, "" off */
	int64_t next_run;	 /* pending row of the scheduler, 0 none */
	enum answer licensed;	 /* licence allows snapshots */
	enum answer manifest;	 /* ships a Backup manifest that it has not switched off itself */
	enum answer allowed;	 /* both, as the Admin Console's API says */
	const char *backup_spec; /* the manifest as YAML, "" none */
	const char *app_spec;	 /* kots_app_spec YAML, "" */
	const char *restoring;	 /* restore_in_progress_name, "" none */
};

struct console {
	struct arena arena;
	atomic_int refs;
	enum site_kind kind;
	enum answer airgap;
	const char *velero_namespace; /* "" = Velero not found */
	const char *namespace;	      /* of kotsadm, "" = no console found */
	const char *app_namespace;
	/* versions without their leading "v"; of images by digest they are unknown, "" */
	const char *kubernetes_version, *kots_version, *velero_version, *kotsadm_image, *registry;
	bool velero_running, node_agent_running, kotsadm_running, cluster_scoped;
	/* Whether kotsadm may use Velero (1.6): yes where it may do everything; under minimal RBAC
	 * what it lacks, "" nothing. */
	enum answer velero_access;
	const char *velero_lacks;
	int64_t node_agents_ready, node_agents_wanted, nodes;
	const char *node_addresses; /* of the nodes, each between blanks: " 10.0.4.11 node-01 " */
	bool velero_absent;	    /* looked for, and not there */
	/* May not be looked at, so that nothing is known of it: neither that it runs nor that it
	 * does not. */
	bool velero_unread, agents_unread, console_unread;
	const char *velero_problem; /* "0 of 1 replica, ImagePullBackOff", "" when well */
	enum console_source source; /* of which applications there are, and what is deployed */
	/* Schedules, retention, manifests and restores under way, which its database alone tells.
	 */
	bool database_read;
	int64_t looked_at;    /* unix seconds */
	int64_t source_as_of; /* how old what the source says is: of annotations, when the snapshot
				 was taken; 0 unknown */
	const char *source_note; /* why its database did not answer, "" */
	const char *api_note;	 /* why its API did not, "" */
	const char *differs; /* what its API and its database say differently, "" nothing known */
	const char *cluster_id; /* row of table cluster, "" */
	const char *ttl, *cron; /* full snapshots */
	int64_t next_run;
	struct app *apps;
	size_t app_count;
};

const struct console *console_ref(const struct console *console);
void console_unref(const struct console *console);
const struct app *console_app(const struct console *console,
			      const char *slug);	     /* NULL when not installed */
const char *console_source_name(enum console_source source); /* "API of the Admin Console" */

/* Finds all of it with some requests; done gets a counted console (ref it) or NULL and err.
 * velero_namespace "" = look. The annotations of the newest full backup (JSON texts, may be "") are
 * the fallback for apps. */
struct console_probe;
struct console_probe_spec {
	struct transport *transport;
	struct client *client;
	const char *velero_namespace;
	void (*done)(void *arg, const struct console *console, const struct error *err);
	void *arg;
};
struct console_probe *console_probe_start(const struct console_probe_spec *spec);
void console_probe_cancel(struct console_probe *probe);

/* A new console (counted, owned) whose apps come from the annotations of a full backup, when
 * `console` has no better source. taken: when that backup was made. */
const struct console *console_with_annotations(const struct console *console,
					       const char *sequences_json,
					       const char *versions_json, int64_t taken);

/* rqlite, reached at the ClusterIP of Service kotsadm-rqlite: statements as a JSON list of lists;
 * reply is rqlite's
 * {"results":[...]}. Writes are one transaction; a statement of theirs that fails is an error, one
 * of a query stays in its result ("error"). Used by the probe, and after a restore (Appendix B).
 * Worker thread; done is called once, from transport_wait(), unless cancelled. */
struct console_execution;
struct console_statements {
	struct transport *transport;
	struct client *client;
	const char *namespace;	       /* of the console */
	bool write;		       /* /db/execute instead of /db/query */
	const struct json *statements; /* borrowed during the call */
	client_done *done;
	void *arg;
};
struct console_execution *console_execute(const struct console_statements *statements);
/* kotsadm's own list of applications: GET /api/v1/apps at the ClusterIP of Service kotsadm, with
 * the token of Secret kotsadm-authstring (spec/kots-snapshots.md 10); write and statements do not
 * matter. No redirect is followed: the token opens everything. */
struct console_execution *console_ask_api(const struct console_statements *statements);
void console_execute_cancel(struct console_execution *execution); /* not after done; NULL is fine */

#endif
