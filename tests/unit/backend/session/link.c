/* From what the watches report to what a person is told about the connection. */
#include "backend/session/link.h"
#include "backend/session/worker.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#define NOW INT64_C(1795223671)

enum told { ITEM = 100, LISTED };

/* What is told to one feed, in order (watch phases, or ITEM, LISTED), and what is shown at last. */
static const struct {
	int told[6];
	size_t count;
	enum reading want;
	bool ever;
	enum heard heard;
} feed_cases[] = {
	{ { 0 }, 0, READ_NOT_YET, false, HEARD_NOTHING },
	{ { WATCH_LISTING }, 1, READ_READING, false, HEARD_NOTHING },
	{ { WATCH_LISTING, ITEM }, 2, READ_READING, false, HEARD_ANSWER },
	{ { WATCH_LISTING, ITEM, LISTED }, 3, READ_LIVE, true, HEARD_ANSWER },
	{ { WATCH_LISTING, LISTED, WATCH_LIVE }, 3, READ_LIVE, true, HEARD_ANSWER },
	{ { WATCH_LISTING, LISTED, WATCH_LIVE, WATCH_LOST }, 4, READ_STALE, true, HEARD_LOSS },
	/* trying is no answer */
	{ { WATCH_LISTING, LISTED, WATCH_LOST, WATCH_LISTING }, 4, READ_STALE, true, HEARD_LOSS },
	{ { WATCH_LISTING, LISTED, WATCH_LOST, WATCH_LISTING, LISTED },
	  5,
	  READ_LIVE,
	  true,
	  HEARD_ANSWER },
	{ { WATCH_LISTING, WATCH_LOST }, 2, READ_NOT_YET, false, HEARD_LOSS },
	{ { WATCH_LISTING, WATCH_LOST, WATCH_LISTING }, 3, READ_NOT_YET, false, HEARD_LOSS },
	{ { WATCH_LISTING, WATCH_FORBIDDEN }, 2, READ_FORBIDDEN, false, HEARD_REFUSAL },
	{ { WATCH_LISTING, WATCH_ABSENT }, 2, READ_ABSENT, false, HEARD_ABSENCE },
	{ { WATCH_LISTING, LISTED, WATCH_POLLING }, 3, READ_POLLING, true, HEARD_ANSWER },
	{ { WATCH_LISTING, LISTED, WATCH_POLLING, LISTED }, 4, READ_POLLING, true, HEARD_ANSWER },
};

static void tell(struct feed_state *state, int what)
{
	struct watch_state watch = { .phase = (enum watch_phase)what };

	if (what == ITEM)
		feed_state_item(state, 1);
	else if (what == LISTED)
		feed_state_listed(state, NOW);
	else
		feed_state_watch(state, &watch, NOW);
}

