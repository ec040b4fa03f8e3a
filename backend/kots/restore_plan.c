#include "backend/kots/restore_plan.h"

#include "backend/base/amount.h"
#include "backend/kots/labels.h"
#include "backend/kots/restore_check.h"
#include "backend/kots/snapshot_words.h"

#include <stdlib.h>
#include <string.h>

/* ---- whom it is about ---- */

struct gathering {
	struct arena *arena;
	struct restore_subject *subjects;
	size_t count, capacity;
};

static bool gather(void *arg, const char *slug, size_t len)
{
	struct gathering *to = arg;

	to->subjects = mem_grow(to->subjects, to->count, &to->capacity, sizeof(*to->subjects));
	to->subjects[to->count++] =
		(struct restore_subject){ .app_slug = arena_text_n(to->arena, slug, len) };
	return true;
}

size_t restore_subjects(const struct restore_facts *facts, struct arena *arena,
			struct restore_subject **ret_subjects)
{
	struct gathering to = { .arena = arena };
	struct snapshot snapshot = { .backup = facts->backup, .kind = SNAPSHOT_FULL };

	if (facts->scope == RESTORE_SCOPE_APP) {
		gather(&to, facts->app_slug, strlen(facts->app_slug));
	} else {
		gather(&to, "", 0);
		to.subjects[0].is_console = true;
	}
	if (facts->scope == RESTORE_SCOPE_ALL)
		snapshot_each_slug(&snapshot, gather, &to);
	*ret_subjects = to.subjects;
	return to.count;
}

/* ---- the plan ---- */

struct draft {
	const struct restore_facts *facts;
	const struct snapshot *snapshot;
	const struct restore_row *row;
	const struct app *app; /* RESTORE_SCOPE_APP: as installed, NULL unknown */
	struct restore_subject *subjects;
	struct restore_plan *plan;
	struct restore_part *parts;
};

static void take_title(struct draft *draft)
{
	struct restore_plan *plan = draft->plan;
	struct strbuf text = STRBUF_INIT;

	if (draft->facts->scope == RESTORE_SCOPE_APP) {
		plan->app_title =
			arena_text(&plan->arena, draft->app ? draft->app->title : plan->app_slug);
		return;
	}
	strbuf_adds(&text, "Admin Console");
	if (plan->part_count > 1) {
		strbuf_adds(&text, " and ");
		amount_add_counted(&text, (int64_t)plan->part_count - 1, "application");
	}
	plan->app_title = arena_text(&plan->arena, text.buf);
	strbuf_done(&text);
}

/* What is typed names what is at stake: one application, or the whole site. */
static const char *confirm_words(const struct restore_facts *facts)
{
	if (facts->scope == RESTORE_SCOPE_APP)
		return facts->app_slug;
	if (facts->scope == RESTORE_SCOPE_CONSOLE)
		return "admin-console";
	return facts->site && *facts->site ? facts->site : "everything";
}

static void take_names(struct draft *draft)
{
	const struct restore_facts *facts = draft->facts;
	const struct backup *backup = facts->backup;
	struct restore_plan *plan = draft->plan;
	struct arena *arena = &plan->arena;
	bool one_app = facts->scope == RESTORE_SCOPE_APP;

	plan->backup = arena_text(arena, backup->object.name);
	plan->app_slug = arena_text(arena, one_app ? facts->app_slug : "");
	plan->confirm = arena_text(arena, confirm_words(facts));
	plan->namespaces = arena_text(arena, backup->namespaces);
	plan->selector = arena_text(arena, backup->selector);
	plan->velero_namespace = arena_text(arena, backup->object.namespace);
	plan->console_namespace =
		arena_text(arena, one_app ? facts->console->namespace : backup->kots_namespace);
	plan->taken = backup->started ? backup->started : backup->object.created;
	plan->minimal_rbac = !facts->console->cluster_scoped;
	plan->console_crashes = one_app && restore_crashes_console(backup);
	plan->is_kurl = facts->console->kind == SITE_KURL;
	take_title(draft);
}

