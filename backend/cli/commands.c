#include "backend/cli/command.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct command commands[] = {
	{ "list",           "",                    "All snapshots, newest first",          0, 0,             TAKES_OUTPUT,                         command_list },
	{ "show",           "NAME",                "Everything about one snapshot",        1, 1,             TAKES_OUTPUT,                         command_show },
	{ "create full",    "",                    "Take a full snapshot",                 0, 0,             TAKES_OUTPUT | TAKES_WAIT | TAKES_DRY_RUN, command_create_full },
	{ "create partial", "SLUG",                "Take a snapshot of one application",   1, 1,             TAKES_OUTPUT | TAKES_WAIT | TAKES_DRY_RUN, command_create_partial },
	{ "delete",         "NAME...",             "Delete snapshots and their data",      1, OPERANDS_MOST, TAKES_WAIT | TAKES_MEAN,              command_delete },
	{ "logs",           "NAME",                "The log of a snapshot, as Velero stored it", 1, 1,       0,                                    command_logs },
	{ "restore plan",   "NAME",                "What a restore would do",              1, 1,             TAKES_OUTPUT | TAKES_APP | TAKES_CONSOLE, command_restore_plan },
	{ "restore run",    "NAME",                "Restore everything, the Admin Console or an application", 1, 1, TAKES_APP | TAKES_CONSOLE | TAKES_MEAN | TAKES_WAIT, command_restore_run },
	{ "restore status", "",                    "Unfinished and recent restores",       0, 0,             TAKES_OUTPUT,                         command_restore_status },
	{ "restore take-over", "ID",               "Go on with a restore that was left unfinished", 1, 1,    TAKES_MEAN | TAKES_WAIT,              command_restore_take_over },
	{ "restore stop", "ID",               "Stop a restore, and say what stays half done", 1, 1,     TAKES_MEAN | TAKES_HOW,               command_restore_stop },
	{ "restore abandon", "ID",                 "Close the record of an unfinished restore", 1, 1,        TAKES_MEAN,                           command_restore_abandon },
	{ "status",         "",                    "The cluster, Velero and what runs",    0, 0,             TAKES_OUTPUT,                         command_status },
};
/* clang-format on */

size_t command_count(void)
{
	return ARRAY_SIZE(commands);
}

const struct command *command_at(size_t index)
{
	return &commands[index];
}

/* How many operands the words take when they are these words, else 0. */
static size_t words_match(const struct command *command, const struct cli_call *call)
{
	const char *words = command->words;
	size_t taken = 0;

	while (*words) {
		size_t len = strcspn(words, " ");

		if (taken == call->operand_count || strlen(call->operands[taken]) != len ||
		    strncmp(call->operands[taken], words, len) != 0)
			return 0;
		taken++;
		words += len + (words[len] == ' ');
	}
	return taken;
}

const struct command *command_find(const struct cli_call *call, size_t *ret_words)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		size_t words = words_match(&commands[i], call);

		if (words) {
			*ret_words = words;
			return &commands[i];
		}
	}
	return NULL;
}
