/* seed CLUSTER_DB BACKUPS [VOLUMES]: puts that many finished backups with three volumes each, the
 * first with VOLUMES, into the objects of a practice cluster that does not run, copied from one of
 * its own, with the managedFields that a real API server adds (more than half of each item). */
#include "backend/base/clock.h"
#include "backend/practice/objects.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VOLUMES 3
#define HOUR	3600

static struct json *managed_fields(size_t bytes)
{
	struct json *list = json_new_list(), *entry = json_add(list, json_new_map());
	struct json *fields = json_put(entry, "fieldsV1", json_new_map());
	size_t made = 0;

	json_put_text(entry, "manager", "velero-server");
	json_put_text(entry, "operation", "Update");
	json_put_text(entry, "time", "2026-11-20T02:44:10Z");
	for (int i = 0; made < bytes; i++) {
		char key[48];

		made += (size_t)snprintf(key, sizeof(key), "f:someFieldOfVelero%d", i) + 6;
		json_put(fields, key, json_new_map());
	}
	return list;
}

/* The first finished object of a resource, without what the server fills in. */
static struct json *find_model(struct objects *objects, const char *resource)
{
	const struct object_key key = { resource, "velero", "" };
	struct json *items = NULL, *model = NULL;
	struct error err = ERROR_INIT;
	int64_t version;

	if (objects_list(objects, &key, "", &items, &version, &err)) {
		fprintf(stderr, "seed: %s\n", err.text);
		return NULL;
	}
	for (const struct json *item = json_first(items); item && !model; item = json_next(item))
		if (!strcmp(json_text(item, "status.phase"), "Completed"))
			model = json_clone(item);
	json_free(items);
	if (model) {
		struct json *metadata = json_key_mut(model, "metadata");

		json_remove(metadata, "uid");
		json_remove(metadata, "resourceVersion");
		json_remove(metadata, "generateName");
		json_remove(metadata, "ownerReferences");
		json_put(metadata, "managedFields", managed_fields(1100));
	}
	return model;
}

static void put_time(struct json *object, const char *path, int64_t unix_s)
{
	struct strbuf text = STRBUF_INIT;

	clock_add_rfc3339(&text, unix_s);
	json_put_path(object, path, json_new_text(text.buf));
	strbuf_done(&text);
}

static bool create(struct objects *objects, const char *resource, struct json *object)
{
	const struct object_key key = { resource, "velero", json_text(object, "metadata.name") };
	struct error err = ERROR_INIT;

	if (!objects_create(objects, &key, object, NULL, &err))
		return true;
	fprintf(stderr, "seed: %s\n", err.text);
	return false;
}

static bool create_backup(struct objects *objects, const struct json *model, int number)
{
	struct json *object = json_clone(model);
	int64_t began = clock_now() - (int64_t)number * HOUR;
	char name[64];

	snprintf(name, sizeof(name), "instance-s%05d", number);
	json_put_path(object, "metadata.name", json_new_text(name));
	/* Of a location that nobody syncs: else the actors would miss their files in the store. */
	json_put_path(object, "spec.storageLocation", json_new_text("elsewhere"));
	put_time(object, "status.startTimestamp", began);
	put_time(object, "status.completionTimestamp", began + 600);
	put_time(object, "status.expiration", clock_now() + 720 * HOUR);
	return create(objects, "backups.velero.io", object);
}

static bool create_volume(struct objects *objects, const struct json *model, int number, int volume)
{
	struct json *object = json_clone(model);
	char name[64];

	snprintf(name, sizeof(name), "instance-s%05d", number);
	json_put_path(object, "metadata.labels.[velero.io/backup-name]", json_new_text(name));
	snprintf(name, sizeof(name), "instance-s%05d-v%d", number, volume);
	json_put_path(object, "metadata.name", json_new_text(name));
	return create(objects, "podvolumebackups.velero.io", object);
}

static bool seed(struct objects *objects, int count, int first_volumes)
{
	struct json *backup = find_model(objects, "backups.velero.io"),
		    *volume = find_model(objects, "podvolumebackups.velero.io");
	bool good = backup && volume && !objects_begin(objects, NULL);

	for (int i = 1; good && i <= count; i++) {
		good = create_backup(objects, backup, i);
		for (int v = 0; good && v < (i == 1 ? first_volumes : VOLUMES); v++)
			good = create_volume(objects, volume, i, v);
	}
	good = good && !objects_commit(objects, NULL);
	json_free(backup);
	json_free(volume);
	return good;
}

int main(int argc, char **argv)
{
	struct objects *objects = NULL;
	struct error err = ERROR_INIT;
	bool good;

	if (argc < 3 || argc > 4 || objects_open(argv[1], &objects, &err)) {
		fprintf(stderr, "usage: seed CLUSTER_DB BACKUPS [VOLUMES]  %s\n", err.text);
		return 2;
	}
	good = seed(objects, atoi(argv[2]), argc > 3 ? atoi(argv[3]) : VOLUMES);
	objects_close(objects);
	return good ? 0 : 1;
}
