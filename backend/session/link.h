/* From what the watches report to what a person is told about the connection. Pure.
 * (design/screens.md 4.0, 6 Disconnect) */
#ifndef BACKEND_SESSION_LINK_H
#define BACKEND_SESSION_LINK_H

#include "backend/kube/watch.h"
#include "backend/store/model.h"

/* What was last heard through one watch. A try under way leaves it as it was: trying is no answer.
 */
enum heard { HEARD_NOTHING, HEARD_ANSWER, HEARD_REFUSAL, HEARD_ABSENCE, HEARD_LOSS };

struct feed_state {
	struct collection_state shown;
	enum heard heard;
	int64_t next_try_ms; /* monotonic, 0 = none planned */
};

/* Each changes state as the watch says; true when a person can see the difference. */
bool feed_state_watch(struct feed_state *state, const struct watch_state *watch, int64_t now);
bool feed_state_item(struct feed_state *state, size_t read_so_far);
bool feed_state_listed(struct feed_state *state, int64_t now);

struct link_now {
	int64_t began; /* of the session, unix seconds */
	int64_t unix_s, monotonic_ms;
};
/* Fills in state, since, next_try and why; leaves the rest of link alone. */
void link_judge(const struct feed_state *feeds, size_t count, const struct link_now *now,
		struct link *link);

#endif
