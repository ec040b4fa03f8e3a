/* A snapshot as a map, for every form of output: the fields that scripts may rely on. Pure. */
#ifndef BACKEND_CLI_SNAPSHOT_JSON_H
#define BACKEND_CLI_SNAPSHOT_JSON_H

#include "backend/base/json.h"
#include "backend/store/model.h"

/* Owned. What is not known (volumes not read yet, no time) is null. */
struct json *snapshot_to_json(const struct snapshot *snapshot, const struct console *console);
struct json *podvolume_to_json(const struct podvolume *volume);
struct json *restore_to_json(const struct restore *restore);

#endif
