/* The command line of `kotsnap practice`. Pure but for the default folder. */
#ifndef BACKEND_PRACTICE_PRACTICE_OPTIONS_H
#define BACKEND_PRACTICE_PRACTICE_OPTIONS_H

#include "backend/base/status.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>

#define PRACTICE_ANY_PORT (-1) /* none was asked for: that of the last time when it is free */

struct practice_options {
	struct strbuf dir;
	int port;
	int apps; /* 0: not said */
	bool fast, reset, open, help;
	const char *fault; /* NULL: no fault command; else NAME, "list" or "clear"; borrowed from
			      argv */
};

/* argv[1] is "practice". Free with practice_options_done(), also after a failure. */
enum status practice_options_read(int argc, char **argv, struct practice_options *ret_options,
				  struct error *err);
void practice_options_done(struct practice_options *options);

#endif
