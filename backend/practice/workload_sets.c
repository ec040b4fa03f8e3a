#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/practice/workload.h"

#include <stdlib.h>
#include <string.h>

#define HASH_LABEL "pod-template-hash"
#define HASH_LEN   10

/* "a=b,c=d" of spec.selector.matchLabels. */
static void add_selector(const struct json *set, struct strbuf *out)
{
	const struct json *label = json_first(json_get(set, "spec.selector.matchLabels"));

	for (; label; label = json_next(label))
		strbuf_addf(out, "%s%s=%s", out->len > 0 ? "," : "", json_name(label),
			    json_value(label));
}

static struct json *pods_of(struct world *world, const struct json *set)
{
	struct strbuf selector = STRBUF_INIT;
	struct json *pods;

	add_selector(set, &selector);
	pods = world_list(world, "pods", object_namespace(set), selector.buf);
	strbuf_done(&selector);
	return pods;
}

/* What a restore brought back belongs to its controller again. */
static void adopt(struct world *world, const char *resource, const struct json *object,
		  const struct json *owner)
{
	if (json_count(json_get(object, "metadata.ownerReferences")) == 0)
		world_put(world, resource, object, "metadata.ownerReferences", world_owner(owner));
}

static struct json *pod_of(const struct json *set)
{
	const struct json *template = json_get(set, "spec.template");
	struct json *pod = json_new_map();
	const struct json *annotations = json_get(template, "metadata.annotations");

	json_put_path(pod, "metadata.namespace", json_new_text(object_namespace(set)));
	json_put_path(pod, "metadata.labels", json_clone(json_get(template, "metadata.labels")));
	if (annotations)
		json_put_path(pod, "metadata.annotations", json_clone(annotations));
	json_put_path(pod, "metadata.ownerReferences", world_owner(set));
	json_put(pod, "spec", json_clone(json_key(template, "spec")));
	return pod;
}

/* ---- replica sets and daemon sets: any pods will do ---- */

static void scale_pods(struct world *world, const struct json *set, int64_t wanted)
{
	struct json *pods = pods_of(world, set);
	const struct json *pod;
	int64_t there = 0;
	struct json *made;

	for (pod = json_first(pods); pod; pod = json_next(pod)) {
		if (object_is_deleting(pod))
			continue;
		if (++there > wanted)
			world_delete(world, "pods", pod);
		else
			adopt(world, "pods", pod, set);
	}
	for (; there < wanted; there++) {
		struct strbuf prefix = STRBUF_INIT;

		made = pod_of(set);
		strbuf_addf(&prefix, "%s-", object_name(set));
		json_put_path(made, "metadata.generateName", json_new_text(prefix.buf));
		json_free(world_create(world, "pods", made, NULL));
		strbuf_done(&prefix);
	}
	json_free(pods);
}

/* ---- deployments ---- */

static void template_hash(const struct json *deployment, char ret_hash[SHA256_HEX])
{
	struct strbuf text = STRBUF_INIT;

	json_print(json_get(deployment, "spec.template"), &text);
	sha256_hex(text.buf, text.len, ret_hash);
	ret_hash[HASH_LEN] = '\0';
	strbuf_done(&text);
}

static struct json *replica_set_of(const struct json *deployment, const char *hash,
				   const char *name)
{
	struct json *set = json_new_map(), *spec = json_new_map();
	const struct json *annotations = json_get(deployment, "metadata.annotations");

	json_put_path(set, "metadata.name", json_new_text(name));
	json_put_path(set, "metadata.namespace", json_new_text(object_namespace(deployment)));
	json_put_path(set, "metadata.labels",
		      json_clone(json_get(deployment, "spec.template.metadata.labels")));
	json_put_path(set, "metadata.labels." HASH_LABEL, json_new_text(hash));
	if (annotations)
		json_put_path(set, "metadata.annotations", json_clone(annotations));
	json_put_path(set, "metadata.annotations.[deployment.kubernetes.io/revision]",
		      json_new_text("1"));
	json_put_path(set, "metadata.ownerReferences", world_owner(deployment));
	json_put(spec, "replicas",
		 json_new_number((double)json_int(deployment, "spec.replicas", 1)));
	json_put(spec, "selector", json_clone(json_get(deployment, "spec.selector")));
	json_put_path(spec, "selector.matchLabels." HASH_LABEL, json_new_text(hash));
	json_put(spec, "template", json_clone(json_get(deployment, "spec.template")));
	json_put_path(spec, "template.metadata.labels." HASH_LABEL, json_new_text(hash));
	json_put(set, "spec", spec);
	return set;
}

/* Those of an older template are scaled down. */
static void retire_others(struct world *world, const struct json *deployment, const char *current)
{
	struct json *sets = world_list(world, "replicasets.apps", object_namespace(deployment), "");
	const struct json *set;

	for (set = json_first(sets); set; set = json_next(set)) {
		const struct json *owner = json_first(json_get(set, "metadata.ownerReferences"));

		if (strcmp(json_key_text(owner, "uid"), object_uid(deployment)) != 0 ||
		    strcmp(object_name(set), current) == 0 ||
		    json_int(set, "spec.replicas", 0) == 0)
			continue;
		world_put(world, "replicasets.apps", set, "spec.replicas", json_new_number(0));
	}
	json_free(sets);
}

