/* Velero's Restore, decoded, and DeleteBackupRequest. spec/velero-api.md 2.3, 2.4, 2.10. */
#ifndef BACKEND_VELERO_RESTORE_H
#define BACKEND_VELERO_RESTORE_H

#include "backend/kube/client.h"
#include "backend/kube/object.h"

struct restore {
	struct object object;
	const char *backup; /* spec.backupName */
	const char *phase, *failure_reason, *validation_error;
	const char *app; /* kots.io/app-slug of its labelSelector, or "" */
	const char *kots_instance;
	const char *request; /* label kotsnap.io/request: which operation of ours made it, or "" */
	int64_t started, completed;
	int64_t errors, warnings, items_done, items_total;
};
extern const struct kube_kind restore_kind;
const struct restore *restore_decode(const struct json *json, struct error *err);

struct delete_request {
	struct object object;
	const char *backup, *phase, *error; /* first error, "" when none */
	int64_t error_count;
};
extern const struct kube_kind delete_request_kind;
const struct delete_request *delete_request_decode(const struct json *json, struct error *err);

#endif
