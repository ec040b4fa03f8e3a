/* What a kind of restore is, and what must not be begun. Inside of restore_plan.c. Pure. */
#ifndef BACKEND_KOTS_RESTORE_CHECK_H
#define BACKEND_KOTS_RESTORE_CHECK_H

#include "backend/kots/restore_plan.h"

struct restore_row {
	enum restore_scope scope;
	enum snapshot_kind snapshot;
	/* Refusals of this kind alone. app is NULL when it is not known to be installed. */
	enum status (*check)(const struct restore_facts *facts, const struct app *app,
			     struct error *err);
	/* NULL = every part looks its own up. */
	const char *(*app_id)(const struct restore_facts *facts, const struct app *app);
	bool part_in_name, marks_instance, selects; /* of the Restore objects (8.2, 8.4) */
	bool owns_volumes; /* every volume of the snapshot is the one part's */
};

const struct restore_row *restore_row(enum restore_kind kind);
/* STATUS_REFUSED with the reason, or the kind. */
enum status restore_check(const struct restore_facts *facts, const struct snapshot *snapshot,
			  enum restore_kind *ret_kind, struct error *err);
/* The volume that the console's pre-backup hook filled with its dump (2.12). */
bool restore_is_console_dump(const struct podvolume *volume, const struct backup *backup);
/* Were kotsadm asked to restore one application from it, it would crash (13 item 7). */
bool restore_crashes_console(const struct backup *backup);

#endif
