/* The steps after Velero's: the version is marked deployed in the Admin Console's database, so that
 * the console does not deploy again over what was restored (spec/kots-snapshots.md 8.4); then pods
 * and claims are looked at. */
#include "backend/base/clock.h"
#include "backend/ops/restore_read.h"
#include "backend/ops/restore_run.h"

#include <stdlib.h>
#include <string.h>

#define MARK_TRIES	12
#define MARK_AGAIN_MS	5000
#define HEALTH_AGAIN_MS 5000
#define HEALTH_END_MS	600000

static void mark(struct restore_run *run);

/* ---- STEP_MARKED ---- */

static void marked(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;
	struct error why = ERROR_INIT;

	run->marking = NULL;
	if (err && creation_answer_was_lost(err) && ++run->mark_tries < MARK_TRIES) {
		run_say(run, OP_STEP_WARNING, "the Admin Console's database: %s", err->text);
		run_after(run, MARK_AGAIN_MS, mark);
		return;
	}
	if (err)
		why = *err;
	if (err || restore_mark_check(reply, run_part(run), &why)) {
		run_say(run, OP_STEP_WARNING,
			"the version is not marked deployed: %s. The Admin Console may show or "
			"deploy another version",
			why.text);
		run_next(run, OP_STEP_WARNING);
		return;
	}
	run_say(run, OP_STEP_RUNNING, "sequence %lld is the deployed one",
		(long long)run_part(run)->sequence);
	run_next(run, OP_STEP_DONE);
}

static void mark(struct restore_run *run)
{
	struct json *list;
	struct console_statements statements = { .transport = run->op.world->transport,
						 .client = run->op.world->client,
						 .namespace = run->plan->console_namespace,
						 .write = true,
						 .done = marked,
						 .arg = run };

	if (!run_may_write(run, mark))
		return;
	statements.statements = list = restore_mark_statements(run_part(run), clock_now());
	run->marking = console_execute(&statements);
	json_free(list);
}

static void marked_enter(struct restore_run *run)
{
	const struct restore_plan *plan = run->plan;

	if (!*plan->console_namespace || run_part(run)->sequence < 0) {
		run_say(run, OP_STEP_WARNING, "%s",
			!*plan->console_namespace
				? "there is no Admin Console here"
				: "the snapshot does not say which sequence it holds");
		run_next(run, *plan->console_namespace ? OP_STEP_WARNING : OP_STEP_SKIPPED);
		return;
	}
	run->mark_tries = 0;
	run_say(run, OP_STEP_RUNNING, "tells the Admin Console's database");
	mark(run);
}

const struct run_step run_step_marked = { marked_enter, NULL };

/* ---- STEP_CHECKED ---- */

static void list_pods(struct restore_run *run);

static void keep_waiting(struct restore_run *run)
{
	struct strbuf words = STRBUF_INIT;
	bool good = restore_health_is_good(&run->health);

	restore_health_add(&words, &run->health);
	if (!good && *run->waits_for)
		strbuf_addf(&words, "; waits for %s", run->waits_for);
	if (good || run_part_is_bad(run)) {
		run_say(run, OP_STEP_RUNNING, "%s", words.buf);
		run_next(run, good ? OP_STEP_DONE : OP_STEP_WARNING);
	} else if (run_step_ms(run) > HEALTH_END_MS) {
		run_say(run, OP_STEP_WARNING, "%s, after 10 min", words.buf);
		run_next(run, OP_STEP_WARNING);
	} else {
		run_say(run, OP_STEP_RUNNING, "%s", words.buf);
		run_after(run, HEALTH_AGAIN_MS, list_pods);
	}
	strbuf_done(&words);
}

static void could_not_look(struct restore_run *run, const struct error *err)
{
	if (run_step_ms(run) < HEALTH_END_MS && run_lost(run, err, list_pods))
		return;
	run->health = (struct restore_health){ .known = false };
	run_say(run, OP_STEP_WARNING, "%s", err->text);
	run_next(run, OP_STEP_WARNING);
}

/* The first one that is found is named. */
static void set_waits_for(struct restore_run *run, struct strbuf *words)
{
	if (words->len && !*run->waits_for) {
		free(run->waits_for);
		run->waits_for = strbuf_detach(words);
	}
	strbuf_done(words);
}

static bool is_wanted(const struct restore_run *run, const struct json *claim)
{
	struct plan_object wanted = { .namespace = json_text(claim, "metadata.namespace"),
				      .name = json_text(claim, "metadata.name") };

	return *app_objects_user(&run->objects, &wanted) != '\0';
}

static void claim_seen(void *arg, const struct access_resource *resource, const struct json *claim)
{
	struct restore_run *run = arg;
	const char *phase = json_text(claim, "status.phase");
	bool bound = !strcmp(phase, "Bound");
	struct strbuf words = STRBUF_INIT;

	(void)resource;
	if (!is_wanted(run, claim))
		return;
	run->health.claims_bound += bound;
	if (!bound)
		strbuf_addf(&words, "claim %s: %s", json_text(claim, "metadata.name"), phase);
	set_waits_for(run, &words);
}

static void claims_listed(void *arg, const struct error *err)
{
	struct restore_run *run = arg;

	run->sweep = NULL;
	if (err) {
		could_not_look(run, err);
		return;
	}
	run->lost_tries = 0;
	run->health.known = true;
	/* Claims that pods name and that are not there count as not bound. */
	run->health.claims = (int64_t)run->objects.claim_count;
	keep_waiting(run);
}

static void pod_seen(void *arg, const struct access_resource *resource, const struct json *pod)
{
	struct restore_run *run = arg;
	struct strbuf words = STRBUF_INIT;

	if (*json_text(pod, "metadata.deletionTimestamp") ||
	    !sweep_pod_belongs(pod, run_part(run)->app_slug, NULL))
		return;
	app_objects_add(&run->objects, resource, pod);
	run->health.pods++;
	run->health.pods_ready += pod_wait_add(&words, pod) == POD_WELL;
	set_waits_for(run, &words);
}

static void pods_listed(void *arg, const struct error *err)
{
	struct restore_run *run = arg;
	struct sweep_spec spec = { .client = run->op.world->client,
				   .namespaces = run->plan->namespaces,
				   .rows = &sweep_claims,
				   .count = 1,
				   .object = claim_seen,
				   .done = claims_listed,
				   .arg = run };

	run->sweep = NULL;
	if (err)
		could_not_look(run, err);
	else
		run->sweep = sweep_start(&spec);
}

static void list_pods(struct restore_run *run)
{
	struct sweep_spec spec = { .client = run->op.world->client,
				   .namespaces = run->plan->namespaces,
				   .app_slug = run_part(run)->app_slug,
				   .rows = &sweep_pods,
				   .count = 1,
				   .object = pod_seen,
				   .done = pods_listed,
				   .arg = run };

	run->health = (struct restore_health){ 0 };
	free(run->waits_for);
	run->waits_for = mem_text("");
	app_objects_clear(&run->objects);
	run->sweep = sweep_start(&spec);
}

const struct run_step run_step_checked = { list_pods, NULL };
