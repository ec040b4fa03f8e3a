/* STEP_REMOVED: everything of the application goes, in rounds, in KOTS's order
 * (spec/kots-snapshots.md 8.5). A round lists what is there, asks for the removal of what is not
 * going yet, and says what is left. Nothing is removed by force. */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/ops/removal.h"
#include "backend/ops/restore_read.h"
#include "backend/ops/restore_run.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE	       6
#define FIRST_ROUND_MS 200

/* Answers of the discovery outlive a cancelled step: it cannot be cancelled. */
struct discovery {
	struct restore_run *run; /* NULL = nobody waits any more */
};

struct deletion {
	struct restore_run *run;
	uint64_t call;
};

struct removal_work {
	struct client *client;
	struct discovery *discovery;
	struct access_resource *rows; /* what the server offers; read once */
	size_t row_count;
	struct json *claims; /* [[namespace, name, pod]]: seen in any round, since pods go first */
	size_t *order;	     /* of this round */
	size_t order_count, next;
	struct deletion deletions[AT_ONCE];
	size_t under_way;
	size_t rounds, left;	   /* left: objects and volumes, at the end of a round */
	struct removal_left found; /* in the first round */
	int64_t moved_ms;	   /* monotonic: when fewer were left than before */
	struct error last_err;	   /* why a removal was refused, the last one */
};

static void discover(struct restore_run *run);
static void list_objects(struct restore_run *run);

void removal_work_free(struct removal_work *work)
{
	if (!work)
		return;
	if (work->discovery)
		work->discovery->run = NULL;
	for (size_t i = 0; i < AT_ONCE; i++)
		if (work->deletions[i].call)
			client_cancel(work->client, work->deletions[i].call);
	json_free(work->claims);
	free(work->rows);
	free(work->order);
	free(work);
}

/* ---- what a round ends with ---- */

static void done(struct restore_run *run)
{
	const struct removal_left *found = &run->removal->found;
	struct strbuf words = STRBUF_INIT;

	if (found->objects || found->volumes) {
		amount_add_counted(&words, (int64_t)found->objects, "object");
		strbuf_adds(&words, " and ");
		amount_add_counted(&words, (int64_t)found->volumes, "volume");
		strbuf_adds(&words, " removed");
	} else {
		strbuf_adds(&words, "nothing of it was there");
	}
	run_say(run, OP_STEP_RUNNING, "%s", words.buf);
	run_next(run, OP_STEP_DONE);
	strbuf_done(&words);
}

static void stuck(struct restore_run *run, const char *words)
{
	const struct error *last = &run->removal->last_err;
	struct error err = ERROR_INIT;

	error_set(&err, STATUS_TIMEOUT,
		  "the removal of %s stands still for 10 min: %s%s%s; what is removed is gone",
		  run_part(run)->title, words, last->code ? "; " : "",
		  last->code ? last->text : "");
	error_hint(&err, "See to what it waits for, then restore again from %s: it is unharmed.",
		   run->plan->backup);
	run_fail(run, &err);
}

static void round_over(struct restore_run *run)
{
	struct removal_work *work = run->removal;
	struct removal_left left = removal_left(&run->objects);
	int64_t still_ms;
	struct strbuf words = STRBUF_INIT;

	if (!left.objects && !left.volumes) {
		done(run);
		return;
	}
	if (left.objects + left.volumes < work->left || !work->left)
		work->moved_ms = clock_monotonic_ms();
	work->left = left.objects + left.volumes;
	still_ms = clock_monotonic_ms() - work->moved_ms;
	removal_add_words(&words, &run->objects, clock_now());
	if (still_ms > REMOVAL_END_MS) {
		stuck(run, words.buf);
	} else {
		if (work->last_err.code && still_ms > REMOVAL_WARN_MS)
			strbuf_addf(&words, "; %s", work->last_err.text);
		run_say(run, still_ms > REMOVAL_WARN_MS ? OP_STEP_WARNING : OP_STEP_RUNNING, "%s",
			words.buf);
		/* Most of it goes at once. */
		run_after(run, work->rounds++ ? REMOVAL_ROUND_MS : FIRST_ROUND_MS, list_objects);
	}
	strbuf_done(&words);
}

/* ---- asking for removals, some at once ---- */

static void ask_more(struct restore_run *run);

static void asked(void *arg, const struct json *reply, const struct error *err)
{
	struct deletion *deletion = arg;
	struct restore_run *run = deletion->run;

	(void)reply;
	deletion->call = 0;
	run->removal->under_way--;
	/* Looked at again in the next round, whatever it was. */
	if (err && err->http != 404) {
		log_line("op", "%s", err->text);
		run->removal->last_err = *err;
	}
	ask_more(run);
}

