#include "backend/practice/restore_check.h"

#include "backend/base/clock.h"

#include <string.h>

#define RESTORES "restores.velero.io"
#define BACKUPS	 "backups.velero.io"

static const char *const never_restored[] = {
	"nodes",
	"events",
	"events.events.k8s.io",
	"backups.velero.io",
	"restores.velero.io",
	"resticrepositories.velero.io",
	"csinodes.storage.k8s.io",
	"volumeattachments.storage.k8s.io",
	"backuprepositories.velero.io",
};

static bool list_has(const struct json *list, const char *text)
{
	const struct json *entry;

	for (entry = json_first(list); entry; entry = json_next(entry)) {
		if (strcmp(json_value(entry), text) == 0)
			return true;
	}
	return false;
}

void restore_take_in(struct world *world, struct json **restore)
{
	struct json *patch = json_new_map(), *changed;

	json_add_text(json_put_path(patch, "metadata.finalizers", json_new_list()),
		      RESTORE_FINALIZER);
	changed = world_patch(world, RESTORES, *restore, patch);
	if (!changed)
		return;
	json_free(*restore);
	*restore = changed;
}

/* ---- refusals ---- */

/* The newest Completed backup of a schedule. Owned, or NULL with a problem. */
static struct json *newest_of(struct world *world, const char *schedule, struct json *problems)
{
	struct strbuf selector = STRBUF_INIT;
	struct json *list, *found;
	const struct json *backup, *newest = NULL;

	strbuf_addf(&selector, "velero.io/schedule-name=%s", schedule);
	list = world_list(world, BACKUPS, VELERO_NAMESPACE, selector.buf);
	for (backup = json_first(list); backup; backup = json_next(backup)) {
		if (strcmp(object_phase(backup), "Completed") == 0 &&
		    (!newest || strcmp(json_text(backup, "status.startTimestamp"),
				       json_text(newest, "status.startTimestamp")) > 0))
			newest = backup;
	}
	if (json_count(list) == 0)
		json_add_text(problems, "No backups found for schedule");
	if (!newest)
		json_add_text(problems, "No completed backups found for schedule");
	found = json_clone(newest);
	json_free(list);
	strbuf_done(&selector);
	return found;
}

static void check_spec(const struct json *spec, struct json *problems)
{
	const char *policy = json_key_text(spec, "existingResourcePolicy");
	struct strbuf text = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(never_restored); i++) {
		strbuf_reset(&text);
		strbuf_addf(&text, "%s are non-restorable resources", never_restored[i]);
		if (list_has(json_key(spec, "includedResources"), never_restored[i]))
			json_add_text(problems, text.buf);
	}
	strbuf_reset(&text);
	strbuf_addf(&text, "Invalid ExistingResourcePolicy: %s", policy);
	if (*policy && strcmp(policy, "none") != 0 && strcmp(policy, "update") != 0)
		json_add_text(problems, text.buf);
	if (json_key(spec, "labelSelector") && json_count(json_key(spec, "orLabelSelectors")) > 0)
		json_add_text(
			problems,
			"encountered labelSelector as well as orLabelSelectors in restore spec, "
			"only one can be specified");
	strbuf_done(&text);
}

static struct json *find_location(struct world *world, const struct json *backup,
				  struct json *problems)
{
	const char *name = json_text(backup, "spec.storageLocation");
	struct json *location =
		world_get(world, "backupstoragelocations.velero.io", VELERO_NAMESPACE, name);
	struct strbuf text = STRBUF_INIT;

	if (!location)
		strbuf_addf(
			&text,
			"Error retrieving backup: BackupStorageLocation.velero.io \"%s\" not found",
			name);
	else if (strcmp(object_phase(location), "Available") != 0)
		strbuf_addf(&text, "The BSL %s is unavailable, cannot retrieve the backup", name);
	if (text.len > 0)
		json_add_text(problems, text.buf);
	strbuf_done(&text);
	return location;
}

struct json *restore_problems(struct world *world, const struct json *restore,
			      struct json **ret_backup, struct json **ret_location)
{
	const char *name = json_text(restore, "spec.backupName");
	const char *schedule = json_text(restore, "spec.scheduleName");
	struct json *problems = json_new_list(), *backup = NULL;
	struct strbuf text = STRBUF_INIT;

