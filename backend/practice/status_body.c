#include "backend/practice/status_body.h"

#include "backend/base/mem.h"
#include "backend/base/strbuf.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	enum status status;
	int code;
	const char *reason;
} reasons[] = {
	{ STATUS_NOT_FOUND, 404, "NotFound" },
	{ STATUS_EXISTS, 409, "AlreadyExists" },
	{ STATUS_CONFLICT, 409, "Conflict" },
	{ STATUS_FORBIDDEN, 403, "Forbidden" },
	{ STATUS_GONE, 410, "Expired" },
	{ STATUS_INVALID, 400, "BadRequest" },
	{ STATUS_FORMAT, 400, "BadRequest" },
	{ STATUS_USAGE, 400, "BadRequest" },
	{ STATUS_UNSUPPORTED, 415, "UnsupportedMediaType" },
	{ STATUS_TOO_LARGE, 413, "RequestEntityTooLarge" },
};

struct json *status_body_new(int code, const char *reason, const char *message)
{
	struct json *body = json_new_map();

	json_put_text(body, "kind", "Status");
	json_put_text(body, "apiVersion", "v1");
	json_put(body, "metadata", json_new_map());
	json_put_text(body, "status", code < 400 ? "Success" : "Failure");
	if (*message)
		json_put_text(body, "message", message);
	if (*reason)
		json_put_text(body, "reason", reason);
	json_put_int(body, "code", code);
	return body;
}

/* The details stand before the code, as the server orders them. */
static struct json *put_details(struct json *body, const char *name, const char *group,
				const char *kind)
{
	struct json *details = json_new_map();
	int64_t code = json_int(body, "code", 0);

	if (*name)
		json_put_text(details, "name", name);
	if (*group)
		json_put_text(details, "group", group);
	if (*kind)
		json_put_text(details, "kind", kind);
	json_remove(body, "code");
	json_put(body, "details", details);
	json_put_int(body, "code", code);
	return details;
}

/* Finds the first `resource.group "name"` in the text. */
static void put_details_from_text(struct json *body, const char *text)
{
	struct strbuf resource = STRBUF_INIT, name = STRBUF_INIT;
	const char *open = strchr(text, '"'), *close = open ? strchr(open + 1, '"') : NULL;
	const char *start, *dot;

	if (!close || open < text + 2 || open[-1] != ' ')
		return;
	for (start = open - 1; start > text && start[-1] != ' '; start--)
		continue;
	strbuf_add(&resource, start, (size_t)(open - 1 - start));
	strbuf_add(&name, open + 1, (size_t)(close - open - 1));
	dot = strchr(resource.buf, '.');
	if (dot) {
		char *group = mem_text(dot + 1);

		strbuf_cut(&resource, (size_t)(dot - resource.buf));
		put_details(body, name.buf, group, resource.buf);
		free(group);
	} else {
		put_details(body, name.buf, "", resource.buf);
	}
	strbuf_done(&resource);
	strbuf_done(&name);
}

struct json *status_body_from_error(const struct error *problem)
{
	int code = 500;
	const char *reason = "InternalError";
	struct json *body;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++) {
		if (reasons[i].status == problem->code) {
			code = reasons[i].code;
			reason = reasons[i].reason;
		}
	}
	body = status_body_new(code, reason, problem->text);
	if (code == 404 || code == 409 || code == 403)
		put_details_from_text(body, problem->text);
	return body;
}

int status_body_code(const struct json *body)
{
	bool success = strcmp(json_key_text(body, "status"), "Success") == 0;

	return (int)json_int(body, "code", success ? 200 : 500);
}

struct json *status_body_forbidden(const char *user, const char *verb, const struct kind *kind,
				   const char *namespace, const char *name)
{
	struct strbuf message = STRBUF_INIT;
	struct json *body;

	strbuf_adds(&message, kind->resource);
	if (*name)
		strbuf_addf(&message, " \"%s\"", name);
	strbuf_addf(&message,
		    " is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" ",
		    user, verb, kind->plural, kind->group);
	if (*namespace)
		strbuf_addf(&message, "in the namespace \"%s\"", namespace);
	else
		strbuf_adds(&message, "at the cluster scope");
	body = status_body_new(403, "Forbidden", message.buf);
	put_details(body, name, kind->group, kind->plural);
	strbuf_done(&message);
	return body;
}

struct json *status_body_invalid(const struct kind *kind, const char *name,
				 const struct json *problems)
{
	struct strbuf message = STRBUF_INIT;
	const struct json *problem;
	struct json *body, *causes;
	bool several = json_count(problems) > 1;

	strbuf_addf(&message, "%s%s%s \"%s\" is invalid: %s", kind->kind, *kind->group ? "." : "",
		    kind->group, name, several ? "[" : "");
	for (problem = json_first(problems); problem; problem = json_next(problem)) {
		strbuf_addf(&message, "%s%s: %s", problem == json_first(problems) ? "" : ", ",
			    json_key_text(problem, "field"), json_key_text(problem, "message"));
	}
	if (several)
		strbuf_addc(&message, ']');
	body = status_body_new(422, "Invalid", message.buf);
	causes = json_put(put_details(body, name, kind->group, kind->kind), "causes",
			  json_new_list());
	for (problem = json_first(problems); problem; problem = json_next(problem)) {
		struct json *cause = json_add(causes, json_new_map());

		json_put_text(cause, "reason", json_key_text(problem, "reason"));
		json_put_text(cause, "message", json_key_text(problem, "message"));
		json_put_text(cause, "field", json_key_text(problem, "field"));
	}
	strbuf_done(&message);
	return body;
}

struct json *status_body_success(const struct kind *kind, const char *name, const char *uid)
{
	struct json *body = status_body_new(200, "", ""), *details;

	json_remove(body, "code");
	details = put_details(body, name, kind->group, kind->plural);
	json_remove(body, "code");
	if (*uid)
		json_put_text(details, "uid", uid);
	return body;
}
