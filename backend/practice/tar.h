/* Archives in the ustar format, as Velero's backup contents are. Pure. */
#ifndef BACKEND_PRACTICE_TAR_H
#define BACKEND_PRACTICE_TAR_H

#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Appends a file. Names up to 255 bytes that can be cut at a slash; false (nothing is added) for
 * others. */
bool tar_add(struct strbuf *out, const char *name, const struct strbuf *content, int64_t mtime);
void tar_end(struct strbuf *out);

struct tar_entry {
	char name[256];
	const char *content; /* borrowed from the archive */
	size_t len;
};
/* *offset begins at 0. false at the end, and at the first thing that is no archive. Only plain
 * files are given. */
bool tar_next(const char *archive, size_t len, size_t *offset, struct tar_entry *ret_entry);

#endif
