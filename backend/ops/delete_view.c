#include "backend/ops/delete_view.h"

#include "backend/base/amount.h"
#include "backend/ops/op_words.h"

#include <string.h>

enum { DELETE_ASKED, DELETE_PICKED_UP, DELETE_REMOVED, DELETE_GONE, DELETE_STEPS };

static const char *const titles[DELETE_STEPS] = { "Asked", "Picked up by Velero", "Data removed",
						  "Gone from the cluster" };

/* What Velero says when it refuses, and what helps. */
static const struct {
	const char *says, *next;
} remedies[] = {
	{ "read-only", "Make the destination writable, then delete the snapshot again." },
	{ "unavailable", "Make the destination available, then delete the snapshot again." },
	{ "in progress", "Wait until the snapshot has ended, then delete it again." },
	{ "storage location", "Velero knows no such destination: look at Destination." },
};

static const char *remedy(const char *error)
{
	for (size_t i = 0; i < ARRAY_SIZE(remedies); i++)
		if (text_find_nocase(error, remedies[i].says))
			return remedies[i].next;
	return "Delete it again; kotsnap asks under a name of its own each time.";
}

static void show_steps(struct op_view *view, const struct delete_facts *facts, int at,
		       enum op_step_state state)
{
	const int64_t begins[DELETE_STEPS] = { facts->asked, facts->accepted, facts->picked_up, 0 };
	const int64_t ends[DELETE_STEPS] = { facts->accepted, facts->picked_up, 0, 0 };
	struct strbuf request = STRBUF_INIT;

	if (*facts->request)
		strbuf_addf(&request, "request %s", facts->request);
	for (int i = 0; i < at; i++)
		op_view_step(
			view, (size_t)i,
			(struct op_step_view){ .state = OP_STEP_DONE,
					       .began = begins[i],
					       .ended = ends[i],
					       .detail = i == DELETE_ASKED ? request.buf : "" });
	strbuf_done(&request);
	if (at < DELETE_STEPS)
		op_view_step(view, (size_t)at,
			     (struct op_step_view){
				     .state = state,
				     .began = begins[at],
				     .detail = at == DELETE_ASKED	? facts->words
					       : at == DELETE_PICKED_UP ? "waits for Velero"
					       : at == DELETE_REMOVED && state == OP_STEP_RUNNING
						       ? "Velero does not say how far it is"
						       : "" });
}

static enum delete_fate show_bad(struct op_view *view, const struct delete_facts *facts,
				 const char *words, const char *next)
{
	struct strbuf verdict = STRBUF_INIT;

	strbuf_addf(&verdict, "%s was not deleted: %s", facts->backup, words);
	view->state = OP_FAILED;
	view->verdict = arena_text(&view->arena, verdict.buf);
	view->next = arena_text(&view->arena, next);
	view->ended = facts->now;
	strbuf_done(&verdict);
	return DELETE_ENDED_BADLY;
}

static enum delete_fate show_gone(struct op_view *view, const struct delete_facts *facts)
{
	struct strbuf verdict = STRBUF_INIT;

	show_steps(view, facts, DELETE_STEPS, OP_STEP_DONE);
	strbuf_addf(&verdict, "%s is gone.", facts->backup);
	view->state = OP_DONE;
	view->verdict = arena_text(&view->arena, verdict.buf);
	view->ended = facts->now;
	strbuf_done(&verdict);
	return DELETE_WELL;
}

static enum delete_fate show_refused_by_velero(struct op_view *view,
					       const struct delete_facts *facts)
{
	struct strbuf words = STRBUF_INIT;
	enum delete_fate fate;

	strbuf_adds(&words, "Velero processed the request with ");
	amount_add_counted(&words, facts->deletion->error_count, "error");
	view->errors = facts->deletion->error_count;
	view->why = arena_text(&view->arena, facts->deletion->error);
	show_steps(view, facts, DELETE_REMOVED, OP_STEP_FAILED);
	fate = show_bad(view, facts, words.buf, remedy(facts->deletion->error));
	strbuf_done(&words);
	return fate;
}

static enum delete_fate show_refusal(struct op_view *view, const struct delete_facts *facts)
{
	show_steps(view, facts, DELETE_ASKED, OP_STEP_FAILED);
	view->why = arena_text(&view->arena, facts->refusal->text);
	return show_bad(view, facts, "it was not asked for.", facts->refusal->hint);
}

/* Velero 1.12 and later never take up a request again that was under way when they were restarted
 * (spec/velero-api.md 3.3). */
static bool is_dead(const struct delete_facts *facts)
{
	return facts->deletion && facts->picked_up &&
	       !strcmp(facts->deletion->phase, "InProgress") &&
	       facts->velero_began > facts->picked_up;
}

