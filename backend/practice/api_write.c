#include "backend/base/mem.h"
#include "backend/practice/api.h"
#include "backend/practice/api_body.h"
#include "backend/practice/object_meta.h"
#include "backend/practice/patch.h"
#include "backend/practice/status_body.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A dry run goes all the way and is undone. */
static bool is_dry(const struct server_request *request)
{
	return *request_param(request, "dryRun") != '\0';
}

static void reply_object(struct route_reply *reply, int code, struct json *object)
{
	route_reply_json(reply, code, object);
	json_free(object);
}

/* ---- create ---- */

static struct json *missing_name(const struct api_target *target)
{
	struct json *problems = json_new_list(), *problem = json_add(problems, json_new_map());
	struct json *body;

	json_put_text(problem, "field", "metadata.name");
	json_put_text(problem, "reason", "FieldValueRequired");
	json_put_text(problem, "message", "Required value: name or generateName is required");
	body = status_body_invalid(target->kind, "", problems);
	json_free(problems);
	return body;
}

/* The write-only half of a Secret. */
static void fold_string_data(struct json *object)
{
	const struct json *item;
	struct strbuf encoded = STRBUF_INIT;

	for (item = json_first(json_key(object, "stringData")); item; item = json_next(item)) {
		struct json *data = json_key_mut(object, "data");

		if (json_type(data) != JSON_MAP)
			data = json_put(object, "data", json_new_map());
		strbuf_reset(&encoded);
		strbuf_add_base64(&encoded, json_value(item), strlen(json_value(item)));
		json_put_text(data, json_name(item), encoded.buf);
	}
	strbuf_done(&encoded);
	json_remove(object, "stringData");
}

/* Drops what only the server writes, and completes what the real one completes. */
static void prepare_new(const struct api_target *target, struct json *object)
{
	struct json *meta = json_key_mut(object, "metadata");

	if (json_type(meta) != JSON_MAP)
		meta = json_put(object, "metadata", json_new_map());
	json_remove(meta, "creationTimestamp");
	json_remove(meta, "uid");
	json_remove(meta, "managedFields");
	json_remove(meta, "resourceVersion");
	if (target->kind->flags & KIND_STATUS)
		json_remove(object, "status");
	if (strcmp(target->kind->resource, "secrets") == 0) {
		fold_string_data(object);
		if (!json_key(object, "type"))
			json_put_text(object, "type", "Opaque");
	}
}

/* The generated name goes into the object before the checks, for their words name it. True when one
 * was made. */
static bool generate_name(struct json *object)
{
	const char *prefix = json_text(object, "metadata.generateName");
	char *name;

	if (*json_text(object, "metadata.name") || !*prefix)
		return false;
	name = object_meta_random_name(prefix);
	json_put_path(object, "metadata.name", json_new_text(name));
	free(name);
	return true;
}

static struct json *check_new(const struct api_target *target, const struct server_request *request,
			      struct json *object, char warning[96])
{
	bool generated = generate_name(object);
	const char *version = json_text(object, "metadata.resourceVersion");
	struct json *refusal;

	if (!*json_text(object, "metadata.name"))
		return missing_name(target);
	/* 0 is none: velero's ServerStatusRequests come with it. */
	if (*version && strcmp(version, "0") != 0)
		return status_body_new(
			400, "BadRequest",
			"resourceVersion should not be set on objects to be created");
	refusal = api_body_check(target, request, object, warning);
	/* objects_create() makes its own, and another one when that is taken. */
	if (!refusal && generated)
		json_remove(json_key_mut(object, "metadata"), "name");
	return refusal;
}

static enum status create_dry(const struct api *api, const struct object_key *key,
			      struct json *object, struct json **ret_object, struct error *err)
{
	enum status st = objects_begin(api->objects, err);

	if (st) {
		json_free(object);
		return st;
	}
	st = objects_create(api->objects, key, object, ret_object, err);
	objects_rollback(api->objects);
	if (!st)
		json_remove(json_key_mut(*ret_object, "metadata"), "resourceVersion");
	return st;
}

