/* Times and durations. Pure but for clock_now*(); whoever decides something gets `now` as a value.
 * Unix seconds, UTC. */
#ifndef BACKEND_BASE_CLOCK_H
#define BACKEND_BASE_CLOCK_H

#include "backend/base/status.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

int64_t clock_now(void);	  /* wall clock, unix seconds */
int64_t clock_now_ms(void);	  /* wall clock, milliseconds */
int64_t clock_monotonic_ms(void); /* for timeouts and rates; never set, counts sleep too */

/* "2026-11-21T02:14:31Z", fractions and offsets accepted; 0 when it is none (also for years before
 * 1970). */
int64_t clock_parse_rfc3339(const char *text);
void clock_add_rfc3339(struct strbuf *sb, int64_t unix_s); /* UTC with Z */

/* Go durations: "720h0m0s", "1.5h", "2h45m". Days are no unit (spec/velero-api.md 2.0). */
enum status clock_parse_duration(const char *text, int64_t *ret_ms, struct error *err);
void clock_add_duration(struct strbuf *sb, int64_t ms); /* canonical Go form: "720h0m0s" */

/* A time zone as a value: seconds east of UTC for a moment. clock_local() asks the C library (TZ);
 * clock_utc() is 0, "UTC". */
struct clock_zone {
	bool utc;
};
/* "21 Nov 02:00"; another year than that of now: "21 Nov 2025". Day padded with a blank. 12 cells.
 * (design/screens.md 2.5) */
void clock_add_short(struct strbuf *sb, int64_t unix_s, int64_t now, struct clock_zone zone);
void clock_add_hms(struct strbuf *sb, int64_t unix_s, struct clock_zone zone);	   /* "02:00:04" */
void clock_add_hm(struct strbuf *sb, int64_t unix_s, struct clock_zone zone);	   /* "02:00" */
void clock_add_date(struct strbuf *sb, int64_t unix_s, struct clock_zone zone);	   /* "20 Dec" */
void clock_add_weekday(struct strbuf *sb, int64_t unix_s, struct clock_zone zone); /* "Sat" */
void clock_add_zone_name(struct strbuf *sb, int64_t now, struct clock_zone zone); /* "CET", "UTC" */

/* Ages and spans, rounded down, one unit: "just now" is the caller's; here "14 min", "24 h" (to 47
 * h), "9 d", "8 s". */
void clock_add_span(struct strbuf *sb, int64_t seconds);

#endif
