#include "backend/kube/splitter.h"

#include <string.h>

#define FRAME_CEILING (64 * 1024) /* kind and metadata of a list: some hundred bytes */
#define DEPTH_MAX     1000
#define ITEM_DEPTH    2 /* inside { "items": [ */
#define FIELDS_DEPTH  4 /* inside { "items": [ { "metadata": { */

/* What comes empty: children of metadata or spec. */
static const char *const unread[] = { ",\"managedFields\":", ",\"ownerReferences\":",
				      ",\"tags\":" };

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

struct receiver {
	splitter_piece *piece;
	void *arg;
	struct error *err;
};

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

/* Outside of texts only these can change the state; the others are skipped in a tight loop. */
static const bool matters[256] = {
	['"'] = true, ['{'] = true, ['}'] = true, ['['] = true, [']'] = true
};

static bool is_odd_run(const char *bytes, size_t len)
{
	size_t run = 0;

	while (run < len && bytes[len - 1 - run] == '\\')
		run++;
	return run % 2;
}

/* Inside of a text: past the quote that ends it, or to the end of the piece. len is not 0. */
static size_t pass_text(struct list_splitter *splitter, const char *bytes, size_t len)
{
	size_t at = splitter->escaped ? 1 : 0;

	splitter->escaped = false;
	while (at < len) {
		const char *quote = memchr(bytes + at, '"', len - at);
		size_t end = quote ? (size_t)(quote - bytes) : len;
		bool escapes = is_odd_run(bytes + at, end - at);

		if (!quote)
			splitter->escaped = escapes;
		else if (!escapes)
			splitter->in_text = false;
		at = quote ? end + 1 : len;
		if (!splitter->in_text)
			break;
	}
	return at;
}

static size_t plain_run(const char *bytes, size_t len)
{
	size_t at = 0;

	while (at < len && !matters[(unsigned char)bytes[at]])
		at++;
	return at;
}

/* Takes note of one byte. false when brackets do not fit. */
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
	} else if (byte == '}' || byte == ']') {
		if (splitter->depth == 0)
			return false;
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

/* The item under way is what was kept of it and then `len` bytes of this piece. */
static bool ends_with(const struct strbuf *kept, const char *bytes, size_t len, const char *key)
{
	size_t wanted = strlen(key), from_kept = len < wanted ? wanted - len : 0;

	return from_kept <= kept->len &&
	       !memcmp(kept->buf + kept->len - from_kept, key, from_kept) &&
	       !memcmp(bytes + len - (wanted - from_kept), key + from_kept, wanted - from_kept);
}

static bool is_unread(const struct list_splitter *splitter, const char *bytes, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(unread); i++)
		if (ends_with(&splitter->item, bytes, len, unread[i]))
			return true;
	return false;
}

/* At the bracket before bytes[at]: where it opens what is unread, what has come is kept and the
 * rest is dropped; where it closes that, *from is where the item goes on. */
static enum status note_unread(struct list_splitter *splitter, const char *bytes, size_t at,
			       size_t *from, struct error *err)
{
	size_t bracket = at - 1;

	if (splitter->in_unread && splitter->depth == FIELDS_DEPTH) {
		splitter->in_unread = false;
		*from = bracket;
	} else if (!splitter->in_unread && splitter->depth == FIELDS_DEPTH + 1 &&
		   (bytes[bracket] == '[' || bytes[bracket] == '{') &&
		   is_unread(splitter, bytes + *from, bracket - *from)) {
		splitter->in_unread = true;
		return keep(&splitter->item, bytes + *from, at - *from, splitter->ceiling, err);
	}
	return STATUS_OK;
}

/* From the bracket that opens an item, or from where it went on. Most items lie whole in one piece
 * of the stream and are given without being copied. *ret_used says how far it came. */
static enum status feed_item(struct list_splitter *splitter, const char *bytes, size_t len,
			     size_t *ret_used, const struct receiver *to)
{
	struct strbuf *item = &splitter->item;
	size_t at = 0, from = 0;
	bool given;

	do {
		if (splitter->in_text) {
			at += pass_text(splitter, bytes + at, len - at);
			continue;
		}
		at += plain_run(bytes + at, len - at);
		if (at == len)
			break;
		if (!note_byte(splitter, bytes[at++]))
			return broken(to->err);
		if (note_unread(splitter, bytes, at, &from, to->err))
			return STATUS_TOO_LARGE;
	} while (at < len && splitter->depth > ITEM_DEPTH);
	*ret_used = at;
	if (splitter->in_unread)
		from = at;
	if (splitter->depth > ITEM_DEPTH || item->len || at - from > splitter->ceiling) {
		if (keep(item, bytes + from, at - from, splitter->ceiling, to->err))
			return STATUS_TOO_LARGE;
		bytes = item->buf;
		at = item->len;
	}
	if (splitter->depth > ITEM_DEPTH)
		return STATUS_OK;
	given = to->piece(to->arg, bytes, at);
	strbuf_reset(item);
	return given ? STATUS_OK : error_set(to->err, STATUS_CANCELLED, "stopped");
}

/* Between two items there is nothing but blanks and commas, until the bracket that closes them all.
 */
static enum status feed_between(struct list_splitter *splitter, char byte, struct error *err)
{
	if (is_blank(byte) || byte == ',')
		return STATUS_OK;
	if (byte != ']')
		return broken(err);
	splitter->in_items = false;
	splitter->depth--;
	return keep(&splitter->frame, "]", 1, FRAME_CEILING, err);
}

static enum status feed_frame(struct list_splitter *splitter, char byte, struct error *err)
{
	bool opens = byte == '[' && splitter->depth == 1 && !splitter->in_text &&
		     ends_with_items(&splitter->frame);
	enum status st;

	if (splitter->depth == 0 && is_blank(byte))
		return STATUS_OK;
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

enum status list_splitter_feed(struct list_splitter *splitter, const char *bytes, size_t len,
			       splitter_piece *piece, void *arg, struct error *err)
{
	struct receiver to = { piece, arg, err };
	enum status st = STATUS_OK;
	size_t at = 0, used;

	while (!st && at < len) {
		used = 1;
		if (!splitter->in_items)
			st = feed_frame(splitter, bytes[at], err);
		else if (splitter->depth > ITEM_DEPTH || bytes[at] == '{')
			st = feed_item(splitter, bytes + at, len - at, &used, &to);
		else
			st = feed_between(splitter, bytes[at], err);
		at += used;
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
