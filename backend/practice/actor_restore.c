/* The restore controller (spec/velero-api.md 2.3, 2.4, 3.7, 3.8): one restore at a time. */
#include "backend/base/clock.h"
#include "backend/practice/actors.h"
#include "backend/practice/agent_place.h"
#include "backend/practice/folder.h"
#include "backend/practice/restore_check.h"
#include "backend/practice/restore_items.h"
#include "backend/practice/store.h"

#include <string.h>

#define RESTORES   "restores.velero.io"
#define VOLUMES	   "podvolumerestores.velero.io"
#define RESTORE_GO "pkg/restore/restore.go:"
#define CONTROLLER "pkg/controller/restore_controller.go:"

struct running {
	struct world *world;
	struct json *restore, *backup, *location; /* owned */
	struct strbuf root;
	struct collection items;
	struct velog log;
	struct restoring restoring;
	struct json *stored; /* owned: the backup's PodVolumeBackups as stored */
};

static void set_restore(struct running *run, struct json *patch)
{
	struct json *changed = world_patch(run->world, RESTORES, run->restore, patch);

	if (!changed)
		return;
	json_free(run->restore);
	run->restore = changed;
	run->restoring.restore = changed;
}

static void set_path(struct running *run, const char *path, struct json *value)
{
	struct json *patch = json_new_map();

	json_put_path(patch, path, value);
	set_restore(run, patch);
}

/* ---- volumes ---- */

static struct json *volume_object(struct running *run, const struct json *pod,
				  const struct json *stored)
{
	struct json *object = json_new_map(), *labels, *spec;
	const char *claim_name = pod_claim(pod, json_text(stored, "spec.volume"));
	struct json *claim = *claim_name ? world_get(run->world, "persistentvolumeclaims",
						     object_namespace(pod), claim_name)
					 : NULL;
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s-", object_name(run->restore));
	json_put_path(object, "metadata.generateName", json_new_text(text.buf));
	json_put_path(object, "metadata.namespace", json_new_text(VELERO_NAMESPACE));
	labels = json_put_path(object, "metadata.labels", json_new_map());
	json_put_text(labels, "velero.io/pod-uid", object_uid(pod));
	if (claim)
		json_put_text(labels, "velero.io/pvc-uid", object_uid(claim));
	strbuf_reset(&text);
	world_add_label_value(&text, object_name(run->restore));
	json_put_text(labels, "velero.io/restore-name", text.buf);
	json_put_text(labels, "velero.io/restore-uid", object_uid(run->restore));
	json_put_path(object, "metadata.ownerReferences", world_owner(run->restore));
	spec = json_put(object, "spec", json_new_map());
	json_put_text(spec, "backupStorageLocation", object_name(run->location));
	json_put_path(spec, "pod.kind", json_new_text("Pod"));
	json_put_path(spec, "pod.name", json_new_text(object_name(pod)));
	json_put_path(spec, "pod.namespace", json_new_text(object_namespace(pod)));
	json_put_path(spec, "pod.uid", json_new_text(object_uid(pod)));
	json_put_text(spec, "repoIdentifier", json_text(stored, "spec.repoIdentifier"));
	json_put_text(spec, "snapshotID", json_text(stored, "status.snapshotID"));
	json_put_int(spec, "snapshotSize", json_int(stored, "status.progress.totalBytes", 0));
	json_put_text(spec, "sourceNamespace", json_text(stored, "spec.pod.namespace"));
	json_put_text(spec, "uploaderType", "restic");
	json_put_text(spec, "volume", json_text(stored, "spec.volume"));
	json_put_path(object, "status.progress", json_new_map());
	json_free(claim);
	strbuf_done(&text);
	return object;
}

/* The backup's volume belongs to the pod when that has its name; the namespace may be mapped. */
static bool belongs(struct running *run, const struct json *stored, const struct json *pod)
{
	const char *from = json_text(stored, "spec.pod.namespace");
	const char *to = json_key_text(json_get(run->restore, "spec.namespaceMapping"), from);

	return strcmp(json_text(stored, "spec.pod.name"), object_name(pod)) == 0 &&
	       strcmp(*to ? to : from, object_namespace(pod)) == 0 &&
	       *json_text(stored, "status.snapshotID");
}

