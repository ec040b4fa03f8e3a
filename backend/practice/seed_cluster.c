#include "backend/practice/seed.h"
#include "backend/practice/seed_kit.h"
#include "backend/practice/store.h"

#include "backend/base/file.h"
#include "backend/base/mem.h"

/* clang-format off */
static const char node_text[] =
	"metadata:\n"
	"  name: " NODE_NAME "\n"
	"  labels:\n"
	"    kubernetes.io/hostname: " NODE_NAME "\n"
	"    kubernetes.io/os: linux\n"
	"    node-role.kubernetes.io/control-plane: ''\n"
	"spec: {podCIDR: 10.244.0.0/24}\n"
	"status:\n"
	"  addresses: [{type: InternalIP, address: 127.0.0.1}, {type: Hostname, address: " NODE_NAME "}]\n"
	"  allocatable: {cpu: '4', memory: 8Gi, pods: '110'}\n"
	"  capacity: {cpu: '4', memory: 8Gi, pods: '110'}\n"
	"  conditions:\n"
	"  - {type: MemoryPressure, status: 'False', reason: KubeletHasSufficientMemory}\n"
	"  - {type: DiskPressure, status: 'False', reason: KubeletHasNoDiskPressure}\n"
	"  - {type: Ready, status: 'True', reason: KubeletReady}\n"
	"  nodeInfo: {kubeletVersion: " KUBERNETES ", operatingSystem: linux, containerRuntimeVersion: practice}\n";

static const char storage_class_text[] =
	"metadata:\n"
	"  name: local\n"
	"  annotations: {storageclass.kubernetes.io/is-default-class: 'true'}\n"
	"provisioner: kotsnap.io/practice\n"
	"reclaimPolicy: Delete\n"
	"volumeBindingMode: Immediate\n";

static const char velero_text[] =
	"metadata: {name: velero, namespace: " VELERO_NAMESPACE "}\n"
	"spec:\n"
	"  replicas: 1\n"
	"  selector: {matchLabels: {deploy: velero}}\n"
	"  template:\n"
	"    metadata: {labels: {component: velero, deploy: velero}}\n"
	"    spec:\n"
	"      serviceAccountName: velero\n"
	"      initContainers:\n"
	"      - {name: velero-velero-plugin-for-aws, image: 'velero/velero-plugin-for-aws:v1.13.2'}\n"
	"      containers:\n"
	"      - name: velero\n"
	"        image: velero/velero:" VELERO_VERSION "\n"
	"        command: [/velero]\n"
	"        args: [server, --uploader-type=restic]\n"
	"      volumes: [{name: plugins, emptyDir: {}}, {name: scratch, emptyDir: {}}]\n";

static const char node_agent_text[] =
	"metadata: {name: node-agent, namespace: " VELERO_NAMESPACE "}\n"
	"spec:\n"
	"  selector: {matchLabels: {name: node-agent}}\n"
	"  template:\n"
	"    metadata: {labels: {component: velero, name: node-agent, role: node-agent}}\n"
	"    spec:\n"
	"      serviceAccountName: velero\n"
	"      containers:\n"
	"      - name: node-agent\n"
	"        image: velero/velero:" VELERO_VERSION "\n"
	"        command: [/velero]\n"
	"        args: [node-agent, server]\n"
	"      volumes: [{name: host-pods, hostPath: {path: /var/lib/kubelet/pods}}, {name: scratch, emptyDir: {}}]\n";

static const char location_text[] =
	"metadata: {name: default, namespace: " VELERO_NAMESPACE "}\n"
	"spec:\n"
	"  provider: aws\n"
	"  default: true\n"
	"  config: {region: us-east-1, s3ForcePathStyle: 'true', s3Url: 'http://127.0.0.1'}\n"
	"  credential: {name: cloud-credentials, key: cloud}\n"
	"  objectStorage: {bucket: " STORE_BUCKET "}\n";

static const char velero_binding_text[] =
	"metadata: {name: velero}\n"
	"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n"
	"subjects: [{kind: ServiceAccount, name: velero, namespace: " VELERO_NAMESPACE "}]\n";
/* clang-format on */

enum status seed_cluster(struct world *world, struct error *err)
{
	static const char *const namespaces[] = { "default", "kube-system", "kube-public",
						  VELERO_NAMESPACE };
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(namespaces) && !st; i++) {
		st = seed_put(world, "namespaces", seed_object("", namespaces[i], SEED_NOBODY),
			      err);
		if (!st)
			st = seed_put(world, "serviceaccounts",
				      seed_object(namespaces[i], "default", SEED_NOBODY), err);
	}
	if (!st)
		st = seed_put_yaml(world, "nodes", node_text, SEED_NOBODY, err);
	if (!st)
		st = seed_put_yaml(world, "storageclasses.storage.k8s.io", storage_class_text,
				   SEED_NOBODY, err);
	return st;
}

static enum status put_secrets(struct world *world)
{
	struct strbuf password = STRBUF_INIT;
	enum status st = file_read(world->password_file, 4096, &password, NULL);

	if (!st)
		st = seed_put_data(
			world, "secrets", VELERO_NAMESPACE, "velero-repo-credentials", SEED_NOBODY,
			(const char *const[]){ "repository-password", password.buf, NULL });
	if (!st)
		st = seed_put_data(world, "secrets", VELERO_NAMESPACE, "cloud-credentials",
				   SEED_OF_VELERO,
				   (const char *const[]){ "cloud",
							  "[default]\naws_access_key_id=practice\n"
							  "aws_secret_access_key=practice\n",
							  NULL });
	mem_wipe(password.buf, password.len);
	strbuf_done(&password);
	return st;
}

enum status seed_velero(struct world *world, struct error *err)
{
	static const struct {
		const char *resource, *text;
	} objects[] = {
		{ "deployments.apps", velero_text },
		{ "daemonsets.apps", node_agent_text },
		{ "backupstoragelocations.velero.io", location_text },
		{ "clusterrolebindings.rbac.authorization.k8s.io", velero_binding_text },
	};
	struct strbuf bucket = STRBUF_INIT;
	enum status st;
	size_t i;

	world_add_path(world, &bucket, "store/" STORE_BUCKET);
	st = file_make_dirs(bucket.buf, 0700, err);
	strbuf_done(&bucket);
	if (!st)
		st = seed_put(world, "serviceaccounts",
			      seed_object(VELERO_NAMESPACE, "velero", SEED_OF_VELERO), err);
	if (!st && put_secrets(world))
		st = error_set(err, STATUS_SYSTEM, "make Velero's first secrets");
	for (i = 0; i < ARRAY_SIZE(objects) && !st; i++)
		st = seed_put_yaml(world, objects[i].resource, objects[i].text, SEED_OF_VELERO,
				   err);
	return st;
}
