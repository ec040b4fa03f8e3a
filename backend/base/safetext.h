/* The one gate for foreign text. Whatever comes from a cluster, a log or a file name passes here
 * before it reaches a terminal, a file of ours, or stderr. Pure. (design/screens.md 2.5)
 *
 * Control bytes become ^[ style, C1 and bidi and zero-width characters \u202e style, broken UTF-8
 * \xNN; newline and tab become blanks unless kept. What is left can be printed as it is. */
#ifndef BACKEND_BASE_SAFETEXT_H
#define BACKEND_BASE_SAFETEXT_H

#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Appends. keep_newlines: '\n' stays, and a tab becomes eight blanks instead of one. */
void safetext_add(struct strbuf *out, const char *text, size_t len, bool keep_newlines);

/* Bytes of the next character (1 for broken UTF-8, then *ret_char is -1); *ret_safe: it passes as
 * it is. len > 0. */
size_t safetext_step(const char *text, size_t len, int32_t *ret_char, bool *ret_safe);

/* true when the text passes unchanged: no copy needed. */
bool safetext_is_safe(const char *text, size_t len);

#endif
