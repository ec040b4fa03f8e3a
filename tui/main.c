#include "backend/cli/cli.h"
#include "backend/practice/practice.h"
#include "tui/input/keymap.h"
#include "tui/loop.h"

#include <locale.h>
#include <stdio.h>

/* "kotsnap help keys": name, keys and meaning, tab-separated, one action a line. */
static int print_keys(void)
{
	puts("ACTION\tKEYS\tWHAT");
	for (enum action_id id = ACT_NONE + 1; id < ACTIONS; id++) {
		const struct action *action = action_row(id);

		if (*action->name)
			printf("%s\t%s\t%s\n", action->name, action->keys, action->what);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct cli_options options = { 0 };
	int exit_code = 0;

	setlocale(LC_CTYPE, "");
	switch (cli_run(argc, argv, &options, &exit_code)) {
	case CLI_CONSOLE:
		return loop_run(&options);
	case CLI_PRACTICE:
		return practice_run(argc, argv);
	case CLI_KEYS:
		return print_keys();
	case CLI_DONE:
		break;
	}
	return exit_code;
}
