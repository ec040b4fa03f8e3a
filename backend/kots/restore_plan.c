#include "backend/kots/restore_plan.h"

#include "backend/kots/labels.h"

#include <stdlib.h>
#include <string.h>

/* ---- the kinds ---- */

static const enum restore_step app_steps[] = {
	STEP_RECORDED, STEP_READY,    STEP_OLD_GONE, STEP_REMOVED,
	STEP_CREATED,  STEP_RESTORED, STEP_MARKED,   STEP_CHECKED,
};

struct row {
	enum snapshot_kind snapshot;
	/* Refusals of this kind alone. app is NULL when it is not known to be installed. */
	enum status (*check)(const struct restore_facts *facts, const struct app *app,
			     struct error *err);
	const char *(*app_id)(const struct restore_facts *facts, const struct app *app);
	bool slug_in_name, marks_instance, selects_app; /* of the Restore object (8.4) */
	bool owns_volumes; /* every volume of the snapshot is the application's */
	const enum restore_step *steps;
	size_t step_count;
};

static enum status check_full(const struct restore_facts *facts, const struct app *app,
			      struct error *err)
{
	const struct backup *backup = facts->backup;
	const struct console *console = facts->console;

	(void)app;
	if (*backup->kots_namespace && *console->namespace &&
	    strcmp(backup->kots_namespace, console->namespace) != 0)
		return error_set(err, STATUS_REFUSED,
				 "snapshot %s is of the Admin Console in namespace %s, here it is "
				 "in %s",
				 backup->object.name, backup->kots_namespace, console->namespace);
	return STATUS_OK;
}

static struct json *selector_of(const struct backup *backup)
{
	return *backup->selector ? json_parse(backup->selector, strlen(backup->selector), NULL)
				 : NULL;
}

/* true also when the snapshot does not say whose it is. */
static bool is_for_slug(const struct backup *backup, const char *slug)
{
	struct json *selector =
		*backup->selector ? json_parse(backup->selector, strlen(backup->selector), NULL)
				  : NULL;
	const char *theirs = json_key_text(json_key(selector, "matchLabels"), KOTS_APP_SLUG);
	bool same = !*theirs || !strcmp(theirs, slug);

	json_free(selector);
	return same;
}

static bool crashes_console(const struct backup *backup)
{
	struct json *selector = selector_of(backup);
	bool crashes = json_count(json_key(selector, "matchExpressions")) &&
		       !json_count(json_key(selector, "matchLabels"));

	json_free(selector);
	return crashes;
}

static bool holds_anything(const struct restore_facts *facts)
{
	for (size_t i = 0; i < facts->object_count; i++)
		if (facts->objects[i].in_snapshot)
			return true;
	return false;
}

static enum status check_partial(const struct restore_facts *facts, const struct app *app,
				 struct error *err)
{
	const struct backup *backup = facts->backup;

	if ((app && *app->id && strcmp(app->id, backup->kots_app_id) != 0) ||
	    !is_for_slug(backup, facts->app_slug)) {
		error_set(err, STATUS_REFUSED, "snapshot %s is not of %s as installed here",
			  backup->object.name, facts->app_slug);
		error_hint(err, "a partial snapshot of another cluster or of an earlier "
				"installation cannot be restored; a full one can");
		return STATUS_REFUSED;
	}
	/* Everything in it is the application's, so here nothing means nothing (13 item 30). */
	if (facts->contents_known && !holds_anything(facts))
		return error_set(err, STATUS_REFUSED,
				 "snapshot %s holds no object of %s: it would be removed and not "
				 "come back",
				 backup->object.name, facts->app_slug);
	return STATUS_OK;
}

static const char *installed_id(const struct restore_facts *facts, const struct app *app)
{
	(void)facts;
	return app ? app->id : "";
}

static const char *annotated_id(const struct restore_facts *facts, const struct app *app)
{
	(void)app;
	return facts->backup->kots_app_id;
}

