/* The lines that every backup's log has, in Velero's words: for the backup actor, and for the
 * seed's history. */
#ifndef BACKEND_PRACTICE_BACKUP_LOG_H
#define BACKEND_PRACTICE_BACKUP_LOG_H

#include "backend/practice/collect.h"
#include "backend/practice/velog.h"

void backup_log_beginning(struct velog *log, const struct json *backup);
void backup_log_estimate(struct velog *log, size_t count);
void backup_log_items(struct velog *log, const struct collection *items);

#endif
