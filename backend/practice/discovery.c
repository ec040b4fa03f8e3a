#include "backend/practice/discovery.h"

#include "backend/practice/kinds.h"

#include <stdlib.h>
#include <string.h>

static struct json *new_object(const char *kind)
{
	struct json *object = json_new_map();

	json_put_text(object, "kind", kind);
	json_put_text(object, "apiVersion", "v1");
	return object;
}

static void reply_owned(struct route_reply *reply, struct json *body)
{
	route_reply_json(reply, 200, body);
	json_free(body);
}

static struct json *group_version(const char *group, const char *version)
{
	struct json *entry = json_new_map();
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s/%s", group, version);
	json_put_text(entry, "groupVersion", text.buf);
	json_put_text(entry, "version", version);
	strbuf_done(&text);
	return entry;
}

/* Whether the kind at this place is the first of its group and version (of its group with version
 * == false). */
static bool is_first(size_t index, bool version)
{
	const struct kind *kind = kind_at(index);
	size_t i;

	for (i = 0; i < index; i++) {
		if (strcmp(kind_at(i)->group, kind->group) == 0 &&
		    (!version || strcmp(kind_at(i)->version, kind->version) == 0))
			return false;
	}
	return true;
}

static void fill_group(struct json *group, const char *name)
{
	struct json *versions;
	const struct kind *kind;
	size_t i;

	json_put_text(group, "name", name);
	versions = json_put(group, "versions", json_new_list());
	for (i = 0; (kind = kind_at(i)); i++) {
		if (strcmp(kind->group, name) == 0 && is_first(i, true))
			json_add(versions, group_version(name, kind->version));
	}
	json_put(group, "preferredVersion", json_clone(json_first(versions)));
}

static struct json *make_group_list(void)
{
	struct json *list = new_object("APIGroupList");
	struct json *groups = json_put(list, "groups", json_new_list());
	const struct kind *kind;
	size_t i;

	for (i = 0; (kind = kind_at(i)); i++) {
		if (*kind->group && is_first(i, false))
			fill_group(json_add(groups, json_new_map()), kind->group);
	}
	return list;
}

static void add_short_names(struct json *entry, const char *names)
{
	struct json *list;

	if (!*names)
		return;
	list = json_put(entry, "shortNames", json_new_list());
	while (*names) {
		size_t len = strcspn(names, " ");
		struct strbuf name = STRBUF_INIT;

		strbuf_add(&name, names, len);
		json_add_text(list, name.buf);
		strbuf_done(&name);
		names += len + strspn(names + len, " ");
	}
}

/* Returns the entry; *ret_verbs is its list of verbs. */
static struct json *add_resource(struct json *list, const struct kind *kind, const char *sub,
				 struct json **ret_verbs)
{
	struct json *entry = json_add(list, json_new_map());
	struct strbuf name = STRBUF_INIT;

	strbuf_addf(&name, "%s%s%s", kind->plural, *sub ? "/" : "", sub);
	json_put_text(entry, "name", name.buf);
	json_put_text(entry, "singularName", *sub ? "" : kind->singular);
	json_put_bool(entry, "namespaced", kind->flags & KIND_NAMESPACED);
	json_put_text(entry, "kind", kind->kind);
	strbuf_done(&name);
	*ret_verbs = json_put(entry, "verbs", json_new_list());
	return entry;
}

static void add_kind(struct json *list, const struct kind *kind)
{
	static const char *const sub_verbs[] = { "get", "patch", "update" };
	struct json *verbs, *entry = add_resource(list, kind, "", &verbs);
	const char *const *verb;
	size_t i;

	for (verb = kind_verbs(kind); *verb; verb++)
		json_add_text(verbs, *verb);
	add_short_names(entry, kind->short_names);
	if (kind->flags & KIND_ALL)
		json_add_text(json_put(entry, "categories", json_new_list()), "all");
	if (kind->flags & KIND_STATUS) {
		add_resource(list, kind, "status", &verbs);
		for (i = 0; i < ARRAY_SIZE(sub_verbs); i++)
			json_add_text(verbs, sub_verbs[i]);
	}
	if (strcmp(kind->resource, "pods") == 0) {
		add_resource(list, kind, "log", &verbs);
		json_add_text(verbs, "get");
	}
}