void api_create(const struct api *api, const struct api_target *target,
		const struct server_request *request, struct route_reply *reply)
{
	struct object_key key = api_key(target);
	struct json *object, *refusal, *created = NULL;
	struct error err = ERROR_INIT;
	char warning[96] = "";
	enum status st;

	if (!api_body_parse(target, request, &object, reply))
		return;
	prepare_new(target, object);
	refusal = check_new(target, request, object, warning);
	if (refusal) {
		json_free(object);
		api_reply_status(reply, refusal);
		return;
	}
	if (is_dry(request))
		st = create_dry(api, &key, object, &created, &err);
	else
		st = objects_create(api->objects, &key, object, &created, &err);
	if (st) {
		api_reply_error(reply, &err);
		return;
	}
	reply_object(reply, 201, created);
	snprintf(reply->extra_header, sizeof(reply->extra_header), "%s", warning);
}

/* ---- update and patch ---- */

enum change_type { CHANGE_REPLACE, CHANGE_MERGE, CHANGE_JSON, CHANGE_STRATEGIC };

struct change {
	const struct api_target *target;
	const struct server_request *request;
	enum change_type type;
	struct json *body;    /* the new object, or the patch */
	struct json *refusal; /* the Status, when the new object is refused; owned */
	char warning[96];
};

/* `node` becomes a copy of `other`. */
static void become(struct json *node, const struct json *other)
{
	const struct json *child, *next;

	for (child = json_first(node); child; child = next) {
		next = json_next(child);
		if (!json_key(other, json_name(child)))
			json_remove(node, json_name(child));
	}
	for (child = json_first(other); child; child = json_next(child))
		json_put(node, json_name(child), json_clone(child));
}

static enum status apply_change(const struct change *change, struct json *next, struct error *err)
{
	struct json *result;
	enum status st;

	switch (change->type) {
	case CHANGE_REPLACE:
		become(next, change->body);
		return STATUS_OK;
	case CHANGE_MERGE:
		json_merge(next, change->body);
		return STATUS_OK;
	case CHANGE_STRATEGIC:
		patch_apply_strategic(next, change->body);
		return STATUS_OK;
	case CHANGE_JSON:
		break;
	}
	st = patch_apply_json(next, change->body, &result, err);
	if (!st) {
		become(next, result);
		json_free(result);
	}
	return st;
}

static void copy_key(struct json *to, const struct json *from, const char *key)
{
	const struct json *value = json_key(from, key);

	if (value)
		json_put(to, key, json_clone(value));
	else
		json_remove(to, key);
}

/* Where status is a sub-resource, each of the two paths changes its own half only. */
static void keep_other_half(const struct change *change, const struct json *current,
			    struct json *next)
{
	struct json *status;
	char claimed[32];

	if (!(change->target->kind->flags & KIND_STATUS))
		return;
	if (!*change->target->sub) {
		copy_key(next, current, "status");
		return;
	}
	snprintf(claimed, sizeof(claimed), "%s", json_text(next, "metadata.resourceVersion"));
	status = json_clone(json_key(next, "status"));
	become(next, current);
	json_remove(next, "status");
	json_put(next, "status", status);
	if (*claimed)
		json_put_path(next, "metadata.resourceVersion", json_new_text(claimed));
}

static enum status change_object(void *arg, const struct json *current, struct json *next,
				 struct error *err)
{
	struct change *change = arg;
	enum status st = apply_change(change, next, err);

	if (st)
		return st;
	keep_other_half(change, current, next);
	if (strcmp(change->target->kind->resource, "secrets") == 0)
		fold_string_data(next);
	if (json_type(json_key(next, "metadata")) == JSON_MAP)
		json_remove(json_key_mut(next, "metadata"), "managedFields");
	change->refusal = api_body_check(change->target, change->request, next, change->warning);
	return change->refusal ? error_set(err, STATUS_INVALID, "refused") : STATUS_OK;
}

static enum status modify(const struct api *api, struct change *change, struct json **ret_object,
			  struct error *err)
{
	struct object_key key = api_key(change->target);
	bool dry = is_dry(change->request);
	enum status st = dry ? objects_begin(api->objects, err) : STATUS_OK;

	if (st)
		return st;
	st = objects_modify(api->objects, &key, change_object, change, ret_object, err);
	if (dry)
		objects_rollback(api->objects);
	return st;
}

/* The type of the patch, from its content type. False: the reply is made. */
static bool patch_type(const struct api_target *target, const struct server_request *request,
		       enum change_type *ret_type, struct route_reply *reply)
{
	bool custom = target->kind->flags & KIND_CUSTOM;
	const char *type = request->content_type;
	struct error err = ERROR_INIT;

