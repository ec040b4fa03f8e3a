#include "backend/practice/routes.h"

#include "backend/base/mem.h"
#include "backend/practice/discovery.h"
#include "backend/practice/status_body.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define BOOKMARK_MS	 60000
#define BOOKMARK_FAST_MS 1000

void routes_init(struct routes *routes, const struct server_spec *spec)
{
	memset(routes, 0, sizeof(*routes));
	routes->spec = *spec;
	routes->api.objects = spec->objects;
	routes->api.faults = spec->faults;
	routes->api.bookmark_ms = spec->fast ? BOOKMARK_FAST_MS : BOOKMARK_MS;
	pthread_mutex_init(&routes->lock, NULL);
	snprintf(routes->token, sizeof(routes->token), "%s", spec->token);
}

void routes_done(struct routes *routes)
{
	pthread_mutex_destroy(&routes->lock);
	mem_wipe(routes->token, sizeof(routes->token));
	mem_wipe(routes->old_token, sizeof(routes->old_token));
}

void routes_copy_token(struct routes *routes, char token[ROUTES_TOKEN_MAX])
{
	pthread_mutex_lock(&routes->lock);
	memcpy(token, routes->token, ROUTES_TOKEN_MAX);
	pthread_mutex_unlock(&routes->lock);
}

/* ---- faults ---- */

static void change_token(struct routes *routes)
{
	unsigned char bytes[24];
	size_t i;

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		die("no random numbers from the kernel");
	pthread_mutex_lock(&routes->lock);
	memcpy(routes->old_token, routes->token, sizeof(routes->token));
	for (i = 0; i < sizeof(bytes); i++)
		snprintf(routes->token + 2 * i, 3, "%02x", bytes[i]);
	pthread_mutex_unlock(&routes->lock);
}

enum status routes_set_fault(struct routes *routes, const char *name, struct error *err)
{
	struct strbuf known = STRBUF_INIT;
	enum fault fault;
	unsigned i;

	if (!fault_from_name(name, &fault)) {
		for (i = 0; i < FAULT_COUNT; i++)
			strbuf_addf(&known, "%s%s", i ? ", " : "", fault_name((enum fault)i));
		error_set(err, STATUS_NOT_FOUND, "there is no fault \"%s\"", name);
		error_hint(err, "known: %s, clear", known.buf);
		strbuf_done(&known);
		return STATUS_NOT_FOUND;
	}
	if (fault_stays(fault))
		faults_set(routes->spec.faults, fault);
	if (fault == FAULT_410)
		objects_forget_history(routes->spec.objects);
	else if (fault == FAULT_TOKEN)
		change_token(routes);
	if ((fault == FAULT_TOKEN || fault == FAULT_RESTART) && routes->perform)
		routes->perform(routes->perform_arg, fault);
	return STATUS_OK;
}

/* Sleeps unless the server drains. */
static void doze(struct routes *routes, int ms)
{
	struct timespec slice = { 0, 50L * 1000 * 1000 };

	for (; ms > 0 && !atomic_load(&routes->draining); ms -= 50)
		nanosleep(&slice, NULL);
}

/* Waits as the faults want it. False: draining, no answer. */
static bool wait_faults(struct routes *routes)
{
	while (faults_has(routes->spec.faults, FAULT_STALL) && !atomic_load(&routes->draining))
		doze(routes, 100);
	if (faults_has(routes->spec.faults, FAULT_SLOW))
		doze(routes, routes->spec.fast ? 300 : 2000);
	return !atomic_load(&routes->draining);
}

static void answer_fault(struct routes *routes, const struct server_request *request,
			 struct route_reply *reply)
{
	struct strbuf names = STRBUF_INIT;
	struct error err = ERROR_INIT;

	if (request_flag(request, "clear")) {
		faults_clear_all(routes->spec.faults);
	} else if (request_has_param(request, "name") &&
		   routes_set_fault(routes, request_param(request, "name"), &err)) {
		strbuf_addf(&names, "%s; %s\n", err.text, err.hint);
		route_reply_text(reply, 400, "text/plain", names.buf);
		strbuf_done(&names);
		return;
	}
	faults_add_names(routes->spec.faults, &names);
	route_reply_text(reply, 200, "text/plain", names.buf);
	strbuf_done(&names);
}

