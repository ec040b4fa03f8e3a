#include "backend/practice/backup_check.h"

#include "backend/base/clock.h"
#include "backend/practice/select.h"

#include <string.h>

#define SNAPSHOTS "volumesnapshots.snapshot.storage.k8s.io"
#define CONTENTS  "volumesnapshotcontents.snapshot.storage.k8s.io"

int64_t backup_ttl_s(const char *ttl)
{
	int64_t ms;

	if (!*ttl || clock_parse_duration(ttl, &ms, NULL) || ms <= 0)
		return DEFAULT_TTL_S;
	return ms / 1000;
}

static bool is_zero_duration(const char *text)
{
	int64_t ms;

	return !*text || clock_parse_duration(text, &ms, NULL) || ms == 0;
}

/* list + extra, owned; as it is when extra is in already. */
static struct json *list_with(const struct json *list, const char *extra)
{
	struct json *longer = json_type(list) == JSON_LIST ? json_clone(list) : json_new_list();
	const struct json *entry;

	for (entry = json_first(longer); entry; entry = json_next(entry)) {
		if (strcmp(json_value(entry), extra) == 0)
			return longer;
	}
	json_add_text(longer, extra);
	return longer;
}

/* The kinds of CSI snapshots are never saved: into the old filters where those are used, else into
 * the new ones. */
static void exclude_snapshots(const struct json *spec, struct json *patch)
{
	struct json *once;

	if (json_key(spec, "includedResources") || json_key(spec, "excludedResources") ||
	    json_type(json_key(spec, "includeClusterResources")) == JSON_BOOL) {
		once = list_with(json_key(spec, "excludedResources"), SNAPSHOTS);
		json_put(patch, "excludedResources", list_with(once, CONTENTS));
		json_free(once);
		return;
	}
	json_put(patch, "excludedClusterScopedResources",
		 list_with(json_key(spec, "excludedClusterScopedResources"), CONTENTS));
	json_put(patch, "excludedNamespaceScopedResources",
		 list_with(json_key(spec, "excludedNamespaceScopedResources"), SNAPSHOTS));
}

static void put_ttl(struct json *spec, int64_t ttl_s)
{
	struct strbuf text = STRBUF_INIT;

	clock_add_duration(&text, ttl_s * 1000);
	json_put_text(spec, "ttl", text.buf);
	strbuf_done(&text);
}

static struct json *start_spec(const struct json *spec, const char *location)
{
	struct json *patch = json_new_map(), *namespaces;

	put_ttl(patch, backup_ttl_s(json_key_text(spec, "ttl")));
	if (is_zero_duration(json_key_text(spec, "csiSnapshotTimeout")))
		json_put_text(patch, "csiSnapshotTimeout", "10m0s");
	if (is_zero_duration(json_key_text(spec, "itemOperationTimeout")))
		json_put_text(patch, "itemOperationTimeout", "4h0m0s");
	if (!json_key(spec, "defaultVolumesToFsBackup"))
		json_put_bool(patch, "defaultVolumesToFsBackup", false);
	if (!json_key(spec, "snapshotMoveData"))
		json_put_bool(patch, "snapshotMoveData", false);
	if (!*json_key_text(spec, "volumeGroupSnapshotLabelKey"))
		json_put_text(patch, "volumeGroupSnapshotLabelKey", "velero.io/volume-group");
	if (json_count(json_key(spec, "includedNamespaces")) == 0) {
		namespaces = json_put(patch, "includedNamespaces", json_new_list());
		json_add_text(namespaces, "*");
	}
	json_put_text(patch, "storageLocation", location);
	exclude_snapshots(spec, patch);
	return patch;
}

static struct json *start_annotations(void)
{
	struct json *annotations = json_new_map();

	json_put_text(annotations, "velero.io/resource-timeout", "10m0s");
	json_put_text(annotations, "velero.io/source-cluster-k8s-gitversion", KUBERNETES);
	json_put_text(annotations, "velero.io/source-cluster-k8s-major-version", "1");
	json_put_text(annotations, "velero.io/source-cluster-k8s-minor-version", KUBERNETES_MINOR);
	return annotations;
}

struct json *backup_start_patch(const struct json *backup, const struct json *location, int64_t now)
{
	const char *name =
		location ? object_name(location) : json_text(backup, "spec.storageLocation");
	struct json *patch = json_new_map(), *status = json_new_map();
	struct strbuf label = STRBUF_INIT;

