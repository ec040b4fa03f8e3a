/* The one gate for foreign text. Whatever comes from a cluster, a log or a file name passes here before it reaches a terminal,
 * a file of ours, or stderr. Pure. (design/screens.md 2.5)
 *
 * Control bytes become ^[ style, C1 and bidi and zero-width characters \u202e style, broken UTF-8 \xNN; newline and tab become
 * blanks unless kept. What is left can be printed as it is. */
#ifndef BACKEND_BASE_SAFETEXT_H
#define BACKEND_BASE_SAFETEXT_H

#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends. keep_newlines: '\n' stays, tabs become 8-cell stops in the pager. */
void safetext_add(struct strbuf *out, const char *text, size_t len, bool keep_newlines);

/* true when the text passes unchanged: no copy needed. */
bool safetext_is_safe(const char *text, size_t len);

#endif
