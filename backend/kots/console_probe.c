/* The probe's questions, a row each, asked in stages: what a stage needs was found by those before
 * it. No single answer is necessary: what may not be read stays unknown. spec/kots-snapshots.md 1.1
 * to 1.9. */
#include "backend/base/clock.h"
#include "backend/kots/console.h"
#include "backend/kots/console_facts.h"

#include <stdlib.h>
#include <string.h>

enum stage { STAGE_AROUND, STAGE_HOME, STAGE_CONSOLE, STAGE_VELERO, STAGE_PODS, STAGE_DATABASE };

enum where { NOWHERE, KUBE_SYSTEM, HOME, DEFAULT, KOTSADM, CONSOLE, VELERO };

enum question_id {
	Q_VERSION,
	Q_NODES,
	Q_KURL,
	Q_VELERO,
	Q_DEPLOYMENTS,
	Q_STATEFULSETS,
	Q_HOME_DEPLOYMENTS,
	Q_HOME_STATEFULSETS,
	Q_DEFAULT_DEPLOYMENTS,
	Q_DEFAULT_STATEFULSETS,
	Q_VELERO_MAP,
	Q_BINDING,
	Q_REGISTRY,
	Q_REGISTRY_DEFAULT,
	Q_REGISTRY_KOTSADM,
	Q_VELERO_HERE,
	Q_AGENTS,
	Q_ROLE,
	Q_ROLEBINDING,
	Q_PODS,
	QUESTIONS
};
#define ALWAYS QUESTIONS

struct question {
	const char *what;
	struct kube_kind kind;
	const char *name;     /* one object; NULL = a list */
	const char *selected; /* a list of what has this name */
	enum stage stage;
	enum where where;
	enum question_id fallback; /* asked only when that one could not be answered */
};

#define DEPLOYMENTS                                                                                \
	{                                                                                          \
		"apps", "v1", "deployments"                                                        \
	}
#define STATEFULSETS                                                                               \
	{                                                                                          \
		"apps", "v1", "statefulsets"                                                       \
	}
#define CONFIGMAPS                                                                                 \
	{                                                                                          \
		"", "v1", "configmaps"                                                             \
	}
#define SECRETS                                                                                    \
	{                                                                                          \
		"", "v1", "secrets"                                                                \
	}
#define BINDINGS                                                                                   \
	{                                                                                          \
		"rbac.authorization.k8s.io", "v1", "clusterrolebindings"                           \
	}

