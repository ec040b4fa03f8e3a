#include "backend/practice/kots_backup.h"

#include "backend/base/clock.h"
#include "backend/base/yaml.h"

#include <string.h>

struct json *kots_apps(struct world *world)
{
	return kotsdb_rows(
		world->kotsdb,
		"select a.id, a.slug, a.name, a.snapshot_ttl_new as ttl, a.snapshot_schedule as "
		"cron, "
		"a.restore_in_progress_name as restoring, dv.parent_sequence as sequence, "
		"v.version_label as version, v.backup_spec as spec from app a "
		"join app_downstream d on d.app_id = a.id "
		"join app_downstream_version dv on dv.app_id = a.id and dv.sequence = "
		"d.current_sequence "
		"join app_version v on v.app_id = a.id and v.sequence = dv.parent_sequence "
		"where a.install_state = 'installed' order by a.slug",
		NULL);
}

static struct json *manifest_of(const struct json *app)
{
	const char *text = json_key_text(app, "spec");

	return *text ? yaml_parse(text, strlen(text), NULL) : NULL;
}

static void put_printed(struct json *map, const char *key, const struct json *value)
{
	struct strbuf text = STRBUF_INIT;

	json_print_go(value, &text);
	json_put_text(map, key, text.buf);
	strbuf_done(&text);
}

static void put_duration(struct json *spec, const char *text)
{
	struct strbuf canonical = STRBUF_INIT;
	int64_t ms;

	if (*text && !clock_parse_duration(text, &ms, NULL)) {
		clock_add_duration(&canonical, ms);
		json_put_text(spec, "ttl", canonical.buf);
	}
	strbuf_done(&canonical);
}

static void put_request(struct json *annotations, const struct kots_request *request)
{
	json_put_text(annotations, "kots.io/snapshot-trigger", request->trigger);
	json_put(annotations, "kots.io/snapshot-requested", world_time(request->now));
}

static struct json *start(const char *prefix, struct json **ret_annotations, struct json **ret_spec)
{
	struct json *backup = json_new_map();

	json_put_text(backup, "apiVersion", "velero.io/v1");
	json_put_text(backup, "kind", "Backup");
	json_put_path(backup, "metadata.generateName", json_new_text(prefix));
	json_put_path(backup, "metadata.namespace", json_new_text(VELERO_NAMESPACE));
	*ret_annotations = json_put_path(backup, "metadata.annotations", json_new_map());
	*ret_spec = json_put(backup, "spec", json_new_map());
	return backup;
}

/* Appends a copy of each entry. */
static void append(struct json *list, const struct json *more)
{
	const struct json *entry;

	for (entry = json_first(more); entry; entry = json_next(entry))
		json_add(list, json_clone(entry));
}

static void merge_app(const struct json *manifest, struct json *annotations, struct json *hooks,
		      struct json *selectors)
{
	const struct json *own = json_get(manifest, "metadata.annotations");

	if (own)
		json_merge(annotations, own);
	append(hooks, json_get(manifest, "spec.hooks.resources"));
	append(selectors, json_get(manifest, "spec.orLabelSelectors"));
}

static void put_apps(const struct json *apps, const struct kots_request *request,
		     struct json *annotations)
{
	struct json *sequences = json_new_map(), *versions = json_new_map();
	const struct json *app;

	for (app = json_first(apps); app; app = json_next(app)) {
		json_put_int(sequences, json_key_text(app, "slug"),
			     request->sequence >= 0 ? request->sequence
						    : json_int(app, "sequence", 0));
		json_put_text(versions, json_key_text(app, "slug"),
			      request->version ? request->version : json_key_text(app, "version"));
	}
	put_printed(annotations, "kots.io/apps-sequences", sequences);
	put_printed(annotations, "kots.io/apps-versions", versions);
	json_free(sequences);
	json_free(versions);
}

static void put_instance_marks(const struct kots_request *request, struct json *annotations)
{
	json_put_text(annotations, "kots.io/instance", "true");
	json_put_text(annotations, "kots.io/is-airgap", "false");
	json_put_text(annotations, "kots.io/kotsadm-deploy-namespace", KOTS_NAMESPACE);
	json_put_text(annotations, "kots.io/kotsadm-image", KOTS_IMAGE);
	put_request(annotations, request);
}

