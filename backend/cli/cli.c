#include "backend/cli/cli.h"

#include "backend/base/log.h"
#include "backend/base/safetext.h"
#include "backend/cli/options.h"
#include "backend/cli/waiting.h"

#include <stdio.h>
#include <string.h>

static void complain_line(const char *prefix, const char *text)
{
	struct strbuf safe = STRBUF_INIT;

	safetext_add(&safe, text, strlen(text), true);
	fprintf(stderr, "%s%s\n", prefix, safe.buf);
	strbuf_done(&safe);
}

int cli_complain(const struct error *err)
{
	complain_line("kotsnap: ", err->text);
	if (*err->hint)
		complain_line("  ", err->hint);
	return status_exit_code(err->code);
}

static void print_commands(void)
{
	puts("usage: kotsnap [options]                       the console\n"
	     "       kotsnap COMMAND [arguments] [options]\n\n"
	     "commands:");
	for (size_t i = 0; i < command_count(); i++) {
		const struct command *command = command_at(i);
		struct strbuf words = STRBUF_INIT;

		strbuf_addf(&words, "%s%s%s", command->words, *command->operands ? " " : "",
			    command->operands);
		printf("  %-26s %s\n", words.buf, command->what);
		strbuf_done(&words);
	}
	puts("  practice [options]         A cluster to learn on; see kotsnap-practice(7)\n"
	     "  help [COMMAND | keys]      This text, one command, or the table of keys\n\n"
	     "options:");
	options_print(~0u);
	puts("\nkotsnap(1) says more: man kotsnap");
}

static void print_command(const struct command *command)
{
	printf("usage: kotsnap %s%s%s [options]\n\n%s.\n\noptions:\n", command->words,
	       *command->operands ? " " : "", command->operands, command->what);
	options_print(command->takes);
}

/* "kotsnap help create full", "kotsnap create full --help" */
static enum cli_next print_help(struct cli_call *call, size_t skip, int *ret_exit)
{
	const struct command *command;
	size_t words = 0;

	memmove(call->operands, call->operands + skip,
		(call->operand_count - skip) * sizeof(call->operands[0]));
	call->operand_count -= skip;
	if (skip && call->operand_count == 1 && !strcmp(call->operands[0], "keys"))
		return CLI_KEYS;
	command = call->operand_count ? command_find(call, &words) : NULL;
	*ret_exit = 0;
	if (command) {
		print_command(command);
	} else if (!call->operand_count) {
		print_commands();
	} else {
		struct error err;

		error_set(&err, STATUS_USAGE, "there is no command \"%s\"", call->operands[0]);
		error_hint(&err, "kotsnap help lists them");
		*ret_exit = cli_complain(&err);
	}
	return CLI_DONE;
}

static enum status check_call(const struct cli_call *call, const struct command *command,
			      size_t words, struct error *err)
{
	size_t operands = call->operand_count - words;

	if (operands < command->least || operands > command->most) {
		error_set(err, STATUS_USAGE, "%s takes %s%s", command->words,
			  *command->operands ? command->operands : "no arguments",
			  operands < command->least ? ", which is missing" : "");
		error_hint(err, "kotsnap help %s", command->words);
		return STATUS_USAGE;
	}
	return options_check(call, command->takes, command->words, err);
}

static int run_command(const struct cli_call *call)
{
	size_t words = 0;
	const struct command *command = command_find(call, &words);
	struct error err = ERROR_INIT;
	struct cli cli = { 0 };
	enum status st;

	if (!command) {
		error_set(&err, STATUS_USAGE, "there is no command \"%s\"", call->operands[0]);
		error_hint(&err, "kotsnap help lists them");
		return cli_complain(&err);
	}
	st = check_call(call, command, words, &err);
	if (!st)
		st = cli_open(&cli, call, &err);
	if (!st) {
		st = command->run(&cli, call->operands + words, call->operand_count - words, &err);
		cli_close(&cli);
	}
	if (!st && (fflush(stdout) || ferror(stdout)))
		st = error_set(&err, STATUS_SYSTEM, "standard output could not be written");
	return st ? cli_complain(&err) : 0;
}

static enum status open_trace(const struct cli_options *options, struct error *err)
{
	return options->trace ? log_open(options->trace, err) : STATUS_OK;
}

enum cli_next cli_run(int argc, char **argv, struct cli_options *ret_options, int *ret_exit)
{
	struct cli_call call = { 0 };
	struct error err = ERROR_INIT;

	if (argc > 1 && !strcmp(argv[1], "practice"))
		return CLI_PRACTICE;
	if (options_read(argc, argv, &call, &err) || open_trace(&call.options, &err)) {
		*ret_exit = cli_complain(&err);
		return CLI_DONE;
	}
	*ret_options = call.options;
	*ret_exit = 0;
	if (call.version) {
		puts("kotsnap " KOTSNAP_VERSION);
		return CLI_DONE;
	}
	if (call.operand_count && !strcmp(call.operands[0], "help"))
		return print_help(&call, 1, ret_exit);
	if (call.help)
		return print_help(&call, 0, ret_exit);
	if (!call.operand_count && !options_check(&call, 0, "the console", &err))
		return CLI_CONSOLE;
	*ret_exit = call.operand_count ? run_command(&call) : cli_complain(&err);
	return CLI_DONE;
}
