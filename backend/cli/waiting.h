/* A command's side of the session: open it, wait for what the command needs, ask for something and
 * wait for the answer. One thread; here waiting is the work. */
#ifndef BACKEND_CLI_WAITING_H
#define BACKEND_CLI_WAITING_H

#include "backend/cli/command.h"

struct cli {
	const struct cli_call *call;
	struct session *session;
	const struct model *model; /* counted, latest */
	bool progress;		   /* standard error is a terminal: one line that changes */
	bool line_shown, loss_told;
	char last_line[200];
};

enum status cli_open(struct cli *cli, const struct cli_call *call, struct error *err);
void cli_close(struct cli *cli);

/* Until these collections (bits) were read once. A cluster that does not answer, or does not let us
 * read the first of them, is an error; one that may not be read besides is not. STATUS_NOT_FOUND
 * where there is no Velero: in a namespace that is not Velero's, or not there. */
enum status cli_wait_lists(struct cli *cli, unsigned collections, struct error *err);
/* Until the Admin Console was looked for. */
enum status cli_wait_console(struct cli *cli, struct error *err);

/* All that an operation must know before it begins: what runs, where, and whose the site is. */
enum status cli_be_ready(struct cli *cli, struct error *err);
/* Until the records of operations were read once. */
enum status cli_wait_ops(struct cli *cli, struct error *err);
/* Until the picture is so, at most so long; false = it is not. words: for the terminal meanwhile.
 */
bool cli_wait_model(struct cli *cli, const char *words,
		    bool (*is)(const struct model *model, const void *arg), const void *arg,
		    int64_t wait_ms);
/* The name typed a second time is what the console's dialog asks for too. STATUS_USAGE when it is
 * not wanted. does: "delete removes it for good". */
enum status cli_check_mean(const struct cli *cli, const char *wanted, const char *does,
			   struct error *err);

/* Asks, and waits for the answer: a document, a plan, the name of what the cluster accepted (only
 * when `until_accepted`), or the end of the operation. The event is the caller's: event_free(). */
enum status cli_ask(struct cli *cli, const struct request *request, bool until_accepted,
		    struct event **ret_event, struct error *err);

/* The end of an operation that was accepted before. */
enum status cli_wait_end(struct cli *cli, uint64_t ticket, struct event **ret_event,
			 struct error *err);

/* An operation hears of the end before the picture shows it: until the snapshot is shown as ended,
 * or some seconds. */
void cli_wait_shown(struct cli *cli, const char *name);

#endif
