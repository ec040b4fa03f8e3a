/* Cron texts as KOTS and Velero read them (robfig/cron, spec/kots-snapshots.md 7.2): check, next
 * times, say it in words. Pure. */
#ifndef BACKEND_OPS_CRON_H
#define BACKEND_OPS_CRON_H

#include "backend/base/clock.h"

/* Next time strictly after `after`, unix seconds, evaluated in UTC; 0 = never. @every counts from
 * `after`. */
enum status cron_next(const char *text, int64_t after, int64_t *ret_next, struct error *err);
/* "daily 02:00", "Mon to Fri 13:00", "hourly", or the text itself; times shown in zone. */
void cron_add_words(struct strbuf *out, const char *text, int64_t now, struct clock_zone zone);

#endif