/* clang-format off */
static const struct question questions[QUESTIONS] = {
	[Q_VERSION] = { "read the version of Kubernetes", { NULL, NULL, NULL }, NULL, NULL, STAGE_AROUND, NOWHERE, ALWAYS },
	[Q_NODES] = { "list nodes", { "", "v1", "nodes" }, NULL, NULL, STAGE_AROUND, NOWHERE, ALWAYS },
	[Q_KURL] = { "read ConfigMap kube-system/kurl-config", CONFIGMAPS, "kurl-config", NULL, STAGE_AROUND, KUBE_SYSTEM, ALWAYS },
	[Q_VELERO] = { "look for Velero", DEPLOYMENTS, NULL, "velero", STAGE_AROUND, NOWHERE, ALWAYS },
	[Q_DEPLOYMENTS] = { "look for the Admin Console", DEPLOYMENTS, NULL, "kotsadm", STAGE_AROUND, NOWHERE, ALWAYS },
	[Q_STATEFULSETS] = { "look for the Admin Console", STATEFULSETS, NULL, "kotsadm", STAGE_AROUND, NOWHERE, ALWAYS },
	[Q_HOME_DEPLOYMENTS] = { "look for the Admin Console", DEPLOYMENTS, NULL, "kotsadm", STAGE_HOME, HOME, Q_DEPLOYMENTS },
	[Q_HOME_STATEFULSETS] = { "look for the Admin Console", STATEFULSETS, NULL, "kotsadm", STAGE_HOME, HOME, Q_STATEFULSETS },
	[Q_DEFAULT_DEPLOYMENTS] = { "look for the Admin Console", DEPLOYMENTS, NULL, "kotsadm", STAGE_HOME, DEFAULT, Q_DEPLOYMENTS },
	[Q_DEFAULT_STATEFULSETS] = { "look for the Admin Console", STATEFULSETS, NULL, "kotsadm", STAGE_HOME, DEFAULT, Q_STATEFULSETS },
	[Q_VELERO_MAP] = { "read ConfigMap kotsadm-velero-namespace", CONFIGMAPS, "kotsadm-velero-namespace", NULL, STAGE_CONSOLE, CONSOLE, ALWAYS },
	[Q_BINDING] = { "read ClusterRoleBinding kotsadm-rolebinding", BINDINGS, "kotsadm-rolebinding", NULL, STAGE_CONSOLE, NOWHERE, ALWAYS },
	[Q_REGISTRY] = { "read Secret registry-creds", SECRETS, "registry-creds", NULL, STAGE_CONSOLE, CONSOLE, ALWAYS },
	[Q_REGISTRY_DEFAULT] = { "read Secret registry-creds", SECRETS, "registry-creds", NULL, STAGE_CONSOLE, DEFAULT, ALWAYS },
	[Q_REGISTRY_KOTSADM] = { "read Secret registry-creds", SECRETS, "registry-creds", NULL, STAGE_CONSOLE, KOTSADM, ALWAYS },
	[Q_VELERO_HERE] = { "look for Velero", DEPLOYMENTS, NULL, "velero", STAGE_VELERO, VELERO, Q_VELERO },
	[Q_AGENTS] = { "look for node agents", { "apps", "v1", "daemonsets" }, NULL, NULL, STAGE_VELERO, VELERO, ALWAYS },
	[Q_ROLE] = { "read Role kotsadm-role", { "rbac.authorization.k8s.io", "v1", "roles" }, "kotsadm-role", NULL, STAGE_VELERO, VELERO, ALWAYS },
	[Q_ROLEBINDING] = { "read RoleBinding kotsadm-rolebinding", { "rbac.authorization.k8s.io", "v1", "rolebindings" }, "kotsadm-rolebinding", NULL, STAGE_VELERO, VELERO, ALWAYS },
	[Q_PODS] = { "look at Velero's pods", { "", "v1", "pods" }, NULL, NULL, STAGE_PODS, VELERO, ALWAYS },
};
/* clang-format on */

struct ask {
	struct console_probe *probe;
	uint64_t id; /* 0 = not under way */
	struct json *reply;
	struct error err; /* code STATUS_OK: answered, or not asked */
};

struct console_probe {
	struct transport *transport;
	struct client *client;
	char *velero_namespace; /* asked for, "" = look */
	void (*done)(void *arg, const struct console *console, const struct error *err);
	void *arg;
	struct console *console;
	const char *velero_guess; /* where Velero is looked for, in the console's arena */
	enum stage stage;
	size_t pending;
	struct ask asks[QUESTIONS];
	struct console_execution *rows, *api; /* under way */
	struct json *apps;		      /* what the API answered */
};

void console_probe_cancel(struct console_probe *probe)
{
	if (!probe)
		return;
	for (size_t i = 0; i < QUESTIONS; i++) {
		if (probe->asks[i].id)
			client_cancel(probe->client, probe->asks[i].id);
		json_free(probe->asks[i].reply);
	}
	console_execute_cancel(probe->rows);
	console_execute_cancel(probe->api);
	json_free(probe->apps);
	console_unref(probe->console);
	free(probe->velero_namespace);
	free(probe);
}

static void finish(struct console_probe *probe, const struct error *failure)
{
	void (*done)(void *arg, const struct console *c, const struct error *e) = probe->done;
	void *arg = probe->arg;
	struct console *console = probe->console;
	struct error err = failure ? *failure : (struct error)ERROR_INIT;

	probe->console = NULL;
	console_probe_cancel(probe);
	done(arg, failure ? NULL : console, failure ? &err : NULL);
	console_unref(console);
}

static const struct json *reply_to(const struct console_probe *probe, enum question_id id)
{
	return probe->asks[id].reply;
}

static const char *home(const struct console_probe *probe)
{
	const struct kube_access *access = client_access(probe->client);

	return access->namespace && *access->namespace ? access->namespace : "default";
}