static void scale_deployment(struct world *world, const struct json *deployment)
{
	struct strbuf name = STRBUF_INIT;
	struct json *set;
	int64_t wanted = json_int(deployment, "spec.replicas", 1);
	char hash[SHA256_HEX];

	template_hash(deployment, hash);
	strbuf_addf(&name, "%s-%s", object_name(deployment), hash);
	set = world_get(world, "replicasets.apps", object_namespace(deployment), name.buf);
	if (!set) {
		json_free(world_create(world, "replicasets.apps",
				       replica_set_of(deployment, hash, name.buf), NULL));
	} else {
		adopt(world, "replicasets.apps", set, deployment);
		if (json_int(set, "spec.replicas", 1) != wanted)
			world_put(world, "replicasets.apps", set, "spec.replicas",
				  json_new_number((double)wanted));
	}
	retire_others(world, deployment, name.buf);
	json_free(set);
	strbuf_done(&name);
}

/* ---- stateful sets: pods with numbers, and claims of their own ---- */

static void claim_for(struct world *world, const struct json *set, const struct json *template,
		      const char *pod_name)
{
	struct strbuf name = STRBUF_INIT;
	struct json *claim, *there;

	strbuf_addf(&name, "%s-%s", json_text(template, "metadata.name"), pod_name);
	there = world_get(world, "persistentvolumeclaims", object_namespace(set), name.buf);
	if (!there) {
		claim = json_clone(template);
		json_put_path(claim, "metadata.name", json_new_text(name.buf));
		json_put_path(claim, "metadata.namespace", json_new_text(object_namespace(set)));
		json_free(world_create(world, "persistentvolumeclaims", claim, NULL));
	}
	json_free(there);
	strbuf_done(&name);
}

static void add_claim_volumes(const struct json *set, struct json *pod, const char *pod_name)
{
	const struct json *template = json_first(json_get(set, "spec.volumeClaimTemplates"));
	struct json *spec = json_key_mut(pod, "spec");
	struct json *volumes = json_key_mut(spec, "volumes"), *volume;
	struct strbuf claim = STRBUF_INIT;

	if (!volumes)
		volumes = json_put(spec, "volumes", json_new_list());
	for (; template; template = json_next(template)) {
		strbuf_reset(&claim);
		strbuf_addf(&claim, "%s-%s", json_text(template, "metadata.name"), pod_name);
		volume = json_add(volumes, json_new_map());
		json_put_text(volume, "name", json_text(template, "metadata.name"));
		json_put_path(volume, "persistentVolumeClaim.claimName", json_new_text(claim.buf));
	}
	strbuf_done(&claim);
}

static void create_numbered(struct world *world, const struct json *set, const char *pod_name,
			    int64_t index)
{
	const struct json *template = json_first(json_get(set, "spec.volumeClaimTemplates"));
	struct json *pod = pod_of(set);
	struct strbuf text = STRBUF_INIT;

	for (; template; template = json_next(template))
		claim_for(world, set, template, pod_name);
	strbuf_addf(&text, "%d", (int)index);
	json_put_path(pod, "metadata.name", json_new_text(pod_name));
	json_put_path(pod, "metadata.labels.[apps.kubernetes.io/pod-index]",
		      json_new_text(text.buf));
	json_put_path(pod, "metadata.labels.[statefulset.kubernetes.io/pod-name]",
		      json_new_text(pod_name));
	json_put_path(pod, "spec.hostname", json_new_text(pod_name));
	add_claim_volumes(set, pod, pod_name);
	json_free(world_create(world, "pods", pod, NULL));
	strbuf_done(&text);
}

static void scale_stateful_set(struct world *world, const struct json *set)
{
	int64_t wanted = json_int(set, "spec.replicas", 1), index;
	struct json *pods = pods_of(world, set), *there;
	struct strbuf name = STRBUF_INIT;
	const struct json *pod;

	for (index = 0; index < wanted; index++) {
		strbuf_reset(&name);
		strbuf_addf(&name, "%s-%d", object_name(set), (int)index);
		there = world_get(world, "pods", object_namespace(set), name.buf);
		if (there)
			adopt(world, "pods", there, set);
		else
			create_numbered(world, set, name.buf, index);
		json_free(there);
	}
	for (pod = json_first(pods); pod; pod = json_next(pod)) {
		const char *number = object_label(pod, "apps.kubernetes.io/pod-index");

		if (*number && atoi(number) >= wanted)
			world_delete(world, "pods", pod);
	}
	json_free(pods);
	strbuf_done(&name);
}

/* ---- all of them ---- */

static void scale_replica_set(struct world *world, const struct json *set)
{
	scale_pods(world, set, json_int(set, "spec.replicas", 1));
}

static void scale_daemon_set(struct world *world, const struct json *set)
{
	bool gone = strcmp(object_name(set), "node-agent") == 0 &&
		    faults_has(world->faults, FAULT_NODE_AGENT);

	scale_pods(world, set, gone ? 0 : 1);
}

