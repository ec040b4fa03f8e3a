/* A look ahead: what a snapshot taken now would hold, and by name what it would not, read from the
 * pods, claims and volumes of its namespaces. The Backup in it is the very one that would be sent.
 * Counted, immutable once handed over (console-screens.md F-104, R-28). */
#ifndef BACKEND_OPS_PREVIEW_H
#define BACKEND_OPS_PREVIEW_H

#include "backend/kots/coverage.h"
#include "backend/ops/op.h"

/* An application that the marks of a snapshot name. */
struct preview_app {
	const char *slug, *title, *version;
	int64_t sequence;
	bool has_manifest; /* else only its marks are in the snapshot, and what has the label */
};

/* What could not be read; the rest is true all the same. */
struct preview_gap {
	const char *what, *why; /* "pods in kurl", "not permitted ..." */
};

struct preview {
	struct arena arena;
	atomic_int refs;
	const char *app_slug, *app_title; /* "" = full */
	struct error refusal;		  /* why none can be taken; code 0 = it can */
	struct json *backup;		  /* without a label of ours; NULL when refused */
	const char *namespaces;		  /* "default, kurl" */
	const char *excluded_namespaces;  /* "" none */
	const char *selector;		  /* "kots.io/backup=velero"; "" = everything */
	const char *location, *ttl;
	bool cluster_resources;
	struct preview_app *apps;
	size_t app_count;
	struct coverage coverage;
	bool coverage_known; /* pods and claims of all namespaces were read */
	bool copies_all;     /* opt-out: the server or the Backup copies by default */
	struct preview_gap *gaps;
	size_t gap_count;
	int64_t read_at; /* unix seconds */
};

const struct preview *preview_ref(const struct preview *preview);
void preview_unref(const struct preview *preview); /* NULL is fine */
/* Rows of that weight; 0 while the coverage is not known. */
size_t preview_count(const struct preview *preview, enum coverage_weight weight);

/* Everything but the coverage, from what the model knows: pure. Owned, one reference. */
struct preview *preview_new(const struct model *model, const char *app_slug, const char *made_by,
			    int64_t now);

/* preview_new() and then the cluster. done comes once, only from transport_wait(), unless
 * cancelled; the preview is borrowed (ref it). Worker thread. */
struct preview_reader;
struct preview_reader *preview_start(const struct op_world *world, const char *app_slug,
				     void (*done)(void *arg, const struct preview *preview),
				     void *arg);
void preview_cancel(struct preview_reader *reader); /* NULL is fine */

/* What the arguments of Velero's server say. Pure. */
bool preview_server_copies_all(const struct json *deployment);
bool preview_server_has_csi(const struct json *deployment);

#endif
