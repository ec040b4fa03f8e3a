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

/* What is asked for and what was found: one app_objects a subject (restore_subjects()), in that
 * order. contents NULL: not known. backup may be NULL. Everything given must outlive rows. */
struct facts_found {
	enum restore_scope scope;
	const char *app_slug; /* "" unless the scope is one application */
	const struct app_objects *objects;
	size_t count;
	const struct contents *contents;
	const struct model *model;
	const struct backup *backup;
};
void facts_rows_build(struct facts_rows *rows, const struct facts_found *found);
void facts_rows_done(struct facts_rows *rows);

#endif
