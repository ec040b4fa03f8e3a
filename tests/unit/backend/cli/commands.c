#include "backend/cli/command.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct command *find(const char *first, const char *second, size_t *ret_words)
{
	struct cli_call call = { .operands = { first, second },
				 .operand_count = second  ? 2
						  : first ? 1
							  : 0 };

	return command_find(&call, ret_words);
}

Test(commands, are_found_by_one_word_or_two)
{
	size_t words = 0;

	cr_assert(eq(str, (char *)find("list", NULL, &words)->words, "list"));
	cr_assert(eq(sz, words, 1));
	cr_assert(eq(str, (char *)find("create", "full", &words)->words, "create full"));
	cr_assert(eq(sz, words, 2));
	cr_assert(eq(ptr, (void *)find("create", NULL, &words), NULL));
	cr_assert(eq(ptr, (void *)find("create", "half", &words), NULL));
	cr_assert(eq(ptr, (void *)find("lis", NULL, &words), NULL));
}

/* What destroys asks for the name a second time. */
Test(commands, that_destroy_take_the_confirmation)
{
	static const char *const destroying[] = { "delete", "restore run" };

	for (size_t i = 0; i < ARRAY_SIZE(destroying); i++) {
		const struct command *found = NULL;

		for (size_t n = 0; n < command_count(); n++)
			if (!strcmp(command_at(n)->words, destroying[i]))
				found = command_at(n);
		cr_assert(found != NULL && (found->takes & TAKES_MEAN), "%s", destroying[i]);
	}
}
