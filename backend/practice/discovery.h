/* What is served, as clients ask before they do anything: groups, versions, resources, OpenAPI,
 * version, health. Pure. */
#ifndef BACKEND_PRACTICE_DISCOVERY_H
#define BACKEND_PRACTICE_DISCOVERY_H

#include "backend/practice/request.h"

#include <stdbool.h>

/* False: the path is none of these. */
bool discovery_answer(const struct server_request *request, struct route_reply *reply);

#endif
