#include "backend/base/yaml.h"

#include "backend/base/safetext.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *yaml, *json;
} parsed[] = {
	{ "", "null" },
	{ "# only a comment\n", "null" },
	{ "a: 1\nb: [x, 'y', \"z\"]\n", "{\"a\":1,\"b\":[\"x\",\"y\",\"z\"]}" },
	{ "a: true\nb: 'true'\nc: yes\nd: NULL\ne: ~\nf:\n",
	  "{\"a\":true,\"b\":\"true\",\"c\":\"yes\",\"d\":null,\"e\":null,\"f\":null}" },
	{ "[1.5, -3, 0, 007, 0x1f, 1_000, 1.2.3, 1e3, .5, +1, -]",
	  "[1.5,-3,0,\"007\",\"0x1f\",\"1_000\",\"1.2.3\",1000,0.5,1,\"-\"]" },
	/* names of commits that look like numbers too large */
	{ "[1234e999, -1e400]", "[\"1234e999\",\"-1e400\"]" },
	{ "a: |\n  one\n  two\nb: >\n  one\n  two\n",
	  "{\"a\":\"one\\ntwo\\n\",\"b\":\"one two\\n\"}" },
	{ "x: &v {a: 1}\ny: *v\n", "{\"x\":{\"a\":1},\"y\":{\"a\":1}}" },
	{ "a: !!binary aGk=\n", "{\"a\":\"aGk=\"}" },
	{ "a: 1\n---\nb: 2\n", "{\"a\":1}" },
	{ "a: 1\na: 2\n", "{\"a\":2}" },
	{ "1: x\ntrue: y\n", "{\"1\":\"x\",\"true\":\"y\"}" },
};

Test(yaml, text_becomes_the_tree_of_json)
{
	for (size_t i = 0; i < ARRAY_SIZE(parsed); i++) {
		struct strbuf out = STRBUF_INIT;
		struct error err = ERROR_INIT;
		struct json *json = yaml_parse(parsed[i].yaml, strlen(parsed[i].yaml), &err);

		cr_assert(json, "row %zu: %s", i, err.text);
		json_print(json, &out);
		cr_expect_str_eq(out.buf, parsed[i].json, "row %zu: %s", i, out.buf);
		strbuf_done(&out);
		json_free(json);
	}
}

static const struct {
	const char *yaml, *where;
} broken[] = {
	{ "a: [1, 2\nb: 3\n", "line 2, column 2" },
	{ "a: 1\n\tb: 2\n", "line 2, column 1" },
	{ "a: *nowhere\n", "line 1, column 4" },
	{ "a: \"\\q\"", "line 1" },
	{ "? [a]\n: b\n", "line 1: a key that is no text" },
};

Test(yaml, an_error_names_its_place)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		struct error err = ERROR_INIT;
		struct json *json = yaml_parse(broken[i].yaml, strlen(broken[i].yaml), &err);

		cr_expect_null(json, "row %zu", i);
		cr_expect(text_starts(err.text, broken[i].where), "row %zu: %s", i, err.text);
		json_free(json);
	}
}

Test(yaml, a_small_text_cannot_become_a_huge_tree)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;

	strbuf_adds(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 12; i++)
		strbuf_addf(&text, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1,
			    i - 1, i - 1, i - 1, i - 1, i - 1);
	cr_assert_null(yaml_parse(text.buf, text.len, &err));
	cr_assert_eq(err.code, STATUS_TOO_LARGE, "%s", err.text);
	strbuf_done(&text);
}

Test(yaml, an_alias_inside_of_its_own_anchor_ends)
{
	static const char text[] = "&a [*a]";
	struct error err = ERROR_INIT;

	cr_assert_null(yaml_parse(text, strlen(text), &err));
	cr_assert_eq(err.code, STATUS_TOO_LARGE);
}

static const struct {
	const char *text;
	bool quoted;
} texts[] = {
	{ "plain", false },
	{ "two words", false },
	{ "a:b", false },
	{ "v1", false },
	{ "K\xc3\xb6ln", false },
	{ "a#b", false },
	{ "s3://x/y", false },
	{ "", true },
	{ "true", true },
	{ "Yes", true },
	{ "off", true },
	{ "n", true },
	{ "~", true },
	{ "null", true },
	{ "12", true },
	{ "1.5", true },
	{ "0x1f", true },
	{ "12:30", true },
	{ ".inf", true },
	{ "2026-11-21", true },
	{ "a: b", true },
	{ "a:", true },
	{ "a #b", true },
	{ "- a", true },
	{ "*a", true },
	{ "&a", true },
	{ "!a", true },
	{ "{a", true },
	{ " a", true },
	{ "a ", true },
	{ "a\nb", true },
	{ "\x1b[2J", true },
	{ "<<", true },
	{ "=", true },
	{ "%a", true },
	{ "@a", true },
	{ "\xc2\x9b", true },
	{ "\xe2\x80\xae", true },
	{ "\xff", true },
	{ "---", true },
};

/* Whatever is printed is read back as the same text, and can do nothing to a terminal. */
Test(yaml, a_text_is_quoted_where_it_would_be_something_else)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct json *json = json_new_map(), *again;
		struct strbuf out = STRBUF_INIT;
		struct error err = ERROR_INIT;

		json_put_text(json, "key", texts[i].text);
		json_put_text(json, texts[i].text, "value");
		yaml_print(json, &out);
		cr_expect_eq(text_starts(out.buf, "key: \""), texts[i].quoted, "%s", out.buf);
		again = yaml_parse(out.buf, out.len, &err);
		cr_assert(again, "%s: %s", out.buf, err.text);
		if (texts[i].text[0] != '\xff')
			cr_expect(json_equal(json, again), "%s", out.buf);
		for (size_t k = 0; k < out.len; k++)
			if (out.buf[k] == '\n')
				out.buf[k] = ' ';
		cr_expect(safetext_is_safe(out.buf, out.len), "row %zu", i);
		json_free(json);
		json_free(again);
		strbuf_done(&out);
	}
}

Test(yaml, blocks_are_read_back)
{
	static const char text[] = "{\"a\":[[1,2],[[3]],{\"b\":{\"c\":[]},\"d\":{}},\"x\"],"
				   "\"e\":{\"f\":null,\"g\":true},\"h\":1.5}";
	static const char want[] = "a:\n  - - 1\n    - 2\n  - - - 3\n  - b:\n      c: []\n"
				   "    d: {}\n  - x\ne:\n  f: null\n  g: true\nh: 1.5\n";
	struct strbuf out = STRBUF_INIT;
	struct error err = ERROR_INIT;
	struct json *json = json_parse(text, strlen(text), &err), *again;

	yaml_print(json, &out);
	cr_expect_str_eq(out.buf, want, "%s", out.buf);
	again = yaml_parse(out.buf, out.len, &err);
	cr_assert(again, "%s", err.text);
	cr_expect(json_equal(json, again));
	json_free(json);
	json_free(again);
	strbuf_done(&out);
}

Test(yaml, a_root_without_children_is_one_line)
{
	struct strbuf out = STRBUF_INIT;
	struct json *list = json_new_list(), *text = json_new_text("yes");

	yaml_print(list, &out);
	yaml_print(text, &out);
	cr_assert_str_eq(out.buf, "[]\n\"yes\"\n");
	json_free(list);
	json_free(text);
	strbuf_done(&out);
}
