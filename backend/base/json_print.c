/* Printing beyond what cJSON offers: indented with blanks, and as Go prints. */
#include "backend/base/json.h"
#include "backend/base/safetext.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct style {
	bool pretty, go;
};

static void add_number(struct strbuf *out, double value)
{
	if (isnan(value) || isinf(value))
		strbuf_adds(out, "null");
	else if (value == floor(value) && fabs(value) < 9e15)
		strbuf_addf(out, "%" PRId64, (int64_t)value);
	else
		strbuf_addf(out, "%.17g", value);
}

static const char *short_escape(unsigned char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

/* What Go prints differently: < > & and the two separators that break JavaScript. */
static bool go_escapes(int32_t c)
{
	return c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029;
}

/* Characters a terminal would act on are escaped too: our JSON may be printed on one, and JSON
 * means the same. Those above U+FFFF stay: YAML, which uses this, knows no surrogates. */
static void add_text(struct strbuf *out, const char *text, bool go)
{
	const char *p, *end = text + strlen(text);
	size_t used;
	int32_t c;
	bool safe;

	strbuf_addc(out, '"');
	for (p = text; p < end; p += used) {
		used = safetext_step(p, (size_t)(end - p), &c, &safe);
		if (c == -1)
			strbuf_adds(out, "\\ufffd"); /* as Go does with broken UTF-8 */
		else if (used == 1 && short_escape((unsigned char)c))
			strbuf_adds(out, short_escape((unsigned char)c));
		else if (c < 0x20 || (go ? go_escapes(c) : !safe && c <= 0xFFFF))
			strbuf_addf(out, "\\u%04x", (unsigned)c);
		else
			strbuf_add(out, p, used);
	}
	strbuf_addc(out, '"');
}

static int by_name(const void *a, const void *b)
{
	return strcmp(json_name(*(const struct json *const *)a),
		      json_name(*(const struct json *const *)b));
}

/* Children in their order, or sorted by key for Go's maps; owned array. */
static const struct json **children(const struct json *node, bool sorted, size_t *ret_count)
{
	size_t count = json_count(node), i = 0;
	const struct json **rows = mem_array(count, sizeof(const struct json *));
	const struct json *child;

	for (child = json_first(node); child; child = json_next(child))
		rows[i++] = child;
	if (sorted && json_type(node) == JSON_MAP)
		qsort(rows, count, sizeof(const struct json *), by_name);
	*ret_count = count;
	return rows;
}

static void add_break(struct strbuf *out, struct style style, int depth)
{
	if (!style.pretty)
		return;
	strbuf_addf(out, "\n%*s", depth * 2, "");
}

static void add_node(struct strbuf *out, const struct json *node, struct style style, int depth);

static void add_children(struct strbuf *out, const struct json *node, struct style style, int depth)
{
	bool map = json_type(node) == JSON_MAP;
	size_t count, i;
	const struct json **rows = children(node, style.go, &count);

	strbuf_addc(out, map ? '{' : '[');
	for (i = 0; i < count; i++) {
		if (i > 0)
			strbuf_addc(out, ',');
		add_break(out, style, depth + 1);
		if (map) {
			add_text(out, json_name(rows[i]), style.go);
			strbuf_adds(out, style.pretty ? ": " : ":");
		}
		add_node(out, rows[i], style, depth + 1);
	}
	if (count > 0)
		add_break(out, style, depth);
	strbuf_addc(out, map ? '}' : ']');
	free(rows);
}

static void add_node(struct strbuf *out, const struct json *node, struct style style, int depth)
{
	switch (json_type(node)) {
	case JSON_ABSENT:
	case JSON_NULL:
		strbuf_adds(out, "null");
		break;
	case JSON_BOOL:
		strbuf_adds(out, json_bool(node, "", false) ? "true" : "false");
		break;
	case JSON_NUMBER:
		add_number(out, json_number(node, "", 0));
		break;
	case JSON_TEXT:
		add_text(out, json_value(node), style.go);
		break;
	case JSON_LIST:
	case JSON_MAP:
		add_children(out, node, style, depth);
		break;
	}
}

void json_print(const struct json *node, struct strbuf *out)
{
	add_node(out, node, (struct style){ false, false }, 0);
}

void json_print_pretty(const struct json *node, struct strbuf *out)
{
	add_node(out, node, (struct style){ true, false }, 0);
	strbuf_addc(out, '\n');
}

void json_print_go(const struct json *node, struct strbuf *out)
{
	add_node(out, node, (struct style){ false, true }, 0);
}
