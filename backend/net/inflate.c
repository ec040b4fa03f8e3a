#include "backend/net/inflate.h"

#include "backend/base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#define PIECE 32768

enum kind { KIND_UNKNOWN, KIND_PLAIN, KIND_GZIP };

struct inflate {
	z_stream stream;
	enum kind kind;
	bool ended;
	size_t ceiling, made;
	bool has_magic; /* the first byte may be that of gzip: the second tells */
};

struct inflate *inflate_new(size_t ceiling_bytes)
{
	struct inflate *in = mem_alloc(sizeof(*in));

	in->ceiling = ceiling_bytes;
	if (inflateInit2(&in->stream, 16 + MAX_WBITS) != Z_OK)
		die("out of memory (gzip)");
	return in;
}

void inflate_free(struct inflate *in)
{
	if (!in)
		return;
	inflateEnd(&in->stream);
	free(in);
}

static enum status count(struct inflate *in, size_t len, struct error *err)
{
	in->made += len;
	if (in->made > in->ceiling)
		return error_set(err, STATUS_TOO_LARGE, "more than %zu MiB of text",
				 in->ceiling >> 20);
	return STATUS_OK;
}

static enum status keep(struct inflate *in, const void *bytes, size_t len, struct strbuf *out,
			struct error *err)
{
	enum status st = count(in, len, err);

	if (!st)
		strbuf_add(out, bytes, len);
	return st;
}

static enum status unpack(struct inflate *in, const unsigned char *bytes, size_t len,
			  struct strbuf *out, struct error *err)
{
	enum status st = STATUS_OK;
	int result = Z_OK;
	size_t made;

	in->stream.next_in = (unsigned char *)(uintptr_t)bytes;
	in->stream.avail_in = (unsigned)len;
	while (!st && !in->ended && (in->stream.avail_in > 0 || in->stream.avail_out == 0)) {
		strbuf_reserve(out, PIECE);
		in->stream.next_out = (unsigned char *)out->buf + out->len;
		in->stream.avail_out = PIECE;
		result = (inflate)(&in->stream, Z_NO_FLUSH);
		made = PIECE - in->stream.avail_out;
		out->buf[out->len + made] = '\0';
		if (result == Z_BUF_ERROR)
			break;
		if (result != Z_OK && result != Z_STREAM_END)
			return error_set(err, STATUS_FORMAT, "the gzip data is damaged");
		in->ended = result == Z_STREAM_END;
		st = count(in, made, err);
		if (!st)
			out->len += made;
	}
	return st;
}

static const unsigned char magic[2] = { 0x1f, 0x8b };

/* Looks at the first two bytes, which may come one at a time. */
static void recognise(struct inflate *in, const char **bytes, size_t *len)
{
	if (!in->has_magic && (unsigned char)**bytes == magic[0]) {
		in->has_magic = true;
		(*bytes)++;
		(*len)--;
	} else if (!in->has_magic) {
		in->kind = KIND_PLAIN;
	}
	if (in->has_magic && *len)
		in->kind = (unsigned char)**bytes == magic[1] ? KIND_GZIP : KIND_PLAIN;
}

enum status inflate_feed(struct inflate *in, const char *bytes, size_t len, struct strbuf *out,
			 struct error *err)
{
	bool asked = in->kind == KIND_UNKNOWN && len > 0;
	enum status st = STATUS_OK;

	if (asked)
		recognise(in, &bytes, &len);
	if (asked && in->has_magic && in->kind == KIND_GZIP)
		st = unpack(in, magic, 1, out, err);
	else if (asked && in->has_magic && in->kind == KIND_PLAIN)
		st = keep(in, magic, 1, out, err);
	if (st || len == 0)
		return st;
	return in->kind == KIND_GZIP ? unpack(in, (const unsigned char *)bytes, len, out, err)
				     : keep(in, bytes, len, out, err);
}

enum status inflate_end(struct inflate *in, struct error *err)
{
	if (in->kind == KIND_GZIP && !in->ended)
		return error_set(err, STATUS_FORMAT,
				 "the gzip data ends too early, after %zu bytes of text", in->made);
	return STATUS_OK;
}