static void ask(struct restore_run *run, struct deletion *deletion, const struct app_object *row)
{
	const struct plan_object *object = &row->plan;
	struct kube_kind kind = { object->group, object->version, object->plural };
	struct strbuf path = STRBUF_INIT, what = STRBUF_INIT;
	struct json *body = json_new_map();
	struct client_call call = { .method = "DELETE", .body = body };

	json_put_text(body, "apiVersion", "v1");
	json_put_text(body, "kind", "DeleteOptions");
	json_put_text(body, "propagationPolicy", "Background");
	if (*row->uid)
		json_put_path(body, "preconditions.uid", json_new_text(row->uid));
	client_add_path(&path, &kind, object->namespace, object->name);
	strbuf_addf(&what, "remove %s %s/%s", object->kind, object->namespace, object->name);
	call.path = path.buf;
	call.what = what.buf;
	deletion->run = run;
	run->removal->under_way++;
	deletion->call = client_call(run->op.world->client, &call, asked, deletion);
	json_free(body);
	strbuf_done(&path);
	strbuf_done(&what);
}

static void ask_more(struct restore_run *run)
{
	struct removal_work *work = run->removal;

	/* Somebody else may be putting back what we are about to remove: what is under way is
	 * waited for, nothing more is asked. */
	if (work->next < work->order_count && !journal_writer_is_fresh(run->writer)) {
		if (!work->under_way)
			(void)run_may_write(run, ask_more);
		return;
	}
	for (size_t i = 0; i < AT_ONCE && work->next < work->order_count; i++)
		if (!work->deletions[i].call)
			ask(run, &work->deletions[i],
			    &run->objects.rows[work->order[work->next++]]);
	if (!work->under_way)
		round_over(run);
}

static void ask_all(struct restore_run *run)
{
	struct removal_work *work = run->removal;

	if (!work->rounds)
		work->found = removal_left(&run->objects);
	work->found.oldest = NULL;
	free(work->order);
	work->next = 0;
	work->order_count = removal_order(&run->objects, &work->order);
	ask_more(run);
}

/* ---- what is there ---- */

static void keep_claims(struct restore_run *run)
{
	struct json *kept = json_new_list();

	for (size_t i = 0; i < run->objects.claim_count; i++) {
		const struct app_claim *claim = &run->objects.claims[i];
		struct json *row = json_add(kept, json_new_list());

		json_add_text(row, claim->namespace);
		json_add_text(row, claim->name);
	}
	json_free(run->removal->claims);
	run->removal->claims = kept;
}

static void want_claims(struct restore_run *run)
{
	const struct json *row = json_first(run->removal->claims);
	size_t part = run->plan->steps[run->at].part;

	for (; row; row = json_next(row)) {
		const struct json *namespace = json_first(row);

		app_objects_want_claim(&run->objects, json_value(namespace),
				       json_value(json_next(namespace)), "");
	}
	for (size_t i = 0; i < run->plan->object_count; i++) {
		const struct plan_object *object = &run->plan->objects[i];

		if (object->part == part && object->in_cluster &&
		    !strcmp(object->kind, sweep_claims.kind))
			app_objects_want_claim(&run->objects, object->namespace, object->name, "");
	}
}

static void look_again(struct restore_run *run, const struct error *err)
{
	if (run_lost(run, err, list_objects))
		run->removal->moved_ms = clock_monotonic_ms();
	else
		run_fail(run, err);
}

/* A volume of the snapshot was copied from it. */
static bool is_in_snapshot(const struct restore_run *run, const struct json *claim)
{
	const struct list *list = run_model(run)->lists[COLLECTION_POD_VOLUME_BACKUPS];
	struct strbuf owner = STRBUF_INIT;
	bool found = false;

	object_add_label_value(&owner, run->plan->backup);
	for (size_t i = 0; i < list->count && !found; i++) {
		const struct podvolume *volume = (const struct podvolume *)list->items[i];

		found = !strcmp(volume->claim, json_text(claim, "metadata.name")) &&
			!strcmp(volume->pod_namespace, json_text(claim, "metadata.namespace")) &&
			!strcmp(volume->owner, owner.buf);
	}
	strbuf_done(&owner);
	return found;
}

/* A removal that failed before may have left claims that are still going, and whose pods are gone:
 * Velero would find them in its way. */
static void claim_seen(void *arg, const struct access_resource *resource, const struct json *claim)
{
	struct restore_run *run = arg;

	(void)resource;
	if (*json_text(claim, "metadata.deletionTimestamp") && is_in_snapshot(run, claim))
		app_objects_want_claim(&run->objects, json_text(claim, "metadata.namespace"),
				       json_text(claim, "metadata.name"), "");
	app_objects_add_claim(&run->objects, claim);
}

