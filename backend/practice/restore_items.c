#include "backend/practice/restore_items.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/practice/select.h"

#include <stdlib.h>
#include <string.h>

#define RESTORE_GO	  "pkg/restore/restore.go:"
#define NAMESPACE_WAIT_MS 600000

/* ---- which, and in which order ---- */

static const char *const priorities[] = {
	"customresourcedefinitions.apiextensions.k8s.io",
	"namespaces",
	"storageclasses.storage.k8s.io",
	"persistentvolumes",
	"persistentvolumeclaims",
	"serviceaccounts",
	"secrets",
	"configmaps",
	"pods",
	"replicasets.apps",
};

static size_t priority(const struct kind *kind)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(priorities); i++) {
		if (strcmp(priorities[i], kind->resource) == 0)
			return i;
	}
	return ARRAY_SIZE(priorities);
}

static void mark(const struct collection *items, bool *taken, const char *resource,
		 const char *namespace, const char *name)
{
	const struct item *item = *name ? collection_find(items, resource, namespace, name) : NULL;

	if (item)
		taken[item - items->items] = true;
}

/* What a taken pod or claim needs comes along, whatever the labels say. */
static void mark_needed(const struct collection *items, bool *taken, const struct item *item)
{
	const struct json *volume = json_first(json_get(item->object, "spec.volumes"));

	if (strcmp(item->kind->resource, "persistentvolumeclaims") == 0)
		mark(items, taken, "persistentvolumes", "",
		     json_text(item->object, "spec.volumeName"));
	if (strcmp(item->kind->resource, "pods") != 0)
		return;
	for (; volume; volume = json_next(volume))
		mark(items, taken, "persistentvolumeclaims", object_namespace(item->object),
		     json_text(volume, "persistentVolumeClaim.claimName"));
}

static bool comes_before(const struct collection *items, int a, int b)
{
	const struct item *one = &items->items[a], *two = &items->items[b];
	size_t x = priority(one->kind), y = priority(two->kind);
	int order;

	if (x != y)
		return x < y;
	order = strcmp(one->kind->resource, two->kind->resource);
	if (order == 0)
		order = strcmp(object_name(one->object), object_name(two->object));
	return order < 0;
}

int *restore_order(const struct json *spec, const struct collection *items)
{
	bool *taken = mem_array(items->count + 1, sizeof(*taken));
	int *order = mem_array(items->count + 1, sizeof(*order));
	size_t i, count = 0, at;
	int pass;

	for (i = 0; i < items->count; i++)
		taken[i] = select_object(spec, items->items[i].kind, items->items[i].object);
	for (pass = 0; pass < 2; pass++) { /* pods bring claims, claims bring volumes */
		for (i = 0; i < items->count; i++) {
			if (taken[i])
				mark_needed(items, taken, &items->items[i]);
		}
	}
	for (i = 0; i < items->count; i++) {
		if (!taken[i])
			continue;
		for (at = count++; at > 0 && comes_before(items, (int)i, order[at - 1]); at--)
			order[at] = order[at - 1];
		order[at] = (int)i;
	}
	order[count] = -1;
	free(taken);
	return order;
}

/* ---- as what ---- */

static void drop_keys(struct json *map, const char *const *keys)
{
	for (; map && *keys; keys++)
		json_remove(map, *keys);
}

static void reset_metadata(struct json *object)
{
	static const char *const keys[] = { "generateName",
					    "uid",
					    "resourceVersion",
					    "generation",
					    "creationTimestamp",
					    "deletionTimestamp",
					    "ownerReferences",
					    "managedFields",
					    "selfLink",
					    "deletionGracePeriodSeconds",
					    NULL };

	drop_keys(json_key_mut(object, "metadata"), keys);
	json_remove(object, "status");
}

