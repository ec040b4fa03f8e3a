#include "backend/practice/collect.h"

#include "backend/base/mem.h"
#include "backend/practice/select.h"
#include "backend/practice/tar.h"

#include <stdlib.h>
#include <string.h>

void collection_add(struct collection *collection, const struct kind *kind, struct json *object)
{
	collection->items = mem_grow(collection->items, collection->count, &collection->capacity,
				     sizeof(*collection->items));
	collection->items[collection->count++] = (struct item){ kind, object };
}

const struct item *collection_find(const struct collection *collection, const char *resource,
				   const char *namespace, const char *name)
{
	size_t i;

	for (i = 0; i < collection->count; i++) {
		const struct item *item = &collection->items[i];

		if (strcmp(item->kind->resource, resource) == 0 &&
		    strcmp(object_namespace(item->object), namespace) == 0 &&
		    strcmp(object_name(item->object), name) == 0)
			return item;
	}
	return NULL;
}

void collection_done(struct collection *collection)
{
	size_t i;

	for (i = 0; i < collection->count; i++)
		json_free(collection->items[i].object);
	free(collection->items);
	memset(collection, 0, sizeof(*collection));
}

/* ---- from the cluster ---- */

static void collect_kind(struct world *world, const struct json *spec, const struct kind *kind,
			 struct collection *collection)
{
	struct json *list = world_list(world, kind->resource, "", "");
	const struct json *object;

	for (object = json_first(list); object; object = json_next(object)) {
		if (select_object(spec, kind, object) &&
		    !collection_find(collection, kind->resource, object_namespace(object),
				     object_name(object)))
			collection_add(collection, kind, json_clone(object));
	}
	json_free(list);
}

/* Something that another item needs: taken whatever its labels say. */
static void take_along(struct world *world, const struct json *spec, struct collection *collection,
		       const struct object_key *key)
{
	const struct kind *kind = kind_by_resource(key->resource);
	struct json *object;

	if (!*key->name || collection_find(collection, key->resource, key->namespace, key->name))
		return;
	object = world_get(world, key->resource, key->namespace, key->name);
	if (object && select_related(spec, kind, object))
		collection_add(collection, kind, object);
	else
		json_free(object);
}

static void take_claims(struct world *world, const struct json *spec, struct collection *collection,
			const struct json *pod)
{
	const struct json *volume = json_first(json_get(pod, "spec.volumes"));

	for (; volume; volume = json_next(volume)) {
		struct object_key key = { "persistentvolumeclaims", object_namespace(pod),
					  json_text(volume, "persistentVolumeClaim.claimName") };

		take_along(world, spec, collection, &key);
	}
}

/* The list grows while it is walked: a pod brings claims, a claim brings its volume. The texts are
 * copied, for an item may move when the list grows. */
static void take_what_comes_along(struct world *world, const struct json *spec,
				  struct collection *collection)
{
	size_t i;

	for (i = 0; i < collection->count; i++) {
		const struct kind *kind = collection->items[i].kind;
		const struct json *object = collection->items[i].object;
		struct object_key volume = { "persistentvolumes", "",
					     json_text(object, "spec.volumeName") };
		struct object_key namespace = { "namespaces", "", object_namespace(object) };

		if (strcmp(kind->resource, "pods") == 0)
			take_claims(world, spec, collection, object);
		if (strcmp(kind->resource, "persistentvolumeclaims") == 0)
			take_along(world, spec, collection, &volume);
		if (kind->flags & KIND_NAMESPACED)
			take_along(world, spec, collection, &namespace);
	}
}

void collect_items(struct world *world, const struct json *spec, struct collection *collection)
{
	static const char *const first[] = { "pods", "persistentvolumeclaims",
					     "persistentvolumes" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(first); i++) {
		if (select_kind(spec, kind_by_resource(first[i])))
			collect_kind(world, spec, kind_by_resource(first[i]), collection);
	}
	for (i = 0; i < kind_count(); i++) {
		if (select_kind(spec, kind_at(i)))
			collect_kind(world, spec, kind_at(i), collection);
	}
	collection->estimate = collection->count;
	take_what_comes_along(world, spec, collection);
}

