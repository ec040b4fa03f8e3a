/* What a person reads about a snapshot that is being taken: steps, verdict, whether it is over.
 * Pure: facts in, view out. (design/screens.md 4.5, 5.2) */
#ifndef BACKEND_OPS_BACKUP_VIEW_H
#define BACKEND_OPS_BACKUP_VIEW_H

#include "backend/kots/snapshot.h"
#include "backend/store/model.h"

enum backup_fate { BACKUP_GOES_ON, BACKUP_WELL, BACKUP_ENDED_BADLY };

struct backup_facts {
	const char *id, *owner, *app_slug, *app_title;
	const char *name;	     /* of the Backup, "" until the cluster has it */
	const char *words;	     /* while it has not: what is being waited for */
	const struct error *refusal; /* it never came to be; or NULL */
	const char *dropped; /* fields that this Velero does not know: "spec.hooks"; "" or NULL */
	const struct snapshot *snapshot; /* its row, or NULL while the watch has not brought it */
	bool gone;			 /* it was seen and is no more */
	int64_t asked, accepted;	 /* unix seconds, 0 = not yet */
	int64_t copied;			 /* when it was first seen finishing, 0 = not yet */
	int64_t moved;			 /* when a number of it last changed, 0 = not yet seen */
	int64_t now;
};

/* Nothing moved for so long: it is said, as a warning (design/screens.md 5.1, Stalled). */
#define BACKUP_STILL_S 180
/* Velero 1.18 takes up no backup again that was ready when it was restarted (spec/velero-api.md
 * 3.13). */
#define BACKUP_STUCK_S 300

/* How far it is as one number: any change of it is movement. */
int64_t backup_how_far(const struct snapshot *snapshot);

/* STATUS_REFUSED when another snapshot of the kind runs (console-screens.md R-35) or the snapshots
 * are not read yet. app_slug "" = full. */
enum status backup_check(const struct model *model, const char *app_slug, struct error *err);

/* Counted, owned. ret_fate says whether it is over; a view of the end has its verdict. */
const struct op_view *backup_view(const struct backup_facts *facts, enum backup_fate *ret_fate);

#endif
