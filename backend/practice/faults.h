/* The misbehaviours of kotsnap-practice(7): a table of names and an atomic set of those that are
 * on. Any thread. Who obeys: the server the first nine; the actors the last three. */
#ifndef BACKEND_PRACTICE_FAULTS_H
#define BACKEND_PRACTICE_FAULTS_H

#include "backend/base/strbuf.h"

#include <stdatomic.h>
#include <stdbool.h>

/* fault, name, stays until clear (else it happens once, when it is set), words */
#define FAULT_LIST(X)                                                                              \
	X(FAULT_STALL, "stall", true, "nothing is answered any more; connections stay open")       \
	X(FAULT_CUT, "cut", true, "streams are cut in the middle of a line")                       \
	X(FAULT_410, "410", false, "the history is forgotten: watches must list again")            \
	X(FAULT_429, "429", true, "too many requests, try again in a second")                      \
	X(FAULT_403, "403", true, "reading and writing backups is forbidden")                      \
	X(FAULT_TOKEN, "token", false,                                                             \
	  "the token expires; a new one stands in the kubeconfig a few seconds later")             \
	X(FAULT_SLOW, "slow", true, "every answer takes two seconds and comes in pieces")          \
	X(FAULT_RESTART, "restart", false, "the server goes away for some seconds")                \
	X(FAULT_HTML, "html", true, "a page instead of JSON, as a wrong proxy would answer")       \
	X(FAULT_VOLUME, "volume", true, "the next copy of a volume fails")                         \
	X(FAULT_NODE_AGENT, "node-agent", true, "no node agent runs")                              \
	X(FAULT_DISK, "disk", true, "the repository is full")

enum fault {
#define FAULT_ENUM(fault, name, stays, words) fault,
	FAULT_LIST(FAULT_ENUM)
#undef FAULT_ENUM
		FAULT_COUNT
};

/* Zero-initialised is none. */
struct faults {
	atomic_uint set; /* bit 1 << fault */
};

const char *fault_name(enum fault fault);
const char *fault_words(enum fault fault); /* for `kotsnap practice fault list` */
bool fault_stays(enum fault fault);
bool fault_from_name(const char *name, enum fault *ret_fault);

void faults_set(struct faults *faults, enum fault fault);
void faults_clear(struct faults *faults, enum fault fault);
void faults_clear_all(struct faults *faults);
bool faults_has(struct faults *faults, enum fault fault);
/* True for exactly one caller per setting: clears it ("the next copy fails"). */
bool faults_take(struct faults *faults, enum fault fault);
/* The set ones, one name a line. */
void faults_add_names(struct faults *faults, struct strbuf *out);

#endif
