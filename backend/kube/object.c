#include "backend/kube/object.h"

#include "backend/base/sha256.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_VALUE_MAX 63
#define LABEL_VALUE_CUT 57

static const struct json_field metadata_fields[] = {
	{ "metadata.uid", JSON_FIELD_TEXT, offsetof(struct object, uid), JSON_REQUIRED },
	{ "metadata.name", JSON_FIELD_TEXT, offsetof(struct object, name), JSON_REQUIRED },
	{ "metadata.namespace", JSON_FIELD_TEXT, offsetof(struct object, namespace), 0 },
	{ "metadata.creationTimestamp", JSON_FIELD_TIME, offsetof(struct object, created), 0 },
	{ "metadata.deletionTimestamp", JSON_FIELD_TIME, offsetof(struct object, deleted), 0 },
};

void *object_new(size_t size, size_t more, const struct json *json, struct error *err)
{
	const struct json *found[ARRAY_SIZE(metadata_fields)];
	struct arena arena = { 0 };
	struct object *object;

	json_find_fields(json, metadata_fields, ARRAY_SIZE(metadata_fields), found);
	arena.next_chunk =
		size + more + json_fields_size(found, metadata_fields, ARRAY_SIZE(metadata_fields));
	object = arena_alloc(&arena, size);
	atomic_init(&object->refs, 1);
	if (json_store_fields(found, metadata_fields, ARRAY_SIZE(metadata_fields), &arena, object,
			      err)) {
		arena_done(&arena);
		return NULL;
	}
	object->arena = arena;
	return object;
}

/* The count is the one thing that changes in what is otherwise published as const. */
static struct object *as_mutable(const void *object)
{
	return (struct object *)(uintptr_t)object;
}

const void *object_ref(const void *object)
{
	atomic_fetch_add_explicit(&as_mutable(object)->refs, 1, memory_order_relaxed);
	return object;
}

void object_unref(const void *object)
{
	struct object *mine = as_mutable(object);
	struct arena arena;

	if (!mine || atomic_fetch_sub_explicit(&mine->refs, 1, memory_order_acq_rel) != 1)
		return;
	arena = mine->arena; /* the object lies in the arena it carries */
	arena_done(&arena);
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool label_is_valid(const char *text, size_t len)
{
	size_t i;

	if (len == 0 || !is_alnum(text[0]) || !is_alnum(text[len - 1]))
		return false;
	for (i = 0; i < len; i++)
		if (!is_alnum(text[i]) && text[i] != '-')
			return false;
	return true;
}

bool object_namespace_is_valid(const char *name)
{
	size_t len = strlen(name);

	return len <= 63 && label_is_valid(name, len);
}

/* The labels of a subdomain have no length of their own in Kubernetes: only the whole has. */
bool object_name_is_valid(const char *name)
{
	size_t len;

	if (strlen(name) > 253)
		return false;
	for (;; name += len + 1) {
		len = strcspn(name, ".");
		if (!label_is_valid(name, len))
			return false;
		if (!name[len])
			return true;
	}
}

void object_add_label_value(struct strbuf *out, const char *name)
{
	unsigned char digest[SHA256_SIZE];
	size_t len = strlen(name);

	if (len <= LABEL_VALUE_MAX) {
		strbuf_adds(out, name);
		return;
	}
	sha256(name, len, digest);
	strbuf_add(out, name, LABEL_VALUE_CUT);
	strbuf_addf(out, "%02x%02x%02x", digest[0], digest[1], digest[2]);
}

static bool is_among(const struct json *values, const char *value)
{
	const struct json *one;

	for (one = json_first(values); one; one = json_next(one))
		if (!strcmp(json_value(one), value))
			return true;
	return false;
}

/* An operator that we do not know selects nothing: better too little than the wrong pods. */
static bool expression_matches(const struct json *expression, const struct json *labels)
{
	const struct json *label = json_key(labels, json_key_text(expression, "key"));
	const struct json *values = json_key(expression, "values");
	const char *operator= json_key_text(expression, "operator");

	if (!strcmp(operator, "In"))
		return label && is_among(values, json_value(label));
	if (!strcmp(operator, "NotIn"))
		return !label || !is_among(values, json_value(label));
	if (!strcmp(operator, "Exists"))
		return label != NULL;
	if (!strcmp(operator, "DoesNotExist"))
		return label == NULL;
	return false;
}

bool object_labels_match(const struct json *selector, const struct json *labels)
{
	const struct json *row, *label;

	for (row = json_first(json_key(selector, "matchLabels")); row; row = json_next(row)) {
		label = json_key(labels, json_name(row));
		if (!label || strcmp(json_value(label), json_value(row)) != 0)
			return false;
	}
	row = json_first(json_key(selector, "matchExpressions"));
	for (; row; row = json_next(row))
		if (!expression_matches(row, labels))
			return false;
	return true;
}
