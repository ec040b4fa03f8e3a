/* SHA-256 (FIPS 180-4) of a whole text; for label values, not for secrets. Pure. */
#ifndef BACKEND_BASE_SHA256_H
#define BACKEND_BASE_SHA256_H

#include <stddef.h>

#define SHA256_SIZE 32
#define SHA256_HEX  65

void sha256(const void *bytes, size_t len, unsigned char ret_digest[SHA256_SIZE]);
/* The same as 64 lower-case digits and a NUL. */
void sha256_hex(const void *bytes, size_t len, char ret_hex[SHA256_HEX]);

#endif
