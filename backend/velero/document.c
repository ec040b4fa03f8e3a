#include "backend/base/mem.h"
#include "backend/velero/download.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The index has an entry each so many lines: small even when every line is empty, and a line is
 * still found at once. */
#define STRIDE 16

struct document {
	atomic_int refs;
	char *text;
	size_t len;
	size_t lines;
	size_t *starts; /* of lines 0, STRIDE, 2 * STRIDE ... */
};

/* Where the line after the one at `at` begins, or len. */
static size_t next_line(const struct document *document, size_t at)
{
	const char *newline = memchr(document->text + at, '\n', document->len - at);

	return newline ? (size_t)(newline - document->text) + 1 : document->len;
}

const struct document *document_new(char *text, size_t len)
{
	struct document *document = mem_alloc(sizeof(*document));
	size_t count = 0, capacity = 0;

	document->text = text;
	document->len = len;
	atomic_init(&document->refs, 1);
	for (size_t at = 0; at < len; at = next_line(document, at)) {
		if (document->lines++ % STRIDE)
			continue;
		document->starts = mem_grow(document->starts, count, &capacity, sizeof(size_t));
		document->starts[count++] = at;
	}
	return document;
}

static struct document *mutable(const struct document *document)
{
	return (struct document *)(uintptr_t)document;
}

const struct document *document_ref(const struct document *document)
{
	atomic_fetch_add(&mutable(document)->refs, 1);
	return document;
}

void document_unref(const struct document *document)
{
	struct document *mine = mutable(document);

	if (!document || atomic_fetch_sub(&mine->refs, 1) > 1)
		return;
	free(mine->text);
	free(mine->starts);
	free(mine);
}

size_t document_lines(const struct document *document)
{
	return document->lines;
}

const char *document_line(const struct document *document, size_t index, size_t *ret_len)
{
	size_t at, end;

	*ret_len = 0;
	if (index >= document->lines)
		return "";
	at = document->starts[index / STRIDE];
	for (size_t i = 0; i < index % STRIDE; i++)
		at = next_line(document, at);
	end = next_line(document, at);
	if (end > at && document->text[end - 1] == '\n')
		end--;
	if (end > at && document->text[end - 1] == '\r')
		end--;
	*ret_len = end - at;
	return document->text + at;
}

const char *document_text(const struct document *document, size_t *ret_len)
{
	*ret_len = document->len;
	return document->text;
}
