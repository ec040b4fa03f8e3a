#include "tests/unit/backend/ops/plans.h"

static const struct plan_step steps[] = {
	{ STEP_RECORDED, 0 }, { STEP_READY, 0 },    { STEP_OLD_GONE, 0 }, { STEP_REMOVED, 0 },
	{ STEP_CREATED, 0 },  { STEP_RESTORED, 0 }, { STEP_MARKED, 0 },	  { STEP_CHECKED, 0 },
};

static const struct restore_part parts[] = {
	{ .app_slug = "acme-analytics",
	  .title = "Acme Analytics",
	  .app_id = "2bXw",
	  .sequence = 42,
	  .restore = "instance-m4h8t.acme-analytics",
	  .restore_json = "{\"apiVersion\":\"velero.io/v1\",\"kind\":\"Restore\",\"metadata\":"
			  "{\"name\":\"instance-m4h8t.acme-analytics\"},"
			  "\"spec\":{\"backupName\":\"instance-m4h8t\"}}" },
};

static const struct plan_object objects[] = {
	{ "apps", "v1", "deployments", "Deployment", "default", "api", 0, 0, true, true, false,
	  false, 0 },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "default", "data-1", 0,
	  1 << 30, true, true, false, true, 0 },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "default", "kept", 0, 0,
	  true, false, true, false, 0 },
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
	plan->selector = plan->forgotten = "";
	plan->taken = 1795140000;
	plan->parts = parts;
	plan->part_count = ARRAY_SIZE(parts);
	plan->steps = steps;
	plan->step_count = ARRAY_SIZE(steps);
	plan->objects = objects;
	plan->object_count = ARRAY_SIZE(objects);
	plan->total.removed = 2;
	plan->total.removed_volumes = 1;
	plan->total.removed_bytes = INT64_C(1) << 40;
	plan->total.restored_volumes = 1;
	plan->contents_known = true;
	return plan;
}