static const char *namespace_of(const struct console_probe *probe, enum where where)
{
	switch (where) {
	case KUBE_SYSTEM:
		return "kube-system";
	case HOME:
		return home(probe);
	case DEFAULT:
		return "default";
	case KOTSADM:
		return "kotsadm";
	case CONSOLE:
		return probe->console->namespace;
	case VELERO:
		return probe->velero_guess;
	case NOWHERE:
		break;
	}
	return "";
}

static bool is_wanted(const struct console_probe *probe, enum question_id id)
{
	const struct question *question = &questions[id];
	const char *namespace = namespace_of(probe, question->where);

	if (question->stage != probe->stage || (question->where != NOWHERE && !*namespace))
		return false;
	if (question->stage == STAGE_HOME &&
	    (*probe->console->namespace ||
	     (question->where == DEFAULT && !strcmp(home(probe), "default"))))
		return false;
	if (question->stage == STAGE_CONSOLE && !*probe->console->namespace)
		return false;
	/* Who may do everything needs no Role. */
	if ((id == Q_ROLE || id == Q_ROLEBINDING) &&
	    (probe->console->cluster_scoped || !*probe->console->namespace))
		return false;
	if (question->stage == STAGE_PODS && !*probe->console->velero_problem)
		return false;
	return question->fallback == ALWAYS || probe->asks[question->fallback].err.code;
}

static void enter_stage(struct console_probe *probe);
static void leave_stage(struct console_probe *probe);

static void answered(void *arg, const struct json *reply, const struct error *err)
{
	struct ask *ask = arg;
	struct console_probe *probe = ask->probe;

	ask->id = 0;
	if (err)
		ask->err = *err;
	else
		ask->reply = json_clone(reply);
	if (!--probe->pending)
		leave_stage(probe);
}

static void add_path(const struct console_probe *probe, enum question_id id, struct strbuf *path)
{
	const struct question *question = &questions[id];
	struct strbuf selector = STRBUF_INIT;

	if (!question->kind.plural) {
		strbuf_adds(path, "/version");
		return;
	}
	client_add_path(path, &question->kind, namespace_of(probe, question->where),
			question->name);
	if (question->selected) {
		strbuf_addf(&selector, "metadata.name=%s", question->selected);
		strbuf_query(path, "fieldSelector", selector.buf);
	}
	/* Of a larger cluster the server says how many remain. */
	if (id == Q_NODES)
		strbuf_query(path, "limit", "200");
	strbuf_done(&selector);
}

static void ask(struct console_probe *probe, enum question_id id)
{
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .what = questions[id].what };

	add_path(probe, id, &path);
	call.path = path.buf;
	probe->asks[id].probe = probe;
	probe->asks[id].id = client_call(probe->client, &call, answered, &probe->asks[id]);
	strbuf_done(&path);
}

/* ---- what each stage makes of its answers ---- */

static bool is_refusal(enum status code)
{
	return code == STATUS_FORBIDDEN || code == STATUS_NOT_FOUND;
}

/* Nothing was answered and not because we may not: then there is no cluster to describe. */
static const struct error *find_failure(const struct console_probe *probe)
{
	const struct error *first = NULL;

	for (size_t i = 0; i < QUESTIONS; i++) {
		const struct ask *one = &probe->asks[i];

		if (questions[i].stage != STAGE_AROUND)
			continue;
		if (one->reply || is_refusal(one->err.code))
			return NULL;
		if (!first && one->err.code)
			first = &one->err;
	}
	return first;
}

/* Not found and not permitted both mean "no kURL" to KOTS (1.7); no answer means nothing. */
static enum site_kind site_kind(const struct console_probe *probe)
{
	if (reply_to(probe, Q_KURL))
		return SITE_KURL;
	return is_refusal(probe->asks[Q_KURL].err.code) ? SITE_EXISTING : SITE_UNKNOWN;
}

/* Both forms exist while one replaces the other: the one that runs counts. */
static bool take_console(struct console_probe *probe, enum question_id deployments,
			 enum question_id statefulsets)
{
	const struct json *deployment =
		facts_find_named(reply_to(probe, deployments), "kotsadm", home(probe));
	const struct json *statefulset =
		facts_find_named(reply_to(probe, statefulsets), "kotsadm", home(probe));

