#include "backend/velero/download.h"
#include "tests/support/recording.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(results, errors_come_first_with_their_scope)
{
	struct strbuf text = STRBUF_INIT;
	struct result_lines lines;

	recording_text("velero/node-agent-missing-results.json", &text);
	cr_assert_eq(results_parse(text.buf, text.len, &lines, NULL), STATUS_OK);
	cr_expect_eq(lines.errors, 1);
	cr_expect_eq(lines.warnings, 2);
	cr_assert_eq(lines.count, 3);
	cr_expect(lines.rows[0].is_error);
	cr_expect_str_eq(lines.rows[0].scope, "velero");
	cr_expect_str_eq(lines.rows[0].message,
			 "name: /web-559d665b87-vf4f9 message: /Error backing up item error: "
			 "/daemonset pod not found in running state in node n1");
	cr_expect_not(lines.rows[2].is_error);
	cr_expect_str_eq(lines.rows[2].scope, "acme");
	result_lines_done(&lines);
	strbuf_done(&text);
}

static const struct {
	const char *text;
	enum status status;
	size_t count;
} rows[] = {
	{ "{}", STATUS_OK, 0 },
	{ "{\"errors\":{},\"warnings\":null}", STATUS_OK, 0 },
	{ "{\"errors\":{\"cluster\":[\" a \",\"\",\"  \",3,null]}}", STATUS_OK, 1 },
	{ "{\"errors\":[\"x\"]}", STATUS_OK, 0 },
	{ "{\"warnings\":{\"namespaces\":{\"a\":[\"1\"],\"b\":[\"2\",\"3\"]}}}", STATUS_OK, 3 },
	{ "[]", STATUS_FORMAT, 0 },
	{ "", STATUS_FORMAT, 0 },
	{ "{\"errors\":{\"velero\":[\"cut", STATUS_FORMAT, 0 },
};

Test(results, parts_may_be_missing_or_damaged)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct result_lines lines = { 0 };
		struct error err = ERROR_INIT;

		cr_expect_eq(results_parse(rows[i].text, strlen(rows[i].text), &lines, &err),
			     rows[i].status, "row %zu: %s", i, err.text);
		cr_expect_eq(lines.count, rows[i].count, "row %zu", i);
		result_lines_done(&lines);
	}
}
