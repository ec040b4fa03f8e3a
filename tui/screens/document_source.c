#include "tui/screens/document_source.h"

static const char *raw(const void *arg, size_t line, size_t *ret_len)
{
	return document_line(arg, line, ret_len);
}

struct pager_source document_source(const struct document *document)
{
	return (struct pager_source){ .count = document ? document_lines(document) : 0,
				      .arg = document,
				      .raw = raw };
}

const struct document *document_from(struct strbuf *sb)
{
	size_t len = sb->len;

	return document_new(strbuf_detach(sb), len);
}
