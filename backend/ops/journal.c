#include "backend/ops/journal.h"

#include "backend/base/clock.h"
#include "backend/kots/labels.h"
#include "backend/ops/op_words.h"
#include "backend/ops/plan_json.h"

#include <string.h>

#define JOURNAL_VERSION 1

static const char *const state_words[] = {
	[OP_RUNNING] = "running",	[OP_DONE] = "done",
	[OP_WARNINGS] = "warnings",	[OP_FAILED] = "failed",
	[OP_UNFINISHED] = "unfinished", [OP_CLOSED] = "closed",
};

static void put_time(struct json *map, const char *key, int64_t unix_s)
{
	struct strbuf text = STRBUF_INIT;

	if (unix_s)
		clock_add_rfc3339(&text, unix_s);
	json_put_text(map, key, text.buf);
	strbuf_done(&text);
}

static struct json *document(const struct journal_entry *entry, const struct restore_plan *plan)
{
	struct json *root = json_new_map();

	json_put_int(root, "version", JOURNAL_VERSION);
	json_put_text(root, "id", entry->id);
	json_put_text(root, "owner", entry->owner);
	json_put_text(root, "session", entry->session);
	json_put_text(root, "typed", entry->typed);
	json_put_text(root, "step", plan_step_word(entry->step));
	json_put_text(root, "state", state_words[entry->state]);
	put_time(root, "began", entry->began);
	put_time(root, "alive", entry->alive);
	put_time(root, "ended", entry->ended);
	json_put_text(root, "verdict", entry->verdict);
	json_put_text(root, "why", entry->why);
	json_put_text(root, "next", entry->next);
	json_put_int(root, "errors", entry->errors);
	json_put_int(root, "warnings", entry->warnings);
	json_put(root, "plan", plan_to_json(plan));
	return root;
}

struct json *journal_to_config_map(const struct journal_entry *entry,
				   const struct restore_plan *plan, const char *namespace)
{
	struct json *root = json_new_map(), *record = document(entry, plan), *labels;
	struct strbuf text = STRBUF_INIT;

	json_put_text(root, "apiVersion", "v1");
	json_put_text(root, "kind", "ConfigMap");
	strbuf_addf(&text, "kotsnap-op-%s", entry->id);
	json_put_path(root, "metadata.name", json_new_text(text.buf));
	json_put_path(root, "metadata.namespace", json_new_text(namespace));
	labels = json_put(json_key_mut(root, "metadata"), "labels", json_new_map());
	json_put_text(labels, VELERO_EXCLUDE, "true");
	json_put_text(labels, KOTSNAP_OPERATION, entry->id);
	strbuf_reset(&text);
	json_print(record, &text);
	json_put_path(root, "data.record", json_new_text(text.buf));
	json_free(record);
	strbuf_done(&text);
	return root;
}

/* A word of a newer kotsnap is taken as unfinished: somebody has to look at it. */
static enum op_state state_of(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(state_words); i++)
		if (!strcmp(state_words[i], word))
			return (enum op_state)i;
	return OP_UNFINISHED;
}

enum status journal_from_config_map(const struct json *config_map, struct journal_entry *ret_entry,
				    struct error *err)
{
	const char *text = json_text(config_map, "data.record");
	const char *name = json_text(config_map, "metadata.name");
	struct json *record = json_parse(text, strlen(text), err);
	struct journal_entry entry = { .record = record };
	int64_t version;

	if (!record)
		return error_wrap(err, "record %s", name);
	version = json_int(record, "version", 0);
	entry.id = json_text(record, "id");
	if (version < 1 || !*entry.id) {
		json_free(record);
		return error_set(err, STATUS_FORMAT, "record %s: no record of an operation", name);
	}
	entry.owner = json_text(record, "owner");
	entry.session = json_text(record, "session");
	entry.typed = json_text(record, "typed");
	entry.step = plan_step_find(json_text(record, "step"));
	entry.state = state_of(json_text(record, "state"));
	entry.began = clock_parse_rfc3339(json_text(record, "began"));
	entry.alive = clock_parse_rfc3339(json_text(record, "alive"));
	entry.ended = clock_parse_rfc3339(json_text(record, "ended"));
	entry.verdict = json_text(record, "verdict");
	entry.why = json_text(record, "why");
	entry.next = json_text(record, "next");
	entry.errors = json_int(record, "errors", 0);
	entry.warnings = json_int(record, "warnings", 0);
	entry.kind = plan_kind_find(json_text(record, "plan.kind"));
	entry.backup = json_text(record, "plan.backup");
	entry.restore = json_text(record, "plan.restore");
	entry.app_slug = json_text(record, "plan.app_slug");
	entry.app_title = json_text(record, "plan.app_title");
	*ret_entry = entry;
	if (version <= JOURNAL_VERSION)
		return STATUS_OK;
	error_set(err, STATUS_UNSUPPORTED,
		  "operation %s was recorded by a newer kotsnap (record version %lld)", entry.id,
		  (long long)version);
	error_hint(err, "Use the kotsnap of %s to go on with it.", entry.owner);
	return STATUS_UNSUPPORTED;
}

