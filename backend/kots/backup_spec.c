#include "backend/kots/backup_spec.h"

#include "backend/base/clock.h"
#include "backend/kots/labels.h"
#include "backend/kots/manifest.h"

#include <string.h>

/* ---- pieces ---- */

static void add_all(struct json *list, const struct json *more)
{
	for (const struct json *one = json_first(more); one; one = json_next(one))
		json_add(list, json_clone(one));
}

static void put_all(struct json *map, const struct json *more)
{
	for (const struct json *one = json_first(more); one; one = json_next(one))
		json_put(map, json_name(one), json_clone(one));
}

static void put_unless_empty(struct json *map, const char *key, struct json *child)
{
	if (json_count(child))
		json_put(map, key, child);
	else
		json_free(child);
}

static bool has_text(const struct json *list, const char *text)
{
	for (const struct json *one = json_first(list); one; one = json_next(one))
		if (!strcmp(json_value(one), text))
			return true;
	return false;
}

/* No empty names, none twice; one "*" stands for all, and alone: Velero takes it with others for an
 * error. Takes over names. */
static struct json *clean_namespaces(struct json *names)
{
	struct json *clean = json_new_list();
	bool all = has_text(names, "*");

	if (all)
		json_add_text(clean, "*");
	for (const struct json *one = json_first(names); one && !all; one = json_next(one))
		if (*json_value(one) && !has_text(clean, json_value(one)))
			json_add_text(clean, json_value(one));
	json_free(names);
	return clean;
}

static void add_app_namespaces(struct json *names, const struct manifest *manifest)
{
	add_all(names, json_get(manifest->application, "spec.additionalNamespaces"));
	add_all(names, json_get(manifest->root, "spec.includedNamespaces"));
}

static enum status put_ttl(struct json *spec, const char *ttl, const char *whose, struct error *err)
{
	struct strbuf text = STRBUF_INIT;
	int64_t ms;

	if (!*ttl)
		return STATUS_OK;
	if (clock_parse_duration(ttl, &ms, NULL)) {
		error_set(err, STATUS_REFUSED, "the retention of %s, \"%.60s\", is no duration",
			  whose, ttl);
		error_hint(err, "set it anew in the Admin Console, such as 1 month");
		return STATUS_REFUSED;
	}
	/* KOTS takes it; what it makes has expired when it is made, and Velero deletes it. */
	if (ms < 0) {
		error_set(err, STATUS_REFUSED,
			  "the retention of %s, %.60s, has passed before it begins: Velero would "
			  "delete the snapshot at once",
			  whose, ttl);
		error_hint(err, "set it anew in the Admin Console, such as 1 month");
		return STATUS_REFUSED;
	}
	clock_add_duration(&text, ms);
	json_put_text(spec, "ttl", text.buf);
	strbuf_done(&text);
	return STATUS_OK;
}

/* Go writes these even when they were never set; Velero replaces the first two. */
static void put_go_zeros(struct json *spec)
{
	static const char *const durations[] = { "csiSnapshotTimeout", "itemOperationTimeout" };
	static const char *const maps[] = { "metadata", "hooks" };

	for (size_t i = 0; i < ARRAY_SIZE(durations); i++)
		if (!*json_key_text(spec, durations[i]))
			json_put_text(spec, durations[i], "0s");
	for (size_t i = 0; i < ARRAY_SIZE(maps); i++)
		if (json_type(json_key(spec, maps[i])) != JSON_MAP)
			json_put(spec, maps[i], json_new_map());
}

static void put_time(struct json *annotations, int64_t now)
{
	struct strbuf text = STRBUF_INIT;

	clock_add_rfc3339(&text, now);
	json_put_text(annotations, KOTS_REQUESTED, text.buf);
	strbuf_done(&text);
}

static void put_go_json(struct json *annotations, const char *key, const struct json *value)
{
	struct strbuf text = STRBUF_INIT;

	json_print_go(value, &text);
	json_put_text(annotations, key, text.buf);
	strbuf_done(&text);
}

/* The head of both kinds. labels and annotations are those of the manifest already; both are taken
 * over. */
