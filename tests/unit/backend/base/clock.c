#include "backend/base/clock.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
	const char *text;
	int64_t want;
} times[] = {
	{ "2026-11-21T02:14:31Z", 1795227271 },
	{ "2026-11-21T02:14:31.123456789Z", 1795227271 },
	{ "2026-11-21T03:14:31+01:00", 1795227271 },
	{ "2026-11-20T20:44:31-05:30", 1795227271 },
	{ "2026-11-21t02:14:31z", 1795227271 },
	{ "2024-02-29T00:00:00Z", 1709164800 },
	{ "2016-12-31T23:59:60Z", 1483228800 },
	{ "1970-01-01T00:00:01Z", 1 },
	{ "9999-12-31T23:59:59Z", 253402300799 },
	/* none */
	{ NULL, 0 },
	{ "", 0 },
	{ "yesterday", 0 },
	{ "2026-11-21", 0 },
	{ "2026-11-21T02:14:31", 0 },
	{ "2026-11-21T02:14:31X", 0 },
	{ "2026-11-21T02:14:31Zx", 0 },
	{ "2026-11-21T02:14:31+1:00", 0 },
	{ "2026-11-21T02:14:31+24:00", 0 },
	{ "2026-11-21T02:14:31+01:60", 0 },
	{ "2026-13-01T00:00:00Z", 0 },
	{ "2026-00-01T00:00:00Z", 0 },
	{ "2026-02-30T00:00:00Z", 0 },
	{ "2026-02-29T00:00:00Z", 0 },
	{ "2026-11-21T24:00:00Z", 0 },
	{ "2026-11-21T23:60:00Z", 0 },
	{ "2026-11-21T-1:14:31Z", 0 },
	{ "1969-12-31T23:59:59Z", 0 },
	{ "0001-01-01T00:00:00Z", 0 },
};

Test(clock, what_is_no_time_of_rfc_3339_is_0)
{
	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		cr_expect_eq(clock_parse_rfc3339(times[i].text), times[i].want, "%s: %lld",
			     times[i].text, (long long)clock_parse_rfc3339(times[i].text));
}

Test(clock, a_time_written_is_read_back)
{
	for (int64_t at = 1; at < INT64_C(8000000000); at = at * 3 + 86399) {
		struct strbuf out = STRBUF_INIT;

		clock_add_rfc3339(&out, at);
		cr_expect_eq(clock_parse_rfc3339(out.buf), at, "%s", out.buf);
		strbuf_done(&out);
	}
}

static const struct {
	const char *text;
	int64_t ms;
	const char *canonical;
} durations[] = {
	{ "720h0m0s", 2592000000, "720h0m0s" },
	{ "720h", 2592000000, "720h0m0s" },
	{ "1.5h", 5400000, "1h30m0s" },
	{ "2h45m", 9900000, "2h45m0s" },
	{ "90s", 90000, "1m30s" },
	{ "1m", 60000, "1m0s" },
	{ "1500ms", 1500, "1.5s" },
	{ "1.25s", 1250, "1.25s" },
	{ "10ms", 10, "10ms" },
	{ "1us", 0, "0s" },
	{ "1000000ns", 1, "1ms" },
	{ "1000\xc2\xb5s", 1, "1ms" },
	{ "-1h", -3600000, "-1h0m0s" },
	{ "+1h", 3600000, "1h0m0s" },
	{ "0", 0, "0s" },
	{ "-0", 0, "0s" },
	{ ".5s", 500, "500ms" },
};

Test(clock, durations_are_those_of_go)
{
	for (size_t i = 0; i < ARRAY_SIZE(durations); i++) {
		struct strbuf out = STRBUF_INIT;
		struct error err = ERROR_INIT;
		int64_t ms = -7;

		cr_expect_eq(clock_parse_duration(durations[i].text, &ms, &err), STATUS_OK, "%s",
			     err.text);
		cr_expect_eq(ms, durations[i].ms, "%s: %lld", durations[i].text, (long long)ms);
		clock_add_duration(&out, ms);
		cr_expect_str_eq(out.buf, durations[i].canonical);
		strbuf_done(&out);
	}
}

static const char *const no_durations[] = { "",	    "-",   "1",	  "h",	  "30d",
					    "1 h",  "1h ", "1hh", "1e3s", "0x1h",
					    "1.h.", ".s",  "inf", "--1h", "9999999999h" };

