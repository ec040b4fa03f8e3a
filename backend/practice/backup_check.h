/* What Velero writes into a backup's spec when it begins, and what it refuses
 * (spec/velero-api.md 2.1, 2.2). */
#ifndef BACKEND_PRACTICE_BACKUP_CHECK_H
#define BACKEND_PRACTICE_BACKUP_CHECK_H

#include "backend/practice/world.h"

#define DEFAULT_TTL_S (720 * 3600)

/* The patch that starts it: spec defaults, labels, annotations, status. location NULL: none was
 * found. Owned. Pure. */
struct json *backup_start_patch(const struct json *backup, const struct json *location,
				int64_t now);
/* Seconds of a Go duration text; the default for "" and for what is none. Pure. */
int64_t backup_ttl_s(const char *ttl);
/* The location a backup goes to: its own, the default one, "default". Owned, or NULL. ret_name:
 * what was looked for. */
struct json *backup_find_location(struct world *world, const struct json *backup,
				  struct strbuf *ret_name);
/* Why it is refused: owned list, empty when it may run. */
struct json *backup_problems(struct world *world, const struct json *backup,
			     const struct json *location, const char *location_name);

#endif
