#include "backend/base/status.h"

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

enum status error_set(struct error *err, enum status code, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return code;
	va_start(args, fmt);
	err->code = code;
	err->http = 0;
	err->hint[0] = '\0';
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return code;
}

void error_hint(struct error *err, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, fmt);
	vsnprintf(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
}

enum status error_wrap(struct error *err, const char *fmt, ...)
{
	char before[sizeof(err->text)];
	va_list args;
	int len;

	if (!err)
		return STATUS_FAILED;
	memcpy(before, err->text, sizeof(before));
	va_start(args, fmt);
	len = vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	if (len >= 0 && (size_t)len < sizeof(err->text))
		snprintf(err->text + len, sizeof(err->text) - (size_t)len, ": %s", before);
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
