#include "backend/velero/resources.h"

#include "backend/base/amount.h"
#include "backend/base/json.h"

#include <stdlib.h>
#include <string.h>

static const char *kind_words(struct arena *arena, const char *key)
{
	const char *kind = strrchr(key, '/');
	struct strbuf text = STRBUF_INIT;
	const char *copy;

	if (!kind)
		return arena_text(arena, key);
	strbuf_add(&text, key, (size_t)(kind - key));
	strbuf_addf(&text, " %s", kind + 1);
	copy = arena_text(arena, text.buf);
	strbuf_done(&text);
	return copy;
}

static void read_kind(struct resources *resources, struct resource_kind *row,
		      const struct json *list)
{
	const struct json *name;

	row->kind = kind_words(&resources->arena, json_name(list));
	row->names = arena_alloc(&resources->arena, (json_count(list) + 1) * sizeof(*row->names));
	for (name = json_first(list); name; name = json_next(name))
		if (*json_value(name))
			row->names[row->count++] = arena_text(&resources->arena, json_value(name));
	resources->objects += row->count;
}

static int by_kind(const void *left, const void *right)
{
	return strcmp(((const struct resource_kind *)left)->kind,
		      ((const struct resource_kind *)right)->kind);
}

enum status resources_parse(const char *text, size_t len, struct resources *ret_resources,
			    struct error *err)
{
	struct json *root = json_parse(text, len, err);
	struct resources resources = { 0 };
	const struct json *list;

	if (!root)
		return error_wrap(err, "list of resources");
	if (json_type(root) != JSON_MAP) {
		json_free(root);
		return error_set(err, STATUS_FORMAT, "list of resources: not a JSON object");
	}
	resources.arena.next_chunk = len + 1;
	resources.rows =
		arena_alloc(&resources.arena, (json_count(root) + 1) * sizeof(*resources.rows));
	for (list = json_first(root); list; list = json_next(list))
		if (json_type(list) == JSON_LIST)
			read_kind(&resources, &resources.rows[resources.count++], list);
	if (resources.count > 1)
		qsort(resources.rows, resources.count, sizeof(*resources.rows), by_kind);
	json_free(root);
	*ret_resources = resources;
	return STATUS_OK;
}

void resources_done(struct resources *resources)
{
	arena_done(&resources->arena);
	*resources = (struct resources){ 0 };
}

struct place {
	const char *name;
	size_t len, count;
};

static struct place place_of(const char *object)
{
	const char *slash = strchr(object, '/');

	return (struct place){ object, slash ? (size_t)(slash - object) : 0, 1 };
}

static int by_count(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return a->name < b->name ? -1 : a->name > b->name;
}

void resource_kind_add_places(struct strbuf *out, const struct resource_kind *kind, size_t most)
{
	struct place *places = NULL;
	size_t count = 0, capacity = 0, i;

	/* Names are sorted: those of one namespace stand together. */
	for (i = 0; i < kind->count; i++) {
		struct place place = place_of(kind->names[i]);

		if (count > 0 && places[count - 1].len == place.len &&
		    !memcmp(places[count - 1].name, place.name, place.len)) {
			places[count - 1].count++;
			continue;
		}
		places = mem_grow(places, count, &capacity, sizeof(*places));
		places[count++] = place;
	}
	if (count > 1)
		qsort(places, count, sizeof(*places), by_count);
	for (i = 0; i < count && i < most; i++) {
		strbuf_adds(out, i ? ", " : "");
		if (places[i].len > 0)
			strbuf_add(out, places[i].name, places[i].len);
		else
			strbuf_adds(out, "of the cluster");
		strbuf_addc(out, ' ');
		amount_add_count(out, (int64_t)places[i].count);
	}
	if (count > most) {
		strbuf_adds(out, ", ");
		amount_add_count(out, (int64_t)(count - most));
		strbuf_adds(out, " more");
	}
	free(places);
}