	if (!deployment && !statefulset)
		return false;
	facts_take_workload(probe->console, statefulset ? statefulset : deployment);
	if (deployment && statefulset && !probe->console->kotsadm_running)
		facts_take_workload(probe->console, deployment);
	return true;
}

static const char *guess_velero(const struct console_probe *probe)
{
	const char *named = json_text(reply_to(probe, Q_VELERO_MAP), "data.veleroNamespace");
	const struct json *found;

	if (*probe->velero_namespace)
		return probe->velero_namespace;
	found = facts_find_named(reply_to(probe, Q_VELERO), "velero", named);
	if (found)
		return json_text(found, "metadata.namespace");
	if (!probe->asks[Q_VELERO].err.code)
		return "";
	return *named ? named : "velero";
}

/* Answered, also with "there is none". */
static bool was_answered(const struct console_probe *probe, enum question_id id)
{
	return reply_to(probe, id) || probe->asks[id].err.code == STATUS_NOT_FOUND;
}

static void take_access(struct console_probe *probe)
{
	const struct facts_access access = {
		.map = reply_to(probe, Q_VELERO_MAP),
		.role = reply_to(probe, Q_ROLE),
		.binding = reply_to(probe, Q_ROLEBINDING),
		.map_known = was_answered(probe, Q_VELERO_MAP),
		.role_known = was_answered(probe, Q_ROLE),
		.binding_known = was_answered(probe, Q_ROLEBINDING),
	};

	if (probe->console->cluster_scoped)
		probe->console->velero_access = ANSWER_YES;
	else if (*probe->console->namespace && was_answered(probe, Q_BINDING))
		facts_take_access(probe->console, &access);
}

static void take_velero(struct console_probe *probe)
{
	struct console *console = probe->console;
	const struct json *list = reply_to(probe, Q_VELERO);
	const struct json *found;

	if (!list)
		list = reply_to(probe, Q_VELERO_HERE);
	found = facts_find_named(list, "velero", probe->velero_guess);
	console->velero_absent = list && (!found || strcmp(json_text(found, "metadata.namespace"),
							   probe->velero_guess) != 0);
	if (found && !console->velero_absent) {
		facts_take_velero(console, found);
	} else if (*probe->velero_namespace || !list) {
		/* Who may not look has not found out that there is none. */
		console->velero_namespace = probe->velero_guess;
		console->velero_unread = !list;
		console->velero_problem =
			list ? "no Deployment velero there" : "its Deployment may not be read";
	}
	take_access(probe);
	console->agents_unread = probe->asks[Q_AGENTS].err.code != STATUS_OK;
	if (reply_to(probe, Q_AGENTS))
		facts_take_node_agents(console, reply_to(probe, Q_AGENTS));
}

static void note(struct console *console, const struct error *err)
{
	console->source_note = arena_text(&console->arena, err->text);
}

static void take_surroundings(struct console_probe *probe)
{
	struct console *console = probe->console;

	facts_take_version(console, reply_to(probe, Q_VERSION));
	facts_take_nodes(console, reply_to(probe, Q_NODES));
	console->kind = site_kind(probe);
	take_console(probe, Q_DEPLOYMENTS, Q_STATEFULSETS);
}

static void take_home(struct console_probe *probe)
{
	static const enum question_id wide[] = { Q_DEPLOYMENTS, Q_STATEFULSETS };

	if (*probe->console->namespace ||
	    take_console(probe, Q_HOME_DEPLOYMENTS, Q_HOME_STATEFULSETS) ||
	    take_console(probe, Q_DEFAULT_DEPLOYMENTS, Q_DEFAULT_STATEFULSETS))
		return;
	probe->console->source_note = "there is no Admin Console (kotsadm) in this cluster";
	for (size_t i = 0; i < ARRAY_SIZE(wide); i++)
		if (probe->asks[wide[i]].err.code) {
			note(probe->console, &probe->asks[wide[i]].err);
			probe->console->console_unread = true;
		}
}