Test(clock, days_and_all_else_are_no_durations)
{
	for (size_t i = 0; i < ARRAY_SIZE(no_durations); i++) {
		struct error err = ERROR_INIT;
		int64_t ms = -7;

		cr_expect_eq(clock_parse_duration(no_durations[i], &ms, &err), STATUS_FORMAT, "%s",
			     no_durations[i]);
		cr_expect_eq(ms, -7, "a result is written only on success");
		cr_expect(strlen(err.text) > 0);
	}
	cr_expect_eq(clock_parse_duration(NULL, &(int64_t){ 0 }, NULL), STATUS_FORMAT);
}

Test(clock, the_longest_durations_are_written_whole)
{
	struct strbuf out = STRBUF_INIT;

	clock_add_duration(&out, INT64_MIN);
	cr_assert_str_eq(out.buf, "-2562047788015h12m55.808s");
	strbuf_done(&out);
}

static const struct {
	int64_t seconds;
	const char *want;
} spans[] = {
	{ -5, "0 s" },	    { 0, "0 s" },	{ 59, "59 s" },
	{ 60, "1 min" },    { 3599, "59 min" }, { 3600, "1 h" },
	{ 172799, "47 h" }, { 172800, "2 d" },	{ 31622400, "366 d" },
};

Test(clock, spans_are_rounded_down_to_one_unit)
{
	for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
		struct strbuf out = STRBUF_INIT;

		clock_add_span(&out, spans[i].seconds);
		cr_expect_str_eq(out.buf, spans[i].want);
		strbuf_done(&out);
	}
}

#define AT INT64_C(1795227271) /* 2026-11-21T02:14:31Z, a Saturday */

static const struct {
	const char *zone, *want;
} zones[] = {
	{ "UTC", "21 Nov 02:14|02:14:31|02:14|21 Nov|Sat|UTC" },
	{ "CET-1CEST", "21 Nov 03:14|03:14:31|03:14|21 Nov|Sat|CET" },
	{ "EST5", "20 Nov 21:14|21:14:31|21:14|20 Nov|Fri|EST" },
};

static void add_all(struct strbuf *out, struct clock_zone zone)
{
	clock_add_short(out, AT, AT, zone);
	strbuf_addc(out, '|');
	clock_add_hms(out, AT, zone);
	strbuf_addc(out, '|');
	clock_add_hm(out, AT, zone);
	strbuf_addc(out, '|');
	clock_add_date(out, AT, zone);
	strbuf_addc(out, '|');
	clock_add_weekday(out, AT, zone);
	strbuf_addc(out, '|');
	clock_add_zone_name(out, AT, zone);
}

Test(clock, a_moment_is_shown_in_the_zone_asked_for)
{
	for (size_t i = 0; i < ARRAY_SIZE(zones); i++) {
		struct strbuf local = STRBUF_INIT, utc = STRBUF_INIT;

		setenv("TZ", zones[i].zone, 1);
		tzset();
		add_all(&local, (struct clock_zone){ .utc = false });
		add_all(&utc, (struct clock_zone){ .utc = true });
		cr_expect_str_eq(local.buf, zones[i].want);
		cr_expect_str_eq(utc.buf, zones[0].want);
		strbuf_done(&local);
		strbuf_done(&utc);
	}
}

Test(clock, another_year_takes_the_place_of_the_time_in_the_same_width)
{
	struct strbuf out = STRBUF_INIT;
	const struct clock_zone utc = { .utc = true };

	clock_add_short(&out, AT, AT + 365 * 86400, utc);
	cr_assert_str_eq(out.buf, "21 Nov 2026 ");
	strbuf_reset(&out);
	clock_add_short(&out, clock_parse_rfc3339("2026-11-01T00:00:00Z"), AT, utc);
	cr_assert_str_eq(out.buf, " 1 Nov 00:00");
	strbuf_done(&out);
}

Test(clock, now_is_one_moment_in_seconds_and_milliseconds)
{
	int64_t before = clock_now_ms(), now = clock_now(), after = clock_now_ms(),
		first = clock_monotonic_ms();

	cr_assert(now >= before / 1000 && now <= after / 1000);
	cr_assert(clock_monotonic_ms() >= first);
}
