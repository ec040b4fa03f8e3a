/* The message line: one at a time, each for as long as its level says, the rest in a queue that
 * moves at most once a second; and the log of all (design/screens.md 5.4). Pure. */
#ifndef TUI_APP_NOTICES_H
#define TUI_APP_NOTICES_H

#include "tui/screens/message_log.h"

#define NOTICES_QUEUED 8

struct notice {
	enum message_level level;
	char text[512];
};

struct notices {
	struct message_log log;
	struct notice current, queue[NOTICES_QUEUED];
	bool shown;  /* current is on the line */
	bool answer; /* current answers a key: it goes with a later one */
	size_t queued;
	int64_t shown_ms; /* monotonic: since when current is there */
};

/* When something happens. */
struct app_time {
	int64_t now;	/* unix seconds */
	int64_t now_ms; /* monotonic */
};

/* at_once: the answer to a key takes the line now; an error it displaces comes back after it. */
void notices_add(struct notices *notices, const struct notice *notice, const struct app_time *time,
		 bool at_once);
/* Lets go what is old, brings the next. true when the line changed. */
bool notices_tick(struct notices *notices, int64_t now_ms);
/* A key was pressed: good news of two seconds goes; Esc on an error takes it away and is used up
 * (true). */
bool notices_key(struct notices *notices, struct key key, int64_t now_ms);
const struct notice *notices_current(const struct notices *notices); /* NULL = none */

#endif
