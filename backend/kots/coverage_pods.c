/* Pods and their volumes, judged in the order in which Velero's server does. */
#include "backend/kots/coverage_private.h"

#include "backend/kots/labels.h"

#include <string.h>

#define ANNOTATION_IN  "backup.velero.io/backup-volumes"
#define ANNOTATION_OUT "backup.velero.io/backup-volumes-excludes"

/* What comes from the API server and holds no data of its own. */
static const char *const sources[] = { "configMap", "secret", "projected", "downwardAPI" };

struct pod {
	const struct json *object;
	const char *namespace, *name, *phase, *node;
	const char *named, *excluded; /* the annotations' lists */
	bool has_ended, runs;
	bool is_of_console;
};

static void read_pod(const struct json *object, struct pod *pod)
{
	const struct json *annotations = json_get(object, "metadata.annotations");

	*pod = (struct pod){ .object = object,
			     .namespace = json_text(object, "metadata.namespace"),
			     .name = json_text(object, "metadata.name"),
			     .phase = json_text(object, "status.phase"),
			     .node = json_text(object, "spec.nodeName"),
			     .named = json_key_text(annotations, ANNOTATION_IN),
			     .excluded = json_key_text(annotations, ANNOTATION_OUT) };
	pod->has_ended = !strcmp(pod->phase, "Succeeded") || !strcmp(pod->phase, "Failed");
	pod->runs = !strcmp(pod->phase, "Running");
	pod->is_of_console =
		!strcmp(json_key_text(json_get(object, "metadata.labels"), KOTS_KOTSADM), "true");
}

/* Velero cuts at commas and nowhere else: a blank is part of a name. */
static bool list_has(const char *list, const char *name)
{
	size_t len = strlen(name);

	while (*list) {
		size_t here = strcspn(list, ",");

		if (here == len && !strncmp(list, name, len))
			return true;
		list += here + (list[here] == ',');
	}
	return false;
}

static bool is_plain_source(const struct json *volume)
{
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (json_key(volume, sources[i]))
			return true;
	return text_starts(json_key_text(volume, "name"), "default-token");
}

static bool is_among(const struct pod *pod, const char *path, const char *name)
{
	const struct json *container = json_first(json_get(pod->object, "spec.containers"));

	for (; container; container = json_next(container)) {
		const struct json *one = json_first(json_key(container, path));

		for (; one; one = json_next(one))
			if (!strcmp(json_key_text(one, "name"), name))
				return true;
	}
	return false;
}

/* A volume that is to be copied: whether Velero can. */
static enum coverage_why judge_copy(const struct coverage_work *work, const struct pod *pod,
				    const struct json *volume, const struct coverage_claim *claim)
{
	const char *name = json_key_text(volume, "name");

	if (pod->has_ended)
		return COVERAGE_POD_ENDED;
	if (!pod->runs)
		return COVERAGE_POD_NOT_RUNNING;
	if (work->options.agents_known && !coverage_has(&work->nodes, pod->node))
		return COVERAGE_NO_AGENT;
	if (json_key(volume, "hostPath") ||
	    (claim && *claim->volume && coverage_has(&work->host_paths, claim->volume)))
		return COVERAGE_HOST_PATH;
	if (is_among(pod, "volumeDevices", name) || (claim && claim->is_block))
		return COVERAGE_BLOCK;
	if (!is_among(pod, "volumeMounts", name))
		return COVERAGE_NOT_MOUNTED;
	return COVERAGE_COPIED;
}

static enum coverage_why judge(const struct coverage_work *work, const struct pod *pod,
			       const struct json *volume, const struct coverage_claim *claim,
			       bool is_claim)
{
	const char *name = json_key_text(volume, "name");
	bool wanted = work->copies_all ? !list_has(pod->excluded, name) && !is_plain_source(volume)
				       : list_has(pod->named, name);

	/* Of a volume that is copied Velero makes no snapshot. */
	if (wanted && is_claim && !claim)
		return COVERAGE_NO_CLAIM;
	/* By default folders of the node are left out, without a word. */
	if (wanted && work->copies_all && json_key(volume, "hostPath"))
		return COVERAGE_HOST_PATH;
	if (wanted)
		return judge_copy(work, pod, volume, claim);
	if (json_key(volume, "hostPath"))
		return COVERAGE_HOST_PATH;
	if (is_claim && work->snapshots)
		return COVERAGE_SNAPSHOT;
	if (work->copies_all)
		return COVERAGE_EXCLUDED;
	if (is_claim && pod->is_of_console)
		return COVERAGE_DUMPED;
	return json_key(volume, "emptyDir") ? COVERAGE_SCRATCH : COVERAGE_NOT_NAMED;
}

static const char *detail_of(enum coverage_why why, const struct pod *pod)
{
	if (why == COVERAGE_NO_AGENT)
		return pod->node;
	if (why == COVERAGE_POD_NOT_RUNNING || why == COVERAGE_POD_ENDED)
		return pod->phase;
	return "";
}