ParameterizedTestParameters(feed_state, shows_what_is_known_and_not_what_is_hoped)
{
	static size_t rows[ARRAY_SIZE(feed_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, feed_state, shows_what_is_known_and_not_what_is_hoped)
{
	struct feed_state state = { 0 };

	for (size_t i = 0; i < feed_cases[*row].count; i++)
		tell(&state, feed_cases[*row].told[i]);
	cr_assert_eq(state.shown.reading, feed_cases[*row].want, "%d", state.shown.reading);
	cr_assert_eq(state.shown.ever, feed_cases[*row].ever);
	cr_assert_eq(state.heard, feed_cases[*row].heard);
}

Test(feed_state, stale_data_say_since_when)
{
	struct watch_state lost = { .phase = WATCH_LOST, .since = NOW - 40 };
	struct feed_state state = { 0 };

	tell(&state, LISTED);
	cr_assert(feed_state_watch(&state, &lost, NOW));
	cr_assert_eq(state.shown.as_of, NOW - 40);
	lost.since = NOW - 1;
	feed_state_watch(&state, &lost, NOW);
	cr_assert_eq(state.shown.as_of, NOW - 40, "the next failed try does not make it younger");
}

/* 403 after the list was read: the rows stay, and say of when they are. */
Test(feed_state, a_refusal_leaves_what_was_read_with_its_time)
{
	struct watch_state refused = { .phase = WATCH_FORBIDDEN, .since = NOW };
	struct watch_state lost = { .phase = WATCH_LOST, .since = NOW - 40 };
	struct feed_state state = { 0 };

	tell(&state, LISTED);
	tell(&state, WATCH_LIVE);
	feed_state_watch(&state, &refused, NOW + 2);
	cr_assert(collection_is_old(&state.shown));
	cr_assert_eq(state.shown.as_of, NOW);
	state = (struct feed_state){ 0 };
	tell(&state, LISTED);
	feed_state_watch(&state, &lost, NOW);
	feed_state_watch(&state, &refused, NOW + 2);
	cr_assert_eq(state.shown.as_of, NOW - 40, "a server that is back and refuses");
	state = (struct feed_state){ 0 };
	tell(&state, WATCH_FORBIDDEN);
	cr_assert_not(collection_is_old(&state.shown), "nothing was read");
}

Test(feed_state, a_repeated_word_is_no_change)
{
	struct watch_state live = { .phase = WATCH_LIVE };
	struct feed_state state = { 0 };

	tell(&state, LISTED);
	feed_state_watch(&state, &live, NOW);
	cr_assert_not(feed_state_watch(&state, &live, NOW + 5));
}

/* ---- the link ---- */

static struct feed_state feed(enum heard heard, bool ever, enum status why)
{
	struct feed_state state = { .heard = heard };

	state.shown.ever = ever;
	state.shown.reading = heard == HEARD_LOSS      ? READ_STALE
			      : heard == HEARD_REFUSAL ? READ_FORBIDDEN
						       : READ_LIVE;
	if (why)
		error_set(&state.shown.why, why, "why");
	return state;
}

static const struct {
	struct {
		enum heard heard;
		bool ever;
		enum status why;
	} feeds[2];
	enum link_state want;
} link_cases[] = {
	{ { { HEARD_NOTHING, false, 0 }, { HEARD_NOTHING, false, 0 } }, LINK_CONNECTING },
	{ { { HEARD_ANSWER, false, 0 }, { HEARD_NOTHING, false, 0 } }, LINK_READING },
	{ { { HEARD_ANSWER, true, 0 }, { HEARD_NOTHING, false, 0 } }, LINK_READING },
	{ { { HEARD_ANSWER, true, 0 }, { HEARD_ANSWER, true, 0 } }, LINK_LIVE },
	{ { { HEARD_ANSWER, true, 0 }, { HEARD_REFUSAL, false, STATUS_FORBIDDEN } }, LINK_LIVE },
	{ { { HEARD_ANSWER, true, 0 }, { HEARD_LOSS, true, STATUS_TIMEOUT } }, LINK_LIVE },
	{ { { HEARD_LOSS, true, STATUS_TIMEOUT }, { HEARD_LOSS, true, STATUS_TIMEOUT } },
	  LINK_LOST },
	{ { { HEARD_LOSS, true, STATUS_TIMEOUT }, { HEARD_REFUSAL, false, STATUS_FORBIDDEN } },
	  LINK_LOST },
	{ { { HEARD_LOSS, false, STATUS_TLS }, { HEARD_NOTHING, false, 0 } }, LINK_REFUSED },
	{ { { HEARD_LOSS, false, STATUS_UNAUTHORIZED }, { HEARD_LOSS, false, 0 } }, LINK_REFUSED },
	{ { { HEARD_REFUSAL, false, STATUS_FORBIDDEN }, { HEARD_REFUSAL, false, 0 } }, LINK_LIVE },
	{ { { HEARD_ABSENCE, false, STATUS_NOT_FOUND }, { HEARD_ABSENCE, false, 0 } }, LINK_LIVE },
};

ParameterizedTestParameters(link_judge, an_answer_is_an_answer_also_when_it_is_no)
{
	static size_t rows[ARRAY_SIZE(link_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, link_judge, an_answer_is_an_answer_also_when_it_is_no)
{
	struct feed_state feeds[2];
	struct link_now now = { NOW - 100, NOW, 5000 };
	struct link link = { 0 };

	for (size_t i = 0; i < 2; i++)
		feeds[i] = feed(link_cases[*row].feeds[i].heard, link_cases[*row].feeds[i].ever,
				link_cases[*row].feeds[i].why);
	link_judge(feeds, 2, &now, &link);
	cr_assert_eq(link.state, link_cases[*row].want, "%d", link.state);
}

Test(link_judge, a_loss_says_since_when_and_the_nearest_try)
{
	struct feed_state feeds[2] = { feed(HEARD_LOSS, true, STATUS_TIMEOUT),
				       feed(HEARD_LOSS, true, STATUS_TIMEOUT) };
	struct link_now now = { NOW - 100, NOW, 5000 };
	struct link link = { 0 };

	feeds[0].shown.as_of = NOW - 40;
	feeds[1].shown.as_of = NOW - 50;
	feeds[0].next_try_ms = 13000;
	feeds[1].next_try_ms = 7500;
	link_judge(feeds, 2, &now, &link);
	cr_assert_eq(link.since, NOW - 40);
	cr_assert_eq(link.next_try, NOW + 3);
	cr_assert_eq(link.why.code, STATUS_TIMEOUT);
}

/* ---- what may be asked for ---- */

static const struct {
	enum request_kind kind;
	enum link_state state;
	bool read_only;
	enum status want;
} request_cases[] = {
	{ REQUEST_TAKE, LINK_LIVE, false, STATUS_OK },
	{ REQUEST_TAKE, LINK_LIVE, true, STATUS_REFUSED },
	{ REQUEST_TAKE, LINK_LOST, false, STATUS_REFUSED },
	{ REQUEST_DELETE, LINK_LIVE, true, STATUS_REFUSED },
	{ REQUEST_RESTORE, LINK_LIVE, true, STATUS_REFUSED },
	{ REQUEST_RESTORE, LINK_REFUSED, false, STATUS_REFUSED },
	{ REQUEST_RESUME, LINK_LIVE, true, STATUS_REFUSED },
	{ REQUEST_CLOSE_RECORD, LINK_LIVE, true, STATUS_REFUSED },
	{ REQUEST_PLAN, LINK_LIVE, true, STATUS_OK },
	{ REQUEST_PLAN, LINK_LOST, false, STATUS_REFUSED },
	{ REQUEST_DOWNLOAD, LINK_LIVE, true, STATUS_OK },
	{ REQUEST_RETRY, LINK_LOST, true, STATUS_OK },
	{ REQUEST_FORGET, LINK_LOST, true, STATUS_OK },
};

ParameterizedTestParameters(request_check,
			    nothing_is_queued_for_later_and_nothing_written_read_only)
{
	static size_t rows[ARRAY_SIZE(request_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, request_check,
		  nothing_is_queued_for_later_and_nothing_written_read_only)
{
	struct link link = { .state = request_cases[*row].state,
			     .read_only = request_cases[*row].read_only };
	struct error err = ERROR_INIT;

	cr_assert_eq(request_check(request_cases[*row].kind, &link, &err),
		     request_cases[*row].want);
	cr_assert_eq(*err.text != '\0', request_cases[*row].want != STATUS_OK);
}
