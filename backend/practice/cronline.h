/* When a cron line fires next: five fields as robfig/cron reads them (spec/kots-snapshots.md 7.2),
 * the usual @descriptors,
 * "@every <Go duration>", and a TZ=/CRON_TZ= prefix of UTC. Pure. backend/ops has a reader of its
 * own for people's words; here the other side of the wire is played. */
#ifndef BACKEND_PRACTICE_CRONLINE_H
#define BACKEND_PRACTICE_CRONLINE_H

#include <stdbool.h>
#include <stdint.h>

/* The first moment after `after`, in UTC. 0: the line is none, or never fires within five years. */
int64_t cronline_next(const char *line, int64_t after);
bool cronline_is_valid(const char *line);

#endif
