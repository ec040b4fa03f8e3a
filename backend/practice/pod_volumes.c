#include "backend/practice/pod_volumes.h"

#include "backend/practice/agent_place.h"
#include "backend/practice/select.h"

#include <string.h>

#define BACKUPPER "pkg/podvolume/backupper.go:"
#define NO_AGENT  "daemonset pod not found in running state in node " NODE_NAME

/* ---- the object ---- */

static struct json *volume_tags(const struct json *backup, const struct json *pod,
				const char *volume, const struct json *claim)
{
	struct json *tags = json_new_map();

	json_put_text(tags, "backup", object_name(backup));
	json_put_text(tags, "backup-uid", object_uid(backup));
	json_put_text(tags, "ns", object_namespace(pod));
	json_put_text(tags, "pod", object_name(pod));
	json_put_text(tags, "pod-uid", object_uid(pod));
	if (claim)
		json_put_text(tags, "pvc-uid", object_uid(claim));
	json_put_text(tags, "volume", volume);
	return tags;
}

static struct json *volume_spec(const struct json *backup, const struct json *location,
				const struct json *pod, const char *volume,
				const struct json *claim)
{
	struct json *spec = json_new_map();
	struct strbuf identifier = STRBUF_INIT;

	place_add_identifier(location, object_namespace(pod), &identifier);
	json_put_text(spec, "backupStorageLocation", object_name(location));
	json_put_text(spec, "node", NODE_NAME);
	json_put_path(spec, "pod.kind", json_new_text("Pod"));
	json_put_path(spec, "pod.name", json_new_text(object_name(pod)));
	json_put_path(spec, "pod.namespace", json_new_text(object_namespace(pod)));
	json_put_path(spec, "pod.uid", json_new_text(object_uid(pod)));
	json_put_text(spec, "repoIdentifier", identifier.buf);
	json_put(spec, "tags", volume_tags(backup, pod, volume, claim));
	json_put_text(spec, "uploaderType", "restic");
	json_put_text(spec, "volume", volume);
	strbuf_done(&identifier);
	return spec;
}

struct json *pod_volume_object(const struct json *backup, const struct json *location,
			       const struct json *pod, const char *volume, const struct json *claim)
{
	struct json *object = json_new_map(), *labels = json_new_map();
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s-", object_name(backup));
	json_put_path(object, "metadata.generateName", json_new_text(text.buf));
	json_put_path(object, "metadata.namespace", json_new_text(object_namespace(backup)));
	strbuf_reset(&text);
	world_add_label_value(&text, object_name(backup));
	json_put_text(labels, "velero.io/backup-name", text.buf);
	json_put_text(labels, "velero.io/backup-uid", object_uid(backup));
	if (claim) {
		json_put_text(labels, "velero.io/pvc-uid", object_uid(claim));
		json_put_path(object, "metadata.annotations.[velero.io/pvc-name]",
			      json_new_text(object_name(claim)));
	}
	json_put_path(object, "metadata.labels", labels);
	json_put_path(object, "metadata.ownerReferences", world_owner(backup));
	json_put(object, "spec", volume_spec(backup, location, pod, volume, claim));
	json_put_path(object, "status.progress", json_new_map());
	strbuf_done(&text);
	return object;
}

bool pod_volume_is_final(const struct json *volume)
{
	const char *phase = object_phase(volume);

	return strcmp(phase, "Completed") == 0 || strcmp(phase, "Failed") == 0 ||
	       strcmp(phase, "Canceled") == 0;
}

/* ---- making them ---- */

static bool node_agent_runs(struct world *world)
{
	return world_pod_runs(world, VELERO_NAMESPACE, "name=node-agent") &&
	       !faults_has(world->faults, FAULT_NODE_AGENT);
}

static void note_about_pod(struct pod_volumes *volumes, const struct json *pod, const char *message,
			   const char *why)
{
	struct strbuf result = STRBUF_INIT;

	velog_line(volumes->log, VELOG_WARNING, BACKUPPER "520",
		   VELOG_FIELDS({ "error", why }, { "name", object_name(pod) },
				{ "namespace", object_namespace(pod) }, { "resource", "pods" }),
		   "%s", message);
	strbuf_addf(&result, " resource: /pods name: /%s message: /%s error: /%s", object_name(pod),
		    message, why);
	velog_add_result(volumes->log, VELOG_WARNING, object_namespace(pod), true, result.buf);
	strbuf_done(&result);
}

/* A warning for each volume, one error for the pod. */
static void refuse_pod(struct pod_volumes *volumes, const struct json *pod,
		       const struct json *names, const char *why)
{
	struct strbuf text = STRBUF_INIT;
	const struct json *name;

	for (name = json_first(names); name; name = json_next(name)) {
		strbuf_reset(&text);
		strbuf_addf(&text, "Skip pod volume %s", json_value(name));
		note_about_pod(volumes, pod, text.buf, why);
	}
	velog_line(volumes->log, VELOG_ERROR, "pkg/backup/backup.go:979",
		   VELOG_FIELDS({ "error", why }, { "name", object_name(pod) }),
		   "Error backing up item");
	strbuf_reset(&text);
	strbuf_addf(&text, " name: /%s message: /Error backing up item error: /%s",
		    object_name(pod), why);
	velog_add_result(volumes->log, VELOG_ERROR, "velero", false, text.buf);
	strbuf_done(&text);
}

