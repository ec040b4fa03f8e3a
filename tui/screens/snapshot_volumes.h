/* The volumes of one snapshot, picked from the long list of all. Rows are borrowed from the model
 * they came from. */
#ifndef TUI_SCREENS_SNAPSHOT_VOLUMES_H
#define TUI_SCREENS_SNAPSHOT_VOLUMES_H

#include "tui/screens/screen.h"

struct snapshot_volumes {
	const struct podvolume **rows; /* owned array; by start, then name */
	size_t count;
};

/* Replaces what was there. name: of the backup. */
void snapshot_volumes_gather(struct snapshot_volumes *volumes, const struct model *model,
			     const char *name);
void snapshot_volumes_done(struct snapshot_volumes *volumes);

/* "postgres-0 data"; before the pod its namespace, when that is neither the console's nor the
 * applications'. */
void snapshot_volumes_add_name(struct strbuf *out, const struct podvolume *volume,
			       const struct console *console);

#endif
