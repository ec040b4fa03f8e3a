/* The deletion controller (spec/velero-api.md 3.3): snapshots forgotten, files removed, restores,
 * then the objects. */
#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/practice/actors.h"
#include "backend/practice/agent_place.h"
#include "backend/practice/folder.h"
#include "backend/practice/store.h"

#include <stdlib.h>
#include <string.h>

#define REQUESTS	"deletebackuprequests.velero.io"
#define BACKUPS		"backups.velero.io"
#define RESTORES	"restores.velero.io"
#define VOLUMES		"podvolumebackups.velero.io"
#define KEPT_S		(24 * 3600)
#define RESTORE_WAIT_MS 60000

struct deletion {
	struct world *world;
	const struct json *request;
	struct json *backup, *location; /* owned */
	struct json *errors;		/* owned list of texts */
};

/* ---- refusals ---- */

static bool is_in_progress(const struct json *backup)
{
	const char *phase = object_phase(backup);

	return strcmp(phase, "InProgress") == 0 || text_starts(phase, "Finalizing") ||
	       text_starts(phase, "Waiting");
}

static void add_refusal(struct deletion *deletion, struct strbuf *out)
{
	const char *location = json_text(deletion->backup, "spec.storageLocation");

	if (!*json_text(deletion->request, "spec.backupName"))
		strbuf_adds(out, "spec.backupName is required");
	else if (!deletion->backup)
		strbuf_adds(out, "backup not found");
	else if (is_in_progress(deletion->backup))
		strbuf_adds(out, "backup is still in progress");
	else if (!deletion->location)
		strbuf_addf(out, "backup storage location %s not found", location);
	else if (strcmp(json_text(deletion->location, "spec.accessMode"), "ReadOnly") == 0)
		strbuf_addf(out,
			    "cannot delete backup because backup storage location %s is currently "
			    "in read-only "
			    "mode",
			    location);
	else if (strcmp(object_phase(deletion->location), "Available") != 0)
		strbuf_addf(out,
			    "cannot delete backup because backup storage location %s is currently "
			    "in %s state",
			    location, object_phase(deletion->location));
}

static void finish(struct deletion *deletion)
{
	struct json *patch = json_new_map();

	json_put_path(patch, "status.phase", json_new_text("Processed"));
	if (json_count(deletion->errors) > 0)
		json_put_path(patch, "status.errors", json_clone(deletion->errors));
	json_free(world_patch(deletion->world, REQUESTS, deletion->request, patch));
}

/* ---- the steps ---- */

/* Labels of ours, by which later requests for the same backup are found; older ones that are done
 * go. */
static void start(struct deletion *deletion)
{
	struct json *patch = json_new_map();
	struct strbuf label = STRBUF_INIT;

	world_add_label_value(&label, object_name(deletion->backup));
	json_put_path(patch, "metadata.labels.[velero.io/backup-name]", json_new_text(label.buf));
	json_put_path(patch, "metadata.labels.[velero.io/backup-uid]",
		      json_new_text(object_uid(deletion->backup)));
	json_put_path(patch, "status.phase", json_new_text("InProgress"));
	json_free(world_patch(deletion->world, REQUESTS, deletion->request, patch));
	world_put(deletion->world, BACKUPS, deletion->backup, "status.phase",
		  json_new_text("Deleting"));
	strbuf_done(&label);
}

/* Requests for the same backup, without this one or with it. */
static void drop_requests(struct deletion *deletion, bool all)
{
	struct json *list = world_list(deletion->world, REQUESTS, VELERO_NAMESPACE, "");
	const struct json *other;

	for (other = json_first(list); other; other = json_next(other)) {
		bool own = strcmp(object_uid(other), object_uid(deletion->request)) == 0;

		if (strcmp(json_text(other, "spec.backupName"), object_name(deletion->backup)) ==
			    0 &&
		    (all || (!own && strcmp(object_phase(other), "Processed") == 0)))
			world_delete(deletion->world, REQUESTS, other);
	}
	json_free(list);
}

static struct json *volumes_of(struct deletion *deletion)
{
	struct strbuf selector = STRBUF_INIT;
	struct json *list;

	strbuf_addf(&selector, "velero.io/backup-uid=%s", object_uid(deletion->backup));
	list = world_list(deletion->world, VOLUMES, VELERO_NAMESPACE, selector.buf);
	strbuf_done(&selector);
	return list;
}

/* The snapshots of one namespace's repository. */
static enum status forget_in(struct deletion *deletion, const struct json *volumes,
			     const char *namespace, struct error *err)
{
	const char **ids = mem_array(json_count(volumes) + 1, sizeof(*ids));
	struct strbuf path = STRBUF_INIT;
	struct repo repo = { NULL, deletion->world->password_file };
	const struct json *volume;
	enum status st = STATUS_OK;
	size_t count = 0;

	for (volume = json_first(volumes); volume; volume = json_next(volume)) {
		if (strcmp(json_text(volume, "spec.pod.namespace"), namespace) == 0 &&
		    *json_text(volume, "status.snapshotID"))
			ids[count++] = json_text(volume, "status.snapshotID");
	}
	place_add_repository(deletion->world, deletion->location, namespace, &path);
	repo.path = path.buf;
	if (count > 0)
		st = repo_forget(&repo, ids, count, err);
	free(ids);
	strbuf_done(&path);
	return st;
}

