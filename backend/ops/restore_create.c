/* The two steps of Velero: its Restore is made, exactly once, and followed to its end. What was
 * asked for counts as begun only when the object was seen (design/screens.md 4.7, F-151). */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/ops/restore_run.h"

#include <stdlib.h>
#include <string.h>

#define SEEN_AGAIN_MS	2000
#define NOT_STARTED_MS	30000
#define CREATE_AGAIN_MS 15000
#define FOLLOW_AGAIN_MS 10000

static const struct restore *in_model(const struct restore_run *run)
{
	const struct list *list = run_model(run)->lists[COLLECTION_RESTORES];

	return run->restore_uid ? (const struct restore *)list_by_uid(list, run->restore_uid)
				: NULL;
}

/* ---- STEP_CREATED ---- */

static void create(struct restore_run *run);
static void look_whether_made(struct restore_run *run);
static void look_for_effect(struct restore_run *run);

static void not_ours(struct restore_run *run)
{
	struct error err = ERROR_INIT;

	error_set(&err, STATUS_CONFLICT,
		  "%s is removed, and somebody else made a Restore %s meanwhile",
		  run_part(run)->title, run_part(run)->restore);
	error_hint(&err, "Follow that Restore (3); when it ends badly, restore again from %s.",
		   run->plan->backup);
	run_fail(run, &err);
}

static void effect_looked_for(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;
	struct error nothing = ERROR_INIT;

	if (run_lost(run, err, look_for_effect))
		return;
	if (!err && !run_restore_is_ours(run, reply)) {
		not_ours(run);
	} else if (!err) {
		run_take_restore(run, reply);
		run_say(run, OP_STEP_RUNNING, "%s", run_part(run)->restore);
		run_next(run, OP_STEP_DONE);
	} else if (err->http != 404) {
		run_fail(run, err);
	} else if (run_step_ms(run) < NOT_STARTED_MS) {
		run_after(run, SEEN_AGAIN_MS, look_for_effect);
	} else {
		error_set(
			&nothing, STATUS_FAILED,
			"Nothing was started: there is no Restore %s, 30 s after it was asked for",
			run_part(run)->restore);
		error_hint(&nothing, "%s is removed. Restore again from %s.", run_part(run)->title,
			   run->plan->backup);
		run_fail(run, &nothing);
	}
}

static void look_for_effect(struct restore_run *run)
{
	run_get_restore(run, effect_looked_for);
}

static void made_looked_for(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;

	if (run_lost(run, err, look_whether_made))
		return;
	if (err && err->http == 404)
		create(run);
	else if (err)
		run_fail(run, err);
	else
		effect_looked_for(run, reply, NULL);
}

static void look_whether_made(struct restore_run *run)
{
	run_get_restore(run, made_looked_for);
}

static void made(void *arg, const struct json *object, const struct error *err)
{
	struct restore_run *run = arg;

	if (!err) {
		run_take_restore(run, object);
		run_after(run, 0, look_for_effect);
	} else if (err->http == 409) {
		look_for_effect(run);
	} else if (err->http == 429 || creation_answer_was_lost(err)) {
		run_say(run, OP_STEP_WARNING, "waits for the cluster: %s", err->text);
		run_after(run, CREATE_AGAIN_MS, look_whether_made);
	} else {
		run_fail(run, err);
	}
}

static void say(void *arg, const char *words)
{
	run_say(arg, OP_STEP_RUNNING, "%s", words);
}

static void create(struct restore_run *run)
{
	const char *text = run_part(run)->restore_json;
	char id[CREATION_ID_LEN + 1];
	struct strbuf what = STRBUF_INIT;
	struct error err = ERROR_INIT;
	struct creation_spec spec = { .transport = run->op.world->transport,
				      .client = run->op.world->client,
				      .kind = &restore_kind,
				      .namespace = run->plan->velero_namespace,
				      .id = id,
				      .step = say,
				      .done = made,
				      .arg = run };

	if (!run_may_write(run, create))
		return;
	spec.body = json_parse(text, strlen(text), &err);
	if (!spec.body) {
		run_fail(run, &err);
		return;
	}
	run_add_request(run, id);
	strbuf_addf(&what, "create Restore %s", run_part(run)->restore);
	spec.what = what.buf;
	creation_free(run->creation);
	run->creation = creation_start(&spec);
	strbuf_done(&what);
}

const struct run_step run_step_created = { look_whether_made, NULL };

/* ---- STEP_RESTORED ---- */

static void follow(struct restore_run *run);