static struct json *new_backup(const struct console *console, const struct backup_wish *wish,
			       struct json *labels, struct json *annotations)
{
	struct json *backup = json_new_map(), *metadata;
	struct strbuf prefix = STRBUF_INIT;

	strbuf_addf(&prefix, "%s-", wish->kind == SNAPSHOT_PARTIAL ? wish->app_slug : "instance");
	json_put_text(backup, "apiVersion", "velero.io/v1");
	json_put_text(backup, "kind", "Backup");
	metadata = json_put(backup, "metadata", json_new_map());
	json_put_text(metadata, "generateName", prefix.buf);
	json_put_text(metadata, "namespace", console->velero_namespace);
	json_put_text(labels, KOTSNAP_REQUEST, wish->request_id);
	json_put(metadata, "labels", labels);
	json_put_text(annotations, KOTS_TRIGGER, "manual");
	put_time(annotations, wish->now);
	json_put_text(annotations, KOTSNAP_MADE_BY, wish->made_by);
	json_put(metadata, "annotations", annotations);
	strbuf_done(&prefix);
	return backup;
}

/* ---- full: spec/kots-snapshots.md 2.2, 2.9 ---- */

struct full {
	struct json *annotations, *sequences, *versions;
	struct json *namespaces, *excluded, *selectors, *ordered, *hooks;
};

static void full_init(struct full *full)
{
	struct json *own = json_new_map();

	*full = (struct full){ json_new_map(),	json_new_map(),	 json_new_map(), json_new_list(),
			       json_new_list(), json_new_list(), json_new_map(), json_new_list() };
	json_put_path(own, "matchLabels.[" KOTS_BACKUP "]", json_new_text("velero"));
	json_add(full->selectors, own);
}

/* What was not handed over is freed. */
static void full_done(struct full *full)
{
	struct json *all[] = { full->annotations, full->sequences, full->versions, full->namespaces,
			       full->excluded,	  full->selectors, full->ordered,  full->hooks };

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		json_free(all[i]);
}

static void add_site_namespaces(struct json *names, const struct console *console)
{
	json_add_text(names, console->namespace);
	json_add_text(names, console->app_namespace);
	if (console->kind == SITE_KURL)
		json_add_text(names, "kurl");
	/* The Role and RoleBinding that let kotsadm use Velero live there (1.6). */
	if (!console->cluster_scoped)
		json_add_text(names, console->velero_namespace);
}

static enum status full_add_app(struct full *full, const struct console *console,
				const struct app *app, struct error *err)
{
	struct manifest manifest;
	const struct json *spec;
	enum status st;

	if (app->sequence < 0)
		return STATUS_OK;
	json_put_int(full->sequences, app->slug, app->sequence);
	json_put_text(full->versions, app->slug, app->version);
	st = manifest_read(console, app, &manifest, err);
	if (st)
		return st;
	spec = json_key(manifest.root, "spec");
	put_all(full->annotations, json_get(manifest.root, "metadata.annotations"));
	add_app_namespaces(full->namespaces, &manifest);
	add_all(full->excluded, json_key(spec, "excludedNamespaces"));
	add_all(full->selectors, json_key(spec, "orLabelSelectors"));
	put_all(full->ordered, json_key(spec, "orderedResources"));
	add_all(full->hooks, json_get(spec, "hooks.resources"));
	manifest_done(&manifest);
	return STATUS_OK;
}

static void put_full_annotations(struct full *full, const struct console *console)
{
	struct json *annotations = full->annotations;

	json_put_text(annotations, KOTS_INSTANCE, "true");
	json_put_text(annotations, KOTS_IMAGE, console->kotsadm_image);
	json_put_text(annotations, KOTS_NAMESPACE, console->namespace);
	put_go_json(annotations, KOTS_SEQUENCES, full->sequences);
	put_go_json(annotations, KOTS_VERSIONS, full->versions);
	json_put_text(annotations, KOTS_AIRGAP, console->airgap == ANSWER_YES ? "true" : "false");
	if (*console->registry)
		json_put_text(annotations, KOTS_REGISTRY, console->registry);
}