/* Its volume is provisioned anew, and filled from the backup. */
static void reset_claim(struct json *claim)
{
	static const char *const keys[] = { "pv.kubernetes.io/bind-completed",
					    "pv.kubernetes.io/bound-by-controller", NULL };
	struct json *metadata = json_key_mut(claim, "metadata");

	drop_keys(json_key_mut(metadata, "annotations"), keys);
	json_remove(json_key_mut(claim, "spec"), "volumeName");
}

static bool is_volume_of(const struct json *volume, const struct json *pod)
{
	return strcmp(json_text(volume, "spec.pod.name"), object_name(pod)) == 0 &&
	       strcmp(json_text(volume, "spec.pod.namespace"), object_namespace(pod)) == 0 &&
	       *json_text(volume, "status.snapshotID");
}

static bool has_volumes(const struct json *volumes, const struct json *pod)
{
	const struct json *volume;

	for (volume = json_first(volumes); volume; volume = json_next(volume)) {
		if (is_volume_of(volume, pod))
			return true;
	}
	return false;
}

static struct json *helper(const struct json *restore, const struct json *pod,
			   const struct json *volumes)
{
	struct json *container = json_new_map(), *mounts, *mount, *words;
	const struct json *volume;
	struct strbuf path = STRBUF_INIT;

	json_put_text(container, "name", "restore-wait");
	json_put_text(container, "image", "velero/velero:" VELERO_VERSION);
	words = json_put(container, "command", json_new_list());
	json_add_text(words, "/velero-restore-helper");
	words = json_put(container, "args", json_new_list());
	json_add_text(words, object_uid(restore));
	mounts = json_put(container, "volumeMounts", json_new_list());
	for (volume = json_first(volumes); volume; volume = json_next(volume)) {
		if (!is_volume_of(volume, pod))
			continue;
		strbuf_reset(&path);
		strbuf_addf(&path, "/restores/%s", json_text(volume, "spec.volume"));
		mount = json_add(mounts, json_new_map());
		json_put_text(mount, "name", json_text(volume, "spec.volume"));
		json_put_text(mount, "mountPath", path.buf);
	}
	strbuf_done(&path);
	return container;
}

static void reset_pod(struct json *pod, const struct json *restore, const struct json *volumes)
{
	const struct json *old = json_get(pod, "spec.initContainers"), *entry;
	struct json *inits = json_new_list();

	json_remove(json_key_mut(pod, "spec"), "nodeName");
	if (has_volumes(volumes, pod))
		json_add(inits, helper(restore, pod, volumes));
	for (entry = json_first(old); entry; entry = json_next(entry)) {
		if (strcmp(json_key_text(entry, "name"), "restore-wait") != 0)
			json_add(inits, json_clone(entry));
	}
	json_remove(json_key_mut(pod, "spec"), "initContainers");
	if (json_count(inits) > 0)
		json_put(json_key_mut(pod, "spec"), "initContainers", inits);
	else
		json_free(inits);
}

/* A headless service stays one; others get a new address. */
static void reset_service(struct json *service)
{
	static const char *const keys[] = { "clusterIP", "clusterIPs", NULL };

	if (strcmp(json_text(service, "spec.clusterIP"), "None") != 0)
		drop_keys(json_key_mut(service, "spec"), keys);
}

static void put_label(struct json *object, const char *key, const char *name)
{
	struct strbuf label = STRBUF_INIT, path = STRBUF_INIT;

	world_add_label_value(&label, name);
	strbuf_addf(&path, "metadata.labels.[%s]", key);
	json_put_path(object, path.buf, json_new_text(label.buf));
	strbuf_done(&label);
	strbuf_done(&path);
}

static const char *mapped(const struct json *restore, const char *namespace)
{
	const char *to = json_key_text(json_get(restore, "spec.namespaceMapping"), namespace);

	return *to ? to : namespace;
}