static void claims_listed(void *arg, const struct error *err)
{
	struct restore_run *run = arg;

	run->sweep = NULL;
	if (err) {
		look_again(run, err);
		return;
	}
	run->lost_tries = 0;
	keep_claims(run);
	ask_all(run);
}

static void list_claims(struct restore_run *run)
{
	struct sweep_spec spec = { .client = run->op.world->client,
				   .namespaces = run->plan->namespaces,
				   .rows = &sweep_claims,
				   .count = 1,
				   .object = claim_seen,
				   .done = claims_listed,
				   .arg = run };

	want_claims(run);
	run->sweep = sweep_start(&spec);
}

static void object_seen(void *arg, const struct access_resource *resource,
			const struct json *object)
{
	struct restore_run *run = arg;

	app_objects_add(&run->objects, resource, object);
}

static void objects_listed(void *arg, const struct error *err)
{
	struct restore_run *run = arg;

	run->sweep = NULL;
	if (err)
		look_again(run, err);
	else if (run->objects.console)
		ask_all(run);
	else
		list_claims(run);
}

/* The console goes as kots removes it (8.2): what has its label, and nothing else. */
static void list_console(struct restore_run *run)
{
	struct strbuf namespaces = STRBUF_INIT;
	struct sweep_spec spec = { .client = run->op.world->client,
				   .console = true,
				   .rows = sweep_console,
				   .count = SWEEP_CONSOLE,
				   .object = object_seen,
				   .done = objects_listed,
				   .arg = run };

	sweep_add_console_namespaces(&namespaces, run->plan->console_namespace, run->plan->is_kurl);
	spec.namespaces = namespaces.buf;
	app_objects_clear(&run->objects);
	run->sweep = sweep_start(&spec);
	strbuf_done(&namespaces);
}

static void list_objects(struct restore_run *run)
{
	struct removal_work *work = run->removal;
	struct sweep_spec spec = { .client = run->op.world->client,
				   .namespaces = run->plan->namespaces,
				   .app_slug = run_part(run)->app_slug,
				   .rows = work->rows,
				   .count = work->row_count,
				   .object = object_seen,
				   .done = objects_listed,
				   .arg = run };

	if (run->objects.console) {
		list_console(run);
		return;
	}
	app_objects_clear(&run->objects);
	run->sweep = sweep_start(&spec);
	if (!run->sweep)
		list_claims(run);
}

static void discovered(void *arg, const struct access_resources *resources, const struct error *err)
{
	struct discovery *discovery = arg;
	struct restore_run *run = discovery->run;
	struct error none = ERROR_INIT;

	free(discovery);
	if (!run)
		return;
	run->removal->discovery = NULL;
	if (!resources || !resources->count) {
		error_set(&none, STATUS_PROTOCOL, "the API server names no kind of object");
		err = err ? err : &none;
		if (!run_lost(run, err, discover))
			run_fail(run, err);
		return;
	}
	run->removal->rows = mem_array(resources->count, sizeof(*run->removal->rows));
	memcpy(run->removal->rows, resources->rows, resources->count * sizeof(*run->removal->rows));
	run->removal->row_count = resources->count;
	list_objects(run);
}

static void discover(struct restore_run *run)
{
	struct removal_work *work = run->removal;

	work->discovery = mem_alloc(sizeof(*work->discovery));
	work->discovery->run = run;
	access_discover(run->op.world->client, discovered, work->discovery);
}

/* Since the plan was shown the snapshot may have gone: nothing is removed for it then. */
static bool may_go_on(struct restore_run *run)
{
	const struct model *model = run_model(run);
	struct error err = ERROR_INIT;

	if (model->state[COLLECTION_BACKUPS].reading != READ_LIVE ||
	    !restore_backup_check(model, run->plan->backup, &err))
		return true;
	if (run->plan->steps[run->at].part == 0)
		error_hint(&err, "Nothing was changed.");
	run_fail(run, &err);
	return false;
}

static void enter(struct restore_run *run)
{
	if (!may_go_on(run))
		return;
	run->removal = mem_alloc(sizeof(*run->removal));
	run->removal->client = run->op.world->client;
	run->removal->moved_ms = clock_monotonic_ms();
	run_say(run, OP_STEP_RUNNING, "looks for everything that belongs to %s",
		run_part(run)->title);
	if (run_part(run)->is_console) {
		app_objects_init_console(&run->objects, run->plan->console_namespace);
		list_console(run);
		return;
	}
	discover(run);
}

const struct run_step run_step_removed = { enter, NULL };
