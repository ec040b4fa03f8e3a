/* What a person reads about a snapshot that is being deleted, whether it may be deleted at all, and
 * whether it is over. Pure. (design/screens.md 4.6; spec/velero-api.md 3.3, 12;
 * spec/kots-snapshots.md 5) */
#ifndef BACKEND_OPS_DELETE_VIEW_H
#define BACKEND_OPS_DELETE_VIEW_H

#include "backend/store/model.h"

enum delete_fate { DELETE_GOES_ON, DELETE_WELL, DELETE_ENDED_BADLY };

struct delete_facts {
	const char *id, *owner, *backup;
	const char *request; /* name of the DeleteBackupRequest, "" until the cluster has it */
	const char *words;   /* while it has not: what is being waited for */
	const struct error *refusal; /* it was never asked; or NULL */
	const struct delete_request
		*deletion; /* our request, or NULL when it is not there (any more) */
	bool request_gone,
		backup_there; /* request_gone: it was there, and is no more since a while */
	int64_t asked, accepted, picked_up; /* unix seconds, 0 = not yet */
	int64_t velero_began;		    /* when the running Velero was started, 0 = unknown */
	int64_t now;
};

/* Counted, owned; a view of the end has its verdict. */
const struct op_view *delete_view(const struct delete_facts *facts, enum delete_fate *ret_fate);

/* STATUS_REFUSED or STATUS_NOT_FOUND with the reason when this snapshot must not be deleted now:
 * not known, still being taken, already being deleted, or failed because its name was taken
 * (deleting it would wipe the older snapshot: spec/velero-api.md 12 item 12). */
enum status delete_check(const struct model *model, const char *backup_name, int64_t now,
			 struct error *err);

#endif
