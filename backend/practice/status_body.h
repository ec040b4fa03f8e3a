/* Status objects as an API server writes them: reason, details and code from what went wrong. Pure;
 * results are owned. */
#ifndef BACKEND_PRACTICE_STATUS_BODY_H
#define BACKEND_PRACTICE_STATUS_BODY_H

#include "backend/base/json.h"
#include "backend/base/status.h"
#include "backend/practice/kinds.h"

/* For the codes objects.h gives. The details (name, group, kind) are read from the text, where all
 * of its errors name their object as `backups.velero.io "x"`. */
struct json *status_body_from_error(const struct error *problem);
int status_body_code(const struct json *body);

struct json *status_body_new(int code, const char *reason, const char *message);
/* 403 for a user; name may be "". */
struct json *status_body_forbidden(const char *user, const char *verb, const struct kind *kind,
				   const char *namespace, const char *name);
/* 422 from the problems schema.h found: list of {"field","reason","message"}. */
struct json *status_body_invalid(const struct kind *kind, const char *name,
				 const struct json *problems);
/* 200, what a deletion of several or of one by name is answered with. */
struct json *status_body_success(const struct kind *kind, const char *name, const char *uid);

#endif
