#include "backend/cli/output.h"
#include <stdint.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct {
	const char *json;
	enum column_form form;
	const char *want;
} cell_cases[] = {
	{ "{\"v\":\"plain\"}", COLUMN_TEXT, "plain" },
	{ "{\"v\":\"\"}", COLUMN_TEXT, "-" },
	{ "{\"v\":null}", COLUMN_BYTES, "-" },
	{ "{}", COLUMN_COUNT, "-" },
	{ "{\"v\":0}", COLUMN_COUNT, "0" },
	{ "{\"v\":1204}", COLUMN_COUNT, "1204" },
	{ "{\"v\":179314884608}", COLUMN_BYTES, "167 GiB" },
	{ "{\"v\":\"a\\u001b[31mb\"}", COLUMN_TEXT, "a^[[31mb" },
};

Test(output, cells_say_what_is_known_and_nothing_else)
{
	for (size_t i = 0; i < ARRAY_SIZE(cell_cases); i++) {
		const struct output_column column = { "V", "v", cell_cases[i].form };
		struct strbuf cell = STRBUF_INIT;
		struct json *map = json_parse(cell_cases[i].json, strlen(cell_cases[i].json), NULL);

		output_add_cell(&cell, map, &column);
		cr_expect(eq(str, cell.buf, (char *)(uintptr_t)cell_cases[i].want));
		strbuf_done(&cell);
		json_free(map);
	}
}

Test(output, a_time_that_is_not_set_is_null)
{
	struct json *map = json_new_map();
	struct strbuf text = STRBUF_INIT;

	output_put_time(map, "a", 0);
	output_put_time(map, "b", 1763690404);
	json_print(map, &text);
	cr_assert(eq(str, text.buf, "{\"a\":null,\"b\":\"2025-11-21T02:00:04Z\"}"));
	strbuf_done(&text);
	json_free(map);
}
