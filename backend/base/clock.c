#include "backend/base/clock.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t clock_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_now(void)
{
	return clock_now_ms() / 1000;
}

/* A laptop that slept must not believe that what it held a minute of its own time ago still holds.
 */
int64_t clock_monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Exactly `count` digits; -1 when they are not there. */
static int digits(const char *text, int count)
{
	int value = 0;

	for (; count > 0; count--, text++) {
		if (!isdigit((unsigned char)*text))
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value;
}

static const char *skip_fraction(const char *text)
{
	if (*text != '.')
		return text;
	for (text++; isdigit((unsigned char)*text); text++)
		;
	return text;
}

/* Seconds east of UTC of "Z", "+01:00"; false when it is neither. */
static bool parse_offset(const char *text, int *ret_offset)
{
	int hours, minutes;

	if ((*text == 'Z' || *text == 'z') && !text[1]) {
		*ret_offset = 0;
		return true;
	}
	if (*text != '+' && *text != '-')
		return false;
	hours = digits(text + 1, 2);
	if (hours < 0 || hours > 23 || text[3] != ':')
		return false;
	minutes = digits(text + 4, 2);
	if (minutes < 0 || minutes > 59 || text[6])
		return false;
	*ret_offset = (*text == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}

static int days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Since 1970, by years that begin in March (timegm() asks the time zone each time: a long list has
 * 200,000 times in it). */
static int64_t days_since_1970(int year, int month, int day)
{
	int from_march = (month + 9) % 12;
	int64_t y = year - (month <= 2);

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * from_march + 2) / 5 + day - 1 - 719468;
}

int64_t clock_parse_rfc3339(const char *text)
{
	int year, month, day, hour, minute, second, offset;
	int64_t at;

	if (!text || strlen(text) < 20 || text[4] != '-' || text[7] != '-' || text[13] != ':' ||
	    text[16] != ':' || (text[10] != 'T' && text[10] != 't' && text[10] != ' '))
		return 0;
	year = digits(text, 4);
	month = digits(text + 5, 2);
	day = digits(text + 8, 2);
	hour = digits(text + 11, 2);
	minute = digits(text + 14, 2);
	second = digits(text + 17, 2); /* 60 is a leap second */
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month) ||
	    hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 ||
	    !parse_offset(skip_fraction(text + 19), &offset))
		return 0;
	at = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
	     offset;
	return at > 0 ? at : 0;
}

void clock_add_rfc3339(struct strbuf *sb, int64_t unix_s)
{
	time_t at = (time_t)unix_s;
	char text[40];
	struct tm tm;

	if (gmtime_r(&at, &tm) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		strbuf_adds(sb, text);
}

static const struct {
	const char *name;
	double ns;
} duration_units[] = {
	{ "ns", 1 },   { "us", 1e3 }, { "\xc2\xb5s", 1e3 }, { "\xce\xbcs", 1e3 },
	{ "ms", 1e6 }, { "s", 1e9 },  { "m", 60e9 },	    { "h", 3600e9 },
};

/* The unit that begins at text, longest name first ("ms" before "m"); NULL when none. */
static const char *duration_unit(const char *text, double *ret_ns)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(duration_units); i++) {
		const char *name = duration_units[i].name;

		if (!text_starts(text, name) || (!strcmp(name, "m") && text[1] == 's'))
			continue;
		*ret_ns = duration_units[i].ns;
		return text + strlen(name);
	}
	return NULL;
}

/* A plain decimal number "12", "1.5", ".5": no sign, no exponent. NULL when there is none. */
static const char *plain_number(const char *text, double *ret_value)
{
	double value = 0, scale = 1;
	bool any = false;

	for (; isdigit((unsigned char)*text); text++, any = true)
		value = value * 10 + (*text - '0');
	if (*text == '.') {
		for (text++; isdigit((unsigned char)*text); text++, any = true) {
			scale /= 10;
			value += (*text - '0') * scale;
		}
	}
	*ret_value = value;
	return any ? text : NULL;
}

enum status clock_parse_duration(const char *text, int64_t *ret_ms, struct error *err)
{
	const char *p = text ? text : "";
	double total_ns = 0, number, unit;
	bool negative = *p == '-';

