/* What a client sent, read and checked as an API server does: type of content, kind, names, unknown
 * fields, schema. */
#ifndef BACKEND_PRACTICE_API_BODY_H
#define BACKEND_PRACTICE_API_BODY_H

#include "backend/practice/api.h"

/* JSON or YAML. False: the reply is made (415, 400). *ret_body is owned by the caller. */
bool api_body_parse(const struct api_target *target, const struct server_request *request,
		    struct json **ret_body, struct route_reply *reply);

/* Prunes and validates the whole object in place. NULL when it may be stored; else the Status to
 * answer with, owned. With fieldValidation=Warn, warning (96 bytes) gets the header line. */
struct json *api_body_check(const struct api_target *target, const struct server_request *request,
			    struct json *object, char warning[96]);

#endif
