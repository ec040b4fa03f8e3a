#include "backend/ops/sweep.h"

#include "backend/kots/labels.h"
#include "backend/kube/object.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 6

const struct access_resource sweep_claims = {
	"", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true, true, true
};
const struct access_resource sweep_pods = { "", "v1", "pods", "Pod", true, true, true };

#define RBAC "rbac.authorization.k8s.io", "v1"
const struct access_resource sweep_console[SWEEP_CONSOLE] = {
	{ "", "v1", "services", "Service", true, true, true },
	{ "apps", "v1", "deployments", "Deployment", true, true, true },
	{ "apps", "v1", "statefulsets", "StatefulSet", true, true, true },
	{ "", "v1", "pods", "Pod", true, true, true },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true, true, true },
	{ "", "v1", "secrets", "Secret", true, true, true },
	{ "", "v1", "configmaps", "ConfigMap", true, true, true },
	{ RBAC, "clusterrolebindings", "ClusterRoleBinding", false, true, true },
	{ RBAC, "rolebindings", "RoleBinding", true, true, true },
	{ RBAC, "clusterroles", "ClusterRole", false, true, true },
	{ RBAC, "roles", "Role", true, true, true },
	{ "", "v1", "serviceaccounts", "ServiceAccount", true, true, true },
};

void sweep_add_console_namespaces(struct strbuf *out, const char *console_namespace, bool is_kurl)
{
	strbuf_adds(out, console_namespace);
	if (is_kurl && strcmp(console_namespace, "kurl") != 0)
		strbuf_adds(out, ",kurl");
}

/* What the source skips (8.5 step 4), and what must never be removed with an application. plural
 * NULL = the whole group. */
static const struct skipped {
	const char *group, *plural;
} skipped[] = {
	{ "", "bindings" },
	{ "", "events" },
	{ "events.k8s.io", NULL },
	{ "extensions", "replicationcontrollers" },
	{ "apps", "controllerrevisions" },
	{ "authentication.k8s.io", NULL },
	{ "authorization.k8s.io", NULL },
	{ "velero.io", NULL },
	{ "metrics.k8s.io", NULL },
};

struct sweep_task {
	struct sweep *sweep;
	const struct access_resource *resource;
	bool elsewhere; /* not the first namespace */
	uint64_t call;	/* 0 = free */
};

struct sweep {
	struct sweep_spec spec;
	char *namespaces, *app_slug;
	size_t row;	/* next one to be listed */
	const char *at; /* in namespaces: the next one of that row */
	struct sweep_task tasks[AT_ONCE];
	size_t under_way;
};

bool sweep_wants(const struct access_resource *resource)
{
	if (!resource->namespaced || !resource->can_list || !resource->can_delete)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(skipped); i++)
		if (!strcmp(resource->group, skipped[i].group) &&
		    (!skipped[i].plural || !strcmp(resource->plural, skipped[i].plural)))
			return false;
	return true;
}

bool sweep_is_excluded(const struct json *object)
{
	const struct json *labels = json_get(object, "metadata.labels");

	return !strcmp(json_key_text(labels, VELERO_EXCLUDE), "true");
}

bool sweep_pod_belongs(const struct json *pod, const char *app_slug, const struct json *selector)
{
	const struct json *labels = json_get(pod, "metadata.labels");

	return !strcmp(json_key_text(labels, KOTS_APP_SLUG), app_slug) &&
	       object_labels_match(selector, labels);
}

bool sweep_belongs(const struct json *object, const char *app_slug, const struct json *selector)
{
	const struct json *annotations = json_get(object, "metadata.annotations");

	return !strcmp(json_key_text(annotations, KOTS_APP_SLUG), app_slug) &&
	       sweep_pod_belongs(object, app_slug, selector);
}

static bool is_every_namespace(const char *namespaces)
{
	return !*namespaces || !strcmp(namespaces, "*");
}

bool sweep_in_namespaces(const char *namespaces, const char *name)
{
	size_t len = strlen(name);

	if (is_every_namespace(namespaces))
		return true;
	for (const char *at = namespaces; *at; at += strspn(at, ",")) {
		size_t part = strcspn(at, ",");

		if (part == len && !strncmp(at, name, len))
			return true;
		at += part;
	}
	return false;
}

static bool is_wanted(const struct sweep_spec *spec, size_t row)
{
	return spec->console || sweep_wants(&spec->rows[row]);
}

