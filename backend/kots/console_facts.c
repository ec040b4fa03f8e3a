#include "backend/kots/console_facts.h"

#include <string.h>

const struct json *facts_find_named(const struct json *list, const char *name,
				    const char *preferred)
{
	const struct json *items = json_key(list, "items"), *found = NULL;

	if (json_type(items) != JSON_LIST)
		return !strcmp(json_text(list, "metadata.name"), name) ? list : NULL;
	for (const struct json *item = json_first(items); item; item = json_next(item)) {
		if (strcmp(json_text(item, "metadata.name"), name) != 0)
			continue;
		if (!strcmp(json_text(item, "metadata.namespace"), preferred))
			return item;
		if (!found)
			found = item;
	}
	return found;
}

static const struct json *containers_of(const struct json *workload)
{
	return json_get(workload, "spec.template.spec.containers");
}

static const struct json *find_container(const struct json *workload, const char *name)
{
	const struct json *one = json_first(containers_of(workload));

	while (one && strcmp(json_key_text(one, "name"), name) != 0)
		one = json_next(one);
	return one;
}

static const char *env_of(const struct json *container, const char *name)
{
	const struct json *one = json_first(json_key(container, "env"));

	while (one && strcmp(json_key_text(one, "name"), name) != 0)
		one = json_next(one);
	return json_key_text(one, "value");
}

/* "registry:5000/velero/velero:v1.18.2@sha256:..." has version "1.18.2"; a digest alone has none.
 */
static const char *image_version(struct arena *arena, const char *image)
{
	const char *name = strrchr(image, '/');
	const char *tag = strchr(name ? name : image, ':');
	const char *digest = strchr(image, '@');

	if (!tag || (digest && digest < tag))
		return "";
	tag++;
	if (*tag == 'v')
		tag++;
	return arena_text_n(arena, tag, digest ? (size_t)(digest - tag) : strlen(tag));
}

void facts_take_version(struct console *console, const struct json *version)
{
	const char *text = json_text(version, "gitVersion");

	console->kubernetes_version = arena_text(&console->arena, text + (*text == 'v'));
}

bool facts_is_embedded(const struct json *workload)
{
	const struct json *labels = json_get(workload, "metadata.labels");

	return *env_of(find_container(workload, "kotsadm"), "EMBEDDED_CLUSTER_ID") ||
	       !strcmp(json_key_text(labels, "replicated.com/disaster-recovery-chart"),
		       "admin-console");
}

static bool has_ready_pods(const struct json *workload)
{
	return json_int(workload, "status.availableReplicas", 0) > 0 ||
	       json_int(workload, "status.readyReplicas", 0) > 0;
}

void facts_take_workload(struct console *console, const struct json *workload)
{
	const struct json *container = find_container(workload, "kotsadm");
	struct arena *arena = &console->arena;
	const char *target = env_of(container, "KOTSADM_TARGET_NAMESPACE");

	console->namespace = arena_text(arena, json_text(workload, "metadata.namespace"));
	console->app_namespace = *target ? arena_text(arena, target) : console->namespace;
	console->kotsadm_image = arena_text(arena, json_key_text(container, "image"));
	console->kots_version = image_version(arena, console->kotsadm_image);
	console->kotsadm_running = has_ready_pods(workload);
	if (container)
		console->airgap = !strcmp(env_of(container, "DISABLE_OUTBOUND_CONNECTIONS"), "true")
					  ? ANSWER_YES
					  : ANSWER_NO;
	if (facts_is_embedded(workload))
		console->kind = SITE_EMBEDDED;
}

void facts_take_velero(struct console *console, const struct json *deployment)
{
	struct arena *arena = &console->arena;
	int64_t wanted = json_int(deployment, "spec.replicas", 1);
	int64_t available = json_int(deployment, "status.availableReplicas", 0);
	struct strbuf problem = STRBUF_INIT;

	console->velero_namespace = arena_text(arena, json_text(deployment, "metadata.namespace"));
	console->velero_version =
		image_version(arena, json_key_text(json_first(containers_of(deployment)), "image"));
	console->velero_running = available > 0;
	if (!wanted)
		strbuf_adds(&problem, "scaled to 0");
	else if (!available)
		strbuf_addf(&problem, "%lld of %lld replica%s", (long long)available,
			    (long long)wanted, wanted == 1 ? "" : "s");
	console->velero_problem = arena_text(arena, problem.buf);
	strbuf_done(&problem);
}

/* The first thing that stands in the way of a pod. */
static const char *pod_problem(const struct json *pod)
{
	static const char *const states[] = { "state.waiting.reason", "state.terminated.reason" };
	static const char *const lists[] = { "status.initContainerStatuses",
					     "status.containerStatuses" };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		const struct json *one = json_first(json_get(pod, lists[i]));

		for (; one; one = json_next(one)) {
			const char *reason = json_text(one, states[0]);

			if (!*reason)
				reason = json_text(one, states[1]);
			if (*reason && strcmp(reason, "PodInitializing") != 0 &&
			    strcmp(reason, "Completed") != 0)
				return reason;
		}
	}
	for (const struct json *one = json_first(json_get(pod, "status.conditions")); one;
	     one = json_next(one))
		if (!strcmp(json_key_text(one, "type"), "PodScheduled") &&
		    !strcmp(json_key_text(one, "status"), "False"))
			return json_key_text(one, "reason");
	return json_text(pod, "status.reason");
}

