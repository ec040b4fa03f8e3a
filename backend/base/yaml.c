#include "backend/base/yaml.h"

#include "backend/base/safetext.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

/* An alias is expanded in place: a small text may otherwise become a tree larger than memory. */
#define NODES_MAX 200000
#define DEPTH_MAX 64

struct reader {
	yaml_document_t *document;
	size_t nodes;
	struct error *err;
};

static struct json *read_node(struct reader *reader, int index, int depth);

static bool is_word(const char *text, const char *a, const char *b, const char *c)
{
	return !strcmp(text, a) || !strcmp(text, b) || !strcmp(text, c);
}

/* A number of the YAML 1.2 core schema: decimal, no leading zeros but "0" and "0.5". */
static bool plain_number(const char *text, double *ret_value)
{
	const char *p = text + (*text == '-' || *text == '+');
	char *end;

	if (!isdigit((unsigned char)*p) && !(*p == '.' && isdigit((unsigned char)p[1])))
		return false;
	if (p[0] == '0' && isalnum((unsigned char)p[1]))
		return false;
	*ret_value = strtod(text, &end);
	return !*end && isfinite(*ret_value); /* "1234e999" is the name of a commit */
}

static struct json *read_scalar(const yaml_node_t *node)
{
	const char *text = (const char *)node->data.scalar.value;
	double number;

	if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
		if (!*text || !strcmp(text, "~") || is_word(text, "null", "Null", "NULL"))
			return json_new_null();
		if (is_word(text, "true", "True", "TRUE"))
			return json_new_bool(true);
		if (is_word(text, "false", "False", "FALSE"))
			return json_new_bool(false);
		if (plain_number(text, &number))
			return json_new_number(number);
	}
	return json_new_text(text);
}

static struct json *read_list(struct reader *reader, const yaml_node_t *node, int depth)
{
	struct json *list = json_new_list(), *child;
	const yaml_node_item_t *item;

	for (item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
		child = read_node(reader, *item, depth + 1);
		if (!child) {
			json_free(list);
			return NULL;
		}
		json_add(list, child);
	}
	return list;
}

static struct json *read_map(struct reader *reader, const yaml_node_t *node, int depth)
{
	struct json *map = json_new_map(), *child;
	const yaml_node_pair_t *pair;

	for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);

		if (!key || key->type != YAML_SCALAR_NODE) {
			error_set(reader->err, STATUS_FORMAT, "line %zu: a key that is no text",
				  node->start_mark.line + 1);
			json_free(map);
			return NULL;
		}
		child = read_node(reader, pair->value, depth + 1);
		if (!child) {
			json_free(map);
			return NULL;
		}
		json_put(map, (const char *)key->data.scalar.value, child);
	}
	return map;
}

static struct json *read_node(struct reader *reader, int index, int depth)
{
	const yaml_node_t *node = yaml_document_get_node(reader->document, index);

	if (!node)
		return json_new_null();
	if (++reader->nodes > NODES_MAX || depth > DEPTH_MAX) {
		error_set(reader->err, STATUS_TOO_LARGE, "line %zu: too many or too deep entries",
			  node->start_mark.line + 1);
		return NULL;
	}
	switch (node->type) {
	case YAML_SEQUENCE_NODE:
		return read_list(reader, node, depth);
	case YAML_MAPPING_NODE:
		return read_map(reader, node, depth);
	case YAML_SCALAR_NODE:
		return read_scalar(node);
	default:
		return json_new_null();
	}
}

struct json *yaml_parse(const char *text, size_t len, struct error *err)
{
	struct reader reader = { NULL, 0, err };
	struct json *root = NULL;
	yaml_document_t document;
	yaml_parser_t parser;

	if (!yaml_parser_initialize(&parser))
		die("out of memory (YAML)");
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (!yaml_parser_load(&parser, &document)) {
		error_set(err, STATUS_FORMAT, "line %zu, column %zu: %s",
			  parser.problem_mark.line + 1, parser.problem_mark.column + 1,
			  parser.problem ? parser.problem : "not YAML");
		goto out;
	}
	reader.document = &document;
	root = yaml_document_get_root_node(&document) ? read_node(&reader, 1, 0) : json_new_null();
	yaml_document_delete(&document);
out:
	yaml_parser_delete(&parser);
	return root;
}

/* Words that a reader of YAML 1.2 or of 1.1 takes for something else than text. */
static bool is_reserved(const char *text)
{
	static const char *const words[] = { "null", "true", "false", "yes", "no",
					     "on",   "off",  "y",     "n",   "~" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcasecmp(text, words[i]))
			return true;
	/* 0x1f, 1_000, 12:30, .inf, 2026-11-21: readers differ over what these are. */
	return strchr("+.0123456789", *text) != NULL;
}

/* A text that would be read back as something else, breaks the block, or a terminal would act on,
 * is quoted. */
static bool needs_quotes(const char *text)
{
	const char *p;

	if (!*text || strchr("-?:,[]{}#&*!|>'\"%@`<= \t", *text) || is_reserved(text) ||
	    !safetext_is_safe(text, strlen(text)))
		return true;
	for (p = text; *p; p++) {
		if ((*p == ':' && (p[1] == ' ' || !p[1])) ||
		    (*p == '#' && p > text && p[-1] == ' '))
			return true;
	}
	return p[-1] == ' ';
}

static void print_text(const char *text, struct strbuf *out)
{
	struct json *quoted;

	if (!needs_quotes(text)) {
		strbuf_adds(out, text);
		return;
	}
	quoted = json_new_text(text); /* JSON's double quotes are YAML's */
	json_print(quoted, out);
	json_free(quoted);
}

static void print_block(const struct json *node, struct strbuf *out, int depth, bool after_dash)
{
	const struct json *child;
	bool map = json_type(node) == JSON_MAP;

	for (child = json_first(node); child; child = json_next(child)) {
		bool nested = json_first(child) != NULL;

		if (!after_dash)
			strbuf_addf(out, "%*s", depth * 2, "");
		after_dash = false;
		if (map) {
			print_text(json_name(child), out);
			strbuf_addc(out, ':');
		} else {
			strbuf_addc(out, '-');
		}
		if (nested) {
			strbuf_adds(out, map ? "\n" : " ");
			print_block(child, out, depth + 1, !map);
			continue;
		}
		strbuf_addc(out, ' ');
		if (json_type(child) == JSON_TEXT)
			print_text(json_value(child), out);
		else
			json_print(child, out);
		strbuf_addc(out, '\n');
	}
}

void yaml_print(const struct json *node, struct strbuf *out)
{
	if (json_first(node)) {
		print_block(node, out, 0, false);
		return;
	}
	if (json_type(node) == JSON_TEXT)
		print_text(json_value(node), out);
	else
		json_print(node, out);
	strbuf_addc(out, '\n');
}
