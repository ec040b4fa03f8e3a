/* The one libcurl multi handle, and timers: what the worker thread waits on. Connections are kept
 * and reused. Every function but transport_wakeup() belongs to the thread that calls
 * transport_wait(); callbacks run inside transport_wait() only, and may start and cancel requests
 * and timers. Redirects are followed for GET only, unless the
 * request says otherwise, never carrying Authorization to another host.
 * User-Agent is kotsnap/VERSION (an API server indents its JSON for curl: spec/velero-api.md 13).
 */
#ifndef BACKEND_NET_TRANSPORT_H
#define BACKEND_NET_TRANSPORT_H

#include "backend/net/http.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct transport;

struct transport_events {
	/* Head of the reply is there. false ends the request (done comes with STATUS_CANCELLED).
	 * May be NULL. */
	bool (*head)(void *arg, const struct http_reply *reply);
	/* Bytes of the body, unpacked. false ends the request. */
	bool (*body)(void *arg, const char *bytes, size_t len);
	/* Exactly once, last. err is NULL when the whole reply came (any HTTP status). */
	void (*done)(void *arg, const struct http_reply *reply, const struct error *err);
	void *arg;
};

enum status transport_new(struct transport **ret_transport, struct error *err);
void transport_free(struct transport *transport); /* requests under way end without done */

/* Ids start at 1 and are never used again; 0 is none. */
uint64_t transport_start(struct transport *transport, const struct http_request *request,
			 const struct transport_events *events);
void transport_cancel(struct transport *transport,
		      uint64_t id); /* done is not called; unknown ids are fine */

/* One-shot timer at clock_monotonic_ms() + delay_ms. */
uint64_t transport_after(struct transport *transport, int64_t delay_ms, void (*fire)(void *arg),
			 void *arg);
void transport_cancel_timer(struct transport *transport, uint64_t id);

/* Waits for network, timers, wake-up or one of the extra descriptors (revents filled); at most
 * timeout_ms (-1 = no limit). */
void transport_wait(struct transport *transport, struct pollfd *extra, unsigned count,
		    int timeout_ms);
void transport_wakeup(struct transport *transport); /* any thread */

#endif
