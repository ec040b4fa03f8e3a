#include "backend/practice/deflate.h"

#include "backend/base/mem.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

bool deflate_is_wanted(const char *accept_encoding)
{
	return text_find_nocase(accept_encoding, "gzip") &&
	       !text_find_nocase(accept_encoding, "gzip;q=0,") &&
	       !text_ends(accept_encoding, "gzip;q=0");
}

void deflate_text(struct strbuf *text)
{
	struct strbuf packed = STRBUF_INIT;
	z_stream stream;

	memset(&stream, 0, sizeof(stream));
	if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		die("out of memory (gzip)");
	strbuf_reserve(&packed, deflateBound(&stream, text->len));
	stream.next_in = (Bytef *)text->buf;
	stream.avail_in = (uInt)text->len;
	stream.next_out = (Bytef *)packed.buf;
	stream.avail_out = (uInt)(packed.capacity - 1);
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		die("gzip gave no end");
	packed.len = stream.total_out;
	packed.buf[packed.len] = '\0';
	deflateEnd(&stream);
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
