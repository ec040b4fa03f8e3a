/* Real restic snapshots for the history: each volume in both states, many times over. */
#ifndef BACKEND_PRACTICE_SEED_SNAPSHOTS_H
#define BACKEND_PRACTICE_SEED_SNAPSHOTS_H

#include "backend/practice/seed.h"

struct seed_snapshot {
	char id[65], path[256];
	int64_t size_bytes, added_bytes;
};

struct seed_snapshots;

/* Writes the files of both states, copies them, and leaves them in the new one. Blocks for some
 * seconds. */
enum status seed_snapshots_make(struct world *world, int64_t now,
				struct seed_snapshots **ret_snapshots, struct error *err);
/* The next one of that volume (claim, or volume of an emptyDir) and state that nobody has. NULL
 * when all are given out. */
const struct seed_snapshot *seed_snapshots_take(struct seed_snapshots *snapshots,
						const char *volume, enum seed_state state);
void seed_snapshots_free(struct seed_snapshots *snapshots);

#endif
