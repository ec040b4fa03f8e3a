/* The shell around the app: waits for keys, the session and signals in one poll, shows what
 * changed, performs what the app asks for. Main thread. */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include "backend/cli/cli.h"

/* Opens session and terminal, runs the console until it is left. Fills err when it could not begin;
 * the exit code either way. */
int loop_run(const struct cli_options *options);

#endif
