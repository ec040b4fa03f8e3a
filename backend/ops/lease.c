#include "backend/ops/lease.h"

#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/kots/labels.h"
#include "backend/ops/creation.h"
#include "backend/ops/holder.h"
#include "backend/ops/op_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGAIN_MS	2000
#define LONGEST_WAIT_MS 15000
#define CALL_MS		10000
/* Below its time by more than a call may take. */
#define FRESH_MS   (JOURNAL_LEASE_S * 1000 - 5000)
#define PROCESS	   "kotsnap.io/process"
#define OWNER_MOST 200

static const struct kube_kind lease_kind = { "coordination.k8s.io", "v1", "leases" };

struct lease {
	struct lease_spec spec;
	char *namespace, *id, *name, *holder, *owner, *process;
	char *version; /* of the one we hold; NULL = none */
	uint64_t call, timer;
	bool told, alone, is_over;
	int tries;
	int64_t sent_ms, renewed_ms; /* monotonic */
	struct lease_seen seen;	     /* somebody else's */
};

static void look(struct lease *lease);
static void renew(struct lease *lease);

static void set_text(char **text, const char *value)
{
	char *copy = value ? mem_text(value) : NULL;

	free(*text);
	*text = copy;
}

void lease_seen_done(struct lease_seen *seen)
{
	free(seen->holder);
	free(seen->renewed);
	*seen = (struct lease_seen){ 0 };
}

/* A lease may say that it is good for longer than ours is; for shorter it never is. */
static int64_t good_ms(const struct json *lease, const struct lease_look *look)
{
	int64_t good_s = json_int(lease, "spec.leaseDurationSeconds", JOURNAL_LEASE_S);

	if (look->quiet_ms >= JOURNAL_LEASE_S * 1000)
		return LEASE_LOOK_MS;
	return (good_s > JOURNAL_LEASE_S ? good_s : JOURNAL_LEASE_S) * 1000;
}

enum lease_sight lease_judge(const struct json *lease, const struct lease_look *look,
			     struct lease_seen *seen)
{
	const char *theirs = json_text(lease, "spec.holderIdentity");
	const char *renewed = json_text(lease, "spec.renewTime");
	bool first = !seen->holder;

	if (!strcmp(theirs, look->holder))
		return LEASE_OURS;
	if (!*theirs || look->gone)
		return LEASE_FREE;
	if (first || strcmp(seen->holder, theirs) != 0 || strcmp(seen->renewed, renewed) != 0) {
		set_text(&seen->holder, theirs);
		set_text(&seen->renewed, renewed);
		seen->since_ms = look->now_ms;
		return first ? LEASE_STILL : LEASE_ALIVE;
	}
	return look->now_ms - seen->since_ms >= good_ms(lease, look) ? LEASE_FREE : LEASE_STILL;
}

/* ---- what it is made of ---- */

/* A MicroTime: the API server takes no other. */
static struct json *time_now(void)
{
	struct strbuf text = STRBUF_INIT;
	struct json *node;

	clock_add_rfc3339(&text, clock_now());
	strbuf_cut(&text, text.len - 1);
	strbuf_adds(&text, ".000000Z");
	node = json_new_text(text.buf);
	strbuf_done(&text);
	return node;
}

static struct json *make_spec(const struct lease *lease, bool first)
{
	struct json *spec = json_new_map();

	json_put_text(spec, "holderIdentity", lease->holder);
	json_put_int(spec, "leaseDurationSeconds", JOURNAL_LEASE_S);
	json_put(spec, "renewTime", time_now());
	if (first)
		json_put(spec, "acquireTime", time_now());
	return spec;
}

static struct json *make_lease(const struct lease *lease)
{
	struct json *root = json_new_map(), *labels;

	json_put_text(root, "apiVersion", "coordination.k8s.io/v1");
	json_put_text(root, "kind", "Lease");
	json_put_path(root, "metadata.name", json_new_text(lease->name));
	json_put_path(root, "metadata.namespace", json_new_text(lease->namespace));
	json_put_path(root, "metadata.annotations.[" PROCESS "]", json_new_text(lease->process));
	labels = json_put_path(root, "metadata.labels", json_new_map());
	json_put_text(labels, VELERO_EXCLUDE, "true");
	json_put_text(labels, KOTSNAP_OPERATION, lease->id);
	json_put(root, "spec", make_spec(lease, true));
	return root;
}

/* ---- asking ---- */

static void fire(void *arg)
{
	struct lease *lease = arg;

	lease->timer = 0;
	if (lease->version)
		renew(lease);
	else
		look(lease);
}

