/* What of a long list has not been sent yet. Pulled by the connection's own thread; no other
 * touches it. */
#ifndef BACKEND_PRACTICE_LIST_STREAM_H
#define BACKEND_PRACTICE_LIST_STREAM_H

#include "backend/practice/kinds.h"
#include "backend/practice/objects.h"

/* A list of more bytes is not held in memory whole. An API server starts to pack there too. */
#define LIST_STREAM_THRESHOLD (128 * 1024)

struct list_stream;

/* The whole list of a kind of a CRD. What fits the threshold is appended to out at once; with the
 * whole list there, *ret_stream is NULL. */
enum status list_stream_open(struct objects *objects, const struct kind *kind,
			     const struct object_key *key, struct strbuf *out,
			     struct list_stream **ret_stream, struct error *err);
void list_stream_free(struct list_stream *stream); /* NULL is fine */

/* The rest of the list, at once: for answers that are not sent as they are read. */
enum status list_stream_rest(struct list_stream *stream, struct strbuf *out, struct error *err);
/* Before the first reading: `start` (moved) is what goes ahead of the rest; packed: all as gzip. */
void list_stream_begin(struct list_stream *stream, struct strbuf *start, bool packed);
/* At most max bytes of what follows. 0: the list is whole; below 0: it cannot be read on. */
long list_stream_read(struct list_stream *stream, char *out, size_t max);

#endif
