/* Rules about a site and about one restore: each a pure function over facts, one row of a table.
 * (design/screens.md 4.11, 4.7) */
#ifndef BACKEND_CHECKS_CHECK_H
#define BACKEND_CHECKS_CHECK_H

#include "backend/kots/restore_plan.h"
#include "backend/store/model.h"

enum verdict { VERDICT_PASSED, VERDICT_UNKNOWN, VERDICT_WARNING, VERDICT_FAILED, VERDICT_NOT_HERE };

struct check_result {
	const char *rule;  /* "destination-available"; static */
	const char *title; /* "Destination"; static */
	enum verdict verdict;
	const char *seen;   /* arena: what was seen */
	const char *means;  /* static or arena: what it means, "" */
	const char *action; /* arena: what to do, "" */
	int64_t checked_at; /* when that was so: unix seconds, 0 = not looked at */
};

struct check_results {
	struct arena arena;
	struct check_result *rows; /* in the arena, worst first within the order of the table */
	size_t count, passed, warnings, failed, unknown;
};

/* Everything the doctor and the take dialog know from the model. */
void checks_site(const struct model *model, int64_t now, struct check_results *ret_results);
/* Before a snapshot (F-103): destination, repositories, node agents, running one, console, licence,
 * manifest. slug "" = full. */
void checks_take(const struct model *model, const char *slug, int64_t now,
		 struct check_results *ret_results);
/* Before a restore. plan may be NULL while facts are gathered. */
void checks_restore(const struct model *model, const struct snapshot *snapshot,
		    const struct restore_plan *plan, int64_t now,
		    struct check_results *ret_results);
void check_results_done(struct check_results *results);

/* The first rule that failed, in words that say what is not done and why: "not now: instance-x7k2p
 * (full) is running". STATUS_REFUSED, or STATUS_OK when none failed: the dialog, the command and
 * the session say the same. */
enum status checks_refusal(const struct check_results *results, struct error *err);

#endif