	world_add_label_value(&label, name);
	json_put_path(patch, "metadata.annotations", start_annotations());
	json_put_path(patch, "metadata.labels.[velero.io/storage-location]",
		      json_new_text(label.buf));
	json_put(patch, "spec", start_spec(json_key(backup, "spec"), name));
	json_put(status, "expiration",
		 world_time(now + backup_ttl_s(json_text(backup, "spec.ttl"))));
	json_put_text(status, "formatVersion", "1.1.0");
	json_put_text(status, "phase", "InProgress");
	json_put(status, "startTimestamp", world_time(now));
	json_put_int(status, "version", 1);
	json_put(status, "queuePosition", json_new_null());
	json_put(patch, "status", status);
	strbuf_done(&label);
	return patch;
}

struct json *backup_find_location(struct world *world, const struct json *backup,
				  struct strbuf *ret_name)
{
	const char *wanted = json_text(backup, "spec.storageLocation");
	struct json *list, *found = NULL;
	const struct json *location;

	if (!*wanted) {
		list = world_list(world, "backupstoragelocations.velero.io", VELERO_NAMESPACE, "");
		for (location = json_first(list); location && !found;
		     location = json_next(location)) {
			if (json_bool(location, "spec.default", false))
				found = json_clone(location);
		}
		json_free(list);
		wanted = "default";
	}
	strbuf_adds(ret_name, found ? object_name(found) : wanted);
	return found ? found
		     : world_get(world, "backupstoragelocations.velero.io", VELERO_NAMESPACE,
				 wanted);
}

static void check_location(const struct json *backup, const struct json *location, const char *name,
			   struct json *problems)
{
	struct strbuf text = STRBUF_INIT;

	if (!location && *json_text(backup, "spec.storageLocation"))
		strbuf_addf(
			&text,
			"an existing backup storage location was not specified at backup creation "
			"time "
			"and the default %s was not found. Please address this issue (see `velero "
			"backup-location -h` for options) and create a new backup. Error: "
			"BackupStorageLocation.velero.io \"%s\" not found",
			name, name);
	else if (!location)
		strbuf_addf(&text, "backup storage location %s not found", name);
	else if (strcmp(json_text(location, "spec.accessMode"), "ReadOnly") == 0)
		strbuf_addf(&text,
			    "backup can't be created because backup storage location %s is "
			    "currently in "
			    "read-only mode",
			    name);
	else if (strcmp(object_phase(location), "Available") != 0)
		strbuf_addf(&text,
			    "backup can't be created because BackupStorageLocation %s is in "
			    "Unavailable status "
			    "with an error message: %s",
			    name, json_text(location, "status.message"));
	if (text.len > 0)
		json_add_text(problems, text.buf);
	strbuf_done(&text);
}

static void check_named(struct world *world, const struct json *backup, struct json *problems)
{
	const struct json *entry = json_first(json_get(backup, "spec.volumeSnapshotLocations"));
	const char *policy = json_text(backup, "spec.resourcePolicy.name");
	struct strbuf text = STRBUF_INIT;
	struct json *found;

	for (; entry; entry = json_next(entry)) {
		found = world_get(world, "volumesnapshotlocations.velero.io", VELERO_NAMESPACE,
				  json_value(entry));
		strbuf_reset(&text);
		strbuf_addf(&text,
			    "a VolumeSnapshotLocation CRD for the location %s with the name "
			    "specified in the "
			    "backup spec needs to be created before this snapshot can be executed. "
			    "Error: "
			    "VolumeSnapshotLocation.velero.io \"%s\" not found",
			    json_value(entry), json_value(entry));
		if (!found)
			json_add_text(problems, text.buf);
		json_free(found);
	}
	found = *policy ? world_get(world, "configmaps", VELERO_NAMESPACE, policy) : NULL;
	strbuf_reset(&text);
	strbuf_addf(&text,
		    "invalid resource policies: fail to get ResourcePolicies %s/%s ConfigMap: "
		    "ConfigMap "
		    "\"%s\" not found",
		    VELERO_NAMESPACE, policy, policy);
	if (*policy && !found)
		json_add_text(problems, text.buf);
	json_free(found);
	strbuf_done(&text);
}

struct json *backup_problems(struct world *world, const struct json *backup,
			     const struct json *location, const char *location_name)
{
	struct json *problems = select_problems(json_key(backup, "spec"));

	check_location(backup, location, location_name, problems);
	check_named(world, backup, problems);
	return problems;
}
