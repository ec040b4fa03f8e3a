#include "backend/ops/cron_spec.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define LONGEST_TEXT 256
#define YEARS_AHEAD  5 /* as robfig/cron: what does not come within five years never comes */

static const char *const month_names[] = { "jan", "feb", "mar", "apr", "may", "jun",
					   "jul", "aug", "sep", "oct", "nov", "dec" };
static const char *const weekday_names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

static const struct place {
	const char *name, *range;
	unsigned min, max;
	const char *const *names;
	size_t name_count;
} places[CRON_PLACES] = {
	[CRON_MINUTE] = { "minute", "must be 0 to 59", 0, 59, NULL, 0 },
	[CRON_HOUR] = { "hour", "must be 0 to 23", 0, 23, NULL, 0 },
	[CRON_DAY] = { "day", "must be 1 to 31", 1, 31, NULL, 0 },
	[CRON_MONTH] = { "month", "must be 1 to 12 or JAN to DEC", 1, 12, month_names, 12 },
	[CRON_WEEKDAY] = { "weekday", "must be 0 to 6, 0 is Sunday", 0, 6, weekday_names, 7 },
};

static const struct descriptor {
	const char *word, *fields;
} descriptors[] = {
	{ "@yearly", "0 0 1 1 *" }, { "@annually", "0 0 1 1 *" }, { "@monthly", "0 0 1 * *" },
	{ "@weekly", "0 0 * * 0" }, { "@daily", "0 0 * * *" },	  { "@midnight", "0 0 * * *" },
	{ "@hourly", "0 * * * *" },
};

struct piece {
	const char *text;
	size_t len;
};

/* Cuts the first part off before `stop`; false when nothing is left. */
static bool cut(struct piece *rest, char stop, struct piece *ret_part)
{
	const char *end;

	if (!rest->text)
		return false;
	end = memchr(rest->text, stop, rest->len);
	ret_part->text = rest->text;
	ret_part->len = end ? (size_t)(end - rest->text) : rest->len;
	rest->len = end ? rest->len - ret_part->len - 1 : 0;
	rest->text = end ? end + 1 : NULL;
	return true;
}

static bool is_all(struct piece piece)
{
	return piece.len == 1 && (*piece.text == '*' || *piece.text == '?');
}

static bool to_number(const struct place *place, struct piece piece, unsigned *ret_value)
{
	unsigned value = 0;

	for (size_t i = 0; i < place->name_count; i++) {
		if (piece.len == 3 && !strncasecmp(piece.text, place->names[i], 3)) {
			*ret_value = place->min + (unsigned)i;
			return true;
		}
	}
	if (!piece.len || piece.len > 4)
		return false;
	for (size_t i = 0; i < piece.len; i++) {
		if (!isdigit((unsigned char)piece.text[i]))
			return false;
		value = value * 10 + (unsigned)(piece.text[i] - '0');
	}
	*ret_value = value;
	return true;
}

static enum status bad(const struct place *place, struct piece piece, const char *why,
		       struct error *err)
{
	return error_set(err, STATUS_FORMAT, "%s %.*s: %s", place->name, (int)piece.len, piece.text,
			 why);
}

/* "a", "a-b", "*", each perhaps with "/step"; "a/step" goes on to the largest value. */
static enum status parse_range(const struct place *place, struct piece whole, uint64_t *bits,
			       bool *ret_all, struct error *err)
{
	struct piece rest = whole, range, step_text, low, high;
	unsigned first, last, step = 1;
	bool has_step;

	cut(&rest, '/', &range);
	has_step = cut(&rest, '/', &step_text);
	if (rest.text)
		return bad(place, whole, "only one / is possible", err);
	rest = range;
	cut(&rest, '-', &low);
	if (is_all(low)) {
		first = place->min;
		last = place->max;
		*ret_all = true;
	} else {
		if (!to_number(place, low, &first))
			return bad(place, whole, place->range, err);
		last = first;
		if (cut(&rest, '-', &high) && !to_number(place, high, &last))
			return bad(place, whole, place->range, err);
		else if (has_step && low.len == range.len)
			last = place->max;
		if (rest.text)
			return bad(place, whole, "only one - is possible", err);
	}
	if (has_step && !to_number(&places[CRON_MINUTE], step_text, &step))
		return bad(place, whole, "the step after / must be a number", err);
	if (!step)
		return bad(place, whole, "the step after / must be 1 or more", err);
	if (first < place->min || last > place->max)
		return bad(place, whole, place->range, err);
	if (first > last)
		return bad(place, whole, "the range begins after its end", err);
	if (step > 1)
		*ret_all = false;
	for (unsigned value = first; value <= last; value += step)
		*bits |= UINT64_C(1) << value;
	return STATUS_OK;
}

static enum status parse_field(const struct place *place, struct piece field, uint64_t *ret_bits,
			       bool *ret_all, struct error *err)
{
	struct piece rest = field, range;
	uint64_t bits = 0;

	*ret_all = false;
	while (cut(&rest, ',', &range)) {
		bool all = false;

		if (!range.len)
			continue;
		if (parse_range(place, range, &bits, &all, err))
			return STATUS_FORMAT;
		*ret_all = *ret_all || all;
	}
	if (!bits)
		return bad(place, field, place->range, err);
	*ret_bits = bits;
	return STATUS_OK;
}

