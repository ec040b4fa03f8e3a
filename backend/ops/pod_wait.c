#include "backend/ops/pod_wait.h"

#include "backend/base/safetext.h"
#include "backend/ops/restore_read.h"

#include <string.h>

#define MESSAGE_MOST 160 /* of what Kubernetes says; the rest is in the pod */

/* state.waiting.reason of a container: why it does not start. */
static const struct {
	const char *reason, *words;
} container_rows[] = {
	{ "ErrImagePull", "its image cannot be pulled" },
	{ "ImagePullBackOff", "its image cannot be pulled" },
	{ "ErrImageNeverPull", "its image is not on the node" },
	{ "InvalidImageName", "the name of its image is wrong" },
	{ "CreateContainerConfigError", "a ConfigMap or Secret that it needs is not there" },
	{ "CreateContainerError", "its container cannot be made" },
	{ "RunContainerError", "its container cannot be started" },
	{ "CrashLoopBackOff", "it starts and ends again and again" },
};

/* What the scheduler says of a pod that no node takes; the first that fits. */
static const struct {
	const char *part, *words;
} schedule_rows[] = {
	{ "unbound immediate PersistentVolumeClaims",
	  "its claim is not bound: nothing makes a volume for it" },
	{ "persistentvolumeclaim", "a claim that it mounts is not there" },
	{ "volume node affinity conflict", "its volume is on another node" },
	{ "Insufficient memory", "no node has the memory that it asks for" },
	{ "Insufficient cpu", "no node has the CPU that it asks for" },
	{ "untolerated taint", "a taint keeps it off the nodes" },
	{ "didn't match Pod's node affinity", "it asks for a node that is not there" },
};

static void add_message(struct strbuf *out, const char *message)
{
	size_t len = strlen(message);
	bool cut = len > MESSAGE_MOST;

	if (!len)
		return;
	strbuf_adds(out, " (");
	safetext_add(out, message, cut ? MESSAGE_MOST : len, false);
	strbuf_adds(out, cut ? "...)" : ")");
}

static void add_pod(struct strbuf *out, const struct json *pod)
{
	strbuf_addf(out, "pod %s: ", json_text(pod, "metadata.name"));
}

/* Velero's; older ones call it by the name of the program that copied. */
static bool is_velero_s(const struct json *container)
{
	const char *name = json_key_text(container, "name");

	return !strcmp(name, "restore-wait") || !strcmp(name, "restic-wait");
}

/* The first container of the list that waits for something to be mended. */
static bool add_stuck(struct strbuf *out, const struct json *pod, const char *list, bool init)
{
	const struct json *one = json_first(json_get(pod, list));

	for (; one; one = json_next(one)) {
		const char *reason = json_text(one, "state.waiting.reason");

		for (size_t i = 0; i < ARRAY_SIZE(container_rows); i++) {
			if (strcmp(container_rows[i].reason, reason) != 0)
				continue;
			add_pod(out, pod);
			if (init)
				strbuf_addf(out, "init container %s: ", json_key_text(one, "name"));
			strbuf_adds(out, container_rows[i].words);
			add_message(out, json_text(one, "state.waiting.message"));
			return true;
		}
	}
	return false;
}

static bool add_unscheduled(struct strbuf *out, const struct json *pod)
{
	const struct json *one = json_first(json_get(pod, "status.conditions"));
	const char *message = "", *words = "no node takes it";

	while (one && (strcmp(json_key_text(one, "type"), "PodScheduled") != 0 ||
		       strcmp(json_key_text(one, "status"), "False") != 0))
		one = json_next(one);
	if (!one)
		return false;
	message = json_key_text(one, "message");
	for (size_t i = ARRAY_SIZE(schedule_rows); i-- > 0;)
		if (strstr(message, schedule_rows[i].part))
			words = schedule_rows[i].words;
	add_pod(out, pod);
	strbuf_adds(out, words);
	add_message(out, message);
	return true;
}

static bool add_filling(struct strbuf *out, const struct json *pod)
{
	const struct json *one = json_first(json_get(pod, "status.initContainerStatuses"));

	for (; one; one = json_next(one)) {
		if (!is_velero_s(one) || !json_get(one, "state.running"))
			continue;
		add_pod(out, pod);
		strbuf_addf(out, "init container %s waits for volume data",
			    json_key_text(one, "name"));
		return true;
	}
	return false;
}

enum pod_wait pod_wait_add(struct strbuf *out, const struct json *pod)
{
	if (pod_is_well(pod) || *json_text(pod, "metadata.deletionTimestamp"))
		return POD_WELL;
	if (add_stuck(out, pod, "status.initContainerStatuses", true) ||
	    add_stuck(out, pod, "status.containerStatuses", false) || add_unscheduled(out, pod))
		return POD_STUCK;
	if (add_filling(out, pod))
		return POD_FILLING;
	add_pod(out, pod);
	strbuf_adds(out, pod_trouble(pod));
	return POD_STARTING;
}

bool pod_wait_has_agent(const struct json *agents, const char *node)
{
	const struct json *pod = json_first(json_get(agents, "items"));

	while (pod && (strcmp(json_text(pod, "spec.nodeName"), node) != 0 || !pod_is_well(pod)))
		pod = json_next(pod);
	return pod != NULL;
}

static const char *when_of(const struct json *event)
{
	const char *last = json_key_text(event, "lastTimestamp");

	return *last ? last : json_text(event, "metadata.creationTimestamp");
}

bool pod_wait_add_event(struct strbuf *out, const struct json *events)
{
	const struct json *event = json_first(json_get(events, "items")), *newest = NULL;

	for (; event; event = json_next(event))
		if (!strcmp(json_key_text(event, "type"), "Warning") &&
		    (!newest || strcmp(when_of(event), when_of(newest)) >= 0))
			newest = event;
	if (!newest)
		return false;
	safetext_add(out, json_key_text(newest, "reason"), strlen(json_key_text(newest, "reason")),
		     false);
	add_message(out, json_key_text(newest, "message"));
	return true;
}
