/* Cron texts as robfig/cron reads them (spec kots-snapshots 7.2). */
#include "backend/ops/cron.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

/* Saturday 2026-11-21T01:14:31Z */
#define NOW INT64_C(1795223671)

static const struct {
	const char *text, *next; /* next NULL = refused, "" = never */
} next_cases[] = {
	{ "0 * * * *", "2026-11-21T02:00:00Z" },
	{ "0 0 * * *", "2026-11-22T00:00:00Z" },
	{ "0 0 * * MON", "2026-11-23T00:00:00Z" },
	{ "0 0 * * mon", "2026-11-23T00:00:00Z" },
	{ "14 1 * * *", "2026-11-22T01:14:00Z" },
	{ "15 1 * * *", "2026-11-21T01:15:00Z" },
	{ "*/15 * * * *", "2026-11-21T01:15:00Z" },
	{ "50/5 * * * *", "2026-11-21T01:50:00Z" },
	{ "0 2-4 * * *", "2026-11-21T02:00:00Z" },
	{ "0 13 * * 1-5", "2026-11-23T13:00:00Z" },
	{ "0 0 1 1 ?", "2027-01-01T00:00:00Z" },
	{ "0 0 13 * FRI", "2026-11-27T00:00:00Z" }, /* either day is enough */
	{ "0 0 */2 * 1", "2026-11-23T00:00:00Z" },
	{ "0 0 29 2 *", "2028-02-29T00:00:00Z" },
	{ "0 0 31 2 *", "" },
	{ "0 0 1 JAN,jul *", "2027-01-01T00:00:00Z" },
	{ "  0  0 * *   * ", "2026-11-22T00:00:00Z" },
	{ "@hourly", "2026-11-21T02:00:00Z" },
	{ "@daily", "2026-11-22T00:00:00Z" },
	{ "@midnight", "2026-11-22T00:00:00Z" },
	{ "@weekly", "2026-11-22T00:00:00Z" },
	{ "@monthly", "2026-12-01T00:00:00Z" },
	{ "@yearly", "2027-01-01T00:00:00Z" },
	{ "@annually", "2027-01-01T00:00:00Z" },
	{ "@every 1h30m", "2026-11-21T02:44:31Z" },
	{ "@every 100ms", "2026-11-21T01:14:32Z" },
	{ "", NULL },
	{ "0 0 * * 7", NULL },
	{ "0 0 * * * *", NULL },
	{ "0 0 * *", NULL },
	{ "60 * * * *", NULL },
	{ "0 24 * * *", NULL },
	{ "0 0 0 * *", NULL },
	{ "0 0 * 13 *", NULL },
	{ "5-1 * * * *", NULL },
	{ "*/0 * * * *", NULL },
	{ "1/2/3 * * * *", NULL },
	{ "1-2-3 * * * *", NULL },
	{ "-1 * * * *", NULL },
	{ "0 0 * * MOON", NULL },
	{ "@reboot", NULL },
	{ "@never", NULL },
	{ "@default", NULL },
	{ "@every", NULL },
	{ "@every soon", NULL },
	{ "TZ=Europe/Berlin 0 0 * * *", NULL },
	{ "CRON_TZ=UTC 0 0 * * *", NULL },
	{ "99999999999999999999 * * * *", NULL },
};

ParameterizedTestParameters(cron, the_next_time_is_that_of_robfig_cron_in_utc)
{
	static size_t rows[ARRAY_SIZE(next_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, cron, the_next_time_is_that_of_robfig_cron_in_utc)
{
	struct error err = ERROR_INIT;
	struct strbuf got = STRBUF_INIT;
	int64_t next = -1;
	enum status st = cron_next(next_cases[*row].text, NOW, &next, &err);

	if (!next_cases[*row].next) {
		cr_assert_eq(st, STATUS_FORMAT, "\"%s\" was taken", next_cases[*row].text);
		cr_assert(*err.text);
		cr_assert_eq(next, -1, "a result is written only on success");
		return;
	}
	cr_assert_eq(st, STATUS_OK, "\"%s\": %s", next_cases[*row].text, err.text);
	if (next)
		clock_add_rfc3339(&got, next);
	cr_assert_str_eq(got.buf, next_cases[*row].next, "\"%s\": %s", next_cases[*row].text,
			 got.buf);
	strbuf_done(&got);
}

static const struct {
	const char *text, *words;
} word_cases[] = {
	{ "0 2 * * *", "daily 02:00" },
	{ "0 13 * * 1-5", "Mon to Fri 13:00" },
	{ "0 13 * * MON,WED", "Mon, Wed 13:00" },
	{ "30 3 * * 0", "Sun 03:30" },
	{ "0 2 1 * *", "monthly on day 1 02:00" },
	{ "@hourly", "hourly" },
	{ "5 * * * *", "hourly" },
	{ "* * * * *", "every minute" },
	{ "*/15 * * * *", "every 15 min" },
	{ "0 */6 * * *", "every 6 h" },
	{ "@every 36h", "every 36 h" },
	{ "@every 48h", "every 2 d" },
	{ "0 0 13 * FRI", "0 0 13 * FRI" },
	{ "*/7 * * * *", "*/7 * * * *" },
	{ "not cron", "not cron" },
};

ParameterizedTestParameters(cron, plain_schedules_are_said_in_words_and_others_as_they_are)
{
	static size_t rows[ARRAY_SIZE(word_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, cron, plain_schedules_are_said_in_words_and_others_as_they_are)
{
	struct strbuf words = STRBUF_INIT;

	cron_add_words(&words, word_cases[*row].text, NOW, (struct clock_zone){ .utc = true });
	cr_assert_str_eq(words.buf, word_cases[*row].words);
	strbuf_done(&words);
}