/* Is this namespace's turn over: was it seen earlier in the list? */
static bool was_before(const struct json *volumes, const struct json *until)
{
	const char *namespace = json_text(until, "spec.pod.namespace");
	const struct json *volume;

	for (volume = json_first(volumes); volume && volume != until; volume = json_next(volume)) {
		if (strcmp(json_text(volume, "spec.pod.namespace"), namespace) == 0)
			return true;
	}
	return false;
}

static void forget_snapshots(struct deletion *deletion)
{
	struct json *volumes = volumes_of(deletion);
	const struct json *volume;
	struct error err = ERROR_INIT;

	for (volume = json_first(volumes); volume; volume = json_next(volume)) {
		if (!was_before(volumes, volume) &&
		    forget_in(deletion, volumes, json_text(volume, "spec.pod.namespace"), &err))
			json_add_text(deletion->errors, err.text);
	}
	json_free(volumes);
}

/* "backups/NAME" or "restores/NAME" below the location's root. */
static void remove_files(struct deletion *deletion, const char *folder, const char *name)
{
	struct strbuf path = STRBUF_INIT;
	struct error err = ERROR_INIT;

	store_add_root(deletion->world, deletion->location, &path);
	strbuf_addf(&path, "/%s/%s", folder, name);
	if (folder_remove(path.buf, &err))
		json_add_text(deletion->errors, err.text);
	strbuf_done(&path);
}

static bool restores_left(struct deletion *deletion, bool remove)
{
	struct json *list = world_list(deletion->world, RESTORES, VELERO_NAMESPACE, "");
	const struct json *restore;
	bool left = false;

	for (restore = json_first(list); restore; restore = json_next(restore)) {
		if (strcmp(json_text(restore, "spec.backupName"), object_name(deletion->backup)) !=
		    0)
			continue;
		left = true;
		if (remove)
			world_delete(deletion->world, RESTORES, restore);
	}
	json_free(list);
	return left;
}

/* The restore controller lets them go once their files are gone. */
static void delete_restores(struct deletion *deletion)
{
	int64_t until = clock_monotonic_ms() + RESTORE_WAIT_MS;
	bool left = restores_left(deletion, true);

	while (left && clock_monotonic_ms() < until && world_sleep(deletion->world, 100))
		left = restores_left(deletion, false);
	if (left)
		json_add_text(deletion->errors,
			      "error deleting restore context deadline exceeded: context "
			      "deadline exceeded");
}

static void delete_all(struct deletion *deletion)
{
	start(deletion);
	drop_requests(deletion, false);
	world_pause(deletion->world, 700, 0);
	forget_snapshots(deletion);
	if (json_count(deletion->errors) == 0)
		remove_files(deletion, "backups", object_name(deletion->backup));
	delete_restores(deletion);
	if (json_count(deletion->errors) > 0) {
		finish(deletion);
		return;
	}
	world_delete(deletion->world, BACKUPS, deletion->backup);
	finish(deletion);
	drop_requests(deletion, true);
}

static void process(struct world *world, const struct json *request)
{
	struct deletion deletion = { .world = world,
				     .request = request,
				     .errors = json_new_list() };
	struct strbuf refusal = STRBUF_INIT, text = STRBUF_INIT;
	const char *name = json_text(request, "spec.backupName");

	deletion.backup = *name ? world_get(world, BACKUPS, VELERO_NAMESPACE, name) : NULL;
	if (deletion.backup)
		deletion.location =
			world_get(world, "backupstoragelocations.velero.io", VELERO_NAMESPACE,
				  json_text(deletion.backup, "spec.storageLocation"));
	add_refusal(&deletion, &refusal);
	if (refusal.len > 0) {
		strbuf_addf(&text, "backup deletion failed: %s", refusal.buf);
		json_add_text(deletion.errors, text.buf);
		finish(&deletion);
	} else {
		delete_all(&deletion);
	}
	json_free(deletion.backup);
	json_free(deletion.location);
	json_free(deletion.errors);
	strbuf_done(&refusal);
	strbuf_done(&text);
}

static bool is_new(const struct json *request)
{
	return !*object_phase(request) || strcmp(object_phase(request), "New") == 0;
}

/* One at a time. Those left InProgress by a restart are never taken up again; after a day each
 * goes. */
static int step(struct world *world)
{
	struct json *list = world_list(world, REQUESTS, VELERO_NAMESPACE, "");
	const struct json *request;
	bool worked = false;

	for (request = json_first(list); request && !worked; request = json_next(request)) {
		worked = is_new(request);
		if (worked)
			process(world, request);
		else if (clock_now() - object_created(request) > KEPT_S)
			world_delete(world, REQUESTS, request);
	}
	json_free(list);
	return worked ? 0 : 10000;
}

const struct actor actor_delete = { "delete", true, NULL, step, NULL };
