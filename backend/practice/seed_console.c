#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/practice/kots_backup.h"
#include "backend/practice/seed.h"
#include "backend/practice/seed_kit.h"

/* clang-format off */
static const char console_text[] =
	"metadata: {name: kotsadm, namespace: " KOTS_NAMESPACE "}\n"
	"spec:\n"
	"  replicas: 1\n"
	"  serviceName: kotsadm\n"
	"  selector: {matchLabels: {app: kotsadm}}\n"
	"  template:\n"
	"    metadata:\n"
	"      labels: {app: kotsadm, kots.io/kotsadm: 'true', kots.io/backup: velero}\n"
	"      annotations:\n"
	"        backup.velero.io/backup-volumes: backup\n"
	"        pre.hook.backup.velero.io/command: '[\"/scripts/backup.sh\"]'\n"
	"        pre.hook.backup.velero.io/timeout: 10m\n"
	"    spec:\n"
	"      serviceAccountName: kotsadm\n"
	"      containers:\n"
	"      - name: kotsadm\n"
	"        image: " KOTS_IMAGE "\n"
	"        ports: [{name: http, containerPort: 3000}]\n"
	"        env:\n"
	"        - {name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}\n"
	"        - {name: POD_OWNER_KIND, value: statefulset}\n"
	"        - {name: DISABLE_OUTBOUND_CONNECTIONS, value: 'false'}\n"
	"        volumeMounts: [{name: kotsadmdata, mountPath: /kotsadmdata}, {name: backup, mountPath: /backup}]\n"
	"      volumes: [{name: backup, emptyDir: {}}]\n"
	"  volumeClaimTemplates:\n"
	"  - metadata:\n"
	"      name: kotsadmdata\n"
	"      labels: {app: kotsadm, kots.io/kotsadm: 'true', kots.io/backup: velero}\n"
	"    spec: {accessModes: [ReadWriteOnce], storageClassName: local, resources: {requests: {storage: 4Gi}}}\n";

static const char rqlite_text[] =
	"metadata: {name: kotsadm-rqlite, namespace: " KOTS_NAMESPACE "}\n"
	"spec:\n"
	"  replicas: 1\n"
	"  serviceName: kotsadm-rqlite-headless\n"
	"  selector: {matchLabels: {app: kotsadm-rqlite}}\n"
	"  template:\n"
	"    metadata: {labels: {app: kotsadm-rqlite, kots.io/kotsadm: 'true', kots.io/backup: velero}}\n"
	"    spec:\n"
	"      containers:\n"
	"      - name: rqlite\n"
	"        image: kotsadm/rqlite:8.32.7-r0\n"
	"        ports: [{name: rqlite, containerPort: 4001}]\n"
	"        volumeMounts: [{name: kotsadm-rqlite, mountPath: /rqlite/file}]\n"
	"      volumes: [{name: authconfig, secret: {secretName: kotsadm-rqlite}}]\n"
	"  volumeClaimTemplates:\n"
	"  - metadata:\n"
	"      name: kotsadm-rqlite\n"
	"      labels: {app: kotsadm-rqlite, kots.io/kotsadm: 'true', kots.io/backup: velero}\n"
	"    spec: {accessModes: [ReadWriteOnce], storageClassName: local, resources: {requests: {storage: 1Gi}}}\n";

/* Behind these two Services something answers. workload_serve() gives them our address and port. */
static const char console_service_text[] =
	"metadata: {name: kotsadm, namespace: " KOTS_NAMESPACE "}\n"
	"spec:\n"
	"  clusterIP: 10.96.0.21\n"
	"  selector: {app: kotsadm}\n"
	"  ports: [{name: http, port: 3000, targetPort: http}]\n";

static const char rqlite_service_text[] =
	"metadata: {name: kotsadm-rqlite, namespace: " KOTS_NAMESPACE "}\n"
	"spec:\n"
	"  clusterIP: 127.0.0.1\n"
	"  clusterIPs: [127.0.0.1]\n"
	"  selector: {app: kotsadm-rqlite}\n"
	"  ports: [{name: rqlite, port: 4001, protocol: TCP, targetPort: rqlite}]\n";

static const char role_text[] =
	"metadata: {name: kotsadm-role}\n"
	"rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]\n";

static const char binding_text[] =
	"metadata: {name: kotsadm-rolebinding}\n"
	"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kotsadm-role}\n"
	"subjects: [{kind: ServiceAccount, name: kotsadm, namespace: " KOTS_NAMESPACE "}]\n";

static const struct {
	const char *resource, *text;
} objects[] = {
	{ "clusterroles.rbac.authorization.k8s.io", role_text },
	{ "clusterrolebindings.rbac.authorization.k8s.io", binding_text },
	{ "statefulsets.apps", rqlite_text },
	{ "statefulsets.apps", console_text },
	{ "services", console_service_text },
	{ "services", rqlite_service_text },
};

