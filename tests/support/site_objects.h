/* The objects of the story, as JSON through the real decoders into lists. Used by site.c only. */
#ifndef TESTS_SUPPORT_SITE_OBJECTS_H
#define TESTS_SUPPORT_SITE_OBJECTS_H

#include "backend/store/model.h"

struct site_objects {
	struct list_edit *edits[COLLECTIONS];
	int64_t now;
};

/* quiet: nothing runs. */
void site_add_snapshots(struct site_objects *objects, bool quiet);
void site_add_many(struct site_objects *objects, size_t count);
void site_add_destination(struct site_objects *objects);
void site_add_restores(struct site_objects *objects);
void site_add_deletions(struct site_objects *objects);
void site_add_hostile(struct site_objects *objects);
/* Decodes and adds; json is a printf text. Dies with the decoder's words when it is refused. */
void site_add(struct site_objects *objects, enum collection which, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

#endif
