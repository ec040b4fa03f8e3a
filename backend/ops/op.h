/* An operation: steps whose names say what is true, run one after the other; each is idempotent and
 * asks first "already done?". Worker thread only. An operation never polls the cluster for what the
 * model watches: op_look() is called after each new model.
 *
 * kinds: take (op_backup.c), delete (op_delete.c), restore (op_restore.c). The session keeps them
 * and publishes their views. */
#ifndef BACKEND_OPS_OP_H
#define BACKEND_OPS_OP_H

#include "backend/kots/restore_plan.h"
#include "backend/store/model.h"

struct op;

/* What an operation may use; lives longer than every op. */
struct op_world {
	struct transport *transport;
	struct client *client;
	const char *made_by;			 /* "kotsnap 0.1.0 root@node-01" */
	const struct model *(*model)(void *arg); /* borrowed, latest */
	void (*accepted)(void *arg, struct op *op,
			 const char *object_name); /* the cluster has the object asked for */
	void (*changed)(void *arg, struct op *op); /* its view changed */
	void (*ended)(void *arg, struct op *op,
		      const struct error *err); /* last; err NULL when it ended well. Once */
	void *arg;
};

/* What an operation kind fills in. */
struct op_kind_ops {
	enum op_kind kind;
	void (*look)(struct op *op); /* the model is newer */
	void (*free)(struct op *op); /* cancels requests, frees what the kind owns; op_free() frees
					the struct itself */
};

struct op {
	const struct op_kind_ops *ops;
	const struct op_world *world;
	uint64_t ticket;	    /* of the request that began it, 0 none */
	const struct op_view *view; /* counted; replaced by op_publish() */
	bool has_ended;
};

/* For a kind: fills in the head of its mem_alloc()ed struct. */
void op_init(struct op *op, const struct op_kind_ops *ops, const struct op_world *world,
	     uint64_t ticket);
void op_look(struct op *op);
void op_free(struct op *op); /* NULL is fine; the cluster goes on */
/* Takes over view, drops the old one, tells the world; one that says the same is dropped silently.
 */
void op_publish(struct op *op, const struct op_view *view);
void op_end(struct op *op, const struct error *err);

/* app_slug "" = a full snapshot. Ends when the Backup object exists (accepted) and is final. */
struct op *op_backup_start(const struct op_world *world, uint64_t ticket, const char *app_slug);
/* DeleteBackupRequest followed to its real end (spec/kots-snapshots.md 5). */
struct op *op_delete_start(const struct op_world *world, uint64_t ticket, const char *backup_name);
/* typed must equal plan->confirm, else STATUS_REFUSED through ended(). */
struct op *op_restore_start(const struct op_world *world, uint64_t ticket,
			    const struct restore_plan *plan, const char *typed);
/* Goes on with a recorded one (journal.h). record is borrowed. quiet_ms: for how long we saw it
 * unchanged; OP_QUIET when nobody has it. */
#define OP_QUIET INT64_C(3600000)
struct op *op_restore_resume(const struct op_world *world, uint64_t ticket,
			     const struct json *record, int64_t quiet_ms);

/* Nothing more is done here. Before anything was removed the restore ends with nothing changed;
 * after that its record says unfinished and its lease is let go, so that anybody takes it over at
 * once. */
void op_restore_leave(struct op *op);
/* The plan of a running restore, borrowed; NULL for other kinds. */
const struct restore_plan *op_restore_plan(const struct op *op);

/* Gathers the facts of a plan: objects of the app in the cluster, the snapshot's resource list.
 * done gets a counted plan. */
struct op_facts;
struct facts_wanted {
	const char *backup;
	enum restore_scope scope;
	const char *app_slug; /* "" unless the scope is one application */
};
struct op_facts *op_facts_start(const struct op_world *world, const struct facts_wanted *wanted,
				void (*done)(void *arg, const struct restore_plan *plan,
					     const struct error *err),
				void *arg);
void op_facts_cancel(struct op_facts *facts);

#endif
