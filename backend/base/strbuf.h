/* Growing text. buf is always NUL-terminated, never NULL; len excludes the NUL. Owned by whoever
 * declared it; strbuf_done() frees it and leaves it ready for use. The text may hold NUL bytes: use
 * len. */
#ifndef BACKEND_BASE_STRBUF_H
#define BACKEND_BASE_STRBUF_H

#include "backend/base/status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct strbuf {
	char *buf;
	size_t len;
	size_t capacity; /* 0 while buf is the shared empty text */
};

extern char strbuf_empty[1];
#define STRBUF_INIT                                                                                \
	{                                                                                          \
		strbuf_empty, 0, 0                                                                 \
	}

void strbuf_init(struct strbuf *sb);
void strbuf_done(struct strbuf *sb);
void strbuf_reset(struct strbuf *sb);	/* len 0, memory kept */
char *strbuf_detach(struct strbuf *sb); /* the caller frees it; sb is empty after */
void strbuf_add(struct strbuf *sb, const void *bytes, size_t len);
void strbuf_adds(struct strbuf *sb, const char *text); /* NULL adds nothing */
void strbuf_addc(struct strbuf *sb, char c);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...) PRINTF_LIKE(2, 3);
void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list args) PRINTF_LIKE(2, 0);
void strbuf_cut(struct strbuf *sb, size_t len);	 /* shortens to len */
void strbuf_drop(struct strbuf *sb, size_t len); /* removes len bytes from the front */
void strbuf_reserve(struct strbuf *sb,
		    size_t more); /* room for `more` bytes without another allocation */

/* Percent-encodes everything but unreserved characters: for a path segment or a query value. */
void strbuf_add_encoded(struct strbuf *sb, const char *text);
/* Adds ?key=value or &key=value, encoded. The one place that builds queries. Skipped when value is
 * NULL. */
void strbuf_query(struct strbuf *sb, const char *key, const char *value);

void strbuf_add_base64(struct strbuf *sb, const void *bytes, size_t len);
enum status strbuf_add_unbase64(struct strbuf *sb, const char *text, size_t len, struct error *err);

bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
/* First position of `word` in `text` ignoring ASCII case, or NULL. */
const char *text_find_nocase(const char *text, const char *word);
/* A whole decimal integer, nothing else; false when not. */
bool text_to_int(const char *text, long long *ret_value);

#endif
