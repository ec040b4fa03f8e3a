/* Which backup is next (Velero 1.18: New, Queued with a position, ReadyToStart). One backup runs at
 * a time. */
#ifndef BACKEND_PRACTICE_BACKUP_QUEUE_H
#define BACKEND_PRACTICE_BACKUP_QUEUE_H

#include "backend/practice/world.h"

/* Gives new backups their place in the queue, and all their right positions. */
void backup_queue_update(struct world *world);
/* Takes the first out: it is ReadyToStart. Owned, or NULL. */
struct json *backup_queue_take(struct world *world);
/* Those that wait, oldest first: ReadyToStart ones from before a restart, then the queued by
 * position, then the new by age. Takes a list of backups; owned list. Pure. */
struct json *backup_queue_order(const struct json *backups);

#endif
