#include "tui/app/notices.h"

#include <string.h>

#define CHANGE_MS    1000
#define GOOD_LEAST   2000
#define NEVER_EXPIRE INT64_MAX

static const int64_t life_ms[] = {
	[MESSAGE_GOOD] = 8000,
	[MESSAGE_INFO] = 8000,
	[MESSAGE_WARNING] = 20000,
	[MESSAGE_ERROR] = NEVER_EXPIRE,
};

static void show(struct notices *notices, const struct notice *notice, int64_t now_ms)
{
	notices->current = *notice;
	notices->shown = true;
	notices->answer = false;
	notices->shown_ms = now_ms;
}

/* The oldest of a full queue goes: it stays readable in the log. */
static void put_in_queue(struct notices *notices, const struct notice *notice, size_t at)
{
	if (notices->queued == NOTICES_QUEUED) {
		notices->queued--;
		memmove(notices->queue, notices->queue + 1,
			notices->queued * sizeof(*notices->queue));
		at = at > 0 ? at - 1 : 0;
	}
	memmove(notices->queue + at + 1, notices->queue + at,
		(notices->queued - at) * sizeof(*notices->queue));
	notices->queue[at] = *notice;
	notices->queued++;
}

void notices_add(struct notices *notices, const struct notice *notice, const struct app_time *time,
		 bool at_once)
{
	bool again = notices->shown && !strcmp(notices->current.text, notice->text);

	if (!again)
		message_log_add(&notices->log, notice->level, time->now, notice->text);
	if (at_once && !again && notices->shown && notices->current.level == MESSAGE_ERROR &&
	    notice->level != MESSAGE_ERROR)
		put_in_queue(notices, &notices->current, 0);
	if (again || at_once || !notices->shown) {
		show(notices, notice, time->now_ms);
		notices->answer = at_once;
	} else {
		put_in_queue(notices, notice, notices->queued);
	}
}

bool notices_tick(struct notices *notices, int64_t now_ms)
{
	int64_t age = now_ms - notices->shown_ms;
	bool make_room =
		notices->queued > 0 && notices->current.level != MESSAGE_ERROR && age >= GOOD_LEAST;

	if (notices->shown && age < life_ms[notices->current.level] && !make_room)
		return false;
	if (!notices->shown && notices->queued == 0)
		return false;
	if (!notices->shown && age < CHANGE_MS)
		return false;
	notices->shown = false;
	if (notices->queued > 0) {
		show(notices, &notices->queue[0], now_ms);
		notices->queued--;
		memmove(notices->queue, notices->queue + 1,
			notices->queued * sizeof(*notices->queue));
	}
	return true;
}

bool notices_key(struct notices *notices, struct key key, int64_t now_ms)
{
	if (!notices->shown)
		return false;
	if (notices->current.level == MESSAGE_ERROR) {
		if (key.code != KEYCODE_ESC)
			return false;
		notices->shown = false;
		notices->shown_ms = now_ms;
		return true;
	}
	if (now_ms - notices->shown_ms >= GOOD_LEAST &&
	    (notices->answer || notices->current.level <= MESSAGE_INFO)) {
		notices->shown = false;
		notices->shown_ms = now_ms;
	}
	return false;
}

const struct notice *notices_current(const struct notices *notices)
{
	return notices->shown ? &notices->current : NULL;
}
