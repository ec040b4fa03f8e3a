#include "tests/unit/backend/ops/plans.h"

static const enum restore_step steps[] = { STEP_RECORDED, STEP_READY,	STEP_OLD_GONE,
					   STEP_REMOVED,  STEP_CREATED, STEP_RESTORED,
					   STEP_MARKED,	  STEP_CHECKED };

static const struct plan_object objects[] = {
	{ "apps", "v1", "deployments", "Deployment", "default", "api", 0, 0, true, true, false,
	  false },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "default", "data-1", 0,
	  1 << 30, true, true, false, true },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "default", "kept", 0, 0,
	  true, false, true, false },
};

struct restore_plan *plan_of_analytics(void)
{
	struct restore_plan *plan = mem_alloc(sizeof(*plan));

	atomic_init(&plan->refs, 1);
	plan->kind = RESTORE_APP_FROM_FULL;
	plan->backup = "instance-m4h8t";
	plan->restore = "instance-m4h8t.acme-analytics";
	plan->app_slug = plan->confirm = "acme-analytics";
	plan->app_title = "Acme Analytics";
	plan->namespaces = "default";
	plan->velero_namespace = "velero";
	plan->console_namespace = "default";
	plan->app_id = "2bXw";
	plan->sequence = 42;
	plan->taken = 1795140000;
	plan->restore_json = "{\"apiVersion\":\"velero.io/v1\",\"kind\":\"Restore\",\"metadata\":"
			     "{\"name\":\"instance-m4h8t.acme-analytics\"},"
			     "\"spec\":{\"backupName\":\"instance-m4h8t\"}}";
	plan->steps = steps;
	plan->step_count = ARRAY_SIZE(steps);
	plan->objects = objects;
	plan->object_count = ARRAY_SIZE(objects);
	plan->removed = 2;
	plan->removed_volumes = 1;
	plan->removed_bytes = INT64_C(1) << 40;
	plan->restored_volumes = 1;
	plan->contents_known = true;
	return plan;
}
