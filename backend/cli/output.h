/* What commands print: one list of maps, as a table, JSON, YAML or names. The table is columns over
 * the same maps, so that a person and a program are told the same. Foreign text is made safe in
 * tables; JSON and YAML escape it. Prints to standard output. */
#ifndef BACKEND_CLI_OUTPUT_H
#define BACKEND_CLI_OUTPUT_H

#include "backend/base/json.h"
#include "backend/cli/command.h"

enum column_form { COLUMN_TEXT, COLUMN_COUNT, COLUMN_BYTES, COLUMN_TIME };

struct output_column {
	const char *title, *key; /* key: of the map; an absent or null value is "-" */
	enum column_form form;
};

struct output_columns {
	const struct output_column *rows;
	size_t count;
};

/* items: a list of maps, taken over. Names are the key "name". none: said for an empty table, to
 * standard error. */
void output_list(enum cli_output form, struct json *items, struct output_columns columns,
		 const char *none);
/* One map, taken over: a table of "KEY  value" lines is the caller's; here JSON, YAML or its name.
 */
void output_one(enum cli_output form, struct json *map);

/* A value of a map in words, as a table shows it. Appends. */
void output_add_cell(struct strbuf *out, const struct json *map,
		     const struct output_column *column);
/* A time as RFC 3339, or null when it is 0. */
void output_put_time(struct json *map, const char *key, int64_t unix_s);

#endif