static const struct row rows[RESTORE_KINDS] = {
	[RESTORE_APP_FROM_FULL] = { SNAPSHOT_FULL, check_full, installed_id, true, true, true,
				    false, app_steps, ARRAY_SIZE(app_steps) },
	[RESTORE_APP_FROM_PARTIAL] = { SNAPSHOT_PARTIAL, check_partial, annotated_id, false, false,
				       false, true, app_steps, ARRAY_SIZE(app_steps) },
};

/* ---- refusals that all kinds share ---- */

/* 8.1, 13 items 3 and 5: what KOTS would begin and not be able to end. */
static enum status check_app(const struct restore_facts *facts, const struct app *app,
			     struct error *err)
{
	const char *slug = facts->app_slug;

	if (!object_name_is_valid(slug))
		return error_set(err, STATUS_REFUSED, "\"%.80s\" is no slug of an application",
				 slug);
	if (!app && facts->console->source == SOURCE_RQLITE)
		return error_set(err, STATUS_REFUSED,
				 "%s is not installed; only a full restore brings it back", slug);
	if (!app || !*app->restoring)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "the Admin Console is restoring %s from %s already", slug,
		  app->restoring);
	error_hint(err, "wait for its end or cancel it in the Admin Console");
	return STATUS_REFUSED;
}

static enum status check_snapshot(const struct restore_facts *facts,
				  const struct snapshot *snapshot, struct error *err)
{
	const char *refusal = snapshot_restore_refusal(snapshot);

	if (refusal)
		return error_set(err, STATUS_REFUSED, "snapshot %s cannot be restored: %s",
				 facts->backup->object.name, refusal);
	if (facts->console->kind == SITE_EMBEDDED)
		return error_set(err, STATUS_REFUSED,
				 "this is an Embedded Cluster installation, which restores only by "
				 "its own installer");
	return STATUS_OK;
}

static enum restore_kind find_kind(const struct snapshot *snapshot)
{
	size_t i = 0;

	while (i < RESTORE_KINDS && rows[i].snapshot != snapshot->kind)
		i++;
	return (enum restore_kind)i;
}

/* 13 item 3: KOTS removes such an application, brings nothing back and never notices. */
static enum status refuse_absent(const struct restore_facts *facts, struct error *err)
{
	error_set(err, STATUS_REFUSED,
		  "%s is not in snapshot %s: it would be removed and not come back",
		  facts->app_slug, facts->backup->object.name);
	error_hint(err, "choose a snapshot that names it");
	return STATUS_REFUSED;
}

/* ---- the plan ---- */

struct draft {
	const struct restore_facts *facts;
	const struct row *row;
	const struct app *app;
	struct restore_plan *plan;
};

static void take_names(struct draft *draft)
{
	const struct restore_facts *facts = draft->facts;
	const struct backup *backup = facts->backup;
	struct restore_plan *plan = draft->plan;
	struct arena *arena = &plan->arena;
	struct strbuf name = STRBUF_INIT;

	strbuf_adds(&name, backup->object.name);
	if (draft->row->slug_in_name)
		strbuf_addf(&name, ".%s", facts->app_slug);
	plan->backup = arena_text(arena, backup->object.name);
	plan->restore = arena_text(arena, name.buf);
	plan->app_slug = arena_text(arena, facts->app_slug);
	plan->app_title = arena_text(arena, draft->app ? draft->app->title : facts->app_slug);
	plan->confirm = plan->app_slug;
	plan->namespaces = arena_text(arena, backup->namespaces);
	plan->velero_namespace = arena_text(arena, backup->object.namespace);
	plan->console_namespace = arena_text(arena, facts->console->namespace);
	plan->app_id = arena_text(arena, draft->row->app_id(facts, draft->app));
	plan->taken = backup->started ? backup->started : backup->object.created;
	plan->minimal_rbac = !facts->console->cluster_scoped;
	plan->console_crashes = crashes_console(backup);
	strbuf_done(&name);
}

