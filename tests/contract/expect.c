#include "tests/contract/expect.h"

#include "backend/base/mem.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* ---- filling in ---- */

static void fill_text(struct strbuf *out, const char *text, const struct json *vars)
{
	const char *open, *close;
	char *name;

	while ((open = strstr(text, "${")) && (close = strchr(open, '}'))) {
		const struct json *value;

		strbuf_add(out, text, (size_t)(open - text));
		name = mem_text_n(open + 2, (size_t)(close - open - 2));
		value = json_key(vars, name);
		if (value)
			strbuf_adds(out, json_value(value));
		else
			strbuf_add(out, open, (size_t)(close - open + 1));
		free(name);
		text = close + 1;
	}
	strbuf_adds(out, text);
}

struct json *expect_fill_in(const struct json *node, const struct json *vars)
{
	struct strbuf text = STRBUF_INIT;
	struct json *copy;

	switch (json_type(node)) {
	case JSON_TEXT:
		fill_text(&text, json_value(node), vars);
		copy = json_new_text(text.buf);
		break;
	case JSON_LIST:
		copy = json_new_list();
		for (const struct json *c = json_first(node); c; c = json_next(c))
			json_add(copy, expect_fill_in(c, vars));
		break;
	case JSON_MAP:
		copy = json_new_map();
		for (const struct json *c = json_first(node); c; c = json_next(c)) {
			strbuf_reset(&text);
			fill_text(&text, json_name(c), vars);
			json_put(copy, text.buf, expect_fill_in(c, vars));
		}
		break;
	default:
		copy = json_clone(node);
	}
	strbuf_done(&text);
	return copy;
}

/* ---- comparing ---- */

void expect_add_text(struct strbuf *out, const struct json *node)
{
	if (!node)
		strbuf_adds(out, "(absent)");
	else if (json_type(node) == JSON_TEXT)
		strbuf_adds(out, json_value(node));
	else
		json_print(node, out);
}

bool expect_text_matches(const char *text, const char *regex)
{
	regex_t compiled;
	bool matches;

	if (regcomp(&compiled, regex, REG_EXTENDED | REG_NOSUB))
		return false;
	matches = regexec(&compiled, text, 0, NULL, 0) == 0;
	regfree(&compiled);
	return matches;
}

static bool is_so(const struct json *got, const struct json *wanted);

static bool some(const struct json *list, const struct json *wanted)
{
	struct strbuf ignored = STRBUF_INIT;
	bool found = false;

	for (const struct json *c = json_first(list); c && !found; c = json_next(c))
		found = json_type(wanted) == JSON_MAP ? expect_holds(c, wanted, &ignored)
						      : is_so(c, wanted);
	strbuf_done(&ignored);
	return found;
}

static bool one_of(const struct json *got, const struct json *choices)
{
	for (const struct json *c = json_first(choices); c; c = json_next(c))
		if (is_so(got, c))
			return true;
	return false;
}

/* {equal: v}, {count: n}, {any: ...}, {none: ...}, {oneOf: [...]} */
static bool operator_holds(const struct json *got, const struct json *wanted)
{
	const struct json *op = json_first(wanted);
	const char *name = json_name(op);

	if (strcmp(name, "equal") == 0)
		return json_equal(got, op);
	if (strcmp(name, "count") == 0)
		return (int64_t)json_count(got) == json_int(wanted, "count", -1);
	if (strcmp(name, "any") == 0)
		return some(got, op);
	if (strcmp(name, "none") == 0)
		return !some(got, op);
	if (strcmp(name, "oneOf") == 0)
		return one_of(got, op);
	return false;
}

static bool is_so(const struct json *got, const struct json *wanted)
{
	struct strbuf text = STRBUF_INIT;
	const char *word = json_value(wanted);
	bool so;

	if (json_type(wanted) == JSON_NULL)
		return !got || json_type(got) == JSON_NULL;
	if (json_type(wanted) == JSON_MAP)
		return operator_holds(got, wanted);
	if (!got)
		return false;
	if (json_type(wanted) != JSON_TEXT || (word[0] != '~' && strcmp(word, "*") != 0))
		return json_equal(got, wanted);
	if (strcmp(word, "*") == 0)
		return true;
	expect_add_text(&text, got);
	so = expect_text_matches(text.buf, word + 1);
	strbuf_done(&text);
	return so;
}

bool expect_holds(const struct json *got, const struct json *wanted, struct strbuf *why)
{
	bool all = true;

	for (const struct json *c = json_first(wanted); c; c = json_next(c)) {
		const struct json *found = json_get(got, json_name(c));

		if (is_so(found, c))
			continue;
		all = false;
		strbuf_addf(why, "    %s: wanted ", json_name(c));
		json_print(c, why);
		strbuf_adds(why, ", got ");
		expect_add_text(why, found);
		strbuf_addc(why, '\n');
	}
	return all;
}