/* The name of the claim behind a volume, "" none. A generic ephemeral volume has one of its own. */
static void add_claim_name(struct strbuf *out, const struct pod *pod, const struct json *volume)
{
	strbuf_adds(out, json_text(volume, "persistentVolumeClaim.claimName"));
	if (!out->len && json_key(volume, "ephemeral"))
		strbuf_addf(out, "%s-%s", pod->name, json_key_text(volume, "name"));
}

static void add_pod_volume(struct coverage_work *work, const struct pod *pod,
			   const struct json *volume)
{
	const char *name = json_key_text(volume, "name");
	struct strbuf claim_name = STRBUF_INIT;
	struct coverage_claim *claim;
	struct coverage_row *row;
	enum coverage_why why;

	add_claim_name(&claim_name, pod, volume);
	claim = coverage_find_claim(work, pod->namespace, claim_name.buf);
	if (claim)
		claim->is_used = true;
	/* What an annotation names is copied whatever it is; otherwise there is nothing to lose. */
	if (!is_plain_source(volume) || (!work->copies_all && list_has(pod->named, name))) {
		why = judge(work, pod, volume, claim, claim_name.len > 0);
		row = coverage_add(work, claim_name.len ? COVERAGE_CLAIM : COVERAGE_VOLUME, why,
				   pod->namespace, claim_name.len ? claim_name.buf : name);
		row->pod = arena_text(&work->arena, pod->name);
		row->volume = arena_text(&work->arena, name);
		row->detail = arena_text(&work->arena, detail_of(why, pod));
		row->size_bytes = claim ? claim->size_bytes : 0;
	}
	strbuf_done(&claim_name);
}

static bool has_volume(const struct pod *pod, const char *name, size_t len)
{
	const struct json *volume = json_first(json_get(pod->object, "spec.volumes"));

	for (; volume; volume = json_next(volume)) {
		const char *one = json_key_text(volume, "name");

		if (strlen(one) == len && !strncmp(one, name, len))
			return true;
	}
	return false;
}

/* A slip of the pen in the annotation: "data, logs" names " logs". */
static void add_unknown_names(struct coverage_work *work, const struct pod *pod)
{
	const char *list = work->copies_all ? "" : pod->named;

	while (*list) {
		size_t len = strcspn(list, ",");

		if (!has_volume(pod, list, len)) {
			struct coverage_row *row;

			row = coverage_add(work, COVERAGE_VOLUME, COVERAGE_NO_SUCH_VOLUME,
					   pod->namespace, "");
			row->name = arena_text_n(&work->arena, list, len);
			row->pod = arena_text(&work->arena, pod->name);
			row->volume = row->name;
		}
		list += len + (list[len] == ',');
	}
}

bool coverage_is_of_another(const struct coverage_work *work, const struct json *labels)
{
	const char *ours = json_text(work->spec, "labelSelector.matchLabels.[" KOTS_APP_SLUG "]");
	const char *theirs = json_key_text(labels, KOTS_APP_SLUG);

	if (!*ours)
		return false;
	return (*theirs && strcmp(ours, theirs) != 0) || json_key(labels, KOTS_KOTSADM);
}

/* Its claims lie outside with it, unless another pod brings them in. */
static void add_outside_pod(struct coverage_work *work, const struct pod *pod,
			    enum coverage_why why)
{
	const struct json *labels = json_get(pod->object, "metadata.labels");
	const struct json *volume = json_first(json_get(pod->object, "spec.volumes"));
	bool of_another = coverage_is_of_another(work, labels);

	if (of_another)
		for (; volume; volume = json_next(volume)) {
			struct coverage_claim *claim = coverage_find_claim(
				work, pod->namespace,
				json_text(volume, "persistentVolumeClaim.claimName"));

			if (claim)
				claim->is_of_another = true;
		}
	else
		coverage_add(work, COVERAGE_POD, why, pod->namespace, pod->name);
}

/* kotsadm's pod, whose hook fills the volume `backup` (spec/kots-snapshots.md 2.12). */
static bool makes_dump(const struct pod *pod)
{
	const struct json *labels = json_get(pod->object, "metadata.labels");
	const struct json *annotations = json_get(pod->object, "metadata.annotations");

	return pod->runs && pod->is_of_console && *pod->named &&
	       !strcmp(json_key_text(labels, "app"), "kotsadm") &&
	       *json_key_text(annotations, "pre.hook.backup.velero.io/command");
}

void coverage_add_pod(struct coverage_work *work, const struct json *object)
{
	const struct json *volume = json_first(json_get(object, "spec.volumes"));
	struct coverage_row *row;
	enum coverage_why why;
	struct pod pod;

	read_pod(object, &pod);
	if (!coverage_in_namespaces(work, pod.namespace))
		return;
	if (!coverage_takes_pod(work, object, &why)) {
		add_outside_pod(work, &pod, why);
		return;
	}
	work->pods++;
	work->dumps |= makes_dump(&pod);
	if (pod.has_ended) {
		row = coverage_add(work, COVERAGE_POD, COVERAGE_ENDED, pod.namespace, pod.name);
		row->detail = arena_text(&work->arena, pod.phase);
	} else {
		coverage_add_scripts(work, object);
	}
	for (; volume; volume = json_next(volume))
		add_pod_volume(work, &pod, volume);
	add_unknown_names(work, &pod);
}
