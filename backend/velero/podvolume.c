#include "backend/velero/podvolume.h"

#include "backend/velero/decode.h"

#include <string.h>

const struct kube_kind podvolumebackup_kind = { "velero.io", "v1", "podvolumebackups" };
const struct kube_kind podvolumerestore_kind = { "velero.io", "v1", "podvolumerestores" };

#define AT(field) offsetof(struct podvolume, field)

/* clang-format off */
static const struct json_field fields[] = {
	{ "spec.pod.name",              JSON_FIELD_TEXT, AT(pod),           0 },
	{ "spec.pod.namespace",         JSON_FIELD_TEXT, AT(pod_namespace), 0 },
	{ "spec.volume",                JSON_FIELD_TEXT, AT(volume),        0 },
	{ "metadata.annotations.[velero.io/pvc-name]", JSON_FIELD_TEXT, AT(claim), 0 },
	{ "status.phase",               JSON_FIELD_TEXT, AT(phase),         0 },
	{ "status.message",             JSON_FIELD_TEXT, AT(message),       0 },
	{ "spec.uploaderType",          JSON_FIELD_TEXT, AT(uploader),      0 },
	{ "status.startTimestamp",      JSON_FIELD_TIME, AT(started),       0 },
	{ "status.completionTimestamp", JSON_FIELD_TIME, AT(completed),     0 },
	{ "status.progress.bytesDone",  JSON_FIELD_INT,  AT(bytes_done),    0 },
	{ "status.progress.totalBytes", JSON_FIELD_INT,  AT(bytes_total),   0 },
};
/* clang-format on */

static const struct velero_shape shape = { sizeof(struct podvolume), fields, ARRAY_SIZE(fields) };

/* The texts that backups and restores of volumes keep in different places. */
static const char *either(const struct json *json, const char *path, const char *other)
{
	const char *text = json_text(json, path);

	return *text ? text : json_text(json, other);
}

const struct podvolume *podvolume_decode(const struct json *json, struct error *err)
{
	const char *owner = either(json, "metadata.labels.[velero.io/restore-name]",
				   "metadata.labels.[velero.io/backup-name]");
	const char *snapshot = either(json, "status.snapshotID", "spec.snapshotID");
	const char *node = either(json, "spec.node", "status.node");
	size_t more = strlen(owner) + strlen(snapshot) + strlen(node) + 3;
	struct podvolume *volume = velero_decode(&shape, json, more, err);

	if (!volume)
		return NULL;
	volume->owner = arena_text(&volume->object.arena, owner);
	volume->snapshot_id = arena_text(&volume->object.arena, snapshot);
	volume->node = arena_text(&volume->object.arena, node);
	return volume;
}
