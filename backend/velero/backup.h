/* Velero's Backup, decoded. Immutable; object_ref()/object_unref(). Fields:
 * spec/velero-api.md 2.1, 2.2. */
#ifndef BACKEND_VELERO_BACKUP_H
#define BACKEND_VELERO_BACKUP_H

#include "backend/kube/client.h"
#include "backend/kube/object.h"

struct backup {
	struct object object;
	const char *phase;    /* as Velero writes it; "" = New */
	const char *location; /* spec.storageLocation */
	const char *failure_reason;
	const char *validation_error; /* the first one, or "" */
	const char *namespaces;	      /* spec.includedNamespaces joined by "," */
	const char *selector;	      /* spec.labelSelector as compact JSON, "" when absent */
	const char *schedule;	      /* label velero.io/schedule-name */
	int64_t started, completed, expires; /* unix seconds, 0 = not set */
	int64_t ttl_s;
	int64_t errors, warnings;
	int64_t items_done, items_total;
	bool counted; /* status.progress is there: items_total 0 means that there were none */
	int64_t operations, operations_done; /* of plug-ins; failed ones are done too */
	int64_t queue_position;
	int64_t hooks, hooks_failed;
	/* annotations of KOTS (spec/kots-snapshots.md 2.2 to 2.5), "" when absent */
	const char *kots_instance, *kots_trigger, *kots_requested, *kots_image, *kots_namespace;
	const char *kots_sequences, *kots_versions, *kots_airgap, *kots_registry;
	const char *kots_embedded; /* "true": of an Embedded Cluster (2.5) */
	const char *kots_app_id, *kots_app_sequence;
	const char *dr_version, *dr_type,
		*dr_group;	    /* replicated.com/... ; dr_group is the label backup-name */
	int64_t dr_count;	    /* how many Backups make up the snapshot, at least 1 */
	const char *kotsnap_origin; /* annotation kotsnap.io/made-by */
	const char *kubernetes;	    /* version of the cluster it was taken on, "" when not noted */
};

extern const struct kube_kind backup_kind;
const struct backup *backup_decode(const struct json *json, struct error *err);

#endif
