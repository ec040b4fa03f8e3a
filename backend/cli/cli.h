/* Commands: one table with their options, usage and exit codes. Main thread; prints to standard
 * output and, for errors and progress, to standard error. */
#ifndef BACKEND_CLI_CLI_H
#define BACKEND_CLI_CLI_H

#include "backend/session/session.h"

/* CLI_KEYS: "kotsnap help keys"; the caller prints the table of keys, which belongs to the
 * screens. */
enum cli_next { CLI_DONE, CLI_CONSOLE, CLI_PRACTICE, CLI_KEYS };

/* Texts are borrowed from argv. */
struct cli_options {
	struct session_config session;
	const char *theme, *trace;
	bool ascii, no_color;
};

/* Reads argv. CLI_CONSOLE: no command, open the console with *ret_options. CLI_PRACTICE: argv[1] is
 * "practice". CLI_DONE: a command ran (or was refused); *ret_exit is the program's exit code. */
enum cli_next cli_run(int argc, char **argv, struct cli_options *ret_options, int *ret_exit);

/* "kotsnap: what failed" and its hint, made safe for a terminal, to standard error; returns the
 * exit code. */
int cli_complain(const struct error *err);

#endif
