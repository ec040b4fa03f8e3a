/* One watch: the lines a client gets, in time. Pulled by the connection's own thread; no other
 * touches it. */
#ifndef BACKEND_PRACTICE_WATCH_STREAM_H
#define BACKEND_PRACTICE_WATCH_STREAM_H

#include "backend/base/strbuf.h"
#include "backend/practice/kinds.h"
#include "backend/practice/objects.h"

#include <stdbool.h>

struct watch_spec {
	const struct kind *kind;
	const char *namespace;	 /* "" = all */
	const char *name;	 /* "" = all */
	struct selector *labels; /* taken over */
	struct selector *fields; /* taken over */
	int64_t since;
	int64_t deadline_ms; /* clock_monotonic_ms() */
	int bookmark_ms;     /* 0 = none */
	bool initial;	     /* the objects there are come first, as ADDED */
	bool initial_end;    /* and after them the bookmark that says so (sendInitialEvents) */
};

struct watch_stream;

struct watch_stream *watch_stream_new(struct objects *objects, const struct watch_spec *spec);
void watch_stream_free(struct watch_stream *stream); /* NULL is fine */

enum watch_pull { WATCH_LINES, WATCH_QUIET, WATCH_END };
/* Appends the next lines, waiting at most wait_ms for them. WATCH_QUIET: nothing yet. WATCH_END:
 * the stream is over (what was appended with it is its last word). */
enum watch_pull watch_stream_pull(struct watch_stream *stream, int wait_ms, struct strbuf *out);

#endif
