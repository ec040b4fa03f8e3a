#include "backend/practice/cronline.h"

#include "backend/base/clock.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define YEARS_AHEAD 5

enum field { MINUTE, HOUR, DAY, MONTH, WEEKDAY, FIELDS };

static const struct range {
	int low, high;
	const char *const *names; /* NULL, or the names of low, low + 1 ... */
} ranges[FIELDS] = {
	[MINUTE] = { 0, 59, NULL },
	[HOUR] = { 0, 23, NULL },
	[DAY] = { 1, 31, NULL },
	[MONTH] = { 1, 12,
		    (const char *const[]){ "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
					   "sep", "oct", "nov", "dec" } },
	[WEEKDAY] = { 0, 6,
		      (const char *const[]){ "sun", "mon", "tue", "wed", "thu", "fri", "sat" } },
};

static const struct {
	const char *name, *line;
} descriptors[] = {
	{ "@yearly", "0 0 1 1 *" }, { "@annually", "0 0 1 1 *" }, { "@monthly", "0 0 1 * *" },
	{ "@weekly", "0 0 * * 0" }, { "@daily", "0 0 * * *" },	  { "@midnight", "0 0 * * *" },
	{ "@hourly", "0 * * * *" },
};

struct cron {
	uint64_t bits[FIELDS];
	bool any_day, any_weekday; /* written as a star */
};

/* A number or a name at *text; -1 when neither. */
static int read_value(const char **text, const struct range *range)
{
	char *end;
	long value;
	int i;

	if (isdigit((unsigned char)**text)) {
		value = strtol(*text, &end, 10);
		*text = end;
		return value >= range->low && value <= range->high ? (int)value : -1;
	}
	for (i = 0; range->names && i <= range->high - range->low; i++) {
		if (strncasecmp(*text, range->names[i], 3) == 0) {
			*text += 3;
			return range->low + i;
		}
	}
	return -1;
}

/* One part of a list: "*", "5", "1-5", each with "/step". */
static bool read_part(const char **text, const struct range *range, uint64_t *bits, bool *star)
{
	int low = range->low, high = range->high, step = 1, value;

	if (**text == '*' || **text == '?') {
		*star = true;
		(*text)++;
	} else {
		low = high = read_value(text, range);
		if (low >= 0 && **text == '-') {
			(*text)++;
			high = read_value(text, range);
		} else if (**text == '/') {
			high = range->high;
		}
	}
	if (**text == '/') {
		(*text)++;
		step = atoi(*text);
		*text += strspn(*text, "0123456789");
		*star = *star && step == 1;
	}
	if (low < 0 || high < low || step < 1)
		return false;
	for (value = low; value <= high; value += step)
		*bits |= (uint64_t)1 << value;
	return true;
}

static bool read_field(const char **text, const struct range *range, uint64_t *bits, bool *star)
{
	*bits = 0;
	*star = false;
	do {
		if (!read_part(text, range, bits, star))
			return false;
	} while (**text == ',' && (*text)++);
	return **text == '\0' || **text == ' ' || **text == '\t';
}

static bool read_line(const char *line, struct cron *cron)
{
	bool star;
	int i;

	for (i = 0; i < FIELDS; i++) {
		line += strspn(line, " \t");
		if (!*line || !read_field(&line, &ranges[i], &cron->bits[i], &star))
			return false;
		if (i == DAY)
			cron->any_day = star;
		if (i == WEEKDAY)
			cron->any_weekday = star;
	}
	return line[strspn(line, " \t")] == '\0';
}

static bool has(const struct cron *cron, enum field field, int value)
{
	return cron->bits[field] >> value & 1;
}

/* Both day fields restricted: either one is enough. */
static bool day_fits(const struct cron *cron, const struct tm *at)
{
	bool day = has(cron, DAY, at->tm_mday), weekday = has(cron, WEEKDAY, at->tm_wday);

	return cron->any_day || cron->any_weekday ? day && weekday : day || weekday;
}

static int64_t next_fit(const struct cron *cron, int64_t after)
{
	int64_t at = after - after % 60 + 60, end = after + (int64_t)YEARS_AHEAD * 366 * 24 * 3600;
	struct tm parts;
	time_t when;

	while (at < end) {
		when = (time_t)at;
		gmtime_r(&when, &parts);
		if (!has(cron, MONTH, parts.tm_mon + 1) || !day_fits(cron, &parts))
			at += 24 * 3600 - (parts.tm_hour * 3600 + parts.tm_min * 60);
		else if (!has(cron, HOUR, parts.tm_hour))
			at += 3600 - parts.tm_min * 60;
		else if (!has(cron, MINUTE, parts.tm_min))
			at += 60;
		else
			return at;
	}
	return 0;
}

static int64_t next_every(const char *text, int64_t after)
{
	int64_t ms;

	if (clock_parse_duration(text, &ms, NULL) || ms <= 0)
		return 0;
	return after + (ms < 1000 ? 1 : ms / 1000);
}

/* After "TZ=UTC " or "CRON_TZ=UTC "; NULL for a zone we have no table of. */
static const char *skip_zone(const char *line)
{
	const char *zone = text_starts(line, "CRON_TZ=") ? line + 8
			   : text_starts(line, "TZ=")	 ? line + 3
							 : NULL;
	size_t len;

	if (!zone)
		return line;
	len = strcspn(zone, " ");
	if (strncmp(zone, "UTC", len) != 0 && strncmp(zone, "Etc/UTC", len) != 0)
		return NULL;
	return zone + len + strspn(zone + len, " ");
}

int64_t cronline_next(const char *line, int64_t after)
{
	struct cron cron;
	size_t i;

	line = skip_zone(line);
	if (!line)
		return 0;
	if (text_starts(line, "@every "))
		return next_every(line + strlen("@every "), after);
	for (i = 0; i < sizeof(descriptors) / sizeof(*descriptors); i++) {
		if (strcmp(line, descriptors[i].name) == 0)
			line = descriptors[i].line;
	}
	return read_line(line, &cron) ? next_fit(&cron, after) : 0;
}

bool cronline_is_valid(const char *line)
{
	return cronline_next(line, 1) != 0;
}
