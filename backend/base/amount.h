/* Amounts as a person reads them, the one place for screens, operations and commands. Pure.
 * (design/screens.md 2.5) */
#ifndef BACKEND_BASE_AMOUNT_H
#define BACKEND_BASE_AMOUNT_H

#include "backend/base/strbuf.h"

#include <stdint.h>

/* "512 B", "71.9 GiB", "1.10 TiB": three significant digits, powers of 1024. A negative amount is
 * none: "?". */
void amount_add_bytes(struct strbuf *out, int64_t bytes);
/* "15.0/24.6 GiB": both in the unit of the total. */
void amount_add_bytes_of(struct strbuf *out, int64_t done, int64_t total);
void amount_add_rate(struct strbuf *out, int64_t bytes_a_second); /* "91 MiB/s" */
void amount_add_count(struct strbuf *out, int64_t count);	  /* "1,204" */
/* "1 volume", "1,204 volumes": noun in the singular, plural by s. */
void amount_add_counted(struct strbuf *out, int64_t count, const char *noun);

#endif
