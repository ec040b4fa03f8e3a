#include "backend/base/status.h"

#include "backend/base/strbuf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int exit_code;
} status_rows[] = {
#define STATUS_ROW(code, name, exit) [code] = { name, exit },
	STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

const char *status_name(enum status code)
{
	return (size_t)code < ARRAY_SIZE(status_rows) ? status_rows[code].name : "unknown";
}

int status_exit_code(enum status code)
{
	return (size_t)code < ARRAY_SIZE(status_rows) ? status_rows[code].exit_code : 13;
}

/* What fits; never half a character of UTF-8. */
static void keep(char *into, size_t size, const char *text, size_t len)
{
	if (len >= size)
		for (len = size - 1; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80; len--)
			;
	memcpy(into, text, len);
	into[len] = '\0';
}

/* By way of a buffer: arguments may be texts of the very error that is written. */
static PRINTF_LIKE(3, 0) void keep_format(char *into, size_t size, const char *fmt, va_list args)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_vaddf(&text, fmt, args);
	keep(into, size, text.buf, text.len);
	strbuf_done(&text);
}

enum status error_set(struct error *err, enum status code, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return code;
	va_start(args, fmt);
	keep_format(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	err->code = code;
	err->http = 0;
	err->hint[0] = '\0';
	return code;
}

void error_hint(struct error *err, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, fmt);
	keep_format(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
}

enum status error_wrap(struct error *err, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;

	if (!err)
		return STATUS_FAILED;
	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	strbuf_addf(&text, ": %s", err->text);
	keep(err->text, sizeof(err->text), text.buf, text.len);
	strbuf_done(&text);
	return err->code;
}

static const struct {
	int errnum;
	enum status code;
} errno_rows[] = {
	{ ENOENT, STATUS_NOT_FOUND },	      { EACCES, STATUS_FORBIDDEN },
	{ EPERM, STATUS_FORBIDDEN },	      { ETIMEDOUT, STATUS_TIMEOUT },
	{ ECONNREFUSED, STATUS_UNREACHABLE }, { ECONNRESET, STATUS_UNREACHABLE },
	{ EHOSTUNREACH, STATUS_UNREACHABLE }, { ENETUNREACH, STATUS_UNREACHABLE },
	{ EPIPE, STATUS_UNREACHABLE },
};

enum status error_errno(struct error *err, int errnum, const char *fmt, ...)
{
	enum status code = STATUS_SYSTEM;
	char context[256];
	va_list args;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errno_rows); i++)
		if (errno_rows[i].errnum == errnum)
			code = errno_rows[i].code;
	va_start(args, fmt);
	vsnprintf(context, sizeof(context), fmt, args);
	va_end(args);
	return error_set(err, code, "%s: %s", context, strerror(errnum));
}