/* Hands the lists of full over to spec. */
static void put_full_lists(struct json *spec, struct full *full)
{
	json_put(spec, "includedNamespaces", clean_namespaces(full->namespaces));
	put_unless_empty(spec, "excludedNamespaces", full->excluded);
	json_put(spec, "orLabelSelectors", full->selectors);
	put_unless_empty(spec, "orderedResources", full->ordered);
	json_put(spec, "hooks", json_new_map());
	put_unless_empty(json_key_mut(spec, "hooks"), "resources", full->hooks);
	full->namespaces = full->excluded = full->selectors = full->ordered = full->hooks = NULL;
}

static enum status check_full(const struct console *console, struct error *err)
{
	if (console->kind == SITE_UNKNOWN) {
		error_set(err, STATUS_REFUSED,
			  "whether this is a kURL cluster could not be read, and a full snapshot "
			  "must then hold namespace kurl");
		error_hint(err, "look again: ConfigMap kube-system/kurl-config did not answer");
		return STATUS_REFUSED;
	}
	if (!*console->kotsadm_image)
		return error_set(
			err, STATUS_REFUSED,
			"the image of the Admin Console is not known, and KOTS restores no "
			"full snapshot without it");
	if (!*console->cluster_id)
		return error_set(err, STATUS_REFUSED,
				 "no clusters found in the database of the Admin Console");
	return STATUS_OK;
}

static enum status build_full(const struct console *console, const struct backup_wish *wish,
			      struct json **ret_backup, struct error *err)
{
	struct full full;
	struct json *backup = NULL, *spec = json_new_map();
	enum status st;

	full_init(&full);
	st = check_full(console, err);
	if (st)
		goto out;
	add_site_namespaces(full.namespaces, console);
	for (size_t i = 0; i < console->app_count && !st; i++)
		st = full_add_app(&full, console, &console->apps[i], err);
	if (!st)
		st = put_ttl(spec, console->ttl, "full snapshots", err);
	if (st)
		goto out;
	put_full_annotations(&full, console);
	json_put_text(spec, "storageLocation", "default");
	json_put_bool(spec, "includeClusterResources", true);
	put_full_lists(spec, &full);
	put_go_zeros(spec);
	backup = new_backup(console, wish, json_new_map(), full.annotations);
	full.annotations = NULL;
	json_put(backup, "spec", spec);
	spec = NULL;
	*ret_backup = backup;
out:
	json_free(spec);
	full_done(&full);
	return st;
}

/* ---- partial: spec/kots-snapshots.md 2.3, 2.10 ---- */

static struct json *new_app_selector(const struct app *app, const struct json *theirs)
{
	struct json *selector = json_new_map();
	struct json *labels = json_put(selector, "matchLabels", json_new_map());

	put_all(labels, json_key(theirs, "matchLabels"));
	json_put_text(labels, KOTS_APP_SLUG, app->slug);
	if (json_count(json_key(theirs, "matchExpressions")))
		json_put(selector, "matchExpressions",
			 json_clone(json_key(theirs, "matchExpressions")));
	return selector;
}

static void put_app_annotations(struct json *annotations, const struct app *app)
{
	struct strbuf sequence = STRBUF_INIT;

	strbuf_addf(&sequence, "%lld", (long long)app->sequence);
	json_put_text(annotations, KOTS_APP_ID, app->id);
	json_put_text(annotations, KOTS_APP_SEQUENCE, sequence.buf);
	strbuf_done(&sequence);
}

static void put_app_spec(struct json *spec, const struct console *console, const struct app *app,
			 const struct manifest *manifest)
{
	struct json *names = json_new_list();

	json_add_text(names, console->app_namespace);
	add_all(names, json_key(spec, "includedNamespaces"));
	add_all(names, json_get(manifest->application, "spec.additionalNamespaces"));
	json_put(spec, "includedNamespaces", clean_namespaces(names));
	json_put(spec, "labelSelector", new_app_selector(app, json_key(spec, "labelSelector")));
	if (json_type(json_key(spec, "includeClusterResources")) != JSON_BOOL)
		json_put_bool(spec, "includeClusterResources", true);
	json_put_text(spec, "storageLocation", "default");
	put_go_zeros(spec);
}

