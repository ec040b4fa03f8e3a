#include "backend/kube/splitter.h"

#include <string.h>

#define FRAME_CEILING (64 * 1024) /* kind and metadata of a list: some hundred bytes */
#define DEPTH_MAX     1000
#define ITEM_DEPTH    2 /* inside { "items": [ */

void list_splitter_init(struct list_splitter *splitter, size_t ceiling)
{
	*splitter = (struct list_splitter){ .item = STRBUF_INIT,
					    .frame = STRBUF_INIT,
					    .ceiling = ceiling };
}

void list_splitter_done(struct list_splitter *splitter)
{
	strbuf_done(&splitter->item);
	strbuf_done(&splitter->frame);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* What has come of the frame ends with `"items":`, so the bracket that follows opens the items. */
static bool ends_with_items(const struct strbuf *frame)
{
	static const char key[] = "\"items\"";
	size_t len = frame->len;

	while (len && is_blank(frame->buf[len - 1]))
		len--;
	if (!len || frame->buf[len - 1] != ':')
		return false;
	for (len--; len && is_blank(frame->buf[len - 1]);)
		len--;
	if (len < sizeof(key) - 1)
		return false;
	len -= sizeof(key) - 1;
	return !memcmp(frame->buf + len, key, sizeof(key) - 1) &&
	       (!len || frame->buf[len - 1] != '\\');
}

/* How many of these bytes cannot change the state: the inside of a text, or what lies between
 * brackets. */
static size_t plain_run(const struct list_splitter *splitter, const char *bytes, size_t len)
{
	size_t at = 0;

	if (splitter->escaped)
		return 0;
	if (splitter->in_text) {
		while (at < len && bytes[at] != '"' && bytes[at] != '\\')
			at++;
		return at;
	}
	while (at < len && bytes[at] != '"' && bytes[at] != '{' && bytes[at] != '}' &&
	       bytes[at] != '[' && bytes[at] != ']')
		at++;
	return at;
}

/* Takes note of a byte that plain_run() stops at. false when brackets do not fit. */
static bool note_byte(struct list_splitter *splitter, char byte)
{
	if (splitter->escaped) {
		splitter->escaped = false;
	} else if (splitter->in_text) {
		splitter->escaped = byte == '\\';
		splitter->in_text = byte != '"';
	} else if (byte == '"') {
		splitter->in_text = true;
	} else if (byte == '{' || byte == '[') {
		splitter->depth++;
	} else if (splitter->depth == 0) {
		return false;
	} else {
		splitter->depth--;
	}
	return splitter->depth <= DEPTH_MAX;
}

static enum status keep(struct strbuf *into, const char *bytes, size_t len, size_t ceiling,
			struct error *err)
{
	if (into->len + len > ceiling)
		return error_set(err, STATUS_TOO_LARGE,
				 "an object of more than %zu KiB came, which no Kubernetes holds",
				 ceiling >> 10);
	strbuf_add(into, bytes, len);
	return STATUS_OK;
}

static enum status broken(struct error *err)
{
	return error_set(err, STATUS_PROTOCOL, "the answer is no list of Kubernetes objects");
}

/* Between two items there is nothing but blanks and commas, outside of the reply only blanks. */
static enum status skip_between(const char *bytes, size_t len, bool commas, struct error *err)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!is_blank(bytes[i]) && !(commas && bytes[i] == ','))
			return broken(err);
	return STATUS_OK;
}

/* One byte that matters, inside the items. */
static enum status feed_items(struct list_splitter *splitter, char byte, splitter_piece *piece,
			      void *arg, struct error *err)
{
	bool between = splitter->depth == ITEM_DEPTH && !splitter->in_text;
	enum status st;

	if (between && byte == ']') {
		splitter->in_items = false;
		splitter->depth--;
		return keep(&splitter->frame, "]", 1, FRAME_CEILING, err);
	}
	if (between && byte != '{')
		return broken(err);
	st = keep(&splitter->item, &byte, 1, splitter->ceiling, err);
	if (st)
		return st;
	if (!note_byte(splitter, byte))
		return broken(err);
	if (splitter->depth == ITEM_DEPTH && !splitter->in_text) {
		if (!piece(arg, splitter->item.buf, splitter->item.len))
			return error_set(err, STATUS_CANCELLED, "stopped");
		strbuf_reset(&splitter->item);
	}
	return STATUS_OK;
}

