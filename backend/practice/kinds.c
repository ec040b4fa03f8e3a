#include "backend/practice/kinds.h"

#include <string.h>

#define N  KIND_NAMESPACED
#define S  KIND_STATUS
#define G  KIND_GENERATION
#define A  KIND_ALL
#define NC (KIND_CUSTOM | KIND_GENERATION | KIND_NAMESPACED)

#define AUTH "authorization.k8s.io"
#define RBAC "rbac.authorization.k8s.io"
#define CRD  "apiextensions.k8s.io"
#define NET  "networking.k8s.io"

/* clang-format off */
static const struct kind table[] = {
	{ "", "v1", "configmaps", "ConfigMap", "configmap", "cm", N, "configmaps" },
	{ "", "v1", "endpoints", "Endpoints", "endpoints", "ep", N, "endpoints" },
	{ "", "v1", "events", "Event", "event", "ev", N, "events" },
	{ "", "v1", "namespaces", "Namespace", "namespace", "ns", S | KIND_DNS_LABEL, "namespaces" },
	{ "", "v1", "nodes", "Node", "node", "no", S, "nodes" },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "persistentvolumeclaim", "pvc", N | S, "persistentvolumeclaims" },
	{ "", "v1", "persistentvolumes", "PersistentVolume", "persistentvolume", "pv", S, "persistentvolumes" },
	{ "", "v1", "pods", "Pod", "pod", "po", N | S | G | A, "pods" },
	{ "", "v1", "secrets", "Secret", "secret", "", N, "secrets" },
	{ "", "v1", "serviceaccounts", "ServiceAccount", "serviceaccount", "sa", N, "serviceaccounts" },
	{ "", "v1", "services", "Service", "service", "svc", N | S | A | KIND_DNS_LABEL, "services" },
	{ "apps", "v1", "daemonsets", "DaemonSet", "daemonset", "ds", N | S | G | A, "daemonsets.apps" },
	{ "apps", "v1", "deployments", "Deployment", "deployment", "deploy", N | S | G | A, "deployments.apps" },
	{ "apps", "v1", "replicasets", "ReplicaSet", "replicaset", "rs", N | S | G | A, "replicasets.apps" },
	{ "apps", "v1", "statefulsets", "StatefulSet", "statefulset", "sts", N | S | G | A, "statefulsets.apps" },
	{ "batch", "v1", "cronjobs", "CronJob", "cronjob", "cj", N | S | G | A, "cronjobs.batch" },
	{ "batch", "v1", "jobs", "Job", "job", "", N | S | G | A, "jobs.batch" },
	{ NET, "v1", "ingresses", "Ingress", "ingress", "ing", N | S | G, "ingresses." NET },
	{ RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding", "clusterrolebinding", "", 0, "clusterrolebindings." RBAC },
	{ RBAC, "v1", "clusterroles", "ClusterRole", "clusterrole", "", 0, "clusterroles." RBAC },
	{ RBAC, "v1", "rolebindings", "RoleBinding", "rolebinding", "", N, "rolebindings." RBAC },
	{ RBAC, "v1", "roles", "Role", "role", "", N, "roles." RBAC },
	{ "storage.k8s.io", "v1", "storageclasses", "StorageClass", "storageclass", "sc", 0, "storageclasses.storage.k8s.io" },
	{ "coordination.k8s.io", "v1", "leases", "Lease", "lease", "", N, "leases.coordination.k8s.io" },
	{ AUTH, "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", "selfsubjectaccessreview", "", KIND_CREATE, "selfsubjectaccessreviews." AUTH },
	{ AUTH, "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", "selfsubjectrulesreview", "", KIND_CREATE, "selfsubjectrulesreviews." AUTH },
	{ CRD, "v1", "customresourcedefinitions", "CustomResourceDefinition", "customresourcedefinition", "crd crds", S | G, "customresourcedefinitions." CRD },
	{ "velero.io", "v1", "backuprepositories", "BackupRepository", "backuprepository", "", NC, "backuprepositories.velero.io" },
	{ "velero.io", "v1", "backups", "Backup", "backup", "", NC, "backups.velero.io" },
	{ "velero.io", "v1", "backupstoragelocations", "BackupStorageLocation", "backupstoragelocation", "bsl", NC, "backupstoragelocations.velero.io" },
	{ "velero.io", "v1", "deletebackuprequests", "DeleteBackupRequest", "deletebackuprequest", "", NC, "deletebackuprequests.velero.io" },
	{ "velero.io", "v1", "downloadrequests", "DownloadRequest", "downloadrequest", "", NC, "downloadrequests.velero.io" },
	{ "velero.io", "v1", "podvolumebackups", "PodVolumeBackup", "podvolumebackup", "", NC, "podvolumebackups.velero.io" },
	{ "velero.io", "v1", "podvolumerestores", "PodVolumeRestore", "podvolumerestore", "", NC, "podvolumerestores.velero.io" },
	{ "velero.io", "v1", "restores", "Restore", "restore", "", NC, "restores.velero.io" },
	{ "velero.io", "v1", "schedules", "Schedule", "schedule", "", NC, "schedules.velero.io" },
	{ "velero.io", "v1", "serverstatusrequests", "ServerStatusRequest", "serverstatusrequest", "ssr", NC, "serverstatusrequests.velero.io" },
	{ "velero.io", "v1", "volumesnapshotlocations", "VolumeSnapshotLocation", "volumesnapshotlocation", "vsl", NC, "volumesnapshotlocations.velero.io" },
	{ "velero.io", "v2alpha1", "datadownloads", "DataDownload", "datadownload", "", NC, "datadownloads.velero.io" },
	{ "velero.io", "v2alpha1", "datauploads", "DataUpload", "dataupload", "", NC, "datauploads.velero.io" },
	{ "app.k8s.io", "v1beta1", "applications", "Application", "application", "", NC | S, "applications.app.k8s.io" },
	{ "kots.io", "v1beta1", "applications", "Application", "application", "", NC, "applications.kots.io" },
};
/* clang-format on */