static void create_volumes(struct running *run)
{
	const struct json *pod, *stored;

	for (pod = json_first(run->restoring.pods); pod; pod = json_next(pod)) {
		for (stored = json_first(run->stored); stored; stored = json_next(stored)) {
			if (belongs(run, stored, pod))
				json_free(world_create(run->world, VOLUMES,
						       volume_object(run, pod, stored), NULL));
		}
	}
}

static struct json *volumes_of(struct running *run)
{
	struct strbuf selector = STRBUF_INIT;
	struct json *list;

	strbuf_addf(&selector, "velero.io/restore-uid=%s", object_uid(run->restore));
	list = world_list(run->world, VOLUMES, VELERO_NAMESPACE, selector.buf);
	strbuf_done(&selector);
	return list;
}

static bool all_final(const struct json *list)
{
	const struct json *volume;

	for (volume = json_first(list); volume; volume = json_next(volume)) {
		const char *phase = object_phase(volume);

		if (strcmp(phase, "Completed") != 0 && strcmp(phase, "Failed") != 0 &&
		    strcmp(phase, "Canceled") != 0)
			return false;
	}
	return true;
}

static void note_failures(struct running *run, const struct json *list)
{
	struct strbuf text = STRBUF_INIT;
	const struct json *volume;

	for (volume = json_first(list); volume; volume = json_next(volume)) {
		if (strcmp(object_phase(volume), "Completed") == 0)
			continue;
		strbuf_reset(&text);
		strbuf_addf(&text, "pod volume restore %s: %s",
			    strcmp(object_phase(volume), "Canceled") == 0 ? "canceled" : "failed",
			    json_text(volume, "status.message"));
		velog_line(&run->log, VELOG_ERROR, CONTROLLER "628", VELOG_NO_FIELDS,
			   "Velero restore error: %s", text.buf);
		velog_add_result(&run->log, VELOG_ERROR, "velero", false, text.buf);
	}
	strbuf_done(&text);
}

/* false: the cluster goes down, or another Velero server is on duty. */
static bool wait_for_volumes(struct running *run)
{
	char server[WORLD_UID];
	struct json *list;
	bool done = false;

	world_server(run->world, server);
	create_volumes(run);
	velog_line(&run->log, VELOG_INFO, RESTORE_GO "961", VELOG_NO_FIELDS,
		   "Waiting for all pod volume restores to complete");
	while (!done) {
		list = volumes_of(run);
		done = all_final(list);
		if (done)
			note_failures(run, list);
		json_free(list);
		if (!done &&
		    (!world_pause(run->world, 500, 100) || !world_server_is(run->world, server)))
			return false;
	}
	velog_line(&run->log, VELOG_INFO, RESTORE_GO "977", VELOG_NO_FIELDS,
		   "Done waiting for all pod volume restores to complete");
	return true;
}

/* ---- files ---- */

static struct json *volume_infos(struct running *run)
{
	struct json *infos = json_new_list(), *list = volumes_of(run), *info, *part;
	const struct json *volume;

	for (volume = json_first(list); volume; volume = json_next(volume)) {
		const char *namespace = json_text(volume, "spec.pod.namespace");
		struct json *pod = world_get(run->world, "pods", namespace,
					     json_text(volume, "spec.pod.name"));
		const char *claim_name = pod_claim(pod, json_text(volume, "spec.volume"));
		struct json *claim = *claim_name ? world_get(run->world, "persistentvolumeclaims",
							     namespace, claim_name)
						 : NULL;

		/* emptyDirs are not listed (fixtures: restore-deleted-namespace). */
		if (claim) {
			info = json_add(infos, json_new_map());
			json_put_text(info, "pvcName", claim_name);
			json_put_text(info, "pvcNamespace", namespace);
			json_put_text(info, "pvName", json_text(claim, "spec.volumeName"));
			json_put_text(info, "restoreMethod", "PodVolumeRestore");
			json_put_bool(info, "snapshotDataMoved", false);
			part = json_put(info, "pvrInfo", json_new_map());
			json_put_text(part, "snapshotHandle", json_text(volume, "spec.snapshotID"));
			if (strcmp(object_phase(volume), "Completed") == 0)
				json_put_int(part, "size",
					     json_int(volume, "status.progress.totalBytes", 0));
			json_put_text(part, "uploaderType", "restic");
			json_put_text(part, "volumeName", json_text(volume, "spec.volume"));
			json_put_text(part, "podName", json_text(volume, "spec.pod.name"));
			json_put_text(part, "podNamespace", namespace);
			json_put_text(part, "Phase", "");
		}
		json_free(pod);
		json_free(claim);
	}
	json_free(list);
	return infos;
}

