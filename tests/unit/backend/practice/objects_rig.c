#include "tests/unit/backend/practice/objects_rig.h"

#include "backend/base/mem.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void objects_rig_open(struct objects_rig *rig)
{
	struct server_spec spec = { .token = RIG_TOKEN, .fast = true };
	struct error err = ERROR_INIT;

	memset(rig, 0, sizeof(*rig));
	snprintf(rig->folder, sizeof(rig->folder), "/tmp/kotsnap-objects-XXXXXX");
	cr_assert(mkdtemp(rig->folder));
	snprintf(rig->path, sizeof(rig->path), "%s/cluster.db", rig->folder);
	cr_assert_eq(objects_open(rig->path, &rig->objects, &err), STATUS_OK, "%s", err.text);
	spec.objects = rig->objects;
	spec.faults = &rig->faults;
	routes_init(&rig->routes, &spec);
	objects_rig_create(rig, "namespaces", "", "velero", "{}");
	objects_rig_create(rig, "namespaces", "", "acme", "{}");
}

void objects_rig_close(struct objects_rig *rig)
{
	DIR *folder;
	struct dirent *entry;
	char path[400];

	routes_done(&rig->routes);
	objects_close(rig->objects);
	folder = opendir(rig->folder);
	while (folder && (entry = readdir(folder))) {
		snprintf(path, sizeof(path), "%s/%s", rig->folder, entry->d_name);
		unlink(path);
	}
	if (folder)
		closedir(folder);
	rmdir(rig->folder);
}

struct json *objects_rig_json(const char *text)
{
	char *copy = mem_text(text), *at;
	struct error err = ERROR_INIT;
	struct json *json;

	for (at = copy; *at; at++) {
		if (*at == '\'')
			*at = '"';
	}
	json = json_parse(copy, strlen(copy), &err);
	cr_assert(json, "%s: %s", text, err.text);
	free(copy);
	return json;
}

void objects_rig_create(struct objects_rig *rig, const char *resource, const char *namespace,
			const char *name, const char *json)
{
	struct object_key key = { resource, namespace, name };
	struct error err = ERROR_INIT;

	cr_assert_eq(objects_create(rig->objects, &key, objects_rig_json(json), NULL, &err),
		     STATUS_OK, "%s", err.text);
}

struct json *objects_rig_get(struct objects_rig *rig, const char *resource, const char *namespace,
			     const char *name)
{
	struct object_key key = { resource, namespace, name };
	struct error err = ERROR_INIT;
	struct json *object;

	cr_assert_eq(objects_get(rig->objects, &key, &object, &err), STATUS_OK, "%s", err.text);
	return object;
}

bool objects_rig_has(struct objects_rig *rig, const char *resource, const char *namespace,
		     const char *name)
{
	struct object_key key = { resource, namespace, name };
	struct json *object;

	if (objects_get(rig->objects, &key, &object, NULL))
		return false;
	json_free(object);
	return true;
}

static void decode(char *text)
{
	char *to = text, hex[3] = "";

	for (; *text; text++) {
		if (*text == '%' && text[1] && text[2]) {
			memcpy(hex, text + 1, 2);
			*to++ = (char)strtol(hex, NULL, 16);
			text += 2;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

static void split_query(char *query, struct server_request *request)
{
	char *part, *value, *rest = query;

	while ((part = strsep(&rest, "&"))) {
		value = strchr(part, '=');
		if (value)
			*value++ = '\0';
		else
			value = part + strlen(part);
		decode(value);
		request->params[request->param_count].key = part;
		request->params[request->param_count++].value = value;
	}
}

void objects_rig_ask(struct objects_rig *rig, const struct objects_rig_request *asked,
		     struct route_reply *reply)
{
	char *path = mem_text(asked->target), *query = strchr(path, '?');
	struct server_request request = {
		.method = asked->method,
		.path = path,
		.authorization = asked->anonymous ? "" : "Bearer " RIG_TOKEN,
		.content_type = asked->type ? asked->type : "",
		.accept = "",
		.accept_encoding = "",
		.range = "",
		.host = "127.0.0.1",
		.body = asked->body ? asked->body : "",
		.body_len = asked->body ? strlen(asked->body) : 0,
	};

	if (query) {
		*query++ = '\0';
		split_query(query, &request);
	}
	route_reply_init(reply);
	routes_answer(&rig->routes, &request, reply);
	free(path);
}

struct json *objects_rig_read(struct objects_rig *rig, const char *target)
{
	struct objects_rig_request get = { .method = "GET", .target = target };
	struct route_reply reply;
	struct json *json;

	objects_rig_ask(rig, &get, &reply);
	cr_assert_eq(reply.status, 200, "%s: %s", target, reply.body.buf);
	json = json_parse(reply.body.buf, reply.body.len, NULL);
	cr_assert(json);
	route_reply_done(&reply);
	return json;
}
