/* The cluster's own controllers and its only node. */
#include "backend/practice/actors.h"
#include "backend/practice/workload.h"

static int step(struct world *world)
{
	workload_serve(world);
	workload_keep_claims(world);
	workload_scale_sets(world);
	workload_run_pods(world);
	workload_report_sets(world);
	/* Pods wait for time to pass, and the fault "node-agent" is no object. */
	return world->fast ? 300 : 1000;
}

const struct actor actor_workload = { "workload", false, NULL, step, NULL };