void facts_take_velero_pods(struct console *console, const struct json *pods)
{
	const struct json *pod = json_first(json_key(pods, "items"));
	struct strbuf problem = STRBUF_INIT;

	for (; pod; pod = json_next(pod)) {
		const struct json *owner = json_first(json_get(pod, "metadata.ownerReferences"));

		/* Maintenance jobs, data movers and agents run in the same namespace. */
		if (strcmp(json_key_text(owner, "kind"), "ReplicaSet") != 0 ||
		    !text_starts(json_text(pod, "metadata.name"), "velero-") || !*pod_problem(pod))
			continue;
		strbuf_addf(&problem, "%s, %s", console->velero_problem, pod_problem(pod));
		console->velero_problem = arena_text(&console->arena, problem.buf);
		break;
	}
	strbuf_done(&problem);
}

/* "node-agent" from Velero 1.10 on, "restic" before; the label finds one that was renamed. */
static const struct json *find_agents(const struct json *daemonsets)
{
	const struct json *found = facts_find_named(daemonsets, "node-agent", "");
	const struct json *one = json_first(json_key(daemonsets, "items"));

	if (!found)
		found = facts_find_named(daemonsets, "restic", "");
	for (; one && !found; one = json_next(one)) {
		const struct json *labels = json_get(one, "metadata.labels");

		if (!strcmp(json_key_text(labels, "component"), "velero") ||
		    !strcmp(json_key_text(labels, "app.kubernetes.io/name"), "velero"))
			found = one;
	}
	return found;
}

void facts_take_node_agents(struct console *console, const struct json *daemonsets)
{
	const struct json *agents = find_agents(daemonsets);

	console->node_agents_wanted = json_int(agents, "status.desiredNumberScheduled", 0);
	console->node_agents_ready = json_int(agents, "status.numberAvailable", 0);
	console->node_agent_running =
		console->node_agents_ready > 0 && !json_int(agents, "status.numberUnavailable", 0);
}

/* A subject without a namespace counts as one of `default` (1.6). */
void facts_take_binding(struct console *console, const struct json *binding)
{
	const struct json *one = json_first(json_key(binding, "subjects"));

	for (; one; one = json_next(one)) {
		const char *namespace = json_key_text(one, "namespace");

		if (!strcmp(json_key_text(one, "kind"), "ServiceAccount") &&
		    !strcmp(json_key_text(one, "name"), "kotsadm") &&
		    !strcmp(*namespace ? namespace : "default", console->namespace))
			console->cluster_scoped = true;
	}
}

void facts_take_access(struct console *console, const struct facts_access *access)
{
	const struct {
		const char *what;
		bool known, there;
	} needs[] = {
		{ "ConfigMap kotsadm-velero-namespace", access->map_known,
		  *json_text(access->map, "data.veleroNamespace") != '\0' },
		{ "Role kotsadm-role", access->role_known, access->role != NULL },
		{ "RoleBinding kotsadm-rolebinding", access->binding_known,
		  access->binding != NULL },
	};

	console->velero_access = ANSWER_YES;
	for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
		if (needs[i].there)
			continue;
		if (needs[i].known) {
			console->velero_access = ANSWER_NO;
			console->velero_lacks = needs[i].what;
			return;
		}
		console->velero_access = ANSWER_UNKNOWN;
	}
}

void facts_take_nodes(struct console *console, const struct json *nodes)
{
	const struct json *node = json_first(json_key(nodes, "items"));
	struct strbuf addresses = STRBUF_INIT;

	console->nodes = (int64_t)json_count(json_key(nodes, "items")) +
			 json_int(nodes, "metadata.remainingItemCount", 0);
	for (; node; node = json_next(node)) {
		const struct json *one = json_first(json_get(node, "status.addresses"));

		for (; one; one = json_next(one))
			strbuf_addf(&addresses, " %s ", json_key_text(one, "address"));
	}
	console->node_addresses = arena_text(&console->arena, addresses.buf);
	strbuf_done(&addresses);
}

void facts_add_secret(struct strbuf *out, const struct json *secret, const char *key)
{
	const char *text = json_key_text(json_key(secret, "data"), key);

	strbuf_add_unbase64(out, text, strlen(text), NULL);
}

static bool is_registry_login(const struct json *entry)
{
	static const char *const users[] = { "kurl", "embedded-cluster" };
	const char *auth = json_key_text(entry, "auth");
	struct strbuf login = STRBUF_INIT;
	bool found = false;

	strbuf_add_unbase64(&login, auth, strlen(auth), NULL);
	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		size_t len = strlen(users[i]);

		if (!strcmp(json_key_text(entry, "username"), users[i]) ||
		    (text_starts(login.buf, users[i]) && login.buf[len] == ':'))
			found = true;
	}
	mem_wipe(login.buf, login.len);
	strbuf_done(&login);
	return found;
}

bool facts_take_registry(struct console *console, const struct json *secret)
{
	struct strbuf text = STRBUF_INIT;
	struct json *config;
	const struct json *entry;

	facts_add_secret(&text, secret, ".dockerconfigjson");
	config = json_parse(text.buf, text.len, NULL);
	entry = json_first(json_key(config, "auths"));
	while (entry && !is_registry_login(entry))
		entry = json_next(entry);
	if (entry)
		console->registry = arena_text(&console->arena, json_name(entry));
	json_free(config);
	mem_wipe(text.buf, text.len);
	strbuf_done(&text);
	return entry != NULL;
}
