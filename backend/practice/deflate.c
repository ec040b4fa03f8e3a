#include "backend/practice/deflate.h"

#include "backend/base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

bool deflate_is_wanted(const char *accept_encoding)
{
	return text_find_nocase(accept_encoding, "gzip") &&
	       !text_find_nocase(accept_encoding, "gzip;q=0,") &&
	       !text_ends(accept_encoding, "gzip;q=0");
}

struct deflater {
	z_stream stream;
};

struct deflater *deflater_new(void)
{
	struct deflater *deflater = mem_alloc(sizeof(*deflater));

	if (deflateInit2(&deflater->stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		die("out of memory (gzip)");
	return deflater;
}

void deflater_add(struct deflater *deflater, const struct strbuf *text, bool last,
		  struct strbuf *out)
{
	z_stream *stream = &deflater->stream;
	int result;

	stream->next_in = (Bytef *)text->buf;
	stream->avail_in = (uInt)text->len;
	do {
		strbuf_reserve(out, deflateBound(stream, stream->avail_in));
		stream->next_out = (Bytef *)out->buf + out->len;
		stream->avail_out = (uInt)(out->capacity - 1 - out->len);
		result = deflate(stream, last ? Z_FINISH : Z_NO_FLUSH);
		if (result == Z_STREAM_ERROR)
			die("gzip gave no end");
		out->len = (size_t)((char *)stream->next_out - out->buf);
		out->buf[out->len] = '\0';
	} while (stream->avail_in || (last && result != Z_STREAM_END));
}

void deflater_free(struct deflater *deflater)
{
	if (!deflater)
		return;
	deflateEnd(&deflater->stream);
	free(deflater);
}

void deflate_text(struct strbuf *text)
{
	struct strbuf packed = STRBUF_INIT;
	struct deflater *deflater = deflater_new();

	deflater_add(deflater, text, true, &packed);
	deflater_free(deflater);
	strbuf_done(text);
	*text = packed;
}

static enum status inflate_some(z_stream *stream, size_t ceiling, struct strbuf *text,
				struct error *err)
{
	unsigned char piece[16384];
	int result = Z_OK;

	while (result == Z_OK) {
		stream->next_out = piece;
		stream->avail_out = sizeof(piece);
		result = inflate(stream, Z_NO_FLUSH);
		strbuf_add(text, piece, sizeof(piece) - stream->avail_out);
		if (text->len > ceiling)
			return error_set(err, STATUS_TOO_LARGE, "unpack: more than %zu bytes",
					 ceiling);
	}
	if (result != Z_STREAM_END)
		return error_set(err, STATUS_FORMAT, "unpack: not a whole gzip file");
	return STATUS_OK;
}

enum status deflate_undo(const void *bytes, size_t len, size_t ceiling, struct strbuf *ret_text,
			 struct error *err)
{
	struct strbuf text = STRBUF_INIT;
	enum status st;
	z_stream stream;

	memset(&stream, 0, sizeof(stream));
	if (inflateInit2(&stream, 15 + 16) != Z_OK)
		die("out of memory (gunzip)");
	stream.next_in = (Bytef *)(uintptr_t)bytes;
	stream.avail_in = (uInt)len;
	st = inflate_some(&stream, ceiling, &text, err);
	inflateEnd(&stream);
	if (!st)
		strbuf_add(ret_text, text.buf, text.len);
	strbuf_done(&text);
	return st;
}
