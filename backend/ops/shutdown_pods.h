/* Before a backup KOTS labels pods that were shut down with their node as excluded, in each
 * namespace the backup includes (spec/kots-snapshots.md 2.14). Failures are only logged, as there.
 * Worker thread. */
#ifndef BACKEND_OPS_SHUTDOWN_PODS_H
#define BACKEND_OPS_SHUTDOWN_PODS_H

#include "backend/kube/client.h"

struct shutdown_pods;
/* backup is the Backup about to be created; borrowed, must live until done or free. done comes
 * once; inside start when the backup names no namespace. */
struct shutdown_pods *shutdown_pods_start(struct client *client, const struct json *backup,
					  void (*done)(void *arg), void *arg);
void shutdown_pods_free(struct shutdown_pods *pods); /* NULL is fine; also inside done */

/* true when a backup with this spec would select the pod, and it was shut down. Pure. */
bool shutdown_pod_is_meant(const struct json *backup_spec, const struct json *pod);

#endif
