/* What libcurl says, in words for a person: who did not answer, why, what to do. Pure. */
#ifndef BACKEND_NET_CURL_WORDS_H
#define BACKEND_NET_CURL_WORDS_H

#include "backend/base/status.h"

/* result: a CURLcode; detail: curl's own words or ""; url: for host and port (queries are never
 * shown). */
enum status curl_words(struct error *err, int result, const char *detail, const char *url);

#endif