	if (text_starts(type, "application/merge-patch+json")) {
		*ret_type = CHANGE_MERGE;
	} else if (text_starts(type, "application/json-patch+json")) {
		*ret_type = CHANGE_JSON;
	} else if (text_starts(type, "application/strategic-merge-patch+json") && !custom) {
		*ret_type = CHANGE_STRATEGIC;
	} else {
		error_set(&err, STATUS_UNSUPPORTED,
			  "the body of the request was in an unknown format - accepted media types "
			  "include: application/json-patch+json, application/merge-patch+json%s",
			  custom ? "" : ", application/strategic-merge-patch+json");
		api_reply_error(reply, &err);
		return false;
	}
	return true;
}

static bool read_change(struct change *change, struct route_reply *reply)
{
	struct error err = ERROR_INIT;

	if (strcmp(change->request->method, "PUT") == 0)
		return api_body_parse(change->target, change->request, &change->body, reply);
	if (!patch_type(change->target, change->request, &change->type, reply))
		return false;
	change->body = json_parse(change->request->body, change->request->body_len, &err);
	if (!change->body || (change->type != CHANGE_JSON && json_type(change->body) != JSON_MAP)) {
		error_set(&err, STATUS_INVALID, "error decoding patch: it is not a JSON object");
		api_reply_error(reply, &err);
		return false;
	}
	return true;
}

void api_change(const struct api *api, const struct api_target *target,
		const struct server_request *request, struct route_reply *reply)
{
	struct change change = { .target = target, .request = request };
	struct error err = ERROR_INIT;
	struct json *object;

	if (!read_change(&change, reply)) {
		json_free(change.body);
		return;
	}
	if (!modify(api, &change, &object, &err)) {
		reply_object(reply, 200, object);
		snprintf(reply->extra_header, sizeof(reply->extra_header), "%s", change.warning);
	} else if (change.refusal) {
		api_reply_status(reply, change.refusal);
	} else {
		api_reply_error(reply, &err);
	}
	json_free(change.body);
}

/* ---- delete ---- */

static void delete_one(const struct api *api, const struct api_target *target,
		       const struct objects_delete_options *options, struct route_reply *reply)
{
	struct object_key key = api_key(target);
	struct error err = ERROR_INIT;
	struct json *object;

	if (objects_delete_with(api->objects, &key, options, &object, &err)) {
		api_reply_error(reply, &err);
		return;
	}
	/* What still waits for a finalizer is answered whole, what has gone with a Status. */
	if (object_meta_is_deleting(object))
		route_reply_json(reply, 200, object);
	else
		api_reply_status(reply, status_body_success(target->kind, target->name,
							    json_text(object, "metadata.uid")));
	json_free(object);
}

static void delete_all(const struct api *api, const struct api_target *target,
		       const struct server_request *request,
		       const struct objects_delete_options *options, struct route_reply *reply)
{
	struct object_key key = api_key(target);
	const struct json *item;
	struct json *items;
	struct error err = ERROR_INIT;
	int64_t version;

	if (objects_list(api->objects, &key, request_param(request, "labelSelector"), &items,
			 &version, &err)) {
		api_reply_error(reply, &err);
		return;
	}
	for (item = json_first(items); item; item = json_next(item)) {
		key.namespace = json_text(item, "metadata.namespace");
		key.name = json_text(item, "metadata.name");
		/* What went meanwhile with its owner is no failure. */
		objects_delete_with(api->objects, &key, options, NULL, NULL);
	}
	json_free(items);
	api_reply_status(reply, status_body_success(target->kind, "", ""));
}

void api_delete(const struct api *api, const struct api_target *target,
		const struct server_request *request, struct route_reply *reply)
{
	struct json *body = json_parse(request->body, request->body_len, NULL);
	const char *policy = json_text(body, "propagationPolicy");
	struct objects_delete_options options = {
		.uid = json_text(body, "preconditions.uid"),
		.version = json_text(body, "preconditions.resourceVersion"),
	};

	options.at_once = json_int(body, "gracePeriodSeconds", -1) == 0 ||
			  strcmp(request_param(request, "gracePeriodSeconds"), "0") == 0;
	if (!*policy)
		policy = request_param(request, "propagationPolicy");
	options.orphan = strcmp(policy, "Orphan") == 0;
	if (*target->name && (is_dry(request) || json_count(json_key(body, "dryRun"))))
		api_read(api, target, request, reply);
	else if (*target->name)
		delete_one(api, target, &options, reply);
	else
		delete_all(api, target, request, &options, reply);
	json_free(body);
}
