/* The node agent: takes PodVolumeBackups and PodVolumeRestores in, and copies one volume at a time
 * with restic, as the real one does on a node (spec/velero-api.md 7.1, 7.3; phases as 1.17 and
 * later have them). */
#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/practice/actors.h"
#include "backend/practice/agent_place.h"
#include "backend/practice/folder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BACKUPS	  "podvolumebackups.velero.io"
#define RESTORES  "podvolumerestores.velero.io"
#define FINALIZER "velero.io/pod-volume-finalizer"
#define EXPOSED	  "metadata.labels.[velero.io/expose-on-going]"

#define PREPARE_MS	  1400
#define BETWEEN_MS	  1000 /* the data path pod of the next volume starts */
#define CANCEL_MS	  4500
#define BACKUP_SPREAD_MS  10500
#define RESTORE_SPREAD_MS 5000
#define BREAK_AT_PERCENT  40
#define TAGS_MAX	  16

struct copying {
	struct world *world;
	const char *resource;
	const struct json *object;
	int64_t told_ms; /* when the progress was last written */
	struct repo_progress told;
	bool breaks; /* the fault "volume" was on */
	bool cancelled;
};

/* ---- taking in ---- */

static bool is_waiting(const struct json *object, const char *phase)
{
	return strcmp(object_phase(object), phase) == 0;
}

static void accept_one(struct world *world, const char *resource, const struct json *object)
{
	struct json *patch = json_new_map(), *finalizers = json_new_list();

	json_add_text(finalizers, FINALIZER);
	json_put_path(patch, "metadata.finalizers", finalizers);
	json_free(world_patch(world, resource, object, patch));

	patch = json_new_map();
	json_put_path(patch, EXPOSED, json_new_text("true"));
	json_put_path(patch, "status.phase", json_new_text("Accepted"));
	json_put_path(patch, "status.acceptedTimestamp", world_time(clock_now()));
	if (strcmp(resource, RESTORES) == 0)
		json_put_path(patch, "status.node", json_new_text(NODE_NAME));
	json_free(world_patch(world, resource, object, patch));
}

/* A restore waits until its pod is there and its helper waits for the files. */
static bool pod_waits_for_files(struct world *world, const struct json *restore)
{
	struct json *pod = world_get(world, "pods", json_text(restore, "spec.pod.namespace"),
				     json_text(restore, "spec.pod.name"));
	const struct json *helper = json_first(json_get(pod, "status.initContainerStatuses"));
	bool waits = json_get(helper, "state.running") != NULL;

	json_free(pod);
	return waits;
}

static void finish(struct world *world, const char *resource, const struct json *object,
		   struct json *status)
{
	struct json *patch = json_new_map();

	json_put(status, "completionTimestamp", world_time(clock_now()));
	json_put(patch, "status", status);
	json_free(world_patch(world, resource, object, patch));
	world_put(world, resource, object, "metadata.finalizers",
		  object_finalizers_without(object, FINALIZER));
}

static void finish_with(struct world *world, const char *resource, const struct json *object,
			const char *phase, const char *message)
{
	struct json *status = json_new_map();

	json_put_text(status, "phase", phase);
	if (*message)
		json_put_text(status, "message", message);
	finish(world, resource, object, status);
}

/* true when the object needs no further look: it was cancelled before its turn. */
static bool cancel_early(struct world *world, const char *resource, const struct json *object)
{
	if (!json_bool(object, "spec.cancel", false) && !object_is_deleting(object))
		return false;
	finish_with(world, resource, object, "Canceled", json_text(object, "status.message"));
	return true;
}

static bool move_all(struct world *world, const char *resource, const char *from)
{
	struct json *list = world_list(world, resource, "", "");
	const struct json *object;
	bool moved = false;

	for (object = json_first(list); object; object = json_next(object)) {
		if (!is_waiting(object, from) || cancel_early(world, resource, object))
			continue;
		if (!*from && strcmp(resource, RESTORES) == 0 &&
		    !pod_waits_for_files(world, object))
			continue;
		if (!*from)
			accept_one(world, resource, object);
		else
			world_put(world, resource, object, "status.phase",
				  json_new_text("Prepared"));
		moved = true;
	}
	json_free(list);
	return moved;
}

