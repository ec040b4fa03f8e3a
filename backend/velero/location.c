#include "backend/velero/location.h"

#include "backend/base/clock.h"
#include "backend/velero/decode.h"

#include <string.h>

const struct kube_kind location_kind = { "velero.io", "v1", "backupstoragelocations" };
const struct kube_kind repository_kind = { "velero.io", "v1", "backuprepositories" };
const struct kube_kind schedule_kind = { "velero.io", "v1", "schedules" };

#define VALIDATION_PERIOD_S 60 /* of the server, when the location does not say */

#define AT(type, field) offsetof(struct type, field)

/* clang-format off */
static const struct json_field location_fields[] = {
	{ "spec.provider",               JSON_FIELD_TEXT,     AT(location, provider),            0 },
	{ "spec.objectStorage.bucket",   JSON_FIELD_TEXT,     AT(location, bucket),              0 },
	{ "spec.objectStorage.prefix",   JSON_FIELD_TEXT,     AT(location, prefix),              0 },
	{ "spec.objectStorage.caCert",   JSON_FIELD_TEXT,     AT(location, ca_cert),             0 },
	{ "spec.config.region",          JSON_FIELD_TEXT,     AT(location, region),              0 },
	{ "spec.config.s3Url",           JSON_FIELD_TEXT,     AT(location, s3_url),              0 },
	{ "spec.config.publicUrl",       JSON_FIELD_TEXT,     AT(location, public_url),          0 },
	{ "spec.accessMode",             JSON_FIELD_TEXT,     AT(location, access_mode),         0 },
	{ "spec.default",                JSON_FIELD_BOOL,     AT(location, is_default),          0 },
	{ "spec.validationFrequency",    JSON_FIELD_DURATION, AT(location, validation_period_s), 0 },
	{ "status.phase",                JSON_FIELD_TEXT,     AT(location, phase),               0 },
	{ "status.message",              JSON_FIELD_TEXT,     AT(location, message),             0 },
	{ "status.lastValidationTime",   JSON_FIELD_TIME,     AT(location, last_validated),      0 },
	{ "status.lastSyncedTime",       JSON_FIELD_TIME,     AT(location, last_synced),         0 },
};

static const struct json_field repository_fields[] = {
	{ "spec.volumeNamespace",        JSON_FIELD_TEXT, AT(repository, volume_namespace), 0 },
	{ "spec.backupStorageLocation",  JSON_FIELD_TEXT, AT(repository, location),         0 },
	{ "spec.repositoryType",         JSON_FIELD_TEXT, AT(repository, type),             0 },
	{ "status.phase",                JSON_FIELD_TEXT, AT(repository, phase),            0 },
	{ "status.message",              JSON_FIELD_TEXT, AT(repository, message),          0 },
	{ "status.lastMaintenanceTime",  JSON_FIELD_TIME, AT(repository, last_maintained),  0 },
};

static const struct json_field schedule_fields[] = {
	{ "spec.schedule",       JSON_FIELD_TEXT,     AT(schedule, cron),         0 },
	{ "spec.paused",         JSON_FIELD_BOOL,     AT(schedule, paused),       0 },
	{ "spec.template.ttl",   JSON_FIELD_DURATION, AT(schedule, ttl_s),        0 },
	{ "status.phase",        JSON_FIELD_TEXT,     AT(schedule, phase),        0 },
	{ "status.lastBackup",   JSON_FIELD_TIME,     AT(schedule, last_backup),  0 },
	{ "status.lastSkipped",  JSON_FIELD_TIME,     AT(schedule, last_skipped), 0 },
};
/* clang-format on */

static const struct velero_shape location_shape = { sizeof(struct location), location_fields,
						    ARRAY_SIZE(location_fields) };
static const struct velero_shape repository_shape = { sizeof(struct repository), repository_fields,
						      ARRAY_SIZE(repository_fields) };
static const struct velero_shape schedule_shape = { sizeof(struct schedule), schedule_fields,
						    ARRAY_SIZE(schedule_fields) };

const struct location *location_decode(const struct json *json, struct error *err)
{
	struct strbuf config = STRBUF_INIT;
	struct location *location;

	if (json_get(json, "spec.config"))
		json_print(json_get(json, "spec.config"), &config);
	location = velero_decode(&location_shape, json, config.len + 1, err);
	if (location) {
		location->config_json = arena_text(&location->object.arena, config.buf);
		/* "0s" means never again; null and absent mean the server's default */
		if (!*json_text(json, "spec.validationFrequency"))
			location->validation_period_s = VALIDATION_PERIOD_S;
	}
	strbuf_done(&config);
	return location;
}

/* Velero keeps the last three runs; the order is its own affair. */
static const char *newest_result(const struct json *runs)
{
	const struct json *run, *newest = NULL;
	int64_t started, latest = -1;

	for (run = json_first(runs); run; run = json_next(run)) {
		started = clock_parse_rfc3339(json_text(run, "startTimestamp"));
		if (started < latest)
			continue;
		latest = started;
		newest = run;
	}
	return json_text(newest, "result");
}

const struct repository *repository_decode(const struct json *json, struct error *err)
{
	const char *result = newest_result(json_get(json, "status.recentMaintenance"));
	struct repository *repository =
		velero_decode(&repository_shape, json, strlen(result) + 1, err);

	if (repository)
		repository->last_result = arena_text(&repository->object.arena, result);
	return repository;
}

const struct schedule *schedule_decode(const struct json *json, struct error *err)
{
	const char *refused = velero_first(json_get(json, "status.validationErrors"));
	struct schedule *schedule = velero_decode(&schedule_shape, json, strlen(refused) + 1, err);

	if (schedule)
		schedule->validation_error = arena_text(&schedule->object.arena, refused);
	return schedule;
}