static enum status check_app(const struct app *app, const char *slug, struct error *err)
{
	if (!app)
		return error_set(err, STATUS_REFUSED, "there is no application \"%.100s\"", slug);
	if (!*app->id)
		return error_set(err, STATUS_REFUSED, "the id of %s is not known", slug);
	if (app->sequence < 0)
		return error_set(err, STATUS_REFUSED, "%s does not have a deployed version", slug);
	return STATUS_OK;
}

static enum status read_needed(const struct console *console, const struct app *app,
			       struct manifest *ret_manifest, struct error *err)
{
	enum status st = manifest_read(console, app, ret_manifest, err);

	if (st || ret_manifest->root)
		return st;
	error_set(err, STATUS_REFUSED, "application %s does not have a backup spec", app->slug);
	error_hint(err, "its vendor ships no Backup manifest; a full snapshot holds it");
	return STATUS_REFUSED;
}

/* Velero fails a backup that has both forms, every time (13 item 8). */
static enum status check_selectors(const struct app *app, const struct json *spec,
				   struct error *err)
{
	if (!json_count(json_key(spec, "orLabelSelectors")))
		return STATUS_OK;
	error_set(err, STATUS_REFUSED,
		  "the Backup manifest of %s has orLabelSelectors, which Velero refuses beside the "
		  "labelSelector of a partial snapshot",
		  app->slug);
	error_hint(err, "take a full snapshot");
	return STATUS_REFUSED;
}

static enum status build_partial(const struct console *console, const struct backup_wish *wish,
				 struct json **ret_backup, struct error *err)
{
	const struct app *app = console_app(console, wish->app_slug);
	struct manifest manifest = { NULL, NULL };
	struct json *backup, *spec = NULL, *labels, *annotations;
	enum status st = check_app(app, wish->app_slug, err);

	if (!st)
		st = read_needed(console, app, &manifest, err);
	if (st)
		return st;
	spec = json_type(json_key(manifest.root, "spec")) == JSON_MAP
		       ? json_clone(json_key(manifest.root, "spec"))
		       : json_new_map();
	st = check_selectors(app, spec, err);
	if (!st)
		st = put_ttl(spec, app->ttl, app->slug, err);
	if (st)
		goto out;
	put_app_spec(spec, console, app, &manifest);
	labels = json_new_map();
	annotations = json_new_map();
	put_all(labels, json_get(manifest.root, "metadata.labels"));
	put_all(annotations, json_get(manifest.root, "metadata.annotations"));
	put_app_annotations(annotations, app);
	backup = new_backup(console, wish, labels, annotations);
	json_put(backup, "spec", spec);
	spec = NULL;
	*ret_backup = backup;
out:
	json_free(spec);
	manifest_done(&manifest);
	return st;
}

/* ---- both ---- */

static enum status check_site(const struct console *console, struct error *err)
{
	if (console->kind == SITE_EMBEDDED) {
		error_set(err, STATUS_REFUSED, "this is an Embedded Cluster installation");
		error_hint(err, "take its backups in its Admin Console");
		return STATUS_REFUSED;
	}
	if (!*console->velero_namespace)
		return error_set(err, STATUS_REFUSED, "Velero was not found in this cluster");
	if (!*console->namespace)
		return error_set(err, STATUS_REFUSED, "the Admin Console was not found: %s",
				 *console->source_note ? console->source_note
						       : "there is none in this cluster");
	if (console->database_read)
		return STATUS_OK;
	/* Marked with other versions than those deployed, a later restore would claim a version
	 * that is not there. */
	error_set(err, STATUS_REFUSED, "which versions are deployed is not known: %s",
		  *console->source_note ? console->source_note
					: "the database of the Admin Console did not answer");
	error_hint(err, "run kotsnap on a node of the cluster, and look at kotsadm-rqlite-0");
	return STATUS_REFUSED;
}

enum status backup_spec_build(const struct console *console, const struct backup_wish *wish,
			      struct json **ret_backup, struct error *err)
{
	enum status st = check_site(console, err);

	if (st)
		return st;
	switch (wish->kind) {
	case SNAPSHOT_FULL:
		return build_full(console, wish, ret_backup, err);
	case SNAPSHOT_PARTIAL:
		return build_partial(console, wish, ret_backup, err);
	case SNAPSHOT_OTHER:
		break;
	}
	return error_set(err, STATUS_REFUSED, "only full and partial snapshots can be taken");
}