static void again(struct lease *lease, int64_t delay_ms)
{
	if (lease->timer)
		transport_cancel_timer(lease->spec.transport, lease->timer);
	lease->timer = transport_after(lease->spec.transport, delay_ms, fire, lease);
}

static void send(struct lease *lease, const struct client_call *call, client_done *done)
{
	struct client_call sent = *call;
	struct strbuf path = STRBUF_INIT;
	bool post = sent.method && !strcmp(sent.method, "POST");

	client_add_path(&path, &lease_kind, lease->namespace, post ? NULL : lease->name);
	sent.path = path.buf;
	sent.total_ms = CALL_MS;
	lease->sent_ms = clock_monotonic_ms();
	lease->call = client_call(lease->spec.client, &sent, done, lease);
	strbuf_done(&path);
}

static void tell(struct lease *lease, const struct error *alone)
{
	if (lease->told)
		return;
	lease->told = true;
	lease->spec.held(lease->spec.arg, alone);
}

static void hold(struct lease *lease, const struct json *reply)
{
	set_text(&lease->version, json_text(reply, "metadata.resourceVersion"));
	lease->renewed_ms = lease->sent_ms;
	lease->tries = 0;
	again(lease, JOURNAL_RENEW_MS);
	tell(lease, NULL);
}

static void not_now(struct lease *lease, const struct error *err)
{
	int64_t wait_ms = AGAIN_MS;

	log_line("op", "%s", err->text);
	for (int i = 0; i < lease->tries && wait_ms < LONGEST_WAIT_MS; i++)
		wait_ms *= 2;
	lease->tries++;
	if (!lease->told)
		lease->spec.waits(lease->spec.arg, err->text);
	again(lease, wait_ms < LONGEST_WAIT_MS ? wait_ms : LONGEST_WAIT_MS);
}

/* Who may not write leases works as before there were any. */
static void do_without(struct lease *lease, const struct error *err)
{
	log_line("op", "%s", err->text);
	lease->alone = true;
	tell(lease, err);
}

/* "only watching: root on node-02 has it since 03:41 UTC" */
static void give_up(struct lease *lease, const struct json *theirs)
{
	const char *holder = json_text(theirs, "spec.holderIdentity");
	int64_t since = clock_parse_rfc3339(json_text(theirs, "spec.acquireTime"));
	char owner[OWNER_MOST];
	struct error err = ERROR_INIT;

	snprintf(owner, sizeof(owner), "%.*s", (int)strcspn(holder, " "), holder);
	op_watching_error(&err, owner, since);
	lease->is_over = true;
	lease->spec.lost(lease->spec.arg, &err);
}

/* ---- getting it ---- */

static void got(void *arg, const struct json *reply, const struct error *err)
{
	struct lease *lease = arg;

	lease->call = 0;
	if (!err)
		hold(lease, reply);
	else if (err->http == 409)
		look(lease);
	else if (err->http == 403 || err->http == 404 || err->http == 405)
		do_without(lease, err);
	else
		not_now(lease, err);
}

static void make(struct lease *lease)
{
	struct json *body = make_lease(lease);
	struct client_call call = { .method = "POST",
				    .body = body,
				    .what = "make the lease of the operation" };

	send(lease, &call, got);
	json_free(body);
}

static void take(struct lease *lease, const struct json *old)
{
	struct json *patch = json_new_map();
	struct client_call call = { .method = "PATCH",
				    .body = patch,
				    .content_type = "application/merge-patch+json",
				    .what = "take the lease of the operation" };

	json_put_path(patch, "metadata.resourceVersion",
		      json_new_text(json_text(old, "metadata.resourceVersion")));
	json_put_path(patch, "metadata.annotations.[" PROCESS "]", json_new_text(lease->process));
	json_put(patch, "spec", make_spec(lease, true));
	json_put_path(patch, "spec.leaseTransitions",
		      json_new_number((double)json_int(old, "spec.leaseTransitions", 0) + 1));
	send(lease, &call, got);
	json_free(patch);
}

static void wait_and_see(struct lease *lease, const struct json *theirs)
{
	const char *holder = json_text(theirs, "spec.holderIdentity");
	struct strbuf words = STRBUF_INIT;

	strbuf_addf(&words, "looks whether %.*s is alive", (int)strcspn(holder, " "), holder);
	lease->spec.waits(lease->spec.arg, words.buf);
	again(lease, AGAIN_MS);
	strbuf_done(&words);
}

