#include "backend/store/model.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const char *const collection_names[COLLECTIONS] = {
	[COLLECTION_BACKUPS] = "snapshots",
	[COLLECTION_POD_VOLUME_BACKUPS] = "volumes of snapshots",
	[COLLECTION_RESTORES] = "restores",
	[COLLECTION_POD_VOLUME_RESTORES] = "volumes of restores",
	[COLLECTION_LOCATIONS] = "destinations",
	[COLLECTION_REPOSITORIES] = "repositories",
	[COLLECTION_SCHEDULES] = "Velero's own schedules",
	[COLLECTION_DELETE_REQUESTS] = "delete requests",
};
/* clang-format on */

const char *collection_name(enum collection which)
{
	return collection_names[which];
}

bool collection_is_old(const struct collection_state *state)
{
	return state->ever && (state->reading == READ_STALE || state->reading == READ_FORBIDDEN ||
			       state->reading == READ_ABSENT);
}

struct op_view *op_view_new(void)
{
	struct op_view *view = mem_alloc(sizeof(*view));

	atomic_init(&view->refs, 1);
	view->id = view->backup = view->app_slug = view->app_title = view->restore = view->owner =
		"";
	view->verdict = view->why = view->next = view->confirm = "";
	return view;
}

const struct op_view *op_view_ref(const struct op_view *view)
{
	atomic_fetch_add_explicit(&((struct op_view *)view)->refs, 1, memory_order_relaxed);
	return view;
}

void op_view_unref(const struct op_view *view)
{
	struct op_view *mine = (struct op_view *)view;

	if (!mine || atomic_fetch_sub_explicit(&mine->refs, 1, memory_order_acq_rel) != 1)
		return;
	arena_done(&mine->arena);
	free(mine);
}

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static bool step_equal(const struct op_step_view *a, const struct op_step_view *b)
{
	return a->state == b->state && a->began == b->began && a->ended == b->ended &&
	       same_text(a->title, b->title) && same_text(a->detail, b->detail);
}

bool op_view_equal(const struct op_view *a, const struct op_view *b)
{
	if (a->kind != b->kind || a->state != b->state || a->began != b->began ||
	    a->ended != b->ended || a->errors != b->errors || a->warnings != b->warnings ||
	    a->elsewhere != b->elsewhere || a->since != b->since || a->alive != b->alive ||
	    a->step_count != b->step_count)
		return false;
	if (!same_text(a->id, b->id) || !same_text(a->backup, b->backup) ||
	    !same_text(a->app_slug, b->app_slug) || !same_text(a->app_title, b->app_title) ||
	    !same_text(a->restore, b->restore) || !same_text(a->owner, b->owner) ||
	    !same_text(a->verdict, b->verdict) || !same_text(a->why, b->why) ||
	    !same_text(a->next, b->next))
		return false;
	for (size_t i = 0; i < a->step_count; i++)
		if (!step_equal(&a->steps[i], &b->steps[i]))
			return false;
	return true;
}

struct model *model_new(void)
{
	struct model *model = mem_alloc(sizeof(*model));

	atomic_init(&model->refs, 1);
	for (int i = 0; i < COLLECTIONS; i++)
		model->lists[i] = list_empty();
	model->link.server = model->link.source = model->link.context = model->link.site = "";
	return model;
}

/* Screens ask what runs with every key and frame: it is looked for once. */
static void find_running(struct model *model)
{
	model->running = NULL;
	for (size_t i = 0; i < model->snapshot_count && !model->running; i++)
		if (snapshot_is_running(&model->snapshots[i]))
			model->running = &model->snapshots[i];
}

void model_build_snapshots(struct model *model)
{
	const struct list *const *lists = model->lists;
	struct snapshot_sources sources = {
		.backups = lists[COLLECTION_BACKUPS]->items,
		.backup_count = lists[COLLECTION_BACKUPS]->count,
		.volumes = lists[COLLECTION_POD_VOLUME_BACKUPS]->items,
		.volume_count = lists[COLLECTION_POD_VOLUME_BACKUPS]->count,
		.volumes_read = model->state[COLLECTION_POD_VOLUME_BACKUPS].ever,
		.deletions = lists[COLLECTION_DELETE_REQUESTS]->items,
		.deletion_count = lists[COLLECTION_DELETE_REQUESTS]->count,
		.now = model->made_at
	};

	free(model->snapshots);
	snapshots_build(&sources, &model->snapshots, &model->snapshot_count);
	find_running(model);
}

void model_keep_snapshots(struct model *model, const struct model *before)
{
	size_t count = before->snapshot_count;

	free(model->snapshots);
	model->snapshots = mem_array(count, sizeof(*model->snapshots));
	if (count)
		memcpy(model->snapshots, before->snapshots, count * sizeof(*model->snapshots));
	model->snapshot_count = count;
	find_running(model);
}

const struct model *model_ref(const struct model *model)
{
	atomic_fetch_add_explicit(&((struct model *)model)->refs, 1, memory_order_relaxed);
	return model;
}

void model_unref(const struct model *model)
{
	struct model *mine = (struct model *)model;

	if (!mine || atomic_fetch_sub_explicit(&mine->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (int i = 0; i < COLLECTIONS; i++)
		list_unref(mine->lists[i]);
	for (size_t i = 0; i < mine->op_count; i++)
		op_view_unref(mine->ops[i]);
	free(mine->ops);
	if (mine->console)
		console_unref(mine->console);
	free(mine->snapshots);
	arena_done(&mine->arena);
	free(mine);
}

#define REQUEST_LATE_S 600

enum leftover model_leftover(const struct model *model, const struct delete_request *request,
			     int64_t now)
{
	const struct collection_state *backups = &model->state[COLLECTION_BACKUPS];
	bool processed = phase_is_final(PHASE_DELETE, request->phase);
	bool late = now - request->object.created >= REQUEST_LATE_S;

	/* Two watches are not equally fast: what is new may be about what comes yet. */
	if (late && backups->ever && !collection_is_old(backups) &&
	    !list_by_name(model->lists[COLLECTION_BACKUPS], request->backup))
		return LEFTOVER_ORPHAN;
	if (processed)
		return request->error_count > 0 ? LEFTOVER_FAILED : LEFTOVER_NOT;
	return late ? LEFTOVER_STUCK : LEFTOVER_NOT;
}

const struct snapshot *model_snapshot(const struct model *model, const char *uid)
{
	for (size_t i = 0; i < model->snapshot_count; i++)
		if (!strcmp(model->snapshots[i].backup->object.uid, uid))
			return &model->snapshots[i];
	return NULL;
}

const struct snapshot *model_snapshot_by_name(const struct model *model, const char *name)
{
	for (size_t i = 0; i < model->snapshot_count; i++)
		if (!strcmp(model->snapshots[i].backup->object.name, name))
			return &model->snapshots[i];
	return NULL;
}

const struct snapshot *model_newest_restorable(const struct model *model, bool full_only)
{
	for (size_t i = 0; i < model->snapshot_count; i++) {
		const struct snapshot *snapshot = &model->snapshots[i];

		if (full_only && snapshot->kind != SNAPSHOT_FULL)
			continue;
		if (!snapshot_restore_refusal(snapshot))
			return snapshot;
	}
	return NULL;
}