static const char *const settings[] = {
	"app-version-label", "", "ensure-rbac", "true", "initial-app-images-pushed", "false",
	"kots-install-id", "2aInStAlLiD0000000000000001", "minio-enabled-snapshots", "false",
	"registry-is-read-only", "false", "skip-preflights", "false", "use-minimal-rbac", "false",
	"wait-duration", "2m0s", "with-minio", "false", NULL,
};
/* clang-format on */

/* Names of secrets whose content nobody reads here. */
static const char *const sealed[][2] = {
	{ "kotsadm-cluster-token", "kotsadm-cluster-token" },
	{ "kotsadm-encryption", "encryptionKey" },
	{ "kotsadm-password", "passwordBcrypt" },
	{ "kotsadm-session", "key" },
};

static enum status put_rqlite_secret(struct world *world, const char *password)
{
	struct strbuf uri = STRBUF_INIT, auth = STRBUF_INIT;
	enum status st;

	strbuf_addf(&uri,
		    "http://" KOTSDB_USER ":%s@kotsadm-rqlite." KOTS_NAMESPACE
		    ".svc.cluster.local:4001?timeout=60&disableClusterDiscovery=true",
		    password);
	strbuf_addf(&auth,
		    "[{\"username\":\"" KOTSDB_USER "\",\"password\":\"%s\",\"perms\":[\"all\"]},"
		    "{\"username\":\"*\",\"perms\":[\"status\",\"ready\"]}]",
		    password);
	st = seed_put_data(world, "secrets", KOTS_NAMESPACE, "kotsadm-rqlite", SEED_OF_CONSOLE,
			   (const char *const[]){ "authconfig.json", auth.buf, "password", password,
						  "uri", uri.buf, NULL });
	mem_wipe(uri.buf, uri.len);
	mem_wipe(auth.buf, auth.len);
	strbuf_done(&uri);
	strbuf_done(&auth);
	return st;
}

/* "Kots " and 32 characters, as the kots command makes it. */
static enum status put_token(struct world *world, const char *rqlite_password)
{
	struct strbuf token = STRBUF_INIT;
	char hex[SHA256_HEX];
	enum status st;

	strbuf_addf(&token, "authstring of %s", rqlite_password);
	sha256_hex(token.buf, token.len, hex);
	strbuf_cut(&token, 0);
	strbuf_addf(&token, "Kots %.32s", hex);
	st = seed_put_data(world, "secrets", KOTS_NAMESPACE, "kotsadm-authstring", SEED_OF_CONSOLE,
			   (const char *const[]){ "kotsadm-authstring", token.buf, NULL });
	mem_wipe(token.buf, token.len);
	strbuf_done(&token);
	return st;
}

static enum status put_data(struct world *world, const char *rqlite_password)
{
	enum status st = put_rqlite_secret(world, rqlite_password);
	struct json *excluded;
	size_t i;

	if (!st)
		st = put_token(world, rqlite_password);
	for (i = 0; i < ARRAY_SIZE(sealed) && !st; i++)
		st = seed_put_data(world, "secrets", KOTS_NAMESPACE, sealed[i][0], SEED_OF_CONSOLE,
				   (const char *const[]){ sealed[i][1], "practice", NULL });
	if (!st)
		st = seed_put_data(world, "configmaps", KOTS_NAMESPACE, "kotsadm-confg",
				   SEED_OF_CONSOLE, settings);
	if (st)
		return st;
	excluded = seed_object(KOTS_NAMESPACE, "kotsadm-id", SEED_NOBODY);
	json_put_path(excluded, "metadata.labels.[kots.io/kotsadm]", json_new_text("true"));
	json_put_path(excluded, "metadata.labels.[velero.io/exclude-from-backup]",
		      json_new_text("true"));
	json_put_path(excluded, "data.id", json_new_text("2aKoTsAdMiD00000000000000001"));
	return seed_put(world, "configmaps", excluded, &(struct error)ERROR_INIT);
}

enum status seed_console(struct world *world, const char *rqlite_password, struct error *err)
{
	enum status st;
	size_t i;

	st = seed_put(world, "serviceaccounts",
		      seed_object(KOTS_NAMESPACE, "kotsadm", SEED_OF_CONSOLE), err);
	for (i = 0; i < ARRAY_SIZE(objects) && !st; i++)
		st = seed_put_yaml(world, objects[i].resource, objects[i].text, SEED_OF_CONSOLE,
				   err);
	if (!st && put_data(world, rqlite_password))
		st = error_set(err, STATUS_SYSTEM, "make the admin console's first settings");
	return st;
}
