#include "backend/ops/plan_json.h"

#include <stdlib.h>
#include <string.h>

static const char *const step_words[RESTORE_STEPS] = {
	[STEP_RECORDED] = "recorded", [STEP_READY] = "ready",	  [STEP_OLD_GONE] = "old-gone",
	[STEP_REMOVED] = "removed",   [STEP_CREATED] = "created", [STEP_RESTORED] = "restored",
	[STEP_MARKED] = "marked",     [STEP_CHECKED] = "checked", [STEP_CONSOLE_UP] = "console-up",
	[STEP_DATABASE] = "database",
};

static const char *const kind_words[RESTORE_KINDS] = {
	[RESTORE_APP_FROM_FULL] = "app-from-full",
	[RESTORE_APP_FROM_PARTIAL] = "app-from-partial",
	[RESTORE_FULL] = "full",
	[RESTORE_CONSOLE_ONLY] = "console-only",
};

enum field_type { FIELD_TEXT, FIELD_INT, FIELD_SIZE, FIELD_BOOL };
enum { NEEDED = 1 };

struct field {
	const char *key;
	size_t offset;
	enum field_type type;
	unsigned flags;
};

#define ROW(owner, name, type, flags)                                                              \
	{                                                                                          \
#name, offsetof(struct owner, name), type, flags                                   \
	}
static const struct field plan_fields[] = {
	ROW(restore_plan, backup, FIELD_TEXT, NEEDED),
	ROW(restore_plan, restore, FIELD_TEXT, NEEDED),
	ROW(restore_plan, app_slug, FIELD_TEXT, 0),
	ROW(restore_plan, app_title, FIELD_TEXT, 0),
	ROW(restore_plan, confirm, FIELD_TEXT, NEEDED),
	ROW(restore_plan, namespaces, FIELD_TEXT, 0),
	ROW(restore_plan, velero_namespace, FIELD_TEXT, NEEDED),
	ROW(restore_plan, console_namespace, FIELD_TEXT, 0),
	ROW(restore_plan, selector, FIELD_TEXT, 0),
	ROW(restore_plan, forgotten, FIELD_TEXT, 0),
	ROW(restore_plan, taken, FIELD_INT, 0),
	ROW(restore_plan, contents_known, FIELD_BOOL, 0),
	ROW(restore_plan, minimal_rbac, FIELD_BOOL, 0),
	ROW(restore_plan, is_kurl, FIELD_BOOL, 0),
};
static const struct field part_fields[] = {
	ROW(restore_part, is_console, FIELD_BOOL, 0),
	ROW(restore_part, app_slug, FIELD_TEXT, 0),
	ROW(restore_part, title, FIELD_TEXT, NEEDED),
	ROW(restore_part, app_id, FIELD_TEXT, 0),
	ROW(restore_part, sequence, FIELD_INT, NEEDED),
	ROW(restore_part, restore, FIELD_TEXT, NEEDED),
	ROW(restore_part, restore_json, FIELD_TEXT, NEEDED),
};
static const struct field sum_fields[] = {
	ROW(restore_sums, removed, FIELD_SIZE, 0),
	ROW(restore_sums, removed_volumes, FIELD_SIZE, 0),
	ROW(restore_sums, lost, FIELD_SIZE, 0),
	ROW(restore_sums, lost_volumes, FIELD_SIZE, 0),
	ROW(restore_sums, created, FIELD_SIZE, 0),
	ROW(restore_sums, left_alone, FIELD_SIZE, 0),
	ROW(restore_sums, empty_volumes, FIELD_SIZE, 0),
	ROW(restore_sums, restored_volumes, FIELD_SIZE, 0),
	ROW(restore_sums, removed_bytes, FIELD_INT, 0),
	ROW(restore_sums, lost_bytes, FIELD_INT, 0),
	ROW(restore_sums, restored_bytes, FIELD_INT, 0),
};
#undef ROW

