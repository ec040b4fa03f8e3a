#include "backend/kots/coverage.h"

#include "backend/kots/coverage_private.h"
#include "backend/kots/labels.h"
#include "backend/kube/object.h"
#include "backend/kube/quantity.h"

#include <stdlib.h>
#include <string.h>

/* ---- what a Backup takes ---- */

bool coverage_selects(const struct json *spec, const struct json *labels)
{
	const struct json *one = json_key(spec, "labelSelector"),
			  *any = json_key(spec, "orLabelSelectors");

	if (json_type(one) == JSON_MAP && !object_labels_match(one, labels))
		return false;
	for (const struct json *selector = json_first(any); selector;
	     selector = json_next(selector))
		if (object_labels_match(selector, labels))
			return true;
	return !json_count(any);
}

bool coverage_list_has(const struct json *list, const char *text)
{
	for (const struct json *one = json_first(list); one; one = json_next(one))
		if (!strcmp(json_value(one), text))
			return true;
	return false;
}

static bool has_any(const struct json *list, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (coverage_list_has(list, names[i]))
			return true;
	return false;
}

/* includedResources and excludedResources take a kind by any of its names. */
static const char *const pod_names[] = { "pods", "pod", "po", "*" };
static const char *const claim_names[] = { "persistentvolumeclaims", "persistentvolumeclaim", "pvc",
					   "*" };

static bool takes_kind(const struct json *spec, const char *const *names, size_t count)
{
	static const char *const in[] = { "includedResources", "includedNamespaceScopedResources" };
	static const char *const out[] = { "excludedResources",
					   "excludedNamespaceScopedResources" };

	for (size_t i = 0; i < ARRAY_SIZE(in); i++) {
		const struct json *list = json_key(spec, in[i]);

		if (json_count(list) && !has_any(list, names, count))
			return false;
		if (has_any(json_key(spec, out[i]), names, count))
			return false;
	}
	return true;
}

bool coverage_in_namespaces(const struct coverage_work *work, const char *namespace)
{
	const struct json *in = json_key(work->spec, "includedNamespaces");

	if (coverage_list_has(json_key(work->spec, "excludedNamespaces"), namespace))
		return false;
	return !json_count(in) || coverage_list_has(in, "*") || coverage_list_has(in, namespace);
}

static bool is_labelled_out(const struct json *labels)
{
	return !strcmp(json_key_text(labels, VELERO_EXCLUDE), "true");
}

/* ---- collecting ---- */

struct coverage_row *coverage_add(struct coverage_work *work, enum coverage_thing thing,
				  enum coverage_why why, const char *namespace, const char *name)
{
	struct coverage_row *row;

	work->rows = mem_grow(work->rows, work->count, &work->capacity, sizeof(*work->rows));
	row = &work->rows[work->count++];
	*row = (struct coverage_row){ .thing = thing,
				      .why = why,
				      .namespace = arena_text(&work->arena, namespace),
				      .name = arena_text(&work->arena, name),
				      .pod = "",
				      .volume = "",
				      .detail = "" };
	return row;
}

struct coverage_work *coverage_begin(const struct json *spec,
				     const struct coverage_options *options)
{
	struct coverage_work *work = mem_alloc(sizeof(*work));

	work->spec = spec;
	work->options = *options;
	work->copies_all = json_bool(spec, "defaultVolumesToFsBackup", options->copies_by_default);
	/* The old name counts where it says yes (spec/velero-api.md 2.1). */
	if (json_bool(spec, "defaultVolumesToRestic", false))
		work->copies_all = true;
	work->snapshots = options->has_snapshots && json_bool(spec, "snapshotVolumes", true);
	work->takes_pods = takes_kind(spec, pod_names, ARRAY_SIZE(pod_names));
	work->takes_claims = takes_kind(spec, claim_names, ARRAY_SIZE(claim_names));
	return work;
}

void coverage_free(struct coverage_work *work)
{
	if (!work)
		return;
	free(work->rows);
	free(work->scripts);
	free(work->claims);
	free(work->nodes.rows);
	free(work->host_paths.rows);
	free(work->namespaces.rows);
	free(work->hidden.rows);
	arena_done(&work->arena);
	free(work);
}

static void add_name(struct coverage_work *work, struct coverage_names *names, const char *name)
{
	names->rows = mem_grow(names->rows, names->count, &names->capacity, sizeof(*names->rows));
	names->rows[names->count++] = arena_text(&work->arena, name);
}

bool coverage_has(const struct coverage_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->rows[i], name))
			return true;
	return false;
}