static void judge_end(struct restore_run *run)
{
	const struct restore *restore = run->restore;
	struct restore_volumes volumes =
		restore_volumes_count(run_model(run), run_part(run)->restore);
	struct strbuf words = STRBUF_INIT;
	struct error err = ERROR_INIT;
	const char *why =
		*restore->validation_error ? restore->validation_error : restore->failure_reason;

	run->errors += restore->errors;
	run->warnings += restore->warnings;
	amount_add_counted(&words, restore->errors, "error");
	strbuf_adds(&words, ", ");
	amount_add_counted(&words, restore->warnings, "warning");
	if (volumes.count)
		strbuf_addf(&words, "; %lld of %lld volumes", (long long)volumes.done,
			    (long long)volumes.count);
	if (volumes.failed)
		strbuf_addf(&words, ", %lld failed", (long long)volumes.failed);
	if (!strcmp(restore->phase, "Completed")) {
		run_say(run, OP_STEP_RUNNING, "%s", words.buf);
		run_next(run, restore->warnings ? OP_STEP_WARNING : OP_STEP_DONE);
	} else {
		run_say(run, OP_STEP_WARNING, "%s", words.buf);
		error_set(&err, STATUS_FAILED, "%s ended as %s: %s%s%s", run_part(run)->restore,
			  restore->phase, words.buf, *why ? ": " : "", why);
		error_hint(&err,
			   "Its results name what is missing. %s is unharmed: restore again "
			   "from it.",
			   run->plan->backup);
		run_fail_after_look(run, &err);
	}
	strbuf_done(&words);
}

static const char *other_restore(const struct restore_run *run)
{
	const struct list *list = run_model(run)->lists[COLLECTION_RESTORES];

	for (size_t i = 0; i < list->count; i++) {
		const struct restore *other = (const struct restore *)list->items[i];

		if (!phase_is_final(PHASE_RESTORE, other->phase) && *other->phase &&
		    strcmp(other->object.name, run_part(run)->restore) != 0)
			return other->object.name;
	}
	return "";
}

/* Any number that grows is movement. */
static int64_t how_far(const struct restore *restore, const struct restore_volumes *volumes)
{
	return restore->items_done + volumes->done + volumes->failed + volumes->bytes_done +
	       (int64_t)strlen(restore->phase);
}

static void say_progress(struct restore_run *run)
{
	struct restore_progress progress = { .restore = run->restore,
					     .volumes = restore_volumes_count(
						     run_model(run), run_part(run)->restore),
					     .other = other_restore(run),
					     .waits_for = run->waits_for };
	struct strbuf words = STRBUF_INIT;
	int64_t now = clock_now(), far = how_far(run->restore, &progress.volumes);

	if (!run->moved || far != run->moved_sum)
		run->moved = now;
	run->moved_sum = far;
	progress.still_s = now - run->moved;
	restore_progress_add(&words, &progress);
	run_say(run,
		progress.still_s >= RESTORE_STILL_S || run->waits_stuck ? OP_STEP_WARNING
									: OP_STEP_RUNNING,
		"%s", words.buf);
	strbuf_done(&words);
}

static void judge(struct restore_run *run)
{
	if (!run->restore)
		return;
	if (phase_is_final(PHASE_RESTORE, run->restore->phase))
		judge_end(run);
	else
		say_progress(run);
}

static void follow_looked(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;
	struct error gone = ERROR_INIT;

	if (run_lost(run, err, follow))
		return;
	if (err && err->http == 404) {
		error_set(&gone, STATUS_NOT_FOUND,
			  "somebody deleted the Restore %s before it ended; objects and volumes "
			  "may be missing",
			  run_part(run)->restore);
		error_hint(&gone, "Restore again from %s.", run->plan->backup);
		run_fail(run, &gone);
		return;
	}
	if (err) {
		run_say(run, OP_STEP_WARNING, "%s", err->text);
	} else if (!run_restore_is_ours(run, reply)) {
		not_ours(run);
		return;
	} else {
		run_take_restore(run, reply);
	}
	run_after(run, FOLLOW_AGAIN_MS, follow);
	if (err)
		return;
	restore_look_at_pods(run);
	judge(run);
}

void run_say_restored(struct restore_run *run)
{
	if (run->restore && !phase_is_final(PHASE_RESTORE, run->restore->phase))
		say_progress(run);
}

/* The watch brings what happens; where it does not (not permitted, not there yet, gone) the object
 * is asked for. */
static void follow(struct restore_run *run)
{
	if (in_model(run) && run_model(run)->state[COLLECTION_RESTORES].reading == READ_LIVE) {
		run_after(run, FOLLOW_AGAIN_MS, follow);
		/* Before the judgement, which may end the step. */
		restore_look_at_pods(run);
		judge(run);
	} else {
		run_get_restore(run, follow_looked);
	}
}

static void restored_look(struct restore_run *run)
{
	const struct restore *restore = in_model(run);

	if (!restore)
		return;
	if (restore != run->restore) {
		object_unref(run->restore);
		run->restore = object_ref(restore);
	}
	judge(run);
}

static void restored_enter(struct restore_run *run)
{
	run->moved = 0;
	free(run->waits_for);
	run->waits_for = NULL;
	run->waits_stuck = false;
	follow(run);
}

const struct run_step run_step_restored = { restored_enter, restored_look };
