/* What a person reads about a restore: steps with what they wait for, and the verdict. Pure: facts
 * in, view and words out. (design/screens.md 4.7 steps 5 and 6) */
#ifndef BACKEND_OPS_RESTORE_VIEW_H
#define BACKEND_OPS_RESTORE_VIEW_H

#include "backend/ops/op_words.h"

struct restore_note {
	enum op_step_state state;
	int64_t began, ended; /* unix seconds, 0 = not yet */
	char *detail;	      /* owned by whoever owns the notes; NULL = "" */
};

struct restore_end {
	enum op_state state;
	int64_t ended;
	const char *verdict, *why, *next;
	int64_t errors, warnings;
};

struct restore_shown {
	const char *id, *owner;
	const struct restore_plan *plan;
	int64_t began;
	const struct restore_note *notes; /* one a step of the plan */
	const struct restore_end *end;	  /* NULL while it runs */
};

/* Counted, owned. */
const struct op_view *restore_view(const struct restore_shown *shown);

/* The Restore is one of this operation's, not one that a later restore made in its place under the
 * same name. True also where nothing tells. */
bool restore_is_made_by(const struct restore *restore, const struct op_view *op);
/* "Acme Analytics", or the slug when it has no title. Borrowed. */
const char *restore_app_name(const struct restore_plan *plan);

/* Volumes of a Restore: how far they are. */
struct restore_volumes {
	int64_t count, done, failed;
	int64_t bytes_done, bytes_total; /* total counts known ones only */
};
struct restore_volumes restore_volumes_count(const struct model *model, const char *restore_name);

struct restore_progress {
	const struct restore *restore;
	struct restore_volumes volumes;
	const char *other;     /* another Restore that runs, "" none */
	int64_t still_s;       /* since when nothing moved */
	const char *waits_for; /* "pod web-0: ...", NULL or "" none */
};
/* "1,087 of about 1,204 objects, 3 of 7 volumes, 67.4 of 147 GiB; nothing moved for 3 min" */
void restore_progress_add(struct strbuf *out, const struct restore_progress *progress);
#define RESTORE_STILL_S 180 /* from then on it is said */

/* What was found when it was over. */
struct restore_health {
	int64_t pods, pods_ready, claims, claims_bound;
	bool known; /* false: could not be looked up */
};
/* "4 of 4 pods ready, 4 of 4 claims bound" */
void restore_health_add(struct strbuf *out, const struct restore_health *health);
bool restore_health_is_good(const struct restore_health *health);

#endif
