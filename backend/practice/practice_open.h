/* `kotsnap practice --open`: the cluster in the background, the console in front of it. Prints to
 * standard output. */
#ifndef BACKEND_PRACTICE_PRACTICE_OPEN_H
#define BACKEND_PRACTICE_PRACTICE_OPEN_H

#include "backend/practice/practice_options.h"

/* Does not return when it becomes the console. Without a terminal it prints the command that opens
 * it. */
enum status practice_open(const struct practice_options *options, struct error *err);

#endif
