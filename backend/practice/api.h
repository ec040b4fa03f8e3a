/* The Kubernetes API over objects.h: paths to kinds, verbs to functions. Any thread, several
 * requests at once. */
#ifndef BACKEND_PRACTICE_API_H
#define BACKEND_PRACTICE_API_H

#include "backend/practice/faults.h"
#include "backend/practice/kinds.h"
#include "backend/practice/objects.h"
#include "backend/practice/request.h"

#define API_USER "kubernetes-admin" /* the one user, who may do everything */

struct api {
	struct objects *objects; /* borrowed */
	struct faults *faults;	 /* borrowed */
	int bookmark_ms;
};

/* What a path means. Texts are owned by the struct. */
struct api_target {
	const struct kind *kind;
	char namespace[256];
	char name[256];
	char sub[64]; /* "status", "log" or "" */
};

/* False: no kind is served there. */
bool api_parse_path(const char *path, struct api_target *ret_target);

/* Everything below /api/v1 and /apis/GROUP/VERSION that is an object or a list. Always answers. */
void api_answer(const struct api *api, const struct server_request *request,
		struct route_reply *reply);

/* For the files of the API: */
void api_reply_error(struct route_reply *reply, const struct error *problem);
void api_reply_status(struct route_reply *reply, struct json *body); /* takes over body */
void api_reply_missing(struct route_reply *reply);		     /* 404 page not found */
struct object_key api_key(const struct api_target *target);	     /* borrows from it */

void api_read(const struct api *api, const struct api_target *target,
	      const struct server_request *request,
	      struct route_reply *reply); /* get, list, watch */
void api_create(const struct api *api, const struct api_target *target,
		const struct server_request *request, struct route_reply *reply);
void api_change(const struct api *api, const struct api_target *target,
		const struct server_request *request,
		struct route_reply *reply); /* update and patch */
void api_delete(const struct api *api, const struct api_target *target,
		const struct server_request *request,
		struct route_reply *reply); /* one, or a collection */
/* SelfSubjectAccessReview and SelfSubjectRulesReview. */
void api_review(const struct api *api, const struct api_target *target,
		const struct server_request *request, struct route_reply *reply);

#endif
