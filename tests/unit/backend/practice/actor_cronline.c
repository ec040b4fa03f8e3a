#include "backend/base/clock.h"
#include "backend/practice/cronline.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

static const struct {
	const char *line, *after, *next; /* next "": never, or no cron line */
} rows[] = {
	{ "0 2 * * *", "2026-11-24T01:59:59Z", "2026-11-24T02:00:00Z" },
	{ "0 2 * * *", "2026-11-24T02:00:00Z", "2026-11-25T02:00:00Z" },
	{ "*/15 * * * *", "2026-11-24T10:14:59Z", "2026-11-24T10:15:00Z" },
	{ "0 0 * * MON", "2026-11-24T00:00:00Z", "2026-11-30T00:00:00Z" },
	{ "30 4 1,15 * 5", "2026-11-24T00:00:00Z", "2026-11-27T04:30:00Z" },
	{ "0 0 29 2 *", "2026-11-24T00:00:00Z", "2028-02-29T00:00:00Z" },
	{ "0 12 1 JAN *", "2026-11-24T00:00:00Z", "2027-01-01T12:00:00Z" },
	{ "@hourly", "2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z" },
	{ "@every 90m", "2026-11-24T10:00:00Z", "2026-11-24T11:30:00Z" },
	{ "TZ=UTC 0 2 * * *", "2026-11-24T03:00:00Z", "2026-11-25T02:00:00Z" },
	{ "0 0 31 2 *", "2026-11-24T00:00:00Z", "" },
	{ "0 0 * * 7", "2026-11-24T00:00:00Z", "" },
	{ "60 * * * *", "2026-11-24T00:00:00Z", "" },
	{ "* * * *", "2026-11-24T00:00:00Z", "" },
	{ "* * * * * *", "2026-11-24T00:00:00Z", "" },
	{ "", "2026-11-24T00:00:00Z", "" },
	{ "@never", "2026-11-24T00:00:00Z", "" },
};

Test(practice_cronline, fires_when_robfig_cron_does)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect(eq(i64, cronline_next(rows[i].line, clock_parse_rfc3339(rows[i].after)),
			     clock_parse_rfc3339(rows[i].next)),
			  "%s", rows[i].line);
}
