/* Log lines of Velero, read in place: logrus writes key=value text, or one JSON object a line. */
#include "backend/base/clock.h"
#include "backend/velero/download.h"

#include <string.h>

struct slice {
	const char *at;
	size_t len;
};

/* Both readers hand over each key with its value, quotes taken off, until it says false: enough. */
typedef bool take_fn(void *arg, struct slice key, struct slice value);

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

static bool take_pair(void *arg, struct slice key, struct slice value)
{
	struct log_line *line = arg;

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
	return true;
}

static bool take_level(void *arg, struct slice key, struct slice value)
{
	char *letter = arg;

	if (!slice_is(key, "level"))
		return true;
	*letter = level_letter(value);
	return false;
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

/* Up to one of two characters. */
static struct slice bare(const char **at, const char *end, char stop, char other)
{
	struct slice slice = { *at, 0 };
	const char *p = *at;

	while (p < end && *p != stop && *p != other)
		p++;
	slice.len = (size_t)(p - slice.at);
	*at = p;
	return slice;
}

static void read_text(take_fn *take, void *arg, const char *at, const char *end)
{
	struct slice key, value;

	while (at < end) {
		if (*at == ' ') {
			at++;
			continue;
		}
		key = bare(&at, end, '=', ' ');
		if (at == end || *at != '=')
			continue;
		at++;
		if (at < end && *at == '"') {
			at++;
			value = quoted(&at, end);
		} else {
			value = bare(&at, end, ' ', ' ');
		}
		if (!take(arg, key, value))
			return;
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

static void read_json(take_fn *take, void *arg, const char *at, const char *end)
{
	struct slice key, value;

	for (;;) {
		bare(&at, end, '"', '"');
		if (at == end)
			return;
		at++;
		key = quoted(&at, end);
		bare(&at, end, ':', ':');
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
			value = bare(&at, end, ',', '}');
		}
		if (!take(arg, key, value))
			return;
	}
}

static bool starts(const char *line, size_t len, const char *prefix)
{
	return len >= strlen(prefix) && !memcmp(line, prefix, strlen(prefix));
}

static void read_any(take_fn *take, void *arg, const char *line, size_t len)
{
	if (starts(line, len, "time=") || starts(line, len, "level="))
		read_text(take, arg, line, line + len);
	else if (starts(line, len, "{"))
		read_json(take, arg, line + 1, line + len);
}

void log_line_parse(const char *line, size_t len, struct log_line *ret_line)
{
	struct log_line read = { .level = '?' };

	read_any(take_pair, &read, line, len);
	if (read.level == '?' || !read.message)
		read = (struct log_line){ .level = '?', .message = line, .message_len = len };
	*ret_line = read;
}

char log_line_level(const char *line, size_t len)
{
	char letter = '?';

	read_any(take_level, &letter, line, len);
	return letter;
}

struct wanted {
	const char *key;
	struct slice value;
};

static bool take_wanted(void *arg, struct slice key, struct slice value)
{
	struct wanted *wanted = arg;

	if (!slice_is(key, wanted->key))
		return true;
	wanted->value = value;
	return false;
}

const char *log_line_field(const char *line, size_t len, const char *key, size_t *ret_len)
{
	struct wanted wanted = { .key = key };

	read_any(take_wanted, &wanted, line, len);
	*ret_len = wanted.value.len;
	return wanted.value.at;
}

static const struct {
	char letter, means;
} escapes[] = { { 'n', '\n' }, { 't', '\t' }, { 'r', '\r' } };

void log_text_unquote(struct strbuf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '\\' && i + 1 < len) {
			c = text[++i];
			for (size_t e = 0; e < ARRAY_SIZE(escapes); e++)
				if (escapes[e].letter == c) {
					c = escapes[e].means;
					break;
				}
		}
		strbuf_addc(out, c);
	}
}
