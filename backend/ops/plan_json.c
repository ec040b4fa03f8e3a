#include "backend/ops/plan_json.h"

#include <stdlib.h>
#include <string.h>

static const char *const step_words[RESTORE_STEPS] = {
	[STEP_RECORDED] = "recorded", [STEP_READY] = "ready",	  [STEP_OLD_GONE] = "old-gone",
	[STEP_REMOVED] = "removed",   [STEP_CREATED] = "created", [STEP_RESTORED] = "restored",
	[STEP_MARKED] = "marked",     [STEP_CHECKED] = "checked",
};

static const char *const kind_words[RESTORE_KINDS] = {
	[RESTORE_APP_FROM_FULL] = "app-from-full",
	[RESTORE_APP_FROM_PARTIAL] = "app-from-partial",
};

enum field_type { FIELD_TEXT, FIELD_INT, FIELD_SIZE, FIELD_BOOL };
enum { NEEDED = 1 };

static const struct field {
	const char *key;
	size_t offset;
	enum field_type type;
	unsigned flags;
} fields[] = {
#define ROW(name, type, flags)                                                                     \
	{                                                                                          \
#name, offsetof(struct restore_plan, name), type, flags                            \
	}
	ROW(backup, FIELD_TEXT, NEEDED),
	ROW(restore, FIELD_TEXT, NEEDED),
	ROW(app_slug, FIELD_TEXT, NEEDED),
	ROW(app_title, FIELD_TEXT, 0),
	ROW(confirm, FIELD_TEXT, NEEDED),
	ROW(namespaces, FIELD_TEXT, 0),
	ROW(velero_namespace, FIELD_TEXT, NEEDED),
	ROW(console_namespace, FIELD_TEXT, 0),
	ROW(app_id, FIELD_TEXT, 0),
	ROW(sequence, FIELD_INT, NEEDED),
	ROW(taken, FIELD_INT, 0),
	ROW(restore_json, FIELD_TEXT, NEEDED),
	ROW(removed, FIELD_SIZE, 0),
	ROW(removed_volumes, FIELD_SIZE, 0),
	ROW(lost, FIELD_SIZE, 0),
	ROW(lost_volumes, FIELD_SIZE, 0),
	ROW(created, FIELD_SIZE, 0),
	ROW(left_alone, FIELD_SIZE, 0),
	ROW(empty_volumes, FIELD_SIZE, 0),
	ROW(removed_bytes, FIELD_INT, 0),
	ROW(lost_bytes, FIELD_INT, 0),
	ROW(restored_bytes, FIELD_INT, 0),
	ROW(restored_volumes, FIELD_SIZE, 0),
	ROW(contents_known, FIELD_BOOL, 0),
	ROW(minimal_rbac, FIELD_BOOL, 0),
#undef ROW
};

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
		json_put_bool(row, "in_snapshot", object->in_snapshot);
		json_put_bool(row, "excluded", object->excluded);
	}
	return list;
}

struct json *plan_to_json(const struct restore_plan *plan)
{
	struct json *root = json_new_map(), *steps;

	json_put_text(root, "kind", kind_words[plan->kind]);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		const void *at = (const char *)plan + fields[i].offset;

		if (fields[i].type == FIELD_TEXT)
			json_put_text(root, fields[i].key, *(const char *const *)at);
		else if (fields[i].type == FIELD_INT)
			json_put_int(root, fields[i].key, *(const int64_t *)at);
		else if (fields[i].type == FIELD_SIZE)
			json_put_int(root, fields[i].key, (int64_t) * (const size_t *)at);
		else
			json_put_bool(root, fields[i].key, *(const bool *)at);
	}
	steps = json_put(root, "steps", json_new_list());
	for (size_t i = 0; i < plan->step_count; i++)
		json_add_text(steps, plan_step_word(plan->steps[i]));
	json_put(root, "claims", claims_to_json(plan));
	return root;
}

static enum status read_fields(const struct json *json, struct restore_plan *plan,
			       struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		void *at = (char *)plan + fields[i].offset;
		const char *text = json_key_text(json, fields[i].key);

		bool is_there = fields[i].type == FIELD_TEXT
					? *text != '\0'
					: json_key(json, fields[i].key) != NULL;

		if ((fields[i].flags & NEEDED) && !is_there)
			return error_set(err, STATUS_FORMAT, "its plan has no %s", fields[i].key);
		if (fields[i].type == FIELD_TEXT)
			*(const char **)at = arena_text(&plan->arena, text);
		else if (fields[i].type == FIELD_INT)
			*(int64_t *)at = json_int(json, fields[i].key, 0);
		else if (fields[i].type == FIELD_SIZE)
			*(size_t *)at = (size_t)json_int(json, fields[i].key, 0);
		else
			*(bool *)at = json_bool(json, fields[i].key, false);
	}
	return STATUS_OK;
}

static enum status read_steps(const struct json *json, struct restore_plan *plan, struct error *err)
{
	const struct json *list = json_key(json, "steps");
	enum restore_step *steps =
		arena_alloc(&plan->arena, (json_count(list) + 1) * sizeof(*steps));

	for (const struct json *word = json_first(list); word; word = json_next(word)) {
		steps[plan->step_count] = plan_step_find(json_value(word));
		if (steps[plan->step_count++] == RESTORE_STEPS)
			return error_set(err, STATUS_FORMAT, "its plan has an unknown step \"%s\"",
					 json_value(word));
	}
	plan->steps = steps;
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
	enum status st;

	atomic_init(&plan->refs, 1);
	plan->kind = plan_kind_find(json_key_text(json, "kind"));
	st = plan->kind == RESTORE_KINDS ? error_set(err, STATUS_FORMAT, "its plan has no kind")
					 : read_fields(json, plan, err);
	if (!st)
		st = read_steps(json, plan, err);
	if (!st) {
		read_claims(json, plan);
		*ret_plan = plan;
		plan = NULL;
	}
	restore_plan_unref(plan);
	return st;
}
