#include "backend/velero/restore.h"

#include "backend/velero/decode.h"

#include <string.h>

const struct kube_kind restore_kind = { "velero.io", "v1", "restores" };
const struct kube_kind delete_request_kind = { "velero.io", "v1", "deletebackuprequests" };

#define AT(field) offsetof(struct restore, field)

/* clang-format off */
static const struct json_field restore_fields[] = {
	{ "spec.backupName",                JSON_FIELD_TEXT, AT(backup),         0 },
	{ "status.phase",                   JSON_FIELD_TEXT, AT(phase),          0 },
	{ "status.failureReason",           JSON_FIELD_TEXT, AT(failure_reason), 0 },
	{ "metadata.labels.[kotsnap.io/request]", JSON_FIELD_TEXT, AT(request), 0 },
	{ "spec.labelSelector.matchLabels.[kots.io/app-slug]", JSON_FIELD_TEXT, AT(app), 0 },
	{ "metadata.annotations.[kots.io/instance]", JSON_FIELD_TEXT, AT(kots_instance), 0 },
	{ "status.startTimestamp",          JSON_FIELD_TIME, AT(started),        0 },
	{ "status.completionTimestamp",     JSON_FIELD_TIME, AT(completed),      0 },
	{ "status.errors",                  JSON_FIELD_INT,  AT(errors),         0 },
	{ "status.warnings",                JSON_FIELD_INT,  AT(warnings),       0 },
	{ "status.progress.itemsRestored",  JSON_FIELD_INT,  AT(items_done),     0 },
	{ "status.progress.totalItems",     JSON_FIELD_INT,  AT(items_total),    0 },
};

static const struct json_field delete_request_fields[] = {
	{ "spec.backupName", JSON_FIELD_TEXT,  offsetof(struct delete_request, backup),      0 },
	{ "status.phase",    JSON_FIELD_TEXT,  offsetof(struct delete_request, phase),       0 },
	{ "status.errors",   JSON_FIELD_COUNT, offsetof(struct delete_request, error_count), 0 },
};
/* clang-format on */

static const struct velero_shape restore_shape = { sizeof(struct restore), restore_fields,
						   ARRAY_SIZE(restore_fields) };
static const struct velero_shape delete_request_shape = { sizeof(struct delete_request),
							  delete_request_fields,
							  ARRAY_SIZE(delete_request_fields) };

const struct restore *restore_decode(const struct json *json, struct error *err)
{
	const char *refused = velero_first(json_get(json, "status.validationErrors"));
	struct restore *restore = velero_decode(&restore_shape, json, strlen(refused) + 1, err);

	if (restore)
		restore->validation_error = arena_text(&restore->object.arena, refused);
	return restore;
}

const struct delete_request *delete_request_decode(const struct json *json, struct error *err)
{
	const char *first = velero_first(json_get(json, "status.errors"));
	struct delete_request *request =
		velero_decode(&delete_request_shape, json, strlen(first) + 1, err);

	if (request)
		request->error = arena_text(&request->object.arena, first);
	return request;
}
