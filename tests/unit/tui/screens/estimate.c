/* Time left and rates are never claimed from too little. */
#include "tui/screens/estimate.h"
#include "tests/support/site.h"
#include "tui/screens/rates.h"

#include <criterion/criterion.h>
#include <string.h>

Test(estimate, a_range_of_earlier_runs_less_what_has_gone)
{
	struct model *model = site_model(SITE_STORY);
	const struct snapshot *running = model->running;
	struct estimate estimate;
	int64_t gone = SITE_NOW - running->backup->started;

	estimate_left(model, running, SITE_NOW, 0, &estimate);
	cr_assert(estimate.known);
	cr_expect(estimate.runs == 9);
	cr_expect(estimate.left_low == estimate.took_low - gone);
	cr_expect(estimate.left_high == estimate.took_high - gone);
	model_unref(model);
}

Test(estimate, never_less_than_the_slowest_volume_needs)
{
	struct model *model = site_model(SITE_STORY);
	struct estimate estimate;

	estimate_left(model, model->running, SITE_NOW, 7200, &estimate);
	cr_expect(estimate.left_low == 7200);
	cr_expect(estimate.left_high == 7200);
	model_unref(model);
}

Test(estimate, fewer_than_three_runs_say_unknown)
{
	struct model *model = site_model_large(3);
	struct estimate estimate = { .runs = 1 };
	struct strbuf text = STRBUF_INIT;

	estimate_add_left(&text, &estimate);
	cr_expect_str_eq(text.buf, "time left unknown (1 earlier run)");
	strbuf_done(&text);
	model_unref(model);
}

Test(estimate, ranges_in_the_unit_people_say)
{
	static const struct {
		int64_t low, high;
		const char *want;
	} rows[] = { { 5, 30, "5 to 30 s" },
		     { 60, 119, "60 to 119 s" },
		     { 1620, 1980, "27 to 33 min" },
		     { 1620, 1630, "27 min" },
		     { 3 * 3600, 5 * 3600, "3 to 5 h" } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf text = STRBUF_INIT;

		estimate_add_range(&text, rows[i].low, rows[i].high);
		cr_expect_str_eq(text.buf, rows[i].want);
		strbuf_done(&text);
	}
}

Test(rates, unknown_until_ten_seconds_were_seen_then_over_thirty)
{
	struct rates rates = { 0 };

	for (int second = 0; second <= 60; second++) {
		rates_note(&rates, "a", second * 1000, second * 1000);
		if (second < 10)
			cr_expect(rates_of(&rates, "a", second * 1000) == -1);
	}
	cr_expect(rates_of(&rates, "a", 60000) == 1000);
	cr_expect(rates_of(&rates, "b", 60000) == -1);
	cr_expect(rates_still_ms(&rates, "a", 60000) == 0);
	/* Standing still: the rate goes down, the stall is seen after three minutes. */
	rates_note(&rates, "a", 60000, 75000);
	cr_expect(rates_of(&rates, "a", 75000) < 600);
	cr_expect(rates_still_ms(&rates, "a", 240000) == RATE_STALL_MS);
	rates_done(&rates);
}