static enum delete_fate show(struct op_view *view, const struct delete_facts *facts)
{
	if (facts->refusal)
		return show_refusal(view, facts);
	if (*facts->request && !facts->backup_there)
		return show_gone(view, facts);
	if (facts->deletion && !strcmp(facts->deletion->phase, "Processed") &&
	    facts->deletion->error_count)
		return show_refused_by_velero(view, facts);
	if (is_dead(facts)) {
		show_steps(view, facts, DELETE_REMOVED, OP_STEP_FAILED);
		return show_bad(view, facts, "Velero was restarted meanwhile, the request is dead.",
				"Delete it again: a new request is taken up.");
	}
	if (facts->request_gone && facts->backup_there) {
		show_steps(view, facts, DELETE_REMOVED, OP_STEP_FAILED);
		return show_bad(view, facts, "its request vanished, the snapshot did not.",
				"Delete it again.");
	}
	show_steps(view, facts,
		   !*facts->request    ? DELETE_ASKED
		   : !facts->picked_up ? DELETE_PICKED_UP
				       : DELETE_REMOVED,
		   OP_STEP_RUNNING);
	return DELETE_GOES_ON;
}

const struct op_view *delete_view(const struct delete_facts *facts, enum delete_fate *ret_fate)
{
	struct op_view *view = op_view_start(OP_DELETE, facts->id, titles, DELETE_STEPS);

	view->state = OP_RUNNING;
	view->owner = arena_text(&view->arena, facts->owner);
	view->backup = arena_text(&view->arena, facts->backup);
	view->began = facts->asked;
	*ret_fate = show(view, facts);
	return view;
}

/* One that runs for long may be a dead one: it does not block another. */
static bool request_runs(const struct model *model, const struct backup *backup, int64_t now)
{
	const struct list *requests = model->lists[COLLECTION_DELETE_REQUESTS];

	for (size_t i = 0; i < requests->count; i++) {
		const struct delete_request *request =
			(const struct delete_request *)requests->items[i];

		if (!strcmp(request->backup, backup->object.name) &&
		    strcmp(request->phase, "Processed") != 0 &&
		    request->object.created >= backup->object.created &&
		    model_leftover(model, request, now) == LEFTOVER_NOT)
			return true;
	}
	return false;
}

/* Velero removes the Restores of a deleted backup: one that runs would lose its ground. */
static const char *restore_from(const struct model *model, const char *backup_name)
{
	const struct list *restores = model->lists[COLLECTION_RESTORES];

	for (size_t i = 0; i < restores->count; i++) {
		const struct restore *restore = (const struct restore *)restores->items[i];

		if (!strcmp(restore->backup, backup_name) &&
		    !phase_is_final(PHASE_RESTORE, restore->phase))
			return restore->object.name;
	}
	for (size_t i = 0; i < model->op_count; i++)
		if (model->ops[i]->kind == OP_RESTORE && model->ops[i]->state == OP_RUNNING &&
		    !strcmp(model->ops[i]->backup, backup_name))
			return model->ops[i]->restore;
	return NULL;
}

enum status delete_check(const struct model *model, const char *backup_name, int64_t now,
			 struct error *err)
{
	const struct backup *backup;
	const char *restore;

	if (!model->state[COLLECTION_BACKUPS].ever)
		return error_set(err, STATUS_REFUSED,
				 "not yet: the snapshots are still being read");
	backup = (const struct backup *)list_by_name(model->lists[COLLECTION_BACKUPS], backup_name);
	if (!backup)
		return error_set(err, STATUS_NOT_FOUND, "there is no snapshot named %s",
				 backup_name);
	if (text_ends(backup->failure_reason, "backup already exists in object storage")) {
		error_set(err, STATUS_REFUSED,
			  "%s failed because an older snapshot of that name lies in the "
			  "destination; deleting it would "
			  "delete the files of the older one",
			  backup_name);
		error_hint(err, "Leave it: Velero forgets it when it expires, or remove only its "
				"Backup object.");
		return STATUS_REFUSED;
	}
	if (request_runs(model, backup, now))
		return error_set(err, STATUS_REFUSED, "%s is already being deleted", backup_name);
	restore = restore_from(model, backup_name);
	if (restore) {
		error_set(err, STATUS_REFUSED, "%s is being restored from: %s runs", backup_name,
			  restore);
		error_hint(err, "Wait until the restore has ended, then delete it.");
		return STATUS_REFUSED;
	}
	if (phase_is_final(PHASE_BACKUP, backup->phase) || !strcmp(backup->phase, "Deleting"))
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "%s is still being taken", backup_name);
	error_hint(err, "Wait until it has ended, then delete it.");
	return STATUS_REFUSED;
}
