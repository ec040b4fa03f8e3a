#include "backend/practice/agent_place.h"

#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/practice/folder.h"
#include "backend/practice/store.h"

#include <string.h>

void place_add_repository(const struct world *world, const struct json *location,
			  const char *namespace, struct strbuf *out)
{
	store_add_root(world, location, out);
	strbuf_addf(out, "/restic/%s", namespace);
}

void place_add_identifier(const struct json *location, const char *namespace, struct strbuf *out)
{
	const char *prefix = json_text(location, "spec.objectStorage.prefix");

	strbuf_addf(out, "s3:%s/%s/%s%srestic/%s", json_text(location, "spec.config.s3Url"),
		    json_text(location, "spec.objectStorage.bucket"), prefix, *prefix ? "/" : "",
		    namespace);
}

static struct json *repository_object(const struct json *location, const char *namespace)
{
	struct json *object = json_new_map(), *spec = json_new_map();
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s-%s-restic", namespace, object_name(location));
	json_put_path(object, "metadata.name", json_new_text(text.buf));
	json_put_path(object, "metadata.namespace", json_new_text(object_namespace(location)));
	json_put_path(object, "metadata.labels.[velero.io/repository-type]",
		      json_new_text("restic"));
	json_put_path(object, "metadata.labels.[velero.io/storage-location]",
		      json_new_text(object_name(location)));
	json_put_path(object, "metadata.labels.[velero.io/volume-namespace]",
		      json_new_text(namespace));
	json_put_text(spec, "backupStorageLocation", object_name(location));
	json_put_text(spec, "maintenanceFrequency", "168h0m0s");
	json_put_text(spec, "repositoryType", "restic");
	strbuf_reset(&text);
	place_add_identifier(location, namespace, &text);
	json_put_text(spec, "resticIdentifier", text.buf);
	json_put_text(spec, "volumeNamespace", namespace);
	json_put(object, "spec", spec);
	strbuf_done(&text);
	return object;
}

static void ensure_object(struct world *world, const struct json *location, const char *namespace)
{
	struct json *object = repository_object(location, namespace), *made;
	struct json *there = world_get(world, "backuprepositories.velero.io",
				       object_namespace(object), object_name(object));

	if (!there) {
		made = world_create(world, "backuprepositories.velero.io", object, NULL);
		if (made) {
			world_put(world, "backuprepositories.velero.io", made, "status.phase",
				  json_new_text("New"));
			world_put(world, "backuprepositories.velero.io", made, "status.phase",
				  json_new_text("Ready"));
			world_put(world, "backuprepositories.velero.io", made,
				  "status.lastMaintenanceTime", world_time(clock_now()));
		}
		json_free(made);
	} else {
		json_free(object);
	}
	json_free(there);
}

enum status place_ensure_repository(struct world *world, const struct json *location,
				    const char *namespace, struct error *err)
{
	struct strbuf root = STRBUF_INIT, path = STRBUF_INIT;
	struct repo repo = { NULL, world->password_file };
	enum status st = STATUS_OK;

	store_add_root(world, location, &root);
	place_add_repository(world, location, namespace, &path);
	repo.path = path.buf;
	if (!folder_exists(root.buf)) {
		st = error_set(err, STATUS_NOT_FOUND,
			       "error checking if repository exists: NoSuchBucket: The specified "
			       "bucket does "
			       "not exist");
	} else if (!repo_exists(&repo)) {
		st = file_make_dirs(path.buf, 0700, err);
		if (!st)
			st = repo_init(&repo, err);
	}
	if (!st)
		ensure_object(world, location, namespace);
	strbuf_done(&root);
	strbuf_done(&path);
	return st;
}