/* Without the id, or the console, there is no row to mark; kotsadm then goes on with the sequence
 * it knows (8.8). */
static void take_steps(struct draft *draft, int64_t sequence)
{
	struct restore_plan *plan = draft->plan;
	bool can_mark = *plan->app_id && *plan->console_namespace;
	enum restore_step *steps =
		arena_alloc(&plan->arena, draft->row->step_count * sizeof(*steps));

	plan->sequence = can_mark ? sequence : -1;
	for (size_t i = 0; i < draft->row->step_count; i++)
		if (draft->row->steps[i] != STEP_MARKED || can_mark)
			steps[plan->step_count++] = draft->row->steps[i];
	plan->steps = steps;
}

/* The Restore as KOTS makes it (8.4), with the fields that Go writes unasked. */
static void take_restore(struct draft *draft)
{
	struct restore_plan *plan = draft->plan;
	struct json *restore = json_new_map(), *metadata, *spec;
	struct strbuf text = STRBUF_INIT;

	json_put_text(restore, "apiVersion", "velero.io/v1");
	json_put_text(restore, "kind", "Restore");
	metadata = json_put(restore, "metadata", json_new_map());
	json_put_text(metadata, "name", plan->restore);
	json_put_text(metadata, "namespace", plan->velero_namespace);
	if (draft->row->marks_instance)
		json_put_path(metadata, "annotations.[" KOTS_INSTANCE "]", json_new_text("true"));
	spec = json_put(restore, "spec", json_new_map());
	json_put_text(spec, "backupName", plan->backup);
	json_put(spec, "hooks", json_new_map());
	json_put_bool(spec, "includeClusterResources", true);
	json_put_text(spec, "itemOperationTimeout", "0s");
	if (draft->row->selects_app)
		json_put_path(spec, "labelSelector.matchLabels.[" KOTS_APP_SLUG "]",
			      json_new_text(plan->app_slug));
	json_put_bool(spec, "restorePVs", true);
	json_print(restore, &text);
	plan->restore_json = arena_text(&plan->arena, text.buf);
	strbuf_done(&text);
	json_free(restore);
}

static void take_objects(struct draft *draft)
{
	const struct restore_facts *facts = draft->facts;
	struct restore_plan *plan = draft->plan;
	struct arena *arena = &plan->arena;
	struct plan_object *objects =
		arena_alloc(arena, (facts->object_count + 1) * sizeof(*objects));

	for (size_t i = 0; i < facts->object_count; i++) {
		const struct plan_object *from = &facts->objects[i];

		objects[i] = *from;
		objects[i].group = arena_text(arena, from->group);
		objects[i].version = arena_text(arena, from->version);
		objects[i].plural = arena_text(arena, from->plural);
		objects[i].kind = arena_text(arena, from->kind);
		objects[i].namespace = arena_text(arena, from->namespace);
		objects[i].name = arena_text(arena, from->name);
	}
	plan->objects = objects;
	plan->object_count = facts->object_count;
}

static void add_object(struct restore_plan *plan, const struct plan_object *object)
{
	bool claim = !strcmp(object->kind, "PersistentVolumeClaim");

	if (object->excluded && object->in_cluster) {
		plan->left_alone++;
		return;
	}
	if (object->in_cluster) {
		plan->removed++;
		plan->removed_volumes += claim;
		plan->removed_bytes += claim ? object->size_bytes : 0;
	} else if (object->in_snapshot) {
		plan->created++;
	}
	if (plan->contents_known && object->in_cluster && !object->in_snapshot &&
	    !restore_kind_is_fleeting(object->kind)) {
		plan->lost++;
		plan->lost_volumes += claim;
		plan->lost_bytes += claim ? object->size_bytes : 0;
	}
	if (claim && object->in_snapshot && !object->volume_in_snapshot)
		plan->empty_volumes++;
	if (claim && object->volume_in_snapshot) {
		plan->restored_volumes++;
		plan->restored_bytes += object->size_bytes;
	}
}

