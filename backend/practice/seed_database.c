#include "backend/practice/cronline.h"
#include "backend/practice/seed.h"

#define CLUSTER_ID    "kszcuadscwpsdzpdlkuytpdkghpjmzsw"
#define FULL_SCHEDULE "0 2 * * *"

/* clang-format off */
static const char license_text[] =
	"apiVersion: kots.io/v1beta1\n"
	"kind: License\n"
	"metadata: {name: practice}\n"
	"spec:\n"
	"  appSlug: " SEED_SLUG "\n"
	"  customerName: Practice\n"
	"  isSnapshotSupported: true\n"
	"  licenseID: practice\n"
	"  licenseType: dev\n";

static const char backup_text[] =
	"apiVersion: velero.io/v1\n"
	"kind: Backup\n"
	"metadata:\n"
	"  name: backup\n"
	"  annotations: {acme.example.com/tier: gold}\n"
	"spec:\n"
	"  hooks:\n"
	"    resources:\n"
	"    - name: clickhouse-flush\n"
	"      includedNamespaces: ['*']\n"
	"      labelSelector: {matchLabels: {app: clickhouse}}\n"
	"      pre:\n"
	"      - exec:\n"
	"          container: clickhouse\n"
	"          command: [/bin/sh, -c, 'clickhouse-client -q \"SYSTEM FLUSH LOGS\"']\n"
	"          onError: Continue\n"
	"          timeout: 1m\n";

static const char application_text[] =
	"apiVersion: kots.io/v1beta1\n"
	"kind: Application\n"
	"metadata: {name: " SEED_SLUG "}\n"
	"spec:\n"
	"  title: Acme Analytics\n"
	"  statusInformers: [deployment/web, deployment/api, statefulset/postgres, statefulset/clickhouse]\n";
/* clang-format on */

static const struct release {
	int sequence;
	const char *version, *source;
	int days_ago;
} releases[] = {
	{ 0, "2.2.0", "Kots Install", 15 },
	{ 1, "2.3.1", "Upstream Update", 13 },
	{ 2, "2.4.0", "Upstream Update", 6 },
};
#define DEPLOYED 2

static struct json *texts(const char *const *list)
{
	struct json *arguments = json_new_list();

	for (; *list; list++)
		json_add_text(arguments, *list);
	return arguments;
}

static enum status put_release(struct world *world, const struct release *release, int64_t now,
			       struct error *err)
{
	int64_t at = now - (int64_t)release->days_ago * 24 * 3600;
	struct strbuf installation = STRBUF_INIT;
	struct json *arguments;
	enum status st;

	strbuf_addf(&installation,
		    "apiVersion: kots.io/v1beta1\nkind: Installation\nmetadata: {name: " SEED_SLUG
		    "}\nspec: {versionLabel: '%s'}\n",
		    release->version);
	arguments =
		texts((const char *const[]){ SEED_APP_ID, release->version, application_text,
					     installation.buf, license_text, backup_text, NULL });
	json_add(arguments, json_new_number(release->sequence));
	json_add(arguments, json_new_number((double)at));
	st = kotsdb_run(
		world->kotsdb,
		"insert into app_version (app_id, version_label, kots_app_spec, "
		"kots_installation_spec, kots_license, backup_spec, sequence, created_at, status) "
		"values (?, ?, ?, ?, ?, ?, ?, ?, 'deployed')",
		arguments, err);
	strbuf_done(&installation);
	if (st)
		return st;
	arguments = texts((const char *const[]){ SEED_APP_ID, CLUSTER_ID, release->version,
						 release->source, NULL });
	json_add(arguments, json_new_number(release->sequence));
	json_add(arguments, json_new_number(release->sequence));
	json_add(arguments, json_new_number((double)at));
	json_add(arguments, json_new_number((double)at));
	return kotsdb_run(
		world->kotsdb,
		"insert into app_downstream_version (app_id, cluster_id, version_label, source, "
		"sequence, parent_sequence, created_at, applied_at, status, status_info) "
		"values (?, ?, ?, ?, ?, ?, ?, ?, 'deployed', '')",
		arguments, err);
}

static enum status put_cluster(struct world *world, int64_t now, struct error *err)
{
	struct json *arguments = texts((const char *const[]){ CLUSTER_ID, FULL_SCHEDULE, NULL });
	enum status st;

	json_add(arguments, json_new_number((double)(now - SEED_AGE_S)));
	st = kotsdb_run(
		world->kotsdb,
		"insert into cluster (id, title, slug, cluster_type, snapshot_ttl, "
		"snapshot_schedule, "
		"created_at) values (?, 'this-cluster', 'this-cluster', 'ship', '720h', ?, ?)",
		arguments, err);
	if (st)
		return st;
	arguments = texts(
		(const char *const[]){ "p0racticesnapshot000000000000001", CLUSTER_ID, NULL });
	json_add(arguments, json_new_number((double)cronline_next(FULL_SCHEDULE, now)));
	return kotsdb_run(
		world->kotsdb,
		"insert into scheduled_instance_snapshots (id, cluster_id, scheduled_timestamp) "
		"values (?, ?, ?)",
		arguments, err);
}

static enum status put_app(struct world *world, int64_t now, struct error *err)
{
	struct json *arguments =
		texts((const char *const[]){ SEED_APP_ID, SEED_SLUG, license_text, NULL });
	enum status st;

	json_add(arguments, json_new_number((double)(now - SEED_AGE_S)));
	json_add(arguments, json_new_number(DEPLOYED));
	st = kotsdb_run(world->kotsdb,
			"insert into app (id, name, slug, upstream_uri, license, install_state, "
			"created_at, "
			"current_sequence, is_all_users) values (?, 'Acme Analytics', ?, "
			"'replicated://acme-analytics/stable', ?, 'installed', ?, ?, 1)",
			arguments, err);
	if (st)
		return st;
	arguments = texts((const char *const[]){ SEED_APP_ID, CLUSTER_ID, NULL });
	json_add(arguments, json_new_number(DEPLOYED));
	return kotsdb_run(world->kotsdb,
			  "insert into app_downstream (app_id, cluster_id, downstream_name, "
			  "current_sequence) "
			  "values (?, ?, 'this-cluster', ?)",
			  arguments, err);
}

enum status seed_database(struct world *world, int64_t now, struct error *err)
{
	enum status st = put_cluster(world, now, err);
	size_t i;

	if (!st)
		st = put_app(world, now, err);
	for (i = 0; i < ARRAY_SIZE(releases) && !st; i++)
		st = put_release(world, &releases[i], now, err);
	return st;
}
