/* How long to wait before the next try, so that a hundred consoles do not come back in one moment.
 * Any thread. */
#ifndef BACKEND_KUBE_BACKOFF_H
#define BACKEND_KUBE_BACKOFF_H

#include <stdint.h>

/* ms give or take a fifth. */
int64_t backoff_jitter(int64_t ms);
/* first_ms, then twice as long each time, at most most_ms; never earlier than the server asked
 * (retry_after_s, -1 = it did not). tries: how many failed before this one. */
int64_t backoff_delay(unsigned tries, int64_t first_ms, int64_t most_ms, int retry_after_s);

#endif