static enum lease_sight judge(struct lease *lease, const struct json *theirs)
{
	const char *process = json_text(theirs, "metadata.annotations.[" PROCESS "]");
	struct lease_look look = { .holder = lease->holder,
				   .now_ms = clock_monotonic_ms(),
				   .quiet_ms = lease->spec.quiet_ms,
				   .gone = holder_process_is_gone(process) };

	return lease_judge(theirs, &look, &lease->seen);
}

static void looked(void *arg, const struct json *reply, const struct error *err)
{
	struct lease *lease = arg;
	enum lease_sight sight;

	lease->call = 0;
	if (err && err->http == 404) {
		make(lease);
		return;
	}
	if (err) {
		if (err->http == 403)
			do_without(lease, err);
		else
			not_now(lease, err);
		return;
	}
	sight = judge(lease, reply);
	if (sight == LEASE_OURS)
		hold(lease, reply);
	else if (sight == LEASE_FREE)
		take(lease, reply);
	else if (sight == LEASE_ALIVE || lease->told)
		give_up(lease, reply);
	else
		wait_and_see(lease, reply);
}

static void look(struct lease *lease)
{
	struct client_call call = { .what = "look who has the operation" };

	set_text(&lease->version, NULL);
	send(lease, &call, looked);
}

/* ---- keeping it ---- */

static void renewed(void *arg, const struct json *reply, const struct error *err)
{
	struct lease *lease = arg;

	lease->call = 0;
	if (!err)
		hold(lease, reply);
	else if (err->http == 409 || err->http == 404)
		look(lease);
	else
		not_now(lease, err);
}

static void renew(struct lease *lease)
{
	struct json *patch = json_new_map();
	struct client_call call = { .method = "PATCH",
				    .body = patch,
				    .content_type = "application/merge-patch+json",
				    .what = "renew the lease of the operation" };

	json_put_path(patch, "metadata.resourceVersion", json_new_text(lease->version));
	json_put(patch, "spec", make_spec(lease, false));
	send(lease, &call, renewed);
	json_free(patch);
}

static void left(void *arg, const struct json *reply, const struct error *err)
{
	(void)arg;
	(void)reply;
	if (err)
		log_line("op", "%s", err->text);
}

/* The version: never one that somebody has taken meanwhile. */
void lease_let_go(struct lease *lease)
{
	struct strbuf path = STRBUF_INIT;
	struct json *body = json_new_map();
	struct client_call call = { .method = "DELETE",
				    .body = body,
				    .what = "let go of the lease of the operation",
				    .total_ms = CALL_MS };

	json_put_text(body, "apiVersion", "v1");
	json_put_text(body, "kind", "DeleteOptions");
	json_put_path(body, "preconditions.resourceVersion",
		      json_new_text(lease->version ? lease->version : ""));
	client_add_path(&path, &lease_kind, lease->namespace, lease->name);
	call.path = path.buf;
	if (lease->version && !lease->is_over)
		(void)client_call(lease->spec.client, &call, left, NULL);
	lease->is_over = true;
	json_free(body);
	strbuf_done(&path);
}

/* ---- life ---- */

struct lease *lease_start(const struct lease_spec *spec)
{
	struct lease *lease = mem_alloc(sizeof(*lease));
	struct strbuf text = STRBUF_INIT;

	lease->spec = *spec;
	lease->namespace = mem_text(spec->namespace);
	lease->id = mem_text(spec->id);
	lease->owner = mem_text(spec->owner);
	strbuf_addf(&text, "kotsnap-op-%s", spec->id);
	lease->name = mem_text(text.buf);
	strbuf_reset(&text);
	strbuf_addf(&text, "%s %s", spec->owner, spec->session);
	lease->holder = mem_text(text.buf);
	strbuf_reset(&text);
	holder_add_process(&text);
	lease->process = strbuf_detach(&text);
	look(lease);
	return lease;
}

void lease_free(struct lease *lease)
{
	if (!lease)
		return;
	if (lease->timer)
		transport_cancel_timer(lease->spec.transport, lease->timer);
	if (lease->call)
		client_cancel(lease->spec.client, lease->call);
	free(lease->namespace);
	free(lease->id);
	free(lease->owner);
	free(lease->name);
	free(lease->holder);
	free(lease->process);
	free(lease->version);
	lease_seen_done(&lease->seen);
	free(lease);
}

bool lease_is_fresh(const struct lease *lease)
{
	return lease->alone || (lease->version && !lease->is_over &&
				clock_monotonic_ms() - lease->renewed_ms < FRESH_MS);
}
