/* BackupStorageLocation, BackupRepository and Velero's own Schedule, decoded.
 * spec/velero-api.md 2.5, 2.6, 2.13. */
#ifndef BACKEND_VELERO_LOCATION_H
#define BACKEND_VELERO_LOCATION_H

#include "backend/kube/client.h"
#include "backend/kube/object.h"

struct location {
	struct object object;
	const char *provider, *bucket, *prefix, *region, *s3_url, *public_url, *access_mode, *phase,
		*message;
	const char *config_json; /* the whole spec.config, compact */
	const char *ca_cert;	 /* base64 as stored, "" when none */
	int64_t last_validated, last_synced;
	int64_t validation_period_s; /* 60 when not set */
	bool is_default;
};
extern const struct kube_kind location_kind;
const struct location *location_decode(const struct json *json, struct error *err);

struct repository {
	struct object object;
	const char *volume_namespace, *location, *type, *phase, *message;
	int64_t last_maintained;
	const char *last_result; /* of status.recentMaintenance, "" when none */
};
extern const struct kube_kind repository_kind;
const struct repository *repository_decode(const struct json *json, struct error *err);

struct schedule {
	struct object object;
	const char *cron, *phase, *validation_error;
	bool paused;
	int64_t last_backup, last_skipped, ttl_s;
};
extern const struct kube_kind schedule_kind;
const struct schedule *schedule_decode(const struct json *json, struct error *err);

#endif
