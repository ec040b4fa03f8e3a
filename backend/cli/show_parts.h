/* What Velero stored about a snapshot, for `kotsnap show`: problems and their causes, scripts,
 * resources. A file that cannot be had is told on standard error, and is not fatal. */
#ifndef BACKEND_CLI_SHOW_PARTS_H
#define BACKEND_CLI_SHOW_PARTS_H

#include "backend/base/json.h"
#include "backend/cli/waiting.h"
#include "backend/kots/snapshot.h"

/* Puts the lists "problems", "causes", "scripts" and "resources" into map; an empty list for what
 * is not there. STATUS_NOT_FOUND when the snapshot went away meanwhile. */
enum status show_put_stored(struct cli *cli, const struct snapshot *snapshot, struct json *map,
			    struct error *err);
/* Their tables. */
void show_print_stored(const struct json *map);

#endif
