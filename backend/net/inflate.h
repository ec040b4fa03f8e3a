/* gzip files to text, in pieces; bytes without the gzip magic pass through
 * (spec/velero-api.md 3.4). The only zlib user of the console. One thread each. */
#ifndef BACKEND_NET_INFLATE_H
#define BACKEND_NET_INFLATE_H

#include "backend/base/strbuf.h"

struct inflate;
struct inflate *inflate_new(size_t ceiling_bytes); /* of unpacked text; more is STATUS_TOO_LARGE */
enum status inflate_feed(struct inflate *in, const char *bytes, size_t len, struct strbuf *out,
			 struct error *err);
enum status inflate_end(struct inflate *in,
			struct error *err); /* STATUS_FORMAT when the file was cut short */
void inflate_free(struct inflate *in);

#endif
