#include "backend/kube/access.h"

#include "backend/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE 6 /* requests under way: more would only open connections */

void access_resources_done(struct access_resources *resources)
{
	free(resources->rows);
	*resources = (struct access_resources){ 0 };
}

/* ---- discovery: the groups, then each version of each group; the order of preference is the order
 * of the slots ---- */

struct slot {
	struct discovery *discovery;
	char *group, *version;
	struct access_resources found;
	bool failed;
};

struct discovery {
	struct client *client;
	access_done *done;
	void *arg;
	struct slot *slots;
	size_t count, capacity, next, answered;
	struct error why; /* of the last group that failed */
	bool cancelled;	  /* the client ends: nothing more can be asked */
};

static void add_slot(struct discovery *discovery, const char *group, const char *version)
{
	discovery->slots = mem_grow(discovery->slots, discovery->count, &discovery->capacity,
				    sizeof(*discovery->slots));
	discovery->slots[discovery->count++] = (struct slot){ .discovery = discovery,
							      .group = mem_text(group),
							      .version = mem_text(version) };
}

static void discovery_free(struct discovery *discovery)
{
	size_t i;

	for (i = 0; i < discovery->count; i++) {
		free(discovery->slots[i].group);
		free(discovery->slots[i].version);
		access_resources_done(&discovery->slots[i].found);
	}
	free(discovery->slots);
	free(discovery);
}

static bool has_verb(const struct json *resource, const char *verb)
{
	const struct json *one = json_first(json_key(resource, "verbs"));

	for (; one; one = json_next(one))
		if (!strcmp(json_value(one), verb))
			return true;
	return false;
}

/* false for what is no kind of its own ("pods/log") or has a name that no server gives. */
static bool read_resource(const struct slot *slot, const struct json *json,
			  struct access_resource *ret)
{
	const char *plural = json_key_text(json, "name"), *kind = json_key_text(json, "kind");

	*ret = (struct access_resource){ .namespaced = json_bool(json, "namespaced", false),
					 .can_list = has_verb(json, "list"),
					 .can_delete = has_verb(json, "delete") };
	return *plural && !strchr(plural, '/') && strlen(slot->group) < sizeof(ret->group) &&
	       snprintf(ret->group, sizeof(ret->group), "%s", slot->group) >= 0 &&
	       snprintf(ret->version, sizeof(ret->version), "%s", slot->version) <
		       (int)sizeof(ret->version) &&
	       snprintf(ret->plural, sizeof(ret->plural), "%s", plural) <
		       (int)sizeof(ret->plural) &&
	       snprintf(ret->kind, sizeof(ret->kind), "%s", kind) < (int)sizeof(ret->kind);
}

static void read_resources(struct slot *slot, const struct json *reply)
{
	const struct json *list = json_key(reply, "resources"), *one;
	struct access_resources *found = &slot->found;

	found->rows = mem_array(json_count(list) + 1, sizeof(*found->rows));
	for (one = json_first(list); one; one = json_next(one))
		if (read_resource(slot, one, &found->rows[found->count]))
			found->count++;
}

static bool holds(const struct access_resources *all, const struct access_resource *row)
{
	size_t i;

	for (i = 0; i < all->count; i++)
		if (!strcmp(all->rows[i].group, row->group) &&
		    !strcmp(all->rows[i].plural, row->plural))
			return true;
	return false;
}

/* Each kind once, in the version that comes first. */
static void join(const struct discovery *discovery, struct access_resources *ret_all)
{
	size_t total = 0, i, k;

	for (i = 0; i < discovery->count; i++)
		total += discovery->slots[i].found.count;
	ret_all->rows = mem_array(total + 1, sizeof(*ret_all->rows));
	for (i = 0; i < discovery->count; i++) {
		const struct access_resources *found = &discovery->slots[i].found;

		for (k = 0; k < found->count; k++)
			if (!holds(ret_all, &found->rows[k]))
				ret_all->rows[ret_all->count++] = found->rows[k];
	}
}

static void add_failed(const struct discovery *discovery, struct strbuf *out)
{
	size_t i;

	for (i = 0; i < discovery->count; i++)
		if (discovery->slots[i].failed)
			strbuf_addf(out, "%s%s/%s", out->len ? ", " : "", discovery->slots[i].group,
				    discovery->slots[i].version);
}

static void discovery_end(struct discovery *discovery)
{
	struct access_resources all = { 0 };
	struct strbuf failed = STRBUF_INIT;
	struct error err = discovery->why;

	join(discovery, &all);
	add_failed(discovery, &failed);
	if (failed.len)
		error_hint(&err, "left out: %s", failed.buf);
	discovery->done(discovery->arg, all.count || !failed.len ? &all : NULL,
			failed.len ? &err : NULL);
	access_resources_done(&all);
	strbuf_done(&failed);
	discovery_free(discovery);
}

