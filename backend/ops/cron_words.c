#include "backend/ops/cron_spec.h"

#include <string.h>

#define DAY_S 86400

static const char *const weekdays[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

static int count_bits(uint64_t bits)
{
	int count = 0;

	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

/* n when the bits are 0, n, 2n ... up to below end and n divides end; else 0. */
static int even_step(uint64_t bits, int end)
{
	for (int step = 2; step < end; step++) {
		uint64_t want = 0;

		for (int value = 0; value < end; value += step)
			want |= UINT64_C(1) << value;
		if (end % step == 0 && want == bits)
			return step;
	}
	return 0;
}

static int weekday_of(int64_t unix_s, struct clock_zone zone)
{
	struct strbuf name = STRBUF_INIT;
	int found = 0;

	clock_add_weekday(&name, unix_s, zone);
	for (int i = 0; i < 7; i++)
		if (!strcmp(name.buf, weekdays[i]))
			found = i;
	strbuf_done(&name);
	return found;
}

/* "Mon to Fri", "Sat, Sun", "Mon": from Monday on. shift: days between UTC and the zone. */
static void add_weekdays(struct strbuf *out, uint64_t bits, int shift)
{
	bool in[7];
	int first = -1, last = -1, count = 0;

	for (int i = 0; i < 7; i++)
		in[i] = bits >> ((i + 1 - shift + 14) % 7) & 1;
	for (int i = 0; i < 7; i++) {
		if (!in[i])
			continue;
		first = first < 0 ? i : first;
		last = i;
		count++;
	}
	if (count > 2 && count == last - first + 1) {
		strbuf_addf(out, "%s to %s", weekdays[(first + 1) % 7], weekdays[(last + 1) % 7]);
		return;
	}
	for (int i = 0; i < 7; i++)
		if (in[i])
			strbuf_addf(out, "%s%s", i == first ? "" : ", ", weekdays[(i + 1) % 7]);
}

/* One time of the day, on some days of the week or one of the month. */
static bool add_daily(struct strbuf *out, const struct cron_spec *spec, int64_t now,
		      struct clock_zone zone)
{
	int64_t next = cron_spec_next(spec, now);
	int shift;

	if (!next || !spec->all[CRON_MONTH])
		return false;
	shift = (weekday_of(next, zone) - weekday_of(next, (struct clock_zone){ true }) + 7) % 7;
	if (spec->all[CRON_DAY] && count_bits(spec->bits[CRON_WEEKDAY]) == 7)
		strbuf_adds(out, "daily");
	else if (spec->all[CRON_DAY])
		add_weekdays(out, spec->bits[CRON_WEEKDAY], shift);
	else if (spec->all[CRON_WEEKDAY] && count_bits(spec->bits[CRON_DAY]) == 1 && !shift)
		strbuf_addf(out, "monthly on day %d", __builtin_ctzll(spec->bits[CRON_DAY]));
	else
		return false;
	strbuf_addc(out, ' ');
	clock_add_hm(out, next, zone);
	return true;
}

static void add_every(struct strbuf *out, int64_t seconds)
{
	if (seconds % DAY_S == 0)
		strbuf_addf(out, "every %lld d", (long long)(seconds / DAY_S));
	else if (seconds % 3600 == 0)
		strbuf_addf(out, "every %lld h", (long long)(seconds / 3600));
	else if (seconds % 60 == 0)
		strbuf_addf(out, "every %lld min", (long long)(seconds / 60));
	else
		strbuf_addf(out, "every %lld s", (long long)seconds);
}

static bool add_hourly(struct strbuf *out, const struct cron_spec *spec)
{
	int minutes = count_bits(spec->bits[CRON_MINUTE]);
	int step;

	if (!spec->all[CRON_DAY] || !spec->all[CRON_MONTH] ||
	    count_bits(spec->bits[CRON_WEEKDAY]) != 7)
		return false;
	if (spec->all[CRON_HOUR] && minutes == 1) {
		strbuf_adds(out, "hourly");
		return true;
	}
	if (spec->all[CRON_HOUR] && minutes == 60) {
		strbuf_adds(out, "every minute");
		return true;
	}
	step = spec->all[CRON_HOUR] ? even_step(spec->bits[CRON_MINUTE], 60) : 0;
	if (step) {
		strbuf_addf(out, "every %d min", step);
		return true;
	}
	step = minutes == 1 ? even_step(spec->bits[CRON_HOUR], 24) : 0;
	if (step)
		strbuf_addf(out, "every %d h", step);
	return step != 0;
}

void cron_add_words(struct strbuf *out, const char *text, int64_t now, struct clock_zone zone)
{
	struct cron_spec spec;

	if (cron_parse(text, &spec, NULL)) {
		strbuf_adds(out, text);
		return;
	}
	if (spec.every_s) {
		add_every(out, spec.every_s);
		return;
	}
	if (add_hourly(out, &spec))
		return;
	if (count_bits(spec.bits[CRON_MINUTE]) == 1 && count_bits(spec.bits[CRON_HOUR]) == 1 &&
	    add_daily(out, &spec, now, zone))
		return;
	strbuf_adds(out, text);
}
