#include "backend/practice/cronline.h"
#include "backend/practice/seed.h"

#define CLUSTER_ID    "kszcuadscwpsdzpdlkuytpdkghpjmzsw"
#define FULL_SCHEDULE "0 2 * * *"
#define DAY_S	      (24 * 3600)

/* clang-format off */
#define LICENSE(SLUG) \
	"apiVersion: kots.io/v1beta1\n" \
	"kind: License\n" \
	"metadata: {name: practice}\n" \
	"spec:\n" \
	"  appSlug: " SLUG "\n" \
	"  customerName: Practice\n" \
	"  isSnapshotSupported: true\n" \
	"  licenseID: practice\n" \
	"  licenseType: dev\n"

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

static const char gateway_backup_text[] =
	"apiVersion: velero.io/v1\n"
	"kind: Backup\n"
	"metadata: {name: backup}\n"
	"spec: {}\n";

static const char gateway_application_text[] =
	"apiVersion: kots.io/v1beta1\n"
	"kind: Application\n"
	"metadata: {name: " SEED_GATEWAY_SLUG "}\n"
	"spec:\n"
	"  title: Acme Gateway\n"
	"  statusInformers: [deployment/gateway]\n";
/* clang-format on */

struct release {
	const char *version, *source;
	int days_ago;
};

/* What the database holds of an application; the last release is the deployed one. */
struct product {
	const char *id, *slug, *title, *upstream;
	const char *license, *application, *backup; /* manifests */
	const struct release *releases;
	int release_count;
	int days_ago; /* its installation */
};

static const struct release analytics_releases[] = {
	{ "2.2.0", "Kots Install", 15 },
	{ "2.3.1", "Upstream Update", 13 },
	{ "2.4.0", "Upstream Update", 6 },
};
static const struct release gateway_releases[] = { { "1.3.0", "Kots Install", 0 } };

static const struct product analytics = {
	.id = SEED_APP_ID,
	.slug = SEED_SLUG,
	.title = "Acme Analytics",
	.upstream = "replicated://" SEED_SLUG "/stable",
	.license = LICENSE(SEED_SLUG),
	.application = application_text,
	.backup = backup_text,
	.releases = analytics_releases,
	.release_count = ARRAY_SIZE(analytics_releases),
	.days_ago = SEED_AGE_S / DAY_S,
};
static const struct product gateway = {
	.id = "2aCmEgAtEwAy000000000000001",
	.slug = SEED_GATEWAY_SLUG,
	.title = "Acme Gateway",
	.upstream = "replicated://" SEED_GATEWAY_SLUG "/stable",
	.license = LICENSE(SEED_GATEWAY_SLUG),
	.application = gateway_application_text,
	.backup = gateway_backup_text,
	.releases = gateway_releases,
	.release_count = ARRAY_SIZE(gateway_releases),
};

static struct json *texts(const char *const *list)
{
	struct json *arguments = json_new_list();

	for (; *list; list++)
		json_add_text(arguments, *list);
	return arguments;
}

static enum status put_release(struct world *world, const struct product *product, int sequence,
			       int64_t now, struct error *err)
{
	const struct release *release = &product->releases[sequence];
	int64_t at = now - (int64_t)release->days_ago * DAY_S;
	struct strbuf installation = STRBUF_INIT;
	struct json *arguments;
	enum status st;

	strbuf_addf(&installation,
		    "apiVersion: kots.io/v1beta1\nkind: Installation\nmetadata: {name: %s"
		    "}\nspec: {versionLabel: '%s'}\n",
		    product->slug, release->version);
	arguments = texts((const char *const[]){ product->id, release->version,
						 product->application, installation.buf,
						 product->license, product->backup, NULL });
	json_add(arguments, json_new_number(sequence));
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
	arguments = texts((const char *const[]){ product->id, CLUSTER_ID, release->version,
						 release->source, NULL });
	json_add(arguments, json_new_number(sequence));
	json_add(arguments, json_new_number(sequence));
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

static enum status put_app(struct world *world, const struct product *product, int64_t now,
			   struct error *err)
{
	int deployed = product->release_count - 1, i;
	struct json *arguments =
		texts((const char *const[]){ product->id, product->title, product->slug,
					     product->upstream, product->license, NULL });
	enum status st;

	json_add(arguments, json_new_number((double)(now - (int64_t)product->days_ago * DAY_S)));
	json_add(arguments, json_new_number(deployed));
	st = kotsdb_run(world->kotsdb,
			"insert into app (id, name, slug, upstream_uri, license, install_state, "
			"created_at, current_sequence, is_all_users) "
			"values (?, ?, ?, ?, ?, 'installed', ?, ?, 1)",
			arguments, err);
	if (st)
		return st;
	arguments = texts((const char *const[]){ product->id, CLUSTER_ID, NULL });
	json_add(arguments, json_new_number(deployed));
	st = kotsdb_run(world->kotsdb,
			"insert into app_downstream (app_id, cluster_id, downstream_name, "
			"current_sequence) "
			"values (?, ?, 'this-cluster', ?)",
			arguments, err);
	for (i = 0; i < product->release_count && !st; i++)
		st = put_release(world, product, i, now, err);
	return st;
}

enum status seed_database(struct world *world, int64_t now, struct error *err)
{
	enum status st = put_cluster(world, now, err);

	return st ? st : put_app(world, &analytics, now, err);
}

enum status seed_gateway_rows(struct world *world, int64_t now, struct error *err)
{
	return put_app(world, &gateway, now, err);
}
