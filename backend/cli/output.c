#include "backend/cli/output.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/base/safetext.h"
#include "backend/base/yaml.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void output_put_time(struct json *map, const char *key, int64_t unix_s)
{
	struct strbuf text = STRBUF_INIT;

	if (!unix_s) {
		json_put(map, key, json_new_null());
		return;
	}
	clock_add_rfc3339(&text, unix_s);
	json_put_text(map, key, text.buf);
	strbuf_done(&text);
}

void output_add_cell(struct strbuf *out, const struct json *map, const struct output_column *column)
{
	const struct json *value = json_key(map, column->key);
	const char *text = json_value(value);

	if (!value || json_type(value) == JSON_NULL) {
		strbuf_adds(out, "-");
		return;
	}
	switch (column->form) {
	case COLUMN_TEXT:
		safetext_add(out, *text ? text : "-", *text ? strlen(text) : 1, false);
		return;
	case COLUMN_COUNT:
		strbuf_addf(out, "%" PRId64, json_int(map, column->key, 0));
		return;
	case COLUMN_BYTES:
		amount_add_bytes(out, json_int(map, column->key, 0));
		return;
	case COLUMN_TIME:
		clock_add_short(out, clock_parse_rfc3339(text), clock_now(),
				(struct clock_zone){ 0 });
		return;
	}
}

/* Characters, not bytes: names and words are mostly ASCII, and a wide one shifts its line only. */
static int cells(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static void print_cell(const char *text, int width, bool right, bool last)
{
	int pad = width - cells(text);

	if (right && pad > 0)
		printf("%*s", pad, "");
	fputs(text, stdout);
	if (!right && pad > 0 && !last)
		printf("%*s", pad, "");
	if (!last)
		fputs("  ", stdout);
}

static bool is_right(enum column_form form)
{
	return form == COLUMN_COUNT || form == COLUMN_BYTES;
}

static void print_table(const struct json *items, struct output_columns columns)
{
	int *widths = mem_array(columns.count, sizeof(*widths));
	struct strbuf cell = STRBUF_INIT;
	const struct json *item;

	for (size_t i = 0; i < columns.count; i++)
		widths[i] = cells(columns.rows[i].title);
	for (item = json_first(items); item; item = json_next(item)) {
		for (size_t i = 0; i < columns.count; i++) {
			strbuf_reset(&cell);
			output_add_cell(&cell, item, &columns.rows[i]);
			widths[i] = cells(cell.buf) > widths[i] ? cells(cell.buf) : widths[i];
		}
	}
	for (size_t i = 0; i < columns.count; i++)
		print_cell(columns.rows[i].title, widths[i], is_right(columns.rows[i].form),
			   i + 1 == columns.count);
	putchar('\n');
	for (item = json_first(items); item; item = json_next(item)) {
		for (size_t i = 0; i < columns.count; i++) {
			strbuf_reset(&cell);
			output_add_cell(&cell, item, &columns.rows[i]);
			print_cell(cell.buf, widths[i], is_right(columns.rows[i].form),
				   i + 1 == columns.count);
		}
		putchar('\n');
	}
	strbuf_done(&cell);
	free(widths);
}

static void print_names(const struct json *items)
{
	for (const struct json *item = json_first(items); item; item = json_next(item))
		puts(json_key_text(item, "name"));
}

static void print_tree(enum cli_output form, const struct json *tree)
{
	struct strbuf text = STRBUF_INIT;

	if (form == OUTPUT_YAML)
		yaml_print(tree, &text);
	else
		json_print_pretty(tree, &text);
	fwrite(text.buf, 1, text.len, stdout);
	strbuf_done(&text);
}

void output_list(enum cli_output form, struct json *items, struct output_columns columns,
		 const char *none)
{
	struct json *root = json_new_map();

	json_put(root, "items", items);
	if (form == OUTPUT_NAME)
		print_names(items);
	else if (form != OUTPUT_TABLE)
		print_tree(form, root);
	else if (json_count(items))
		print_table(items, columns);
	else
		fprintf(stderr, "%s\n", none);
	json_free(root);
}

void output_one(enum cli_output form, struct json *map)
{
	if (form == OUTPUT_NAME)
		puts(json_key_text(map, "name"));
	else
		print_tree(form, map);
	json_free(map);
}