static bool take_in(struct world *world)
{
	bool backups = move_all(world, BACKUPS, ""), restores = move_all(world, RESTORES, "");

	return backups || restores;
}

static void prepare(struct world *world)
{
	move_all(world, BACKUPS, "Accepted");
	move_all(world, RESTORES, "Accepted");
}

/* ---- copying ---- */

static void tell_progress(struct copying *copying, const struct repo_progress *progress)
{
	struct json *patch;

	if (progress->done_bytes == copying->told.done_bytes)
		return;
	patch = json_new_map();
	json_put_path(patch, "status.progress.bytesDone",
		      json_new_number((double)progress->done_bytes));
	if (progress->total_bytes > 0)
		json_put_path(patch, "status.progress.totalBytes",
			      json_new_number((double)progress->total_bytes));
	json_free(world_patch(copying->world, copying->resource, copying->object, patch));
	copying->told = *progress;
}

static bool is_cancelled(struct copying *copying)
{
	struct json *now =
		world_get(copying->world, copying->resource, object_namespace(copying->object),
			  object_name(copying->object));
	bool cancelled = !now || json_bool(now, "spec.cancel", false) || object_is_deleting(now);

	if (now && cancelled && !copying->cancelled)
		world_put(copying->world, copying->resource, copying->object, "status.phase",
			  json_new_text("Canceling"));
	json_free(now);
	return cancelled;
}

static enum repo_verdict watch_copy(void *arg, const struct repo_progress *progress)
{
	struct copying *copying = arg;
	int64_t now_ms = clock_monotonic_ms();

	if (world_stopping(copying->world))
		return REPO_CANCEL;
	if (copying->breaks && progress->total_bytes > 0 &&
	    progress->done_bytes * 100 >= progress->total_bytes * BREAK_AT_PERCENT)
		return REPO_BREAK;
	if (now_ms - copying->told_ms < (copying->world->fast ? 200 : 1000))
		return REPO_GO_ON;
	copying->told_ms = now_ms;
	/* Others that come meanwhile are taken in, and wait their turn. */
	take_in(copying->world);
	tell_progress(copying, progress);
	copying->cancelled = is_cancelled(copying);
	return copying->cancelled ? REPO_CANCEL : REPO_GO_ON;
}

static void start(struct copying *copying)
{
	struct json *patch = json_new_map();

	json_put_path(patch, EXPOSED, json_new_null());
	json_put_path(patch, "status.phase", json_new_text("InProgress"));
	json_put_path(patch, "status.startTimestamp", world_time(clock_now()));
	json_free(world_patch(copying->world, copying->resource, copying->object, patch));
	copying->told_ms = clock_monotonic_ms();
}

static void end_badly(struct copying *copying, const char *verb, const struct error *err)
{
	struct strbuf message = STRBUF_INIT;

	/* The cluster goes down: what a restart does with it is decided at the restart. */
	if (world_stopping(copying->world) && err->code == STATUS_CANCELLED)
		return;
	/* The data path takes its time to let go: Canceling is seen. */
	if (err->code == STATUS_CANCELLED)
		world_pause(copying->world, CANCEL_MS, 200);
	else
		strbuf_addf(&message, "data path %s failed: %s", verb, err->text);
	finish_with(copying->world, copying->resource, copying->object,
		    err->code == STATUS_CANCELLED ? "Canceled" : "Failed", message.buf);
	strbuf_done(&message);
}

/* Where: the pod's volume and the namespace's repository. The location, the folder and the
 * repository as paths. */
struct place {
	struct strbuf folder, repository;
};

static enum status find_place(struct world *world, const struct json *object, const char *namespace,
			      struct place *place, struct error *err)
{
	const char *pod_name = json_text(object, "spec.pod.name");
	struct json *pod =
		world_get(world, "pods", json_text(object, "spec.pod.namespace"), pod_name);
	struct json *location =
		world_get(world, "backupstoragelocations.velero.io", object_namespace(object),
			  json_text(object, "spec.backupStorageLocation"));
	enum status st = STATUS_OK;