const char *plan_step_word(enum restore_step step)
{
	return (size_t)step < RESTORE_STEPS ? step_words[step] : "";
}

static size_t find_word(const char *const *words, size_t count, const char *word)
{
	size_t i = 0;

	while (i < count && strcmp(words[i], word) != 0)
		i++;
	return i;
}

enum restore_step plan_step_find(const char *word)
{
	return (enum restore_step)find_word(step_words, RESTORE_STEPS, word);
}

enum restore_kind plan_kind_find(const char *word)
{
	return (enum restore_kind)find_word(kind_words, RESTORE_KINDS, word);
}

static bool is_claim(const struct plan_object *object)
{
	return !strcmp(object->kind, "PersistentVolumeClaim") && object->in_cluster;
}

static struct json *claims_to_json(const struct restore_plan *plan)
{
	struct json *list = json_new_list();

	for (size_t i = 0; i < plan->object_count; i++) {
		const struct plan_object *object = &plan->objects[i];
		struct json *row;

		if (!is_claim(object))
			continue;
		row = json_add(list, json_new_map());
		json_put_text(row, "namespace", object->namespace);
		json_put_text(row, "name", object->name);
		json_put_int(row, "part", (int64_t)object->part);
		json_put_bool(row, "in_snapshot", object->in_snapshot);
		json_put_bool(row, "excluded", object->excluded);
	}
	return list;
}

static void put_fields(struct json *map, const void *from, const struct field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const void *at = (const char *)from + fields[i].offset;

		if (fields[i].type == FIELD_TEXT)
			json_put_text(map, fields[i].key, *(const char *const *)at);
		else if (fields[i].type == FIELD_INT)
			json_put_int(map, fields[i].key, *(const int64_t *)at);
		else if (fields[i].type == FIELD_SIZE)
			json_put_int(map, fields[i].key, (int64_t) * (const size_t *)at);
		else
			json_put_bool(map, fields[i].key, *(const bool *)at);
	}
}

static struct json *sums_to_json(const struct restore_sums *sums)
{
	struct json *map = json_new_map();

	put_fields(map, sums, sum_fields, ARRAY_SIZE(sum_fields));
	return map;
}

struct json *plan_to_json(const struct restore_plan *plan)
{
	struct json *root = json_new_map(), *list, *row;

	json_put_text(root, "kind", kind_words[plan->kind]);
	put_fields(root, plan, plan_fields, ARRAY_SIZE(plan_fields));
	json_put(root, "total", sums_to_json(&plan->total));
	list = json_put(root, "parts", json_new_list());
	for (size_t i = 0; i < plan->part_count; i++) {
		row = json_add(list, json_new_map());
		put_fields(row, &plan->parts[i], part_fields, ARRAY_SIZE(part_fields));
		json_put(row, "sums", sums_to_json(&plan->parts[i].sums));
	}
	list = json_put(root, "steps", json_new_list());
	for (size_t i = 0; i < plan->step_count; i++) {
		row = json_add(list, json_new_map());
		json_put_text(row, "what", plan_step_word(plan->steps[i].what));
		json_put_int(row, "part", (int64_t)plan->steps[i].part);
	}
	json_put(root, "claims", claims_to_json(plan));
	return root;
}

struct reading_fields {
	const struct field *rows;
	size_t count;
	struct arena *arena;
};

static enum status read_fields(const struct json *json, void *into,
			       const struct reading_fields *fields, struct error *err)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->rows[i];
		void *at = (char *)into + field->offset;
		const char *text = json_key_text(json, field->key);
		bool is_there = field->type == FIELD_TEXT ? *text != '\0'
							  : json_key(json, field->key) != NULL;

		if ((field->flags & NEEDED) && !is_there)
			return error_set(err, STATUS_FORMAT, "its plan has no %s", field->key);
		if (field->type == FIELD_TEXT)
			*(const char **)at = arena_text(fields->arena, text);
		else if (field->type == FIELD_INT)
			*(int64_t *)at = json_int(json, field->key, 0);
		else if (field->type == FIELD_SIZE)
			*(size_t *)at = (size_t)json_int(json, field->key, 0);
		else
			*(bool *)at = json_bool(json, field->key, false);
	}
	return STATUS_OK;
}