static void skip_pod(struct pod_volumes *volumes, const struct json *pod, const struct json *names)
{
	struct strbuf text = STRBUF_INIT, why = STRBUF_INIT;
	const struct json *name;

	strbuf_addf(&why, "pod is not in the expected status, name=%s, namespace=%s, phase=%s",
		    object_name(pod), object_namespace(pod), object_phase(pod));
	for (name = json_first(names); name; name = json_next(name)) {
		strbuf_reset(&text);
		strbuf_addf(&text, "Skip pod volume %s", json_value(name));
		note_about_pod(volumes, pod, text.buf, why.buf);
	}
	strbuf_done(&text);
	strbuf_done(&why);
}

static void create_one(struct pod_volumes *volumes, const struct json *pod, const char *name)
{
	const char *claim_name = pod_claim(pod, name);
	struct json *claim = NULL, *made;
	struct error err = ERROR_INIT;
	struct strbuf text = STRBUF_INIT;

	if (*claim_name)
		claim = world_get(volumes->world, "persistentvolumeclaims", object_namespace(pod),
				  claim_name);
	made = world_create(volumes->world, "podvolumebackups.velero.io",
			    pod_volume_object(volumes->backup, volumes->location, pod, name, claim),
			    &err);
	if (!made) {
		strbuf_addf(&text, " message: /%s", err.text);
		velog_add_result(volumes->log, VELOG_ERROR, "velero", false, text.buf);
	}
	strbuf_done(&text);
	json_free(made);
	json_free(claim);
}

static void log_names(struct pod_volumes *volumes, const struct json *pod, const struct json *names)
{
	struct strbuf text = STRBUF_INIT;
	const struct json *name;

	for (name = json_first(names); name; name = json_next(name))
		strbuf_addf(&text, "%s%s", text.len > 0 ? " " : "", json_value(name));
	velog_line(volumes->log, VELOG_INFO, BACKUPPER "238",
		   VELOG_FIELDS({ "name", object_name(pod) },
				{ "namespace", object_namespace(pod) }, { "resource", "pods" }),
		   "pod %s/%s has volumes to backup: [%s]", object_namespace(pod), object_name(pod),
		   text.buf);
	strbuf_done(&text);
}

void pod_volumes_create(struct pod_volumes *volumes, const struct json *pod)
{
	struct json *names = select_pod_volumes(
		pod, json_bool(volumes->backup, "spec.defaultVolumesToFsBackup", false));
	struct error err = ERROR_INIT;
	const struct json *name;

	if (json_count(names) == 0)
		goto out;
	log_names(volumes, pod, names);
	if (strcmp(object_phase(pod), "Running") != 0) {
		/* A finished pod is passed over in silence (spec/kots-snapshots.md 2.12). */
		if (strcmp(object_phase(pod), "Succeeded") != 0 &&
		    strcmp(object_phase(pod), "Failed") != 0)
			skip_pod(volumes, pod, names);
		goto out;
	}
	if (!node_agent_runs(volumes->world)) {
		refuse_pod(volumes, pod, names, NO_AGENT);
		goto out;
	}
	if (place_ensure_repository(volumes->world, volumes->location, object_namespace(pod),
				    &err)) {
		refuse_pod(volumes, pod, names, err.text);
		goto out;
	}
	for (name = json_first(names); name; name = json_next(name))
		create_one(volumes, pod, json_value(name));
out:
	json_free(names);
}

/* ---- waiting ---- */

static struct json *list_of_backup(struct pod_volumes *volumes)
{
	struct strbuf selector = STRBUF_INIT;
	struct json *list;

	strbuf_addf(&selector, "velero.io/backup-uid=%s", object_uid(volumes->backup));
	list = world_list(volumes->world, "podvolumebackups.velero.io",
			  object_namespace(volumes->backup), selector.buf);
	strbuf_done(&selector);
	return list;
}

static bool all_final(const struct json *list)
{
	const struct json *volume;

	for (volume = json_first(list); volume; volume = json_next(volume)) {
		if (!pod_volume_is_final(volume))
			return false;
	}
	return true;
}

static void note_failures(struct pod_volumes *volumes, const struct json *list)
{
	struct strbuf result = STRBUF_INIT;
	const struct json *volume;

	for (volume = json_first(list); volume; volume = json_next(volume)) {
		bool cancelled = strcmp(object_phase(volume), "Canceled") == 0;

		if (strcmp(object_phase(volume), "Completed") == 0)
			continue;
		velog_line(volumes->log, VELOG_ERROR, BACKUPPER "453", VELOG_NO_FIELDS,
			   "pod volume backup %s: %s", cancelled ? "canceled" : "failed",
			   json_text(volume, "status.message"));
		strbuf_reset(&result);
		strbuf_addf(&result, " message: /pod volume backup %s: %s",
			    cancelled ? "canceled" : "failed", json_text(volume, "status.message"));
		velog_add_result(volumes->log, VELOG_ERROR, "velero", false, result.buf);
	}
	strbuf_done(&result);
}

struct json *pod_volumes_wait(struct pod_volumes *volumes)
{
	struct json *list = list_of_backup(volumes);
	char server[WORLD_UID];

	world_server(volumes->world, server);
	velog_line(volumes->log, VELOG_INFO, BACKUPPER "404", VELOG_NO_FIELDS,
		   "Waiting for completion of PVB");
	while (!all_final(list)) {
		json_free(list);
		if (volumes->meanwhile)
			volumes->meanwhile(volumes->arg);
		if (!world_pause(volumes->world, 500, 100) ||
		    !world_server_is(volumes->world, server))
			return NULL;
		list = list_of_backup(volumes);
	}
	note_failures(volumes, list);
	return list;
}