/* The next list to ask for; false when none is left. */
static bool next_list(struct sweep *sweep, const struct access_resource **ret_resource,
		      char **ret_namespace)
{
	size_t len;

	while (sweep->row < sweep->spec.count && !is_wanted(&sweep->spec, sweep->row))
		sweep->row++;
	if (sweep->row >= sweep->spec.count)
		return false;
	*ret_resource = &sweep->spec.rows[sweep->row];
	if (is_every_namespace(sweep->namespaces) || !(*ret_resource)->namespaced) {
		*ret_namespace = mem_text("");
		sweep->row++;
		return true;
	}
	if (!sweep->at)
		sweep->at = sweep->namespaces + strspn(sweep->namespaces, ",");
	len = strcspn(sweep->at, ",");
	*ret_namespace = mem_text_n(sweep->at, len);
	sweep->at += len;
	sweep->at += strspn(sweep->at, ",");
	if (!*sweep->at) {
		sweep->at = NULL;
		sweep->row++;
	}
	return true;
}

static void go_on(struct sweep *sweep);

static void finish(struct sweep *sweep, const struct error *err)
{
	void (*done)(void *arg, const struct error *err) = sweep->spec.done;
	void *arg = sweep->spec.arg;

	sweep_cancel(sweep);
	done(arg, err);
}

/* Under minimal RBAC there is nothing of the console beyond its own namespace. */
static bool may_be_forbidden(const struct sweep_task *task)
{
	return !task->resource->namespaced || task->elsewhere;
}

static void listed(void *arg, const struct json *reply, const struct error *err)
{
	struct sweep_task *task = arg;
	struct sweep *sweep = task->sweep;

	task->call = 0;
	sweep->under_way--;
	/* 404 and 405: discovery names kinds that an extension server does not list after all. */
	if (err && err->http != 404 && err->http != 405 &&
	    !(err->http == 403 && sweep->spec.console && may_be_forbidden(task))) {
		struct error copy = *err;

		finish(sweep, &copy);
		return;
	}
	for (const struct json *item = json_first(json_get(reply, "items")); item;
	     item = json_next(item))
		sweep->spec.object(sweep->spec.arg, task->resource, item);
	go_on(sweep);
}

static void ask(struct sweep *sweep, struct sweep_task *task, const char *namespace)
{
	const struct access_resource *row = task->resource;
	struct kube_kind kind = { row->group, row->version, row->plural };
	struct strbuf path = STRBUF_INIT, what = STRBUF_INIT, label = STRBUF_INIT;
	struct client_call call = { 0 };

	client_add_path(&path, &kind, namespace, NULL);
	task->elsewhere = !text_starts(sweep->namespaces, namespace);
	if (sweep->spec.console) {
		strbuf_query(&path, "labelSelector", KOTS_KOTSADM "=true");
	} else if (sweep->app_slug) {
		strbuf_addf(&label, "%s=%s", KOTS_APP_SLUG, sweep->app_slug);
		strbuf_query(&path, "labelSelector", label.buf);
	}
	strbuf_addf(&what, "list %s%s%s in %s", row->plural, *row->group ? "." : "", row->group,
		    *namespace ? namespace : "all namespaces");
	call.path = path.buf;
	call.what = what.buf;
	sweep->under_way++;
	task->call = client_call(sweep->spec.client, &call, listed, task);
	strbuf_done(&path);
	strbuf_done(&what);
	strbuf_done(&label);
}

static void go_on(struct sweep *sweep)
{
	char *namespace;

	for (size_t i = 0; i < AT_ONCE; i++) {
		struct sweep_task *task = &sweep->tasks[i];

		if (task->call)
			continue;
		if (!next_list(sweep, &task->resource, &namespace))
			break;
		ask(sweep, task, namespace);
		free(namespace);
	}
	if (!sweep->under_way)
		finish(sweep, NULL);
}

struct sweep *sweep_start(const struct sweep_spec *spec)
{
	struct sweep *sweep;
	size_t wanted = 0;

	for (size_t i = 0; i < spec->count; i++)
		wanted += is_wanted(spec, i);
	if (!wanted)
		return NULL;
	sweep = mem_alloc(sizeof(*sweep));
	sweep->spec = *spec;
	sweep->namespaces = mem_text(spec->namespaces);
	sweep->app_slug = spec->app_slug ? mem_text(spec->app_slug) : NULL;
	for (size_t i = 0; i < AT_ONCE; i++)
		sweep->tasks[i].sweep = sweep;
	go_on(sweep);
	return sweep;
}

void sweep_cancel(struct sweep *sweep)
{
	if (!sweep)
		return;
	for (size_t i = 0; i < AT_ONCE; i++)
		if (sweep->tasks[i].call)
			client_cancel(sweep->spec.client, sweep->tasks[i].call);
	free(sweep->namespaces);
	free(sweep->app_slug);
	free(sweep);
}
