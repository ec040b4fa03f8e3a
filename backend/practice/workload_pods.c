#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/practice/folder.h"
#include "backend/practice/workload.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#define HELPER	      "restore-wait"
#define TERMINATING_S 2 /* what a well-behaved container takes to stop */

/* ---- parts of a status ---- */

static struct json *add_condition(struct json *list, const char *type, bool yes)
{
	struct json *condition = json_add(list, json_new_map());

	json_put_text(condition, "type", type);
	json_put_text(condition, "status", yes ? "True" : "False");
	json_put(condition, "lastProbeTime", json_new_null());
	json_put(condition, "lastTransitionTime", world_time(clock_now()));
	return condition;
}

static struct json *conditions(bool initialized, bool ready)
{
	struct json *list = json_new_list();

	add_condition(list, "PodScheduled", true);
	add_condition(list, "Initialized", initialized);
	add_condition(list, "ContainersReady", ready);
	add_condition(list, "Ready", ready);
	return list;
}

enum container_state { CONTAINER_WAITS, CONTAINER_RUNS, CONTAINER_DONE };

static struct json *container_status(const struct json *container, enum container_state state,
				     const char *reason)
{
	struct json *status = json_new_map();

	json_put_text(status, "name", json_key_text(container, "name"));
	json_put_text(status, "image", json_key_text(container, "image"));
	json_put_text(status, "imageID",
		      state == CONTAINER_WAITS ? "" : json_key_text(container, "image"));
	json_put_bool(status, "ready", state != CONTAINER_WAITS);
	json_put_int(status, "restartCount", 0);
	json_put_bool(status, "started", state == CONTAINER_RUNS);
	if (state == CONTAINER_WAITS) {
		json_put_path(status, "state.waiting.reason", json_new_text(reason));
	} else if (state == CONTAINER_RUNS) {
		json_put_path(status, "state.running.startedAt", world_time(clock_now()));
	} else {
		json_put_path(status, "state.terminated.exitCode", json_new_number(0));
		json_put_path(status, "state.terminated.reason", json_new_text("Completed"));
		json_put_path(status, "state.terminated.finishedAt", world_time(clock_now()));
	}
	return status;
}

static struct json *container_statuses(const struct json *containers, enum container_state state,
				       const char *reason)
{
	const struct json *container = json_first(containers);
	struct json *list = json_new_list();

	for (; container; container = json_next(container))
		json_add(list, container_status(container, state, reason));
	return list;
}

/* ---- steps of a life ---- */

/* A claim that is missing or not bound keeps its pod Pending. "" when all is well. */
static void add_claim_problem(struct world *world, const struct json *pod, struct strbuf *out)
{
	const struct json *volume = json_first(json_get(pod, "spec.volumes"));
	struct json *claim;

	for (; volume && out->len == 0; volume = json_next(volume)) {
		const char *name = json_text(volume, "persistentVolumeClaim.claimName");

		if (!*name)
			continue;
		claim = world_get(world, "persistentvolumeclaims", object_namespace(pod), name);
		if (!claim)
			strbuf_addf(
				out,
				"0/1 nodes are available: persistentvolumeclaim \"%s\" not found.",
				name);
		else if (strcmp(object_phase(claim), "Bound") != 0)
			strbuf_adds(out, "0/1 nodes are available: pod has unbound immediate "
					 "PersistentVolumeClaims.");
		json_free(claim);
	}
}

static void note_unschedulable(struct world *world, const struct json *pod, const char *why)
{
	const struct json *told = json_first(json_get(pod, "status.conditions"));
	struct json *status, *list, *condition;

	if (strcmp(json_key_text(told, "message"), why) == 0)
		return;
	status = json_new_map();
	json_put_text(status, "phase", "Pending");
	list = json_put(status, "conditions", json_new_list());
	condition = add_condition(list, "PodScheduled", false);
	json_put_text(condition, "reason", "Unschedulable");
	json_put_text(condition, "message", why);
	world_put(world, "pods", pod, "status", status);
}

static void make_empty_dirs(struct world *world, const struct json *pod)
{
	const struct json *volume = json_first(json_get(pod, "spec.volumes"));
	struct strbuf path = STRBUF_INIT;

	for (; volume; volume = json_next(volume)) {
		strbuf_reset(&path);
		if (json_key(volume, "emptyDir") &&
		    world_volume_path(world, pod, json_key_text(volume, "name"), &path))
			(void)file_make_dirs(path.buf, 0700, NULL);
	}
	strbuf_done(&path);
}

static void schedule(struct world *world, const struct json *pod)
{
	const struct json *inits = json_get(pod, "spec.initContainers");
	struct json *patch = json_new_map(), *status = json_new_map();

	make_empty_dirs(world, pod);
	json_put_text(status, "phase", "Pending");
	json_put(status, "conditions", conditions(json_count(inits) == 0, false));
	json_put(status, "startTime", world_time(clock_now()));
	json_put_text(status, "hostIP", "127.0.0.1");
	json_put_text(status, "qosClass", "BestEffort");
	if (json_count(inits) > 0)
		json_put(status, "initContainerStatuses",
			 container_statuses(inits, CONTAINER_WAITS, "PodInitializing"));
	json_put(status, "containerStatuses",
		 container_statuses(json_get(pod, "spec.containers"), CONTAINER_WAITS,
				    json_count(inits) > 0 ? "PodInitializing"
							  : "ContainerCreating"));
	json_put_path(patch, "spec.nodeName", json_new_text(NODE_NAME));
	json_put(patch, "status", status);
	json_free(world_patch(world, "pods", pod, patch));
}

