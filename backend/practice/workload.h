/* What the controllers and the kubelet of a cluster do, as far as the practice cluster needs it:
 * pods come from Deployments, StatefulSets and DaemonSets and become ready after a moment; claims
 * get real folders and lose them. Each function is one look at all objects of its kind. One thread.
 */
#ifndef BACKEND_PRACTICE_WORKLOAD_H
#define BACKEND_PRACTICE_WORKLOAD_H

#include "backend/practice/world.h"

void workload_scale_sets(struct world *world);	/* replica sets of Deployments, pods of all */
void workload_report_sets(struct world *world); /* their status */
void workload_run_pods(struct world *world);	/* one step of each pod's life */
void workload_serve(struct world *world);	/* addresses of Services */
void workload_keep_claims(struct world *world); /* bind, protect, remove with their folders */

#endif
