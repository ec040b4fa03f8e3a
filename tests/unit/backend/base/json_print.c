#include "backend/base/json.h"
#include "backend/base/safetext.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const struct {
	const char *text, *plain, *go;
} texts[] = {
	{ "a\"b\\c", "\"a\\\"b\\\\c\"", "\"a\\\"b\\\\c\"" },
	{ "\n\r\t\x01\x1b", "\"\\n\\r\\t\\u0001\\u001b\"", "\"\\n\\r\\t\\u0001\\u001b\"" },
	{ "<a&b>", "\"<a&b>\"", "\"\\u003ca\\u0026b\\u003e\"" },
	{ "\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\"", "\"\\u2028\\u2029\"" },
	{ "K\xc3\xb6ln", "\"K\xc3\xb6ln\"", "\"K\xc3\xb6ln\"" },
	{ "\xf0\x9f\x9a\x80", "\"\xf0\x9f\x9a\x80\"", "\"\xf0\x9f\x9a\x80\"" },
	/* a terminal would act on these; Go prints them as they are */
	{ "\xc2\x9b"
	  "2J\x7f",
	  "\"\\u009b2J\\u007f\"",
	  "\"\xc2\x9b"
	  "2J\x7f\"" },
	{ "\xe2\x80\xae", "\"\\u202e\"", "\"\xe2\x80\xae\"" },
	/* broken UTF-8 */
	{ "a\x9b\xff", "\"a\\ufffd\\ufffd\"", "\"a\\ufffd\\ufffd\"" },
};

Test(json_print, texts_are_escaped_for_programs_and_terminals)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct strbuf plain = STRBUF_INIT, go = STRBUF_INIT;
		struct json *json = json_new_text(texts[i].text);

		json_print(json, &plain);
		json_print_go(json, &go);
		cr_expect_str_eq(plain.buf, texts[i].plain, "row %zu: %s", i, plain.buf);
		cr_expect_str_eq(go.buf, texts[i].go, "row %zu: %s", i, go.buf);
		cr_expect(safetext_is_safe(plain.buf, plain.len), "row %zu", i);
		json_free(json);
		strbuf_done(&plain);
		strbuf_done(&go);
	}
}

static const struct {
	double value;
	const char *want;
} numbers[] = {
	{ 0, "0" },
	{ -0.0, "0" },
	{ 42, "42" },
	{ -7, "-7" },
	{ 4398046511104.0, "4398046511104" },
	{ 9007199254740991.0, "9007199254740991" },
	{ 1.5, "1.5" },
	{ 0.1, "0.10000000000000001" },
};

Test(json_print, whole_numbers_have_no_point_and_what_is_no_number_is_null)
{
	const double none[] = { NAN, INFINITY, -INFINITY };
	struct strbuf out = STRBUF_INIT;
	struct json *json;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		json = json_new_number(numbers[i].value);
		json_print(json, &out);
		cr_expect_str_eq(out.buf, numbers[i].want);
		strbuf_reset(&out);
		json_free(json);
	}
	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		json = json_new_number(none[i]);
		json_print(json, &out);
		cr_expect_str_eq(out.buf, "null");
		strbuf_reset(&out);
		json_free(json);
	}
	strbuf_done(&out);
}

#define TREE "{\"b\":[1,{\"z\":null,\"a\":[]}],\"a\":{},\"c\":\"x\"}"

Test(json_print, three_styles_of_one_tree)
{
	struct error err = ERROR_INIT;
	struct json *json = json_parse(TREE, strlen(TREE), &err);
	struct strbuf out = STRBUF_INIT;

	json_print(json, &out);
	cr_expect_str_eq(out.buf, TREE);
	strbuf_reset(&out);
	json_print_go(json, &out);
	cr_expect_str_eq(out.buf, "{\"a\":{},\"b\":[1,{\"a\":[],\"z\":null}],\"c\":\"x\"}",
			 "Go sorts the keys of maps");
	strbuf_reset(&out);
	json_print_pretty(json, &out);
	cr_expect_str_eq(out.buf,
			 "{\n  \"b\": [\n    1,\n    {\n      \"z\": null,\n"
			 "      \"a\": []\n    }\n  ],\n  \"a\": {},\n  \"c\": \"x\"\n}\n");
	strbuf_done(&out);
	json_free(json);
}

Test(json_print, what_is_printed_is_read_back)
{
	struct strbuf first = STRBUF_INIT, second = STRBUF_INIT;
	struct json *json = json_new_map(), *again;
	struct error err = ERROR_INIT;

	for (int c = 1; c < 128; c++) {
		char text[] = { 'x', (char)c, 'y', '\0' };

		json_put_text(json, text, text);
	}
	json_print(json, &first);
	again = json_parse(first.buf, first.len, &err);
	cr_assert(again, "%s", err.text);
	json_print(again, &second);
	cr_assert_str_eq(first.buf, second.buf);
	json_free(json);
	json_free(again);
	strbuf_done(&first);
	strbuf_done(&second);
}
