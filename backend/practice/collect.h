/* The objects of a backup, in the order Velero saves them: pods with their claims and volumes
 * first. */
#ifndef BACKEND_PRACTICE_COLLECT_H
#define BACKEND_PRACTICE_COLLECT_H

#include "backend/practice/kinds.h"
#include "backend/practice/world.h"

struct item {
	const struct kind *kind;
	struct json *object; /* owned by the collection */
};

/* Zero-initialised is empty. */
struct collection {
	struct item *items;
	size_t count, capacity;
	size_t estimate; /* before what comes along was added: Velero's first progress.totalItems */
};

/* What this spec takes from the cluster as it is now. */
void collect_items(struct world *world, const struct json *spec, struct collection *collection);
/* Takes over object. */
void collection_add(struct collection *collection, const struct kind *kind, struct json *object);
/* NULL when it is not in. */
const struct item *collection_find(const struct collection *collection, const char *resource,
				   const char *namespace, const char *name);
void collection_done(struct collection *collection);

/* "v1/Pod", "apps/v1/Deployment". */
void kind_add_group_version(const struct kind *kind, struct strbuf *out);
/* {"v1/Pod":["default/web-0"],...}, sorted, owned. */
struct json *collection_resource_list(const struct collection *collection);
/* The archive of Velero's BackupContents. Appends. */
void collection_add_tar(const struct collection *collection, int64_t mtime, struct strbuf *out);
/* The reverse. Objects whose kind is not served here are left out. */
void collection_read_tar(const struct strbuf *archive, struct collection *collection);

#endif