	if (!pod || strcmp(object_uid(pod), json_text(object, "spec.pod.uid")) != 0)
		st = error_set(err, STATUS_NOT_FOUND, "pods \"%s\" not found", pod_name);
	else if (!location)
		st = error_set(err, STATUS_NOT_FOUND,
			       "error getting backup storage location: "
			       "BackupStorageLocation.velero.io \"%s\" "
			       "not found",
			       json_text(object, "spec.backupStorageLocation"));
	else if (!world_volume_path(world, pod, json_text(object, "spec.volume"), &place->folder))
		st = error_set(err, STATUS_NOT_FOUND,
			       "error identifying unique volume path on host for volume %s",
			       json_text(object, "spec.volume"));
	if (!st)
		place_add_repository(world, location, namespace, &place->repository);
	json_free(pod);
	json_free(location);
	return st;
}

static void place_done(struct place *place)
{
	strbuf_done(&place->folder);
	strbuf_done(&place->repository);
}

/* "key=value" of every tag; the array is NULL-terminated, both are freed with free_tags(). */
static void make_tags(const struct json *object, char *tags[TAGS_MAX + 1])
{
	const struct json *tag = json_first(json_get(object, "spec.tags"));
	struct strbuf text = STRBUF_INIT;
	size_t count = 0;

	for (; tag && count < TAGS_MAX; tag = json_next(tag)) {
		strbuf_addf(&text, "%s=%s", json_name(tag), json_value(tag));
		tags[count++] = strbuf_detach(&text);
	}
	tags[count] = NULL;
	strbuf_done(&text);
}

static void free_tags(char *tags[TAGS_MAX + 1])
{
	for (; *tags; tags++)
		free(*tags);
}

/* What restic says when its disk is full. */
static enum status disk_is_full(const struct json *object, struct error *err)
{
	return error_set(
		err, STATUS_FAILED,
		"error running restic backup, stderr=Fatal: unable to save snapshot: write "
		"%s/data: no space left on device: exit status 1",
		json_text(object, "spec.repoIdentifier"));
}

static struct json *success(const struct json *object, const struct repo_snapshot *snapshot)
{
	struct json *status = json_new_map();
	struct strbuf path = STRBUF_INIT;

	strbuf_addf(&path, "/host_pods/%s/volumes/%s", json_text(object, "spec.pod.uid"),
		    json_text(object, "spec.volume"));
	json_put_text(status, "phase", "Completed");
	json_put_text(status, "path", path.buf);
	json_put_text(status, "snapshotID", snapshot->id);
	json_put_path(status, "progress.bytesDone", json_new_number((double)snapshot->size_bytes));
	json_put_path(status, "progress.totalBytes", json_new_number((double)snapshot->size_bytes));
	if (snapshot->added_bytes > 0)
		json_put_int(status, "incrementalBytes", snapshot->added_bytes);
	strbuf_done(&path);
	return status;
}

static enum status copy_out(struct copying *copying, const struct place *place,
			    struct repo_snapshot *ret_snapshot, struct error *err)
{
	struct repo repo = { place->repository.buf, copying->world->password_file };
	char *tags[TAGS_MAX + 1];
	struct repo_copy copy = { .folder = place->folder.buf,
				  .tags = (const char *const *)tags,
				  .spread_ms = copying->world->fast ? 0 : BACKUP_SPREAD_MS,
				  .watch = watch_copy,
				  .arg = copying };
	enum status st;

	if (faults_has(copying->world->faults, FAULT_DISK))
		return disk_is_full(copying->object, err);
	make_tags(copying->object, tags);
	copying->breaks = faults_take(copying->world->faults, FAULT_VOLUME);
	st = repo_backup(&repo, &copy, ret_snapshot, err);
	/* So small that it was over before it could break. */
	if (!st && copying->breaks)
		st = error_set(err, STATUS_FAILED, "restic backup: signal: terminated");
	free_tags(tags);
	return st;
}