/* Has the current state lasted long enough to be seen? */
static bool has_lasted(const struct world *world, int64_t since, int64_t seconds)
{
	return world->fast || world->past || clock_now() - since >= seconds;
}

/* When the deletion was asked for: deletionTimestamp is when its grace ends. */
static int64_t ended(const struct json *pod)
{
	return clock_parse_rfc3339(json_text(pod, "metadata.deletionTimestamp")) -
	       json_int(pod, "metadata.deletionGracePeriodSeconds", 0);
}

static void start_init(struct world *world, const struct json *pod)
{
	world_put(world, "pods", pod, "status.initContainerStatuses",
		  container_statuses(json_get(pod, "spec.initContainers"), CONTAINER_RUNS, ""));
}

/* Every volume that is to come back is there. Those of an earlier restore of the same pod name have
 * another uid. */
static bool files_are_back(struct world *world, const struct json *pod)
{
	struct strbuf selector = STRBUF_INIT;
	struct json *list;
	const struct json *restore;
	bool back;

	strbuf_addf(&selector, "velero.io/pod-uid=%s", object_uid(pod));
	list = world_list(world, "podvolumerestores.velero.io", "", selector.buf);
	back = json_count(list) > 0;
	for (restore = json_first(list); restore; restore = json_next(restore))
		back = back && strcmp(object_phase(restore), "Completed") == 0;
	json_free(list);
	strbuf_done(&selector);
	return back;
}

/* What the init container restore-data of the admin console does: a database that came back with
 * the pod is loaded, once. */
static void restore_database(struct world *world, const struct json *pod)
{
	struct strbuf path = STRBUF_INIT;

	if (strcmp(object_label(pod, "app"), "kotsadm") == 0 &&
	    world_volume_path(world, pod, "backup", &path)) {
		strbuf_adds(&path, "/kotsadm-rqlite.sql");
		if (access(path.buf, F_OK) == 0 &&
		    kotsdb_load(world->kotsdb, path.buf, NULL) == STATUS_OK)
			unlink(path.buf);
	}
	strbuf_done(&path);
}

static void run(struct world *world, const struct json *pod)
{
	const struct json *inits = json_get(pod, "spec.initContainers");
	struct json *status = json_new_map();

	restore_database(world, pod);
	json_put_text(status, "phase", "Running");
	json_put_text(status, "podIP", "10.244.0.10");
	json_put(status, "conditions", conditions(true, true));
	if (json_count(inits) > 0)
		json_put(status, "initContainerStatuses",
			 container_statuses(inits, CONTAINER_DONE, ""));
	json_put(status, "containerStatuses",
		 container_statuses(json_get(pod, "spec.containers"), CONTAINER_RUNS, ""));
	world_put(world, "pods", pod, "status", status);
}

static bool waits_for_restore(const struct json *pod)
{
	return strcmp(json_key_text(json_first(json_get(pod, "spec.initContainers")), "name"),
		      HELPER) == 0;
}

static void step_pod(struct world *world, const struct json *pod)
{
	const struct json *init = json_first(json_get(pod, "status.initContainerStatuses"));
	int64_t started = clock_parse_rfc3339(json_text(pod, "status.startTime"));
	struct strbuf problem = STRBUF_INIT;

	if (!*json_text(pod, "spec.nodeName")) {
		add_claim_problem(world, pod, &problem);
		if (problem.len > 0)
			note_unschedulable(world, pod, problem.buf);
		else
			schedule(world, pod);
	} else if (strcmp(object_phase(pod), "Pending") == 0 && has_lasted(world, started, 1)) {
		if (init && json_get(init, "state.waiting"))
			start_init(world, pod);
		else if (!waits_for_restore(pod) ? has_lasted(world, started, 2)
						 : files_are_back(world, pod))
			run(world, pod);
	}
	strbuf_done(&problem);
}

/* ---- folders of emptyDirs ---- */

static bool has_uid(const struct json *pods, const char *uid)
{
	const struct json *pod;

	for (pod = json_first(pods); pod; pod = json_next(pod)) {
		if (strcmp(object_uid(pod), uid) == 0)
			return true;
	}
	return false;
}

static void remove_dead_dirs(struct world *world, const struct json *pods)
{
	struct strbuf path = STRBUF_INIT;
	const struct dirent *entry;
	size_t base;
	DIR *dir;

	world_add_path(world, &path, "pods");
	dir = opendir(path.buf);
	strbuf_addc(&path, '/');
	base = path.len;
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || has_uid(pods, entry->d_name))
			continue;
		strbuf_cut(&path, base);
		strbuf_adds(&path, entry->d_name);
		(void)folder_remove(path.buf, NULL);
	}
	if (dir)
		closedir(dir);
	strbuf_done(&path);
}

void workload_run_pods(struct world *world)
{
	struct json *pods = world_list(world, "pods", "", "");
	const struct json *pod;

	for (pod = json_first(pods); pod; pod = json_next(pod)) {
		if (!object_is_deleting(pod))
			step_pod(world, pod);
		else if (has_lasted(world, ended(pod), TERMINATING_S))
			world_bury(world, pod);
	}
	remove_dead_dirs(world, pods);
	json_free(pods);
}
