/* A look ahead at a snapshot, and the checks before it, as programs read them. Pure. */
#ifndef BACKEND_CLI_PREVIEW_JSON_H
#define BACKEND_CLI_PREVIEW_JSON_H

#include "backend/checks/check.h"
#include "backend/ops/preview.h"

/* Owned map. "wouldBeTaken" is false when a check fails; "refusal" says why, in the words that
 * `kotsnap create` would say. */
struct json *preview_to_json(const struct preview *preview, const struct check_results *checks);

#endif
