#include "backend/base/strbuf.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

Test(strbuf, it_is_a_text_at_every_moment)
{
	struct strbuf sb = STRBUF_INIT;

	cr_assert_str_eq(sb.buf, "");
	strbuf_adds(&sb, NULL);
	strbuf_add(&sb, NULL, 0);
	strbuf_addf(&sb, "%s", "");
	strbuf_cut(&sb, 0);
	strbuf_drop(&sb, 5);
	cr_assert_str_eq(sb.buf, "");
	cr_assert_eq(sb.capacity, 0, "nothing was allocated");
	strbuf_addc(&sb, 'a');
	strbuf_adds(&sb, "bc");
	strbuf_addf(&sb, "%d-%s", 7, "x");
	cr_assert_str_eq(sb.buf, "abc7-x");
	cr_assert_eq(sb.len, 6);
	strbuf_done(&sb);
	cr_assert_str_eq(sb.buf, "");
	strbuf_adds(&sb, "again");
	cr_assert_str_eq(sb.buf, "again", "ready for use");
	strbuf_done(&sb);
}

Test(strbuf, what_is_added_byte_by_byte_is_there_whole)
{
	struct strbuf sb = STRBUF_INIT;

	for (int i = 0; i < 100000; i++) {
		strbuf_addc(&sb, (char)('a' + i % 26));
		cr_assert_eq(sb.buf[sb.len], '\0');
	}
	for (int i = 0; i < 100000; i++)
		cr_assert_eq(sb.buf[i], 'a' + i % 26);
	strbuf_done(&sb);
}

Test(strbuf, cutting_and_dropping_stop_at_the_ends)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_adds(&sb, "abcdef");
	strbuf_drop(&sb, 2);
	strbuf_cut(&sb, 3);
	cr_assert_str_eq(sb.buf, "cde");
	strbuf_cut(&sb, 100);
	cr_assert_str_eq(sb.buf, "cde");
	strbuf_drop(&sb, 100);
	cr_assert_str_eq(sb.buf, "");
	strbuf_done(&sb);
}

Test(strbuf, a_detached_text_belongs_to_the_caller)
{
	struct strbuf sb = STRBUF_INIT;
	char *empty = strbuf_detach(&sb), *text;

	cr_assert_str_eq(empty, "");
	strbuf_adds(&sb, "abc");
	text = strbuf_detach(&sb);
	cr_assert_str_eq(text, "abc");
	cr_assert_eq(sb.len, 0);
	free(empty);
	free(text);
}

Test(strbuf, bytes_may_be_nul)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_add(&sb, "a\0b", 3);
	cr_assert_eq(sb.len, 3);
	cr_assert_eq(memcmp(sb.buf, "a\0b", 4), 0);
	strbuf_done(&sb);
}

Test(strbuf, queries_carry_any_value)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_adds(&sb, "/api");
	strbuf_query(&sb, "absent", NULL);
	strbuf_query(&sb, "a", "x y&z=1/\xc3\xb6?");
	strbuf_query(&sb, "b", "-._~Az09");
	strbuf_query(&sb, "c", "");
	cr_assert_str_eq(sb.buf, "/api?a=x%20y%26z%3D1%2F%C3%B6%3F&b=-._~Az09&c=");
	strbuf_done(&sb);
}

static const struct {
	const char *plain, *coded;
} base64[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
	{ "\xff\xfe\xfd", "//79" },
};

Test(strbuf, base64_is_that_of_the_rfc)
{
	for (size_t i = 0; i < ARRAY_SIZE(base64); i++) {
		struct strbuf coded = STRBUF_INIT, plain = STRBUF_INIT;
		struct error err = ERROR_INIT;

		strbuf_add_base64(&coded, base64[i].plain, strlen(base64[i].plain));
		cr_expect_str_eq(coded.buf, base64[i].coded);
		cr_expect_eq(strbuf_add_unbase64(&plain, coded.buf, coded.len, &err), STATUS_OK);
		cr_expect_str_eq(plain.buf, base64[i].plain);
		strbuf_done(&coded);
		strbuf_done(&plain);
	}
}

Test(strbuf, base64_may_be_broken_into_lines_and_lack_its_padding)
{
	struct strbuf sb = STRBUF_INIT;
	struct error err = ERROR_INIT;

	cr_assert_eq(strbuf_add_unbase64(&sb, "Zm9v\nYmE\r\n", 10, &err), STATUS_OK);
	cr_assert_str_eq(sb.buf, "fooba");
	strbuf_done(&sb);
}

static const char *const no_base64[] = { "Z", "Zm9vY", "Zm9*", "Zm=v", "Zm9v-_", "\xff" };

Test(strbuf, what_is_no_base64_adds_nothing)
{
	for (size_t i = 0; i < ARRAY_SIZE(no_base64); i++) {
		struct strbuf sb = STRBUF_INIT;
		struct error err = ERROR_INIT;

		strbuf_adds(&sb, "before");
		cr_expect_eq(strbuf_add_unbase64(&sb, no_base64[i], strlen(no_base64[i]), &err),
			     STATUS_FORMAT, "%s", no_base64[i]);
		cr_expect_str_eq(sb.buf, "before");
		strbuf_done(&sb);
	}
	cr_expect_eq(strbuf_add_unbase64(&(struct strbuf)STRBUF_INIT, "\0\0\0\0", 4, NULL),
		     STATUS_FORMAT);
}

static const struct {
	const char *text;
	bool is;
	long long want;
} integers[] = {
	{ "0", true, 0 },
	{ "-12", true, -12 },
	{ "9223372036854775807", true, LLONG_MAX },
	{ "-9223372036854775808", true, LLONG_MIN },
	{ "9223372036854775808", false, 0 },
	{ "", false, 0 },
	{ "-", false, 0 },
	{ "- 1", false, 0 },
	{ "+1", false, 0 },
	{ " 1", false, 0 },
	{ "1 ", false, 0 },
	{ "1.0", false, 0 },
	{ "0x1", false, 0 },
	{ "one", false, 0 },
};

Test(strbuf, an_integer_is_the_whole_text)
{
	for (size_t i = 0; i < ARRAY_SIZE(integers); i++) {
		long long value = 0;

		cr_expect_eq(text_to_int(integers[i].text, &value), integers[i].is, "%s",
			     integers[i].text);
		cr_expect_eq(value, integers[i].want);
	}
	cr_expect_not(text_to_int(NULL, &(long long){ 0 }));
}

Test(strbuf, beginnings_ends_and_words)
{
	cr_assert(text_starts("abc", "ab"));
	cr_assert(text_starts("abc", ""));
	cr_assert_not(text_starts("a", "ab"));
	cr_assert(text_ends("abc", "bc"));
	cr_assert(text_ends("abc", ""));
	cr_assert_not(text_ends("c", "bc"));
	cr_assert_str_eq(text_find_nocase("An Error here", "eRRor"), "Error here");
	cr_assert_str_eq(text_find_nocase("abc", ""), "abc");
	cr_assert_str_eq(text_find_nocase("", ""), "");
	cr_assert_null(text_find_nocase("abc", "abcd"));
}
