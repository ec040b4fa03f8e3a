#include "backend/practice/protobuf.h"

#include "backend/base/clock.h"

#include <string.h>

/* ---- the messages: numbers from the generated.proto files of k8s.io/api ---- */

enum pb_type {
	PB_TEXT,
	PB_INT,
	PB_BOOL,
	PB_TIME,
	PB_MESSAGE,
	PB_TEXTS,
	PB_MESSAGES,
	PB_TEXT_MAP,
	PB_BYTES_MAP
};

struct pb_field {
	unsigned number;
	enum pb_type type;
	const char *name;
	const struct pb_field *of; /* its message; every table ends with number 0 */
};

/* clang-format off */
static const struct pb_field owner[] = {
	{ 1, PB_TEXT, "kind", NULL }, { 3, PB_TEXT, "name", NULL }, { 4, PB_TEXT, "uid", NULL },
	{ 5, PB_TEXT, "apiVersion", NULL }, { 6, PB_BOOL, "controller", NULL },
	{ 7, PB_BOOL, "blockOwnerDeletion", NULL }, { 0 }
};
static const struct pb_field meta[] = {
	{ 1, PB_TEXT, "name", NULL }, { 2, PB_TEXT, "generateName", NULL }, { 3, PB_TEXT, "namespace", NULL },
	{ 5, PB_TEXT, "uid", NULL }, { 6, PB_TEXT, "resourceVersion", NULL }, { 7, PB_INT, "generation", NULL },
	{ 8, PB_TIME, "creationTimestamp", NULL }, { 11, PB_TEXT_MAP, "labels", NULL },
	{ 12, PB_TEXT_MAP, "annotations", NULL }, { 13, PB_MESSAGES, "ownerReferences", owner },
	{ 14, PB_TEXTS, "finalizers", NULL }, { 0 }
};
static const struct pb_field namespace_spec[] = { { 1, PB_TEXTS, "finalizers", NULL }, { 0 } };
static const struct pb_field namespace[] = {
	{ 1, PB_MESSAGE, "metadata", meta }, { 2, PB_MESSAGE, "spec", namespace_spec }, { 0 }
};
static const struct pb_field config_map[] = {
	{ 1, PB_MESSAGE, "metadata", meta }, { 2, PB_TEXT_MAP, "data", NULL }, { 3, PB_BYTES_MAP, "binaryData", NULL },
	{ 4, PB_BOOL, "immutable", NULL }, { 0 }
};
static const struct pb_field secret[] = {
	{ 1, PB_MESSAGE, "metadata", meta }, { 2, PB_BYTES_MAP, "data", NULL }, { 3, PB_TEXT, "type", NULL },
	{ 4, PB_TEXT_MAP, "stringData", NULL }, { 5, PB_BOOL, "immutable", NULL }, { 0 }
};
static const struct pb_field reference[] = { { 1, PB_TEXT, "name", NULL }, { 0 } };
static const struct pb_field service_account[] = {
	{ 1, PB_MESSAGE, "metadata", meta }, { 3, PB_MESSAGES, "imagePullSecrets", reference }, { 0 }
};
static const struct pb_field resource_attributes[] = {
	{ 1, PB_TEXT, "namespace", NULL }, { 2, PB_TEXT, "verb", NULL }, { 3, PB_TEXT, "group", NULL },
	{ 4, PB_TEXT, "version", NULL }, { 5, PB_TEXT, "resource", NULL }, { 6, PB_TEXT, "subresource", NULL },
	{ 7, PB_TEXT, "name", NULL }, { 0 }
};
static const struct pb_field other_attributes[] = { { 1, PB_TEXT, "path", NULL }, { 2, PB_TEXT, "verb", NULL }, { 0 } };
static const struct pb_field access_spec[] = {
	{ 1, PB_MESSAGE, "resourceAttributes", resource_attributes },
	{ 2, PB_MESSAGE, "nonResourceAttributes", other_attributes }, { 0 }
};
static const struct pb_field access_review[] = {
	{ 1, PB_MESSAGE, "metadata", meta }, { 2, PB_MESSAGE, "spec", access_spec }, { 0 }
};
static const struct pb_field rules_spec[] = { { 1, PB_TEXT, "namespace", NULL }, { 0 } };
static const struct pb_field rules_review[] = {
	{ 1, PB_MESSAGE, "metadata", meta }, { 2, PB_MESSAGE, "spec", rules_spec }, { 0 }
};
/* clang-format on */

