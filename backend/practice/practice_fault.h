/* `kotsnap practice fault`: speaks to the running cluster over its private route. Prints to
 * standard output. */
#ifndef BACKEND_PRACTICE_PRACTICE_FAULT_H
#define BACKEND_PRACTICE_PRACTICE_FAULT_H

#include "backend/practice/practice_options.h"

enum status practice_fault(const struct practice_options *options, struct error *err);
void practice_print_help(void);

#endif
