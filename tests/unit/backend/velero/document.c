#include "backend/base/mem.h"
#include "backend/base/strbuf.h"
#include "backend/velero/download.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct {
	const char *text;
	size_t lines;
	size_t index;
	const char *line;
} rows[] = {
	{ "", 0, 0, "" },
	{ "one", 1, 0, "one" },
	{ "one\n", 1, 0, "one" },
	{ "one\ntwo", 2, 1, "two" },
	{ "\n\n", 2, 1, "" },
	{ "one\r\ntwo\r\n", 2, 0, "one" },
	{ "one\ntwo\n", 2, 2, "" }, /* there is no third */
	{ "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\n", 18, 16, "q" },
	{ "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\n", 18, 15, "p" },
};

Test(document, lines_are_found_without_their_ends)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct document *document =
			document_new(mem_text(rows[i].text), strlen(rows[i].text));
		size_t len;
		const char *line = document_line(document, rows[i].index, &len);

		cr_expect_eq(document_lines(document), rows[i].lines, "row %zu", i);
		cr_expect_eq(len, strlen(rows[i].line), "row %zu", i);
		cr_expect_not(strncmp(line, rows[i].line, len), "row %zu", i);
		document_unref(document);
	}
}

Test(document, text_with_nul_bytes_keeps_its_lines)
{
	const struct document *document = document_new(mem_text_n("a\0b\nc", 5), 5);
	size_t len;

	cr_expect_eq(document_lines(document), 2);
	document_line(document, 0, &len);
	cr_expect_eq(len, 3);
	document_unref(document);
}

Test(document, the_last_reference_frees_it)
{
	const struct document *document = document_new(mem_text("x"), 1);
	const struct document *mine = document_ref(document);
	size_t len;

	document_unref(document);
	cr_expect_not(strcmp(document_text(mine, &len), "x"));
	document_unref(mine);
	document_unref(NULL);
}

Test(document, two_hundred_thousand_lines_are_numbered)
{
	struct strbuf text = STRBUF_INIT;
	const struct document *document;
	size_t len;

	for (int i = 0; i < 200000; i++)
		strbuf_addf(&text, "line %d\n", i);
	len = text.len;
	document = document_new(strbuf_detach(&text), len);
	cr_expect_eq(document_lines(document), 200000);
	cr_expect_not(strncmp(document_line(document, 123457, &len), "line 123457", 11));
	cr_expect_eq(len, 11);
	document_unref(document);
}
