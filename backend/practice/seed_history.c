#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/practice/agent_place.h"
#include "backend/practice/backup_check.h"
#include "backend/practice/backup_files.h"
#include "backend/practice/backup_log.h"
#include "backend/practice/kots_backup.h"
#include "backend/practice/pod_volumes.h"
#include "backend/practice/seed.h"
#include "backend/practice/seed_snapshots.h"
#include "backend/practice/select.h"
#include "backend/practice/store.h"

#include <stdlib.h>
#include <string.h>

#define BACKUPS "backups.velero.io"
#define DAY_S	(24 * 3600)

enum outcome {
	OUTCOME_COMPLETED,
	OUTCOME_PARTIAL, /* one volume failed */
	OUTCOME_FAILED,	 /* the store did not answer */
	OUTCOME_REFUSED, /* FailedValidation: the location was Unavailable */
};

/* One snapshot of the past. days: before today (UTC); at: minute of the day. Those whose time has
 * not come are left out. */
static const struct past {
	int days, at, seconds;
	bool full, scheduled;
	enum outcome outcome;
} history[] = {
	{ 14, 120, 34, true, true, OUTCOME_COMPLETED },
	{ 13, 120, 31, true, true, OUTCOME_COMPLETED },
	{ 12, 120, 33, true, true, OUTCOME_COMPLETED },
	{ 11, 120, 41, true, true, OUTCOME_PARTIAL },
	{ 11, 552, 32, true, false, OUTCOME_COMPLETED },
	{ 10, 120, 30, true, true, OUTCOME_COMPLETED },
	{ 9, 120, 3, true, true, OUTCOME_FAILED },
	{ 8, 120, 35, true, true, OUTCOME_COMPLETED },
	{ 7, 120, 32, true, true, OUTCOME_COMPLETED },
	{ 6, 120, 31, true, true, OUTCOME_COMPLETED },
	{ 6, 841, 24, false, false, OUTCOME_COMPLETED },
	{ 5, 120, 33, true, true, OUTCOME_COMPLETED },
	{ 4, 120, 36, true, true, OUTCOME_COMPLETED },
	{ 3, 120, 0, true, true, OUTCOME_REFUSED },
	{ 2, 120, 32, true, true, OUTCOME_COMPLETED },
	{ 1, 120, 34, true, true, OUTCOME_COMPLETED },
	{ 1, 1010, 22, false, false, OUTCOME_COMPLETED },
	{ 0, 120, 33, true, true, OUTCOME_COMPLETED },
};

/* The update to the deployed version came between. */
#define NEW_SINCE_DAYS 6

struct telling {
	struct world *world;
	struct seed_snapshots *snapshots;
	const struct past *past;
	int64_t begun, ended;
	struct json *backup, *location; /* owned */
	struct strbuf root;
	struct collection items;
	struct velog log;
	struct json *volumes; /* owned */
};

static enum seed_state state_of(const struct past *past)
{
	return past->days > NEW_SINCE_DAYS ? SEED_OLD : SEED_NEW;
}

/* ---- the backup object ---- */

static struct json *wish(struct telling *telling)
{
	bool old = state_of(telling->past) == SEED_OLD;
	struct kots_request request = {
		.trigger = telling->past->scheduled ? "schedule" : "manual",
		.now = telling->begun,
		.sequence = old ? 1 : 2,
		.version = old ? "2.3.1" : "2.4.0",
	};

	return telling->past->full ? kots_backup_full(telling->world, &request)
				   : kots_backup_app(telling->world, SEED_SLUG, &request);
}

static void put_end(struct telling *telling, const char *phase)
{
	struct json *backup = telling->backup;

	json_put_path(backup, "status.phase", json_new_text(phase));
	json_put_path(backup, "status.completionTimestamp", world_time(telling->ended));
}

static void refuse(struct telling *telling)
{
	struct json *reasons = json_new_list();

	json_add_text(
		reasons,
		"backup can't be created because BackupStorageLocation default is in Unavailable "
		"status with an error message: operation error S3: ListObjectsV2, exceeded maximum "
		"number of attempts, 3, https response error StatusCode: 0, request send failed, "
		"dial tcp: connect: connection refused");
	json_put_path(telling->backup, "status.phase", json_new_text("FailedValidation"));
	json_put_path(telling->backup, "status.validationErrors", reasons);
	json_put_path(telling->backup, "status.startTimestamp", json_new_null());
}

