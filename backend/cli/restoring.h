/* What the commands about restores share: following one to its end. */
#ifndef BACKEND_CLI_RESTORING_H
#define BACKEND_CLI_RESTORING_H

#include "backend/cli/waiting.h"

/* Asks for something about a restore and waits for its end. STATUS_OK: well, or the request is
 * done; STATUS_WARNINGS; STATUS_ELSEWHERE: somebody else has it now; STATUS_CANCELLED: stopped;
 * else why it failed. The verdict goes to standard error. */
enum status cli_follow_restore(struct cli *cli, const struct request *request, struct error *err);

#endif