static void ask_more(struct discovery *discovery);

static void on_slot(void *arg, const struct json *reply, const struct error *err)
{
	struct slot *slot = arg;
	struct discovery *discovery = slot->discovery;

	discovery->answered++;
	if (reply)
		read_resources(slot, reply);
	else
		slot->failed = true;
	if (err)
		discovery->why = *err;
	if (err &&
	    err->code == STATUS_CANCELLED) /* the client ends: no answer comes for the rest */
		discovery->count = discovery->next;
	ask_more(discovery);
}

static void ask_slot(struct slot *slot)
{
	struct strbuf path = STRBUF_INIT, what = STRBUF_INIT;
	struct client_call call = { 0 };

	if (*slot->group)
		strbuf_addf(&path, "/apis/%s/%s", slot->group, slot->version);
	else
		strbuf_addf(&path, "/api/%s", slot->version);
	strbuf_addf(&what, "look which kinds %s serves", path.buf);
	call.path = path.buf;
	call.what = what.buf;
	client_call(slot->discovery->client, &call, on_slot, slot);
	strbuf_done(&path);
	strbuf_done(&what);
}

static void ask_more(struct discovery *discovery)
{
	while (!discovery->cancelled && discovery->next < discovery->count &&
	       discovery->next - discovery->answered < AT_ONCE)
		ask_slot(&discovery->slots[discovery->next++]);
	if (discovery->answered == discovery->next)
		discovery_end(discovery);
}

static void add_group(struct discovery *discovery, const struct json *group)
{
	const char *name = json_key_text(group, "name");
	const char *preferred = json_text(group, "preferredVersion.version");
	const struct json *one;

	if (*preferred)
		add_slot(discovery, name, preferred);
	for (one = json_first(json_key(group, "versions")); one; one = json_next(one))
		if (strcmp(json_key_text(one, "version"), preferred) != 0)
			add_slot(discovery, name, json_key_text(one, "version"));
}

static void on_groups(void *arg, const struct json *reply, const struct error *err)
{
	struct discovery *discovery = arg;
	const struct json *group;

	if (!reply) {
		discovery->done(discovery->arg, NULL, err);
		discovery_free(discovery);
		return;
	}
	add_slot(discovery, "", "v1");
	for (group = json_first(json_key(reply, "groups")); group; group = json_next(group))
		add_group(discovery, group);
	ask_more(discovery);
}

void access_discover(struct client *client, access_done *done, void *arg)
{
	struct discovery *discovery = mem_alloc(sizeof(*discovery));
	struct client_call call = { .path = "/apis",
				    .what = "look which kinds the cluster serves" };

	discovery->client = client;
	discovery->done = done;
	discovery->arg = arg;
	client_call(client, &call, on_groups, discovery);
}

/* ---- may we? ---- */

struct question {
	access_may *done;
	void *arg;
};

static void on_review(void *arg, const struct json *reply, const struct error *err)
{
	struct question *question = arg;

	question->done(question->arg, json_bool(reply, "status.allowed", false), err);
	free(question);
}

void access_ask(struct client *client, const char *verb, const struct kube_kind *kind,
		const char *namespace, access_may *done, void *arg)
{
	struct question *question = mem_alloc(sizeof(*question));
	struct json *review = json_new_map();
	struct client_call call = {
		.method = "POST",
		.path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
		.body = review,
		.what = "ask what is permitted"
	};
	const char *slash = strchr(kind->plural, '/');
	char *plural = slash ? mem_text_n(kind->plural, (size_t)(slash - kind->plural))
			     : mem_text(kind->plural);

	json_put_text(review, "apiVersion", "authorization.k8s.io/v1");
	json_put_text(review, "kind", "SelfSubjectAccessReview");
	json_put_path(review, "spec.resourceAttributes.verb", json_new_text(verb));
	json_put_path(review, "spec.resourceAttributes.group", json_new_text(kind->group));
	json_put_path(review, "spec.resourceAttributes.resource", json_new_text(plural));
	if (slash)
		json_put_path(review, "spec.resourceAttributes.subresource",
			      json_new_text(slash + 1));
	if (namespace && *namespace)
		json_put_path(review, "spec.resourceAttributes.namespace",
			      json_new_text(namespace));
	question->done = done;
	question->arg = arg;
	client_call(client, &call, on_review, question);
	json_free(review);
	free(plural);
}
