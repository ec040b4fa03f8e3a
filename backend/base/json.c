#include "backend/base/json.h"

#include "backend/base/clock.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* struct json is cJSON to everyone but this file. */
static cJSON *as_cjson(struct json *node)
{
	return (cJSON *)node;
}

static const cJSON *as_const(const struct json *node)
{
	return (const cJSON *)node;
}

/* cJSON asks these two for memory. Only while this thread parses into an arena is it set. */
static _Thread_local struct arena *parsing_into;

static void *take_memory(size_t size)
{
	return parsing_into ? arena_take(parsing_into, size) : malloc(size);
}

static void give_back(void *block)
{
	if (!parsing_into)
		free(block);
}

/* Before there is a second thread. */
__attribute__((constructor)) static void set_memory(void)
{
	cJSON_Hooks hooks = { .malloc_fn = take_memory, .free_fn = give_back };

	cJSON_InitHooks(&hooks);
}

const struct json *json_parse_in(struct arena *arena, const char *text, size_t len,
				 struct error *err)
{
	struct json *root;

	parsing_into = arena;
	root = json_parse(text, len, err);
	parsing_into = NULL;
	return root;
}

struct json *json_parse(const char *text, size_t len, struct error *err)
{
	const char *end = text;
	cJSON *root = cJSON_ParseWithLengthOpts(text, len, &end, 0);

	if (!root) {
		error_set(err, STATUS_FORMAT, "not JSON: error at byte %zu of %zu",
			  end ? (size_t)(end - text) : 0, len);
		return NULL;
	}
	for (; end < text + len; end++) {
		if (*end && !strchr(" \t\r\n", *end)) {
			cJSON_Delete(root);
			error_set(err, STATUS_FORMAT, "not JSON: text after its end at byte %zu",
				  (size_t)(end - text));
			return NULL;
		}
	}
	return (struct json *)root;
}

void json_free(struct json *root)
{
	cJSON_Delete(as_cjson(root));
}

struct json *json_clone(const struct json *node)
{
	cJSON *copy;

	if (!node)
		return NULL;
	copy = cJSON_Duplicate(as_const(node), 1);
	if (!copy)
		die("out of memory (JSON)");
	if (copy->string && !(copy->type & cJSON_StringIsConst)) {
		cJSON_free(copy->string);
		copy->string = NULL;
	}
	return (struct json *)copy;
}

bool json_equal(const struct json *a, const struct json *b)
{
	return cJSON_Compare(as_const(a), as_const(b), 1);
}

enum json_type json_type(const struct json *node)
{
	if (!node)
		return JSON_ABSENT;
	switch (as_const(node)->type & 0xFF) {
	case cJSON_False:
	case cJSON_True:
		return JSON_BOOL;
	case cJSON_Number:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_TEXT;
	case cJSON_Array:
		return JSON_LIST;
	case cJSON_Object:
		return JSON_MAP;
	default:
		return JSON_NULL;
	}
}

/* Keys are short and differ early: a call for each costs more than the comparison. */
static bool is_key(const char *name, const char *key, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (name[i] != key[i])
			return false;
	return !name[len];
}

/* The key of `len` bytes in a map, or NULL. */
static cJSON *find_key(const cJSON *map, const char *key, size_t len)
{
	cJSON *child;

	if (!map || (map->type & 0xFF) != cJSON_Object)
		return NULL;
	for (child = map->child; child; child = child->next)
		if (child->string && is_key(child->string, key, len))
			return child;
	return NULL;
}

/* Cuts the first segment off a path: its start, its length; returns the rest, or NULL at the end.
 */
static const char *path_segment(const char *path, const char **ret_start, size_t *ret_len)
{
	const char *end;

	if (*path == '[' && (end = strchr(path, ']'))) {
		*ret_start = path + 1;
		*ret_len = (size_t)(end - path - 1);
		end++;
	} else {
		end = path + strcspn(path, ".");
		*ret_start = path;
		*ret_len = (size_t)(end - path);
	}
	return *end == '.' ? end + 1 : NULL;
}

const struct json *json_get_n(const struct json *node, const char *path, size_t len)
{
	const cJSON *at = as_const(node);
	const char *end = path + len, *start;

	while (at && path && path < end) {
		path = path_segment(path, &start, &len);
		at = find_key(at, start, len);
	}
	return (const struct json *)at;
}

const struct json *json_get(const struct json *node, const char *path)
{
	return json_get_n(node, path, strlen(path));
}

const struct json *json_key(const struct json *map, const char *key)
{
	return (const struct json *)find_key(as_const(map), key, strlen(key));
}

struct json *json_key_mut(struct json *map, const char *key)
{
	return (struct json *)find_key(as_cjson(map), key, strlen(key));
}

const char *json_value(const struct json *node)
{
	return json_type(node) == JSON_TEXT ? as_const(node)->valuestring : "";
}