static void read_sums(const struct json *json, struct restore_sums *sums)
{
	struct reading_fields fields = { sum_fields, ARRAY_SIZE(sum_fields), NULL };

	(void)read_fields(json, sums, &fields, NULL);
}

static enum status read_parts(const struct json *json, struct restore_plan *plan, struct error *err)
{
	struct reading_fields fields = { part_fields, ARRAY_SIZE(part_fields), &plan->arena };
	const struct json *list = json_key(json, "parts");
	struct restore_part *parts =
		arena_alloc(&plan->arena, (json_count(list) + 1) * sizeof(*parts));

	plan->parts = parts;
	for (const struct json *row = json_first(list); row; row = json_next(row)) {
		struct restore_part *part = &parts[plan->part_count++];

		if (read_fields(row, part, &fields, err))
			return STATUS_FORMAT;
		read_sums(json_key(row, "sums"), &part->sums);
	}
	return plan->part_count ? STATUS_OK
				: error_set(err, STATUS_FORMAT, "its plan has no parts");
}

static enum status read_steps(const struct json *json, struct restore_plan *plan, struct error *err)
{
	const struct json *list = json_key(json, "steps");
	struct plan_step *steps =
		arena_alloc(&plan->arena, (json_count(list) + 1) * sizeof(*steps));

	plan->steps = steps;
	for (const struct json *row = json_first(list); row; row = json_next(row)) {
		struct plan_step *step = &steps[plan->step_count++];

		step->what = plan_step_find(json_key_text(row, "what"));
		step->part = (size_t)json_int(row, "part", 0);
		if (step->what == RESTORE_STEPS || step->part >= plan->part_count)
			return error_set(err, STATUS_FORMAT, "its plan has an unknown step \"%s\"",
					 json_key_text(row, "what"));
	}
	return plan->step_count ? STATUS_OK
				: error_set(err, STATUS_FORMAT, "its plan has no steps");
}

static void read_claims(const struct json *json, struct restore_plan *plan)
{
	const struct json *list = json_key(json, "claims");
	struct plan_object *objects =
		arena_alloc(&plan->arena, (json_count(list) + 1) * sizeof(*objects));

	for (const struct json *row = json_first(list); row; row = json_next(row))
		objects[plan->object_count++] = (struct plan_object){
			.group = "",
			.version = "v1",
			.plural = "persistentvolumeclaims",
			.kind = "PersistentVolumeClaim",
			.namespace = arena_text(&plan->arena, json_key_text(row, "namespace")),
			.name = arena_text(&plan->arena, json_key_text(row, "name")),
			.part = (size_t)json_int(row, "part", 0),
			.in_cluster = true,
			.in_snapshot = json_bool(row, "in_snapshot", false),
			.excluded = json_bool(row, "excluded", false),
		};
	plan->objects = objects;
}

enum status plan_from_json(const struct json *json, const struct restore_plan **ret_plan,
			   struct error *err)
{
	struct restore_plan *plan = mem_alloc(sizeof(*plan));
	struct reading_fields fields = { plan_fields, ARRAY_SIZE(plan_fields), &plan->arena };
	enum status st;

	atomic_init(&plan->refs, 1);
	plan->kind = plan_kind_find(json_key_text(json, "kind"));
	st = plan->kind == RESTORE_KINDS ? error_set(err, STATUS_FORMAT, "its plan has no kind")
					 : read_fields(json, plan, &fields, err);
	if (!st)
		st = read_parts(json, plan, err);
	if (!st)
		st = read_steps(json, plan, err);
	if (!st) {
		read_claims(json, plan);
		read_sums(json_key(json, "total"), &plan->total);
		*ret_plan = plan;
		plan = NULL;
	}
	restore_plan_unref(plan);
	return st;
}
