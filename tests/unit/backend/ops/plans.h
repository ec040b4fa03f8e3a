/* A plan of one restore as op_facts would hand it over, for the tests of operations. */
#ifndef TESTS_UNIT_BACKEND_OPS_PLANS_H
#define TESTS_UNIT_BACKEND_OPS_PLANS_H

#include "backend/kots/restore_plan.h"

#define PLAN_ID "0123456789abcdef"

/* Acme Analytics from instance-m4h8t, with two claims of which one is left alone. Counted. */
struct restore_plan *plan_of_analytics(void);

#endif
