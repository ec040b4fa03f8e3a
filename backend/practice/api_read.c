#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/practice/api.h"
#include "backend/practice/list_stream.h"
#include "backend/practice/selector.h"
#include "backend/practice/status_body.h"
#include "backend/practice/watch_stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an API server gives a watch that names no end: half an hour. */
#define WATCH_SECONDS 1800

static void get_one(const struct api *api, const struct api_target *target,
		    struct route_reply *reply)
{
	struct object_key key = api_key(target);
	struct error err = ERROR_INIT;
	struct json *object;

	if (objects_get(api->objects, &key, &object, &err)) {
		api_reply_error(reply, &err);
		return;
	}
	route_reply_json(reply, 200, object);
	json_free(object);
}

/* ---- what a list or watch asks for ---- */

struct asked {
	struct selector *labels, *fields; /* owned */
	char *name, *namespace;		  /* owned; from the path or the field selector */
	int64_t version;		  /* -1 = none given */
};

static void asked_done(struct asked *asked)
{
	selector_free(asked->labels);
	selector_free(asked->fields);
	free(asked->namespace);
	free(asked->name);
}

static enum status parse_version(const char *text, int64_t *ret_version, struct error *err)
{
	long long value = -1;

	if (*text && (!text_to_int(text, &value) || value < 0))
		return error_set(
			err, STATUS_INVALID,
			"invalid resource version: resourceVersion: Invalid value: \"%s\": "
			"strconv.ParseUint: parsing \"%s\": invalid syntax",
			text, text);
	*ret_version = value;
	return STATUS_OK;
}

static enum status parse_asked(const struct api_target *target,
			       const struct server_request *request, struct asked *asked,
			       struct error *err)
{
	const char *wanted, *odd;
	enum status st;

	st = parse_version(request_param(request, "resourceVersion"), &asked->version, err);
	if (!st)
		st = selector_parse_labels(request_param(request, "labelSelector"), &asked->labels,
					   err);
	if (!st)
		st = selector_parse_fields(request_param(request, "fieldSelector"), &asked->fields,
					   err);
	if (st)
		return st;
	odd = selector_odd_field(asked->fields);
	if (odd && target->kind->flags & KIND_CUSTOM)
		return error_set(err, STATUS_INVALID, "field label not supported: %s", odd);
	wanted = selector_wants(asked->fields, "metadata.name");
	asked->name = mem_text(wanted && !*target->name ? wanted : target->name);
	wanted = selector_wants(asked->fields, "metadata.namespace");
	asked->namespace = mem_text(wanted && !*target->namespace ? wanted : target->namespace);
	return STATUS_OK;
}

/* ---- pages ---- */

static void make_token(const struct objects_page *page, int64_t version, struct strbuf *out)
{
	struct json *token = json_new_map();
	struct strbuf text = STRBUF_INIT;

	json_put_text(token, "v", "meta.k8s.io/v1");
	json_put_int(token, "rv", version);
	json_put_text(token, "namespace", page->last_namespace);
	json_put_text(token, "start", page->last_name);
	json_print(token, &text);
	strbuf_add_base64(out, text.buf, text.len);
	json_free(token);
	strbuf_done(&text);
}

static enum status parse_token(const struct api *api, const char *text, struct json **ret_token,
			       struct error *err)
{
	struct strbuf plain = STRBUF_INIT;
	struct json *token = NULL;
	enum status st = STATUS_OK;

	if (strbuf_add_unbase64(&plain, text, strlen(text), NULL) == STATUS_OK)
		token = json_parse(plain.buf, plain.len, NULL);
	if (!token || !*json_text(token, "start"))
		st = error_set(err, STATUS_INVALID, "continue key is not valid: %s", text);
	else if (json_int(token, "rv", 0) < objects_oldest(api->objects))
		st = error_set(err, STATUS_GONE,
			       "The provided continue parameter is too old to display a consistent "
			       "list result. You can start a new list without the continue "
			       "parameter.");
	if (st)
		json_free(token);
	else
		*ret_token = token;
	strbuf_done(&plain);
	return st;
}

