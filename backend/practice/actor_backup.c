/* The backup controllers of Velero 1.18: queue, validation, the backup itself, its end. */
#include "backend/base/clock.h"
#include "backend/practice/actors.h"
#include "backend/practice/backup_check.h"
#include "backend/practice/backup_files.h"
#include "backend/practice/backup_log.h"
#include "backend/practice/backup_queue.h"
#include "backend/practice/hooks.h"
#include "backend/practice/pod_volumes.h"
#include "backend/practice/select.h"
#include "backend/practice/store.h"

#include <inttypes.h>
#include <string.h>

#define BACKUPS		  "backups.velero.io"
#define FINALIZING_FAILED "FinalizingPartiallyFailed"

struct running {
	struct world *world;
	struct json *backup, *location; /* owned */
	struct strbuf root;
	struct collection items;
	struct velog log;
	struct json *volumes; /* final PodVolumeBackups, owned */
};

/* ---- status ---- */

static void set_backup(struct running *run, struct json *patch)
{
	struct json *changed = world_patch(run->world, BACKUPS, run->backup, patch);

	if (!changed)
		return;
	json_free(run->backup);
	run->backup = changed;
}

static void set_status(struct running *run, struct json *status)
{
	struct json *patch = json_new_map();

	json_put(patch, "status", status);
	set_backup(run, patch);
}

static void fail(struct running *run, const char *why)
{
	struct json *status = json_new_map();
	struct strbuf reason = STRBUF_INIT;

	strbuf_addf(&reason, "backup execution failed: %s", why);
	json_put(status, "completionTimestamp", world_time(clock_now()));
	json_put_text(status, "failureReason", reason.buf);
	json_put_text(status, "phase", "Failed");
	set_status(run, status);
	strbuf_done(&reason);
}

/* ---- the items ---- */

/* A namespace that is named without a wildcard and is not there is an error, not a refusal. */
static void note_missing_namespaces(struct running *run)
{
	const struct json *entry = json_first(json_get(run->backup, "spec.includedNamespaces"));
	struct strbuf text = STRBUF_INIT;
	struct json *namespace;

	for (; entry; entry = json_next(entry)) {
		if (strpbrk(json_value(entry), "*?["))
			continue;
		namespace = world_get(run->world, "namespaces", "", json_value(entry));
		if (!namespace) {
			velog_line(&run->log, VELOG_ERROR, "pkg/backup/item_collector.go:620",
				   VELOG_FIELDS({ "name", json_value(entry) }),
				   "Error getting namespace %s", json_value(entry));
			strbuf_reset(&text);
			strbuf_addf(&text,
				    " name: /%s message: /Error getting namespace error: "
				    "/namespaces \"%s\" "
				    "not found",
				    json_value(entry), json_value(entry));
			velog_add_result(&run->log, VELOG_ERROR, "velero", false, text.buf);
		}
		json_free(namespace);
	}
	strbuf_done(&text);
}

static void collect(struct running *run)
{
	struct json *status = json_new_map();

	backup_log_beginning(&run->log, run->backup);
	note_missing_namespaces(run);
	collect_items(run->world, json_key(run->backup, "spec"), &run->items);
	backup_log_estimate(&run->log, run->items.estimate);
	json_put_path(status, "progress.totalItems", json_new_number((double)run->items.estimate));
	set_status(run, status);
}

static bool is_pod(const struct item *item)
{
	return strcmp(item->kind->resource, "pods") == 0;
}

static void keep_queue(void *arg)
{
	backup_queue_update(arg);
}

/* Hooks and volumes of all pods. false: the cluster goes down. */
static bool save_pods(struct running *run, struct hook_run *hooks)
{
	struct pod_volumes volumes = { run->world, run->backup, run->location,
				       &run->log,  keep_queue,	run->world };
	size_t i;

	for (i = 0; i < run->items.count; i++) {
		if (!is_pod(&run->items.items[i]))
			continue;
		if (hooks_run(hooks, run->items.items[i].object, "pre"))
			pod_volumes_create(&volumes, run->items.items[i].object);
	}
	run->volumes = pod_volumes_wait(&volumes);
	if (!run->volumes)
		return false;
	for (i = 0; i < run->items.count; i++) {
		if (is_pod(&run->items.items[i]))
			hooks_run(hooks, run->items.items[i].object, "post");
	}
	return true;
}

/* ---- the end ---- */

static void complete(struct world *world, const struct json *backup, const char *root)
{
	bool failed = strcmp(object_phase(backup), FINALIZING_FAILED) == 0;
	struct json *patch = json_new_map(), *done;

	json_put_path(patch, "status.completionTimestamp", world_time(clock_now()));
	json_put_path(patch, "status.phase",
		      json_new_text(failed ? "PartiallyFailed" : "Completed"));
	done = world_patch(world, BACKUPS, backup, patch);
	if (done)
		(void)backup_files_write_object(root, done, NULL);
	json_free(done);
}

static struct json *hook_status(const struct hook_count *count)
{
	struct json *status = json_new_map();

	if (count->attempted > 0)
		json_put_int(status, "hooksAttempted", count->attempted);
	if (count->failed > 0)
		json_put_int(status, "hooksFailed", count->failed);
	return status;
}

static void count_items(struct running *run, const struct hook_count *hooks)
{
	struct json *status = json_new_map();

	json_put(status, "hookStatus", hook_status(hooks));
	json_put_path(status, "progress.itemsBackedUp", json_new_number((double)run->items.count));
	json_put_path(status, "progress.totalItems", json_new_number((double)run->items.count));
	set_status(run, status);
	backup_log_items(&run->log, &run->items);
}

