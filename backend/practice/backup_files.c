#include "backend/practice/backup_files.h"

#include "backend/base/clock.h"
#include "backend/practice/store.h"

#include <string.h>

/* ---- BackupVolumeInfos ---- */

static void copy_text(struct json *to, const char *key, const struct json *from, const char *path)
{
	if (*json_text(from, path))
		json_put_text(to, key, json_text(from, path));
}

static struct json *pvb_info(const struct json *volume)
{
	struct json *info = json_new_map();
	int64_t size = json_int(volume, "status.progress.totalBytes", 0);
	int64_t added = json_int(volume, "status.incrementalBytes", 0);

	copy_text(info, "snapshotHandle", volume, "status.snapshotID");
	if (size > 0 && *json_text(volume, "status.snapshotID"))
		json_put_int(info, "size", size);
	if (added > 0)
		json_put_int(info, "incrementalSize", added);
	json_put_text(info, "uploaderType", json_text(volume, "spec.uploaderType"));
	json_put_text(info, "volumeName", json_text(volume, "spec.volume"));
	json_put_text(info, "podName", json_text(volume, "spec.pod.name"));
	json_put_text(info, "podNamespace", json_text(volume, "spec.pod.namespace"));
	json_put_text(info, "nodeName", json_text(volume, "spec.node"));
	json_put_text(info, "Phase", object_phase(volume));
	return info;
}

static struct json *pv_info(const struct json *persistent_volume)
{
	const struct json *labels = json_get(persistent_volume, "metadata.labels");
	struct json *info = json_new_map();

	json_put_text(info, "reclaimPolicy",
		      json_text(persistent_volume, "spec.persistentVolumeReclaimPolicy"));
	json_put(info, "labels", json_count(labels) > 0 ? json_clone(labels) : json_new_null());
	return info;
}

static struct json *volume_info(const struct json *volume, const struct collection *items)
{
	const char *claim_name = object_annotation(volume, "velero.io/pvc-name");
	const char *namespace = json_text(volume, "spec.pod.namespace");
	const struct item *claim = NULL, *behind = NULL;
	struct json *info = json_new_map();

	if (*claim_name)
		claim = collection_find(items, "persistentvolumeclaims", namespace, claim_name);
	if (claim)
		behind = collection_find(items, "persistentvolumes", "",
					 json_text(claim->object, "spec.volumeName"));
	if (*claim_name) {
		json_put_text(info, "pvcName", claim_name);
		json_put_text(info, "pvcNamespace", namespace);
	}
	if (claim)
		json_put_text(info, "pvName", json_text(claim->object, "spec.volumeName"));
	json_put_text(info, "backupMethod", "PodVolumeBackup");
	json_put_bool(info, "snapshotDataMoved", false);
	json_put_bool(info, "preserveLocalSnapshot", false);
	json_put_bool(info, "skipped", false);
	copy_text(info, "startTimestamp", volume, "status.startTimestamp");
	copy_text(info, "completionTimestamp", volume, "status.completionTimestamp");
	json_put_text(info, "result",
		      strcmp(object_phase(volume), "Completed") == 0 ? "succeeded" : "failed");
	json_put(info, "pvbInfo", pvb_info(volume));
	if (behind)
		json_put(info, "pvInfo", pv_info(behind->object));
	return info;
}

struct json *backup_volume_infos(const struct json *volumes, const struct collection *items)
{
	struct json *infos = json_new_list();
	const struct json *volume;

	for (volume = json_first(volumes); volume; volume = json_next(volume))
		json_add(infos, volume_info(volume, items));
	return infos;
}

/* ---- the files ---- */

static enum status write_json(const struct backup_files *files, const char *kind,
			      struct json *content, struct error *err)
{
	struct strbuf name = STRBUF_INIT;
	enum status st;

	(void)store_add_artefact(kind, object_name(files->backup), &name);
	st = store_write_json(files->root, name.buf, content, err);
	json_free(content);
	strbuf_done(&name);
	return st;
}

static enum status write_text(const struct backup_files *files, const char *kind,
			      const struct strbuf *text, struct error *err)
{
	struct strbuf name = STRBUF_INIT;
	enum status st;

	(void)store_add_artefact(kind, object_name(files->backup), &name);
	st = store_write(files->root, name.buf, text, err);
	strbuf_done(&name);
	return st;
}

enum status backup_files_write_object(const char *root, const struct json *backup,
				      struct error *err)
{
	struct strbuf name = STRBUF_INIT;
	enum status st;

	strbuf_addf(&name, "backups/%s/velero-backup.json", object_name(backup));
	st = store_write_json(root, name.buf, backup, err);
	strbuf_done(&name);
	return st;
}

static enum status write_contents(const struct backup_files *files, struct error *err)
{
	struct strbuf archive = STRBUF_INIT;
	enum status st;

	collection_add_tar(files->items,
			   clock_parse_rfc3339(json_text(files->backup, "status.startTimestamp")),
			   &archive);
	st = write_text(files, "BackupContents", &archive, err);
	strbuf_done(&archive);
	return st;
}

static enum status write_volumes(const struct backup_files *files, struct error *err)
{
	struct strbuf name = STRBUF_INIT;
	enum status st;

	strbuf_addf(&name, "backups/%s/%s-podvolumebackups.json.gz", object_name(files->backup),
		    object_name(files->backup));
	st = store_write_json(files->root, name.buf, files->volumes, err);
	strbuf_done(&name);
	return st;
}

enum status backup_files_write(const struct backup_files *files, struct error *err)
{
	enum status st = write_text(files, "BackupLog", &files->log->text, err);

	if (!st)
		st = backup_files_write_object(files->root, files->backup, err);
	if (!st)
		st = write_contents(files, err);
	if (!st)
		st = write_volumes(files, err);
	if (!st)
		st = write_json(files, "BackupVolumeSnapshots", json_new_null(), err);
	if (!st)
		st = write_json(files, "BackupItemOperations", json_new_list(), err);
	if (!st)
		st = write_json(files, "BackupResourceList", collection_resource_list(files->items),
				err);
	if (!st)
		st = write_json(files, "BackupVolumeInfos",
				backup_volume_infos(files->volumes, files->items), err);
	if (!st)
		st = write_json(files, "BackupResults", velog_results(files->log), err);
	return st;
}
