/* What Velero counted in the Restores of an operation that has ended: the results of each part are
 * asked for in turn, put together and grouped by what is known of them (velero/cause.h). Private to
 * the operation screen. */
#ifndef TUI_SCREENS_RESTORE_RESULTS_H
#define TUI_SCREENS_RESTORE_RESULTS_H

#include "backend/velero/cause.h"
#include "tui/screens/subject.h"

struct restore_results {
	char (*names)[254]; /* Restores with something counted; owned */
	size_t count, at;   /* at: the one that is asked for; count = all are there */
	bool begun;
	uint64_t ticket;
	struct result_lines lines; /* of all that were read */
	struct problem_groups groups;
	struct error failed; /* the last one could not be had */
};

/* Asks once the subject has ended and something was counted. */
void restore_results_update(struct restore_results *results, const struct subject *subject,
			    const struct model *model, struct effects *effects);
void restore_results_ticket(struct restore_results *results, const struct request *request,
			    uint64_t ticket);
void restore_results_event(struct restore_results *results, const struct event *event,
			   struct effects *effects);
/* After a failure; false when there is nothing to ask for again. */
bool restore_results_retry(struct restore_results *results, struct effects *effects);
void restore_results_done(struct restore_results *results);

/* Lines wanted for drawing it, 0 none. */
int restore_results_height(const struct restore_results *results);
void restore_results_draw(const struct restore_results *results, struct view view);
/* All messages in full. false: there is none (yet). */
bool restore_results_add_text(struct strbuf *out, const struct restore_results *results);

#endif
