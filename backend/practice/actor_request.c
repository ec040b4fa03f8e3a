/* DownloadRequests and ServerStatusRequests: answered at once, swept after a while
 * (spec/velero-api.md 3.4, 3.6). */
#include "backend/base/clock.h"
#include "backend/practice/actors.h"
#include "backend/practice/store.h"

#include <string.h>

#define DOWNLOADS "downloadrequests.velero.io"
#define STATUSES  "serverstatusrequests.velero.io"
#define LIFE_S	  600

/* ---- downloads ---- */

/* The backup whose location holds the artefact. Owned, or NULL. */
static struct json *backup_of(struct world *world, const char *kind, const char *name)
{
	struct json *restore, *backup;

	if (!store_kind_is_restore(kind))
		return world_get(world, "backups.velero.io", VELERO_NAMESPACE, name);
	restore = world_get(world, "restores.velero.io", VELERO_NAMESPACE, name);
	backup = restore ? world_get(world, "backups.velero.io", VELERO_NAMESPACE,
				     json_text(restore, "spec.backupName"))
			 : NULL;
	json_free(restore);
	return backup;
}

/* Without backup or location there is no address, and no word about why: the object has no place
 * for one. */
static void answer_download(struct world *world, const struct json *request)
{
	const char *kind = json_text(request, "spec.target.kind"),
		   *name = json_text(request, "spec.target.name");
	struct json *backup = backup_of(world, kind, name), *location = NULL,
		    *patch = json_new_map();
	struct strbuf path = STRBUF_INIT, url = STRBUF_INIT;

	if (backup)
		location = world_get(world, "backupstoragelocations.velero.io", VELERO_NAMESPACE,
				     json_text(backup, "spec.storageLocation"));
	json_put_path(patch, "status.expiration", world_time(clock_now() + LIFE_S));
	if (location && store_add_artefact(kind, name, &path)) {
		store_add_url(world, location, path.buf, &url);
		json_put_path(patch, "status.downloadURL", json_new_text(url.buf));
		json_put_path(patch, "status.phase", json_new_text("Processed"));
	}
	json_free(world_patch(world, DOWNLOADS, request, patch));
	json_free(backup);
	json_free(location);
	strbuf_done(&path);
	strbuf_done(&url);
}

static void look_at_downloads(struct world *world)
{
	struct json *list = world_list(world, DOWNLOADS, VELERO_NAMESPACE, "");
	const struct json *request;
	int64_t expiration;

	for (request = json_first(list); request; request = json_next(request)) {
		expiration = clock_parse_rfc3339(json_text(request, "status.expiration"));
		if (expiration == 0)
			answer_download(world, request);
		else if (expiration < clock_now())
			world_delete(world, DOWNLOADS, request);
	}
	json_free(list);
}

/* ---- server status ---- */

static const struct plugin {
	const char *kind, *name;
	bool twice; /* every built-in one of the first version comes twice */
} plugins[] = {
	{ "RestoreItemAction", "velero.io/add-pvc-from-pod", true },
	{ "RestoreItemAction", "velero.io/admission-webhook-configuration", true },
	{ "RestoreItemAction", "velero.io/apiservice", true },
	{ "RestoreItemAction", "velero.io/change-image-name", true },
	{ "RestoreItemAction", "velero.io/change-storage-class", true },
	{ "RestoreItemAction", "velero.io/cluster-role-bindings", true },
	{ "RestoreItemAction", "velero.io/crd-preserve-fields", true },
	{ "RestoreItemAction", "velero.io/init-restore-hook", true },
	{ "RestoreItemAction", "velero.io/job", true },
	{ "RestoreItemAction", "velero.io/pod", true },
	{ "RestoreItemAction", "velero.io/pod-volume-restore", true },
	{ "RestoreItemAction", "velero.io/pvc", true },
	{ "RestoreItemAction", "velero.io/role-bindings", true },
	{ "RestoreItemAction", "velero.io/secret", true },
	{ "RestoreItemAction", "velero.io/service", true },
	{ "RestoreItemAction", "velero.io/service-account", true },
	{ "ItemBlockAction", "velero.io/pod", false },
	{ "ItemBlockAction", "velero.io/pvc", false },
	{ "ItemBlockAction", "velero.io/service-account", false },
	{ "ObjectStore", "velero.io/aws", false },
	{ "VolumeSnapshotter", "velero.io/aws", false },
	{ "BackupItemAction", "velero.io/crd-remap-version", true },
	{ "BackupItemAction", "velero.io/pod", true },
	{ "BackupItemAction", "velero.io/pv", true },
	{ "BackupItemAction", "velero.io/service-account", true },
};

static struct json *list_plugins(void)
{
	struct json *list = json_new_list(), *entry;
	size_t i;
	int copy;

	for (i = 0; i < ARRAY_SIZE(plugins); i++) {
		for (copy = 0; copy < (plugins[i].twice ? 2 : 1); copy++) {
			entry = json_add(list, json_new_map());
			json_put_text(entry, "kind", plugins[i].kind);
			json_put_text(entry, "name", plugins[i].name);
		}
	}
	return list;
}

static void answer_status(struct world *world, const struct json *request)
{
	struct json *status = json_new_map();

	json_put_text(status, "phase", "Processed");
	json_put(status, "plugins", list_plugins());
	json_put(status, "processedTimestamp", world_time(clock_now()));
	json_put_text(status, "serverVersion", VELERO_VERSION);
	world_put(world, STATUSES, request, "status", status);
}

static void look_at_statuses(struct world *world)
{
	struct json *list = world_list(world, STATUSES, VELERO_NAMESPACE, "");
	const struct json *request;
	int64_t processed;

	for (request = json_first(list); request; request = json_next(request)) {
		processed = clock_parse_rfc3339(json_text(request, "status.processedTimestamp"));
		if (processed == 0)
			answer_status(world, request);
		else if (clock_now() - processed > world_minute(world))
			world_delete(world, STATUSES, request);
	}
	json_free(list);
}

static int step(struct world *world)
{
	look_at_downloads(world);
	look_at_statuses(world);
	return 10000;
}

const struct actor actor_request = { "request", true, NULL, step, NULL };