_Static_assert(sizeof(table) / sizeof(table[0]) < KIND_MAX, "KIND_MAX is too small");

size_t kind_count(void)
{
	return sizeof(table) / sizeof(table[0]);
}

const struct kind *kind_at(size_t index)
{
	return index < kind_count() ? &table[index] : NULL;
}

const struct kind *kind_by_resource(const char *resource)
{
	size_t i;

	for (i = 0; i < kind_count(); i++) {
		if (strcmp(table[i].resource, resource) == 0)
			return &table[i];
	}
	return NULL;
}

size_t kind_index(const char *resource)
{
	const struct kind *kind = kind_by_resource(resource);

	return kind ? (size_t)(kind - table) : KIND_MAX;
}

const struct kind *kind_by_path(const char *group, const char *version, const char *plural)
{
	size_t i;

	for (i = 0; i < kind_count(); i++) {
		if (strcmp(table[i].plural, plural) == 0 && strcmp(table[i].group, group) == 0 &&
		    strcmp(table[i].version, version) == 0)
			return &table[i];
	}
	return NULL;
}

bool kind_has_group(const char *group, const char *version)
{
	size_t i;

	for (i = 0; i < kind_count(); i++) {
		if (strcmp(table[i].group, group) == 0 &&
		    (!version || strcmp(table[i].version, version) == 0))
			return true;
	}
	return false;
}

const char *const *kind_verbs(const struct kind *kind)
{
	static const char *const all[] = { "create", "delete", "deletecollection",
					   "get",    "list",   "patch",
					   "update", "watch",  NULL };
	static const char *const create[] = { "create", NULL };

	return kind->flags & KIND_CREATE ? create : all;
}