struct json *kots_backup_full(struct world *world, const struct kots_request *request)
{
	struct json *annotations, *spec, *selectors, *hooks, *manifest, *entry;
	struct json *backup = start("instance-", &annotations, &spec);
	struct json *apps = kots_apps(world);
	struct json *rows = kotsdb_rows(world->kotsdb, "select snapshot_ttl from cluster", NULL);
	const struct json *app;

	json_put_text(spec, "csiSnapshotTimeout", "0s");
	hooks = json_put_path(spec, "hooks.resources", json_new_list());
	json_put_bool(spec, "includeClusterResources", true);
	entry = json_put(spec, "includedNamespaces", json_new_list());
	json_add_text(entry, KOTS_NAMESPACE);
	json_put_text(spec, "itemOperationTimeout", "0s");
	json_put(spec, "metadata", json_new_map());
	selectors = json_put(spec, "orLabelSelectors", json_new_list());
	entry = json_add(selectors, json_new_map());
	json_put_path(entry, "matchLabels.[kots.io/backup]", json_new_text("velero"));
	json_put_text(spec, "storageLocation", "default");
	put_duration(spec, json_key_text(json_first(rows), "snapshot_ttl"));
	for (app = json_first(apps); app; app = json_next(app)) {
		manifest = manifest_of(app);
		merge_app(manifest, annotations, hooks, selectors);
		json_free(manifest);
	}
	put_instance_marks(request, annotations);
	put_apps(apps, request, annotations);
	json_free(apps);
	json_free(rows);
	return backup;
}

static struct json *backup_of_app(const struct json *app, const struct kots_request *request)
{
	struct strbuf text = STRBUF_INIT;
	struct json *annotations, *spec, *backup, *manifest = manifest_of(app), *namespaces;

	strbuf_addf(&text, "%s-", json_key_text(app, "slug"));
	backup = start(text.buf, &annotations, &spec);
	if (json_get(manifest, "metadata.annotations"))
		json_merge(annotations, json_get(manifest, "metadata.annotations"));
	if (json_get(manifest, "metadata.labels"))
		json_put_path(backup, "metadata.labels",
			      json_clone(json_get(manifest, "metadata.labels")));
	if (json_key(manifest, "spec"))
		json_merge(spec, json_key(manifest, "spec"));
	json_put_text(spec, "csiSnapshotTimeout", "0s");
	if (!json_key(spec, "includeClusterResources"))
		json_put_bool(spec, "includeClusterResources", true);
	namespaces = json_put(spec, "includedNamespaces", json_new_list());
	json_add_text(namespaces, KOTS_NAMESPACE);
	json_put_text(spec, "itemOperationTimeout", "0s");
	json_put_path(spec, "labelSelector.matchLabels.[kots.io/app-slug]",
		      json_new_text(json_key_text(app, "slug")));
	json_put(spec, "metadata", json_new_map());
	json_put_text(spec, "storageLocation", "default");
	put_duration(spec, json_key_text(app, "ttl"));
	json_put_text(annotations, "kots.io/app-id", json_key_text(app, "id"));
	strbuf_reset(&text);
	strbuf_addf(&text, "%lld",
		    (long long)(request->sequence >= 0 ? request->sequence
						       : json_int(app, "sequence", 0)));
	json_put_text(annotations, "kots.io/app-sequence", text.buf);
	put_request(annotations, request);
	json_free(manifest);
	strbuf_done(&text);
	return backup;
}

struct json *kots_backup_app(struct world *world, const char *slug,
			     const struct kots_request *request)
{
	struct json *apps = kots_apps(world), *backup = NULL;
	const struct json *app;

	for (app = json_first(apps); app && !backup; app = json_next(app)) {
		if (strcmp(json_key_text(app, "slug"), slug) == 0)
			backup = backup_of_app(app, request);
	}
	json_free(apps);
	return backup;
}
