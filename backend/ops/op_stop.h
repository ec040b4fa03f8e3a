/* Stopping a restore that may run here, elsewhere or nowhere any more: what Velero and the Admin
 * Console can be asked to stop, each honest about what stays half done. Nothing of it undoes
 * anything: the way back is to restore again. spec/kots-snapshots.md 8.6, spec/velero-api.md 3.7.
 * Worker thread. */
#ifndef BACKEND_OPS_OP_STOP_H
#define BACKEND_OPS_OP_STOP_H

#include "backend/ops/op.h"

/* The choices are in stop_choice.h; "leave" is no request to the cluster and not here. */
enum stop_way { STOP_VOLUMES, STOP_RESTORE, STOP_FORGET, STOP_WAYS };
/* "cancel-volumes", "delete-restore", "forget"; anything else: STOP_WAYS. */
enum stop_way stop_way_find(const char *word);

struct stop_spec {
	const struct op_world *world;
	enum stop_way way;
	const struct restore_plan *plan; /* of the operation; counted by the stop */
	const char *app_slug;		 /* STOP_FORGET; copied */
	/* Words for the place that waits. */
	void (*step)(void *arg, const char *words);
	/* Once, last: what remains and the way back, or why nothing was stopped. */
	void (*done)(void *arg, const char *words, const struct error *err);
	void *arg;
};

struct op_stop;
struct op_stop *op_stop_start(const struct stop_spec *spec); /* done only from transport_wait() */
void op_stop_cancel(struct op_stop *stop);		     /* done is not called; NULL is fine */

/* What is to be asked of the API, one after the other: unfinished volumes, Restores that have not
 * ended. Counted objects of the model, borrowed. *ret_objects is free()d by the caller. Pure. */
size_t stop_targets(const struct model *model, const struct restore_plan *plan, enum stop_way way,
		    const struct object ***ret_objects);

#endif
