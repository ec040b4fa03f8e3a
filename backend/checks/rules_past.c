/* What past snapshots, deletions and operations tell. */
#include "backend/base/clock.h"
#include "backend/checks/rules.h"

#include <string.h>

/* A daily schedule that missed once and is late at its next. */
#define OLD_S (2 * 86400)

void rule_newest_restorable(const struct check_facts *facts, struct check_result *result)
{
	const struct snapshot *snapshot = model_newest_restorable(facts->model, true);
	struct strbuf age = STRBUF_INIT;
	int64_t seconds;

	if (rule_lacks_list(facts, result, COLLECTION_BACKUPS))
		return;
	if (!snapshot) {
		rule_say(facts, result, VERDICT_FAILED, "no full snapshot can be restored");
		result->means = "A lost cluster could not be rebuilt.";
		rule_do(facts, result, "Take a full snapshot (t).");
		return;
	}
	seconds = facts->now - (snapshot->backup->started ? snapshot->backup->started
							  : snapshot->backup->object.created);
	clock_add_span(&age, seconds);
	rule_say(facts, result, seconds > OLD_S ? VERDICT_WARNING : VERDICT_PASSED, "%s is %s old",
		 snapshot->backup->object.name, age.buf);
	strbuf_done(&age);
}

static const struct snapshot *last_ended(const struct check_facts *facts, enum snapshot_kind kind)
{
	for (size_t i = 0; i < facts->model->snapshot_count; i++) {
		const struct snapshot *snapshot = &facts->model->snapshots[i];

		if (snapshot->kind == kind && phase_is_final(PHASE_BACKUP, snapshot->backup->phase))
			return snapshot;
	}
	return NULL;
}

void rule_last_ended(const struct check_facts *facts, struct check_result *result)
{
	static const enum snapshot_kind kinds[] = { SNAPSHOT_FULL, SNAPSHOT_PARTIAL };
	bool any = false;

	if (rule_lacks_list(facts, result, COLLECTION_BACKUPS))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct snapshot *snapshot = last_ended(facts, kinds[i]);

		any = any || snapshot;
		if (!snapshot || !strcmp(snapshot->backup->phase, "Completed"))
			continue;
		rule_say(facts, result, VERDICT_WARNING, "%s: %s", snapshot->backup->object.name,
			 phase_find(PHASE_BACKUP, snapshot->backup->phase).word);
		rule_do(facts, result, "Its log and results name the cause.");
		return;
	}
	if (any)
		rule_say(facts, result, VERDICT_PASSED, "the last of each kind is complete");
	else
		rule_say(facts, result, VERDICT_UNKNOWN, "none has ended yet");
}

static void say_leftover(const struct check_facts *facts, struct check_result *result,
			 const struct delete_request *request, enum leftover leftover)
{
	struct strbuf age = STRBUF_INIT;

	clock_add_span(&age, facts->now - request->object.created);
	if (leftover == LEFTOVER_FAILED) {
		rule_say(facts, result, VERDICT_WARNING, "%s was not deleted: %.300s",
			 request->backup, request->error);
		result->means = "The Admin Console shows it as deleted, and cannot try again for a "
				"day.";
		rule_do(facts, result, "Delete it here: each request has a name of its own.");
	} else if (leftover == LEFTOVER_STUCK) {
		rule_say(facts, result, VERDICT_WARNING, "%s is being deleted for %s",
			 request->backup, age.buf);
		result->means = "A Velero that was restarted takes up no request it was at.";
		rule_do(facts, result,
			"Delete it again, or remove the request %s on Activity (3, d).",
			request->object.name);
	} else {
		rule_say(facts, result, VERDICT_WARNING,
			 "the request to delete %s is left, the snapshot is gone", request->backup);
		rule_do(facts, result, "Remove it on Activity (3, d).");
	}
	strbuf_done(&age);
}

/* The worst first: a snapshot that stays for good, one that hangs, a record that is in nobody's
 * way. */