void coverage_add_namespace(struct coverage_work *work, const struct json *object)
{
	const char *name = json_text(object, "metadata.name");

	add_name(work, &work->namespaces, name);
	/* Velero 1.10 and later leaves the whole namespace out. */
	if (is_labelled_out(json_get(object, "metadata.labels"))) {
		add_name(work, &work->hidden, name);
		if (coverage_in_namespaces(work, name))
			coverage_add(work, COVERAGE_NAMESPACE, COVERAGE_LABELLED_OUT, "", name);
	}
}

static bool is_ready(const struct json *pod)
{
	const struct json *one = json_first(json_get(pod, "status.conditions"));

	for (; one; one = json_next(one))
		if (!strcmp(json_key_text(one, "type"), "Ready"))
			return !strcmp(json_key_text(one, "status"), "True");
	return false;
}

void coverage_add_agent(struct coverage_work *work, const struct json *pod)
{
	/* Velero asks for the phase alone; an agent that is not ready copies nothing all the same.
	 */
	if (!strcmp(json_text(pod, "status.phase"), "Running") && is_ready(pod))
		add_name(work, &work->nodes, json_text(pod, "spec.nodeName"));
}

void coverage_add_volume(struct coverage_work *work, const struct json *volume)
{
	if (json_get(volume, "spec.hostPath"))
		add_name(work, &work->host_paths, json_text(volume, "metadata.name"));
}

void coverage_add_claim(struct coverage_work *work, const struct json *claim)
{
	struct coverage_claim *row;
	const char *namespace = json_text(claim, "metadata.namespace");
	const struct json *labels = json_get(claim, "metadata.labels");

	if (!coverage_in_namespaces(work, namespace))
		return;
	work->claims = mem_grow(work->claims, work->claim_count, &work->claim_capacity,
				sizeof(*work->claims));
	row = &work->claims[work->claim_count++];
	*row = (struct coverage_claim){
		.namespace = arena_text(&work->arena, namespace),
		.name = arena_text(&work->arena, json_text(claim, "metadata.name")),
		.volume = arena_text(&work->arena, json_text(claim, "spec.volumeName")),
		.size_bytes = quantity_bytes(json_text(claim, "spec.resources.requests.storage")),
		.is_selected = work->takes_claims && coverage_selects(work->spec, labels),
		.is_labelled_out = is_labelled_out(labels),
		.is_block = !strcmp(json_text(claim, "spec.volumeMode"), "Block"),
		.is_of_another = coverage_is_of_another(work, labels),
	};
	work->sorted = false;
}

static int by_claim(const void *a, const void *b)
{
	const struct coverage_claim *left = a, *right = b;
	int order = strcmp(left->namespace, right->namespace);

	return order ? order : strcmp(left->name, right->name);
}

struct coverage_claim *coverage_find_claim(struct coverage_work *work, const char *namespace,
					   const char *name)
{
	struct coverage_claim wanted = { .namespace = namespace, .name = name };

	if (!work->claim_count)
		return NULL;
	if (!work->sorted)
		qsort(work->claims, work->claim_count, sizeof(*work->claims), by_claim);
	work->sorted = true;
	return bsearch(&wanted, work->claims, work->claim_count, sizeof(*work->claims), by_claim);
}

bool coverage_takes_pod(const struct coverage_work *work, const struct json *pod,
			enum coverage_why *ret_why)
{
	const struct json *labels = json_get(pod, "metadata.labels");
	const char *namespace = json_text(pod, "metadata.namespace");

	*ret_why = COVERAGE_OUTSIDE;
	if (is_labelled_out(labels) || coverage_has(&work->hidden, namespace)) {
		*ret_why = COVERAGE_LABELLED_OUT;
		return false;
	}
	return work->takes_pods && coverage_selects(work->spec, labels);
}

/* ---- the end ---- */

/* Of claims that no pod brought in. */
static void add_lone_claims(struct coverage_work *work)
{
	for (size_t i = 0; i < work->claim_count; i++) {
		const struct coverage_claim *claim = &work->claims[i];
		struct coverage_row *row;
		enum coverage_why why = COVERAGE_NO_POD;

		if (claim->is_used || claim->is_of_another)
			continue;
		if (claim->is_labelled_out || coverage_has(&work->hidden, claim->namespace))
			why = COVERAGE_LABELLED_OUT;
		else if (!claim->is_selected)
			why = COVERAGE_OUTSIDE;
		else if (work->snapshots)
			why = COVERAGE_SNAPSHOT;
		row = coverage_add(work, COVERAGE_CLAIM, why, claim->namespace, claim->name);
		row->size_bytes = claim->size_bytes;
	}
}