/* Uploaded first: a backup that is Finalizing when the server dies has all its files. */
static void finalize(struct running *run)
{
	struct backup_files files = { run->root.buf, run->backup, &run->items, run->volumes,
				      &run->log };
	struct error err = ERROR_INIT;
	struct json *status;

	if (backup_files_write(&files, &err)) {
		fail(run, err.text);
		return;
	}
	status = json_new_map();
	if (run->log.error_count > 0)
		json_put_int(status, "errors", run->log.error_count);
	if (run->log.warning_count > 0)
		json_put_int(status, "warnings", run->log.warning_count);
	json_put_text(status, "phase", run->log.error_count > 0 ? FINALIZING_FAILED : "Finalizing");
	set_status(run, status);
	complete(run->world, run->backup, run->root.buf);
}

static bool is_taken(struct running *run)
{
	struct strbuf name = STRBUF_INIT;
	bool taken;

	strbuf_addf(&name, "backups/%s/velero-backup.json", object_name(run->backup));
	taken = store_has(run->root.buf, name.buf);
	strbuf_done(&name);
	return taken;
}

static void execute(struct running *run)
{
	struct hook_run hooks = { run->world, json_key(run->backup, "spec"), &run->log, { 0, 0 } };
	struct json *spec = json_clone(hooks.spec); /* run->backup is exchanged while it runs */

	hooks.spec = spec;
	if (is_taken(run)) {
		fail(run, "backup already exists in object storage");
	} else if (world_pause(run->world, 800, 100)) {
		collect(run);
		if (save_pods(run, &hooks) && world_pause(run->world, 500, 50)) {
			count_items(run, &hooks.count);
			finalize(run);
		}
	}
	json_free(spec);
}

/* ---- one backup ---- */

static void refuse(struct running *run, struct json *patch, struct json *problems)
{
	json_put_path(patch, "status.phase", json_new_text("FailedValidation"));
	json_put_path(patch, "status.validationErrors", problems);
	json_put_path(patch, "status.startTimestamp", json_new_null());
	set_backup(run, patch);
}

static void run_backup(struct running *run)
{
	struct strbuf location_name = STRBUF_INIT;
	struct json *problems, *patch;

	run->location = backup_find_location(run->world, run->backup, &location_name);
	problems = backup_problems(run->world, run->backup, run->location, location_name.buf);
	patch = backup_start_patch(run->backup, run->location, clock_now());
	if (json_count(problems) > 0) {
		refuse(run, patch, problems);
	} else {
		json_free(problems);
		set_backup(run, patch);
		store_add_root(run->world, run->location, &run->root);
		velog_init(&run->log, "backup", object_namespace(run->backup),
			   object_name(run->backup));
		execute(run);
		velog_done(&run->log);
	}
	strbuf_done(&location_name);
}

static int step(struct world *world)
{
	struct running run = { .world = world, .root = STRBUF_INIT };

	run.backup = backup_queue_take(world);
	if (!run.backup)
		return 60000;
	run_backup(&run);
	json_free(run.backup);
	json_free(run.location);
	json_free(run.volumes);
	collection_done(&run.items);
	strbuf_done(&run.root);
	return 0;
}

/* ---- a restarted server ---- */

static void cancel_volumes(struct world *world, const struct json *backup)
{
	struct strbuf text = STRBUF_INIT;
	struct json *list, *patch;
	const struct json *volume;

	strbuf_addf(&text, "velero.io/backup-uid=%s", object_uid(backup));
	list = world_list(world, "podvolumebackups.velero.io", object_namespace(backup), text.buf);
	for (volume = json_first(list); volume; volume = json_next(volume)) {
		if (pod_volume_is_final(volume))
			continue;
		strbuf_reset(&text);
		strbuf_addf(&text,
			    "PVB is in status \"%s\" during the velero server starting, mark it as "
			    "cancel",
			    object_phase(volume));
		patch = json_new_map();
		json_put_path(patch, "spec.cancel", json_new_bool(true));
		json_put_path(patch, "status.message", json_new_text(text.buf));
		json_free(world_patch(world, "podvolumebackups.velero.io", volume, patch));
	}
	json_free(list);
	strbuf_done(&text);
}

static void fail_interrupted(struct world *world, const struct json *backup)
{
	struct json *patch = json_new_map();

	json_put_path(patch, "status.phase", json_new_text("Failed"));
	json_put_path(patch, "status.failureReason",
		      json_new_text("found a backup with status \"InProgress\" during the server "
				    "starting, mark it as \"Failed\""));
	json_put_path(patch, "status.completionTimestamp", world_time(clock_now()));
	json_free(world_patch(world, BACKUPS, backup, patch));
	cancel_volumes(world, backup);
}

static void complete_interrupted(struct world *world, const struct json *backup)
{
	struct json *location =
		world_get(world, "backupstoragelocations.velero.io", VELERO_NAMESPACE,
			  json_text(backup, "spec.storageLocation"));
	struct strbuf root = STRBUF_INIT;

	store_add_root(world, location, &root);
	complete(world, backup, root.buf);
	strbuf_done(&root);
	json_free(location);
}

static void begin(struct world *world)
{
	struct json *list = world_list(world, BACKUPS, "", "");
	const struct json *backup;

	for (backup = json_first(list); backup; backup = json_next(backup)) {
		if (strcmp(object_phase(backup), "InProgress") == 0)
			fail_interrupted(world, backup);
		else if (text_starts(object_phase(backup), "Finalizing"))
			complete_interrupted(world, backup);
	}
	json_free(list);
}

static const char *const wakes[] = { BACKUPS, NULL };

const struct actor actor_backup = { "backup", true, begin, step, wakes };
