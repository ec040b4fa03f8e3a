/* Versions as numbers, and which of KOTS and Velero go together (console-screens.md R-10). Pure. */
#ifndef BACKEND_CHECKS_VERSION_H
#define BACKEND_CHECKS_VERSION_H

#include <stdbool.h>

struct version {
	int major, minor, patch;
};

/* "v1.18.2", "1.17.0-rc.1", "v1.14.1-OADP", "release-1.16-dev": the first number with a dot in it.
 * false when there is none. */
bool version_parse(const char *text, struct version *ret_version);
int version_compare(struct version a, struct version b);
bool version_below(struct version version, int major, int minor);

/* The Velero versions that this KOTS is documented with. false when the table does not know it. */
struct version_pair {
	struct version kots, velero_from, velero_to; /* kots: this one and later */
	const char *to_text;			     /* "1.18.x" */
	bool historic;
};
bool version_pair_find(struct version kots, struct version_pair *ret_pair);

#endif