struct json *restore_object(const struct json *restore, const struct item *item,
			    const struct json *volumes)
{
	struct json *object = json_clone(item->object);
	const char *resource = item->kind->resource;

	reset_metadata(object);
	if (strcmp(resource, "persistentvolumeclaims") == 0)
		reset_claim(object);
	else if (strcmp(resource, "pods") == 0)
		reset_pod(object, restore, volumes);
	else if (strcmp(resource, "services") == 0)
		reset_service(object);
	if (item->kind->flags & KIND_NAMESPACED)
		json_put_path(object, "metadata.namespace",
			      json_new_text(mapped(restore, object_namespace(item->object))));
	put_label(object, "velero.io/backup-name", json_text(restore, "spec.backupName"));
	put_label(object, "velero.io/restore-name", object_name(restore));
	return object;
}

/* ---- those that exist ---- */

static struct json *comparable(const struct json *object)
{
	static const char *const labels[] = { "velero.io/backup-name", "velero.io/restore-name",
					      NULL };
	struct json *copy = json_clone(object), *metadata;

	reset_metadata(copy);
	metadata = json_key_mut(copy, "metadata");
	drop_keys(json_key_mut(metadata, "labels"), labels);
	if (json_count(json_key(metadata, "labels")) == 0)
		json_remove(metadata, "labels");
	if (strcmp(json_text(copy, "kind"), "Service") == 0)
		reset_service(copy);
	return copy;
}

bool restore_is_same(const struct json *fresh, const struct json *existing)
{
	struct json *a = comparable(fresh), *b = comparable(existing);
	bool same = json_equal(a, b);

	json_free(a);
	json_free(b);
	return same;
}

/* ---- doing it ---- */

static void list_item(struct restoring *restoring, const struct kind *kind,
		      const struct json *object, const char *action)
{
	struct strbuf key = STRBUF_INIT, entry = STRBUF_INIT;
	struct json *list;

	kind_add_group_version(kind, &key);
	strbuf_addf(&entry, "%s%s%s(%s)", object_namespace(object),
		    *object_namespace(object) ? "/" : "", object_name(object), action);
	list = json_key_mut(restoring->list, key.buf);
	json_add_text(list ? list : json_put(restoring->list, key.buf, json_new_list()), entry.buf);
	strbuf_done(&key);
	strbuf_done(&entry);
}

static void add_result(struct restoring *restoring, enum velog_level level,
		       const struct json *object, const char *text)
{
	const char *namespace = object_namespace(object);

	velog_add_result(restoring->log, level, *namespace ? namespace : "cluster",
			 *namespace != '\0', text);
}

static const char *keep_existing(struct restoring *restoring, const struct kind *kind,
				 const struct json *fresh)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text,
		    "could not restore, %s:%s already exists. Warning: the in-cluster version is "
		    "different than "
		    "the backed-up version",
		    kind->kind, object_name(fresh));
	add_result(restoring, VELOG_WARNING, fresh, text.buf);
	strbuf_done(&text);
	return "failed";
}

static const char *meet_existing(struct restoring *restoring, const struct kind *kind,
				 const struct json *fresh, const struct json *existing)
{
	struct json *changed;

	if (restore_is_same(fresh, existing) || strcmp(kind->kind, "ServiceAccount") == 0) {
		velog_line(restoring->log, VELOG_INFO, RESTORE_GO "1972",
			   VELOG_FIELDS({ "groupResource", kind->resource },
					{ "namespace", object_namespace(fresh) }),
			   "Restore of %s skipped: it already exists in the cluster and is the "
			   "same as the "
			   "backed up version",
			   object_name(fresh));
		return "skipped";
	}
	if (strcmp(json_text(restoring->restore, "spec.existingResourcePolicy"), "update") != 0)
		return keep_existing(restoring, kind, fresh);
	changed = world_patch(restoring->world, kind->resource, existing, json_clone(fresh));
	json_free(changed);
	return changed ? "updated" : keep_existing(restoring, kind, fresh);
}