static void fail(struct telling *telling)
{
	json_put_path(
		telling->backup, "status.failureReason",
		json_new_text(
			"backup execution failed: error checking if backup already exists in "
			"object "
			"storage: rpc error: code = Unknown desc = operation error S3: HeadObject, "
			"exceeded maximum number of attempts, 3, https response error StatusCode: "
			"0, "
			"request send failed, dial tcp: connect: connection refused"));
	put_end(telling, "Failed");
}

/* ---- its volumes ---- */

static void succeed(struct telling *telling, struct json *volume, const char *claim_name,
		    int64_t at)
{
	const struct seed_snapshot *snapshot =
		seed_snapshots_take(telling->snapshots, claim_name, state_of(telling->past));

	json_put_path(volume, "status.phase", json_new_text("Completed"));
	json_put_path(volume, "status.completionTimestamp", world_time(at));
	if (!snapshot)
		return;
	json_put_path(volume, "status.path", json_new_text(snapshot->path));
	json_put_path(volume, "status.snapshotID", json_new_text(snapshot->id));
	json_put_path(volume, "status.progress.bytesDone",
		      json_new_number((double)snapshot->size_bytes));
	json_put_path(volume, "status.progress.totalBytes",
		      json_new_number((double)snapshot->size_bytes));
	json_put_path(volume, "status.incrementalBytes",
		      json_new_number((double)snapshot->added_bytes));
}

static void break_volume(struct telling *telling, struct json *volume, int64_t at)
{
	static const char message[] = "data path backup failed: restic backup: signal: terminated";

	json_put_path(volume, "status.phase", json_new_text("Failed"));
	json_put_path(volume, "status.completionTimestamp", world_time(at));
	json_put_path(volume, "status.message", json_new_text(message));
	telling->log.at = at;
	velog_line(&telling->log, VELOG_ERROR, "pkg/podvolume/backupper.go:453", VELOG_NO_FIELDS,
		   "pod volume backup failed: %s", message);
	velog_add_result(&telling->log, VELOG_ERROR, "velero", false,
			 " message: /pod volume backup failed: data path backup failed: restic "
			 "backup: signal: "
			 "terminated");
}

static void put_volume(struct telling *telling, const struct json *pod, const char *name,
		       int64_t index)
{
	const char *claim_name = pod_claim(pod, name);
	struct json *claim = *claim_name ? world_get(telling->world, "persistentvolumeclaims",
						     object_namespace(pod), claim_name)
					 : NULL;
	struct json *volume =
		pod_volume_object(telling->backup, telling->location, pod, name, claim);
	int64_t at = telling->begun + 3 + index * 7;
	bool breaks = telling->past->outcome == OUTCOME_PARTIAL &&
		      strcmp(claim_name, "data-clickhouse-0") == 0;

	json_put_path(volume, "status.acceptedTimestamp", world_time(telling->begun + 2));
	json_put_path(volume, "status.startTimestamp", world_time(at));
	if (breaks)
		break_volume(telling, volume, at + 6);
	else
		succeed(telling, volume, *claim_name ? claim_name : name, at + 6);
	telling->world->past = telling->begun + 2;
	volume = world_create(telling->world, "podvolumebackups.velero.io", volume, NULL);
	if (volume)
		json_add(telling->volumes, volume);
	json_free(claim);
}

static void put_volumes(struct telling *telling)
{
	int64_t index = 0;
	size_t i;

	for (i = 0; i < telling->items.count; i++) {
		const struct json *pod = telling->items.items[i].object, *name;
		struct json *names;

		if (strcmp(telling->items.items[i].kind->resource, "pods") != 0)
			continue;
		names = select_pod_volumes(pod, false);
		for (name = json_first(names); name; name = json_next(name))
			put_volume(telling, pod, json_value(name), index++);
		json_free(names);
	}
}

/* ---- its end ---- */

