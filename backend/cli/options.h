/* The options of the command line: one table, from which they are read, checked and printed. Pure
 * but for options_print(). */
#ifndef BACKEND_CLI_OPTIONS_H
#define BACKEND_CLI_OPTIONS_H

#include "backend/cli/command.h"

/* Fills in ret_call; STATUS_USAGE names the word that is wrong. "--" ends the options. */
enum status options_read(int argc, char **argv, struct cli_call *ret_call, struct error *err);
/* STATUS_USAGE when an option was given that `name` does not take. */
enum status options_check(const struct cli_call *call, unsigned takes, const char *name,
			  struct error *err);
/* Those for everything and those of a command that takes them. */
void options_print(unsigned takes);

#endif
