/* Inside of a running restore, for restore_*.c and op_restore.c: the struct, and what a step may
 * do. Nobody else includes it. Worker thread.
 *
 * One step is current. Its record is written, then enter() runs; it ends with one of run_next(),
 * run_skip(), run_fail(), and nothing of it (call, timer, sweep, creation) outlives it. Each step
 * asks the cluster first whether it is done already, so that entering it twice does no harm. */
#ifndef BACKEND_OPS_RESTORE_RUN_H
#define BACKEND_OPS_RESTORE_RUN_H

#include "backend/ops/app_objects.h"
#include "backend/ops/creation.h"
#include "backend/ops/journal_writer.h"
#include "backend/ops/pod_wait.h"
#include "backend/ops/restore_view.h"
#include "backend/ops/sweep.h"

struct removal_work;

/* The pod that waits most, of one look at the pods of a part; texts owned. */
struct pod_look {
	enum pod_wait wait;
	bool no_agent; /* nothing on its node fills it */
	uint64_t call; /* for the reason; beside the call of the step */
	char *words, *namespace, *name, *node;
};

struct restore_run {
	struct op op;
	char id[CREATION_ID_LEN + 1], session[CREATION_ID_LEN + 1];
	const struct restore_plan *plan; /* counted */
	char *typed, *process;
	struct journal_writer *writer;
	size_t at;     /* index into plan->steps */
	bool in_step;  /* its record is written, enter() was called */
	bool ending;   /* the end is being recorded */
	int64_t began; /* unix seconds */
	int64_t since; /* from when on we have it: began, or taken over */
	bool taken_over;
	size_t resume_at;	    /* taken over: the step its record names; 0 = from the start */
	size_t resume_part;	    /* whom that step is about */
	size_t look_part;	    /* of the steps about the whole: the part looked at now */
	struct restore_note *notes; /* one a step of the plan, owned */
	int64_t errors, warnings;   /* that Velero counted, in all parts that have ended */
	struct restore_end end;
	char *end_verdict, *end_why, *end_next;
	struct error end_error;
	struct error bad; /* a part ended badly; code 0 = none. The text grows with each */

	/* Of the current step. */
	uint64_t call, timer;
	client_done *call_done;
	void (*timer_done)(struct restore_run *run);
	int lost_tries;	       /* answers lost in a row */
	int64_t step_began_ms; /* monotonic */
	struct creation *creation;
	struct sweep *sweep;
	struct app_objects objects; /* of a sweep */
	struct removal_work *removal;
	struct console_execution *marking;
	int mark_tries;

	/* Found on the way. */
	struct json *selector;	       /* of the plan; NULL = none */
	char *restore_uid;	       /* our Restore, once the cluster has it */
	const struct restore *restore; /* as last seen; counted */
	int64_t moved, moved_sum; /* when it last moved (unix seconds), and how far it was then */
	struct restore_health health;
	char *waits_for;  /* the first pod or claim that is not well, "" none */
	bool waits_stuck; /* and it does not end by itself */
	struct pod_look look;
};

/* What a step is: enter() once its record is written, look() after each new model (may be NULL). */
struct run_step {
	void (*enter)(struct restore_run *run);
	void (*look)(struct restore_run *run);
};
extern const struct run_step run_step_ready, run_step_old_gone, run_step_removed, run_step_created,
	run_step_restored, run_step_marked, run_step_checked, run_step_console_up,
	run_step_database;

/* ---- what a step may do (restore_run.c) ---- */

const struct model *run_model(const struct restore_run *run);
enum restore_step run_step(const struct restore_run *run);
/* Whom the current step is about. */
const struct restore_part *run_part(const struct restore_run *run);
/* What the current step waits for or did; state OP_STEP_RUNNING or OP_STEP_WARNING. */
void run_say(struct restore_run *run, enum op_step_state state, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* The step is done; it keeps its detail. state OP_STEP_DONE, _WARNING or _SKIPPED. */
void run_next(struct restore_run *run, enum op_step_state state);
/* Goes on with a later step; those between keep or get the state done: their effect is there. */
void run_jump(struct restore_run *run, size_t at);
/* Velero's Restore of the current part ended badly. */
bool run_part_is_bad(const struct restore_run *run);
/* Where this part has this step; step_count when nowhere. */
size_t run_find(const struct restore_run *run, enum restore_step what, size_t part);
/* The restore ends badly. err: what and why; its hint: what to do next. */
void run_fail(struct restore_run *run, const struct error *err);
/* Velero's part ended badly: other applications are restored all the same, what is there of this
 * one is looked at once (STEP_CHECKED), then it ends. Without its console nothing goes on. */
void run_fail_after_look(struct restore_run *run, const struct error *err);
/* A step that changes something was reached. */
bool run_touched(const struct restore_run *run);
/* The restore is over, well or not. Texts are copied. */
void run_end(struct restore_run *run, const struct restore_end *end);

/* One timer and one call at a time. */
void run_after(struct restore_run *run, int64_t delay_ms, void (*fire)(struct restore_run *run));
void run_call(struct restore_run *run, const struct client_call *call, client_done *done);
/* true when the answer was lost: says so and tries again after a while, for ever (the API server
 * comes back, or a person stops it). false: an answer, `lost_tries` begins anew. */
bool run_lost(struct restore_run *run, const struct error *err,
	      void (*again)(struct restore_run *run));
/* Before each request that changes something. false: the lease may have run out while the cluster
 * did not answer, or we did not run, and somebody else may be at work: says so, and calls again
 * until it is renewed (or lost, which ends everything here). */
bool run_may_write(struct restore_run *run, void (*again)(struct restore_run *run));
/* Milliseconds since the step was entered. */
int64_t run_step_ms(const struct restore_run *run);
/* Restore object: path of it, and whether one is ours (label kotsnap.io/request). */
void run_get_restore(struct restore_run *run, client_done *done);
void run_add_restore_path(struct strbuf *out, const struct restore_run *run);
/* Label of the Restore of the current part: the operation's id, told apart by part. 16 digits. */
void run_add_request(const struct restore_run *run, char *ret_id);
bool run_restore_is_ours(const struct restore_run *run, const struct json *restore);
/* Takes note of our Restore as the cluster has it. */
void run_take_restore(struct restore_run *run, const struct json *restore);

/* STEP_RESTORED: says how far it is, and looks at the pods, whose reasons come later. */
void run_say_restored(struct restore_run *run);
void restore_look_at_pods(struct restore_run *run);

/* ---- for op_restore.c ---- */

void run_show(struct restore_run *run);
/* Makes a step the current one and writes its record; record_written() goes on. */
void run_enter(struct restore_run *run, size_t at);
void run_leave(struct restore_run *run, enum op_step_state state);
void run_keep_end(struct restore_run *run, const struct restore_end *end);
/* The end is recorded, or cannot be: last view, op_end(). */
void run_finish(struct restore_run *run);
/* Drops what the current step has under way. */
void run_step_clear(struct restore_run *run);
void restore_look_clear(struct restore_run *run);  /* restore_pods.c */
void removal_work_free(struct removal_work *work); /* restore_removal.c; NULL is fine */

#endif
