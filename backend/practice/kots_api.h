/* kotsadm's own HTTP API, as much of it as kotsnap asks for: GET /api/v1/apps with the token of
 * Secret kotsadm-authstring (spec/kots-snapshots.md 10; tests/fixtures/kots/api-apps.json). Nobody
 * answers while no pod of the admin console runs. */
#ifndef BACKEND_PRACTICE_KOTS_API_H
#define BACKEND_PRACTICE_KOTS_API_H

#include "backend/practice/server.h"

#define KOTS_API_APPS "/api/v1/apps"

bool kots_api_answer(void *arg, const struct server_request *request,
		     struct route_reply *ret_reply); /* arg: the world */

#endif
