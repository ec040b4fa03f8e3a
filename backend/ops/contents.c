#include "backend/ops/contents.h"

#include <stdlib.h>
#include <string.h>

struct contents {
	struct arena arena;
	struct contents_item *items; /* sorted */
	size_t count, capacity;
};

static int compare(const void *a, const void *b)
{
	const struct contents_item *x = a, *y = b;
	int order = strcmp(x->kind, y->kind);

	if (!order)
		order = strcmp(x->group, y->group);
	if (!order)
		order = strcmp(x->namespace, y->namespace);
	return order ? order : strcmp(x->name, y->name);
}

/* "apps/v1/Deployment", "v1/Pod" */
static void split_kind(struct arena *arena, const char *text, struct contents_item *item)
{
	const char *last = strrchr(text, '/');
	const char *first = strchr(text, '/');

	item->kind = arena_text(arena, last ? last + 1 : text);
	item->group = first == last ? "" : arena_text_n(arena, text, (size_t)(first - text));
}

static void add_items(struct contents *contents, const struct json *list)
{
	struct contents_item item = { "", "", "", "" };

	split_kind(&contents->arena, json_name(list), &item);
	for (const struct json *child = json_first(list); child; child = json_next(child)) {
		const char *text = json_value(child), *slash = strchr(text, '/');

		item.name = arena_text(&contents->arena, slash ? slash + 1 : text);
		item.namespace =
			slash ? arena_text_n(&contents->arena, text, (size_t)(slash - text)) : "";
		contents->items = mem_grow(contents->items, contents->count, &contents->capacity,
					   sizeof(*contents->items));
		contents->items[contents->count++] = item;
	}
}

struct contents *contents_parse(const char *text, size_t len, struct error *err)
{
	struct json *root = json_parse(text, len, err);
	struct contents *contents = NULL;

	if (!root)
		return NULL;
	if (json_type(root) != JSON_MAP) {
		error_set(err, STATUS_FORMAT, "the resource list is no JSON map");
		goto out;
	}
	contents = mem_alloc(sizeof(*contents));
	contents->arena.next_chunk = 64 * 1024;
	for (const struct json *list = json_first(root); list; list = json_next(list))
		add_items(contents, list);
	if (contents->count)
		qsort(contents->items, contents->count, sizeof(*contents->items), compare);
out:
	json_free(root);
	return contents;
}

void contents_free(struct contents *contents)
{
	if (!contents)
		return;
	arena_done(&contents->arena);
	free(contents->items);
	free(contents);
}

bool contents_has(const struct contents *contents, const char *group, const char *kind,
		  const char *namespace, const char *name)
{
	struct contents_item wanted = { group, kind, namespace, name };

	return contents && contents->count &&
	       bsearch(&wanted, contents->items, contents->count, sizeof(*contents->items),
		       compare);
}

size_t contents_count(const struct contents *contents)
{
	return contents ? contents->count : 0;
}

struct contents_item contents_item(const struct contents *contents, size_t index)
{
	return contents->items[index];
}
