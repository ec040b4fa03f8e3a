#include "backend/base/clock.h"
#include "backend/velero/download.h"
#include "tests/support/recording.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct {
	const char *line;
	char level;
	const char *message, *error; /* NULL: none */
} rows[] = {
	{ "time=\"2026-01-02T03:04:05Z\" level=info msg=\"Listing items\" backup=velero/h3", 'I',
	  "Listing items", NULL },
	{ "time=\"2026-01-02T03:04:05Z\" level=error msg=\"Error executing hook\" "
	  "error=\"command terminated with exit code 5\" hookPhase=pre",
	  'E', "Error executing hook", "command terminated with exit code 5" },
	{ "time=\"2026-01-02T03:04:05Z\" level=warning msg=bare error=short", 'W', "bare",
	  "short" },
	{ "level=debug msg=\"say \\\"hi\\\"\\n\"", 'D', "say \\\"hi\\\"\\n", NULL },
	{ "level=fatal msg=over", 'E', "over", NULL },
	{ "{\"level\":\"info\",\"msg\":\"Listing items\",\"time\":\"2026-01-02T03:04:05Z\"}", 'I',
	  "Listing items", NULL },
	{ "{\"backup\":{\"level\":\"error\",\"x\":[\"}\"]},\"error\":\"boom\",\"level\":\"error\","
	  "\"msg\":\"failed: \\\"x\\\"\"}",
	  'E', "failed: \\\"x\\\"", "boom" },
	/* no log lines, or cut ones: shown as they came */
	{ "panic: runtime error", '?', "panic: runtime error", NULL },
	{ "goroutine level=info msg=x", '?', "goroutine level=info msg=x", NULL },
	{ "", '?', "", NULL },
	{ "time=\"2026", '?', "time=\"2026", NULL },
	{ "{\"level\":\"info\"", '?', "{\"level\":\"info\"", NULL },
	{ "{", '?', "{", NULL },
	{ "{\"a\":{\"b\"", '?', "{\"a\":{\"b\"", NULL },
	{ "level=info msg=\"cut here", 'I', "cut here", NULL },
	{ "level=info msg=\"cut\\", 'I', "cut\\", NULL },
	{ "level=loud msg=x", '?', "level=loud msg=x", NULL },
};

Test(log_line, text_and_json_are_read)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct log_line line;
		const char *error = rows[i].error ? rows[i].error : "";

		log_line_parse(rows[i].line, strlen(rows[i].line), &line);
		cr_expect_eq(line.level, rows[i].level, "row %zu: %c", i, line.level);
		cr_expect_eq(line.message_len, strlen(rows[i].message), "row %zu: %.*s", i,
			     (int)line.message_len, line.message);
		cr_expect_not(strncmp(line.message, rows[i].message, line.message_len), "row %zu",
			      i);
		cr_expect_eq(line.error_len, strlen(error), "row %zu", i);
		cr_expect_eq(line.error != NULL, rows[i].error != NULL, "row %zu", i);
	}
}

/* It looks no further than the level: what follows it is nothing to it. */
Test(log_line, the_level_alone_is_that_of_the_whole_line)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char level = log_line_level(rows[i].line, strlen(rows[i].line));

		if (strstr(rows[i].line, "msg"))
			cr_expect_eq(level, rows[i].level, "row %zu: %c", i, level);
	}
}

Test(log_line, nul_bytes_end_no_search, .timeout = 10)
{
	static const char text[] = "level=info \0 k\0=v msg=\"x\0y\"";
	struct log_line line;

	log_line_parse(text, sizeof(text) - 1, &line);
	cr_expect_eq(line.level, 'I');
	cr_expect_eq(line.message_len, 3);
}

Test(log_line, every_line_of_a_recorded_log_has_level_time_and_message)
{
	struct strbuf text = STRBUF_INIT;
	const struct document *document;
	size_t errors = 0;

	recording_text("velero/hook-fails.log", &text);
	document = document_new(mem_text_n(text.buf, text.len), text.len);
	for (size_t i = 0; i < document_lines(document); i++) {
		size_t len;
		const char *at = document_line(document, i, &len);
		struct log_line line;

		log_line_parse(at, len, &line);
		cr_expect_neq(line.level, '?', "line %zu", i);
		cr_expect_gt(line.time, 0, "line %zu", i);
		cr_expect_gt(line.message_len, 0, "line %zu", i);
		cr_expect_eq(line.level == 'E', line.error != NULL, "line %zu", i);
		errors += line.level == 'E';
	}
	cr_expect_eq(errors, 2);
	document_unref(document);
	strbuf_done(&text);
}