void journal_entry_done(struct journal_entry *entry)
{
	json_free(entry->record);
	*entry = (struct journal_entry){ 0 };
}

enum status journal_plan(const struct journal_entry *entry, const struct restore_plan **ret_plan,
			 struct error *err)
{
	if (plan_from_json(json_key(entry->record, "plan"), ret_plan, err))
		return error_wrap(err, "record of operation %s", entry->id);
	return STATUS_OK;
}

bool journal_is_stale(const struct journal_entry *entry, int64_t now)
{
	return now - entry->alive > JOURNAL_LEASE_S + JOURNAL_SKEW_S;
}

static enum op_step_state step_state(const struct journal_entry *entry, enum restore_step step,
				     enum op_state state)
{
	if (state == OP_DONE || state == OP_WARNINGS || step < entry->step)
		return OP_STEP_DONE;
	if (step > entry->step)
		return state == OP_FAILED ? OP_STEP_SKIPPED : OP_STEP_WAITING;
	return state == OP_RUNNING  ? OP_STEP_RUNNING
	       : state == OP_FAILED ? OP_STEP_FAILED
				    : OP_STEP_WARNING;
}

static void show_steps(struct op_view *view, const struct journal_entry *entry)
{
	const struct json *words = json_get(entry->record, "plan.steps");

	view->steps = arena_alloc(&view->arena, (json_count(words) + 1) * sizeof(*view->steps));
	for (const struct json *word = json_first(words); word; word = json_next(word)) {
		enum restore_step step = plan_step_find(json_value(word));
		enum op_step_state state = step_state(entry, step, view->state);

		view->steps[view->step_count++] = (struct op_step_view){
			.title = restore_step_title(step, state == OP_STEP_DONE),
			.detail = state == OP_STEP_WARNING ? "begun; its end is not written" : "",
			.state = state,
		};
	}
}

static void say_who_stopped(struct op_view *view, const struct journal_entry *entry, int64_t now)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "Left unfinished by %s; last sign of life ", entry->owner);
	clock_add_span(&text, now > entry->alive ? now - entry->alive : 0);
	strbuf_adds(&text, " ago.");
	view->verdict = arena_text(&view->arena, text.buf);
	view->next = "Take it over: each step is looked up in the cluster first.";
	strbuf_done(&text);
}

const struct op_view *journal_view(const struct journal_entry *entry, int64_t now)
{
	struct op_view *view = op_view_start(OP_RESTORE, entry->id, NULL, 0);
	struct arena *arena = &view->arena;

	view->state = entry->state == OP_RUNNING && journal_is_stale(entry, now) ? OP_UNFINISHED
										 : entry->state;
	view->owner = arena_text(arena, entry->owner);
	view->backup = arena_text(arena, entry->backup);
	view->restore = arena_text(arena, entry->restore);
	view->app_slug = arena_text(arena, entry->app_slug);
	view->app_title = arena_text(arena, entry->app_title);
	view->began = entry->began;
	view->ended = entry->ended;
	view->errors = entry->errors;
	view->warnings = entry->warnings;
	view->verdict = arena_text(arena, entry->verdict);
	view->why = arena_text(arena, entry->why);
	view->next = arena_text(arena, entry->next);
	show_steps(view, entry);
	if (view->state == OP_UNFINISHED)
		say_who_stopped(view, entry, now);
	else if (view->state == OP_CLOSED && !*view->verdict)
		view->verdict = "Given up: its record was closed. The cluster stays as it is.";
	return view;
}
