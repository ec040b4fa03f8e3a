#include "backend/base/json.h"

#include <criterion/criterion.h>
#include <string.h>

struct thing {
	const char *name, *label;
	int64_t size, at, ttl_s, children;
	bool on;
};

#define AT(field) offsetof(struct thing, field)

static const struct json_field fields[] = {
	{ "metadata.name", JSON_FIELD_TEXT, AT(name), JSON_REQUIRED },
	{ "metadata.labels.[a.b/c]", JSON_FIELD_TEXT, AT(label), 0 },
	{ "size", JSON_FIELD_INT, AT(size), 0 },
	{ "at", JSON_FIELD_TIME, AT(at), 0 },
	{ "ttl", JSON_FIELD_DURATION, AT(ttl_s), 0 },
	{ "list", JSON_FIELD_COUNT, AT(children), 0 },
	{ "on", JSON_FIELD_BOOL, AT(on), 0 },
};

static enum status decode(const char *text, struct arena *arena, struct thing *ret_thing,
			  struct error *err)
{
	struct json *json = json_parse(text, strlen(text), err);
	enum status st;

	cr_assert(json, "%s", err->text);
	st = json_decode(json, fields, ARRAY_SIZE(fields), arena, ret_thing, err);
	json_free(json); /* texts live in the arena */
	return st;
}

Test(json_decode, a_table_fills_a_struct)
{
	struct arena arena = { 0 };
	struct thing thing = { 0 };
	struct error err = ERROR_INIT;

	cr_assert_eq(decode("{\"metadata\":{\"name\":\"n\",\"labels\":{\"a.b/c\":\"l\"}},\"size\":"
			    "4398046511104,\"at\":\"2026-11-24T02:00:00+02:00\",\"ttl\":\"1h30m\","
			    "\"list\":[1,2,3],\"on\":true}",
			    &arena, &thing, &err),
		     STATUS_OK, "%s", err.text);
	cr_assert_str_eq(thing.name, "n");
	cr_assert_str_eq(thing.label, "l");
	cr_assert_eq(thing.size, INT64_C(4398046511104));
	cr_assert_eq(thing.at, INT64_C(1795478400));
	cr_assert_eq(thing.ttl_s, 5400);
	cr_assert_eq(thing.children, 3);
	cr_assert(thing.on);
	arena_done(&arena);
}

Test(json_decode, absent_or_wrong_is_nothing_and_never_null)
{
	struct thing thing = { .size = 7, .at = 7, .ttl_s = 7, .children = 7, .on = true };
	struct arena arena = { 0 };
	struct error err = ERROR_INIT;

	cr_assert_eq(decode("{\"metadata\":{\"name\":\"n\",\"labels\":7},\"size\":\"12\",\"at\":"
			    "\"yesterday\",\"ttl\":\"3 days\",\"list\":\"no\",\"on\":\"true\"}",
			    &arena, &thing, &err),
		     STATUS_OK);
	cr_assert_str_eq(thing.label, "");
	cr_assert_eq(thing.size, 0);
	cr_assert_eq(thing.at, 0);
	cr_assert_eq(thing.ttl_s, 0);
	cr_assert_eq(thing.children, 0);
	cr_assert_not(thing.on);
	arena_done(&arena);
}

static const char *const nameless[] = { "{}",
					"{\"metadata\":{}}",
					"{\"metadata\":{\"name\":\"\"}}",
					"{\"metadata\":{\"name\":null}}",
					"{\"metadata\":[]}",
					"[]" };

Test(json_decode, what_is_required_is_named_when_it_is_missing)
{
	for (size_t i = 0; i < ARRAY_SIZE(nameless); i++) {
		struct thing thing = { 0 };
		struct arena arena = { 0 };
		struct error err = ERROR_INIT;

		cr_expect_eq(decode(nameless[i], &arena, &thing, &err), STATUS_FORMAT, "%s",
			     nameless[i]);
		cr_expect_str_eq(err.text, "metadata.name is missing");
		arena_done(&arena);
	}
}

/* Parents that differ only in part of their path, in any order of rows. */
Test(json_decode, rows_that_share_a_parent_do_not_take_it_for_another)
{
	static const struct json_field rows[] = {
		{ "a.b.x", JSON_FIELD_TEXT, AT(name), 0 },
		{ "a.c.x", JSON_FIELD_TEXT, AT(label), 0 },
		{ "a.b.n", JSON_FIELD_INT, AT(size), 0 },
		{ "a.[b.c/d]", JSON_FIELD_COUNT, AT(children), 0 },
		{ "n", JSON_FIELD_INT, AT(ttl_s), 0 },
	};
	const char *text = "{\"n\":9,\"a\":{\"b\":{\"x\":\"1\",\"n\":2},\"c\":{\"x\":\"3\"},"
			   "\"b.c/d\":[1,2,3,4]}}";
	struct json *json = json_parse(text, strlen(text), NULL);
	struct arena arena = { 0 };
	struct thing thing = { 0 };

	cr_assert_eq(json_decode(json, rows, ARRAY_SIZE(rows), &arena, &thing, NULL), STATUS_OK);
	cr_assert_str_eq(thing.name, "1");
	cr_assert_str_eq(thing.label, "3");
	cr_assert_eq(thing.size, 2);
	cr_assert_eq(thing.children, 4);
	cr_assert_eq(thing.ttl_s, 9);
	json_free(json);
	arena_done(&arena);
}