/* Installed today and not among the parts: the database that is put back does not know them. */
static void take_forgotten(struct draft *draft)
{
	const struct console *console = draft->facts->console;
	struct restore_plan *plan = draft->plan;
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; plan->kind == RESTORE_FULL && i < console->app_count; i++) {
		const char *slug = console->apps[i].slug;
		size_t at = 0;

		while (at < plan->part_count && strcmp(draft->subjects[at].app_slug, slug) != 0)
			at++;
		if (at == plan->part_count)
			strbuf_addf(&text, "%s%s", text.len ? "," : "", slug);
	}
	plan->forgotten = arena_text(&plan->arena, text.buf);
	strbuf_done(&text);
}

/* The Restore as KOTS makes it (8.2, 8.4), with the fields that Go writes unasked. */
static void take_restore(struct draft *draft, struct restore_part *part)
{
	struct restore_plan *plan = draft->plan;
	const struct backup *backup = draft->facts->backup;
	struct json *restore = json_new_map(), *metadata, *spec, *labels;
	struct strbuf text = STRBUF_INIT;

	json_put_text(restore, "apiVersion", "velero.io/v1");
	json_put_text(restore, "kind", "Restore");
	metadata = json_put(restore, "metadata", json_new_map());
	json_put_text(metadata, "name", part->restore);
	json_put_text(metadata, "namespace", plan->velero_namespace);
	if (draft->row->marks_instance)
		json_put_path(metadata, "annotations.[" KOTS_INSTANCE "]", json_new_text("true"));
	if (part->is_console) {
		json_put_path(metadata, "annotations.[" KOTS_NAMESPACE "]",
			      json_new_text(backup->kots_namespace));
		json_put_path(metadata, "annotations.[" KOTS_IMAGE "]",
			      json_new_text(backup->kots_image));
	}
	spec = json_put(restore, "spec", json_new_map());
	json_put_text(spec, "backupName", plan->backup);
	json_put(spec, "hooks", json_new_map());
	json_put_bool(spec, "includeClusterResources", true);
	json_put_text(spec, "itemOperationTimeout", "0s");
	if (draft->row->selects) {
		labels = json_put_path(spec, "labelSelector.matchLabels", json_new_map());
		json_put_text(labels, part->is_console ? KOTS_KOTSADM : KOTS_APP_SLUG,
			      part->is_console ? "true" : part->app_slug);
	}
	json_put_bool(spec, "restorePVs", true);
	json_print(restore, &text);
	part->restore_json = arena_text(&plan->arena, text.buf);
	strbuf_done(&text);
	json_free(restore);
}

/* Without the id, or the console, there is no row to mark; kotsadm then goes on with the sequence
 * it knows (8.8). In a full restore the row comes back with the database, and its id with it. */
static bool can_mark(const struct draft *draft, const struct restore_part *part)
{
	if (part->is_console)
		return false;
	return draft->plan->kind == RESTORE_FULL ||
	       (*part->app_id && *draft->plan->console_namespace);
}

static const char *title_of(const struct draft *draft, const char *slug)
{
	const struct app *app = console_app(draft->facts->console, slug);

	return app && *app->title ? app->title : slug;
}

static void take_part(struct draft *draft, size_t index)
{
	const struct restore_subject *subject = &draft->subjects[index];
	struct restore_plan *plan = draft->plan;
	struct arena *arena = &plan->arena;
	struct restore_part *part = &draft->parts[index];
	struct strbuf name = STRBUF_INIT;

	*part = (struct restore_part){ .is_console = subject->is_console,
				       .app_slug = arena_text(arena, subject->app_slug),
				       .sequence = -1 };
	part->title = arena_text(arena, subject->is_console ? "Admin Console"
							    : title_of(draft, subject->app_slug));
	part->app_id = arena_text(
		arena, draft->row->app_id ? draft->row->app_id(draft->facts, draft->app) : "");
	strbuf_adds(&name, plan->backup);
	if (draft->row->part_in_name)
		strbuf_addf(&name, ".%s", subject->is_console ? "kotsadm" : subject->app_slug);
	part->restore = arena_text(arena, name.buf);
	if (can_mark(draft, part))
		part->sequence =
			snapshot_app_sequence(draft->snapshot, part->app_slug, part->app_id);
	take_restore(draft, part);
	strbuf_done(&name);
}

