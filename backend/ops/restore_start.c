/* The steps before anything is changed: Velero ready and nothing else under way; an older Restore
 * of the same name really gone. A tool deletes the old Restore before it deletes anything else
 * (spec/kots-snapshots.md 13, item 4). */
#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/ops/restore_read.h"
#include "backend/ops/restore_run.h"

#include <string.h>

#define LOOK_AGAIN_MS	5000
#define GONE_SOON_MS	200
#define GONE_AGAIN_MS	2000
#define LONGEST_WAIT_MS 600000
/* Until then the record of somebody who began at the same moment is in the picture. */
#define SETTLE_MS 2000

static const struct kube_kind deployment_kind = { "apps", "v1", "deployments" };
static const struct kube_kind daemon_set_kind = { "apps", "v1", "daemonsets" };

static void look_for_restore(struct restore_run *run);
static void look_at_velero(struct restore_run *run);

/* ---- STEP_READY ---- */

static void wait_for(struct restore_run *run, const char *what)
{
	struct error err = ERROR_INIT;

	if (run_step_ms(run) > LONGEST_WAIT_MS) {
		error_set(&err, STATUS_TIMEOUT, "not begun within 10 min: %s", what);
		error_hint(&err, "Nothing was changed. Try again when that is over.");
		run_fail(run, &err);
		return;
	}
	run_say(run, OP_STEP_RUNNING, "waits: %s", what);
	run_after(run, LOOK_AGAIN_MS, look_at_velero);
}

static void judge(struct restore_run *run)
{
	const struct model *model = run_model(run);
	struct strbuf words = STRBUF_INIT;
	struct error err = ERROR_INIT;

	if (!model->state[COLLECTION_BACKUPS].ever)
		wait_for(run, "the snapshots are still being read");
	else if (restore_backup_check(model, run->plan->backup, &err) ||
		 (!run->taken_over && restore_left_check(model, run->id, &err)) ||
		 restore_rival_check(model, run->id, run->began, &err))
		run_fail(run, &err);
	else if (restore_must_wait(model, run->plan, &words))
		wait_for(run, words.buf);
	else if (!run->taken_over && run_step_ms(run) < SETTLE_MS)
		run_after(run, SETTLE_MS, look_at_velero);
	else {
		run_say(run, OP_STEP_RUNNING, "%s", "");
		run_next(run, OP_STEP_DONE);
	}
	strbuf_done(&words);
}

/* Who may not look at workloads goes on: Velero itself will show whether it works. */
static bool may_not_look(const struct error *err)
{
	if (err && (err->http == 403 || err->http == 404)) {
		log_line("op", "%s", err->text);
		return true;
	}
	return false;
}

static void agents_listed(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;
	struct strbuf words = STRBUF_INIT;

	if (run_lost(run, err, look_at_velero))
		return;
	if (err && !may_not_look(err))
		run_fail(run, err);
	else if (!err && !agents_are_ready(reply, run->plan->total.restored_volumes > 0, &words))
		wait_for(run, words.buf);
	else
		judge(run);
	strbuf_done(&words);
}

static void look_at_agents(struct restore_run *run)
{
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .what = "look whether the node agents are ready" };

	client_add_path(&path, &daemon_set_kind, run->plan->velero_namespace, NULL);
	call.path = path.buf;
	run_call(run, &call, agents_listed);
	strbuf_done(&path);
}

static void velero_found(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;
	struct strbuf words = STRBUF_INIT;

	if (run_lost(run, err, look_at_velero))
		return;
	if (err && !may_not_look(err))
		run_fail(run, err);
	else if (!err && !velero_is_ready(reply, &words))
		wait_for(run, words.buf);
	else
		look_at_agents(run);
	strbuf_done(&words);
}

static void look_at_velero(struct restore_run *run)
{
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .what = "look whether Velero is ready" };

	client_add_path(&path, &deployment_kind, run->plan->velero_namespace, "velero");
	call.path = path.buf;
	run_call(run, &call, velero_found);
	strbuf_done(&path);
}

/* After a take-over: the part that was being restored. What its record says was done, and what the
 * cluster has, is not done again. */
static void gone_meanwhile(struct restore_run *run)
{
	struct error gone = ERROR_INIT;

	error_set(&gone, STATUS_NOT_FOUND,
		  "the Restore %s that this operation had made is not there any more",
		  run->plan->parts[run->resume_part].restore);
	error_hint(&gone, "Nothing was changed by taking it over. Begin a new restore.");
	run_fail(run, &gone);
}