/* True when the version asked for cannot be served: then the reply is made. */
static bool refuse_version(const struct api *api, const struct server_request *request,
			   int64_t version, struct route_reply *reply)
{
	int64_t current = objects_version(api->objects), oldest = objects_oldest(api->objects);
	bool exact = strcmp(request_param(request, "resourceVersionMatch"), "Exact") == 0;
	struct strbuf message = STRBUF_INIT;
	struct error err = ERROR_INIT;
	struct json *body, *details, *cause;

	if (version > current) {
		strbuf_addf(&message,
			    "Timeout: Too large resource version: %" PRId64 ", current: %" PRId64,
			    version, current);
		body = status_body_new(504, "Timeout", message.buf);
		strbuf_done(&message);
		json_remove(body, "code");
		details = json_put(body, "details", json_new_map());
		cause = json_add(json_put(details, "causes", json_new_list()), json_new_map());
		json_put_text(cause, "reason", "ResourceVersionTooLarge");
		json_put_text(cause, "message", "Too large resource version");
		json_put_int(details, "retryAfterSeconds", 1);
		json_put_int(body, "code", 504);
		api_reply_status(reply, body);
		snprintf(reply->extra_header, sizeof(reply->extra_header), "Retry-After: 1");
		return true;
	}
	if (exact && version > 0 && version < oldest) {
		error_set(&err, STATUS_GONE,
			  "The resourceVersion for the provided list is too old.");
		api_reply_error(reply, &err);
		return true;
	}
	return false;
}

/* Items of a list of Kubernetes' own kinds do not repeat what the list says; those of a CRD do. */
static void add_items(const struct kind *kind, const struct strbuf *items, struct strbuf *out)
{
	struct strbuf text = STRBUF_INIT;
	const struct json *item;
	struct json *list, *bare;

	if (kind->flags & KIND_CUSTOM) {
		strbuf_add(out, items->buf, items->len);
		return;
	}
	strbuf_addc(&text, '[');
	strbuf_add(&text, items->buf, items->len);
	strbuf_addc(&text, ']');
	list = json_parse(text.buf, text.len, NULL);
	for (item = json_first(list); item; item = json_next(item)) {
		bare = json_clone(item);
		json_remove(bare, "kind");
		json_remove(bare, "apiVersion");
		json_print(bare, out);
		if (json_next(item))
			strbuf_addc(out, ',');
		json_free(bare);
	}
	json_free(list);
	strbuf_done(&text);
}

static void print_list(const struct kind *kind, const struct objects_query *query,
		       const struct objects_page *page, int64_t version, struct strbuf *out)
{
	bool exact = !query->labels && !query->fields;

	strbuf_reserve(out, page->items.len + 512);
	strbuf_addf(out, "{\"apiVersion\":\"%s%s%s\",\"items\":[", kind->group,
		    *kind->group ? "/" : "", kind->version);
	add_items(kind, &page->items, out);
	strbuf_addf(out, "],\"kind\":\"%sList\",\"metadata\":{", kind->kind);
	if (page->last_name) {
		strbuf_adds(out, "\"continue\":\"");
		make_token(page, version, out);
		strbuf_adds(out, "\",");
		if (exact)
			strbuf_addf(out, "\"remainingItemCount\":%zu,", page->remaining);
	} else if (kind->flags & KIND_CUSTOM) {
		strbuf_adds(out, "\"continue\":\"\",");
	}
	strbuf_addf(out, "\"resourceVersion\":\"%" PRId64 "\"}}\n", version);
}

static enum status list_page(const struct api *api, const struct api_target *target,
			     const struct server_request *request, const struct asked *asked,
			     struct route_reply *reply, struct error *err)
{
	struct objects_query query = {
		.key = { target->kind->resource, asked->namespace, asked->name },
		.labels = asked->labels,
		.fields = asked->fields,
	};
	struct objects_page page = { .items = STRBUF_INIT };
	struct json *token = NULL;
	long long limit = 0;
	enum status st = STATUS_OK;

