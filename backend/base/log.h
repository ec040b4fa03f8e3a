/* The trace file: never the screen, never stderr while a screen is up. Off unless opened. Any
 * thread (one write a line). Text is redacted: values of Authorization headers, tokens and
 * passwords never arrive here; callers pass no secrets. */
#ifndef BACKEND_BASE_LOG_H
#define BACKEND_BASE_LOG_H

#include "backend/base/status.h"

#include <stdbool.h>

/* Appends to path (mode 0600). Call once, before threads start. */
enum status log_open(const char *path, struct error *err);
void log_close(void);
bool log_is_open(void);
/* area: "net", "watch", "op", "term" ... The line gets time, area and a newline; control bytes are
 * made visible. */
void log_line(const char *area, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
