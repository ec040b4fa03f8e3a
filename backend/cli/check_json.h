/* Results of checks as programs read them: "status", "create --dry-run". Pure. */
#ifndef BACKEND_CLI_CHECK_JSON_H
#define BACKEND_CLI_CHECK_JSON_H

#include "backend/base/json.h"
#include "backend/checks/check.h"

/* Owned list of maps: name, title, verdict, seen, action, checkedAt (null = not looked at). */
struct json *checks_to_json(const struct check_results *results);

#endif