/* ---- steps ---- */

static const enum restore_step whole_steps[] = { STEP_RECORDED, STEP_READY, STEP_OLD_GONE };
static const enum restore_step console_steps[] = { STEP_REMOVED, STEP_CREATED, STEP_RESTORED,
						   STEP_CONSOLE_UP, STEP_DATABASE };
static const enum restore_step app_steps[] = { STEP_REMOVED, STEP_CREATED, STEP_RESTORED,
					       STEP_MARKED };

static void add_steps(struct draft *draft, size_t part, const enum restore_step *what, size_t count)
{
	struct plan_step *steps = (struct plan_step *)draft->plan->steps;

	for (size_t i = 0; i < count; i++)
		if (what[i] != STEP_MARKED || draft->parts[part].sequence >= 0)
			steps[draft->plan->step_count++] =
				(struct plan_step){ .what = what[i], .part = part };
}

static void take_steps(struct draft *draft)
{
	static const enum restore_step last[] = { STEP_CHECKED };
	struct restore_plan *plan = draft->plan;
	size_t most = ARRAY_SIZE(whole_steps) +
		      plan->part_count * (ARRAY_SIZE(console_steps) + ARRAY_SIZE(last));

	plan->steps = arena_alloc(&plan->arena, most * sizeof(*plan->steps));
	add_steps(draft, 0, whole_steps, ARRAY_SIZE(whole_steps));
	for (size_t i = 0; i < plan->part_count; i++)
		if (draft->parts[i].is_console)
			add_steps(draft, i, console_steps, ARRAY_SIZE(console_steps));
		else
			add_steps(draft, i, app_steps, ARRAY_SIZE(app_steps));
	/* Applications may need one another: all of them are back before one is waited for. */
	for (size_t i = 0; i < plan->part_count; i++)
		if (!draft->parts[i].is_console)
			add_steps(draft, i, last, ARRAY_SIZE(last));
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

static void add_object(struct restore_sums *sums, const struct plan_object *object, bool known)
{
	bool claim = !strcmp(object->kind, "PersistentVolumeClaim");

	if (object->excluded && object->in_cluster) {
		sums->left_alone++;
		return;
	}
	if (object->in_cluster) {
		sums->removed++;
		sums->removed_volumes += claim;
		sums->removed_bytes += claim ? object->size_bytes : 0;
	} else if (object->in_snapshot) {
		sums->created++;
	}
	if (known && object->in_cluster && !object->in_snapshot &&
	    !restore_kind_is_fleeting(object->kind)) {
		sums->lost++;
		sums->lost_volumes += claim;
		sums->lost_bytes += claim ? object->size_bytes : 0;
	}
	if (claim && object->in_snapshot && !object->volume_in_snapshot)
		sums->empty_volumes++;
	if (claim && object->volume_in_snapshot) {
		sums->restored_volumes++;
		sums->restored_bytes += object->size_bytes;
	}
}

/* Better than by claims: volumes of pods that are no claims are among them. */
static void count_volumes(struct draft *draft, struct restore_sums *sums, bool dump_only)
{
	const struct restore_facts *facts = draft->facts;

	sums->restored_volumes = 0;
	sums->restored_bytes = 0;
	for (size_t i = 0; i < facts->volume_count; i++) {
		const struct podvolume *volume = facts->volumes[i];

		if (strcmp(volume->phase, "Completed") != 0 ||
		    (dump_only && !restore_is_console_dump(volume, facts->backup)))
			continue;
		sums->restored_volumes++;
		sums->restored_bytes +=
			volume->bytes_total ? volume->bytes_total : volume->bytes_done;
	}
}

static void add_sums(struct restore_sums *total, const struct restore_sums *one)
{
	total->removed += one->removed;
	total->removed_volumes += one->removed_volumes;
	total->lost += one->lost;
	total->lost_volumes += one->lost_volumes;
	total->created += one->created;
	total->left_alone += one->left_alone;
	total->empty_volumes += one->empty_volumes;
	total->restored_volumes += one->restored_volumes;
	total->removed_bytes += one->removed_bytes;
	total->lost_bytes += one->lost_bytes;
	total->restored_bytes += one->restored_bytes;
}

static void take_sums(struct draft *draft)
{
	struct restore_plan *plan = draft->plan;

	plan->contents_known = draft->facts->contents_known;
	for (size_t i = 0; i < plan->object_count; i++)
		if (plan->objects[i].part < plan->part_count)
			add_object(&draft->parts[plan->objects[i].part].sums, &plan->objects[i],
				   plan->contents_known);
	if (draft->row->owns_volumes)
		count_volumes(draft, &draft->parts[0].sums, false);
	/* Its claims come back empty and are filled from the dump. */
	if (draft->parts[0].is_console) {
		draft->parts[0].sums.empty_volumes = 0;
		count_volumes(draft, &draft->parts[0].sums, true);
	}
	for (size_t i = 0; i < plan->part_count; i++)
		add_sums(&plan->total, &draft->parts[i].sums);
	/* Everything that was copied comes back, also what no claim of today names. */
	if (plan->kind == RESTORE_FULL)
		count_volumes(draft, &plan->total, false);
}

static enum status build(struct draft *draft, struct error *err)
{
	struct restore_plan *plan = draft->plan;

	draft->parts = arena_alloc(&plan->arena, plan->part_count * sizeof(*draft->parts));
	plan->parts = draft->parts;
	take_names(draft);
	for (size_t i = 0; i < plan->part_count; i++) {
		take_part(draft, i);
		if (!object_name_is_valid(draft->parts[i].restore))
			return error_set(err, STATUS_REFUSED,
					 "%s is no valid name for its Restore: too long",
					 draft->parts[i].restore);
	}
	plan->restore = draft->parts[0].restore;
	take_forgotten(draft);
	take_steps(draft);
	take_objects(draft);
	take_sums(draft);
	return STATUS_OK;
}

enum status restore_plan_build(const struct restore_facts *facts,
			       const struct restore_plan **ret_plan, struct error *err)
{
	const struct object *one = &facts->backup->object;
	struct snapshot_sources sources = { .backups = &one, .backup_count = 1, .now = facts->now };
	struct draft draft = { .facts = facts };
	struct snapshot *snapshot = NULL;
	size_t count;
	enum status st;

	if (!facts->console)
		return error_set(err, STATUS_REFUSED,
				 "not yet: the Admin Console is still being looked for");
	draft.plan = mem_alloc(sizeof(*draft.plan));
	atomic_init(&draft.plan->refs, 1);
	snapshots_build(&sources, &snapshot, &count);
	draft.snapshot = &snapshot[0];
	if (facts->scope == RESTORE_SCOPE_APP)
		draft.app = console_app(facts->console, facts->app_slug);
	st = restore_check(facts, draft.snapshot, &draft.plan->kind, err);
	if (!st) {
		draft.row = restore_row(draft.plan->kind);
		draft.plan->part_count =
			restore_subjects(facts, &draft.plan->arena, &draft.subjects);
		st = build(&draft, err);
	}
	if (!st) {
		*ret_plan = draft.plan;
		draft.plan = NULL;
	}
	restore_plan_unref(draft.plan);
	free(draft.subjects);
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
