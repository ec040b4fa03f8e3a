/* Inside of cli/: what a command gets, and the table of them. */
#ifndef BACKEND_CLI_COMMAND_H
#define BACKEND_CLI_COMMAND_H

#include "backend/cli/cli.h"

enum cli_output { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_YAML, OUTPUT_NAME };

#define OPERANDS_MOST 64

/* A command line, read. Texts are borrowed from argv. */
struct cli_call {
	struct cli_options options;
	enum cli_output output;
	const char *app, *mean, *how;
	bool wait, help, version;
	bool console_only, dry_run;
	const char *operands[OPERANDS_MOST]; /* the words of the command come first */
	size_t operand_count;
};

/* Which of the commands' own options a command takes. */
enum {
	TAKES_OUTPUT = 1,
	TAKES_WAIT = 2,
	TAKES_APP = 4,
	TAKES_MEAN = 8,
	TAKES_CONSOLE = 16,
	TAKES_DRY_RUN = 32,
	TAKES_HOW = 64
};

struct cli;

struct command {
	const char *words;    /* "create full" */
	const char *operands; /* "NAME...", "" */
	const char *what;     /* for help */
	size_t least, most;   /* operands behind the words */
	unsigned takes;
	/* operands: those behind the words. 0 or an exit code on success; err on failure. */
	enum status (*run)(struct cli *cli, const char *const *operands, size_t count,
			   struct error *err);
};

/* NULL when there is none of that name; *ret_words is how many operands its name takes. */
const struct command *command_find(const struct cli_call *call, size_t *ret_words);
size_t command_count(void);
const struct command *command_at(size_t index);

enum status command_list(struct cli *cli, const char *const *operands, size_t count,
			 struct error *err);
enum status command_show(struct cli *cli, const char *const *operands, size_t count,
			 struct error *err);
enum status command_status(struct cli *cli, const char *const *operands, size_t count,
			   struct error *err);
enum status command_create_full(struct cli *cli, const char *const *operands, size_t count,
				struct error *err);
enum status command_create_partial(struct cli *cli, const char *const *operands, size_t count,
				   struct error *err);
enum status command_delete(struct cli *cli, const char *const *operands, size_t count,
			   struct error *err);
enum status command_logs(struct cli *cli, const char *const *operands, size_t count,
			 struct error *err);
enum status command_restore_plan(struct cli *cli, const char *const *operands, size_t count,
				 struct error *err);
enum status command_restore_run(struct cli *cli, const char *const *operands, size_t count,
				struct error *err);
enum status command_restore_status(struct cli *cli, const char *const *operands, size_t count,
				   struct error *err);
enum status command_restore_take_over(struct cli *cli, const char *const *operands, size_t count,
				      struct error *err);
enum status command_restore_stop(struct cli *cli, const char *const *operands, size_t count,
				 struct error *err);
enum status command_restore_abandon(struct cli *cli, const char *const *operands, size_t count,
				    struct error *err);

#endif