static struct json *make_resource_list(const char *group, const char *version)
{
	struct json *list = new_object("APIResourceList"), *resources;
	struct strbuf text = STRBUF_INIT;
	const struct kind *kind;
	size_t i;

	strbuf_addf(&text, "%s%s%s", group, *group ? "/" : "", version);
	json_put_text(list, "groupVersion", text.buf);
	strbuf_done(&text);
	resources = json_put(list, "resources", json_new_list());
	for (i = 0; (kind = kind_at(i)); i++) {
		if (strcmp(kind->group, group) == 0 && strcmp(kind->version, version) == 0)
			add_kind(resources, kind);
	}
	return list;
}

static bool answer_groups(const char *path, struct route_reply *reply)
{
	const char *slash;
	char *group;
	bool found;

	path += strlen("/apis/");
	slash = strchr(path, '/');
	if (slash && strchr(slash + 1, '/'))
		return false;
	group = slash ? strndup(path, (size_t)(slash - path)) : strdup(path);
	found = group && *group && kind_has_group(group, slash ? slash + 1 : NULL);
	if (found && slash) {
		reply_owned(reply, make_resource_list(group, slash + 1));
	} else if (found) {
		struct json *body = new_object("APIGroup");

		fill_group(body, group);
		reply_owned(reply, body);
	}
	free(group);
	return found;
}

/* ---- OpenAPI v3: just enough for kubectl to see that the server checks fields itself ---- */

static void add_parameter(struct json *parameters, const char *name)
{
	struct json *parameter = json_add(parameters, json_new_map());

	json_put_text(parameter, "name", name);
	json_put_text(parameter, "in", "query");
	json_put_path(parameter, "schema.type", json_new_text("string"));
}

static void add_openapi_path(struct json *paths, const struct kind *kind)
{
	struct strbuf path = STRBUF_INIT;
	struct json *patch, *parameters, *gvk;

	strbuf_addf(&path, "/%s%s/%s%s/%s/{name}", *kind->group ? "apis/" : "api", kind->group,
		    kind->version, kind->flags & KIND_NAMESPACED ? "/namespaces/{namespace}" : "",
		    kind->plural);
	patch = json_put(json_put(paths, path.buf, json_new_map()), "patch", json_new_map());
	parameters = json_put(patch, "parameters", json_new_list());
	add_parameter(parameters, "dryRun");
	add_parameter(parameters, "fieldManager");
	add_parameter(parameters, "fieldValidation");
	json_put(patch, "responses", json_new_map());
	gvk = json_put(patch, "x-kubernetes-group-version-kind", json_new_map());
	json_put_text(gvk, "group", kind->group);
	json_put_text(gvk, "version", kind->version);
	json_put_text(gvk, "kind", kind->kind);
	strbuf_done(&path);
}

/* What kubectl explain shows: the fields that every kind has. */
static void add_openapi_schema(struct json *schemas, const struct kind *kind)
{
	static const char *const texts[] = { "apiVersion", "kind" };
	static const char *const maps[] = { "metadata", "spec", "status" };
	struct strbuf name = STRBUF_INIT;
	struct json *schema, *fields, *gvk;
	size_t i;

	strbuf_addf(&name, "%s.%s.%s", *kind->group ? kind->group : "core", kind->version,
		    kind->kind);
	schema = json_put(schemas, name.buf, json_new_map());
	json_put_text(schema, "type", "object");
	fields = json_put(schema, "properties", json_new_map());
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		json_put_path(json_put(fields, texts[i], json_new_map()), "type",
			      json_new_text("string"));
	for (i = 0; i < ARRAY_SIZE(maps); i++)
		json_put_path(json_put(fields, maps[i], json_new_map()), "type",
			      json_new_text("object"));
	gvk = json_put(schema, "x-kubernetes-group-version-kind", json_new_list());
	gvk = json_add(gvk, json_new_map());
	json_put_text(gvk, "group", kind->group);
	json_put_text(gvk, "version", kind->version);
	json_put_text(gvk, "kind", kind->kind);
	strbuf_done(&name);
}

static struct json *make_openapi(const char *group, const char *version)
{
	struct json *document = json_new_map(), *paths, *schemas;
	const struct kind *kind;
	size_t i;

