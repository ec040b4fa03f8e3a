/* A restore's beginning and its end without the middle: defaults, refusals, completion, what a
 * restarted server does (spec/velero-api.md 2.3, 2.4, 9). */
#ifndef BACKEND_PRACTICE_RESTORE_CHECK_H
#define BACKEND_PRACTICE_RESTORE_CHECK_H

#include "backend/practice/world.h"

#define RESTORE_FINALIZER "restores.velero.io/external-resources-finalizer"

/* The finalizer is the first thing it gets. *restore is exchanged. */
void restore_take_in(struct world *world, struct json **restore);
/* Why it is refused: owned list, empty when it may run; then its backup and location (owned), else
 * they may be NULL. */
struct json *restore_problems(struct world *world, const struct json *restore,
			      struct json **ret_backup, struct json **ret_location);
/* Owned. Pure. */
struct json *restore_start_patch(const struct json *restore, const struct json *backup,
				 const struct json *problems, int64_t now);
/* From Finalizing* to Completed or PartiallyFailed. */
void restore_complete(struct world *world, const struct json *restore);
/* What a restarted server finds. */
void restore_begin(struct world *world);

#endif
