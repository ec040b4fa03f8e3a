/* How long a snapshot usually takes and how long a running one may still need, judged by earlier
 * runs of the same kind; never claimed from fewer than three (design/screens.md 4.5). Pure. */
#ifndef TUI_SCREENS_ESTIMATE_H
#define TUI_SCREENS_ESTIMATE_H

#include "backend/store/model.h"

#define ESTIMATE_RUNS_MOST  9
#define ESTIMATE_RUNS_LEAST 3

struct estimate {
	size_t runs;		     /* earlier runs it was judged by, at most nine */
	int64_t took_low, took_high; /* seconds they took; 0 without runs */
	bool known;		     /* left_* mean something */
	int64_t left_low, left_high; /* seconds */
};

/* How long snapshots of that kind (of that app id, for partial ones; "" = any) took. */
void estimate_usual(const struct model *model, enum snapshot_kind kind, const char *app_id,
		    struct estimate *ret_estimate);
/* slowest_s: what the slowest volume whose rate is known still needs, 0 = not known. */
void estimate_left(const struct model *model, const struct snapshot *snapshot, int64_t now,
		   int64_t slowest_s, struct estimate *ret_estimate);

void estimate_add_range(struct strbuf *out, int64_t low_s, int64_t high_s); /* "41 to 47 min" */
/* "27 to 33 min left", "time left unknown (1 earlier run)" */
void estimate_add_left(struct strbuf *out, const struct estimate *estimate);
/* "instance-x7k2p 43 %, 27 to 33 min left" */
void estimate_add_running(struct strbuf *out, const struct model *model,
			  const struct snapshot *snapshot, int64_t now);
/* "restore Acme Gateway, step 4 of 7" */
void estimate_add_operation(struct strbuf *out, const struct op_view *op);
/* The step that runs, counted from 1; the last one done when none runs. */
size_t estimate_step(const struct op_view *op);

#endif
