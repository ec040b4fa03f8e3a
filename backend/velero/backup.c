#include "backend/velero/backup.h"

#include "backend/velero/decode.h"

#include <string.h>

const struct kube_kind backup_kind = { "velero.io", "v1", "backups" };

#define AT(field) offsetof(struct backup, field)
#define KOTS	  "metadata.annotations.[kots.io/"
#define DR	  "metadata.annotations.[replicated.com/"

/* clang-format off */
static const struct json_field fields[] = {
	{ "status.phase",                          JSON_FIELD_TEXT,     AT(phase),            0 },
	{ "spec.storageLocation",                  JSON_FIELD_TEXT,     AT(location),         0 },
	{ "status.failureReason",                  JSON_FIELD_TEXT,     AT(failure_reason),   0 },
	{ "metadata.labels.[velero.io/schedule-name]", JSON_FIELD_TEXT, AT(schedule),         0 },
	{ "status.startTimestamp",                 JSON_FIELD_TIME,     AT(started),          0 },
	{ "status.completionTimestamp",            JSON_FIELD_TIME,     AT(completed),        0 },
	{ "status.expiration",                     JSON_FIELD_TIME,     AT(expires),          0 },
	{ "spec.ttl",                              JSON_FIELD_DURATION, AT(ttl_s),            0 },
	{ "status.errors",                         JSON_FIELD_INT,      AT(errors),           0 },
	{ "status.warnings",                       JSON_FIELD_INT,      AT(warnings),         0 },
	{ "status.progress.itemsBackedUp",         JSON_FIELD_INT,      AT(items_done),       0 },
	{ "status.progress.totalItems",            JSON_FIELD_INT,      AT(items_total),      0 },
	{ "status.backupItemOperationsAttempted",  JSON_FIELD_INT,      AT(operations),       0 },
	{ "status.queuePosition",                  JSON_FIELD_INT,      AT(queue_position),   0 },
	{ "status.hookStatus.hooksAttempted",      JSON_FIELD_INT,      AT(hooks),            0 },
	{ "status.hookStatus.hooksFailed",         JSON_FIELD_INT,      AT(hooks_failed),     0 },
	{ KOTS "instance]",                        JSON_FIELD_TEXT,     AT(kots_instance),    0 },
	{ KOTS "snapshot-trigger]",                JSON_FIELD_TEXT,     AT(kots_trigger),     0 },
	{ KOTS "snapshot-requested]",              JSON_FIELD_TEXT,     AT(kots_requested),   0 },
	{ KOTS "kotsadm-image]",                   JSON_FIELD_TEXT,     AT(kots_image),       0 },
	{ KOTS "kotsadm-deploy-namespace]",        JSON_FIELD_TEXT,     AT(kots_namespace),   0 },
	{ KOTS "apps-sequences]",                  JSON_FIELD_TEXT,     AT(kots_sequences),   0 },
	{ KOTS "apps-versions]",                   JSON_FIELD_TEXT,     AT(kots_versions),    0 },
	{ KOTS "is-airgap]",                       JSON_FIELD_TEXT,     AT(kots_airgap),      0 },
	{ KOTS "embedded-registry]",               JSON_FIELD_TEXT,     AT(kots_registry),    0 },
	{ KOTS "embedded-cluster]",                JSON_FIELD_TEXT,     AT(kots_embedded),    0 },
	{ KOTS "app-id]",                          JSON_FIELD_TEXT,     AT(kots_app_id),      0 },
	{ KOTS "app-sequence]",                    JSON_FIELD_TEXT,     AT(kots_app_sequence), 0 },
	{ DR "disaster-recovery-version]",         JSON_FIELD_TEXT,     AT(dr_version),       0 },
	{ DR "backup-type]",                       JSON_FIELD_TEXT,     AT(dr_type),          0 },
	{ "metadata.labels.[replicated.com/backup-name]", JSON_FIELD_TEXT, AT(dr_group),      0 },
	{ "metadata.annotations.[velero.io/source-cluster-k8s-gitversion]", JSON_FIELD_TEXT, AT(kubernetes), 0 },
	{ "metadata.annotations.[kotsnap.io/made-by]", JSON_FIELD_TEXT, AT(kotsnap_origin),   0 },
};
/* clang-format on */

static const struct velero_shape shape = { sizeof(struct backup), fields, ARRAY_SIZE(fields) };

/* Absent, no number or not positive: one (spec/kots-snapshots.md 2.4). */
static int64_t group_size(const struct json *json)
{
	long long count;

	if (!text_to_int(json_text(json, DR "backup-count]"), &count) || count < 1)
		return 1;
	return count;
}

/* The registry had another key before KOTS 1.108.8 (spec/kots-snapshots.md 2.7). */
static const char *old_registry(const struct json *json)
{
	return json_text(json, KOTS "kurl-registry]");
}

const struct backup *backup_decode(const struct json *json, struct error *err)
{
	const struct json *selector = json_get(json, "spec.labelSelector");
	const char *refused = velero_first(json_get(json, "status.validationErrors"));
	struct strbuf namespaces = STRBUF_INIT, selected = STRBUF_INIT;
	struct backup *backup;

	velero_join(&namespaces, json_get(json, "spec.includedNamespaces"));
	if (json_count(selector))
		json_print(selector, &selected);
	backup = velero_decode(&shape, json,
			       namespaces.len + selected.len + strlen(refused) +
				       strlen(old_registry(json)) + 4,
			       err);
	if (backup) {
		struct arena *arena = &backup->object.arena;

		backup->namespaces = arena_text(arena, namespaces.buf);
		backup->selector = arena_text(arena, selected.buf);
		backup->validation_error = arena_text(arena, refused);
		if (!*backup->kots_registry)
			backup->kots_registry = arena_text(arena, old_registry(json));
		backup->operations_done =
			json_int(json, "status.backupItemOperationsCompleted", 0) +
			json_int(json, "status.backupItemOperationsFailed", 0);
		backup->dr_count = group_size(json);
		backup->counted = json_get(json, "status.progress") != NULL;
	}
	strbuf_done(&namespaces);
	strbuf_done(&selected);
	return backup;
}
