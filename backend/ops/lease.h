/* Who has an operation: a Lease "kotsnap-op-<id>" beside its record, renewed each 10 s, good
 * for 30. Each write names the version it is based on, so that of two who want it one gets it. The
 * clocks of two nodes are never compared: a lease counts as run out only when nobody renewed it
 * while we looked on for as long as it is good, or when its process is known to be gone. Where
 * leases may not be written, or are not served, the record alone says whose it is. Worker thread.
 */
#ifndef BACKEND_OPS_LEASE_H
#define BACKEND_OPS_LEASE_H

#include "backend/ops/journal.h"

/* Whose record stood still before our eyes for longer than a lease is good is looked at for so long
 * all the same: an owner who is alive renews meanwhile. */
#define LEASE_LOOK_MS (JOURNAL_RENEW_MS + 2000)

struct lease_spec {
	struct transport *transport;
	struct client *client;
	const char *namespace, *id, *session, *owner; /* copied; owner "root@node-01" */
	int64_t quiet_ms; /* for how long we saw the record unchanged already */
	/* It is ours, or alone says why the record must do. Once. */
	void (*held)(void *arg, const struct error *alone);
	/* Not yet: somebody may be alive, or the cluster does not answer. */
	void (*waits)(void *arg, const char *words);
	/* Last: somebody else has it. Nothing follows. */
	void (*lost)(void *arg, const struct error *err);
	void *arg;
};

struct lease;
struct lease *lease_start(const struct lease_spec *spec);
void lease_free(struct lease *lease); /* not inside its callbacks; NULL is fine. It runs out */
/* Nobody has it from now on; asked for once, without waiting for the answer. */
void lease_let_go(struct lease *lease);
/* false: it may have run out meanwhile. true where there are no leases. */
bool lease_is_fresh(const struct lease *lease);

/* Somebody else's lease as we saw it last. Zeroed before the first look, lease_seen_done() at the
 * end. */
struct lease_seen {
	char *holder, *renewed; /* as it was written: their clock is not read */
	int64_t since_ms;	/* monotonic, ours: when we first saw it so */
};
void lease_seen_done(struct lease_seen *seen);

enum lease_sight {
	LEASE_OURS,
	LEASE_FREE,  /* nobody has it: let go, its process is gone, or nobody renewed it */
	LEASE_STILL, /* not renewed so far; not long enough to tell */
	LEASE_ALIVE, /* renewed, or taken by somebody else, while we looked on */
};
/* What is asked of a look. */
struct lease_look {
	const char *holder; /* us */
	int64_t now_ms;	    /* monotonic, ours */
	int64_t quiet_ms;   /* before the first look: its record stood still for so long */
	bool gone;	    /* its process is known to be */
};
/* What a lease found in the cluster means for us; takes note of it. Pure. */
enum lease_sight lease_judge(const struct json *lease, const struct lease_look *look,
			     struct lease_seen *seen);

#endif
