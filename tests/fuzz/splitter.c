/* However the stream is cut, the same pieces come out. The first byte says how long the cuts are.
 */
#include "tests/fuzz/fuzz.h"

#include "backend/kube/splitter.h"

#define CEILING 512

static bool keep(void *arg, const char *text, size_t len)
{
	struct strbuf *pieces = arg;

	strbuf_add(pieces, text, len);
	strbuf_addc(pieces, '\n');
	return true;
}

static enum status split_list(const char *bytes, size_t len, size_t cut, struct strbuf *pieces)
{
	struct list_splitter splitter;
	enum status st = STATUS_OK;

	list_splitter_init(&splitter, CEILING);
	for (size_t at = 0; !st && at < len; at += cut)
		st = list_splitter_feed(&splitter, bytes + at, cut < len - at ? cut : len - at,
					keep, pieces, NULL);
	if (!st)
		st = list_splitter_end(&splitter, NULL);
	strbuf_add(pieces, splitter.frame.buf, splitter.frame.len);
	list_splitter_done(&splitter);
	return st;
}

static enum status split_lines(const char *bytes, size_t len, size_t cut, struct strbuf *pieces)
{
	struct line_splitter splitter;
	enum status st = STATUS_OK;

	line_splitter_init(&splitter, CEILING);
	for (size_t at = 0; !st && at < len; at += cut)
		st = line_splitter_feed(&splitter, bytes + at, cut < len - at ? cut : len - at,
					keep, pieces, NULL);
	line_splitter_done(&splitter);
	return st;
}

static void compare(enum status (*split)(const char *, size_t, size_t, struct strbuf *),
		    const char *bytes, size_t len, size_t cut)
{
	struct strbuf whole = STRBUF_INIT, parts = STRBUF_INIT;
	enum status st_whole = split(bytes, len, len ? len : 1, &whole),
		    st_parts = split(bytes, len, cut, &parts);

	fuzz_require(st_whole == st_parts);
	if (!st_whole)
		fuzz_require(whole.len == parts.len && !memcmp(whole.buf, parts.buf, whole.len));
	strbuf_done(&whole);
	strbuf_done(&parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t cut = size ? 1 + data[0] % 16 : 1;
	char *bytes;

	if (!size)
		return 0;
	bytes = fuzz_text(data + 1, size - 1);
	compare(split_list, bytes, size - 1, cut);
	compare(split_lines, bytes, size - 1, cut);
	free(bytes);
	return 0;
}
