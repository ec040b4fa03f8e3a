/* The resource list of a snapshot (BackupResourceList:
 * {"v1/Pod":["ns/name"],"v1/Namespace":["name"]}) as a set to ask. Pure. spec/velero-api.md 3.5. */
#ifndef BACKEND_OPS_CONTENTS_H
#define BACKEND_OPS_CONTENTS_H

#include "backend/base/json.h"

#include <stdbool.h>

struct contents;
/* NULL and err when the text is no such list. */
struct contents *contents_parse(const char *text, size_t len, struct error *err);
void contents_free(struct contents *contents);

/* The version does not count: a backup holds the preferred one of its day. */
bool contents_has(const struct contents *contents, const char *group, const char *kind,
		  const char *namespace, const char *name);

struct contents_item {
	const char *group, *kind, *namespace, *name; /* borrowed; namespace "" = of the cluster */
};
size_t contents_count(const struct contents *contents);
struct contents_item contents_item(const struct contents *contents, size_t index);

#endif