static void add_missing_namespaces(struct coverage_work *work)
{
	const struct json *one = json_first(json_key(work->spec, "includedNamespaces"));

	for (; one; one = json_next(one)) {
		const char *name = json_value(one);

		/* Velero 1.18 takes patterns, which name nothing. */
		if (!*name || strpbrk(name, "*?[{") || coverage_has(&work->namespaces, name))
			continue;
		coverage_add(work, COVERAGE_NAMESPACE, COVERAGE_NO_NAMESPACE, "", name);
	}
}

static int by_name(const struct coverage_row *left, const struct coverage_row *right)
{
	int order = (int)left->thing - (int)right->thing;

	if (!order)
		order = strcmp(left->namespace, right->namespace);
	if (!order)
		order = strcmp(left->name, right->name);
	/* Volumes of two pods may have one name; a claim is one thing whoever mounts it. */
	if (!order && left->thing != COVERAGE_CLAIM)
		order = strcmp(left->pod, right->pod);
	return order;
}

static int by_name_and_why(const void *a, const void *b)
{
	const struct coverage_row *left = a, *right = b;
	int order = by_name(left, right);

	return order ? order : (int)left->why - (int)right->why;
}

static int rank_of(const struct coverage_row *row)
{
	static const int ranks[] = {
		[COVERAGE_LEFT_OUT] = 0, [COVERAGE_ASIDE] = 1, [COVERAGE_IN] = 2
	};

	return ranks[coverage_weight(row->why)];
}

static int by_weight(const void *a, const void *b)
{
	const struct coverage_row *left = a, *right = b;
	int order = rank_of(left) - rank_of(right);

	if (!order)
		order = (int)left->why - (int)right->why;
	return order ? order : by_name_and_why(a, b);
}

/* Without the console's own dump its claims hold the only copy. */
static void judge_dumps(struct coverage_work *work)
{
	for (size_t i = 0; i < work->count && !work->dumps; i++)
		if (work->rows[i].why == COVERAGE_DUMPED)
			work->rows[i].why = COVERAGE_NO_DUMP;
}

/* Each thing once: of a claim that two pods mount, the pod that brings it in. */
static void unite_rows(struct coverage_work *work)
{
	size_t kept = 0;

	if (!work->count)
		return;
	qsort(work->rows, work->count, sizeof(*work->rows), by_name_and_why);
	for (size_t i = 0; i < work->count; i++)
		if (!kept || by_name(&work->rows[kept - 1], &work->rows[i]) != 0)
			work->rows[kept++] = work->rows[i];
	work->count = kept;
	qsort(work->rows, work->count, sizeof(*work->rows), by_weight);
}

static void keep_rows(const struct coverage_work *work, struct arena *arena,
		      struct coverage *coverage)
{
	coverage->rows = arena_alloc(arena, work->count * sizeof(*work->rows) + 1);
	for (size_t i = 0; i < work->count; i++) {
		struct coverage_row row = work->rows[i];

		coverage->by_why[row.why]++;
		if (row.why == COVERAGE_COPIED)
			coverage->copied_bytes += row.size_bytes;
		row.namespace = arena_text(arena, row.namespace);
		row.name = arena_text(arena, row.name);
		row.pod = arena_text(arena, row.pod);
		row.volume = arena_text(arena, row.volume);
		row.detail = arena_text(arena, row.detail);
		coverage->rows[i] = row;
	}
	coverage->count = work->count;
}

static void keep_scripts(const struct coverage_work *work, struct arena *arena,
			 struct coverage *coverage)
{
	coverage->scripts = arena_alloc(arena, work->script_count * sizeof(*work->scripts) + 1);
	for (size_t i = 0; i < work->script_count; i++) {
		struct coverage_script script = work->scripts[i];

		script.namespace = arena_text(arena, script.namespace);
		script.pod = arena_text(arena, script.pod);
		script.container = arena_text(arena, script.container);
		script.command = arena_text(arena, script.command);
		script.timeout = arena_text(arena, script.timeout);
		script.on_error = arena_text(arena, script.on_error);
		coverage->scripts[i] = script;
	}
	coverage->script_count = work->script_count;
}

void coverage_end(struct coverage_work *work, bool namespaces_known, struct arena *arena,
		  struct coverage *ret_coverage)
{
	struct coverage coverage = { .pods = work->pods };

	add_lone_claims(work);
	if (namespaces_known)
		add_missing_namespaces(work);
	judge_dumps(work);
	unite_rows(work);
	keep_rows(work, arena, &coverage);
	keep_scripts(work, arena, &coverage);
	*ret_coverage = coverage;
	coverage_free(work);
}