static void restore_found(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;
	size_t restored = run_find(run, STEP_RESTORED, run->resume_part);

	if (run_lost(run, err, look_for_restore))
		return;
	if (err && err->http != 404) {
		run_fail(run, err);
	} else if (run->resume_at > restored) {
		run_jump(run, run->resume_at);
	} else if (!err && run_restore_is_ours(run, reply)) {
		run_take_restore(run, reply);
		run_jump(run, restored);
	} else if (run->resume_at == restored) {
		gone_meanwhile(run);
	} else {
		look_at_velero(run);
	}
}

static void look_for_restore(struct restore_run *run)
{
	run_get_restore(run, restore_found);
}

static void ready_enter(struct restore_run *run)
{
	run->look_part = run->resume_part;
	look_for_restore(run);
}

const struct run_step run_step_ready = { ready_enter, NULL };

/* ---- STEP_OLD_GONE: of each part in turn ---- */

static void look_for_old(struct restore_run *run);

static const char *old_name(const struct restore_run *run)
{
	return run->plan->parts[run->look_part].restore;
}

static void next_old(struct restore_run *run)
{
	if (++run->look_part < run->plan->part_count) {
		run->step_began_ms = clock_monotonic_ms();
		look_for_old(run);
		return;
	}
	if (run->plan->part_count > 1)
		run_say(run, OP_STEP_RUNNING, "there was none");
	run->look_part = 0;
	if (run->resume_at > run->at + 1)
		run_jump(run, run->resume_at);
	else
		run_next(run, OP_STEP_DONE);
}

static void old_deleted(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;

	(void)reply;
	if (run_lost(run, err, look_for_old))
		return;
	if (err && err->http != 404 && err->http != 409)
		run_fail(run, err);
	else
		run_after(run, GONE_SOON_MS, look_for_old);
}

/* The uid: never one that somebody made in its place meanwhile. */
static void delete_old(struct restore_run *run, const struct json *old)
{
	struct strbuf path = STRBUF_INIT;
	struct json *body = json_new_map();
	struct client_call call = { .method = "DELETE",
				    .body = body,
				    .what = "delete the older Restore of this name" };

	if (!run_may_write(run, look_for_old)) {
		json_free(body);
		return;
	}
	run_say(run, OP_STEP_RUNNING, "deletes Restore %s of an earlier time", old_name(run));
	json_put_text(body, "apiVersion", "v1");
	json_put_text(body, "kind", "DeleteOptions");
	json_put_path(body, "preconditions.uid", json_new_text(json_text(old, "metadata.uid")));
	run_add_restore_path(&path, run);
	call.path = path.buf;
	run_call(run, &call, old_deleted);
	json_free(body);
	strbuf_done(&path);
}

static void wait_until_gone(struct restore_run *run, const struct json *old)
{
	const char *finalizer = json_value(json_first(json_get(old, "metadata.finalizers")));
	struct error err = ERROR_INIT;

	if (run_step_ms(run) > LONGEST_WAIT_MS) {
		error_set(&err, STATUS_TIMEOUT,
			  "the older Restore %s is being deleted but does not go (finalizer %s)",
			  old_name(run), *finalizer ? finalizer : "none");
		error_hint(&err, "Nothing was changed. Velero removes it when it runs and its "
				 "destination answers.");
		run_fail(run, &err);
		return;
	}
	run_say(run, OP_STEP_RUNNING, "waits for Velero to let go of Restore %s%s%s", old_name(run),
		*finalizer ? ", finalizer " : "", finalizer);
	run_after(run, GONE_AGAIN_MS, look_for_old);
}

static void old_found(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;
	struct error busy = ERROR_INIT;

	if (run_lost(run, err, look_for_old))
		return;
	if (err && err->http == 404) {
		run_say(run, OP_STEP_RUNNING,
			run->notes[run->at].detail ? "the older Restore %s is gone"
						   : "there is no older Restore %s",
			old_name(run));
		next_old(run);
	} else if (err) {
		run_fail(run, err);
	} else if (run_restore_is_ours(run, reply)) {
		next_old(run);
	} else if (*json_text(reply, "metadata.deletionTimestamp")) {
		wait_until_gone(run, reply);
	} else if (run_step_ms(run) < LONGEST_WAIT_MS &&
		   phase_is_final(PHASE_RESTORE, json_text(reply, "status.phase"))) {
		delete_old(run, reply);
	} else {
		error_set(&busy, STATUS_REFUSED, "a Restore %s of somebody else is under way",
			  old_name(run));
		error_hint(&busy, "Nothing was changed. Wait until it has ended.");
		run_fail(run, &busy);
	}
}

static void look_for_old(struct restore_run *run)
{
	run_get_restore(run, old_found);
}

static void old_enter(struct restore_run *run)
{
	run->look_part = run->resume_part;
	look_for_old(run);
}

const struct run_step run_step_old_gone = { old_enter, NULL };
