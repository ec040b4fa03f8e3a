/* Decoding by table: paths are walked in place, nothing is allocated but the texts. */
#include "backend/base/clock.h"
#include "backend/base/json.h"

#include <string.h>

static void store_field(const struct json *found, const struct json_field *field,
			struct arena *arena, void *at)
{
	int64_t ms;

	switch (field->type) {
	case JSON_FIELD_TEXT:
		*(const char **)at = arena_text(arena, json_value(found));
		break;
	case JSON_FIELD_INT:
		*(int64_t *)at = json_int(found, "", 0);
		break;
	case JSON_FIELD_BOOL:
		*(bool *)at = json_bool(found, "", false);
		break;
	case JSON_FIELD_TIME:
		*(int64_t *)at = clock_parse_rfc3339(json_value(found));
		break;
	case JSON_FIELD_DURATION:
		*(int64_t *)at = clock_parse_duration(json_value(found), &ms, NULL) == STATUS_OK
					 ? ms / 1000
					 : 0;
		break;
	case JSON_FIELD_COUNT:
		*(int64_t *)at = (int64_t)json_count(found);
		break;
	}
}

static bool is_filled(const struct json *found)
{
	enum json_type type = json_type(found);

	return type != JSON_ABSENT && type != JSON_NULL &&
	       (type != JSON_TEXT || *json_value(found));
}

/* Where the last key of a path begins. */
static size_t parent_length(const char *path)
{
	const char *bracket = strchr(path, '['), *dot;

	if (bracket)
		return (size_t)(bracket - path);
	dot = strrchr(path, '.');
	return dot ? (size_t)(dot + 1 - path) : 0;
}

void json_find_fields(const struct json *node, const struct json_field *fields, size_t count,
		      const struct json **ret_found)
{
	const struct json *parent = node;
	const char *parent_path = "";
	size_t parent_len = 0;

	for (size_t i = 0; i < count; i++) {
		size_t len = parent_length(fields[i].path);

		if (len != parent_len || memcmp(fields[i].path, parent_path, len) != 0) {
			parent = json_get_n(node, fields[i].path, len);
			parent_path = fields[i].path;
			parent_len = len;
		}
		ret_found[i] = json_get(parent, fields[i].path + len);
	}
}

size_t json_fields_size(const struct json *const *found, const struct json_field *fields,
			size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		const char *text = json_value(found[i]);

		if (fields[i].type == JSON_FIELD_TEXT && *text)
			size += strlen(text) + 1;
	}
	return size;
}

enum status json_store_fields(const struct json *const *found, const struct json_field *fields,
			      size_t count, struct arena *arena, void *ret, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		if ((fields[i].flags & JSON_REQUIRED) && !is_filled(found[i]))
			return error_set(err, STATUS_FORMAT, "%s is missing", fields[i].path);
		store_field(found[i], &fields[i], arena, (char *)ret + fields[i].offset);
	}
	return STATUS_OK;
}

enum status json_decode(const struct json *node, const struct json_field *fields, size_t count,
			struct arena *arena, void *ret, struct error *err)
{
	const struct json *found[JSON_FIELDS_MAX];

	if (count > JSON_FIELDS_MAX)
		die("a table of %zu rows for a JSON object", count);
	json_find_fields(node, fields, count, found);
	return json_store_fields(found, fields, count, arena, ret, err);
}