static enum status feed_frame(struct list_splitter *splitter, char byte, struct error *err)
{
	bool opens = byte == '[' && splitter->depth == 1 && !splitter->in_text &&
		     ends_with_items(&splitter->frame);
	enum status st;

	if (splitter->ended || (splitter->depth == 0 && byte != '{'))
		return broken(err);
	st = keep(&splitter->frame, &byte, 1, FRAME_CEILING, err);
	if (st)
		return st;
	if (!note_byte(splitter, byte))
		return broken(err);
	splitter->in_items = opens;
	splitter->ended = splitter->depth == 0;
	return STATUS_OK;
}

/* A run of bytes that do not matter goes where the next one that does will go. */
static enum status feed_run(struct list_splitter *splitter, const char *bytes, size_t len,
			    struct error *err)
{
	if (splitter->depth == 0)
		return skip_between(bytes, len, false, err);
	if (!splitter->in_items)
		return keep(&splitter->frame, bytes, len, FRAME_CEILING, err);
	if (splitter->depth == ITEM_DEPTH && !splitter->in_text)
		return skip_between(bytes, len, true, err);
	return keep(&splitter->item, bytes, len, splitter->ceiling, err);
}

enum status list_splitter_feed(struct list_splitter *splitter, const char *bytes, size_t len,
			       splitter_piece *piece, void *arg, struct error *err)
{
	enum status st = STATUS_OK;
	size_t at = 0, run;

	while (!st && at < len) {
		run = plain_run(splitter, bytes + at, len - at);
		st = feed_run(splitter, bytes + at, run, err);
		at += run;
		if (st || at == len)
			break;
		st = splitter->in_items ? feed_items(splitter, bytes[at], piece, arg, err)
					: feed_frame(splitter, bytes[at], err);
		at++;
	}
	return st;
}

enum status list_splitter_end(const struct list_splitter *splitter, struct error *err)
{
	if (splitter->ended)
		return STATUS_OK;
	if (splitter->depth == 0)
		return broken(err);
	return error_set(err, STATUS_PROTOCOL, "the answer was cut short");
}

void line_splitter_init(struct line_splitter *splitter, size_t ceiling)
{
	*splitter = (struct line_splitter){ .tail = STRBUF_INIT, .ceiling = ceiling };
}

void line_splitter_done(struct line_splitter *splitter)
{
	strbuf_done(&splitter->tail);
}

static bool give_line(const char *line, size_t len, splitter_piece *piece, void *arg)
{
	while (len && is_blank(line[len - 1]))
		len--;
	return len == 0 || piece(arg, line, len);
}

enum status line_splitter_feed(struct line_splitter *splitter, const char *bytes, size_t len,
			       splitter_piece *piece, void *arg, struct error *err)
{
	const char *end = bytes + len, *newline;
	enum status st;
	bool more;

	while ((newline = memchr(bytes, '\n', (size_t)(end - bytes)))) {
		if (splitter->tail.len == 0) {
			more = give_line(bytes, (size_t)(newline - bytes), piece, arg);
		} else {
			st = keep(&splitter->tail, bytes, (size_t)(newline - bytes),
				  splitter->ceiling, err);
			if (st)
				return st;
			more = give_line(splitter->tail.buf, splitter->tail.len, piece, arg);
			strbuf_reset(&splitter->tail);
		}
		if (!more)
			return error_set(err, STATUS_CANCELLED, "stopped");
		bytes = newline + 1;
	}
	return keep(&splitter->tail, bytes, (size_t)(end - bytes), splitter->ceiling, err);
}