/* ---- lists and archives ---- */

void kind_add_group_version(const struct kind *kind, struct strbuf *out)
{
	strbuf_addf(out, "%s%s%s/%s", kind->group, *kind->group ? "/" : "", kind->version,
		    kind->kind);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lines "v1/Pod\tdefault/web-0", sorted, become the map. */
struct json *collection_resource_list(const struct collection *collection)
{
	char **lines = mem_array(collection->count + 1, sizeof(*lines));
	struct json *map = json_new_map(), *list;
	struct strbuf line = STRBUF_INIT;
	char *tab;
	size_t i;

	for (i = 0; i < collection->count; i++) {
		const struct json *object = collection->items[i].object;

		kind_add_group_version(collection->items[i].kind, &line);
		strbuf_addf(&line, "\t%s%s%s", object_namespace(object),
			    *object_namespace(object) ? "/" : "", object_name(object));
		lines[i] = strbuf_detach(&line);
	}
	qsort(lines, collection->count, sizeof(*lines), by_text);
	for (i = 0; i < collection->count; i++) {
		tab = strchr(lines[i], '\t');
		*tab = '\0';
		list = json_key_mut(map, lines[i]);
		json_add_text(list ? list : json_put(map, lines[i], json_new_list()), tab + 1);
		free(lines[i]);
	}
	free(lines);
	strbuf_done(&line);
	return map;
}

/* "resources/pods/namespaces/default/web-0.json"; Velero writes each twice, the second below its
 * version. */
static void add_member(struct strbuf *out, const struct item *item, const char *version,
		       const struct strbuf *content, int64_t mtime)
{
	const char *namespace = object_namespace(item->object);
	struct strbuf name = STRBUF_INIT;

	strbuf_addf(&name, "resources/%s/", item->kind->resource);
	if (*version)
		strbuf_addf(&name, "%s-preferredversion/", version);
	if (*namespace)
		strbuf_addf(&name, "namespaces/%s/", namespace);
	else
		strbuf_adds(&name, "cluster/");
	strbuf_addf(&name, "%s.json", object_name(item->object));
	(void)tar_add(out, name.buf, content, mtime);
	strbuf_done(&name);
}

void collection_add_tar(const struct collection *collection, int64_t mtime, struct strbuf *out)
{
	struct strbuf content = STRBUF_INIT;
	size_t i;

	strbuf_adds(&content, "1.1.0\n");
	(void)tar_add(out, "metadata/version", &content, mtime);
	for (i = 0; i < collection->count; i++) {
		strbuf_reset(&content);
		json_print(collection->items[i].object, &content);
		add_member(out, &collection->items[i], "", &content, mtime);
		add_member(out, &collection->items[i], collection->items[i].kind->version, &content,
			   mtime);
	}
	tar_end(out);
	strbuf_done(&content);
}

/* The kind of "resources/RESOURCE/namespaces/NS/NAME.json"; NULL for the copies below a version,
 * and for the unknown. */
static const struct kind *kind_of_member(const char *name)
{
	const struct kind *kind;
	const char *rest;
	char *resource;

	if (!text_starts(name, "resources/"))
		return NULL;
	name += strlen("resources/");
	rest = strchr(name, '/');
	if (!rest || (!text_starts(rest, "/namespaces/") && !text_starts(rest, "/cluster/")))
		return NULL;
	resource = mem_text_n(name, (size_t)(rest - name));
	kind = kind_by_resource(resource);
	free(resource);
	return kind;
}

void collection_read_tar(const struct strbuf *archive, struct collection *collection)
{
	struct tar_entry entry;
	const struct kind *kind;
	struct json *object;
	size_t offset = 0;

	while (tar_next(archive->buf, archive->len, &offset, &entry)) {
		kind = kind_of_member(entry.name);
		object = kind ? json_parse(entry.content, entry.len, NULL) : NULL;
		if (object)
			collection_add(collection, kind, object);
	}
}
