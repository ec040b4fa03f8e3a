/* What the CRDs of Velero 1.18 say about an object, as a table of texts: fields that are not in it
 * are pruned, wrong types, unknown enum values and missing fields are refused in the server's
 * words. Core kinds are checked for their metadata only. Pure. */
#ifndef BACKEND_PRACTICE_SCHEMA_H
#define BACKEND_PRACTICE_SCHEMA_H

#include "backend/base/json.h"
#include "backend/practice/kinds.h"

/* Prunes the object in place. unknown: list, gets the path of each pruned field. problems: list,
 * gets {"field","reason", "message"} for status_body_invalid(). */
void schema_apply(const struct kind *kind, struct json *object, struct json *unknown,
		  struct json *problems);

#endif