static size_t split(const char *text, struct piece fields[CRON_PLACES + 1])
{
	size_t count = 0;

	while (*text) {
		size_t len = strcspn(text, " \t\r\n");

		if (len && count <= CRON_PLACES)
			fields[count] = (struct piece){ text, len };
		if (len)
			count++;
		text += len;
		text += strspn(text, " \t\r\n");
	}
	return count;
}

static enum status parse_fields(const char *text, struct cron_spec *ret_spec, struct error *err)
{
	struct piece fields[CRON_PLACES + 1];
	struct cron_spec spec = { .every_s = 0 };
	size_t count = split(text, fields);

	if (count != CRON_PLACES)
		return error_set(err, STATUS_FORMAT,
				 "%zu %s: must be 5 (minute hour day month weekday)", count,
				 count == 1 ? "field" : "fields");
	for (int i = 0; i < CRON_PLACES; i++)
		if (parse_field(&places[i], fields[i], &spec.bits[i], &spec.all[i], err))
			return STATUS_FORMAT;
	*ret_spec = spec;
	return STATUS_OK;
}

static enum status parse_every(const char *text, struct cron_spec *ret_spec, struct error *err)
{
	int64_t ms;
	struct error why = ERROR_INIT;

	if (clock_parse_duration(text, &ms, &why))
		return error_set(err, STATUS_FORMAT,
				 "@every %s: must be a duration such as 6h or 1h30m", text);
	*ret_spec = (struct cron_spec){ .every_s = ms < 1000 ? 1 : ms / 1000 };
	return STATUS_OK;
}

enum status cron_parse(const char *text, struct cron_spec *ret_spec, struct error *err)
{
	if (!*text)
		return error_set(err, STATUS_FORMAT, "no schedule text");
	if (strlen(text) > LONGEST_TEXT)
		return error_set(err, STATUS_FORMAT, "longer than %d characters", LONGEST_TEXT);
	if (text_starts(text, "TZ=") || text_starts(text, "CRON_TZ="))
		return error_set(
			err, STATUS_FORMAT,
			"a time zone in front is refused by the Admin Console: times are UTC");
	if (!strcmp(text, "@never") || !strcmp(text, "@default"))
		return error_set(err, STATUS_FORMAT, "%s: known to update checks only", text);
	if (text_starts(text, "@every "))
		return parse_every(text + strlen("@every "), ret_spec, err);
	for (size_t i = 0; i < ARRAY_SIZE(descriptors); i++)
		if (!strcmp(text, descriptors[i].word))
			return parse_fields(descriptors[i].fields, ret_spec, err);
	if (*text == '@')
		return error_set(
			err, STATUS_FORMAT,
			"%s: must be @yearly, @monthly, @weekly, @daily, @hourly or @every", text);
	return parse_fields(text, ret_spec, err);
}

static bool has(const struct cron_spec *spec, enum cron_place place, int value)
{
	return spec->bits[place] >> value & 1;
}

/* Both day fields restricted: either is enough (spec/kots-snapshots.md 7.2). */
static bool day_fits(const struct cron_spec *spec, const struct tm *tm)
{
	bool day = has(spec, CRON_DAY, tm->tm_mday);
	bool weekday = has(spec, CRON_WEEKDAY, tm->tm_wday);

	if (spec->all[CRON_DAY] || spec->all[CRON_WEEKDAY])
		return day && weekday;
	return day || weekday;
}

int64_t cron_spec_next(const struct cron_spec *spec, int64_t after)
{
	time_t at = (time_t)(after - ((after % 60) + 60) % 60 + 60);
	struct tm tm;
	int last_year;

	if (spec->every_s)
		return after + spec->every_s;
	if (!gmtime_r(&at, &tm))
		return 0;
	last_year = tm.tm_year + YEARS_AHEAD;
	while (tm.tm_year <= last_year) {
		if (!has(spec, CRON_MONTH, tm.tm_mon + 1))
			tm = (struct tm){ .tm_year = tm.tm_year,
					  .tm_mon = tm.tm_mon + 1,
					  .tm_mday = 1 };
		else if (!day_fits(spec, &tm))
			tm = (struct tm){ .tm_year = tm.tm_year,
					  .tm_mon = tm.tm_mon,
					  .tm_mday = tm.tm_mday + 1 };
		else if (!has(spec, CRON_HOUR, tm.tm_hour))
			tm.tm_hour++, tm.tm_min = 0;
		else if (!has(spec, CRON_MINUTE, tm.tm_min))
			tm.tm_min++;
		else
			return at;
		at = timegm(&tm);
		if (!gmtime_r(&at, &tm))
			return 0;
	}
	return 0;
}

enum status cron_next(const char *text, int64_t after, int64_t *ret_next, struct error *err)
{
	struct cron_spec spec = { .every_s = 0 };
	enum status st = cron_parse(text, &spec, err);

	if (!st)
		*ret_next = cron_spec_next(&spec, after);
	return st;
}
