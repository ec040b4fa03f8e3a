#include "backend/session/link.h"

#include <string.h>

static const enum heard heard_in[] = {
	[WATCH_LISTING] = HEARD_NOTHING,   [WATCH_LIVE] = HEARD_ANSWER,
	[WATCH_POLLING] = HEARD_ANSWER,	   [WATCH_LOST] = HEARD_LOSS,
	[WATCH_FORBIDDEN] = HEARD_REFUSAL, [WATCH_ABSENT] = HEARD_ABSENCE,
};

static bool shown_equal(const struct feed_state *a, const struct feed_state *b)
{
	return a->shown.reading == b->shown.reading && a->shown.ever == b->shown.ever &&
	       a->heard == b->heard && a->shown.read_so_far == b->shown.read_so_far &&
	       a->shown.as_of == b->shown.as_of && a->next_try_ms == b->next_try_ms &&
	       !strcmp(a->shown.why.text, b->shown.why.text);
}

static enum reading reading_of(const struct feed_state *state, enum watch_phase phase)
{
	switch (phase) {
	case WATCH_LISTING:
		return state->shown.ever || state->heard == HEARD_LOSS ? state->shown.reading
								       : READ_READING;
	case WATCH_LIVE:
		return READ_LIVE;
	case WATCH_POLLING:
		return READ_POLLING;
	case WATCH_LOST:
		return state->shown.ever ? READ_STALE : READ_NOT_YET;
	case WATCH_FORBIDDEN:
		return READ_FORBIDDEN;
	case WATCH_ABSENT:
		return READ_ABSENT;
	}
	return state->shown.reading;
}

static bool is_old(enum reading reading)
{
	return reading == READ_STALE || reading == READ_FORBIDDEN || reading == READ_ABSENT;
}

bool feed_state_watch(struct feed_state *state, const struct watch_state *watch, int64_t now)
{
	struct feed_state before = *state;
	enum reading reading = reading_of(state, watch->phase);

	if (watch->phase == WATCH_LISTING && state->shown.ever)
		return false;
	if (is_old(reading) && !is_old(state->shown.reading))
		state->shown.as_of = watch->since ? watch->since : now;
	else if (reading != state->shown.reading &&
		 (reading == READ_LIVE || reading == READ_POLLING))
		state->shown.as_of = now;
	state->shown.reading = reading;
	if (watch->phase == WATCH_LISTING)
		return !shown_equal(&before, state);
	state->heard = heard_in[watch->phase];
	state->next_try_ms = watch->next_try_ms;
	if (watch->phase == WATCH_LIVE)
		state->shown.why = (struct error)ERROR_INIT;
	else
		state->shown.why = watch->why;
	return !shown_equal(&before, state);
}

static void answered(struct feed_state *state)
{
	state->heard = HEARD_ANSWER;
	state->next_try_ms = 0;
	if (!state->shown.ever && state->shown.reading != READ_POLLING)
		state->shown.reading = READ_READING;
}

bool feed_state_item(struct feed_state *state, size_t read_so_far)
{
	answered(state);
	if (!state->shown.ever)
		state->shown.read_so_far = read_so_far;
	return true;
}

bool feed_state_listed(struct feed_state *state, int64_t now)
{
	struct feed_state before = *state;

	answered(state);
	state->shown.ever = true;
	if (state->shown.reading != READ_POLLING && state->shown.reading != READ_LIVE) {
		state->shown.reading = READ_LIVE;
		state->shown.as_of = now;
		state->shown.why = (struct error)ERROR_INIT;
	}
	return !shown_equal(&before, state);
}

static size_t count_heard(const struct feed_state *feeds, size_t count, enum heard heard)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += feeds[i].heard == heard;
	return found;
}

static const struct feed_state *first_heard(const struct feed_state *feeds, size_t count,
					    enum heard heard)
{
	for (size_t i = 0; i < count; i++)
		if (feeds[i].heard == heard)
			return &feeds[i];
	return NULL;
}

static bool is_refusal(enum status code)
{
	return code == STATUS_TLS || code == STATUS_UNAUTHORIZED || code == STATUS_FORBIDDEN;
}

static void judge_loss(const struct feed_state *feeds, size_t count, const struct link_now *now,
		       struct link *link)
{
	const struct feed_state *lost = first_heard(feeds, count, HEARD_LOSS);
	int64_t next_ms = 0;

	link->why = lost->shown.why;
	link->state = is_refusal(link->why.code) ? LINK_REFUSED : LINK_LOST;
	link->since = 0;
	for (size_t i = 0; i < count; i++) {
		if (feeds[i].shown.as_of > link->since)
			link->since = feeds[i].shown.as_of;
		if (feeds[i].heard == HEARD_LOSS && feeds[i].next_try_ms &&
		    (!next_ms || feeds[i].next_try_ms < next_ms))
			next_ms = feeds[i].next_try_ms;
	}
	if (!link->since)
		link->since = now->began;
	if (next_ms)
		link->next_try = now->unix_s + (next_ms > now->monotonic_ms
							? (next_ms - now->monotonic_ms + 999) / 1000
							: 0);
}

static enum link_state judge_answers(const struct feed_state *feeds, size_t count)
{
	bool polling = false;

	for (size_t i = 0; i < count; i++) {
		if (!feeds[i].shown.ever &&
		    (feeds[i].heard == HEARD_ANSWER || feeds[i].heard == HEARD_NOTHING))
			return LINK_READING;
		polling = polling || feeds[i].shown.reading == READ_POLLING;
	}
	return polling ? LINK_POLLING : LINK_LIVE;
}

void link_judge(const struct feed_state *feeds, size_t count, const struct link_now *now,
		struct link *link)
{
	link->since = link->next_try = 0;
	link->why = (struct error)ERROR_INIT;
	if (count_heard(feeds, count, HEARD_ANSWER)) {
		link->state = judge_answers(feeds, count);
		if (link->state == LINK_POLLING)
			for (size_t i = 0; i < count && !*link->why.text; i++)
				if (feeds[i].shown.reading == READ_POLLING)
					link->why = feeds[i].shown.why;
	} else if (count_heard(feeds, count, HEARD_LOSS)) {
		judge_loss(feeds, count, now, link);
	} else if (count_heard(feeds, count, HEARD_ABSENCE) ||
		   count_heard(feeds, count, HEARD_REFUSAL)) {
		/* A server that has no Velero, or lets us read nothing of it, answers all the same:
		 * each part says so for itself (design/screens.md 4.0, forbidden). */
		link->state = LINK_LIVE;
	} else {
		link->state = LINK_CONNECTING;
	}
}
