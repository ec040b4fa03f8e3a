#include "backend/cli/options.h"
#include <stdint.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* Reads up to the first NULL. */
static enum status read_words(const char *const *words, struct cli_call *call, struct error *err)
{
	char *argv[16] = { "kotsnap" };
	int argc = 1;

	for (; *words; words++)
		argv[argc++] = (char *)(uintptr_t)*words;
	return options_read(argc, argv, call, err);
}
#define READ(call, err, ...) read_words((const char *const[]){ __VA_ARGS__, NULL }, call, err)

Test(options, values_come_behind_a_blank_or_an_equals_sign)
{
	struct cli_call call = { 0 };
	struct error err = ERROR_INIT;

	cr_assert(eq(int,
		     READ(&call, &err, "list", "--context", "a", "--kubeconfig=b", "-n", "c", "-o",
			  "json"),
		     STATUS_OK));
	cr_assert(eq(str, (char *)call.options.session.context, "a"));
	cr_assert(eq(str, (char *)call.options.session.kubeconfig, "b"));
	cr_assert(eq(str, (char *)call.options.session.velero_namespace, "c"));
	cr_assert(eq(int, call.output, OUTPUT_JSON));
	cr_assert(eq(sz, call.operand_count, 1));
}

Test(options, an_empty_value_after_an_equals_sign_is_a_value)
{
	struct cli_call call = { 0 };

	cr_assert(eq(int, READ(&call, NULL, "--context="), STATUS_OK));
	cr_assert(eq(str, (char *)call.options.session.context, ""));
}

Test(options, two_dashes_end_them)
{
	struct cli_call call = { 0 };

	cr_assert(eq(int, READ(&call, NULL, "show", "--", "--wait"), STATUS_OK));
	cr_assert(eq(sz, call.operand_count, 2));
	cr_assert(not(call.wait));
}

static const struct {
	const char *words[4];
	const char *said;
} wrong[] = {
	{ { "list", "--colour" }, "there is no option --colour" },
	{ { "list", "-x" }, "there is no option -x" },
	{ { "list", "--output" }, "--output needs a value" },
	{ { "list", "--output", "xml" }, "--output xml: there is no such form" },
	{ { "list", "--wait=yes" }, "--wait takes no value" },
};

Test(options, a_wrong_word_is_named)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct cli_call call = { 0 };
		struct error err = ERROR_INIT;

		cr_expect(eq(int, read_words(wrong[i].words, &call, &err), STATUS_USAGE));
		cr_expect(strstr(err.text, wrong[i].said) != NULL, "said: %s", err.text);
	}
}

Test(options, a_command_refuses_what_it_does_not_take)
{
	struct cli_call call = { 0 };
	struct error err = ERROR_INIT;

	cr_assert(eq(int, READ(&call, &err, "list", "--wait"), STATUS_OK));
	cr_assert(eq(int, options_check(&call, TAKES_WAIT, "create full", &err), STATUS_OK));
	cr_assert(eq(int, options_check(&call, TAKES_OUTPUT, "list", &err), STATUS_USAGE));
	cr_assert(eq(str, err.text, "list takes no --wait"));
}

Test(options, too_many_operands_are_refused_not_written_past_the_end)
{
	char *argv[OPERANDS_MOST + 3];
	struct cli_call call = { 0 };

	for (int i = 0; i < OPERANDS_MOST + 2; i++)
		argv[i] = "x";
	argv[OPERANDS_MOST + 2] = NULL;
	cr_assert(eq(int, options_read(OPERANDS_MOST + 2, argv, &call, NULL), STATUS_USAGE));
}