static void write_json(struct running *run, const char *kind, struct json *content)
{
	struct strbuf name = STRBUF_INIT;

	/* What cannot be uploaded is missed when it is asked for: 404. */
	if (store_add_artefact(kind, object_name(run->restore), &name))
		(void)store_write_json(run->root.buf, name.buf, content, NULL);
	json_free(content);
	strbuf_done(&name);
}

/* With its keys in order, as Go writes a map. */
static struct json *sorted(const struct json *map)
{
	struct strbuf text = STRBUF_INIT;
	struct json *copy;

	json_print_go(map, &text);
	copy = json_parse(text.buf, text.len, NULL);
	strbuf_done(&text);
	return copy;
}

static void write_files(struct running *run)
{
	struct strbuf name = STRBUF_INIT;

	(void)store_add_artefact("RestoreLog", object_name(run->restore), &name);
	(void)store_write(run->root.buf, name.buf, &run->log.text, NULL);
	write_json(run, "RestoreResults", velog_results(&run->log));
	write_json(run, "RestoreResourceList", sorted(run->restoring.list));
	write_json(run, "RestoreItemOperations", json_new_list());
	write_json(run, "RestoreVolumeInfo", volume_infos(run));
	strbuf_done(&name);
}

static void log_warnings(struct running *run)
{
	const struct json *namespace, *entry;

	for (entry = json_first(json_key(run->log.warnings, "cluster")); entry;
	     entry = json_next(entry))
		velog_line(&run->log, VELOG_WARNING, CONTROLLER "633", VELOG_NO_FIELDS,
			   "Cluster resource restore warning: %s", json_value(entry));
	for (namespace = json_first(json_key(run->log.warnings, "namespaces")); namespace;
	     namespace = json_next(namespace)) {
		for (entry = json_first(namespace); entry; entry = json_next(entry))
			velog_line(&run->log, VELOG_WARNING, CONTROLLER "637", VELOG_NO_FIELDS,
				   "Namespace %s, resource restore warning: %s",
				   json_name(namespace), json_value(entry));
	}
	velog_line(&run->log, VELOG_INFO, CONTROLLER "640", VELOG_NO_FIELDS, "restore completed");
}

/* ---- one restore ---- */

static void fail(struct running *run, const char *why)
{
	struct json *patch = json_new_map();
	struct strbuf reason = STRBUF_INIT;

	strbuf_addf(&reason, "restore execution failed: %s", why);
	json_put_path(patch, "status.completionTimestamp", world_time(clock_now()));
	json_put_path(patch, "status.failureReason", json_new_text(reason.buf));
	json_put_path(patch, "status.phase", json_new_text("Failed"));
	set_restore(run, patch);
	strbuf_done(&reason);
}

/* The contents and the volumes of the backup, from the store. */
static enum status download(struct running *run, struct error *err)
{
	const char *name = object_name(run->backup);
	struct strbuf path = STRBUF_INIT, archive = STRBUF_INIT;
	enum status st;

	(void)store_add_artefact("BackupContents", name, &path);
	st = store_read(run->root.buf, path.buf, &archive, err);
	if (st == STATUS_NOT_FOUND)
		error_set(err, st,
			  "error downloading backup: error copying Backup to temp file: rpc error: "
			  "code = Unknown "
			  "desc = error getting object %s: operation error S3: GetObject, https "
			  "response error "
			  "StatusCode: 404, NoSuchKey: The specified key does not exist.",
			  path.buf);
	if (!st)
		collection_read_tar(&archive, &run->items);
	strbuf_reset(&path);
	strbuf_addf(&path, "backups/%s/%s-podvolumebackups.json.gz", name, name);
	run->stored = store_read_json(run->root.buf, path.buf, NULL);
	strbuf_done(&path);
	strbuf_done(&archive);
	return st;
}

