/* The facts of a plan out of what was found: rows of the cluster joined with the contents and
 * volumes of the snapshot. Pure. design/screens.md 4.7, step 3. */
#ifndef BACKEND_OPS_FACTS_H
#define BACKEND_OPS_FACTS_H

#include "backend/ops/app_objects.h"
#include "backend/ops/contents.h"
#include "backend/store/model.h"

struct facts_rows {
	struct restore_facts facts; /* for restore_plan_build(); borrows from all below */
	struct plan_object *objects;
	size_t count, capacity;
	const struct podvolume **volumes;
	size_t volume_count, volume_capacity;
};

/* contents NULL: not known. backup may be NULL. Everything given must outlive rows. */
void facts_rows_build(struct facts_rows *rows, const struct app_objects *objects,
		      const struct contents *contents, const struct model *model,
		      const struct backup *backup);
void facts_rows_done(struct facts_rows *rows);

#endif