static const struct set_kind {
	const char *resource;
	void (*scale)(struct world *world, const struct json *set);
} kinds[] = {
	{ "deployments.apps", scale_deployment },
	{ "replicasets.apps", scale_replica_set },
	{ "statefulsets.apps", scale_stateful_set },
	{ "daemonsets.apps", scale_daemon_set },
};

void workload_scale_sets(struct world *world)
{
	const struct json *set;
	struct json *list;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		list = world_list(world, kinds[i].resource, "", "");
		for (set = json_first(list); set; set = json_next(set)) {
			if (!object_is_deleting(set))
				kinds[i].scale(world, set);
		}
		json_free(list);
	}
}

/* ---- status ---- */

static bool is_ready(const struct json *pod)
{
	const struct json *condition = json_first(json_get(pod, "status.conditions"));

	for (; condition; condition = json_next(condition)) {
		if (strcmp(json_key_text(condition, "type"), "Ready") == 0)
			return strcmp(json_key_text(condition, "status"), "True") == 0;
	}
	return false;
}

struct counts {
	int64_t there, ready;
};

static struct counts count_pods(struct world *world, const struct json *set)
{
	struct json *pods = pods_of(world, set);
	struct counts counts = { 0, 0 };
	const struct json *pod;

	for (pod = json_first(pods); pod; pod = json_next(pod)) {
		counts.there++;
		counts.ready += is_ready(pod) && !object_is_deleting(pod);
	}
	json_free(pods);
	return counts;
}

/* Counters are absent when zero, as the API server shows them. */
static void put_count(struct json *status, const char *key, int64_t count, bool keep_zero)
{
	if (count > 0 || keep_zero)
		json_put_int(status, key, count);
	else
		json_put(status, key, json_new_null());
}

static void put_condition(struct json *list, const char *type, bool yes, const char *reason)
{
	struct json *condition = json_add(list, json_new_map());

	json_put_text(condition, "type", type);
	json_put_text(condition, "status", yes ? "True" : "False");
	json_put_text(condition, "reason", reason);
	json_put(condition, "lastTransitionTime", world_time(clock_now()));
	json_put(condition, "lastUpdateTime", world_time(clock_now()));
}

static struct json *deployment_conditions(bool available)
{
	struct json *list = json_new_list();

	put_condition(list, "Available", available,
		      available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable");
	put_condition(list, "Progressing", true,
		      available ? "NewReplicaSetAvailable" : "ReplicaSetUpdated");
	return list;
}

static struct json *status_of(const char *resource, const struct json *set,
			      const struct counts *counts)
{
	int64_t wanted = json_int(set, "spec.replicas", 1);
	struct json *status = json_new_map();

	put_count(status, "observedGeneration", json_int(set, "metadata.generation", 1), true);
	if (strcmp(resource, "daemonsets.apps") == 0) {
		put_count(status, "currentNumberScheduled", counts->there, true);
		put_count(status, "desiredNumberScheduled", 1, true);
		put_count(status, "numberMisscheduled", 0, true);
		put_count(status, "numberReady", counts->ready, true);
		put_count(status, "updatedNumberScheduled", counts->there, false);
		put_count(status, "numberAvailable", counts->ready, false);
		put_count(status, "numberUnavailable", 1 - counts->ready, false);
		return status;
	}
	put_count(status, "replicas", counts->there, strcmp(resource, "deployments.apps") != 0);
	put_count(status, "readyReplicas", counts->ready, false);
	put_count(status, "availableReplicas", counts->ready, false);
	if (strcmp(resource, "replicasets.apps") == 0)
		put_count(status, "fullyLabeledReplicas", counts->there, false);
	else
		put_count(status, "updatedReplicas", counts->there, false);
	if (strcmp(resource, "deployments.apps") == 0)
		put_count(status, "unavailableReplicas", wanted - counts->ready, false);
	return status;
}

/* Does the object say all this already? A null stands for an absent key. */
static bool says(const struct json *object, const struct json *status)
{
	const struct json *want = json_first(status), *have;

	for (; want; want = json_next(want)) {
		have = json_key(json_key(object, "status"), json_name(want));
		if (json_type(want) == JSON_NULL ? have != NULL : !have || !json_equal(have, want))
			return false;
	}
	return true;
}

static void report(struct world *world, const char *resource, const struct json *set)
{
	struct counts counts = count_pods(world, set);
	struct json *status = status_of(resource, set, &counts);

	if (says(set, status)) {
		json_free(status);
		return;
	}
	if (strcmp(resource, "deployments.apps") == 0)
		json_put(status, "conditions",
			 deployment_conditions(counts.ready >= json_int(set, "spec.replicas", 1)));
	world_put(world, resource, set, "status", status);
}

void workload_report_sets(struct world *world)
{
	const struct json *set;
	struct json *list;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		list = world_list(world, kinds[i].resource, "", "");
		for (set = json_first(list); set; set = json_next(set))
			report(world, kinds[i].resource, set);
		json_free(list);
	}
}
