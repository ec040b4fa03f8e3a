/* The ways to stop a restore, as a person chooses among them: each says what it leaves half done
 * before it is asked for. One table for the console's dialog and for the command. Pure; op_stop.h
 * does them. design/screens.md 4.7. */
#ifndef BACKEND_OPS_STOP_CHOICE_H
#define BACKEND_OPS_STOP_CHOICE_H

#include "backend/store/model.h"

/* What there is to stop at this moment. */
struct stop_facts {
	bool runs;	   /* somebody drives it; else it was left unfinished */
	bool elsewhere;	   /* and not we */
	bool changed;	   /* something of the cluster is removed already */
	bool velero_works; /* a Restore of it has not ended */
	bool in_console;   /* the Admin Console believes that it restores it */
	size_t open;	   /* volumes of it that are not finished */
};
/* op: a restore. */
struct stop_facts stop_facts_of(const struct model *model, const struct op_view *op);

struct stop_choice {
	const char *what; /* of REQUEST_STOP, and of --how */
	const char *label, *button, *means;
	bool (*fits)(const struct stop_facts *facts);
};
size_t stop_choice_count(void);
const struct stop_choice *stop_choice_at(size_t index);
/* The one of that name that fits now; NULL none. */
const struct stop_choice *stop_choice_find(const char *what, const struct stop_facts *facts);
bool stop_choice_is_known(const char *what);

#endif
