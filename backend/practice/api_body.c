#include "backend/practice/api_body.h"

#include "backend/base/yaml.h"
#include "backend/practice/protobuf.h"
#include "backend/practice/schema.h"
#include "backend/practice/status_body.h"

#include <stdio.h>
#include <string.h>

static bool is_type(const struct server_request *request, const char *type)
{
	size_t len = strlen(type);

	return strncmp(request->content_type, type, len) == 0 &&
	       (!request->content_type[len] || strchr("; ", request->content_type[len]));
}

/* Kinds of a CRD are never protobuf. NULL with STATUS_UNSUPPORTED: none of the types taken here. */
static struct json *parse_typed(const struct api_target *target,
				const struct server_request *request, struct error *err)
{
	struct json *body = NULL;

	if (is_type(request, "application/yaml"))
		return yaml_parse(request->body, request->body_len, err);
	/* Without a content type an API server takes JSON. */
	if (!*request->content_type || is_type(request, "application/json"))
		return json_parse(request->body, request->body_len, err);
	if (is_type(request, PROTOBUF_TYPE) && !(target->kind->flags & KIND_CUSTOM))
		(void)protobuf_parse(request->body, request->body_len, &body, err);
	else
		error_set(err, STATUS_UNSUPPORTED, "no such type");
	return body;
}

bool api_body_parse(const struct api_target *target, const struct server_request *request,
		    struct json **ret_body, struct route_reply *reply)
{
	struct error problem = ERROR_INIT, err = ERROR_INIT;
	struct json *body = parse_typed(target, request, &problem);

	if (!body && problem.code == STATUS_UNSUPPORTED) {
		error_set(&err, STATUS_UNSUPPORTED,
			  "the body of the request was in an unknown format - accepted media types "
			  "include: application/json, application/yaml");
		api_reply_error(reply, &err);
		return false;
	}
	if (json_type(body) != JSON_MAP) {
		json_free(body);
		error_set(&err, STATUS_INVALID,
			  "the object provided is unrecognized (must be of type %s): couldn't get "
			  "version/kind; json parse error: %s",
			  target->kind->kind, problem.text);
		api_reply_error(reply, &err);
		return false;
	}
	*ret_body = body;
	return true;
}

static void add_problem(struct json *problems, const char *field, const char *value,
			const char *must)
{
	struct json *problem = json_add(problems, json_new_map());
	struct strbuf message = STRBUF_INIT;

	strbuf_addf(&message, "Invalid value: \"%s\": must be %s", value, must);
	json_put_text(problem, "field", field);
	json_put_text(problem, "reason", "FieldValueInvalid");
	json_put_text(problem, "message", message.buf);
	strbuf_done(&message);
}

/* The recorded server answers with the kind that was sent, not with the one of the path. */
static struct json *check_kind(const struct api_target *target, const struct json *object)
{
	const char *kind = json_key_text(object, "kind");
	const char *version = json_key_text(object, "apiVersion");
	char expected[128];
	struct kind sent = *target->kind;
	struct json *problems, *body = NULL;

	snprintf(expected, sizeof(expected), "%s%s%s", target->kind->group,
		 *target->kind->group ? "/" : "", target->kind->version);
	problems = json_new_list();
	if (strcmp(kind, target->kind->kind) != 0)
		add_problem(problems, "kind", kind, target->kind->kind);
	if (strcmp(version, expected) != 0)
		add_problem(problems, "apiVersion", version, expected);
	if (json_count(problems)) {
		sent.kind = kind;
		body = status_body_invalid(&sent, json_text(object, "metadata.name"), problems);
	}
	json_free(problems);
	return body;
}

static struct json *bad_request(const char *message)
{
	return status_body_new(400, "BadRequest", message);
}

static struct json *refuse_unknown(const struct api_target *target, const struct json *unknown)
{
	struct strbuf message = STRBUF_INIT;
	const struct json *field;
	struct json *body;

	strbuf_addf(&message,
		    "%s in version \"%s\" cannot be handled as a %s: strict decoding error: ",
		    target->kind->kind, target->kind->version, target->kind->kind);
	for (field = json_first(unknown); field; field = json_next(field)) {
		strbuf_addf(&message, "%sunknown field \"%s\"",
			    field == json_first(unknown) ? "" : ", ", json_value(field));
	}
	body = bad_request(message.buf);
	strbuf_done(&message);
	return body;
}

static struct json *check_content(const struct api_target *target,
				  const struct server_request *request, struct json *object,
				  char warning[96])
{
	const char *validation = request_param(request, "fieldValidation");
	struct json *unknown = json_new_list(), *problems = json_new_list(), *body = NULL;

	schema_apply(target->kind, object, unknown, problems);
	if (json_count(unknown) && strcmp(validation, "Strict") == 0)
		body = refuse_unknown(target, unknown);
	else if (json_count(problems))
		body = status_body_invalid(target->kind, json_text(object, "metadata.name"),
					   problems);
	else if (json_count(unknown) && strcmp(validation, "Warn") == 0)
		snprintf(warning, 96, "Warning: 299 - \"unknown field \\\"%.40s\\\"\"",
			 json_value(json_first(unknown)));
	json_free(unknown);
	json_free(problems);
	return body;
}

struct json *api_body_check(const struct api_target *target, const struct server_request *request,
			    struct json *object, char warning[96])
{
	const char *namespace = json_text(object, "metadata.namespace");
	const char *name = json_text(object, "metadata.name");
	struct json *body = check_kind(target, object);

	if (body)
		return body;
	if (*namespace && strcmp(namespace, target->namespace) != 0)
		return bad_request("the namespace of the provided object does not match the "
				   "namespace sent on the request");
	if (*target->name && *name && strcmp(name, target->name) != 0)
		return bad_request("the name of the object does not match the name on the URL");
	return check_content(target, request, object, warning);
}
