/* A restore plan as JSON and back, for the record of an operation: what is needed to run it, the
 * sums that were shown, and of its objects the claims, which nobody can find again once the pods
 * that mounted them are gone. Pure. */
#ifndef BACKEND_OPS_PLAN_JSON_H
#define BACKEND_OPS_PLAN_JSON_H

#include "backend/kots/restore_plan.h"

struct json *plan_to_json(const struct restore_plan *plan); /* owned */
/* Counted. STATUS_FORMAT when something needed is missing. */
enum status plan_from_json(const struct json *json, const struct restore_plan **ret_plan,
			   struct error *err);

const char *plan_step_word(enum restore_step step); /* "removed"; static */
enum restore_step plan_step_find(const char *word); /* unknown: RESTORE_STEPS */
enum restore_kind plan_kind_find(const char *word); /* unknown: RESTORE_KINDS */

#endif
