/* How the store of a backup or restore is to be trusted: the CA that its BackupStorageLocation
 * names, inline or in a Secret (spec/velero-api.md 2.6, 3.4), or that it asks not to check. Worker
 * thread. */
#ifndef BACKEND_VELERO_STORE_TRUST_H
#define BACKEND_VELERO_STORE_TRUST_H

#include "backend/kube/client.h"

struct store_trust;
/* Once. tls is borrowed (move out of it what is needed), NULL when the location says nothing or
 * could not be read. */
typedef void store_trust_done(void *arg, struct tls_identity *tls);

struct store_trust_spec {
	struct client *client;
	const char *namespace, *name; /* copied */
	bool is_restore;	      /* name is of a restore, not of a backup */
	store_trust_done *done;
	void *arg;
};
struct store_trust *store_trust_start(const struct store_trust_spec *spec);
void store_trust_cancel(struct store_trust *trust); /* done is not called; NULL is fine */

#endif
