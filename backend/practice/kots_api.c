#include "backend/practice/kots_api.h"

#include "backend/base/yaml.h"
#include "backend/practice/kots_backup.h"

#include <string.h>

#define TOKEN "kotsadm-authstring"

/* clang-format off */
static const char apps_query[] =
	"select a.id, a.slug, a.name, a.is_airgap, a.license, a.upstream_uri, "
	"a.current_sequence, d.cluster_id, d.downstream_name, v.sequence, v.parent_sequence, "
	"v.version_label, v.status, v.source, w.backup_spec from app a "
	"left join app_downstream d on d.app_id = a.id "
	"left join app_downstream_version v on v.app_id = d.app_id "
	"and v.cluster_id = d.cluster_id and v.sequence = d.current_sequence "
	"left join app_version w on w.app_id = a.id and w.sequence = v.parent_sequence "
	"where a.install_state = 'installed' order by a.slug";
/* clang-format on */

static void refuse(struct route_reply *reply, int status, const char *why)
{
	struct json *body = json_new_map();

	json_put_text(body, "error", why);
	json_put_bool(body, "success", false);
	route_reply_json(reply, status, body);
	json_free(body);
}

static bool is_known(struct world *world, const char *authorization)
{
	struct json *secret = world_get(world, "secrets", KOTS_NAMESPACE, TOKEN);
	const char *coded = json_key_text(json_key(secret, "data"), TOKEN);
	struct strbuf token = STRBUF_INIT;
	bool known = strbuf_add_unbase64(&token, coded, strlen(coded), NULL) == STATUS_OK &&
		     text_starts(token.buf, "Kots ") && strcmp(token.buf, authorization) == 0;

	strbuf_done(&token);
	json_free(secret);
	return known;
}

static struct json *parse_column(const struct json *row, const char *column)
{
	const char *text = json_key_text(row, column);

	return *text ? yaml_parse(text, strlen(text), NULL) : NULL;
}

/* The licence and the deployed version's manifest in one (12). */
static bool allows_snapshots(const struct json *row, const struct json *licence)
{
	struct json *manifest = parse_column(row, "backup_spec");
	const struct json *annotations = json_get(manifest, "metadata.annotations");
	bool allowed = json_type(manifest) == JSON_MAP &&
		       strcmp(json_key_text(annotations, "kots.io/exclude"), "true") != 0 &&
		       strcmp(json_key_text(annotations, "kots.io/when"), "false") != 0 &&
		       json_bool(licence, "spec.isSnapshotSupported", false);

	json_free(manifest);
	return allowed;
}

static void put_version(struct json *downstream, const struct json *row)
{
	struct json *version = json_put(downstream, "currentVersion", json_new_map());

	json_put_text(version, "versionLabel", json_key_text(row, "version_label"));
	json_put_text(version, "status", json_key_text(row, "status"));
	json_put_text(version, "source", json_key_text(row, "source"));
	json_put_int(version, "parentSequence", json_int(row, "parent_sequence", 0));
	json_put_int(version, "sequence", json_int(row, "sequence", 0));
}

static struct json *new_app(const struct json *row)
{
	static const char *const texts[][2] = {
		{ "id", "id" },
		{ "slug", "slug" },
		{ "name", "name" },
		{ "upstreamUri", "upstream_uri" },
	};
	struct json *app = json_new_map(), *licence = parse_column(row, "license");
	struct json *downstream, *cluster;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		json_put_text(app, texts[i][0], json_key_text(row, texts[i][1]));
	json_put_bool(app, "isAirgap", json_int(row, "is_airgap", 0) != 0);
	json_put_int(app, "currentSequence", json_int(row, "current_sequence", 0));
	json_put_text(app, "namespace", KOTS_NAMESPACE);
	json_put_bool(app, "allowSnapshots", allows_snapshots(row, licence));
	json_put_text(app, "licenseType", json_text(licence, "spec.licenseType"));
	downstream = json_put(app, "downstream", json_new_map());
	json_put_text(downstream, "name", json_key_text(row, "downstream_name"));
	if (json_type(json_key(row, "parent_sequence")) == JSON_NUMBER)
		put_version(downstream, row);
	cluster = json_put(downstream, "cluster", json_new_map());
	json_put_text(cluster, "id", json_key_text(row, "cluster_id"));
	json_put_text(cluster, "slug", json_key_text(row, "downstream_name"));
	json_free(licence);
	return app;
}

static void answer_apps(struct world *world, struct route_reply *reply)
{
	struct json *rows = kotsdb_rows(world->kotsdb, apps_query, NULL);
	struct json *body = json_new_map();
	struct json *list = json_put(body, "apps", json_new_list());

	for (const struct json *row = json_first(rows); row; row = json_next(row))
		json_add(list, new_app(row));
	route_reply_json(reply, 200, body);
	json_free(body);
	json_free(rows);
}

bool kots_api_answer(void *arg, const struct server_request *request, struct route_reply *ret_reply)
{
	struct world *world = arg;

	if (strcmp(request->path, KOTS_API_APPS) != 0)
		return false;
	/* No status: the connection is closed without a word. */
	if (!world_pod_runs(world, KOTS_NAMESPACE, "app=kotsadm"))
		return true;
	if (!*request->authorization)
		refuse(ret_reply, 401, "missing authorization token");
	else if (!is_known(world, request->authorization))
		refuse(ret_reply, 401, "failed to parse authorization header");
	else if (strcmp(request->method, "GET") != 0)
		route_reply_text(ret_reply, 405, "text/plain; charset=utf-8", "");
	else
		answer_apps(world, ret_reply);
	return true;
}
