/* A cron text, parsed: what cron.c and cron_words.c share. */
#ifndef BACKEND_OPS_CRON_SPEC_H
#define BACKEND_OPS_CRON_SPEC_H

#include "backend/ops/cron.h"

enum cron_place { CRON_MINUTE, CRON_HOUR, CRON_DAY, CRON_MONTH, CRON_WEEKDAY, CRON_PLACES };

struct cron_spec {
	uint64_t bits[CRON_PLACES]; /* bit n: value n fits */
	bool all[CRON_PLACES];	    /* "*" or "?": the day fields look at each other's */
	int64_t every_s;	    /* of @every, else 0 and the fields count */
};

enum status cron_parse(const char *text, struct cron_spec *ret_spec, struct error *err);
int64_t cron_spec_next(const struct cron_spec *spec, int64_t after); /* 0 = never */

#endif
