/* A plan in words: titles of its steps, the order of its removal, and the same by hand. */
#include "backend/kots/labels.h"
#include "backend/kots/restore_plan.h"

#include <stdlib.h>
#include <string.h>

/* %s: the part's name; where one application is restored, "named" is not needed. */
static const struct {
	const char *doing, *done, *doing_named, *done_named;
} titles[RESTORE_STEPS] = {
	[STEP_RECORDED] = { "Writing the record", "Record written", NULL, NULL },
	[STEP_READY] = { "Waiting for Velero", "Velero ready, nothing else runs", NULL, NULL },
	[STEP_OLD_GONE] = { "Removing an older Restore", "No older Restore in the way", NULL,
			    NULL },
	[STEP_REMOVED] = { "Removing the application", "Application removed", "Removing %s",
			   "%s removed" },
	[STEP_CREATED] = { "Asking Velero to restore", "Velero has the Restore",
			   "Asking Velero for %s", "Velero has the Restore of %s" },
	[STEP_RESTORED] = { "Restoring", "Application restored", "Restoring %s", "%s restored" },
	[STEP_MARKED] = { "Marking the version as deployed", "Version marked as deployed",
			  "Marking the version of %s", "Version of %s marked as deployed" },
	[STEP_CHECKED] = { "Waiting for the pods", "Pods ready, claims bound",
			   "Waiting for the pods of %s", "Pods of %s ready" },
	[STEP_CONSOLE_UP] = { "Waiting for the Admin Console", "Admin Console answers", NULL,
			      NULL },
	[STEP_DATABASE] = { "Looking at its database", "Database restored", NULL, NULL },
};

const char *restore_step_title(enum restore_step step, bool done)
{
	if ((size_t)step >= RESTORE_STEPS)
		return "";
	return done ? titles[step].done : titles[step].doing;
}

void restore_plan_add_step(struct strbuf *out, const struct restore_plan *plan, size_t index,
			   bool done)
{
	const struct plan_step *step = &plan->steps[index];
	const struct restore_part *part = &plan->parts[step->part];
	const char *named, *at;

	if ((size_t)step->what >= RESTORE_STEPS)
		return;
	named = done ? titles[step->what].done_named : titles[step->what].doing_named;
	if (!named || (plan->part_count == 1 && !part->is_console)) {
		strbuf_adds(out, restore_step_title(step->what, done));
		return;
	}
	at = strstr(named, "%s");
	strbuf_add(out, named, (size_t)(at - named));
	if (part->is_console && at != named)
		strbuf_adds(out, "the ");
	strbuf_adds(out, part->title);
	strbuf_adds(out, at + strlen("%s"));
}

bool restore_step_changes(enum restore_step step)
{
	return step != STEP_RECORDED && step != STEP_READY && step != STEP_OLD_GONE;
}

/* 8.5 step 2; kinds that are not named go first. */
static const char *const delete_order[] = {
	"APIService",
	"Ingress",
	"IngressClass",
	"Service",
	"CronJob",
	"Job",
	"StatefulSet",
	"HorizontalPodAutoscaler",
	"Deployment",
	"ReplicaSet",
	"ReplicationController",
	"Pod",
	"DaemonSet",
	"RoleBinding",
	"Role",
	"ClusterRoleBinding",
	"ClusterRole",
	"CustomResourceDefinition",
	"PersistentVolumeClaim",
	"PersistentVolume",
	"StorageClass",
	"ConfigMap",
	"Secret",
	"ServiceAccount",
	"PodDisruptionBudget",
	"PodSecurityPolicy",
	"LimitRange",
	"ResourceQuota",
	"NetworkPolicy",
	"Namespace",
	"PriorityClass",
};

int restore_delete_rank(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(delete_order); i++)
		if (!strcmp(delete_order[i], kind))
			return (int)i + 1;
	return 0;
}

bool restore_kind_is_fleeting(const char *kind)
{
	static const char *const kinds[] = { "Pod",	      "ReplicaSet",	    "Endpoints",
					     "EndpointSlice", "ControllerRevision", "Event" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	return false;
}

/* ---- by hand ---- */

/* One word for a shell, whatever it holds. */
static void add_word(struct strbuf *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "-_./:@%+,=";

	if (*word && word[strspn(word, plain)] == '\0') {
		strbuf_adds(out, word);
		return;
	}
	strbuf_addc(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			strbuf_adds(out, "'\\''");
		else
			strbuf_addc(out, *word);
	}
	strbuf_addc(out, '\'');
}

static void add_command(struct strbuf *out, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		if (i)
			strbuf_addc(out, ' ');
		add_word(out, words[i]);
	}
	strbuf_addc(out, '\n');
}

/* kots restore, with what it needs here. */
static void add_kots_restore(struct strbuf *out, const struct restore_plan *plan,
			     const char *exclude)
{
	const char *words[10] = { "kubectl", "kots", "restore", "--from-backup", plan->backup };
	size_t count = 5;

	if (exclude)
		words[count++] = exclude;
	if (plan->minimal_rbac) {
		words[count++] = "--velero-namespace";
		words[count++] = plan->velero_namespace;
	}
	add_command(out, words);
}