/* True when a fault answers in place of the API. */
static bool answer_wrongly(struct routes *routes, struct route_reply *reply)
{
	struct json *body, *details;

	if (faults_has(routes->spec.faults, FAULT_HTML)) {
		route_reply_text(reply, 200, "text/html; charset=utf-8",
				 "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n"
				 "<body><h1>Sign in to continue</h1></body></html>\n");
		return true;
	}
	if (!faults_has(routes->spec.faults, FAULT_429))
		return false;
	body = status_body_new(429, "TooManyRequests",
			       "Too many requests, please try again later.");
	details = json_put(body, "details", json_new_map());
	json_put_int(details, "retryAfterSeconds", 1);
	api_reply_status(reply, body);
	snprintf(reply->extra_header, sizeof(reply->extra_header), "Retry-After: 1");
	return true;
}

/* ---- credentials ---- */

static bool is_current(struct routes *routes, const struct server_request *request, bool old_too)
{
	bool good;

	pthread_mutex_lock(&routes->lock);
	good = request_is_bearer(request, routes->token) ||
	       (old_too && *routes->old_token && request_is_bearer(request, routes->old_token));
	pthread_mutex_unlock(&routes->lock);
	return good;
}

static void refuse_anonymous(const struct server_request *request, struct route_reply *reply)
{
	struct api_target target;
	struct strbuf message = STRBUF_INIT;

	if (api_parse_path(request->path, &target)) {
		api_reply_status(reply, status_body_forbidden(
						"system:anonymous", *target.name ? "get" : "list",
						target.kind, target.namespace, target.name));
		return;
	}
	strbuf_addf(&message, "forbidden: User \"system:anonymous\" cannot get path \"%s\"",
		    request->path);
	api_reply_status(reply, status_body_new(403, "Forbidden", message.buf));
	strbuf_done(&message);
}

/* True when the request may go on. */
static bool check_bearer(struct routes *routes, const struct server_request *request,
			 struct route_reply *reply)
{
	if (is_current(routes, request, false))
		return true;
	if (!*request->authorization) {
		refuse_anonymous(request, reply);
		return false;
	}
	api_reply_status(reply, status_body_new(401, "Unauthorized", "Unauthorized"));
	return false;
}

/* ---- dispatch ---- */

static bool ask_extras(struct routes *routes, const struct server_request *request, bool open,
		       struct route_reply *reply)
{
	size_t i;

	for (i = 0; i < routes->spec.extra_count; i++) {
		const struct server_extra *extra = &routes->spec.extras[i];

		if (extra->open == open && text_starts(request->path, extra->prefix) &&
		    extra->answer(extra->arg, request, reply))
			return true;
	}
	return false;
}

static void answer_path(struct routes *routes, const struct server_request *request,
			struct route_reply *reply)
{
	if (strcmp(request->path, "/practice/fault") == 0) {
		if (is_current(routes, request, true))
			answer_fault(routes, request, reply);
		else
			api_reply_status(reply,
					 status_body_new(401, "Unauthorized", "Unauthorized"));
		return;
	}
	if (!wait_faults(routes))
		return;
	if (ask_extras(routes, request, true, reply))
		return;
	if (answer_wrongly(routes, reply) || !check_bearer(routes, request, reply))
		return;
	if (ask_extras(routes, request, false, reply))
		return;
	if (!discovery_answer(request, reply))
		api_answer(&routes->api, request, reply);
}

void routes_answer(struct routes *routes, const struct server_request *request,
		   struct route_reply *reply)
{
	const char *token = request->path + strlen(SERVER_TOKEN_PREFIX);
	struct strbuf authorization = STRBUF_INIT;
	struct server_request inner = *request;

	if (!text_starts(request->path, SERVER_TOKEN_PREFIX)) {
		answer_path(routes, request, reply);
		return;
	}
	inner.path = token + strcspn(token, "/");
	if (!*request->authorization) {
		strbuf_addf(&authorization, "Bearer %.*s", (int)strcspn(token, "/"), token);
		inner.authorization = authorization.buf;
	}
	answer_path(routes, &inner, reply);
	strbuf_done(&authorization);
}
