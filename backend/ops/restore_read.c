#include "backend/ops/restore_read.h"

#include "backend/kots/snapshot_words.h"
#include "backend/velero/location.h"

#include <string.h>

/* ---- Velero ---- */

bool velero_is_ready(const struct json *deployment, struct strbuf *words)
{
	int64_t wanted = json_int(deployment, "spec.replicas", 1);
	int64_t ready = json_int(deployment, "status.readyReplicas", 0);

	if (ready > 0)
		return true;
	if (!wanted)
		strbuf_adds(words, "Velero is scaled to 0 replicas");
	else
		strbuf_addf(words, "Velero is not ready: 0 of %lld replicas", (long long)wanted);
	return false;
}

static bool is_agent(const struct json *daemon_set)
{
	const char *name = json_text(daemon_set, "metadata.name");

	return !strcmp(name, "node-agent") || !strcmp(name, "restic");
}

bool agents_are_ready(const struct json *daemon_sets, bool needed, struct strbuf *words)
{
	const struct json *set = json_first(json_get(daemon_sets, "items"));
	int64_t wanted, ready;

	while (set && !is_agent(set))
		set = json_next(set);
	if (!set && needed)
		strbuf_adds(words, "there is no node agent to fill the volumes");
	if (!set)
		return !needed;
	wanted = json_int(set, "status.desiredNumberScheduled", 0);
	ready = json_int(set, "status.numberReady", 0);
	if (ready >= wanted && (wanted || !needed))
		return true;
	strbuf_addf(words, "the node agent is ready on %lld of %lld nodes", (long long)ready,
		    (long long)wanted);
	return false;
}

/* ---- the picture ---- */

/* Read-only is fine; one that does not answer would fail the Restore after everything is removed.
 */
static enum status check_location(const struct model *model, const char *name, struct error *err)
{
	const struct location *location =
		(const struct location *)list_by_name(model->lists[COLLECTION_LOCATIONS], name);

	if (!location || strcmp(location->phase, "Unavailable") != 0)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "the destination %s does not answer%s%s", name,
		  *location->message ? ": " : "", location->message);
	error_hint(err, "Nothing was changed. Doctor says more about the destination.");
	return STATUS_REFUSED;
}

enum status restore_backup_check(const struct model *model, const char *backup_name,
				 struct error *err)
{
	const struct snapshot *snapshot = model_snapshot_by_name(model, backup_name);
	const char *refusal;

	if (!snapshot)
		return error_set(err, STATUS_NOT_FOUND, "snapshot %s is not there any more",
				 backup_name);
	refusal = snapshot_restore_refusal(snapshot);
	if (refusal)
		return error_set(err, STATUS_REFUSED, "snapshot %s cannot be restored now: %s",
				 backup_name, refusal);
	if (snapshot_is_deleting(snapshot))
		return error_set(err, STATUS_REFUSED, "snapshot %s is being deleted", backup_name);
	return check_location(model, snapshot->backup->location, err);
}