static void take_sums(struct draft *draft)
{
	const struct restore_facts *facts = draft->facts;
	struct restore_plan *plan = draft->plan;

	plan->contents_known = facts->contents_known;
	for (size_t i = 0; i < plan->object_count; i++)
		add_object(plan, &plan->objects[i]);
	if (!draft->row->owns_volumes)
		return;
	/* Better than by claims: volumes of pods that are no claims are among them. */
	plan->restored_volumes = 0;
	plan->restored_bytes = 0;
	for (size_t i = 0; i < facts->volume_count; i++) {
		const struct podvolume *volume = facts->volumes[i];

		if (strcmp(volume->phase, "Completed") != 0)
			continue;
		plan->restored_volumes++;
		plan->restored_bytes +=
			volume->bytes_total ? volume->bytes_total : volume->bytes_done;
	}
}

static enum status build(struct draft *draft, int64_t sequence, struct error *err)
{
	struct restore_plan *plan = draft->plan;

	take_names(draft);
	if (!object_name_is_valid(plan->restore))
		return error_set(err, STATUS_REFUSED,
				 "%s.%s is no valid name for its Restore: too long", plan->backup,
				 plan->app_slug);
	take_steps(draft, sequence);
	take_restore(draft);
	take_objects(draft);
	take_sums(draft);
	return STATUS_OK;
}

static enum status check(struct draft *draft, const struct snapshot *snapshot,
			 int64_t *ret_sequence, struct error *err)
{
	const struct restore_facts *facts = draft->facts;
	enum status st = check_snapshot(facts, snapshot, err);

	if (!st)
		st = check_app(facts, draft->app, err);
	if (st)
		return st;
	draft->plan->kind = find_kind(snapshot);
	if (draft->plan->kind == RESTORE_KINDS) {
		error_set(err, STATUS_REFUSED, "snapshot %s has no marks of KOTS",
			  facts->backup->object.name);
		return STATUS_REFUSED;
	}
	draft->row = &rows[draft->plan->kind];
	st = draft->row->check(facts, draft->app, err);
	if (st)
		return st;
	*ret_sequence = snapshot_app_sequence(snapshot, facts->app_slug,
					      draft->row->app_id(facts, draft->app));
	return *ret_sequence < 0 ? refuse_absent(facts, err) : STATUS_OK;
}

enum status restore_plan_build(const struct restore_facts *facts,
			       const struct restore_plan **ret_plan, struct error *err)
{
	const struct object *one = &facts->backup->object;
	struct snapshot_sources sources = { .backups = &one, .backup_count = 1, .now = facts->now };
	struct draft draft = { .facts = facts };
	struct snapshot *snapshot = NULL;
	size_t count;
	int64_t sequence = -1;
	enum status st;

	if (!facts->console)
		return error_set(err, STATUS_REFUSED,
				 "not yet: the Admin Console is still being looked for");
	draft.app = console_app(facts->console, facts->app_slug);
	draft.plan = mem_alloc(sizeof(*draft.plan));
	atomic_init(&draft.plan->refs, 1);
	snapshots_build(&sources, &snapshot, &count);
	st = check(&draft, &snapshot[0], &sequence, err);
	if (!st)
		st = build(&draft, sequence, err);
	if (!st) {
		*ret_plan = draft.plan;
		draft.plan = NULL;
	}
	restore_plan_unref(draft.plan);
	free(snapshot);
	return st;
}

const struct restore_plan *restore_plan_ref(const struct restore_plan *plan)
{
	atomic_fetch_add(&((struct restore_plan *)plan)->refs, 1);
	return plan;
}

void restore_plan_unref(const struct restore_plan *plan)
{
	struct restore_plan *mine = (struct restore_plan *)plan;

	if (!mine || atomic_fetch_sub(&mine->refs, 1) > 1)
		return;
	arena_done(&mine->arena);
	free(mine);
}
