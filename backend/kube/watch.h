/* One list, then one watch, for ever: bookmarks, 410, 401, cut lines, silent stalls, backoff with
 * jitter; polling where watch is refused. Items of the list are cut out of the stream and parsed
 * one at a time (spec/velero-api.md 13). Worker thread. */
#ifndef BACKEND_KUBE_WATCH_H
#define BACKEND_KUBE_WATCH_H

#include "backend/kube/client.h"

enum watch_event { WATCH_ADDED, WATCH_MODIFIED, WATCH_DELETED };

enum watch_phase {
	WATCH_LISTING,	 /* a list is under way */
	WATCH_LIVE,	 /* the watch is open and was heard of in time */
	WATCH_POLLING,	 /* watch refused: listed again each 15 s */
	WATCH_LOST,	 /* no answer; next_try_ms says when it tries again */
	WATCH_FORBIDDEN, /* 403: tried again each 60 s */
	WATCH_ABSENT,	 /* the kind is not served (plain 404): tried again each 60 s */
};

struct watch_state {
	enum watch_phase phase;
	int64_t next_try_ms; /* monotonic; 0 = none planned */
	int64_t since;	     /* unix seconds: when this phase began */
	struct error why;    /* for LOST, FORBIDDEN, ABSENT, POLLING */
};

struct watch_spec {
	struct kube_kind kind;
	const char *namespace;	    /* "" = all; copied */
	const char *label_selector; /* NULL = none; copied */
	const char *what;	    /* "backups in velero"; copied */
	/* A list begins: what is not seen until `listed` is gone. */
	void (*begin)(void *arg);
	/* object is borrowed; items of the list are ADDED. */
	void (*item)(void *arg, enum watch_event event, const struct json *object);
	void (*listed)(void *arg);
	void (*state)(void *arg, const struct watch_state *state);
	void *arg;
	/* Silence that ends a watch; 0 = 90 s: bookmarks come each minute (velero-api.md 3.0). */
	int stall_ms;
	/* Silences in a row that lead to a new list; 0 = 20, half an hour: an API server over
	 * etcd 3.4 sends no bookmarks for a list that does not change, and a quiet list is no
	 * reason to read 10,000 objects again. */
	unsigned silences;
	/* First wait after a failure; 0 = 1 s, then 2, 4, 8 and 15 s for ever. */
	int backoff_ms;
};

struct watch;
struct watch *watch_start(struct client *client, const struct watch_spec *spec);
void watch_stop(struct watch *watch);	   /* no callback after it; NULL is fine */
void watch_retry_now(struct watch *watch); /* a person pressed Ctrl-R */

#endif