const char *json_text(const struct json *node, const char *path)
{
	return json_value(json_get(node, path));
}

const char *json_key_text(const struct json *map, const char *key)
{
	return json_value(json_key(map, key));
}

static int64_t node_int(const struct json *node, int64_t fallback)
{
	double value;

	if (json_type(node) != JSON_NUMBER)
		return fallback;
	value = as_const(node)->valuedouble;
	if (isnan(value) || value < -9.2e18 || value > 9.2e18)
		return fallback;
	return (int64_t)value;
}

int64_t json_int(const struct json *node, const char *path, int64_t fallback)
{
	return node_int(json_get(node, path), fallback);
}

double json_number(const struct json *node, const char *path, double fallback)
{
	const struct json *found = json_get(node, path);

	return json_type(found) == JSON_NUMBER ? as_const(found)->valuedouble : fallback;
}

bool json_bool(const struct json *node, const char *path, bool fallback)
{
	const struct json *found = json_get(node, path);

	return json_type(found) == JSON_BOOL ? cJSON_IsTrue(as_const(found)) : fallback;
}

const struct json *json_first(const struct json *node)
{
	enum json_type type = json_type(node);

	return type == JSON_LIST || type == JSON_MAP ? (const struct json *)as_const(node)->child
						     : NULL;
}

const struct json *json_next(const struct json *child)
{
	return child ? (const struct json *)as_const(child)->next : NULL;
}

const char *json_name(const struct json *child)
{
	return child && as_const(child)->string ? as_const(child)->string : "";
}

size_t json_count(const struct json *node)
{
	const struct json *child;
	size_t count = 0;

	for (child = json_first(node); child; child = json_next(child))
		count++;
	return count;
}

static struct json *made(cJSON *node)
{
	if (!node)
		die("out of memory (JSON)");
	return (struct json *)node;
}

struct json *json_new_map(void)
{
	return made(cJSON_CreateObject());
}

struct json *json_new_list(void)
{
	return made(cJSON_CreateArray());
}

struct json *json_new_text(const char *text)
{
	return made(cJSON_CreateString(text ? text : ""));
}

struct json *json_new_number(double value)
{
	return made(cJSON_CreateNumber(value));
}

struct json *json_new_bool(bool value)
{
	return made(cJSON_CreateBool(value));
}

struct json *json_new_null(void)
{
	return made(cJSON_CreateNull());
}

struct json *json_put(struct json *map, const char *key, struct json *child)
{
	cJSON *old;

	if (!child)
		return NULL;
	old = find_key(as_cjson(map), key, strlen(key));
	if (!old) {
		cJSON_AddItemToObject(as_cjson(map), key, as_cjson(child));
		return child;
	}
	/* The name moves over: `key` may be that very text. */
	as_cjson(child)->string = old->string;
	old->string = NULL;
	cJSON_ReplaceItemViaPointer(as_cjson(map), old, as_cjson(child));
	return child;
}

struct json *json_put_text(struct json *map, const char *key, const char *text)
{
	return json_put(map, key, json_new_text(text));
}

struct json *json_put_int(struct json *map, const char *key, int64_t value)
{
	return json_put(map, key, json_new_number((double)value));
}

struct json *json_put_bool(struct json *map, const char *key, bool value)
{
	return json_put(map, key, json_new_bool(value));
}

struct json *json_add(struct json *list, struct json *child)
{
	if (child)
		cJSON_AddItemToArray(as_cjson(list), as_cjson(child));
	return child;
}

struct json *json_add_text(struct json *list, const char *text)
{
	return json_add(list, json_new_text(text));
}

struct json *json_put_path(struct json *root, const char *path, struct json *child)
{
	struct json *at = root, *next;
	const char *start;
	size_t len;

	while (path) {
		char *key;

		path = path_segment(path, &start, &len);
		key = mem_text_n(start, len);
		next = json_key_mut(at, key);
		if (!path)
			next = json_put(at, key, child);
		else if (json_type(next) != JSON_MAP)
			next = json_put(at, key, json_new_map());
		free(key);
		at = next;
	}
	return child;
}

void json_remove(struct json *map, const char *key)
{
	cJSON *child = find_key(as_cjson(map), key, strlen(key));

	if (child)
		cJSON_Delete(cJSON_DetachItemViaPointer(as_cjson(map), child));
}

void json_merge(struct json *target, const struct json *patch)
{
	const struct json *change;

	for (change = json_first(patch); change; change = json_next(change)) {
		const char *key = json_name(change);
		struct json *old = json_key_mut(target, key);

		if (json_type(change) == JSON_NULL) {
			json_remove(target, key);
		} else if (json_type(change) == JSON_MAP) {
			if (json_type(old) != JSON_MAP)
				old = json_put(target, key, json_new_map());
			json_merge(old, change);
		} else {
			json_put(target, key, json_clone(change));
		}
	}
}
