/* How fast things move, judged by what was seen while a screen was open: bytes over the last 30 s,
 * and for how long nothing moved. Pure (design/screens.md 4.5, Movement). */
#ifndef TUI_SCREENS_RATES_H
#define TUI_SCREENS_RATES_H

#include <stddef.h>
#include <stdint.h>

#define RATE_SAMPLES  31
#define RATE_STALL_MS INT64_C(180000)

struct rate_sample {
	int64_t at_ms, bytes;
};

struct rate_track {
	char *uid; /* owned */
	int64_t moved_ms;
	struct rate_sample samples[RATE_SAMPLES]; /* oldest first, at most one a second */
	size_t count;
};

/* Zeroed is empty. */
struct rates {
	struct rate_track *rows;
	size_t count, capacity;
};

void rates_done(struct rates *rates);
void rates_note(struct rates *rates, const char *uid, int64_t bytes, int64_t now_ms);
/* Bytes a second, -1 while it was watched for less than ten seconds. */
int64_t rates_of(const struct rates *rates, const char *uid, int64_t now_ms);
/* Milliseconds since it moved, 0 when it is not watched. */
int64_t rates_still_ms(const struct rates *rates, const char *uid, int64_t now_ms);

#endif