enum status restore_rival_check(const struct model *model, const char *id, int64_t began,
				struct error *err)
{
	for (size_t i = 0; i < model->op_count; i++) {
		const struct op_view *view = model->ops[i];

		if (view->kind != OP_RESTORE || view->state != OP_RUNNING || !strcmp(view->id, id))
			continue;
		if (view->began > began || (view->began == began && strcmp(view->id, id) > 0))
			continue;
		error_set(err, STATUS_REFUSED, "%s is restoring %s from %s right now", view->owner,
			  *view->app_title ? view->app_title : view->app_slug, view->backup);
		error_hint(err, "Nothing was changed. Wait until that restore has ended.");
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

enum status restore_left_check(const struct model *model, const char *id, struct error *err)
{
	for (size_t i = 0; i < model->op_count; i++) {
		const struct op_view *view = model->ops[i];

		if (view->kind != OP_RESTORE || view->state != OP_UNFINISHED ||
		    !strcmp(view->id, id))
			continue;
		error_set(err, STATUS_REFUSED,
			  "the restore of %s from %s was left unfinished by %s",
			  *view->app_title ? view->app_title : view->app_slug, view->backup,
			  view->owner);
		error_hint(err,
			   "Nothing was changed. First go on with it or give it up: Activity (3), "
			   "or kotsnap restore take-over %s, or abandon %s.",
			   view->id, view->id);
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

static bool is_of_plan(const struct restore_plan *plan, const char *restore)
{
	for (size_t i = 0; i < plan->part_count; i++)
		if (!strcmp(plan->parts[i].restore, restore))
			return true;
	return false;
}

bool restore_must_wait(const struct model *model, const struct restore_plan *plan,
		       struct strbuf *words)
{
	const struct list *list = model->lists[COLLECTION_RESTORES];
	const struct snapshot *snapshot = model->running;

	for (size_t i = 0; i < list->count; i++) {
		const struct restore *restore = (const struct restore *)list->items[i];

		/* One whose Velero died with it may stay without a final phase for ever; an old
		 * one of our own name is another step's matter. */
		if (phase_is_final(PHASE_RESTORE, restore->phase) || restore->object.deleted ||
		    is_of_plan(plan, restore->object.name))
			continue;
		strbuf_addf(words, "restore %s runs", restore->object.name);
		return true;
	}
	if (snapshot)
		strbuf_addf(words, "snapshot %s is being taken", snapshot->backup->object.name);
	return snapshot != NULL;
}

/* ---- the console's database ---- */

/* args: what the question marks stand for: s the sequence, n now, a the application's id. Where the
 * id is not known the slug stands for it. */
static const struct {
	const char *sql, *args;
} mark_rows[] = {
	{ "update app_downstream set current_sequence = ? where app_id = ?", "sa" },
	{ "update app_downstream_version set applied_at = ? where sequence = ? and app_id = ?",
	  "nsa" },
	{ "update app_downstream_version set status = 'deployed', status_info = '' "
	  "where sequence = ? and app_id = ?",
	  "sa" },
	{ "update app set restore_in_progress_name = NULL, restore_undeploy_status = '' "
	  "where id = ?",
	  "a" },
};

/* "app_id = ?" becomes "app_id = (select id from app where slug = ?)". */
static void add_sql(struct json *row, const char *sql, bool by_slug)
{
	const char *last = strrchr(sql, '?');
	struct strbuf text = STRBUF_INIT;

	strbuf_add(&text, sql, (size_t)(last - sql));
	strbuf_adds(&text, by_slug ? "(select id from app where slug = ?)" : "?");
	strbuf_adds(&text, last + 1);
	json_add_text(row, text.buf);
	strbuf_done(&text);
}

struct json *restore_mark_statements(const struct restore_part *part, int64_t now)
{
	bool by_slug = !*part->app_id;
	struct json *list = json_new_list();

	for (size_t i = 0; i < ARRAY_SIZE(mark_rows); i++) {
		struct json *row = json_add(list, json_new_list());

		add_sql(row, mark_rows[i].sql, by_slug);
		for (const char *arg = mark_rows[i].args; *arg; arg++)
			json_add(row,
				 *arg == 'a'
					 ? json_new_text(by_slug ? part->app_slug : part->app_id)
					 : json_new_number(
						   (double)(*arg == 's' ? part->sequence : now)));
	}
	return list;
}

enum status restore_mark_check(const struct json *reply, const struct restore_part *part,
			       struct error *err)
{
	const struct json *result = json_first(json_get(reply, "results"));
	int row = 0;

	if (!result)
		return error_set(err, STATUS_FAILED,
				 "the Admin Console's database gave no results");
	for (; result; result = json_next(result), row++) {
		const char *why = json_text(result, "error");

		if (*why)
			return error_set(err, STATUS_FAILED,
					 "the Admin Console's database says \"%s\"", why);
		if ((size_t)row + 1 < ARRAY_SIZE(mark_rows) &&
		    json_int(result, "rows_affected", 0) < 1)
			return error_set(err, STATUS_NOT_FOUND,
					 "the Admin Console knows no sequence %lld of %s",
					 (long long)part->sequence, part->app_slug);
	}
	return STATUS_OK;
}

/* ---- pods ---- */

static bool condition_is(const struct json *pod, const char *type, const char *status)
{
	const struct json *one = json_first(json_get(pod, "status.conditions"));

	for (; one; one = json_next(one))
		if (!strcmp(json_text(one, "type"), type) &&
		    !strcmp(json_text(one, "status"), status))
			return true;
	return false;
}

bool pod_is_well(const struct json *pod)
{
	const char *phase = json_text(pod, "status.phase");

	return !strcmp(phase, "Succeeded") ||
	       (!strcmp(phase, "Running") && condition_is(pod, "Ready", "True"));
}

static const char *waiting_reason(const struct json *statuses)
{
	for (const struct json *one = json_first(statuses); one; one = json_next(one)) {
		const char *reason = json_text(one, "state.waiting.reason");

		if (*reason && strcmp(reason, "PodInitializing") != 0)
			return reason;
	}
	return "";
}

const char *pod_trouble(const struct json *pod)
{
	const char *reason = waiting_reason(json_get(pod, "status.initContainerStatuses"));

	if (!*reason)
		reason = waiting_reason(json_get(pod, "status.containerStatuses"));
	if (!*reason && condition_is(pod, "PodScheduled", "False"))
		reason = "no node takes it";
	if (!*reason)
		reason = json_text(pod, "status.phase");
	return !strcmp(reason, "Running") ? "not ready" : *reason ? reason : "not ready";
}

static const struct json *is_up(const struct json *pod)
{
	const struct json *container = json_first(json_get(pod, "status.containerStatuses"));

	if (*json_text(pod, "metadata.deletionTimestamp") ||
	    strcmp(json_text(pod, "status.phase"), "Running") != 0 ||
	    !json_bool(container, "ready", false))
		return NULL;
	return pod;
}

static const char *owner_uid(const struct json *pod)
{
	return json_key_text(json_first(json_get(pod, "metadata.ownerReferences")), "uid");
}

bool console_pods_are_up(const struct json *pods, struct strbuf *words)
{
	const struct json *pod = json_first(json_get(pods, "items")), *up = NULL;

	if (!pod)
		strbuf_adds(words, "there is no pod of it yet");
	for (; pod; pod = json_next(pod)) {
		if (!is_up(pod)) {
			if (!words->len)
				strbuf_addf(words, "waits for pod %s: %s",
					    json_text(pod, "metadata.name"), pod_trouble(pod));
			continue;
		}
		if (up && strcmp(owner_uid(up), owner_uid(pod)) != 0) {
			strbuf_reset(words);
			strbuf_addf(words, "waits for pod %s of another owner to go",
				    json_text(up, "metadata.name"));
			return false;
		}
		up = pod;
	}
	if (!up)
		return false;
	strbuf_reset(words);
	strbuf_addf(words, "pod %s is ready", json_text(up, "metadata.name"));
	return true;
}

struct json *database_queries(void)
{
	struct json *list = json_new_list();

	json_add_text(json_add(list, json_new_list()),
		      "select slug from app where install_state = 'installed'");
	return list;
}

static const struct json *database_rows(const struct json *reply)
{
	return json_key(json_first(json_get(reply, "results")), "values");
}

size_t database_apps(const struct json *reply)
{
	return json_count(database_rows(reply));
}

bool database_knows(const struct json *reply, const char *app_slug)
{
	for (const struct json *row = json_first(database_rows(reply)); row; row = json_next(row))
		if (!strcmp(json_value(json_first(row)), app_slug))
			return true;
	return false;
}
