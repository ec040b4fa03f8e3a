/* The Backups the admin console makes, from its database
 * (spec/kots-snapshots.md 2.2, 2.3, 2.9, 2.10). kotsnap's own builder is another one on purpose:
 * the practice cluster plays the other side. */
#ifndef BACKEND_PRACTICE_KOTS_BACKUP_H
#define BACKEND_PRACTICE_KOTS_BACKUP_H

#include "backend/practice/world.h"

#define KOTS_NAMESPACE "default"
#define KOTS_IMAGE     "kotsadm/kotsadm:v1.131.4"

struct kots_request {
	const char *trigger; /* "manual" or "schedule" */
	int64_t now;
	int64_t sequence;    /* of the application, for history; -1 = the deployed one */
	const char *version; /* with it, or NULL */
};

/* Owned, without a name. */
struct json *kots_backup_full(struct world *world, const struct kots_request *request);
/* slug: of an installed application; NULL when there is none such, or nothing of it is deployed. */
struct json *kots_backup_app(struct world *world, const char *slug,
			     const struct kots_request *request);
/* Rows of the installed applications: id, slug, name, sequence (parent of the deployed version),
 * version, ttl, cron, spec (the Backup manifest as YAML). Owned list. */
struct json *kots_apps(struct world *world);

#endif
