/* What is known about one snapshot: gathered once for each model, then said in the peek of the
 * list, beside the list on wide terminals, and in the Summary of its own screen. Borrowed from the
 * model it was gathered from. */
#ifndef TUI_SCREENS_SNAPSHOT_DETAIL_H
#define TUI_SCREENS_SNAPSHOT_DETAIL_H

#include "backend/checks/check.h"
#include "tui/screens/snapshot_volumes.h"
#include "tui/widgets/mark.h"

struct snapshot_detail {
	const struct snapshot *snapshot; /* NULL = nothing gathered */
	struct snapshot_volumes volumes;
	struct check_results checks; /* of a restore, without a plan */
	size_t restores;
	const struct restore *last_restore;
};

/* Replaces what was there; snapshot NULL empties it. */
void snapshot_detail_gather(struct snapshot_detail *detail, const struct screen_context *context,
			    const struct snapshot *snapshot);
/* Nothing is gathered any more; what it knows of the list of volumes stays. */
void snapshot_detail_clear(struct snapshot_detail *detail);
void snapshot_detail_done(struct snapshot_detail *detail);

/* "Scheduled, took 44 min, ended 02:44. 7 of 7 volumes. Kept until 20 Dec." */
void snapshot_detail_add_run(struct strbuf *out, const struct snapshot_detail *detail,
			     const struct screen_context *context);
/* What it holds, or why it did not become one: the words of Velero in quotes. */
void snapshot_detail_add_contents(struct strbuf *out, const struct snapshot_detail *detail,
				  const struct screen_context *context);
/* Can it be restored here? The third line of the peek. */
enum mark snapshot_detail_add_verdict(struct strbuf *out, const struct snapshot_detail *detail,
				      const struct screen_context *context);
/* "✗ Incomplete (PartiallyFailed)", "✓ Completed, 24 h ago" */
enum mark snapshot_detail_add_headline(struct strbuf *out, const struct snapshot_detail *detail,
				       const struct screen_context *context);
/* First words of Velero about what went wrong, "" when it says nothing. Borrowed. */
const char *snapshot_detail_reason(const struct snapshot *snapshot);

/* The facts as lines "Label   value"; brief: those that matter beside a list, in its narrow place.
 * Returns the rows used. */
int snapshot_detail_draw_facts(struct view view, int y, const struct snapshot_detail *detail,
			       const struct screen_context *context, bool brief);
/* What runs now says nothing about the snapshot itself. */
bool snapshot_detail_is_passing(const struct check_result *result);
/* Its volumes, a line each. Returns the rows used. */
int snapshot_detail_draw_volumes(struct view view, int y, const struct snapshot_detail *detail,
				 const struct screen_context *context);
/* The whole of it beside a list. row 0 of the view is its title rule, drawn already. */
void snapshot_detail_draw_side(struct view view, const struct snapshot_detail *detail,
			       const struct screen_context *context);
/* The lines of the restore checks that did not pass, then how many did. Returns the rows used. */
int snapshot_detail_draw_checks(struct view view, int y, const struct snapshot_detail *detail,
				const struct screen_context *context);

#endif
