#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/practice/folder.h"
#include "backend/practice/workload.h"

#include <string.h>

#define CLAIMS	   "persistentvolumeclaims"
#define VOLUMES	   "persistentvolumes"
#define PROTECTION "kubernetes.io/pvc-protection"

/* ---- claims ---- */

static void add_folder(const struct world *world, const struct json *claim, struct strbuf *out)
{
	world_add_path(world, out, "volumes/%s/%s", object_namespace(claim), object_name(claim));
}

static struct json *volume_for(const struct world *world, const struct json *claim,
			       const char *name)
{
	struct json *volume = json_new_map(), *spec = json_new_map();
	struct strbuf path = STRBUF_INIT;

	add_folder(world, claim, &path);
	json_put_path(volume, "metadata.name", json_new_text(name));
	json_put(spec, "accessModes", json_clone(json_get(claim, "spec.accessModes")));
	json_put_path(spec, "capacity.storage",
		      json_new_text(json_text(claim, "spec.resources.requests.storage")));
	json_put_path(spec, "claimRef.apiVersion", json_new_text("v1"));
	json_put_path(spec, "claimRef.kind", json_new_text("PersistentVolumeClaim"));
	json_put_path(spec, "claimRef.name", json_new_text(object_name(claim)));
	json_put_path(spec, "claimRef.namespace", json_new_text(object_namespace(claim)));
	json_put_path(spec, "claimRef.uid", json_new_text(object_uid(claim)));
	json_put_path(spec, "local.path", json_new_text(path.buf));
	json_put_text(spec, "persistentVolumeReclaimPolicy", "Delete");
	json_put_text(spec, "storageClassName", json_text(claim, "spec.storageClassName"));
	json_put_text(spec, "volumeMode", "Filesystem");
	json_put(volume, "spec", spec);
	json_put_path(volume, "status.phase", json_new_text("Bound"));
	strbuf_done(&path);
	return volume;
}

static struct json *bound_patch(const struct json *claim, const char *volume_name)
{
	struct json *patch = json_new_map(), *finalizers = json_new_list();

	json_add_text(finalizers, PROTECTION);
	json_put_path(patch, "metadata.finalizers", finalizers);
	json_put_path(patch, "metadata.annotations.[pv.kubernetes.io/bind-completed]",
		      json_new_text("yes"));
	json_put_path(patch, "metadata.annotations.[pv.kubernetes.io/bound-by-controller]",
		      json_new_text("yes"));
	json_put_path(patch, "spec.volumeName", json_new_text(volume_name));
	json_put_path(patch, "status.phase", json_new_text("Bound"));
	json_put_path(patch, "status.accessModes", json_clone(json_get(claim, "spec.accessModes")));
	json_put_path(patch, "status.capacity.storage",
		      json_new_text(json_text(claim, "spec.resources.requests.storage")));
	return patch;
}

static void bind(struct world *world, const struct json *claim)
{
	struct strbuf name = STRBUF_INIT, folder = STRBUF_INIT;

	strbuf_addf(&name, "pvc-%s", object_uid(claim));
	add_folder(world, claim, &folder);
	(void)file_make_dirs(folder.buf, 0700, NULL);
	json_free(world_create(world, VOLUMES, volume_for(world, claim, name.buf), NULL));
	json_free(world_patch(world, CLAIMS, claim, bound_patch(claim, name.buf)));
	strbuf_done(&name);
	strbuf_done(&folder);
}

static bool is_mounted(const struct json *pods, const struct json *claim)
{
	const struct json *pod, *volume;

	for (pod = json_first(pods); pod; pod = json_next(pod)) {
		if (strcmp(object_namespace(pod), object_namespace(claim)) != 0 ||
		    strcmp(object_phase(pod), "Succeeded") == 0 ||
		    strcmp(object_phase(pod), "Failed") == 0)
			continue;
		for (volume = json_first(json_get(pod, "spec.volumes")); volume;
		     volume = json_next(volume)) {
			if (strcmp(json_text(volume, "persistentVolumeClaim.claimName"),
				   object_name(claim)) == 0)
				return true;
		}
	}
	return false;
}

/* The folder goes before the claim does: a new claim of that name begins empty. */
static void release(struct world *world, const struct json *claim)
{
	struct json *volume = world_get(world, VOLUMES, "", json_text(claim, "spec.volumeName"));
	struct strbuf folder = STRBUF_INIT;

	add_folder(world, claim, &folder);
	if (!volume ||
	    strcmp(json_text(volume, "spec.persistentVolumeReclaimPolicy"), "Delete") == 0) {
		(void)folder_remove(folder.buf, NULL);
		if (volume)
			world_delete(world, VOLUMES, volume);
	} else {
		world_put(world, VOLUMES, volume, "status.phase", json_new_text("Released"));
	}
	world_put(world, CLAIMS, claim, "metadata.finalizers",
		  object_finalizers_without(claim, PROTECTION));
	json_free(volume);
	strbuf_done(&folder);
}

void workload_keep_claims(struct world *world)
{
	struct json *claims = world_list(world, CLAIMS, "", ""),
		    *pods = world_list(world, "pods", "", "");
	const struct json *claim;

	for (claim = json_first(claims); claim; claim = json_next(claim)) {
		if (object_is_deleting(claim) && !is_mounted(pods, claim))
			release(world, claim);
		else if (!object_is_deleting(claim) && strcmp(object_phase(claim), "Bound") != 0)
			bind(world, claim);
	}
	json_free(claims);
	json_free(pods);
}
