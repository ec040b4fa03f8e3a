/* What a pod waits for, in words: rows as the kubelet, the scheduler and Velero leave them. */
#include "backend/ops/pod_wait.h"

#include "backend/base/status.h"

#include <criterion/criterion.h>
#include <string.h>

#define POD(status)                                                                                \
	"{\"metadata\":{\"name\":\"web-0\"},\"spec\":{\"nodeName\":\"n1\"},\"status\":{" status "}}"
#define PENDING "\"phase\":\"Pending\","
#define WAITING(list, name, reason, message)                                                       \
	"\"" list "\":[{\"name\":\"" name "\",\"state\":{\"waiting\":{\"reason\":\"" reason        \
	"\",\"message\":\"" message "\"}}}]"
#define UNSCHEDULED(message)                                                                       \
	"\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":"              \
	"\"Unschedulable\",\"message\":\"" message "\"}]"
#define INIT "initContainerStatuses"

static const struct {
	const char *pod;
	enum pod_wait wait;
	const char *words;
} rows[] = {
	{ POD("\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]"),
	  POD_WELL, "" },
	{ POD("\"phase\":\"Succeeded\""), POD_WELL, "" },
	{ "{\"metadata\":{\"name\":\"web-0\",\"deletionTimestamp\":\"2026-11-21T01:00:00Z\"},"
	  "\"status\":{\"phase\":\"Pending\"}}",
	  POD_WELL, "" },
	{ POD(PENDING WAITING(INIT, "restore-wait", "ImagePullBackOff",
			      "Back-off pulling image velero:v1.18")),
	  POD_STUCK,
	  "pod web-0: init container restore-wait: its image cannot be pulled (Back-off pulling "
	  "image velero:v1.18)" },
	{ POD(PENDING WAITING("containerStatuses", "web", "ErrImagePull", "")), POD_STUCK,
	  "pod web-0: its image cannot be pulled" },
	{ POD(PENDING WAITING("containerStatuses", "web", "CreateContainerConfigError",
			      "configmap \\\"acme\\\" not found")),
	  POD_STUCK,
	  "pod web-0: a ConfigMap or Secret that it needs is not there (configmap \"acme\" not "
	  "found)" },
	{ POD("\"phase\":\"Running\"," WAITING("containerStatuses", "web", "CrashLoopBackOff", "")),
	  POD_STUCK, "pod web-0: it starts and ends again and again" },
	{ POD(PENDING UNSCHEDULED("0/3 nodes are available: pod has unbound immediate "
				  "PersistentVolumeClaims.")),
	  POD_STUCK,
	  "pod web-0: its claim is not bound: nothing makes a volume for it (0/3 nodes are "
	  "available: pod has unbound immediate PersistentVolumeClaims.)" },
	{ POD(PENDING UNSCHEDULED("persistentvolumeclaim data not found")), POD_STUCK,
	  "pod web-0: a claim that it mounts is not there (persistentvolumeclaim data not found)" },
	{ POD(PENDING UNSCHEDULED("0/1 nodes are available: 1 Insufficient memory.")), POD_STUCK,
	  "pod web-0: no node has the memory that it asks for (0/1 nodes are available: 1 "
	  "Insufficient memory.)" },
	{ POD(PENDING UNSCHEDULED("something new")), POD_STUCK,
	  "pod web-0: no node takes it (something new)" },
	{ POD(PENDING "\"" INIT "\":[{\"name\":\"restore-wait\",\"state\":{\"running\":{}}}]"),
	  POD_FILLING, "pod web-0: init container restore-wait waits for volume data" },
	{ POD(PENDING "\"" INIT "\":[{\"name\":\"restic-wait\",\"state\":{\"running\":{}}}]"),
	  POD_FILLING, "pod web-0: init container restic-wait waits for volume data" },
	{ POD(PENDING WAITING("containerStatuses", "web", "ContainerCreating", "")), POD_STARTING,
	  "pod web-0: ContainerCreating" },
	{ POD("\"phase\":\"Pending\""), POD_STARTING, "pod web-0: Pending" },
};

Test(pod_wait, is_said_with_its_reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct json *pod = json_parse(rows[i].pod, strlen(rows[i].pod), NULL);
		struct strbuf words = STRBUF_INIT;

		cr_assert(pod, "row %zu", i);
		cr_assert_eq(pod_wait_add(&words, pod), rows[i].wait, "row %zu: %s", i, words.buf);
		cr_assert_str_eq(words.buf, rows[i].words, "row %zu", i);
		strbuf_done(&words);
		json_free(pod);
	}
}

/* What Kubernetes says is foreign text, and may be long. */
Test(pod_wait, long_and_hostile_messages_are_cut_and_made_visible)
{
	static const char head[] =
		"{\"metadata\":{\"name\":\"web-0\"},\"status\":{" PENDING
		"\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\","
		"\"message\":\"\\u001b[2J";
	struct strbuf text = STRBUF_INIT, words = STRBUF_INIT;
	struct json *pod;

	strbuf_adds(&text, head);
	for (int i = 0; i < 500; i++)
		strbuf_addc(&text, 'x');
	strbuf_adds(&text, "\"}]}}");
	pod = json_parse(text.buf, text.len, NULL);
	cr_assert_eq(pod_wait_add(&words, pod), POD_STUCK);
	cr_assert_lt(words.len, 260);
	cr_assert_null(strchr(words.buf, '\033'));
	json_free(pod);
	strbuf_done(&text);
	strbuf_done(&words);
}

#define AGENT(node, ready)                                                                         \
	"{\"spec\":{\"nodeName\":\"" node "\"},\"status\":{\"phase\":\"Running\",\"conditions\":[" \
	"{\"type\":\"Ready\",\"status\":\"" ready "\"}]}}"

static const struct {
	const char *agents;
	bool want;
} agents[] = {
	{ "{\"items\":[" AGENT("n1", "True") "," AGENT("n2", "True") "]}", true },
	{ "{\"items\":[" AGENT("n2", "True") "]}", false },
	{ "{\"items\":[" AGENT("n1", "False") "]}", false },
	{ "{\"items\":[]}", false },
};

Test(pod_wait, an_agent_on_another_node_does_not_fill_it)
{
	for (size_t i = 0; i < ARRAY_SIZE(agents); i++) {
		struct json *list = json_parse(agents[i].agents, strlen(agents[i].agents), NULL);

		cr_assert_eq(pod_wait_has_agent(list, "n1"), agents[i].want, "row %zu", i);
		json_free(list);
	}
}

Test(pod_wait, of_its_events_the_last_warning_tells)
{
	static const char text[] =
		"{\"items\":[{\"type\":\"Warning\",\"reason\":\"FailedScheduling\",\"message\":"
		"\"x\","
		"\"lastTimestamp\":\"2026-11-21T01:00:00Z\"},{\"type\":\"Warning\",\"reason\":"
		"\"FailedMount\",\"message\":\"Unable to attach or mount volumes\","
		"\"lastTimestamp\":\"2026-11-21T01:02:00Z\"},{\"type\":\"Normal\",\"reason\":"
		"\"Pulled\","
		"\"message\":\"y\",\"lastTimestamp\":\"2026-11-21T01:03:00Z\"}]}";
	struct json *events = json_parse(text, strlen(text), NULL), *none = json_new_map();
	struct strbuf words = STRBUF_INIT;

	cr_assert(pod_wait_add_event(&words, events));
	cr_assert_str_eq(words.buf, "FailedMount (Unable to attach or mount volumes)");
	cr_assert_not(pod_wait_add_event(&words, none));
	json_free(events);
	json_free(none);
	strbuf_done(&words);
}
