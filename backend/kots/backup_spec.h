/* What a full or partial snapshot must contain: the Backup object exactly as KOTS writes it
 * (spec/kots-snapshots.md 2.2, 2.3, 2.9, 2.10). Pure. */
#ifndef BACKEND_KOTS_BACKUP_SPEC_H
#define BACKEND_KOTS_BACKUP_SPEC_H

#include "backend/kots/console.h"

enum snapshot_kind { SNAPSHOT_OTHER, SNAPSHOT_FULL, SNAPSHOT_PARTIAL };

struct backup_wish {
	enum snapshot_kind kind;
	const char *app_slug; /* for SNAPSHOT_PARTIAL */
	int64_t now;	      /* kots.io/snapshot-requested */
	const char *
		request_id; /* label kotsnap.io/request: finds the object when the answer is lost */
	const char *made_by; /* annotation kotsnap.io/made-by, "kotsnap 0.1.0 ..." */
};

/* Owned JSON, ready to POST. STATUS_REFUSED with the reason where KOTS would refuse too (2.15): no
 * such app, never deployed, no Backup manifest, a retention that is no Go duration, Embedded
 * Cluster. */
enum status backup_spec_build(const struct console *console, const struct backup_wish *wish,
			      struct json **ret_backup, struct error *err);

#endif
