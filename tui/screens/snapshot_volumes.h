/* The volumes of one snapshot, picked from the long list of all. Rows are borrowed from the model
 * they came from. */
#ifndef TUI_SCREENS_SNAPSHOT_VOLUMES_H
#define TUI_SCREENS_SNAPSHOT_VOLUMES_H

#include "tui/screens/screen.h"

/* Where the volumes of a backup are in a list: made once for each list, so that moving a cursor
 * over 25,000 backups does not walk all of their volumes each time. */
struct volume_index {
	const struct list *list; /* counted; NULL = none made */
	uint32_t *first, *next;	 /* owned; position + 1, 0 = none */
	size_t buckets;		 /* a power of two */
};

struct snapshot_volumes {
	const struct podvolume **rows; /* owned array; by start, then name */
	size_t count;
	struct volume_index index;
};

/* Replaces what was there: those of every part. */
void snapshot_volumes_gather(struct snapshot_volumes *volumes, const struct model *model,
			     const struct snapshot *snapshot);
/* Empties it; the index stays, for the list may be the same next time. */
void snapshot_volumes_clear(struct snapshot_volumes *volumes);
void snapshot_volumes_done(struct snapshot_volumes *volumes);

/* "postgres-0 data"; before the pod its namespace, when that is neither the console's nor the
 * applications'. */
void snapshot_volumes_add_name(struct strbuf *out, const struct podvolume *volume,
			       const struct console *console);

#endif
