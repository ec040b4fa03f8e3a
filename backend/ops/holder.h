/* Which process has an operation, so that one that died on this very machine can be taken over at
 * once, without waiting for its lease. "<boot>.<pid namespace>.<pid>.<its start>". Reads /proc. */
#ifndef BACKEND_OPS_HOLDER_H
#define BACKEND_OPS_HOLDER_H

#include "backend/base/strbuf.h"

/* This process. Appends; nothing where /proc does not say it. */
void holder_add_process(struct strbuf *out);
/* It ran on this boot of this machine, in our sight, and is not there any more. false when that
 * cannot be known: another machine, another container, "". */
bool holder_process_is_gone(const char *process);

#endif
