/* gzip for answers. The only file of the practice cluster that knows zlib. Pure; any thread. */
#ifndef BACKEND_PRACTICE_DEFLATE_H
#define BACKEND_PRACTICE_DEFLATE_H

#include "backend/base/status.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

/* Below this an API server answers plainly, whoever asks (k8s.io/apiserver,
 * defaultGzipThresholdBytes). */
#define DEFLATE_THRESHOLD (128 * 1024)

bool deflate_is_wanted(const char *accept_encoding);
/* Replaces the text by its gzip form (level 1, as the API server). */
void deflate_text(struct strbuf *text);
/* The same bit by bit: each text is appended packed, the last one with the end. */
struct deflater;
struct deflater *deflater_new(void);
void deflater_add(struct deflater *deflater, const struct strbuf *text, bool last,
		  struct strbuf *out);
void deflater_free(struct deflater *deflater); /* NULL is fine */
/* The reverse of deflate_text(), appended; more than ceiling bytes: STATUS_TOO_LARGE; no gzip:
 * STATUS_FORMAT. */
enum status deflate_undo(const void *bytes, size_t len, size_t ceiling, struct strbuf *ret_text,
			 struct error *err);

#endif
