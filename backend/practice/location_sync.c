#include "backend/practice/location_sync.h"

#include "backend/practice/folder.h"
#include "backend/practice/store.h"

#include <dirent.h>
#include <string.h>

#define BACKUPS "backups.velero.io"

static void keep_only(struct json *metadata, struct json *from)
{
	static const char *const kept[] = { "name", "labels", "annotations", "generateName" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kept); i++) {
		if (json_key(from, kept[i]))
			json_put(metadata, kept[i], json_clone(json_key(from, kept[i])));
	}
}

/* A stored object as a new one of this cluster. Takes over stored. */
static struct json *fresh(struct json *stored)
{
	struct json *metadata = json_new_map();

	keep_only(metadata, json_key_mut(stored, "metadata"));
	json_put_text(metadata, "namespace", VELERO_NAMESPACE);
	json_put(stored, "metadata", metadata);
	return stored;
}

static void sync_volumes(struct world *world, const struct json *location, const char *root,
			 const struct json *backup)
{
	struct strbuf name = STRBUF_INIT;
	struct json *stored, *volume;
	const struct json *entry;

	strbuf_addf(&name, "backups/%s/%s-podvolumebackups.json.gz", object_name(backup),
		    object_name(backup));
	stored = store_read_json(root, name.buf, NULL);
	for (entry = json_first(stored); entry; entry = json_next(entry)) {
		volume = fresh(json_clone(entry));
		json_put_path(volume, "metadata.ownerReferences", world_owner(backup));
		json_put_path(volume, "metadata.labels.[velero.io/backup-uid]",
			      json_new_text(object_uid(backup)));
		json_put_path(volume, "spec.backupStorageLocation",
			      json_new_text(object_name(location)));
		json_free(world_create(world, "podvolumebackups.velero.io", volume, NULL));
	}
	json_free(stored);
	strbuf_done(&name);
}

/* Waiting* and Finalizing* are not whole yet. */
static bool is_whole(const struct json *stored)
{
	const char *phase = object_phase(stored);

	return *phase && !text_starts(phase, "Waiting") && !text_starts(phase, "Finalizing") &&
	       strcmp(phase, "InProgress") != 0;
}

static void sync_one(struct world *world, const struct json *location, const char *root,
		     const char *name)
{
	struct json *there = world_get(world, BACKUPS, VELERO_NAMESPACE, name), *stored, *made;
	struct strbuf path = STRBUF_INIT, label = STRBUF_INIT;

	/* By name alone: one of another location hides this one. */
	if (there) {
		json_free(there);
		return;
	}
	strbuf_addf(&path, "backups/%s/velero-backup.json", name);
	stored = store_read_json(root, path.buf, NULL);
	if (stored && is_whole(stored)) {
		world_add_label_value(&label, object_name(location));
		stored = fresh(stored);
		json_put_path(stored, "metadata.labels.[velero.io/storage-location]",
			      json_new_text(label.buf));
		json_put_path(stored, "spec.storageLocation", json_new_text(object_name(location)));
		made = world_create(world, BACKUPS, stored, NULL);
		if (made)
			sync_volumes(world, location, root, made);
		json_free(made);
	} else {
		json_free(stored);
	}
	strbuf_done(&path);
	strbuf_done(&label);
}

static void sync_stored(struct world *world, const struct json *location, const char *root)
{
	struct strbuf path = STRBUF_INIT;
	const struct dirent *entry;
	DIR *dir;

	strbuf_addf(&path, "%s/backups", root);
	dir = opendir(path.buf);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			sync_one(world, location, root, entry->d_name);
	}
	if (dir)
		closedir(dir);
	strbuf_done(&path);
}

static void drop_orphans(struct world *world, const struct json *location, const char *root)
{
	struct json *list = world_list(world, BACKUPS, VELERO_NAMESPACE, "");
	struct strbuf path = STRBUF_INIT;
	const struct json *backup;

	for (backup = json_first(list); backup; backup = json_next(backup)) {
		const char *phase = object_phase(backup);

		if (strcmp(json_text(backup, "spec.storageLocation"), object_name(location)) != 0 ||
		    (strcmp(phase, "Completed") != 0 && strcmp(phase, "PartiallyFailed") != 0))
			continue;
		strbuf_reset(&path);
		strbuf_addf(&path, "backups/%s/velero-backup.json", object_name(backup));
		if (!store_has(root, path.buf))
			world_delete(world, BACKUPS, backup);
	}
	json_free(list);
	strbuf_done(&path);
}

void location_sync(struct world *world, const struct json *location)
{
	struct strbuf root = STRBUF_INIT;

	store_add_root(world, location, &root);
	/* A store that was taken away since it was last looked at says nothing about its backups.
	 */
	if (folder_exists(root.buf)) {
		sync_stored(world, location, root.buf);
		drop_orphans(world, location, root.buf);
	}
	strbuf_done(&root);
}
