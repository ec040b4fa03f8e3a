/* BackupResourceList: what a backup holds, by kind (spec/velero-api.md 3.5). Pure. */
#ifndef BACKEND_VELERO_RESOURCES_H
#define BACKEND_VELERO_RESOURCES_H

#include "backend/base/mem.h"
#include "backend/base/status.h"
#include "backend/base/strbuf.h"

struct resource_kind {
	const char *kind;   /* "apps/v1 Deployment" */
	const char **names; /* "ns/name" or "name", as Velero sorted them */
	size_t count;
};

struct resources {
	struct arena arena; /* owns all of it */
	struct resource_kind *rows;
	size_t count, objects;
};

enum status resources_parse(const char *text, size_t len, struct resources *ret_resources,
			    struct error *err);
void resources_done(struct resources *resources);

/* "default 36, kurl 2", "of the cluster 9": where the objects of a kind are, most first, at most
 * `most` places. Appends. */
void resource_kind_add_places(struct strbuf *out, const struct resource_kind *kind, size_t most);

#endif
