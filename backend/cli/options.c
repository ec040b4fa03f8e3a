#include "backend/cli/options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum option_type { OPTION_TEXT, OPTION_FLAG, OPTION_OUTPUT };

static const struct option_row {
	const char *name; /* behind "--" */
	char letter;	  /* 0 none */
	enum option_type type;
	size_t offset;	/* in struct cli_call */
	unsigned takes; /* 0 = fits everywhere, else only commands that take it */
	const char *value, *what;
} option_rows[] = {
	{ "kubeconfig", 0, OPTION_TEXT, offsetof(struct cli_call, options.session.kubeconfig), 0,
	  "FILE", "The kubeconfig to use" },
	{ "context", 0, OPTION_TEXT, offsetof(struct cli_call, options.session.context), 0, "NAME",
	  "The context to use instead of the current one" },
	{ "velero-namespace", 'n', OPTION_TEXT,
	  offsetof(struct cli_call, options.session.velero_namespace), 0, "NAME",
	  "Where Velero is; else it is looked for" },
	{ "site", 0, OPTION_TEXT, offsetof(struct cli_call, options.session.site), 0, "NAME",
	  "The name shown for this site" },
	{ "read-only", 0, OPTION_FLAG, offsetof(struct cli_call, options.session.read_only), 0, "",
	  "Nothing is written to the cluster" },
	{ "output", 'o', OPTION_OUTPUT, offsetof(struct cli_call, output), TAKES_OUTPUT,
	  "table|json|yaml|name", "How it is printed" },
	{ "wait", 0, OPTION_FLAG, offsetof(struct cli_call, wait), TAKES_WAIT, "",
	  "Wait until it has ended; the exit code says how" },
	{ "dry-run", 0, OPTION_FLAG, offsetof(struct cli_call, dry_run), TAKES_DRY_RUN, "",
	  "Say what it would hold and what not; nothing is taken" },
	{ "app", 0, OPTION_TEXT, offsetof(struct cli_call, app), TAKES_APP, "SLUG",
	  "The application to restore; without it everything is" },
	{ "console-only", 0, OPTION_FLAG, offsetof(struct cli_call, console_only), TAKES_CONSOLE,
	  "", "The Admin Console alone, without applications" },
	{ "how", 0, OPTION_TEXT, offsetof(struct cli_call, how), TAKES_HOW, "WAY",
	  "leave, cancel-volumes, delete-restore or forget" },
	{ "yes-i-mean", 0, OPTION_TEXT, offsetof(struct cli_call, mean), TAKES_MEAN, "NAME",
	  "Confirms: the name of what is deleted or restored" },
	{ "theme", 0, OPTION_TEXT, offsetof(struct cli_call, options.theme), 0, "FILE",
	  "A theme file, or the name of a shipped one" },
	{ "ascii", 0, OPTION_FLAG, offsetof(struct cli_call, options.ascii), 0, "",
	  "Only ASCII characters" },
	{ "no-color", 0, OPTION_FLAG, offsetof(struct cli_call, options.no_color), 0, "",
	  "No colours" },
	{ "trace", 0, OPTION_TEXT, offsetof(struct cli_call, options.trace), 0, "FILE",
	  "Write what is asked and answered to a file, without secrets" },
	{ "help", 'h', OPTION_FLAG, offsetof(struct cli_call, help), 0, "", "This help" },
	{ "version", 0, OPTION_FLAG, offsetof(struct cli_call, version), 0, "",
	  "Print the version" },
};

static const char *const output_names[] = { [OUTPUT_TABLE] = "table",
					    [OUTPUT_JSON] = "json",
					    [OUTPUT_YAML] = "yaml",
					    [OUTPUT_NAME] = "name" };

static enum status read_output(const char *value, enum cli_output *ret_output, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(output_names); i++) {
		if (!strcmp(output_names[i], value)) {
			*ret_output = (enum cli_output)i;
			return STATUS_OK;
		}
	}
	error_set(err, STATUS_USAGE, "--output %.80s: there is no such form", value);
	error_hint(err, "table, json, yaml or name");
	return STATUS_USAGE;
}

static const struct option_row *find_row(const char *word, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];

		if (len == 2 && word[1] != '-' && word[1] == row->letter)
			return row;
		if (len > 2 && strlen(row->name) == len - 2 &&
		    !strncmp(word + 2, row->name, len - 2))
			return row;
	}
	return NULL;
}

static enum status store(const struct option_row *row, const char *value, struct cli_call *call,
			 struct error *err)
{
	void *place = (char *)call + row->offset;

	switch (row->type) {
	case OPTION_TEXT:
		*(const char **)place = value;
		return STATUS_OK;
	case OPTION_FLAG:
		*(bool *)place = true;
		return STATUS_OK;
	case OPTION_OUTPUT:
		return read_output(value, place, err);
	}
	return STATUS_OK;
}

/* *index stands on the option; on its value behind. */
static enum status read_option(char **argv, int argc, int *index, struct cli_call *call,
			       struct error *err)
{
	const char *word = argv[*index], *equals = strchr(word, '=');
	const struct option_row *row =
		find_row(word, equals ? (size_t)(equals - word) : strlen(word));
	const char *value = equals ? equals + 1 : NULL;

	if (!row) {
		error_set(err, STATUS_USAGE, "there is no option %.80s", word);
		error_hint(err, "kotsnap help lists them");
		return STATUS_USAGE;
	}
	if (row->type == OPTION_FLAG && value)
		return error_set(err, STATUS_USAGE, "--%s takes no value", row->name);
	if (row->type != OPTION_FLAG && !value) {
		if (*index + 1 >= argc)
			return error_set(err, STATUS_USAGE, "--%s needs a value: %s", row->name,
					 row->value);
		value = argv[++*index];
	}
	return store(row, value, call, err);
}

enum status options_read(int argc, char **argv, struct cli_call *ret_call, struct error *err)
{
	bool ended = false;
	enum status st = STATUS_OK;

	for (int i = 1; i < argc && !st; i++) {
		if (!ended && !strcmp(argv[i], "--"))
			ended = true;
		else if (!ended && argv[i][0] == '-' && argv[i][1])
			st = read_option(argv, argc, &i, ret_call, err);
		else if (ret_call->operand_count == OPERANDS_MOST)
			st = error_set(err, STATUS_USAGE, "more than %d arguments", OPERANDS_MOST);
		else
			ret_call->operands[ret_call->operand_count++] = argv[i];
	}
	return st;
}

static bool is_given(const struct cli_call *call, const struct option_row *row)
{
	const void *place = (const char *)call + row->offset;

	switch (row->type) {
	case OPTION_TEXT:
		return *(const char *const *)place != NULL;
	case OPTION_FLAG:
		return *(const bool *)place;
	case OPTION_OUTPUT:
		return *(const enum cli_output *)place != OUTPUT_TABLE;
	}
	return false;
}

enum status options_check(const struct cli_call *call, unsigned takes, const char *name,
			  struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];

		if (row->takes && !(row->takes & takes) && is_given(call, row))
			return error_set(err, STATUS_USAGE, "%s takes no --%s", name, row->name);
	}
	return STATUS_OK;
}

void options_print(unsigned takes)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		struct strbuf words = STRBUF_INIT;

		if (row->takes && !(row->takes & takes))
			continue;
		if (row->letter)
			strbuf_addf(&words, "-%c, ", row->letter);
		strbuf_addf(&words, "--%s%s%s", row->name, *row->value ? " " : "", row->value);
		printf("  %-32s %s\n", words.buf, row->what);
		strbuf_done(&words);
	}
}
