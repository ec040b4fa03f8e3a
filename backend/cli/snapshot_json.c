#include "backend/cli/snapshot_json.h"

#include "backend/cli/output.h"

static const char *const kind_names[] = {
	[SNAPSHOT_OTHER] = "other", [SNAPSHOT_FULL] = "full", [SNAPSHOT_PARTIAL] = "partial"
};

static void put_volumes(struct json *map, const struct snapshot *snapshot)
{
	if (!snapshot->volumes_read) {
		json_put(map, "volumes", json_new_null());
		json_put(map, "sizeBytes", json_new_null());
		return;
	}
	json_put_int(map, "volumes", snapshot->volumes);
	json_put_int(map, "volumesDone", snapshot->volumes_done);
	json_put_int(map, "volumesFailed", snapshot->volumes_failed);
	/* One that never began holds nothing, not even nothing. */
	if (snapshot->volumes || snapshot->backup->started)
		json_put_int(map, "sizeBytes", snapshot->bytes_total);
	else
		json_put(map, "sizeBytes", json_new_null());
	json_put_int(map, "doneBytes", snapshot->bytes_done);
	json_put_bool(map, "sizeKnown", snapshot->totals_known);
}

struct json *snapshot_to_json(const struct snapshot *snapshot, const struct console *console)
{
	const struct backup *backup = snapshot->backup;
	struct json *map = json_new_map();
	struct strbuf text = STRBUF_INIT;
	const char *refusal = snapshot_restore_refusal(snapshot);

	json_put_text(map, "name", backup->object.name);
	json_put_text(map, "uid", backup->object.uid);
	json_put_text(map, "kind", kind_names[snapshot->kind]);
	json_put_text(map, "phase", *backup->phase ? backup->phase : "New");
	snapshot_add_status(&text, snapshot);
	json_put_text(map, "status", text.buf);
	output_put_time(map, "started", backup->started);
	output_put_time(map, "completed", snapshot->completed);
	output_put_time(map, "expires", snapshot->expires);
	put_volumes(map, snapshot);
	json_put_int(map, "errors", snapshot->errors);
	json_put_int(map, "warnings", snapshot->warnings);
	json_put_int(map, "itemsDone", backup->items_done);
	json_put_int(map, "itemsTotal", backup->items_total);
	json_put_text(map, "trigger", snapshot_trigger(snapshot));
	json_put_text(map, "location", backup->location);
	json_put_text(map, "kubernetes", backup->kubernetes);
	strbuf_reset(&text);
	snapshot_add_apps(&text, snapshot, console);
	json_put_text(map, "applications", text.buf);
	json_put_text(map, "reason",
		      *backup->failure_reason ? backup->failure_reason : backup->validation_error);
	json_put_bool(map, "restorable", refusal == NULL);
	json_put_text(map, "notRestorableBecause", refusal ? refusal : "");
	strbuf_done(&text);
	return map;
}

struct json *podvolume_to_json(const struct podvolume *volume)
{
	struct json *map = json_new_map();

	json_put_text(map, "name", volume->object.name);
	json_put_text(map, "namespace", volume->pod_namespace);
	json_put_text(map, "pod", volume->pod);
	json_put_text(map, "volume", volume->volume);
	json_put_text(map, "claim", volume->claim);
	json_put_text(map, "node", volume->node);
	json_put_text(map, "phase", *volume->phase ? volume->phase : "New");
	json_put_int(map, "doneBytes", volume->bytes_done);
	json_put(map, "sizeBytes",
		 volume->bytes_total ? json_new_number((double)volume->bytes_total)
				     : json_new_null());
	output_put_time(map, "started", volume->started);
	output_put_time(map, "completed", volume->completed);
	json_put_text(map, "message", volume->message);
	return map;
}

struct json *restore_to_json(const struct restore *restore)
{
	struct json *map = json_new_map();

	json_put_text(map, "name", restore->object.name);
	json_put_text(map, "app", restore->app);
	json_put_text(map, "phase", *restore->phase ? restore->phase : "New");
	output_put_time(map, "started", restore->started);
	output_put_time(map, "completed", restore->completed);
	json_put_int(map, "errors", restore->errors);
	json_put_int(map, "warnings", restore->warnings);
	return map;
}
