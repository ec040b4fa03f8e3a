/* Why a download failed, in words: which artefact, by which route, the cause, what to do. Pure.
 * spec/velero-api.md 2.11, 3.4. */
#ifndef BACKEND_VELERO_DOWNLOAD_WORDS_H
#define BACKEND_VELERO_DOWNLOAD_WORDS_H

#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

struct artefact {
	const char *kind; /* "BackupLog" ... */
	const char *name; /* of the backup or restore */
	const char *namespace;
};

/* "the log of snapshot instance-x7k2p"; a kind not known here is said as it is. */
void artefact_add(struct strbuf *out, const struct artefact *artefact);

/* The request could not be made or read; err holds the API's words and is rewritten. */
enum status download_words_request(struct error *err, const struct artefact *artefact);
/* No address came in time. seen: Velero has touched the request. last: what the last question
 * failed with, or NULL. */
enum status download_words_no_address(struct error *err, const struct artefact *artefact, bool seen,
				      const struct error *last);
/* The snapshot or restore was deleted, or has expired. */
enum status download_words_gone(struct error *err, const struct artefact *artefact);
/* The store answered with something else than 200; body is its XML, or whatever came. */
enum status download_words_store(struct error *err, const struct artefact *artefact,
				 const char *host, int http, const char *body);
/* The store could not be reached (reached: its answer had begun, so the way is open), or what it
 * sent could not be unpacked; err is rewritten. */
enum status download_words_route(struct error *err, const struct artefact *artefact,
				 const char *host, bool reached);

/* "minio.velero.svc:9000" of an address: no user, path or query (it holds a signature). */
void download_add_host(struct strbuf *out, const char *url);
/* "2.1 MiB", "312 KiB" */
void download_add_received(struct strbuf *out, uint64_t bytes);

#endif
