/* Questions that the words and the health of a snapshot both ask. Private to snapshot*.c. Pure. */
#ifndef BACKEND_KOTS_SNAPSHOT_WORDS_H
#define BACKEND_KOTS_SNAPSHOT_WORDS_H

#include "backend/kots/snapshot.h"

/* Velero deletes it, or has been asked to. */
bool snapshot_is_deleting(const struct snapshot *snapshot);
/* Its deletion was begun and ended with errors: phase Deleting stays for good
 * (spec/velero-api.md 3.3). */
bool snapshot_is_undeleted(const struct snapshot *snapshot);
/* Complete, and nothing is in it. */
bool snapshot_is_empty(const struct snapshot *snapshot);
/* The word alone, borrowed: "Running", "Incomplete", "Expired", "Parts" ... */
const char *snapshot_word(const struct snapshot *snapshot);
/* "full", "partial", "other" */
const char *snapshot_kind_word(enum snapshot_kind kind);
/* Calls each for the slugs that a full snapshot names, until it returns false. */
void snapshot_each_slug(const struct snapshot *snapshot,
			bool (*each)(void *arg, const char *slug, size_t len), void *arg);

#endif
