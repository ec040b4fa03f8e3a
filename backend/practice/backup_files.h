/* What a backup leaves in the store (spec/velero-api.md 6, 3.5): written by the backup actor, and
 * by the seed for its history. */
#ifndef BACKEND_PRACTICE_BACKUP_FILES_H
#define BACKEND_PRACTICE_BACKUP_FILES_H

#include "backend/practice/collect.h"
#include "backend/practice/velog.h"

struct backup_files {
	const char *root;	   /* of the location */
	const struct json *backup; /* the object */
	const struct collection *items;
	const struct json *volumes; /* list of its PodVolumeBackups, final */
	const struct velog *log;
};

/* Log first, then metadata, contents and the rest, as Velero uploads them. */
enum status backup_files_write(const struct backup_files *files, struct error *err);
/* velero-backup.json alone, when the object has changed. */
enum status backup_files_write_object(const char *root, const struct json *backup,
				      struct error *err);
/* BackupVolumeInfos, owned. Pure. */
struct json *backup_volume_infos(const struct json *volumes, const struct collection *items);

#endif
