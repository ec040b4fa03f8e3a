/* Inside of coverage*.c: what has been shown so far. Nobody else includes it. */
#ifndef BACKEND_KOTS_COVERAGE_PRIVATE_H
#define BACKEND_KOTS_COVERAGE_PRIVATE_H

#include "backend/kots/coverage.h"

struct coverage_names {
	const char **rows;
	size_t count, capacity;
};

struct coverage_claim {
	const char *namespace, *name;
	const char *volume; /* of the cluster, "" = not bound */
	int64_t size_bytes;
	bool is_selected, is_labelled_out, is_block, is_of_another;
	bool is_used; /* a pod of the snapshot mounts it */
};

struct coverage_work {
	struct arena arena;
	const struct json *spec;
	struct coverage_options options;
	bool copies_all, snapshots, takes_pods, takes_claims;
	struct coverage_names nodes;	  /* with an agent that is ready */
	struct coverage_names host_paths; /* volumes of the cluster that are folders of a node */
	struct coverage_names namespaces, hidden;
	struct coverage_claim *claims;
	size_t claim_count, claim_capacity;
	bool sorted;
	struct coverage_row *rows;
	size_t count, capacity;
	struct coverage_script *scripts;
	size_t script_count, script_capacity;
	size_t pods;
	bool dumps; /* the Admin Console runs, and has its hook */
};

struct coverage_row *coverage_add(struct coverage_work *work, enum coverage_thing thing,
				  enum coverage_why why, const char *namespace, const char *name);
bool coverage_list_has(const struct json *list, const char *text);
bool coverage_has(const struct coverage_names *names, const char *name);
bool coverage_in_namespaces(const struct coverage_work *work, const char *namespace);
/* false: ret_why says why the pod is not in the snapshot. */
bool coverage_takes_pod(const struct coverage_work *work, const struct json *pod,
			enum coverage_why *ret_why);
/* A partial snapshot is of one application: what belongs to another one, or to the Admin Console,
 * nobody expects in it. */
bool coverage_is_of_another(const struct coverage_work *work, const struct json *labels);
struct coverage_claim *coverage_find_claim(struct coverage_work *work, const char *namespace,
					   const char *name);
/* The scripts that Velero runs in a pod of the snapshot: those of its annotations, else those of
 * the Backup. */
void coverage_add_scripts(struct coverage_work *work, const struct json *pod);

#endif
