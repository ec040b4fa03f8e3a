/* Snapshot and facts to ordered steps: the same plan is shown, confirmed, run and resumed. Pure. A kind of restore is a row of a
 * table; further kinds are further rows. spec/kots-snapshots.md 8.1, 8.4, 8.5, 8.8. */
#ifndef BACKEND_KOTS_RESTORE_PLAN_H
#define BACKEND_KOTS_RESTORE_PLAN_H

#include "backend/kots/snapshot.h"

#include <stdatomic.h>

enum restore_kind { RESTORE_APP_FROM_FULL, RESTORE_APP_FROM_PARTIAL, RESTORE_KINDS };

/* A step names what is true once it is done. ops/op_restore has one function a step. */
enum restore_step {
	STEP_RECORDED,     /* the record is written */
	STEP_READY,        /* Velero and its agents are ready, nothing else runs */
	STEP_OLD_GONE,     /* an older Restore of the same name is really gone (13 item 4) */
	STEP_REMOVED,      /* objects and volumes of the application are removed (8.5) */
	STEP_CREATED,      /* Velero has our Restore */
	STEP_RESTORED,     /* Velero ended it */
	STEP_MARKED,       /* the version is marked deployed in the console's database (8.4) */
	STEP_CHECKED,      /* pods ready, claims bound */
	RESTORE_STEPS
};

/* One object found in the cluster or named by the backup. */
struct plan_object {
	const char *group, *version, *plural, *kind, *namespace, *name;
	int64_t created;
	int64_t size_bytes;   /* of a claim, else 0 */
	bool in_cluster, in_snapshot, excluded; /* excluded: label exclude-from-backup, left alone */
	bool volume_in_snapshot;                /* a claim whose data the snapshot holds */
};

struct restore_facts {
	const struct backup *backup;            /* borrowed */
	const struct console *console;
	const char *app_slug;
	const struct plan_object *objects;
	size_t object_count;
	bool contents_known;                    /* the resource list of the snapshot was read */
	const struct podvolume *const *volumes; /* of the snapshot */
	size_t volume_count;
	int64_t now;
};

struct restore_plan {
	struct arena arena;
	atomic_int refs;
	enum restore_kind kind;
	const char *backup, *restore;           /* names; restore = "<backup>" or "<backup>.<slug>" */
	const char *app_slug, *app_title, *confirm; /* confirm: the words to type */
	const char *namespaces;                 /* of the backup, comma-separated */
	const char *velero_namespace, *console_namespace, *app_id;
	int64_t sequence, taken;                /* sequence to mark, -1 none (then no STEP_MARKED); start of the snapshot */
	const char *restore_json;               /* the Restore object to create, compact */
	const enum restore_step *steps;
	size_t step_count;
	const struct plan_object *objects;
	size_t object_count;
	/* sums for the consequences page; claims count as objects too, and what is lost is part of what is removed. Of a full
	 * snapshot what is not in the cluster today cannot be told to be of this application. */
	size_t removed, removed_volumes, lost, lost_volumes, created, left_alone, empty_volumes;
	int64_t removed_bytes, lost_bytes, restored_bytes;
	size_t restored_volumes;
	bool contents_known;
	bool minimal_rbac;    /* the kots commands need --velero-namespace (F-142) */
	bool console_crashes; /* were the Admin Console asked for the same (13 item 7) */
};

/* STATUS_REFUSED with the reason when it must not run: kind does not fit, not Completed, application not in the snapshot
 * (it would be destroyed: 13 item 3), other application, no marks of KOTS. Counted, owned. */
enum status restore_plan_build(const struct restore_facts *facts, const struct restore_plan **ret_plan, struct error *err);
const struct restore_plan *restore_plan_ref(const struct restore_plan *plan);
void restore_plan_unref(const struct restore_plan *plan);

const char *restore_step_title(enum restore_step step, bool done); /* "Application removed" */
/* Order in which kinds are deleted (8.5 step 2): smaller first; unknown kinds 0. */
int restore_delete_rank(const char *kind);
/* Made anew by what owns it (pods, replica sets ...): never lost by a restore. */
bool restore_kind_is_fleeting(const char *kind);
/* The same by hand: commands to copy, a line each (F-141). */
void restore_plan_add_commands(struct strbuf *out, const struct restore_plan *plan);

#endif