/* A snapshot of one application has no command in kots: only the console's API takes it. */
static void add_kots(struct strbuf *out, const struct restore_plan *plan)
{
	if (plan->console_crashes) {
		strbuf_adds(out,
			    "# not by the Admin Console: a selector without matchLabels makes it "
			    "crash at every start\n");
		return;
	}
	if (plan->kind == RESTORE_FULL || plan->kind == RESTORE_CONSOLE_ONLY) {
		strbuf_adds(out, "# by kots\n");
		add_kots_restore(out, plan,
				 plan->kind == RESTORE_CONSOLE_ONLY ? "--exclude-apps" : NULL);
		return;
	}
	strbuf_adds(out, "# by the Admin Console, port 3000\n");
	if (plan->kind == RESTORE_APP_FROM_PARTIAL) {
		strbuf_addf(out, "# POST /api/v1/app/%s/snapshot/restore/%s\n", plan->app_slug,
			    plan->backup);
		return;
	}
	strbuf_addf(out, "# POST /api/v1/snapshot/%s/restore-apps {\"appSlugs\":[\"%s\"]}\n",
		    plan->backup, plan->app_slug);
	strbuf_adds(out, "# or all applications: kots has no command for one\n");
	add_kots_restore(out, plan, "--exclude-admin-console");
}

static bool is_removed(const struct plan_object *object)
{
	return object->in_cluster && !object->excluded;
}

struct removal {
	const struct plan_object *object;
};

static int by_rank(const void *a, const void *b)
{
	const struct plan_object *left = ((const struct removal *)a)->object,
				 *right = ((const struct removal *)b)->object;
	int order = restore_delete_rank(left->kind) - restore_delete_rank(right->kind);

	if (!order)
		order = strcmp(left->namespace, right->namespace);
	if (!order)
		order = strcmp(left->plural, right->plural);
	if (!order)
		order = strcmp(left->group, right->group);
	return order ? order : strcmp(left->name, right->name);
}

static bool is_same_kind(const struct plan_object *a, const struct plan_object *b)
{
	return !strcmp(a->plural, b->plural) && !strcmp(a->group, b->group) &&
	       !strcmp(a->namespace, b->namespace);
}

/* The objects of one kind and namespace: one line. Returns how many were taken. */
static size_t add_removal(struct strbuf *out, const struct removal *removals, size_t count)
{
	const struct plan_object *first = removals[0].object;
	struct strbuf resource = STRBUF_INIT;
	size_t taken = 0;

	strbuf_addf(&resource, "%s%s%s", first->plural, *first->group ? "." : "", first->group);
	strbuf_adds(out, "kubectl delete --ignore-not-found ");
	if (*first->namespace) {
		strbuf_adds(out, "--namespace ");
		add_word(out, first->namespace);
		strbuf_addc(out, ' ');
	}
	add_word(out, resource.buf);
	for (; taken < count && is_same_kind(first, removals[taken].object); taken++) {
		strbuf_addc(out, ' ');
		add_word(out, removals[taken].object->name);
	}
	strbuf_addc(out, '\n');
	strbuf_done(&resource);
	return taken;
}

static void add_removals(struct strbuf *out, const struct restore_plan *plan, size_t part)
{
	struct removal *sorted = mem_array(plan->object_count + 1, sizeof(*sorted));
	size_t count = 0;

	for (size_t i = 0; i < plan->object_count; i++)
		if (plan->objects[i].part == part && is_removed(&plan->objects[i]))
			sorted[count++].object = &plan->objects[i];
	qsort(sorted, count, sizeof(*sorted), by_rank);
	for (size_t i = 0; i < count;)
		i += add_removal(out, sorted + i, count - i);
	free(sorted);
}

static void add_restore(struct strbuf *out, const struct restore_part *part)
{
	strbuf_adds(out, "printf %s ");
	add_word(out, part->restore_json);
	strbuf_adds(out, " | kubectl create --filename -\n");
}

static void add_old(struct strbuf *out, const struct restore_plan *plan)
{
	for (size_t i = 0; i < plan->part_count; i++) {
		const char *old[] = { "kubectl",
				      "delete",
				      "--namespace",
				      plan->velero_namespace,
				      "--wait",
				      "--ignore-not-found",
				      "restores.velero.io",
				      plan->parts[i].restore,
				      NULL };

		add_command(out, old);
	}
}

static void add_part(struct strbuf *out, const struct restore_plan *plan, size_t index)
{
	const struct restore_part *part = &plan->parts[index];
	const char *look[] = { "velero",      "restore",     "describe",
			       part->restore, "--namespace", plan->velero_namespace,
			       "--details",   NULL };
	const char *wait[] = { "kubectl",
			       "wait",
			       "--namespace",
			       plan->console_namespace,
			       "--for=condition=Ready",
			       "--timeout=10m",
			       "pod",
			       "--selector",
			       "app=kotsadm",
			       NULL };

	strbuf_addf(out, "# what is there of %s\n",
		    part->is_console ? "the Admin Console" : part->app_slug);
	add_removals(out, plan, index);
	strbuf_adds(out, "# and what comes back\n");
	add_restore(out, part);
	add_command(out, look);
	if (part->is_console)
		add_command(out, wait);
	if (part->sequence >= 0)
		strbuf_addf(out,
			    "# then sequence %lld must be marked as deployed in the database of "
			    "the Admin Console\n",
			    (long long)part->sequence);
}

void restore_plan_add_commands(struct strbuf *out, const struct restore_plan *plan)
{
	add_kots(out, plan);
	strbuf_addf(out, "# or without it: %s\n",
		    plan->part_count > 1 ? "older Restores of these names"
					 : "an older Restore of this name");
	add_old(out, plan);
	for (size_t i = 0; i < plan->part_count; i++)
		add_part(out, plan, i);
}
