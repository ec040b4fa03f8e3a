/* Snapshot and facts to ordered steps: the same plan is shown, confirmed, run and resumed. Pure. A
 * kind of restore is a row of a table; further kinds are further rows. spec/kots-snapshots.md 8.1
 * to 8.5, 8.8.
 *
 * A plan has parts: the Admin Console, applications. Each part is one Restore object of Velero, and
 * each step is about one part (or about the whole). Parts are restored one after the other. */
#ifndef BACKEND_KOTS_RESTORE_PLAN_H
#define BACKEND_KOTS_RESTORE_PLAN_H

#include "backend/kots/snapshot.h"

#include <stdatomic.h>

enum restore_kind {
	RESTORE_APP_FROM_FULL,	  /* one part: the application */
	RESTORE_APP_FROM_PARTIAL, /* one part: the application */
	RESTORE_FULL, /* the Admin Console, then each application of the snapshot (8.2, 8.3) */
	RESTORE_CONSOLE_ONLY, /* one part: the Admin Console (8.2) */
	RESTORE_KINDS
};

/* What a person asks for; with the snapshot it makes the kind. */
enum restore_scope { RESTORE_SCOPE_APP, RESTORE_SCOPE_ALL, RESTORE_SCOPE_CONSOLE };

/* A step names what is true once it is done. ops/op_restore has one function a step. */
enum restore_step {
	STEP_RECORDED,	 /* the record is written */
	STEP_READY,	 /* Velero and its agents are ready, nothing else runs */
	STEP_OLD_GONE,	 /* older Restores of the names of all parts are really gone (13 item 4) */
	STEP_REMOVED,	 /* objects and volumes of the part are removed (8.5; 8.2 for the Admin
			    Console) */
	STEP_CREATED,	 /* Velero has the Restore of the part */
	STEP_RESTORED,	 /* Velero ended it */
	STEP_MARKED,	 /* the version is marked deployed in the console's database (8.4) */
	STEP_CHECKED,	 /* pods of the part ready, claims bound */
	STEP_CONSOLE_UP, /* the restored Admin Console answers; at most 10 min (8.2 item 5) */
	STEP_DATABASE,	 /* its database knows the applications of the snapshot */
	RESTORE_STEPS
};

/* One object found in the cluster or named by the backup. */
struct plan_object {
	const char *group, *version, *plural, *kind, *namespace, *name;
	int64_t created;
	int64_t size_bytes; /* of a claim, else 0 */
	bool in_cluster, in_snapshot,
		excluded;	 /* excluded: label exclude-from-backup, left alone */
	bool volume_in_snapshot; /* a claim whose data the snapshot holds */
	size_t part;		 /* of whom it is: index of plan->parts */
};

/* An application or the Admin Console, as the facts of a plan name it. */
struct restore_subject {
	bool is_console;
	const char *app_slug; /* "" for the Admin Console */
};

struct restore_facts {
	const struct backup *backup; /* borrowed */
	const struct console *console;
	enum restore_scope scope;
	const char *app_slug;		   /* RESTORE_SCOPE_APP only */
	const char *site;		   /* name of the cluster as shown; NULL or "" unknown */
	const struct plan_object *objects; /* part: index of restore_subjects() */
	size_t object_count;
	bool contents_known;			/* the resource list of the snapshot was read */
	bool volumes_known;			/* volumes below are all there are */
	const struct podvolume *const *volumes; /* of the snapshot */
	size_t volume_count;
	int64_t now;
};

/* Sums for the consequences page; claims count as objects too, and what is lost is part of what is
 * removed. Of a full snapshot what is not in the cluster today cannot be told to be of an
 * application. */
struct restore_sums {
	size_t removed, removed_volumes, lost, lost_volumes, created, left_alone, empty_volumes,
		restored_volumes;
	int64_t removed_bytes, lost_bytes, restored_bytes;
};

/* What one Restore object brings back. */
struct restore_part {
	bool is_console;
	const char *app_slug, *title; /* slug "" and "Admin Console" for the console */
	const char *app_id;  /* "" = looked up by the slug, in the database that was restored */
	int64_t sequence;    /* to mark as deployed, -1 none (then it has no STEP_MARKED) */
	const char *restore; /* "<backup>", "<backup>.<slug>", "<backup>.kotsadm" */
	const char *restore_json; /* the Restore object to create, compact */
	struct restore_sums sums;
};

/* part: index of plan->parts; of the steps about the whole (recorded, ready, old gone) 0. */
struct plan_step {
	enum restore_step what;
	size_t part;
};

struct restore_plan {
	struct arena arena;
	atomic_int refs;
	enum restore_kind kind;
	const char *backup, *restore; /* names; restore: of the first part */
	/* What is restored in words: "Acme Analytics", "the Admin Console", "the Admin Console and
	 * 2 applications". slug "" unless one application is meant. confirm: the words to type: the
	 * slug; the name of the site; "admin-console". */
	const char *app_slug, *app_title, *confirm;
	const char *namespaces; /* of the backup, comma-separated */
	const char *velero_namespace, *console_namespace;
	const char *selector;		  /* of the backup, a LabelSelector as JSON, "" none */
	int64_t taken;			  /* start of the snapshot */
	const struct restore_part *parts; /* in the order of their restores */
	size_t part_count;
	const struct plan_step *steps;
	size_t step_count;
	const struct plan_object *objects;
	size_t object_count;
	struct restore_sums total;
	bool contents_known;
	bool minimal_rbac;    /* the kots commands need --velero-namespace (F-142) */
	bool console_crashes; /* were the Admin Console asked for the same (13 item 7) */
	bool is_kurl;	      /* the console has workloads in namespace kurl too */
	/* RESTORE_FULL: installed today and not in the snapshot: their objects stay, the restored
	 * database does not know them. Comma-separated slugs, "" none. */
	const char *forgotten;
};

/* What a restore of this scope is about, in its order: the console first, applications as the
 * snapshot names them. Also before the plan: for gathering its facts. The array is free()d by the
 * caller; texts live in arena. */
size_t restore_subjects(const struct restore_facts *facts, struct arena *arena,
			struct restore_subject **ret_subjects);

/* STATUS_REFUSED with the reason when it must not run: kind does not fit, not Completed,
 * application not in the snapshot (it would be destroyed: 13 item 3), other application, no marks
 * of KOTS, no database of the console in it. Counted, owned. */
enum status restore_plan_build(const struct restore_facts *facts,
			       const struct restore_plan **ret_plan, struct error *err);
const struct restore_plan *restore_plan_ref(const struct restore_plan *plan);
void restore_plan_unref(const struct restore_plan *plan);

/* Words of a step where one application is restored: "Application removed". Static. */
const char *restore_step_title(enum restore_step step, bool done);
/* The same with the part's name where the plan has several, or the console's: "Acme Gateway
 * removed", "Admin Console answers". */
void restore_plan_add_step(struct strbuf *out, const struct restore_plan *plan, size_t index,
			   bool done);
/* A part with this step is being changed, or was: from then on a stop leaves something half done.
 */
bool restore_step_changes(enum restore_step step);
/* Order in which kinds are deleted (8.5 step 2): smaller first; unknown kinds 0. */
int restore_delete_rank(const char *kind);
/* Made anew by what owns it (pods, replica sets ...): never lost by a restore. */
bool restore_kind_is_fleeting(const char *kind);
/* The same by hand: commands to copy, a line each (F-141). */
void restore_plan_add_commands(struct strbuf *out, const struct restore_plan *plan);

#endif
