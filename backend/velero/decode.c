#include "backend/velero/decode.h"

#include <string.h>

static size_t text_size(const char *text)
{
	return *text ? strlen(text) + 1 : 0;
}

static size_t texts_size(const struct velero_shape *shape, const struct json *json)
{
	const struct json *metadata = json_key(json, "metadata");
	size_t size = text_size(json_key_text(metadata, "uid")) +
		      text_size(json_key_text(metadata, "name")) +
		      text_size(json_key_text(metadata, "namespace"));

	for (size_t i = 0; i < shape->count; i++)
		if (shape->fields[i].type == JSON_FIELD_TEXT)
			size += text_size(json_text(json, shape->fields[i].path));
	return size;
}

void *velero_decode(const struct velero_shape *shape, const struct json *json, size_t more,
		    struct error *err)
{
	struct object *object =
		object_new(shape->size, shape->size + texts_size(shape, json) + more, json, err);

	if (!object)
		return NULL;
	if (json_decode(json, shape->fields, shape->count, &object->arena, object, err)) {
		object_unref(object);
		return NULL;
	}
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
