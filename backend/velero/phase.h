/* Every phase of every Velero version: the word people see, its mark, whether it is final
 * (design/screens.md 5.1, spec/velero-api.md 2.2). Unknown phases are shown as they are and taken
 * as running. Pure. */
#ifndef BACKEND_VELERO_PHASE_H
#define BACKEND_VELERO_PHASE_H

#include <stdbool.h>

enum phase_kind {
	PHASE_BACKUP,
	PHASE_RESTORE,
	PHASE_VOLUME,
	PHASE_LOCATION,
	PHASE_REPOSITORY,
	PHASE_DELETE,
	PHASE_SCHEDULE
};

/* Marks and roles of the screens; also worst-first order. */
enum health {
	HEALTH_GOOD,
	HEALTH_OFF,
	HEALTH_RUNNING,
	HEALTH_GONE,
	HEALTH_UNKNOWN,
	HEALTH_WARNING,
	HEALTH_BAD
};

struct phase {
	const char *velero; /* "PartiallyFailed"; "" = not set */
	const char *word;   /* "Incomplete" */
	enum health health;
	bool final;
	bool restorable; /* a restore may start from it: Completed only (spec/kots-snapshots.md 8.1)
			  */
};

/* Never NULL: an unknown phase gives a row whose word is the text given (borrowed), running, not
 * final. */
struct phase phase_find(enum phase_kind kind, const char *velero_phase);
bool phase_is_final(enum phase_kind kind, const char *velero_phase);

#endif
