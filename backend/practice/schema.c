#include "backend/practice/schema.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/base/strbuf.h"
#include "backend/practice/schema_velero.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct walk {
	struct strbuf path; /* "spec.hooks.resources[0].name" */
	struct json *unknown;
	struct json *problems;
};

static void add_problem(struct walk *walk, const char *reason, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

static void add_problem(struct walk *walk, const char *reason, const char *fmt, ...)
{
	struct json *problem = json_add(walk->problems, json_new_map());
	struct strbuf message = STRBUF_INIT;
	va_list args;

	va_start(args, fmt);
	strbuf_vaddf(&message, fmt, args);
	va_end(args);
	json_put_text(problem, "field", walk->path.buf);
	json_put_text(problem, "reason", reason);
	json_put_text(problem, "message", message.buf);
	strbuf_done(&message);
}

/* ---- the notation ---- */

/* Behind the type that begins here. */
static const char *type_end(const char *type)
{
	int depth = 0;

	for (;; type++) {
		if (strchr("{[<(", *type))
			depth++;
		else if (strchr("}]>)", *type) && --depth == 0)
			return type + 1;
		/* A plain letter or name ends where the next thing begins. */
		if (depth == 0 && strchr(",}]>", type[1]))
			return type + 1;
	}
}

/* One field of a {...} type. `at` stands behind "{" or ","; returns where the next field begins, or
 * NULL at the end. */
struct field {
	const char *name;
	size_t len;
	bool required;
	const char *type;
};

static const char *next_field(const char *at, struct field *ret_field)
{
	const char *end;

	if (*at == '}')
		return NULL;
	ret_field->name = at;
	ret_field->len = strcspn(at, "!:");
	at += ret_field->len;
	ret_field->required = *at == '!';
	ret_field->type = at + (*at == '!' ? 2 : 1);
	end = type_end(ret_field->type);
	return *end == ',' ? end + 1 : end;
}

static bool find_field(const char *type, const char *name, struct field *ret_field)
{
	const char *at = type + 1;

	while ((at = next_field(at, ret_field))) {
		if (strlen(name) == ret_field->len &&
		    strncmp(name, ret_field->name, ret_field->len) == 0)
			return true;
	}
	return false;
}

static const char *resolve(const char *type)
{
	char name[32] = "";
	size_t len = strspn(type + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

	if (*type != '@')
		return type;
	memcpy(name, type + 1, len < sizeof(name) ? len : sizeof(name) - 1);
	type = schema_velero_find(name);
	if (!type)
		die("schema: @%s is not there", name);
	return type;
}

/* ---- values ---- */

static const char *actual_type(const struct json *node)
{
	static const char *const names[] = { "null",   "null",	"boolean", "number",
					     "string", "array", "object" };
	double value;

	if (json_type(node) == JSON_NUMBER) {
		value = json_number(node, "", 0);
		return floor(value) == value ? "integer" : "number";
	}
	return names[json_type(node)];
}

static const char *wanted_type(char type)
{
	static const char *const names[] = { "i",     "integer", "b",	   "boolean", "[",
					     "array", "{",	 "object", "<",	      "object" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i += 2) {
		if (*names[i] == type)
			return names[i + 1];
	}
	return "string";
}

/* choices: "A|B|C)" */
static void check_choice(struct walk *walk, const char *choices, const char *value)
{
	struct strbuf all = STRBUF_INIT;
	const char *at = choices;

	for (;;) {
		size_t len = strcspn(at, "|)");

		if (strlen(value) == len && strncmp(at, value, len) == 0)
			goto out;
		strbuf_addf(&all, "%s\"%.*s\"", at == choices ? "" : ", ", (int)len, at);
		if (at[len] == ')')
			break;
		at += len + 1;
	}
	add_problem(walk, "FieldValueNotSupported",
		    "Unsupported value: \"%s\": supported values: %s", value, all.buf);
out:
	strbuf_done(&all);
}

static void check_node(struct walk *walk, const char *type, struct json *node);

static void check_at(struct walk *walk, const char *type, struct json *node, const char *name)
{
	size_t len = walk->path.len;

	if (len && *name != '[')
		strbuf_addc(&walk->path, '.');
	strbuf_adds(&walk->path, name);
	check_node(walk, type, node);
	strbuf_cut(&walk->path, len);
}

static void add_unknown(struct walk *walk, const char *name)
{
	struct strbuf path = STRBUF_INIT;

	strbuf_addf(&path, "%s%s%s", walk->path.buf, walk->path.len ? "." : "", name);
	json_add_text(walk->unknown, path.buf);
	strbuf_done(&path);
}

/* apiVersion, kind and metadata are every object's own. */
static bool is_common(const struct walk *walk, const char *name)
{
	return walk->path.len == 0 && (strcmp(name, "apiVersion") == 0 ||
				       strcmp(name, "kind") == 0 || strcmp(name, "metadata") == 0);
}

static void check_required(struct walk *walk, const char *type, const struct json *node)
{
	const char *at = type + 1;
	struct field field;

	while ((at = next_field(at, &field))) {
		char *name = mem_text_n(field.name, field.len);
		size_t len = walk->path.len;

		if (field.required && !json_key(node, name)) {
			strbuf_addf(&walk->path, "%s%s", len ? "." : "", name);
			add_problem(walk, "FieldValueRequired", "Required value");
			strbuf_cut(&walk->path, len);
		}
		free(name);
	}
}

static void check_fields(struct walk *walk, const char *type, struct json *node)
{
	const struct json *child, *next;
	struct field field;

	for (child = json_first(node); child; child = next) {
		const char *name = json_name(child);

		next = json_next(child);
		if (is_common(walk, name))
			continue;
		if (find_field(type, name, &field)) {
			check_at(walk, field.type, json_key_mut(node, name), name);
		} else {
			add_unknown(walk, name);
			json_remove(node, name);
		}
	}
	check_required(walk, type, node);
}

static void check_children(struct walk *walk, const char *type, struct json *node)
{
	const struct json *child;
	char name[24];
	size_t i = 0;

	for (child = json_first(node); child; child = json_next(child)) {
		snprintf(name, sizeof(name), "[%zu]", i++);
		/* The tree is ours to prune; json.h hands out list items as const. */
		check_at(walk, type + 1, (struct json *)child,
			 *type == '<' ? json_name(child) : name);
	}
}

static void check_node(struct walk *walk, const char *type, struct json *node)
{
	const char *wanted, *actual = actual_type(node);

	type = resolve(type);
	wanted = wanted_type(*type);
	if (*type == 'x' || json_type(node) == JSON_NULL)
		return;
	if (strcmp(wanted, actual) != 0) {
		add_problem(walk, "FieldValueTypeInvalid",
			    "Invalid value: \"%s\": %s in body must be of type %s: \"%s\"", actual,
			    walk->path.buf, wanted, actual);
		return;
	}
	if (*type == '{')
		check_fields(walk, type, node);
	else if (*type == '[' || *type == '<')
		check_children(walk, type, node);
	else if (text_starts(type, "s("))
		check_choice(walk, type + 2, json_value(node));
	else if (*type == 't' && !clock_parse_rfc3339(json_value(node)))
		add_problem(walk, "FieldValueInvalid",
			    "Invalid value: \"%s\": %s in body must be of type date-time: \"%s\"",
			    json_value(node), walk->path.buf, json_value(node));
}

/* ---- metadata ---- */

static bool is_dns_label(const char *text, size_t len)
{
	size_t i;

	if (len == 0 || len > 63 || text[0] == '-' || text[len - 1] == '-')
		return false;
	for (i = 0; i < len; i++) {
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", text[i]))
			return false;
	}
	return true;
}

static bool is_subdomain(const char *text)
{
	size_t len;

	if (strlen(text) > 253)
		return false;
	for (;; text += len + 1) {
		len = strcspn(text, ".");
		/* Between dots the 63 of a label do not hold. */
		if (!is_dns_label(text, len > 63 ? 63 : len))
			return false;
		if (!text[len])
			return true;
	}
}

static bool is_label_value(const char *text)
{
	size_t len = strlen(text), i;

	if (len > 63)
		return false;
	if (len == 0)
		return true;
	for (i = 0; i < len; i++) {
		if (!isalnum((unsigned char)text[i]) && !strchr("-_.", text[i]))
			return false;
	}
	return isalnum((unsigned char)text[0]) && isalnum((unsigned char)text[len - 1]);
}

static void check_name(struct walk *walk, const struct kind *kind, const char *name)
{
	strbuf_reset(&walk->path);
	strbuf_adds(&walk->path, "metadata.name");
	if (kind->flags & KIND_DNS_LABEL) {
		if (!is_dns_label(name, strlen(name)))
			add_problem(
				walk, "FieldValueInvalid",
				"Invalid value: \"%s\": a lowercase RFC 1123 label must consist "
				"of lower case alphanumeric characters or '-', and must start "
				"and end with an alphanumeric character (e.g. 'my-name',  or "
				"'123-abc', regex used for validation is "
				"'[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
				name);
	} else if (!is_subdomain(name) && strcmp(kind->group, "rbac.authorization.k8s.io") != 0) {
		add_problem(
			walk, "FieldValueInvalid",
			"Invalid value: \"%s\": a lowercase RFC 1123 subdomain must consist of "
			"lower case alphanumeric characters, '-' or '.', and must start and end "
			"with an alphanumeric character (e.g. 'example.com', regex used for "
			"validation is "
			"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
			name);
	}
}

static void check_label(struct walk *walk, const struct json *label)
{
	const char *value = json_value(label);

	if (strlen(value) > 63)
		add_problem(walk, "FieldValueInvalid",
			    "Invalid value: \"%s\": must be no more than 63 bytes", value);
	else if (!is_label_value(value))
		add_problem(walk, "FieldValueInvalid",
			    "Invalid value: \"%s\": a valid label must be an empty string or "
			    "consist of alphanumeric characters, '-', '_' or '.', and must start "
			    "and end with an alphanumeric character (e.g. 'MyValue',  or "
			    "'my_value',  or '12345', regex used for validation is "
			    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
			    value);
}

static void check_metadata(struct walk *walk, const struct kind *kind, const struct json *meta)
{
	const struct json *label;

	check_name(walk, kind, json_key_text(meta, "name"));
	strbuf_reset(&walk->path);
	strbuf_adds(&walk->path, "metadata.labels");
	for (label = json_first(json_key(meta, "labels")); label; label = json_next(label))
		check_label(walk, label);
}

void schema_apply(const struct kind *kind, struct json *object, struct json *unknown,
		  struct json *problems)
{
	struct walk walk = { STRBUF_INIT, unknown, problems };
	const char *type = schema_velero_find(kind->resource);

	if (type)
		check_node(&walk, type, object);
	check_metadata(&walk, kind, json_key(object, "metadata"));
	strbuf_done(&walk.path);
}
