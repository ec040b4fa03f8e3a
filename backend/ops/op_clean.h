/* Removes a delete request that is left over: one that failed, that no Velero takes up any more, or
 * whose snapshot is gone. The snapshot itself is not touched: only Velero's record of the wish
 * goes, which also stands in the way of the Admin Console (spec/kots-snapshots.md 5,
 * spec/velero-api.md 3.3). Worker thread. */
#ifndef BACKEND_OPS_OP_CLEAN_H
#define BACKEND_OPS_OP_CLEAN_H

#include "backend/ops/op.h"

/* The newest start of a container named velero among a list of pods; 0 unknown. Pure. */
int64_t velero_newest_start(const struct json *pods);

struct clean_spec {
	const struct op_world *world;
	const char *request; /* name of the DeleteBackupRequest; copied */
	int64_t now;	     /* unix seconds */
	/* Once, last: what was done, or why nothing was. Only from transport_wait(), or never when
	 * clean_start() refused. */
	void (*done)(void *arg, const char *words, const struct error *err);
	void *arg;
};

struct op_clean;
/* NULL with the reason when it is not left over, or not there. */
struct op_clean *op_clean_start(const struct clean_spec *spec, struct error *err);
void op_clean_cancel(struct op_clean *clean); /* done is not called; NULL is fine */

#endif