	if (*p == '-' || *p == '+')
		p++;
	if (!strcmp(p, "0")) {
		*ret_ms = 0;
		return STATUS_OK;
	}
	if (!*p)
		return error_set(err, STATUS_FORMAT, "\"%.60s\" is no duration", text ? text : "");
	while (*p) {
		const char *after = plain_number(p, &number);

		if (!after || !(after = duration_unit(after, &unit))) {
			error_set(err, STATUS_FORMAT, "\"%.60s\" is no duration", text);
			error_hint(err, "hours, minutes and seconds, such as 720h or 1h30m; days "
					"are written as hours");
			return STATUS_FORMAT;
		}
		total_ns += number * unit;
		p = after;
	}
	if (total_ns > 9.2e18)
		return error_set(err, STATUS_FORMAT, "\"%.60s\" is too long a duration", text);
	*ret_ms = (int64_t)(total_ns / 1e6 + 0.5) * (negative ? -1 : 1);
	return STATUS_OK;
}

void clock_add_duration(struct strbuf *sb, int64_t ms)
{
	uint64_t rest = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms, hours = rest / 3600000,
		 minutes = rest / 60000 % 60;

	if (ms == 0) {
		strbuf_adds(sb, "0s");
		return;
	}
	if (ms < 0)
		strbuf_addc(sb, '-');
	if (rest < 1000) {
		strbuf_addf(sb, "%" PRIu64 "ms", rest);
		return;
	}
	if (hours)
		strbuf_addf(sb, "%" PRIu64 "h", hours);
	if (hours || minutes)
		strbuf_addf(sb, "%" PRIu64 "m", minutes);
	strbuf_addf(sb, "%" PRIu64, rest / 1000 % 60);
	if (rest % 1000) {
		char fraction[8];
		size_t len =
			(size_t)snprintf(fraction, sizeof(fraction), ".%03d", (int)(rest % 1000));

		while (len > 0 && fraction[len - 1] == '0')
			fraction[--len] = '\0';
		strbuf_adds(sb, fraction);
	}
	strbuf_addc(sb, 's');
}

static void add_format(struct strbuf *sb, const char *format, int64_t unix_s,
		       struct clock_zone zone)
{
	time_t at = (time_t)unix_s;
	char text[64];
	struct tm tm;

	if (!(zone.utc ? gmtime_r(&at, &tm) : localtime_r(&at, &tm)))
		return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (strftime(text, sizeof(text), format, &tm))
		strbuf_adds(sb, text);
#pragma GCC diagnostic pop
}

static int year_of(int64_t unix_s, struct clock_zone zone)
{
	time_t at = (time_t)unix_s;
	struct tm tm = { 0 };

	(void)(zone.utc ? gmtime_r(&at, &tm) : localtime_r(&at, &tm));
	return tm.tm_year;
}

void clock_add_short(struct strbuf *sb, int64_t unix_s, int64_t now, struct clock_zone zone)
{
	bool this_year = year_of(unix_s, zone) == year_of(now, zone);

	add_format(sb, this_year ? "%e %b %H:%M" : "%e %b %Y ", unix_s, zone);
}

void clock_add_hms(struct strbuf *sb, int64_t unix_s, struct clock_zone zone)
{
	add_format(sb, "%H:%M:%S", unix_s, zone);
}

void clock_add_hm(struct strbuf *sb, int64_t unix_s, struct clock_zone zone)
{
	add_format(sb, "%H:%M", unix_s, zone);
}

void clock_add_date(struct strbuf *sb, int64_t unix_s, struct clock_zone zone)
{
	time_t at = (time_t)unix_s;
	struct tm tm = { 0 };

	(void)(zone.utc ? gmtime_r(&at, &tm) : localtime_r(&at, &tm));
	strbuf_addf(sb, "%d ", tm.tm_mday);
	add_format(sb, "%b", unix_s, zone);
}

void clock_add_weekday(struct strbuf *sb, int64_t unix_s, struct clock_zone zone)
{
	add_format(sb, "%a", unix_s, zone);
}

void clock_add_zone_name(struct strbuf *sb, int64_t now, struct clock_zone zone)
{
	if (zone.utc)
		strbuf_adds(sb, "UTC");
	else
		add_format(sb, "%Z", now, zone);
}

void clock_add_span(struct strbuf *sb, int64_t seconds)
{
	if (seconds < 0)
		seconds = 0;
	if (seconds < 60)
		strbuf_addf(sb, "%" PRId64 " s", seconds);
	else if (seconds < 3600)
		strbuf_addf(sb, "%" PRId64 " min", seconds / 60);
	else if (seconds < 48 * 3600)
		strbuf_addf(sb, "%" PRId64 " h", seconds / 3600);
	else
		strbuf_addf(sb, "%" PRId64 " d", seconds / 86400);
}