static void back_up(struct world *world, const struct json *object)
{
	struct copying copying = { .world = world, .resource = BACKUPS, .object = object };
	struct place place = { STRBUF_INIT, STRBUF_INIT };
	struct repo_snapshot snapshot = { "", 0, 0 };
	struct error err = ERROR_INIT;
	struct json *status;
	enum status st;

	start(&copying);
	st = find_place(world, object, json_text(object, "spec.pod.namespace"), &place, &err);
	if (!st && folder_is_empty(place.folder.buf)) {
		status = json_new_map();
		json_put_text(status, "phase", "Completed");
		json_put_text(status, "message", "volume was empty so no snapshot was taken");
		finish(world, BACKUPS, object, status);
		place_done(&place);
		return;
	}
	if (!st)
		st = copy_out(&copying, &place, &snapshot, &err);
	if (st)
		end_badly(&copying, "backup", &err);
	else
		finish(world, BACKUPS, object, success(object, &snapshot));
	place_done(&place);
}

static enum status copy_in(struct copying *copying, const struct place *place, struct error *err)
{
	struct repo repo = { place->repository.buf, copying->world->password_file };
	struct repo_copy copy = { .folder = place->folder.buf,
				  .spread_ms = copying->world->fast ? 0 : RESTORE_SPREAD_MS,
				  .watch = watch_copy,
				  .arg = copying };
	enum status st = file_make_dirs(place->folder.buf, 0700, err);

	copying->breaks = faults_take(copying->world->faults, FAULT_VOLUME);
	if (!st)
		st = repo_restore(&repo, json_text(copying->object, "spec.snapshotID"),
				  json_int(copying->object, "spec.snapshotSize", 0), &copy, err);
	if (!st && copying->breaks)
		st = error_set(err, STATUS_FAILED, "restic restore: signal: terminated");
	return st;
}

static void bring_back(struct world *world, const struct json *object)
{
	struct copying copying = { .world = world, .resource = RESTORES, .object = object };
	struct place place = { STRBUF_INIT, STRBUF_INIT };
	struct json *status = json_new_map();
	struct error err = ERROR_INIT;
	int64_t size;

	start(&copying);
	if (find_place(world, object, json_text(object, "spec.sourceNamespace"), &place, &err) ||
	    copy_in(&copying, &place, &err)) {
		json_free(status);
		end_badly(&copying, "restore", &err);
	} else {
		size = folder_size(place.folder.buf);
		json_put_text(status, "phase", "Completed");
		json_put_path(status, "progress.bytesDone", json_new_number((double)size));
		json_put_path(status, "progress.totalBytes", json_new_number((double)size));
		finish(world, RESTORES, object, status);
	}
	place_done(&place);
}

/* The first that is Prepared, or still InProgress from before a restart. Owned. */
static struct json *next_of(struct world *world, const char *resource)
{
	struct json *list = world_list(world, resource, "", ""), *found = NULL;
	const struct json *object;

	for (object = json_first(list); object && !found; object = json_next(object)) {
		if ((is_waiting(object, "Prepared") || is_waiting(object, "InProgress") ||
		     is_waiting(object, "Canceling")) &&
		    !cancel_early(world, resource, object))
			found = json_clone(object);
	}
	json_free(list);
	return found;
}

/* true when there was something to copy. */
static bool copy_next(struct world *world)
{
	struct json *backup = next_of(world, BACKUPS), *restore;

	if (backup) {
		back_up(world, backup);
		json_free(backup);
		return true;
	}
	restore = next_of(world, RESTORES);
	if (!restore)
		return false;
	bring_back(world, restore);
	json_free(restore);
	return true;
}

static int step(struct world *world)
{
	if (faults_has(world->faults, FAULT_NODE_AGENT))
		return 500;
	if (take_in(world) && !world_pause(world, PREPARE_MS, 50))
		return 0;
	prepare(world);
	if (!copy_next(world))
		return 30000;
	world_pause(world, BETWEEN_MS, 10);
	return 0;
}

/* A restore waits for its pod. */
static const char *const wakes[] = { BACKUPS, RESTORES, "pods", NULL };

const struct actor actor_agent = { "node-agent", false, NULL, step, wakes };
