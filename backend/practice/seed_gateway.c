#include "backend/practice/kots_backup.h"
#include "backend/practice/seed.h"
#include "backend/practice/seed_kit.h"

/* clang-format off */
static const char claim_text[] =
	"metadata: {name: routes, namespace: " KOTS_NAMESPACE "}\n"
	"spec: {accessModes: [ReadWriteOnce], storageClassName: local, resources: {requests: {storage: 1Gi}}}\n";

static const char gateway_text[] =
	"metadata: {name: gateway, namespace: " KOTS_NAMESPACE "}\n"
	"spec:\n"
	"  replicas: 1\n"
	"  selector: {matchLabels: {app: gateway}}\n"
	"  template:\n"
	"    metadata:\n"
	"      labels: {app: gateway, kots.io/app-slug: " SEED_GATEWAY_SLUG ", kots.io/backup: velero}\n"
	"      annotations: {kots.io/app-slug: " SEED_GATEWAY_SLUG ", backup.velero.io/backup-volumes: routes}\n"
	"    spec:\n"
	"      containers:\n"
	"      - name: gateway\n"
	"        image: proxy.example.com/" SEED_GATEWAY_SLUG "/gateway:1.3.0\n"
	"        ports: [{containerPort: 8443}]\n"
	"        volumeMounts: [{name: routes, mountPath: /etc/gateway}]\n"
	"      volumes: [{name: routes, persistentVolumeClaim: {claimName: routes}}]\n";

static const char service_text[] =
	"metadata: {name: gateway, namespace: " KOTS_NAMESPACE "}\n"
	"spec:\n"
	"  selector: {app: gateway}\n"
	"  ports: [{name: gateway, port: 8443}]\n";

static const char settings_text[] =
	"metadata: {name: gateway-settings, namespace: " KOTS_NAMESPACE "}\n"
	"data: {LOG_LEVEL: info, UPSTREAM: 'http://web:8080'}\n";
/* clang-format on */

enum status seed_gateway(struct world *world, int64_t now, struct error *err)
{
	static const struct {
		const char *resource, *text;
	} objects[] = {
		{ "configmaps", settings_text },
		{ "persistentvolumeclaims", claim_text },
		{ "deployments.apps", gateway_text },
		{ "services", service_text },
	};
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(objects) && !st; i++)
		st = seed_put_yaml(world, objects[i].resource, objects[i].text, SEED_OF_GATEWAY,
				   err);
	if (!st)
		st = seed_gateway_rows(world, now, err);
	if (!st)
		st = seed_gateway_files(world, err);
	return st;
}