static const char *create(struct restoring *restoring, const struct kind *kind, struct json *fresh)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;
	struct json *made = world_create(restoring->world, kind->resource, json_clone(fresh), &err);
	const char *init =
		json_key_text(json_first(json_get(fresh, "spec.initContainers")), "name");

	if (!made) {
		strbuf_addf(&text, "error restoring %s/%s/%s: %s", kind->resource,
			    object_namespace(fresh), object_name(fresh), err.text);
		velog_line(restoring->log, VELOG_ERROR, RESTORE_GO "2010",
			   VELOG_FIELDS({ "error", err.text }, { "groupResource", kind->resource },
					{ "namespace", object_namespace(fresh) }),
			   "error restoring %s", object_name(fresh));
		add_result(restoring, VELOG_ERROR, fresh, text.buf);
		strbuf_done(&text);
		return "failed";
	}
	if (strcmp(kind->resource, "pods") == 0 && strcmp(init, "restore-wait") == 0)
		json_add(restoring->pods, made);
	else
		json_free(made);
	return "created";
}

/* A namespace that is going away is waited for; one that is not there is made, from the backup when
 * that has it. */
static void ensure_namespace(struct restoring *restoring, const char *from, const char *name)
{
	const struct item *item = collection_find(restoring->items, "namespaces", "", from);
	int64_t until = clock_monotonic_ms() + NAMESPACE_WAIT_MS;
	struct json *there = world_get(restoring->world, "namespaces", "", name), *fresh;

	while (there && object_is_deleting(there) && clock_monotonic_ms() < until &&
	       world_sleep(restoring->world, 300)) {
		json_free(there);
		there = world_get(restoring->world, "namespaces", "", name);
	}
	if (!there) {
		fresh = item ? restore_object(restoring->restore, item, NULL) : json_new_map();
		json_put_path(fresh, "metadata.name", json_new_text(name));
		list_item(restoring, kind_by_resource("namespaces"), fresh,
			  create(restoring, kind_by_resource("namespaces"), fresh));
		json_free(fresh);
	}
	json_free(there);
}

static void restore_one(struct restoring *restoring, const struct item *item, int64_t total)
{
	struct json *fresh = restore_object(restoring->restore, item, restoring->volumes),
		    *existing;
	const struct kind *kind = item->kind;
	const char *action;

	if (kind->flags & KIND_NAMESPACED)
		ensure_namespace(restoring, object_namespace(item->object),
				 object_namespace(fresh));
	velog_line(restoring->log, VELOG_INFO, RESTORE_GO "1820",
		   VELOG_FIELDS({ "groupResource", kind->resource },
				{ "namespace", object_namespace(fresh) },
				{ "original name", object_name(item->object) }),
		   "Attempting to restore %s: %s.", kind->kind, object_name(fresh));
	existing = world_get(restoring->world, kind->resource, object_namespace(fresh),
			     object_name(fresh));
	if (strcmp(kind->resource, "persistentvolumes") == 0)
		action = "skipped"; /* provisioned anew with its claim */
	else if (existing)
		action = meet_existing(restoring, kind, fresh, existing);
	else
		action = create(restoring, kind, fresh);
	list_item(restoring, kind, fresh, action);
	restoring->restored++;
	velog_line(restoring->log, VELOG_INFO, RESTORE_GO "1084",
		   VELOG_FIELDS({ "name", object_name(fresh) },
				{ "namespace", object_namespace(fresh) }, { "progress", "" },
				{ "resource", kind->resource }),
		   "Restored %lld items out of an estimated total of %lld (estimate will change "
		   "throughout the "
		   "restore)",
		   (long long)restoring->restored, (long long)total);
	json_free(existing);
	json_free(fresh);
}

void restore_items(struct restoring *restoring)
{
	int *order = restore_order(json_key(restoring->restore, "spec"), restoring->items);
	int64_t total = 0;
	int i;

	while (order[total] >= 0)
		total++;
	for (i = 0; order[i] >= 0; i++)
		restore_one(restoring, &restoring->items->items[order[i]], total);
	free(order);
}
