/* Who has an operation: a Lease "kotsnap-op-<id>" beside its record, renewed each 10 s, good
 * for 30. Each write names the version it is based on, so that of two who want it one gets it. The
 * clocks of two nodes need not agree: a lease counts as run out only when nobody renewed it while
 * we looked on, or when its process is known to be gone. Where leases may not be written, or are
 * not served, the record alone says whose it is. Worker thread. */
#ifndef BACKEND_OPS_LEASE_H
#define BACKEND_OPS_LEASE_H

#include "backend/ops/journal.h"

/* A lease that its clock says is old is looked at for so long all the same: an owner who is alive
 * renews it meanwhile. */
#define LEASE_LOOK_MS (JOURNAL_RENEW_MS + 2000)

struct lease_spec {
	struct transport *transport;
	struct client *client;
	const char *namespace, *id, *session, *owner; /* copied; owner "root@node-01" */
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

/* What a lease found in the cluster means for us. Pure. */
enum lease_sight { LEASE_OURS, LEASE_FREE, LEASE_OLD, LEASE_TAKEN };
/* OLD: by our clock, skew allowed, it has run out. gone: its process is known to be. */
enum lease_sight lease_judge(const struct json *lease, const char *holder, int64_t now, bool gone);

#endif
