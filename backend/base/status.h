/* What can go wrong, as a code to branch on and a text to show. Any thread; plain values, never
 * freed.
 *
 * A function that can fail returns enum status and takes a struct error last. It writes the error
 * only on failure. A layer adds context once, and only what it alone knows ("list backups in
 * velero: ..."). */
#ifndef BACKEND_BASE_STATUS_H
#define BACKEND_BASE_STATUS_H

#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#if defined(__GNUC__)
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define PRINTF_LIKE(fmt, args)
#endif

/* code, name in traces and JSON, exit code of a command that ends with it */
#define STATUS_LIST(X)                                                                             \
	X(STATUS_OK, "ok", 0)                                                                      \
	X(STATUS_WARNINGS, "warnings", 3)	  /* it ran and ended well, with warnings */       \
	X(STATUS_USAGE, "usage", 2)		  /* wrong words on the command line */            \
	X(STATUS_FORMAT, "format", 4)		  /* not the JSON, YAML, time ... it should be */  \
	X(STATUS_TOO_LARGE, "too-large", 4)	  /* above the ceiling of what we accept */        \
	X(STATUS_NOT_FOUND, "not-found", 5)	  /* the object, file or context is not there */   \
	X(STATUS_EXISTS, "exists", 6)		  /* 409 AlreadyExists */                          \
	X(STATUS_CONFLICT, "conflict", 6)	  /* 409 Conflict: changed meanwhile */            \
	X(STATUS_INVALID, "invalid", 6)		  /* 400, 422: the server refused the content */   \
	X(STATUS_FORBIDDEN, "forbidden", 7)	  /* 403 */                                        \
	X(STATUS_UNAUTHORIZED, "unauthorized", 7) /* 401 */                                        \
	X(STATUS_GONE, "gone", 8)		  /* 410: the version asked for is too old */      \
	X(STATUS_UNREACHABLE, "unreachable", 8)	  /* name, route, refused, reset */                \
	X(STATUS_TLS, "tls", 8)			  /* certificate wrong, expired, unknown */        \
	X(STATUS_TIMEOUT, "timeout", 8)		  /* did not answer in time */                     \
	X(STATUS_BUSY, "busy", 8)		  /* 429, 5xx: try again later */                  \
	X(STATUS_PROTOCOL, "protocol", 8)	  /* an answer that is not Kubernetes */           \
	X(STATUS_CANCELLED, "cancelled", 9)	  /* somebody stopped waiting */                   \
	X(STATUS_REFUSED, "refused", 10)	  /* we will not do that now; the text says why */ \
	X(STATUS_FAILED, "failed", 11)		  /* the operation ran and failed */               \
	X(STATUS_UNSUPPORTED, "unsupported", 12)                                                   \
	X(STATUS_SYSTEM, "system", 13)	     /* errno of this machine */                           \
	X(STATUS_ELSEWHERE, "elsewhere", 14) /* somebody else does it now; we only watch */

enum status {
#define STATUS_ENUM(code, name, exit) code,
	STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
};

struct error {
	enum status code; /* what a caller may branch on */
	int http;	  /* HTTP status, 0 when no reply came */
	char text[512];	  /* one line: what failed, on which object, why */
	char hint[256];	  /* what the operator can do now, or "" */
};

#define ERROR_INIT                                                                                 \
	{                                                                                          \
		STATUS_OK, 0, "", ""                                                               \
	}

/* "not-found"; never NULL. */
const char *status_name(enum status code);

/* The exit code of a program that ends with this status. Codes of one class share a number; man
 * kotsnap lists them. */
int status_exit_code(enum status code);

/* Fills err (which may be NULL) and returns code, so that callers write `return error_set(err,
 * ...)`. Clears hint and http. */
enum status error_set(struct error *err, enum status code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Sets the hint of an error already set. */
void error_hint(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Puts "context: " in front of the text. Returns err->code. */
enum status error_wrap(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Text from errno value `errnum` ("open /x: Permission denied"). ENOENT becomes STATUS_NOT_FOUND,
 * EACCES and EPERM STATUS_FORBIDDEN, ETIMEDOUT STATUS_TIMEOUT, connection errors
 * STATUS_UNREACHABLE, all else STATUS_SYSTEM. */
enum status error_errno(struct error *err, int errnum, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