static void take_console_facts(struct console_probe *probe)
{
	static const enum question_id registries[] = { Q_REGISTRY, Q_REGISTRY_DEFAULT,
						       Q_REGISTRY_KOTSADM };
	struct console *console = probe->console;

	if (reply_to(probe, Q_BINDING))
		facts_take_binding(console, reply_to(probe, Q_BINDING));
	for (size_t i = 0; i < ARRAY_SIZE(registries) && !*console->registry; i++)
		if (reply_to(probe, registries[i]))
			facts_take_registry(console, reply_to(probe, registries[i]));
	probe->velero_guess = arena_text(&console->arena, guess_velero(probe));
}

/* The API's answer is laid over that of the database, whichever comes first. */
static void meet(struct console_probe *probe)
{
	struct console *console = probe->console;
	struct error err = ERROR_INIT;

	if (probe->rows || probe->api)
		return;
	if (probe->apps && facts_take_api(console, probe->apps, &err))
		console->api_note = arena_text(&console->arena, err.text);
	if (console->source != SOURCE_NONE)
		console->source_as_of = clock_now();
	finish(probe, NULL);
}

static void apps_read(void *arg, const struct json *reply, const struct error *failure)
{
	struct console_probe *probe = arg;

	probe->api = NULL;
	if (failure)
		probe->console->api_note = arena_text(&probe->console->arena, failure->text);
	else
		probe->apps = json_clone(reply);
	meet(probe);
}

static void rows_read(void *arg, const struct json *reply, const struct error *failure)
{
	struct console_probe *probe = arg;
	struct error err = ERROR_INIT;

	probe->rows = NULL;
	if (failure)
		note(probe->console, failure);
	else if (facts_take_rows(probe->console, reply, &err))
		note(probe->console, &err);
	meet(probe);
}

/* Both at once: who is outside of the cluster waits for neither of them twice. */
static void ask_console(struct console_probe *probe)
{
	struct json *queries = facts_new_queries();
	struct console_statements statements = { .transport = probe->transport,
						 .client = probe->client,
						 .namespace = probe->console->namespace,
						 .statements = queries,
						 .done = rows_read,
						 .arg = probe };

	probe->rows = console_execute(&statements);
	statements.done = apps_read;
	if (probe->console->kotsadm_running)
		probe->api = console_ask_api(&statements);
	else
		probe->console->api_note = "the Admin Console does not run";
	json_free(queries);
}

static void leave_stage(struct console_probe *probe)
{
	const struct error *failure;

	switch (probe->stage) {
	case STAGE_AROUND:
		failure = find_failure(probe);
		if (failure) {
			finish(probe, failure);
			return;
		}
		take_surroundings(probe);
		break;
	case STAGE_HOME:
		take_home(probe);
		break;
	case STAGE_CONSOLE:
		take_console_facts(probe);
		break;
	case STAGE_VELERO:
		take_velero(probe);
		break;
	case STAGE_PODS:
		facts_take_velero_pods(probe->console, reply_to(probe, Q_PODS));
		break;
	case STAGE_DATABASE:
		finish(probe, NULL);
		return;
	}
	probe->stage++;
	enter_stage(probe);
}

static void enter_stage(struct console_probe *probe)
{
	bool wanted[QUESTIONS];

	if (probe->stage == STAGE_DATABASE && *probe->console->namespace) {
		ask_console(probe);
		return;
	}
	for (size_t i = 0; i < QUESTIONS; i++) {
		wanted[i] = is_wanted(probe, (enum question_id)i);
		probe->pending += wanted[i];
	}
	if (!probe->pending) {
		leave_stage(probe);
		return;
	}
	for (size_t i = 0; i < QUESTIONS; i++)
		if (wanted[i])
			ask(probe, (enum question_id)i);
}

struct console_probe *console_probe_start(const struct console_probe_spec *spec)
{
	struct console_probe *probe = mem_alloc(sizeof(*probe));

	probe->transport = spec->transport;
	probe->client = spec->client;
	probe->velero_namespace = mem_text(spec->velero_namespace);
	probe->done = spec->done;
	probe->arg = spec->arg;
	probe->console = console_new();
	probe->console->looked_at = clock_now();
	probe->velero_guess = "";
	enter_stage(probe);
	return probe;
}
