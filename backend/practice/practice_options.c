#include "backend/practice/practice_options.h"

#include "backend/base/file.h"

#include <string.h>

#define PORT_MAX 65535

static enum status usage(struct error *err, const char *what, const char *which)
{
	error_set(err, STATUS_USAGE, "practice: %s %s", what, which);
	error_hint(err, "usage: kotsnap practice [--dir FOLDER] [--port PORT] [--pace real|fast] "
			"[--apps 1|2] [--reset] [--open], or kotsnap practice fault "
			"NAME|list|clear [--dir FOLDER]");
	return STATUS_USAGE;
}

static enum status read_port(const char *text, int *ret_port, struct error *err)
{
	long long value;

	if (!text_to_int(text, &value) || value < 0 || value > PORT_MAX)
		return usage(err, "no port:", text);
	*ret_port = (int)value;
	return STATUS_OK;
}

static enum status read_apps(const char *text, int *ret_apps, struct error *err)
{
	if (strcmp(text, "1") != 0 && strcmp(text, "2") != 0)
		return usage(err, "applications are 1 or 2, not", text);
	*ret_apps = text[0] - '0';
	return STATUS_OK;
}

static enum status read_pace(const char *text, bool *ret_fast, struct error *err)
{
	if (strcmp(text, "real") != 0 && strcmp(text, "fast") != 0)
		return usage(err, "the pace is real or fast, not", text);
	*ret_fast = strcmp(text, "fast") == 0;
	return STATUS_OK;
}

/* The value of "--name=value", or the next word; NULL when arg is another option. *ret_missing:
 * there was none. */
static const char *value_of(const char *name, int argc, char **argv, int *at, bool *ret_missing)
{
	size_t len = strlen(name);

	if (!argv[*at] || strncmp(argv[*at], name, len) != 0 ||
	    (argv[*at][len] && argv[*at][len] != '='))
		return NULL;
	if (argv[*at][len] == '=')
		return argv[*at] + len + 1;
	if (*at + 1 >= argc) {
		*ret_missing = true;
		return NULL;
	}
	return argv[++*at];
}

static enum status read_one(int argc, char **argv, int *at, struct practice_options *options,
			    struct error *err)
{
	const char *arg = argv[*at], *value = NULL;
	bool missing = false;

	if (strcmp(arg, "--reset") == 0)
		options->reset = true;
	else if (strcmp(arg, "--open") == 0)
		options->open = true;
	else if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)
		options->help = true;
	else if ((value = value_of("--port", argc, argv, at, &missing)))
		return read_port(value, &options->port, err);
	else if ((value = value_of("--pace", argc, argv, at, &missing)))
		return read_pace(value, &options->fast, err);
	else if ((value = value_of("--apps", argc, argv, at, &missing)))
		return read_apps(value, &options->apps, err);
	else if ((value = value_of("--dir", argc, argv, at, &missing))) {
		strbuf_reset(&options->dir);
		file_add_home(&options->dir, value);
	} else if (missing)
		return usage(err, "a value is missing after", arg);
	else if (strcmp(arg, "fault") == 0 && !options->fault && *at == 2)
		options->fault = "";
	else if (options->fault && !*options->fault && arg[0] != '-')
		options->fault = arg;
	else
		return usage(err, "unknown:", arg);
	return STATUS_OK;
}

enum status practice_options_read(int argc, char **argv, struct practice_options *ret_options,
				  struct error *err)
{
	enum status st = STATUS_OK;
	int at;

	memset(ret_options, 0, sizeof(*ret_options));
	strbuf_init(&ret_options->dir);
	ret_options->port = PRACTICE_ANY_PORT;
	for (at = 2; at < argc && !st; at++)
		st = read_one(argc, argv, &at, ret_options, err);
	if (!st && ret_options->fault && !*ret_options->fault)
		st = usage(err, "which fault?", "(list shows them)");
	if (!st && ret_options->dir.len == 0) {
		file_add_xdg(&ret_options->dir, FILE_XDG_STATE);
		strbuf_adds(&ret_options->dir, "/practice");
	}
	return st;
}

void practice_options_done(struct practice_options *options)
{
	strbuf_done(&options->dir);
}