	check_spec(json_key(restore, "spec"), problems);
	if (!*name == !*schedule) {
		json_add_text(problems,
			      "Either a backup or schedule must be specified as a source for the "
			      "restore, but not both");
	} else if (*schedule) {
		backup = newest_of(world, schedule, problems);
	} else {
		backup = world_get(world, BACKUPS, VELERO_NAMESPACE, name);
		strbuf_addf(&text,
			    "Error retrieving backup: can't find backup %s/%s: Backup.velero.io "
			    "\"%s\" not "
			    "found",
			    VELERO_NAMESPACE, name, name);
		if (!backup)
			json_add_text(problems, text.buf);
	}
	*ret_backup = backup;
	*ret_location = backup ? find_location(world, backup, problems) : NULL;
	strbuf_done(&text);
	return problems;
}

/* ---- begin and end ---- */

struct json *restore_start_patch(const struct json *restore, const struct json *backup,
				 const struct json *problems, int64_t now)
{
	const struct json *excluded = json_get(restore, "spec.excludedResources");
	struct json *patch = json_new_map();
	struct json *list = excluded ? json_clone(excluded) : json_new_list();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(never_restored); i++) {
		if (!list_has(list, never_restored[i]))
			json_add_text(list, never_restored[i]);
	}
	json_put_path(patch, "spec.excludedResources", list);
	if (!*json_text(restore, "spec.itemOperationTimeout"))
		json_put_path(patch, "spec.itemOperationTimeout", json_new_text("4h0m0s"));
	if (backup)
		json_put_path(patch, "spec.backupName", json_new_text(object_name(backup)));
	if (json_count(problems) > 0) {
		json_put_path(patch, "status.phase", json_new_text("FailedValidation"));
		json_put_path(patch, "status.validationErrors", json_clone(problems));
	} else {
		json_put_path(patch, "status.phase", json_new_text("InProgress"));
		json_put_path(patch, "status.startTimestamp", world_time(now));
	}
	return patch;
}

void restore_complete(struct world *world, const struct json *restore)
{
	bool failed = strcmp(object_phase(restore), "FinalizingPartiallyFailed") == 0;
	struct json *patch = json_new_map();

	json_put_path(patch, "status.completionTimestamp", world_time(clock_now()));
	json_put_path(patch, "status.phase",
		      json_new_text(failed ? "PartiallyFailed" : "Completed"));
	json_free(world_patch(world, RESTORES, restore, patch));
}

static void cancel_volumes(struct world *world, const struct json *restore)
{
	struct strbuf selector = STRBUF_INIT;
	struct json *list;
	const struct json *volume;

	strbuf_addf(&selector, "velero.io/restore-uid=%s", object_uid(restore));
	list = world_list(world, "podvolumerestores.velero.io", VELERO_NAMESPACE, selector.buf);
	for (volume = json_first(list); volume; volume = json_next(volume)) {
		if (strcmp(object_phase(volume), "Completed") != 0 &&
		    strcmp(object_phase(volume), "Failed") != 0)
			world_put(world, "podvolumerestores.velero.io", volume, "spec.cancel",
				  json_new_bool(true));
	}
	json_free(list);
	strbuf_done(&selector);
}

static void fail_interrupted(struct world *world, const struct json *restore)
{
	struct json *patch = json_new_map();

	json_put_path(patch, "status.phase", json_new_text("Failed"));
	json_put_path(patch, "status.failureReason",
		      json_new_text("found a restore with status \"InProgress\" during the server "
				    "starting, mark "
				    "it as \"Failed\""));
	json_put_path(patch, "status.completionTimestamp", world_time(clock_now()));
	json_free(world_patch(world, RESTORES, restore, patch));
	cancel_volumes(world, restore);
}

void restore_begin(struct world *world)
{
	struct json *list = world_list(world, RESTORES, VELERO_NAMESPACE, "");
	const struct json *restore;

	for (restore = json_first(list); restore; restore = json_next(restore)) {
		if (strcmp(object_phase(restore), "InProgress") == 0)
			fail_interrupted(world, restore);
		else if (text_starts(object_phase(restore), "Finalizing"))
			restore_complete(world, restore);
	}
	json_free(list);
}