static void finalize(struct running *run)
{
	bool failed = run->log.error_count > 0;
	struct json *patch = json_new_map();

	log_warnings(run);
	write_files(run);
	if (failed)
		json_put_path(patch, "status.errors",
			      json_new_number((double)run->log.error_count));
	if (run->log.warning_count > 0)
		json_put_path(patch, "status.warnings",
			      json_new_number((double)run->log.warning_count));
	json_put_path(patch, "status.phase",
		      json_new_text(failed ? "FinalizingPartiallyFailed" : "Finalizing"));
	set_restore(run, patch);
	world_pause(run->world, 650, 20);
	set_path(run, "status.hookStatus", json_new_map());
	restore_complete(run->world, run->restore);
}

static void execute(struct running *run)
{
	struct restoring *restoring = &run->restoring;
	struct json *patch = json_new_map();

	velog_line(&run->log, VELOG_INFO, CONTROLLER "578", VELOG_NO_FIELDS, "starting restore");
	velog_line(&run->log, VELOG_INFO, RESTORE_GO "719", VELOG_NO_FIELDS,
		   "Starting restore of backup %s/%s", VELERO_NAMESPACE, object_name(run->backup));
	*restoring = (struct restoring){ .world = run->world,
					 .restore = run->restore,
					 .items = &run->items,
					 .volumes = run->stored,
					 .log = &run->log,
					 .list = json_new_map(),
					 .pods = json_new_list() };
	world_pause(run->world, 700, 50);
	restore_items(restoring);
	json_put_path(patch, "status.progress.itemsRestored",
		      json_new_number((double)restoring->restored));
	json_put_path(patch, "status.progress.totalItems",
		      json_new_number((double)restoring->restored));
	set_restore(run, patch);
	if (wait_for_volumes(run))
		finalize(run);
	json_free(restoring->list);
	json_free(restoring->pods);
}

static void run_restore(struct running *run)
{
	struct error err = ERROR_INIT;
	struct json *problems, *patch;

	restore_take_in(run->world, &run->restore);
	problems = restore_problems(run->world, run->restore, &run->backup, &run->location);
	patch = restore_start_patch(run->restore, run->backup, problems, clock_now());
	set_restore(run, patch);
	if (json_count(problems) == 0) {
		store_add_root(run->world, run->location, &run->root);
		velog_init(&run->log, "restore", VELERO_NAMESPACE, object_name(run->restore));
		if (download(run, &err))
			fail(run, err.text);
		else
			execute(run);
		velog_done(&run->log);
	}
	json_free(problems);
}

/* ---- deletions and turns ---- */

/* Its files go first; a backup or location that is gone is no obstacle, one that is Unavailable is.
 */
static void let_go(struct world *world, const struct json *restore)
{
	struct json *backup = world_get(world, "backups.velero.io", VELERO_NAMESPACE,
					json_text(restore, "spec.backupName"));
	struct json *location =
		backup ? world_get(world, "backupstoragelocations.velero.io", VELERO_NAMESPACE,
				   json_text(backup, "spec.storageLocation"))
		       : NULL;
	struct strbuf path = STRBUF_INIT;

	if (location && strcmp(object_phase(location), "Available") != 0)
		goto out;
	if (location) {
		store_add_root(world, location, &path);
		strbuf_addf(&path, "/restores/%s", object_name(restore));
		if (folder_remove(path.buf, NULL))
			goto out;
	}
	world_put(world, RESTORES, restore, "metadata.finalizers",
		  object_finalizers_without(restore, RESTORE_FINALIZER));
out:
	json_free(backup);
	json_free(location);
	strbuf_done(&path);
}

static int step(struct world *world)
{
	struct running run = { .world = world, .root = STRBUF_INIT };
	struct json *list = world_list(world, RESTORES, VELERO_NAMESPACE, "");
	const struct json *restore;

	for (restore = json_first(list); restore; restore = json_next(restore)) {
		if (object_is_deleting(restore))
			let_go(world, restore);
		else if (!run.restore &&
			 (!*object_phase(restore) || strcmp(object_phase(restore), "New") == 0))
			run.restore = json_clone(restore);
	}
	json_free(list);
	if (!run.restore)
		return 5000;
	run_restore(&run);
	json_free(run.restore);
	json_free(run.backup);
	json_free(run.location);
	json_free(run.stored);
	collection_done(&run.items);
	strbuf_done(&run.root);
	return 0;
}

const struct actor actor_restore = { "restore", true, restore_begin, step, NULL };
