/* PodVolumeBackup and PodVolumeRestore, decoded into one struct: a volume being copied. Small:
 * 30,000 of them are kept. spec/velero-api.md 2.8, 2.9, 7. */
#ifndef BACKEND_VELERO_PODVOLUME_H
#define BACKEND_VELERO_PODVOLUME_H

#include "backend/kube/client.h"
#include "backend/kube/object.h"

struct podvolume {
	struct object object;
	const char *owner; /* label velero.io/backup-name or velero.io/restore-name (hashed when
			      long) */
	const char *pod, *pod_namespace, *volume,
		*claim; /* claim from annotation velero.io/pvc-name */
	const char *node, *phase, *message, *snapshot_id, *uploader;
	int64_t started, completed;
	int64_t bytes_done, bytes_total; /* total 0 = not known yet */
};

extern const struct kube_kind podvolumebackup_kind, podvolumerestore_kind;
const struct podvolume *podvolume_decode(const struct json *json, struct error *err);

#endif