static int64_t count_hooks(const struct telling *telling)
{
	int64_t hooks = 0;
	size_t i;

	for (i = 0; i < telling->items.count; i++) {
		const struct json *pod = telling->items.items[i].object;

		hooks += *object_annotation(pod, "pre.hook.backup.velero.io/command") != '\0' ||
			 (strcmp(telling->items.items[i].kind->resource, "pods") == 0 &&
			  strcmp(object_label(pod, "app"), "clickhouse") == 0);
	}
	return hooks;
}

static struct json *final_status(struct telling *telling)
{
	struct json *patch = json_new_map();
	int64_t hooks = count_hooks(telling);
	bool failed = telling->log.error_count > 0;

	json_put_path(patch, "status.phase",
		      json_new_text(failed ? "PartiallyFailed" : "Completed"));
	json_put_path(patch, "status.completionTimestamp", world_time(telling->ended));
	json_put_path(patch, "status.hookStatus", json_new_map());
	if (hooks > 0)
		json_put_path(patch, "status.hookStatus.hooksAttempted",
			      json_new_number((double)hooks));
	json_put_path(patch, "status.progress.itemsBackedUp",
		      json_new_number((double)telling->items.count));
	json_put_path(patch, "status.progress.totalItems",
		      json_new_number((double)telling->items.count));
	if (failed)
		json_put_path(patch, "status.errors",
			      json_new_number((double)telling->log.error_count));
	return patch;
}

static enum status run_well(struct telling *telling, struct error *err)
{
	struct backup_files files;
	struct json *done;

	velog_init(&telling->log, "backup", object_namespace(telling->backup),
		   object_name(telling->backup));
	telling->log.at = telling->begun;
	telling->volumes = json_new_list();
	collect_items(telling->world, json_key(telling->backup, "spec"), &telling->items);
	backup_log_beginning(&telling->log, telling->backup);
	backup_log_estimate(&telling->log, telling->items.estimate);
	put_volumes(telling);
	telling->log.at = telling->ended;
	backup_log_items(&telling->log, &telling->items);
	done = world_patch(telling->world, BACKUPS, telling->backup, final_status(telling));
	if (done) {
		json_free(telling->backup);
		telling->backup = done;
	}
	files = (struct backup_files){ telling->root.buf, telling->backup, &telling->items,
				       telling->volumes, &telling->log };
	return backup_files_write(&files, err);
}

static enum status tell_one(struct telling *telling, struct error *err)
{
	struct json *wished = wish(telling), *patch;
	enum outcome outcome = telling->past->outcome;
	enum status st = STATUS_OK;

	patch = backup_start_patch(wished, telling->location, telling->begun);
	json_merge(wished, patch);
	json_free(patch);
	telling->backup = wished;
	if (outcome == OUTCOME_REFUSED)
		refuse(telling);
	if (outcome == OUTCOME_FAILED)
		fail(telling);
	telling->world->past = telling->begun;
	telling->backup = world_create(telling->world, BACKUPS, wished, err);
	if (!telling->backup)
		return error_wrap(err, "make the history");
	if (outcome == OUTCOME_COMPLETED || outcome == OUTCOME_PARTIAL) {
		st = run_well(telling, err);
		velog_done(&telling->log);
	}
	return st;
}

static enum status tell(struct world *world, struct seed_snapshots *snapshots,
			const struct past *past, int64_t now, struct error *err)
{
	struct telling telling = { .world = world, .snapshots = snapshots, .past = past };
	enum status st = STATUS_OK;

	strbuf_init(&telling.root);
	telling.begun =
		now - now % DAY_S - (int64_t)past->days * DAY_S + (int64_t)past->at * 60 + 4;
	telling.ended = telling.begun + past->seconds;
	telling.location =
		world_get(world, "backupstoragelocations.velero.io", VELERO_NAMESPACE, "default");
	store_add_root(world, telling.location, &telling.root);
	if (telling.ended < now)
		st = tell_one(&telling, err);
	json_free(telling.backup);
	json_free(telling.location);
	json_free(telling.volumes);
	collection_done(&telling.items);
	strbuf_done(&telling.root);
	return st;
}

enum status seed_history(struct world *world, int64_t now, struct error *err)
{
	struct seed_snapshots *snapshots = NULL;
	enum status st = seed_snapshots_make(world, now, &snapshots, err);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(history) && !st; i++)
		st = tell(world, snapshots, &history[i], now, err);
	seed_snapshots_free(snapshots);
	return st;
}
