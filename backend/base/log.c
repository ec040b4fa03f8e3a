#include "backend/base/log.h"

#include "backend/base/clock.h"
#include "backend/base/safetext.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/* Opened once before threads start; a line is one write, so threads need no lock. */
static atomic_int log_file = -1;

enum status log_open(const char *path, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		return error_errno(err, errno, "open trace file %s", path);
	log_file = fd;
	return STATUS_OK;
}

void log_close(void)
{
	int fd = log_file;

	log_file = -1;
	if (fd >= 0)
		close(fd);
}

bool log_is_open(void)
{
	return log_file >= 0;
}

void log_line(const char *area, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT, line = STRBUF_INIT;
	int fd = log_file;
	int64_t now_ms;
	va_list args;

	if (fd < 0)
		return;
	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	now_ms = clock_now_ms();
	clock_add_rfc3339(&line, now_ms / 1000);
	strbuf_cut(&line, line.len - 1);
	strbuf_addf(&line, ".%03dZ %-6s ", (int)(now_ms % 1000), area);
	safetext_add(&line, text.buf, text.len, false);
	strbuf_addc(&line, '\n');
	/* The descriptor stays open: another thread may be about to write to it. */
	if (write(fd, line.buf, line.len) < 0 && errno == ENOSPC)
		log_file = -1;
	strbuf_done(&line);
	strbuf_done(&text);
}
