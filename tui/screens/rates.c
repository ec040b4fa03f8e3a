#include "tui/screens/rates.h"

#include "backend/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_MS 30000
#define LEAST_MS  10000
#define EVERY_MS  1000

void rates_done(struct rates *rates)
{
	for (size_t i = 0; i < rates->count; i++)
		free(rates->rows[i].uid);
	free(rates->rows);
	memset(rates, 0, sizeof(*rates));
}

static struct rate_track *find(const struct rates *rates, const char *uid)
{
	for (size_t i = 0; i < rates->count; i++)
		if (!strcmp(rates->rows[i].uid, uid))
			return &rates->rows[i];
	return NULL;
}

static struct rate_track *add(struct rates *rates, const char *uid, int64_t now_ms)
{
	struct rate_track *track;

	rates->rows = mem_grow(rates->rows, rates->count, &rates->capacity, sizeof(*rates->rows));
	track = &rates->rows[rates->count++];
	memset(track, 0, sizeof(*track));
	track->uid = mem_text(uid);
	track->moved_ms = now_ms;
	return track;
}

void rates_note(struct rates *rates, const char *uid, int64_t bytes, int64_t now_ms)
{
	struct rate_track *track = find(rates, uid);
	struct rate_sample *last;

	if (!track)
		track = add(rates, uid, now_ms);
	last = track->count > 0 ? &track->samples[track->count - 1] : NULL;
	if (last && last->bytes != bytes)
		track->moved_ms = now_ms;
	if (last && now_ms - last->at_ms < EVERY_MS)
		return;
	if (track->count == RATE_SAMPLES) {
		track->count--;
		memmove(track->samples, track->samples + 1,
			track->count * sizeof(track->samples[0]));
	}
	track->samples[track->count++] = (struct rate_sample){ now_ms, bytes };
}

int64_t rates_of(const struct rates *rates, const char *uid, int64_t now_ms)
{
	const struct rate_track *track = find(rates, uid);
	const struct rate_sample *from, *to;

	if (!track || track->count < 2)
		return -1;
	from = &track->samples[0];
	to = &track->samples[track->count - 1];
	while (from < to && now_ms - from->at_ms > WINDOW_MS)
		from++;
	/* Nothing new for a while: the time until now counts as standing still. */
	if (now_ms - from->at_ms < LEAST_MS)
		return from > track->samples ? 0 : -1;
	return (to->bytes - from->bytes) * 1000 / (now_ms - from->at_ms);
}

int64_t rates_still_ms(const struct rates *rates, const char *uid, int64_t now_ms)
{
	const struct rate_track *track = find(rates, uid);

	return track ? now_ms - track->moved_ms : 0;
}