void rule_deletions(const struct check_facts *facts, struct check_result *result)
{
	static const enum leftover order[] = { LEFTOVER_FAILED, LEFTOVER_STUCK, LEFTOVER_ORPHAN };
	const struct list *list = facts->model->lists[COLLECTION_DELETE_REQUESTS];

	if (rule_lacks_list(facts, result, COLLECTION_DELETE_REQUESTS))
		return;
	for (size_t n = 0; n < ARRAY_SIZE(order); n++) {
		for (size_t i = 0; i < list->count; i++) {
			const struct delete_request *request =
				(const struct delete_request *)list->items[i];

			if (model_leftover(facts->model, request, facts->now) != order[n])
				continue;
			say_leftover(facts, result, request, order[n]);
			return;
		}
	}
	rule_say(facts, result, VERDICT_PASSED, "none failed in the last day, none is left over");
}

/* spec/velero-api.md 12, item 12 */
void rule_names_taken(const struct check_facts *facts, struct check_result *result)
{
	if (rule_lacks_list(facts, result, COLLECTION_BACKUPS))
		return;
	for (size_t i = 0; i < facts->model->snapshot_count; i++) {
		const struct backup *backup = facts->model->snapshots[i].backup;

		if (!text_ends(backup->failure_reason, "backup already exists in object storage"))
			continue;
		rule_say(facts, result, VERDICT_WARNING,
			 "%s failed: an older one of its name lies in the destination",
			 backup->object.name);
		result->means = "Deleting it would delete the files of the older one.";
		return;
	}
	rule_say(facts, result, VERDICT_PASSED, "none is taken twice");
}

/* */
void rule_scripts(const struct check_facts *facts, struct check_result *result)
{
	const struct snapshot *snapshot = last_ended(facts, SNAPSHOT_FULL);
	const struct backup *backup = snapshot ? snapshot->backup : NULL;

	if (rule_lacks_list(facts, result, COLLECTION_BACKUPS))
		return;
	if (!backup) {
		rule_say(facts, result, VERDICT_UNKNOWN, "no full snapshot has ended yet");
	} else if (backup->hooks_failed) {
		rule_say(facts, result, VERDICT_WARNING, "%lld of %lld failed in %s",
			 (long long)backup->hooks_failed, (long long)backup->hooks,
			 backup->object.name);
		result->means = "What they were to write may be old or missing in it.";
		rule_do(facts, result, "Its log names them.");
	} else {
		rule_say(facts, result, VERDICT_PASSED, "%lld in %s, none failed",
			 (long long)backup->hooks, backup->object.name);
	}
}

/* One application by its slug; of several parts their name. */
static const char *restored_name(const struct op_view *view)
{
	return *view->app_slug ? view->app_slug : view->app_title;
}

void rule_unfinished(const struct check_facts *facts, struct check_result *result)
{
	for (size_t i = 0; i < facts->model->op_count; i++) {
		const struct op_view *view = facts->model->ops[i];

		if (view->kind != OP_RESTORE ||
		    (view->state != OP_UNFINISHED && view->state != OP_RUNNING))
			continue;
		if (view->state == OP_RUNNING && facts->snapshot)
			rule_say(facts, result, VERDICT_FAILED, "%s restores %s right now",
				 view->owner, restored_name(view));
		else if (view->state == OP_UNFINISHED)
			rule_say(facts, result, VERDICT_WARNING,
				 "%s left a restore of %s unfinished", view->owner,
				 restored_name(view));
		else
			continue;
		rule_do(facts, result, "Open it in Activity (3).");
		return;
	}
	rule_say(facts, result, VERDICT_PASSED, "none is left unfinished");
}

/* */
void rule_source_os(const struct check_facts *facts, struct check_result *result)
{
	if (rule_lacks_list(facts, result, COLLECTION_BACKUPS))
		return;
	rule_say(facts, result, VERDICT_UNKNOWN, "snapshots do not record it");
	result->means = "A restore is supported on the same operating system only.";
}
