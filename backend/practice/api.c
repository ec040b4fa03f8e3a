#include "backend/practice/api.h"

#include "backend/practice/status_body.h"

#include <stdio.h>
#include <string.h>

void api_reply_status(struct route_reply *reply, struct json *body)
{
	route_reply_json(reply, status_body_code(body), body);
	json_free(body);
}

void api_reply_error(struct route_reply *reply, const struct error *problem)
{
	api_reply_status(reply, status_body_from_error(problem));
}

void api_reply_missing(struct route_reply *reply)
{
	route_reply_text(reply, 404, "text/plain; charset=utf-8", "404 page not found\n");
}

struct object_key api_key(const struct api_target *target)
{
	struct object_key key = { target->kind->resource, target->namespace, target->name };

	return key;
}

/* ---- paths ---- */

#define SEGMENTS_MAX 8

struct segments {
	char text[SEGMENTS_MAX][256];
	size_t count;
};

static bool split_path(const char *path, struct segments *segments)
{
	segments->count = 0;
	while (*path) {
		size_t len;

		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (!len)
			break;
		if (segments->count == SEGMENTS_MAX || len >= sizeof(segments->text[0]))
			return false;
		memcpy(segments->text[segments->count], path, len);
		segments->text[segments->count++][len] = '\0';
		path += len;
	}
	return true;
}

static const char *segment(const struct segments *segments, size_t at)
{
	return at < segments->count ? segments->text[at] : "";
}

bool api_parse_path(const char *path, struct api_target *ret_target)
{
	struct segments segments;
	const char *group = "", *version, *plural;
	bool core, inside;
	size_t at;

	if (!split_path(path, &segments))
		return false;
	core = strcmp(segment(&segments, 0), "api") == 0;
	if (!core && strcmp(segment(&segments, 0), "apis") != 0)
		return false;
	if (!core)
		group = segment(&segments, 1);
	at = core ? 1 : 2;
	version = segment(&segments, at++);
	/* namespaces/NS/pods is in a namespace; namespaces/NS and namespaces/NS/status mean the
	 * namespace itself. */
	inside = strcmp(segment(&segments, at), "namespaces") == 0 && segments.count > at + 2 &&
		 strcmp(segment(&segments, at + 2), "status") != 0 &&
		 strcmp(segment(&segments, at + 2), "finalize") != 0;
	memset(ret_target, 0, sizeof(*ret_target));
	if (inside) {
		memcpy(ret_target->namespace, segments.text[at + 1], 256);
		at += 2;
	}
	plural = segment(&segments, at);
	ret_target->kind = kind_by_path(group, version, plural);
	if (!ret_target->kind || segments.count > at + 3)
		return false;
	if (inside && !(ret_target->kind->flags & (KIND_NAMESPACED | KIND_CREATE)))
		return false;
	snprintf(ret_target->name, sizeof(ret_target->name), "%s", segment(&segments, at + 1));
	snprintf(ret_target->sub, sizeof(ret_target->sub), "%.63s", segment(&segments, at + 2));
	return true;
}

/* ---- verbs ---- */

static const char *verb_of(const struct api_target *target, const struct server_request *request)
{
	static const struct {
		const char *method, *one, *many;
	} verbs[] = {
		{ "GET", "get", "list" },	{ "HEAD", "get", "list" },
		{ "POST", "create", "create" }, { "PUT", "update", "" },
		{ "PATCH", "patch", "" },	{ "DELETE", "delete", "deletecollection" },
	};
	size_t i;

	if (strcmp(request->method, "GET") == 0 && request_flag(request, "watch"))
		return "watch";
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(verbs[i].method, request->method) == 0)
			return *target->name ? verbs[i].one : verbs[i].many;
	}
	return "";
}

static void reply_no_method(const struct api_target *target, struct route_reply *reply)
{
	if (target->kind->flags & KIND_CUSTOM)
		api_reply_missing(reply);
	else
		api_reply_status(
			reply,
			status_body_new(405, "MethodNotAllowed",
					"the server does not allow this method on the requested "
					"resource"));
}

/* status where the kind has one, log and finalize elsewhere; all else is not there. */
static bool has_sub_resource(const struct api_target *target)
{
	if (!*target->sub)
		return true;
	if (strcmp(target->sub, "status") == 0)
		return target->kind->flags & KIND_STATUS;
	if (strcmp(target->sub, "log") == 0)
		return strcmp(target->kind->resource, "pods") == 0;
	return false;
}

/* The log of a pod that nobody plays: empty, as of a container that wrote nothing. */
static void answer_log(const struct api *api, const struct api_target *target,
		       struct route_reply *reply)
{
	struct object_key key = api_key(target);
	struct error err = ERROR_INIT;
	struct json *pod;

	if (objects_get(api->objects, &key, &pod, &err)) {
		api_reply_error(reply, &err);
		return;
	}
	json_free(pod);
	route_reply_text(reply, 200, "text/plain", "");
}

typedef void (*api_function)(const struct api *api, const struct api_target *target,
			     const struct server_request *request, struct route_reply *reply);

static api_function function_of(const struct api_target *target, const char *verb)
{
	static const struct {
		const char *verb;
		api_function answer;
	} functions[] = {
		{ "get", api_read },	  { "list", api_read },
		{ "watch", api_read },	  { "create", api_create },
		{ "update", api_change }, { "patch", api_change },
		{ "delete", api_delete }, { "deletecollection", api_delete },
	};
	bool everywhere = target->kind->flags & KIND_NAMESPACED && !*target->namespace;
	size_t i;

	if (target->kind->flags & KIND_CREATE)
		return strcmp(verb, "create") == 0 ? api_review : NULL;
	/* Across namespaces one can only look. */
	if (everywhere &&
	    (*target->name || (strcmp(verb, "list") != 0 && strcmp(verb, "watch") != 0)))
		return NULL;
	if (strcmp(verb, "create") == 0 && *target->name)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		if (strcmp(functions[i].verb, verb) == 0)
			return functions[i].answer;
	}
	return NULL;
}

void api_answer(const struct api *api, const struct server_request *request,
		struct route_reply *reply)
{
	struct api_target target;
	struct error err = ERROR_INIT;
	const char *verb;
	api_function answer;

	if (!api_parse_path(request->path, &target)) {
		api_reply_missing(reply);
		return;
	}
	verb = verb_of(&target, request);
	answer = function_of(&target, verb);
	if (!answer) {
		reply_no_method(&target, reply);
	} else if (faults_has(api->faults, FAULT_403) &&
		   strcmp(target.kind->resource, "backups.velero.io") == 0) {
		api_reply_status(reply, status_body_forbidden(API_USER, verb, target.kind,
							      target.namespace, target.name));
	} else if (!has_sub_resource(&target)) {
		error_set(&err, STATUS_NOT_FOUND, "%s \"%s\" not found", target.kind->resource,
			  target.name);
		api_reply_error(reply, &err);
	} else if (strcmp(target.sub, "log") == 0) {
		answer_log(api, &target, reply);
	} else {
		answer(api, &target, request, reply);
	}
}
