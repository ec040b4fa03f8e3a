#include "backend/base/status.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

Test(status, every_code_has_a_name_of_its_own_and_only_ok_ends_with_0)
{
#define CODE(code, name, exit) code,
	static const enum status codes[] = { STATUS_LIST(CODE) };
#undef CODE
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		cr_expect_eq(status_exit_code(codes[i]) == 0, codes[i] == STATUS_OK);
		cr_expect_neq(status_exit_code(codes[i]), 1, "that is a crash to a shell");
		for (size_t k = 0; k < i; k++)
			cr_expect_str_neq(status_name(codes[i]), status_name(codes[k]));
	}
	cr_expect_str_eq(status_name((enum status)999), "unknown");
	cr_expect_eq(status_exit_code((enum status)999), 13);
}

Test(status, setting_an_error_forgets_the_one_before)
{
	struct error err = { STATUS_BUSY, 503, "old", "old hint" };

	cr_assert_eq(error_set(&err, STATUS_GONE, "%s %d", "new", 7), STATUS_GONE);
	cr_assert_eq(err.code, STATUS_GONE);
	cr_assert_eq(err.http, 0);
	cr_assert_str_eq(err.text, "new 7");
	cr_assert_str_eq(err.hint, "");
	error_hint(&err, "try %s", "this");
	cr_assert_str_eq(err.hint, "try this");
}

Test(status, nobody_has_to_take_an_error)
{
	cr_assert_eq(error_set(NULL, STATUS_GONE, "x"), STATUS_GONE);
	cr_assert_eq(error_errno(NULL, ENOENT, "x"), STATUS_NOT_FOUND);
	cr_assert_neq(error_wrap(NULL, "x"), STATUS_OK);
	error_hint(NULL, "x");
}

Test(status, a_text_may_be_made_from_the_text_it_replaces)
{
	struct error err = ERROR_INIT;

	error_set(&err, STATUS_GONE, "inner");
	error_set(&err, STATUS_BUSY, "outer (%s)", err.text);
	cr_assert_str_eq(err.text, "outer (inner)");
}

Test(status, context_comes_first_code_and_hint_stay)
{
	struct error err = ERROR_INIT;

	error_set(&err, STATUS_FORBIDDEN, "not permitted");
	error_hint(&err, "ask");
	err.http = 403;
	cr_assert_eq(error_wrap(&err, "list %s", "backups"), STATUS_FORBIDDEN);
	cr_assert_str_eq(err.text, "list backups: not permitted");
	cr_assert_str_eq(err.hint, "ask");
	cr_assert_eq(err.http, 403);
}

Test(status, what_is_too_long_is_cut_between_characters)
{
	char long_text[600] = "";
	struct error err = ERROR_INIT;

	for (size_t i = 0; i + 3 < sizeof(long_text); i += 3)
		memcpy(long_text + i, "\xe2\x82\xac", 3);
	error_set(&err, STATUS_FAILED, "%s", long_text);
	cr_assert_eq(strlen(err.text), 510, "170 whole ones");
	error_set(&err, STATUS_FAILED, "x%s", long_text);
	cr_assert_eq(strlen(err.text), 511);
	error_wrap(&err, "ab");
	cr_assert_eq(strlen(err.text), 509, "%s", err.text + 500);
	error_hint(&err, "%s", long_text);
	cr_assert_eq(strlen(err.hint), 255);
}

static const struct {
	int errnum;
	enum status want;
} rows[] = {
	{ ENOENT, STATUS_NOT_FOUND },	      { EACCES, STATUS_FORBIDDEN },
	{ EPERM, STATUS_FORBIDDEN },	      { ETIMEDOUT, STATUS_TIMEOUT },
	{ ECONNREFUSED, STATUS_UNREACHABLE }, { EIO, STATUS_SYSTEM },
};

Test(status, errno_becomes_a_code_and_its_words)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct error err = ERROR_INIT;

		cr_expect_eq(error_errno(&err, rows[i].errnum, "open %s", "x"), rows[i].want);
		cr_expect(!strncmp(err.text, "open x: ", 8) &&
				  strstr(err.text, strerror(rows[i].errnum)),
			  "%s", err.text);
	}
}
