#include "backend/base/json.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <string.h>

static struct json *parse(const char *text)
{
	struct error err = ERROR_INIT;
	struct json *json = json_parse(text, strlen(text), &err);

	cr_assert(json, "%s: %s", text, err.text);
	return json;
}

/* Compares what is printed, and frees. */
static void is(struct json *json, const char *want)
{
	struct strbuf out = STRBUF_INIT;

	json_print(json, &out);
	cr_expect_str_eq(out.buf, want, "%s, not %s", out.buf, want);
	strbuf_done(&out);
	json_free(json);
}

static const char *const broken[] = {
	"",    "{",	"{\"a\":}",	    "[1,]", "{} {}", "nul",
	"\"a", "{a:1}", "{\"a\":1}garbage", "\xff", "[1 2]", "\"\\x\""
};

Test(json, what_is_no_json_is_an_error_and_no_tree)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		struct error err = ERROR_INIT;

		cr_expect_null(json_parse(broken[i], strlen(broken[i]), &err), "%s", broken[i]);
		cr_expect_eq(err.code, STATUS_FORMAT);
		cr_expect(text_starts(err.text, "not JSON: "), "%s", err.text);
	}
}

Test(json, the_length_ends_the_text_not_a_nul)
{
	struct error err = ERROR_INIT;

	is(json_parse("[1,2]xxx", 5, &err), "[1,2]");
	cr_assert_null(json_parse("[1,2]", 4, &err));
	is(json_parse("{} \n\t\r", 6, &err), "{}");
}

Test(json, deep_nesting_is_refused_and_not_followed_to_the_end_of_the_stack)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;

	for (int i = 0; i < 1000000; i++)
		strbuf_addc(&text, '[');
	cr_assert_null(json_parse(text.buf, text.len, &err));
	strbuf_done(&text);
}

Test(json, a_path_walks_keys_and_brackets)
{
	struct json *json =
		parse("{\"a\":{\"b.c\":{\"d\":\"x\"},\"e\":[1],\"\":\"empty\"},\"n\":null}");

	cr_assert_str_eq(json_text(json, "a.[b.c].d"), "x");
	cr_assert_str_eq(json_text(json, "a.b.c.d"), "");
	cr_assert_str_eq(json_text(json, "a.e.d"), "", "a list has no keys");
	cr_assert_str_eq(json_text(json, "n.x.y"), "");
	cr_assert_str_eq(json_text(NULL, "a"), "");
	cr_assert_eq(json_type(json_get(json, "n")), JSON_NULL);
	cr_assert_eq(json_type(json_get(json, "nn")), JSON_ABSENT);
	cr_assert_eq(json_get(json, ""), json);
	cr_assert_str_eq(json_key_text(json_get(json, "a"), ""), "empty");
	json_free(json);
}

Test(json, numbers_are_read_without_surprise)
{
	struct json *json = parse("{\"big\":4398046511104,\"text\":\"12\",\"huge\":1e300,"
				  "\"minus\":-7,\"part\":1.75,\"t\":true}");

	cr_assert_eq(json_int(json, "big", -1), INT64_C(4398046511104), "sizes above 2 GiB");
	cr_assert_eq(json_int(json, "text", -1), -1, "a text is no number");
	cr_assert_eq(json_int(json, "huge", -1), -1, "what does not fit is not there");
	cr_assert_eq(json_int(json, "minus", -1), -7);
	cr_assert_eq(json_int(json, "part", -1), 1);
	cr_assert_eq(json_number(json, "part", 0), 1.75);
	cr_assert(json_bool(json, "t", false));
	cr_assert(json_bool(json, "minus", true), "a number is no bool");
	json_free(json);
}

Test(json, put_replaces_in_place)
{
	struct json *json = parse("{\"a\":1,\"b\":2,\"c\":3}");

	json_put_text(json, "b", "two");
	json_put_int(json, "d", 4);
	cr_assert_null(json_put(json, "e", NULL));
	is(json, "{\"a\":1,\"b\":\"two\",\"c\":3,\"d\":4}");
}

Test(json, put_may_be_given_the_name_of_what_it_replaces)
{
	struct json *json = parse("{\"a\":1,\"b\":2}");

	json_put_text(json, json_name(json_next(json_first(json))), "two");
	cr_assert_str_eq(json_text(json, "b"), "two");
	is(json, "{\"a\":1,\"b\":\"two\"}");
}

Test(json, put_path_makes_what_is_missing_and_replaces_what_is_no_map)
{
	struct json *json = parse("{\"a\":\"text\"}");

	json_put_path(json, "a.[b.c].d", json_new_bool(true));
	is(json, "{\"a\":{\"b.c\":{\"d\":true}}}");
}

static const struct {
	const char *target, *patch, *want;
} merges[] = {
	/* of RFC 7396, appendix A */
	{ "{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
	{ "{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}" },
	{ "{\"a\":\"b\"}", "{\"a\":null}", "{}" },
	{ "{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}" },
	{ "{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
	{ "{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}" },
	{ "{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}" },
	{ "{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}" },
	{ "{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}" },
	{ "{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}" },
};

Test(json, merging_is_that_of_the_rfc)
{
	for (size_t i = 0; i < ARRAY_SIZE(merges); i++) {
		struct json *target = parse(merges[i].target), *patch = parse(merges[i].patch);

		json_merge(target, patch);
		is(target, merges[i].want);
		json_free(patch);
	}
}

Test(json, a_clone_is_equal_and_lives_on)
{
	struct json *json = parse("{\"x\":{\"a\":[1,null,\"t\"],\"b\":true}}"), *clone;

	clone = json_clone(json_get(json, "x"));
	cr_assert(json_equal(clone, json_get(json, "x")));
	cr_assert_str_eq(json_name(clone), "", "it is a root of its own");
	json_free(json);
	is(clone, "{\"a\":[1,null,\"t\"],\"b\":true}");
	cr_assert_null(json_clone(NULL));
}

Test(json, the_order_of_keys_makes_no_difference_any_other_does)
{
	struct json *a = parse("{\"a\":1,\"b\":[1,2]}"), *b = parse("{\"b\":[1,2],\"a\":1}"),
		    *c = parse("{\"b\":[2,1],\"a\":1}");

	cr_assert(json_equal(a, b));
	cr_assert_not(json_equal(a, c));
	json_free(a);
	json_free(b);
	json_free(c);
}

Test(json, a_tree_in_an_arena_reads_like_any_other_and_goes_with_it)
{
	const char *whole = "{\"a\":{\"b\":[1,\"two\",null,true]},\"c\":\"d\"}";
	struct json *other = parse("{\"x\":1}"); /* of the heap, before and after */
	struct arena arena = { 0 };

	for (int round = 0; round < 3; round++) {
		const struct json *json = json_parse_in(&arena, whole, strlen(whole), NULL);
		struct strbuf text = STRBUF_INIT;

		cr_assert(json);
		json_print(json, &text);
		cr_assert_str_eq(text.buf, whole);
		strbuf_done(&text);
		arena_reset(&arena);
	}
	for (size_t len = 0; len < strlen(whole); len++) {
		cr_assert_null(json_parse_in(&arena, whole, len, NULL), "%zu bytes are not whole",
			       len);
		arena_reset(&arena);
	}
	arena_done(&arena);
	json_put_text(other, "y", "z");
	is(other, "{\"x\":1,\"y\":\"z\"}");
}
