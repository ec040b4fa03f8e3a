/* What the screens see: one immutable, counted picture of the cluster, made by the worker at most
 * ten times a second. The screens get nothing else; tests build one from fixtures. */
#ifndef BACKEND_STORE_MODEL_H
#define BACKEND_STORE_MODEL_H

#include "backend/kots/console.h"
#include "backend/kots/restore_plan.h"
#include "backend/store/list.h"

enum collection {
	COLLECTION_BACKUPS,
	COLLECTION_POD_VOLUME_BACKUPS,
	COLLECTION_RESTORES,
	COLLECTION_POD_VOLUME_RESTORES,
	COLLECTION_LOCATIONS,
	COLLECTION_REPOSITORIES,
	COLLECTION_SCHEDULES,
	COLLECTION_DELETE_REQUESTS,
	COLLECTIONS
};

enum reading {
	READ_NOT_YET,
	READ_READING,
	READ_LIVE,
	READ_POLLING,
	READ_STALE,
	READ_FORBIDDEN,
	READ_ABSENT
};

struct collection_state {
	enum reading reading;
	bool ever;     /* a whole list was read at least once */
	int64_t as_of; /* unix seconds: when it was last known to be true; of one that is old */
	size_t read_so_far; /* while READ_READING the first time */
	struct error why;   /* for STALE, FORBIDDEN, ABSENT, POLLING */
};

const char *collection_name(enum collection which); /* "snapshots" */
/* It was read, and cannot be read any more: what is shown of it was true at as_of. */
bool collection_is_old(const struct collection_state *state);

enum link_state { LINK_CONNECTING, LINK_READING, LINK_LIVE, LINK_POLLING, LINK_LOST, LINK_REFUSED };

struct link {
	enum link_state state;
	int64_t since;	  /* unix seconds: last heard of, for LINK_LOST */
	int64_t next_try; /* unix seconds, 0 none */
	struct error why;
	const char *server, *source, *context, *site;
	bool insecure, practice, read_only;
	int64_t skew_s;
};

/* An operation as the screens show it: steps with their state. Made by ops. */
enum op_kind { OP_TAKE, OP_DELETE, OP_RESTORE };
enum op_state { OP_RUNNING, OP_DONE, OP_WARNINGS, OP_FAILED, OP_UNFINISHED, OP_CLOSED };
enum op_step_state {
	OP_STEP_WAITING,
	OP_STEP_RUNNING,
	OP_STEP_DONE,
	OP_STEP_WARNING,
	OP_STEP_FAILED,
	OP_STEP_SKIPPED
};

struct op_step_view {
	const char *title, *detail; /* detail: what it waits for, what was done */
	enum op_step_state state;
	int64_t began, ended; /* unix seconds, 0 */
	/* Of a restore only: which step of a plan it is, and the name of the Restore object it is
	 * about (NULL elsewhere). */
	enum restore_step what;
	const char *restore;
};

struct op_view {
	struct arena arena;
	atomic_int refs;
	const char *id, *backup, *app_slug, *app_title, *restore, *owner; /* owner "root@node-02" */
	const char *confirm; /* of a restore: the words that were typed to begin it */
	enum op_kind kind;
	enum op_state state;
	int64_t began, ended;
	/* Of a record: who has it drives it, not we; since when, and its last sign of life by its
	 * own clock. */
	bool elsewhere;
	int64_t since, alive;
	struct op_step_view *steps;
	size_t step_count;
	const char *verdict, *why, *next; /* for ended ones */
	int64_t errors, warnings;
};
struct op_view *op_view_new(
	void); /* one reference, all texts ""; texts and steps go into its arena */
bool op_view_equal(const struct op_view *a, const struct op_view *b);
const struct op_view *op_view_ref(const struct op_view *view);
void op_view_unref(const struct op_view *view);

/* A delete request that nobody ends any more, or that stands in the way (spec/velero-api.md 3.3).
 */
enum leftover {
	LEFTOVER_NOT,
	LEFTOVER_STUCK,	 /* not processed for long: Velero 1.12+ skips what it was at when it ended
			  */
	LEFTOVER_FAILED, /* processed with errors: Velero keeps it for a day, and longer when away
			  */
	LEFTOVER_ORPHAN	 /* its snapshot is gone */
};

struct model {
	struct arena arena; /* owns the texts of link */
	atomic_int refs;
	uint64_t generation; /* grows with each publication */
	struct link link;
	struct collection_state state[COLLECTIONS];
	const struct list *lists[COLLECTIONS]; /* counted, never NULL */
	struct snapshot *snapshots;	       /* snapshots_build(); newest first */
	size_t snapshot_count;
	const struct snapshot *running; /* one of snapshots: runs and began last; or NULL */
	const struct console *console;	/* counted; NULL = not read yet */
	bool ops_read;			/* the records of operations were read at least once */
	const struct op_view **ops;	/* counted each; unfinished first, newest first */
	size_t op_count;
	int64_t made_at; /* unix seconds */
};

/* A model before any network: empty lists, LINK_CONNECTING. Counted, owned. */
struct model *model_new(void);
/* Fills the snapshots from the lists and made_at of a model that nobody else sees yet. */
void model_build_snapshots(struct model *model);
/* The same rows as before; both models must hold the lists they were made from. */
void model_keep_snapshots(struct model *model, const struct model *before);
const struct model *model_ref(const struct model *model);
void model_unref(const struct model *model);
enum leftover model_leftover(const struct model *model, const struct delete_request *request,
			     int64_t now);
const struct snapshot *model_snapshot(const struct model *model, const char *uid);
const struct snapshot *model_snapshot_by_name(const struct model *model, const char *name);
/* Newest that may be restored, full ones only when full_only. */
const struct snapshot *model_newest_restorable(const struct model *model, bool full_only);

#endif
