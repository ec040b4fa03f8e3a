#include "backend/practice/list_stream.h"

#include "backend/base/mem.h"
#include "backend/practice/deflate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct list_stream {
	struct objects_cursor *cursor;
	const struct kind *kind;
	struct deflater *deflater; /* NULL = plain */
	struct strbuf text;	   /* read, not packed yet */
	struct strbuf pending;	   /* to be sent from `sent` on */
	size_t sent;
	bool ended;
};

/* Appends the next piece; with the last one the list is closed. */
static enum status pull(struct list_stream *stream, struct strbuf *out, struct error *err)
{
	enum status st = objects_cursor_read(stream->cursor, LIST_STREAM_THRESHOLD, out,
					     &stream->ended, err);

	if (!st && stream->ended)
		strbuf_addf(out,
			    "],\"kind\":\"%sList\",\"metadata\":{\"continue\":\"\","
			    "\"resourceVersion\":\"%" PRId64 "\"}}\n",
			    stream->kind->kind, objects_cursor_version(stream->cursor));
	return st;
}

enum status list_stream_open(struct objects *objects, const struct kind *kind,
			     const struct object_key *key, struct strbuf *out,
			     struct list_stream **ret_stream, struct error *err)
{
	struct list_stream *stream = mem_alloc(sizeof(*stream));
	enum status st = objects_cursor_open(objects, key, &stream->cursor, err);

	stream->kind = kind;
	strbuf_init(&stream->text);
	strbuf_init(&stream->pending);
	if (!st) {
		strbuf_addf(out, "{\"apiVersion\":\"%s/%s\",\"items\":[", kind->group,
			    kind->version);
		st = pull(stream, out, err);
	}
	*ret_stream = st || stream->ended ? NULL : stream;
	if (!*ret_stream)
		list_stream_free(stream);
	return st;
}

enum status list_stream_rest(struct list_stream *stream, struct strbuf *out, struct error *err)
{
	enum status st = STATUS_OK;

	while (!st && !stream->ended)
		st = pull(stream, out, err);
	return st;
}

void list_stream_begin(struct list_stream *stream, struct strbuf *start, bool packed)
{
	stream->text = *start;
	strbuf_init(start);
	if (packed)
		stream->deflater = deflater_new();
}

static void fill(struct list_stream *stream)
{
	strbuf_reset(&stream->pending);
	stream->sent = 0;
	if (stream->deflater)
		deflater_add(stream->deflater, &stream->text, stream->ended, &stream->pending);
	else
		strbuf_add(&stream->pending, stream->text.buf, stream->text.len);
	strbuf_reset(&stream->text);
}

long list_stream_read(struct list_stream *stream, char *out, size_t max)
{
	size_t left;

	while (stream->sent == stream->pending.len) {
		/* What was put there by list_stream_begin() goes first. */
		if (!stream->text.len && stream->ended)
			return 0;
		if (!stream->text.len && pull(stream, &stream->text, NULL))
			return -1;
		fill(stream);
	}
	left = stream->pending.len - stream->sent;
	if (left > max)
		left = max;
	memcpy(out, stream->pending.buf + stream->sent, left);
	stream->sent += left;
	return (long)left;
}

void list_stream_free(struct list_stream *stream)
{
	if (!stream)
		return;
	objects_cursor_close(stream->cursor);
	deflater_free(stream->deflater);
	strbuf_done(&stream->text);
	strbuf_done(&stream->pending);
	free(stream);
}