	if (text_to_int(request_param(request, "limit"), &limit) && limit > 0)
		query.limit = (size_t)limit;
	if (*request_param(request, "continue"))
		st = parse_token(api, request_param(request, "continue"), &token, err);
	if (st)
		return st;
	if (token) {
		query.after_namespace = json_text(token, "namespace");
		query.after_name = json_text(token, "start");
	}
	st = objects_list_text(api->objects, &query, &page, err);
	if (!st) {
		route_reply_text(reply, 200, "application/json", "");
		/* Every page of one list says the version of its first: a watch from there misses
		 * nothing. */
		print_list(target->kind, &query, &page,
			   token ? json_int(token, "rv", page.version) : page.version,
			   &reply->body);
	}
	free(page.last_namespace);
	free(page.last_name);
	strbuf_done(&page.items);
	json_free(token);
	return st;
}

/* A whole list of a CRD's kind, which may be long, is sent as it is read. */
static bool is_whole(const struct api_target *target, const struct server_request *request,
		     const struct asked *asked)
{
	return (target->kind->flags & KIND_CUSTOM) && !asked->labels && !asked->fields &&
	       !*request_param(request, "limit") && !*request_param(request, "continue");
}

static enum status list_whole(const struct api *api, const struct api_target *target,
			      const struct asked *asked, struct route_reply *reply,
			      struct error *err)
{
	struct object_key key = { target->kind->resource, asked->namespace, asked->name };

	route_reply_text(reply, 200, "application/json", "");
	return list_stream_open(api->objects, target->kind, &key, &reply->body, &reply->list, err);
}

/* ---- watch ---- */

static void open_watch(const struct api *api, const struct api_target *target,
		       const struct server_request *request, struct asked *asked,
		       struct route_reply *reply)
{
	struct watch_spec spec = {
		.kind = target->kind,
		.namespace = asked->namespace,
		.name = asked->name,
		.since = asked->version,
		.bookmark_ms = request_flag(request, "allowWatchBookmarks") ? api->bookmark_ms : 0,
		.initial_end = request_flag(request, "sendInitialEvents"),
	};
	long long seconds = WATCH_SECONDS;

	if (!text_to_int(request_param(request, "timeoutSeconds"), &seconds) || seconds <= 0)
		seconds = WATCH_SECONDS;
	spec.deadline_ms = clock_monotonic_ms() + seconds * 1000;
	spec.initial = spec.initial_end || asked->version <= 0;
	/* sendInitialEvents=false with no version: from now on. */
	if (strcmp(request_param(request, "sendInitialEvents"), "false") == 0 &&
	    asked->version <= 0) {
		spec.initial = false;
		spec.since = objects_version(api->objects);
	}
	spec.labels = asked->labels;
	spec.fields = asked->fields;
	route_reply_text(reply, 200, "application/json", "");
	reply->stream = watch_stream_new(api->objects, &spec);
	asked->labels = asked->fields = NULL;
}

void api_read(const struct api *api, const struct api_target *target,
	      const struct server_request *request, struct route_reply *reply)
{
	struct asked asked = { .version = -1 };
	struct error err = ERROR_INIT;
	bool watch = request_flag(request, "watch");

	if (*target->name && !watch) {
		get_one(api, target, reply);
		return;
	}
	if (parse_asked(target, request, &asked, &err)) {
		api_reply_error(reply, &err);
	} else if (watch) {
		open_watch(api, target, request, &asked, reply);
	} else if (!refuse_version(api, request, asked.version, reply)) {
		if (is_whole(target, request, &asked)
			    ? list_whole(api, target, &asked, reply, &err)
			    : list_page(api, target, request, &asked, reply, &err))
			api_reply_error(reply, &err);
	}
	asked_done(&asked);
}
