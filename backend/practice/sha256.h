/* SHA-256, for label values of long names and for tags of signed addresses. Pure. */
#ifndef BACKEND_PRACTICE_SHA256_H
#define BACKEND_PRACTICE_SHA256_H

#include <stddef.h>

#define SHA256_HEX 65

/* Writes 64 lower-case digits and a NUL. */
void sha256_hex(const void *bytes, size_t len, char ret_hex[SHA256_HEX]);

#endif
