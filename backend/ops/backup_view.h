/* What a person reads about a snapshot that is being taken: steps, verdict, whether it is over.
 * Pure: facts in, view out. (design/screens.md 4.5, 5.2) */
#ifndef BACKEND_OPS_BACKUP_VIEW_H
#define BACKEND_OPS_BACKUP_VIEW_H

#include "backend/kots/snapshot.h"
#include "backend/store/model.h"

enum backup_fate { BACKUP_GOES_ON, BACKUP_WELL, BACKUP_ENDED_BADLY };

struct backup_facts {
	const char *id, *owner, *app_slug, *app_title;
	const char *name;		 /* of the Backup, "" until the cluster has it */
	const char *words;		 /* while it has not: what is being waited for */
	const struct error *refusal;	 /* it never came to be; or NULL */
	const struct snapshot *snapshot; /* its row, or NULL while the watch has not brought it */
	bool gone;			 /* it was seen and is no more */
	int64_t asked, accepted;	 /* unix seconds, 0 = not yet */
	int64_t copied;			 /* when it was first seen finishing, 0 = not yet */
	int64_t now;
};

/* Counted, owned. ret_fate says whether it is over; a view of the end has its verdict. */
const struct op_view *backup_view(const struct backup_facts *facts, enum backup_fate *ret_fate);

#endif
