/* The one table of what the practice cluster serves. Pure data; any thread. */
#ifndef BACKEND_PRACTICE_KINDS_H
#define BACKEND_PRACTICE_KINDS_H

#include <stdbool.h>
#include <stddef.h>

/* What is served, how it is said by /version, by the node, and by backups of it. */
#define KUBERNETES_MINOR "34"
#define KUBERNETES	 "v1." KUBERNETES_MINOR ".4"

#define KIND_NAMESPACED 1u
#define KIND_STATUS                                                                                \
	2u /* has a status sub-resource; Velero's kinds have none (spec/velero-api.md 1) */
#define KIND_GENERATION 4u  /* metadata.generation is counted */
#define KIND_CUSTOM	8u  /* defined by a CRD: plain-text 404s, strict content types */
#define KIND_CREATE	16u /* create only: reviews; nothing is stored */
#define KIND_DNS_LABEL	32u /* the name is a DNS label, not a subdomain */
#define KIND_ALL	64u /* kubectl get all */

struct kind {
	const char *group; /* "" for core */
	const char *version;
	const char *plural;
	const char *kind;
	const char *singular;
	const char *short_names; /* "po", blank-separated, or "" */
	unsigned flags;
	const char *resource; /* key in objects.h: "backups.velero.io", "pods" */
};

#define KIND_MAX 64

size_t kind_count(void);
const struct kind *kind_at(size_t index);		   /* NULL beyond the end */
const struct kind *kind_by_resource(const char *resource); /* NULL when unknown */
/* Its place in the table, KIND_MAX when unknown. */
size_t kind_index(const char *resource);
const struct kind *kind_by_path(const char *group, const char *version, const char *plural);
bool kind_has_group(const char *group, const char *version); /* version NULL: any */
/* "get", "list" ... NULL-terminated. */
const char *const *kind_verbs(const struct kind *kind);

#endif
