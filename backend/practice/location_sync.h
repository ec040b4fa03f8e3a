/* Backup sync (spec/velero-api.md 5): the store decides which backups there are. */
#ifndef BACKEND_PRACTICE_LOCATION_SYNC_H
#define BACKEND_PRACTICE_LOCATION_SYNC_H

#include "backend/practice/world.h"

/* Makes Backups and PodVolumeBackups of what lies in the store and is unknown; removes the objects
 * of finished backups whose files are gone. */
void location_sync(struct world *world, const struct json *location);

#endif