	json_put_text(document, "openapi", "3.0.0");
	json_put_path(document, "info.title", json_new_text("Kubernetes"));
	json_put_path(document, "info.version", json_new_text(KUBERNETES));
	schemas = json_put_path(document, "components.schemas", json_new_map());
	paths = json_put(document, "paths", json_new_map());
	for (i = 0; (kind = kind_at(i)); i++) {
		if (strcmp(kind->group, group) == 0 && strcmp(kind->version, version) == 0) {
			add_openapi_path(paths, kind);
			add_openapi_schema(schemas, kind);
		}
	}
	return document;
}

static struct json *make_openapi_index(void)
{
	struct json *index = json_new_map();
	struct json *paths = json_put(index, "paths", json_new_map());
	const struct kind *kind;
	size_t i;

	for (i = 0; (kind = kind_at(i)); i++) {
		struct strbuf path = STRBUF_INIT, url = STRBUF_INIT;

		if (!is_first(i, true))
			continue;
		strbuf_addf(&path, "%s%s/%s", *kind->group ? "apis/" : "api", kind->group,
			    kind->version);
		strbuf_addf(&url, "/openapi/v3/%s?hash=" KOTSNAP_VERSION, path.buf);
		json_put_text(json_put(paths, path.buf, json_new_map()), "serverRelativeURL",
			      url.buf);
		strbuf_done(&path);
		strbuf_done(&url);
	}
	return index;
}

static bool answer_openapi(const char *path, struct route_reply *reply)
{
	const struct kind *kind;
	size_t i;

	path += strlen("/openapi/v3");
	if (!*path) {
		reply_owned(reply, make_openapi_index());
		return true;
	}
	for (i = 0; (kind = kind_at(i)); i++) {
		struct strbuf here = STRBUF_INIT;
		bool same;

		strbuf_addf(&here, "/%s%s/%s", *kind->group ? "apis/" : "api", kind->group,
			    kind->version);
		same = strcmp(here.buf, path) == 0;
		strbuf_done(&here);
		if (same) {
			reply_owned(reply, make_openapi(kind->group, kind->version));
			return true;
		}
	}
	return false;
}

/* ---- fixed texts ---- */

static const struct {
	const char *path;
	const char *content_type;
	const char *text;
} fixed[] = {
	{ "/healthz", "text/plain; charset=utf-8", "ok" },
	{ "/readyz", "text/plain; charset=utf-8", "ok" },
	{ "/livez", "text/plain; charset=utf-8", "ok" },
	{ "/version", "application/json",
	  "{\n  \"major\": \"1\",\n  \"minor\": \"" KUBERNETES_MINOR
	  "\",\n  \"emulationMajor\": \"1\",\n"
	  "  \"emulationMinor\": \"" KUBERNETES_MINOR "\",\n  \"minCompatibilityMajor\": \"1\",\n"
	  "  \"minCompatibilityMinor\": \"33\",\n  \"gitVersion\": \"" KUBERNETES "\",\n"
	  "  \"gitCommit\": \"practice\",\n  \"gitTreeState\": \"clean\",\n"
	  "  \"buildDate\": \"1970-01-01T00:00:00Z\",\n  \"goVersion\": \"none\",\n"
	  "  \"compiler\": \"cc\",\n  \"platform\": \"linux/amd64\"\n}" },
	{ "/api", "application/json",
	  "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],\"serverAddressByClientCIDRs\":[]}\n" },
	{ "/", "application/json",
	  "{\"paths\":[\"/api\",\"/api/v1\",\"/apis\",\"/healthz\",\"/livez\",\"/openapi/v3\","
	  "\"/readyz\",\"/version\"]}\n" },
};

bool discovery_answer(const struct server_request *request, struct route_reply *reply)
{
	const char *path = request->path;
	size_t i;

	if (strcmp(request->method, "GET") != 0)
		return false;
	for (i = 0; i < ARRAY_SIZE(fixed); i++) {
		if (strcmp(path, fixed[i].path) == 0) {
			route_reply_text(reply, 200, fixed[i].content_type, fixed[i].text);
			return true;
		}
	}
	if (strcmp(path, "/apis") == 0 || strcmp(path, "/apis/") == 0) {
		reply_owned(reply, make_group_list());
		return true;
	}
	if (strcmp(path, "/api/v1") == 0) {
		reply_owned(reply, make_resource_list("", "v1"));
		return true;
	}
	if (text_starts(path, "/apis/"))
		return answer_groups(path, reply);
	return text_starts(path, "/openapi/v3") && answer_openapi(path, reply);
}
