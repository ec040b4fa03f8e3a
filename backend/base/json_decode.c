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

enum status json_decode(const struct json *node, const struct json_field *fields, size_t count,
			struct arena *arena, void *ret, struct error *err)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct json *found = json_get(node, fields[i].path);

		if ((fields[i].flags & JSON_REQUIRED) && !is_filled(found))
			return error_set(err, STATUS_FORMAT, "%s is missing", fields[i].path);
		store_field(found, &fields[i], arena, (char *)ret + fields[i].offset);
	}
	return STATUS_OK;
}
