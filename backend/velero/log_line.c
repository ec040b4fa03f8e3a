/* Log lines of Velero, read in place: logrus writes key=value text, or one JSON object a line. */
#include "backend/base/clock.h"
#include "backend/velero/download.h"

#include <string.h>

struct slice {
	const char *at;
	size_t len;
};

static const struct {
	const char *name;
	char letter;
} levels[] = {
	{ "trace", 'D' }, { "debug", 'D' }, { "info", 'I' },  { "warning", 'W' },
	{ "warn", 'W' },  { "error", 'E' }, { "fatal", 'E' }, { "panic", 'E' },
};

static bool slice_is(struct slice slice, const char *text)
{
	return slice.len == strlen(text) && !memcmp(slice.at, text, slice.len);
}

static char level_letter(struct slice value)
{
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
		if (slice_is(value, levels[i].name))
			return levels[i].letter;
	return '?';
}

static int64_t read_time(struct slice value)
{
	char text[64];

	if (value.len >= sizeof(text))
		return 0;
	memcpy(text, value.at, value.len);
	text[value.len] = '\0';
	return clock_parse_rfc3339(text);
}

/* Both readers hand over each key with its value, quotes taken off. */
static void take_pair(struct log_line *line, struct slice key, struct slice value)
{
	if (slice_is(key, "level")) {
		line->level = level_letter(value);
	} else if (slice_is(key, "time")) {
		line->time = read_time(value);
	} else if (slice_is(key, "msg")) {
		line->message = value.at;
		line->message_len = value.len;
	} else if (slice_is(key, "error")) {
		line->error = value.at;
		line->error_len = value.len;
	}
}

/* at stands behind an opening quote: the slice up to the closing one, or to the end when it was
 * cut. */
static struct slice quoted(const char **at, const char *end)
{
	struct slice slice = { *at, 0 };
	const char *p = *at;

	while (p < end && *p != '"')
		p += *p == '\\' && p + 1 < end ? 2 : 1;
	slice.len = (size_t)(p - slice.at);
	*at = p < end ? p + 1 : end;
	return slice;
}

static struct slice bare(const char **at, const char *end, const char *stops)
{
	struct slice slice = { *at, 0 };
	const char *p = *at;

	while (p < end && (!*p || !strchr(stops, *p)))
		p++;
	slice.len = (size_t)(p - slice.at);
	*at = p;
	return slice;
}

static void read_text(struct log_line *line, const char *at, const char *end)
{
	struct slice key, value;

	while (at < end) {
		if (*at == ' ') {
			at++;
			continue;
		}
		key = bare(&at, end, "= ");
		if (at == end || *at != '=')
			continue;
		at++;
		if (at < end && *at == '"') {
			at++;
			value = quoted(&at, end);
		} else {
			value = bare(&at, end, " ");
		}
		take_pair(line, key, value);
	}
}

/* A list or map as a value: skipped, whatever is in it. */
static void skip_nested(const char **at, const char *end)
{
	int depth = 0;

	while (*at < end) {
		char c = *(*at)++;

		if (c == '"')
			quoted(at, end);
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			return;
	}
}

static void read_json(struct log_line *line, const char *at, const char *end)
{
	struct slice key, value;

	for (;;) {
		bare(&at, end, "\"");
		if (at == end)
			return;
		at++;
		key = quoted(&at, end);
		bare(&at, end, ":");
		if (at < end)
			at++;
		while (at < end && *at == ' ')
			at++;
		if (at == end)
			return;
		if (*at == '{' || *at == '[') {
			skip_nested(&at, end);
			continue;
		}
		if (*at == '"') {
			at++;
			value = quoted(&at, end);
		} else {
			value = bare(&at, end, ",}");
		}
		take_pair(line, key, value);
	}
}

static bool starts(const char *line, size_t len, const char *prefix)
{
	return len >= strlen(prefix) && !memcmp(line, prefix, strlen(prefix));
}

void log_line_parse(const char *line, size_t len, struct log_line *ret_line)
{
	struct log_line read = { .level = '?' };

	if (starts(line, len, "time=") || starts(line, len, "level="))
		read_text(&read, line, line + len);
	else if (starts(line, len, "{"))
		read_json(&read, line + 1, line + len);
	if (read.level == '?' || !read.message)
		read = (struct log_line){ .level = '?', .message = line, .message_len = len };
	*ret_line = read;
}
