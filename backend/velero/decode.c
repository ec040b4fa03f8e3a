#include "backend/velero/decode.h"

#include <string.h>

/* What most objects say in one field or another need not be kept by each of them. */
static const char *const common_words[] = {
	"Completed", "kopia",  "restic",	  "default",   "true",	     "false",	"manual",
	"1",	     "Failed", "PartiallyFailed", "scheduled", "InProgress", "schedule"
};

static const char *common_word(const struct json *found)
{
	const char *text = json_value(found);

	for (size_t i = 0; *text && i < ARRAY_SIZE(common_words); i++)
		if (*common_words[i] == *text && !strcmp(common_words[i], text))
			return common_words[i];
	return NULL;
}

void *velero_decode(const struct velero_shape *shape, const struct json *json, size_t more,
		    struct error *err)
{
	const struct json *found[JSON_FIELDS_MAX];
	const char *words[JSON_FIELDS_MAX] = { NULL };
	struct object *object;

	if (shape->count > JSON_FIELDS_MAX)
		die("a shape of %zu rows", shape->count);
	json_find_fields(json, shape->fields, shape->count, found);
	for (size_t i = 0; i < shape->count; i++) {
		if (shape->fields[i].type == JSON_FIELD_TEXT && !shape->fields[i].flags)
			words[i] = common_word(found[i]);
		if (words[i])
			found[i] = NULL;
	}
	object = object_new(shape->size,
			    json_fields_size(found, shape->fields, shape->count) + more, json, err);
	if (!object)
		return NULL;
	if (json_store_fields(found, shape->fields, shape->count, &object->arena, object, err)) {
		object_unref(object);
		return NULL;
	}
	for (size_t i = 0; i < shape->count; i++)
		if (words[i])
			*(const char **)((char *)object + shape->fields[i].offset) = words[i];
	return object;
}

void velero_join(struct strbuf *out, const struct json *list)
{
	const struct json *item;

	for (item = json_first(list); item; item = json_next(item)) {
		if (json_type(item) != JSON_TEXT)
			continue;
		if (out->len)
			strbuf_addc(out, ',');
		strbuf_adds(out, json_value(item));
	}
}

const char *velero_first(const struct json *list)
{
	const struct json *item;

	for (item = json_first(list); item; item = json_next(item))
		if (*json_value(item))
			return json_value(item);
	return "";
}