static const struct {
	const char *kind;
	const struct pb_field *fields;
} kinds[] = {
	{ "Namespace", namespace },
	{ "ConfigMap", config_map },
	{ "Secret", secret },
	{ "ServiceAccount", service_account },
	{ "SelfSubjectAccessReview", access_review },
	{ "SelfSubjectRulesReview", rules_review },
};

/* ---- the wire ---- */

#define DEPTH_MAX 8

struct part {
	const unsigned char *at, *end;
};

struct piece {
	unsigned number;
	uint64_t value;	  /* of a varint */
	struct part part; /* of what has a length */
};

static bool take_varint(struct part *part, uint64_t *ret_value)
{
	uint64_t value = 0;
	unsigned shift;

	for (shift = 0; shift < 64 && part->at < part->end; shift += 7) {
		value |= (uint64_t)(*part->at & 0x7f) << shift;
		if (!(*part->at++ & 0x80)) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}

static bool skip(struct part *part, size_t len)
{
	if ((size_t)(part->end - part->at) < len)
		return false;
	part->at += len;
	return true;
}

static bool take_piece(struct part *part, struct piece *ret_piece)
{
	uint64_t tag, len;

	*ret_piece = (struct piece){ .number = 0 };
	if (!take_varint(part, &tag))
		return false;
	ret_piece->number = (unsigned)(tag >> 3);
	switch (tag & 7) {
	case 0:
		return take_varint(part, &ret_piece->value);
	case 1:
		return skip(part, 8);
	case 2:
		if (!take_varint(part, &len) || len > (uint64_t)(part->end - part->at))
			return false;
		ret_piece->part = (struct part){ part->at, part->at + len };
		return skip(part, (size_t)len);
	case 5:
		return skip(part, 4);
	default:
		return false;
	}
}

/* ---- into a tree ---- */

static struct json *new_text(const struct part *part)
{
	struct strbuf text = STRBUF_INIT;
	struct json *node;

	strbuf_add(&text, part->at, part->at ? (size_t)(part->end - part->at) : 0);
	node = json_new_text(text.buf);
	strbuf_done(&text);
	return node;
}

static struct json *new_bytes(const struct part *part)
{
	struct strbuf text = STRBUF_INIT;
	struct json *node;

	strbuf_add_base64(&text, part->at, part->at ? (size_t)(part->end - part->at) : 0);
	node = json_new_text(text.buf);
	strbuf_done(&text);
	return node;
}

static bool put_entry(struct json *map, struct part part, bool bytes)
{
	struct part key = { NULL, NULL }, value = { NULL, NULL };
	struct strbuf name = STRBUF_INIT;
	struct piece piece;

	while (part.at < part.end) {
		if (!take_piece(&part, &piece))
			return false;
		if (piece.number == 1)
			key = piece.part;
		else if (piece.number == 2)
			value = piece.part;
	}
	strbuf_add(&name, key.at, key.at ? (size_t)(key.end - key.at) : 0);
	json_put(map, name.buf, bytes ? new_bytes(&value) : new_text(&value));
	strbuf_done(&name);
	return true;
}

static bool put_time(struct json *map, const char *name, struct part part)
{
	struct strbuf text = STRBUF_INIT;
	struct piece piece;
	int64_t seconds = 0;

	while (part.at < part.end) {
		if (!take_piece(&part, &piece))
			return false;
		if (piece.number == 1)
			seconds = (int64_t)piece.value;
	}
	if (seconds > 0) {
		clock_add_rfc3339(&text, seconds);
		json_put_text(map, name, text.buf);
	}
	strbuf_done(&text);
	return true;
}

static struct json *container(struct json *map, const char *name, bool list)
{
	struct json *there = json_key_mut(map, name);

	return there ? there : json_put(map, name, list ? json_new_list() : json_new_map());
}

static bool read_message(struct part part, const struct pb_field *fields, int depth,
			 struct json *map);

/* Go writes the zero of what is no pointer; JSON leaves it out. */
static bool put_field(struct json *map, const struct pb_field *field, const struct piece *piece,
		      int depth)
{
	switch (field->type) {
	case PB_TEXT:
		if (piece->part.at < piece->part.end)
			json_put(map, field->name, new_text(&piece->part));
		return true;
	case PB_INT:
		if (piece->value)
			json_put_int(map, field->name, (int64_t)piece->value);
		return true;
	case PB_BOOL:
		json_put_bool(map, field->name, piece->value != 0);
		return true;
	case PB_TIME:
		return put_time(map, field->name, piece->part);
	case PB_TEXTS:
		json_add(container(map, field->name, true), new_text(&piece->part));
		return true;
	case PB_MESSAGE:
		return read_message(piece->part, field->of, depth + 1,
				    container(map, field->name, false));
	case PB_MESSAGES:
		return read_message(piece->part, field->of, depth + 1,
				    json_add(container(map, field->name, true), json_new_map()));
	case PB_TEXT_MAP:
	case PB_BYTES_MAP:
		return put_entry(container(map, field->name, false), piece->part,
				 field->type == PB_BYTES_MAP);
	}
	return false;
}

static bool read_message(struct part part, const struct pb_field *fields, int depth,
			 struct json *map)
{
	const struct pb_field *field;
	struct piece piece;

	if (depth > DEPTH_MAX)
		return false;
	while (part.at < part.end) {
		if (!take_piece(&part, &piece))
			return false;
		for (field = fields; field->number && field->number != piece.number; field++)
			;
		if (field->number && !put_field(map, field, &piece, depth))
			return false;
	}
	return true;
}

/* ---- the envelope: "k8s\0", then a runtime.Unknown ---- */

static const struct pb_field type_meta[] = { { 1, PB_TEXT, "apiVersion", NULL },
					     { 2, PB_TEXT, "kind", NULL },
					     { 0 } };

static bool open_envelope(const char *bytes, size_t len, struct json *object, struct part *ret_raw)
{
	const unsigned char *start = (const unsigned char *)bytes;
	struct part part = { start, start + len };
	struct piece piece;

	if (len < 4 || memcmp(bytes, "k8s", 4) != 0)
		return false;
	part.at += 4;
	while (part.at < part.end) {
		if (!take_piece(&part, &piece))
			return false;
		if (piece.number == 1 && !read_message(piece.part, type_meta, 0, object))
			return false;
		if (piece.number == 2)
			*ret_raw = piece.part;
	}
	return true;
}

static const struct pb_field *find_kind(const char *kind)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].fields;
	}
	return NULL;
}

enum status protobuf_parse(const char *bytes, size_t len, struct json **ret_object,
			   struct error *err)
{
	struct json *object = json_new_map();
	const struct pb_field *fields;
	struct part raw = { NULL, NULL };
	enum status st = STATUS_OK;

	if (!open_envelope(bytes, len, object, &raw)) {
		st = error_set(err, STATUS_FORMAT,
			       "provided data does not appear to be a protobuf message");
	} else {
		fields = find_kind(json_key_text(object, "kind"));
		if (!fields)
			st = error_set(err, STATUS_UNSUPPORTED, "%s is not read as protobuf here",
				       json_key_text(object, "kind"));
		else if (!read_message(raw, fields, 0, object))
			st = error_set(err, STATUS_FORMAT, "%s: proto: illegal wireType or length",
				       json_key_text(object, "kind"));
	}
	if (st)
		json_free(object);
	else
		*ret_object = object;
	return st;
}
