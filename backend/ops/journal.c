#include "backend/ops/journal.h"

#include "backend/base/clock.h"
#include "backend/kots/labels.h"
#include "backend/ops/op_words.h"
#include "backend/ops/plan_json.h"

#include <stdlib.h>
#include <string.h>

#define JOURNAL_VERSION 1

static const char *const state_words[] = {
	[OP_RUNNING] = "running",	[OP_DONE] = "done",
	[OP_WARNINGS] = "warnings",	[OP_FAILED] = "failed",
	[OP_UNFINISHED] = "unfinished", [OP_CLOSED] = "closed",
};

static const char *const note_words[] = {
	[OP_STEP_WAITING] = "waiting", [OP_STEP_RUNNING] = "running", [OP_STEP_DONE] = "done",
	[OP_STEP_WARNING] = "warning", [OP_STEP_FAILED] = "failed",   [OP_STEP_SKIPPED] = "skipped",
};

static void put_time(struct json *map, const char *key, int64_t unix_s)
{
	struct strbuf text = STRBUF_INIT;

	if (unix_s)
		clock_add_rfc3339(&text, unix_s);
	json_put_text(map, key, text.buf);
	strbuf_done(&text);
}

static struct json *notes_to_json(const struct restore_note *notes, size_t count)
{
	struct json *list = json_new_list();

	for (size_t i = 0; i < count; i++) {
		struct json *note = json_add(list, json_new_map());

		json_put_text(note, "state", note_words[notes[i].state]);
		put_time(note, "began", notes[i].began);
		put_time(note, "ended", notes[i].ended);
		json_put_text(note, "detail", notes[i].detail ? notes[i].detail : "");
	}
	return list;
}

static struct json *document(const struct journal_entry *entry, const struct restore_plan *plan)
{
	struct json *root = json_new_map();

	json_put_int(root, "version", JOURNAL_VERSION);
	json_put_text(root, "id", entry->id);
	json_put_text(root, "owner", entry->owner);
	json_put_text(root, "session", entry->session);
	json_put_text(root, "process", entry->process ? entry->process : "");
	json_put_text(root, "typed", entry->typed);
	json_put_text(root, "step", plan_step_word(entry->step));
	json_put_int(root, "at", (int64_t)entry->at);
	json_put_text(root, "state", state_words[entry->state]);
	put_time(root, "began", entry->began);
	put_time(root, "since", entry->since);
	put_time(root, "alive", entry->alive);
	put_time(root, "ended", entry->ended);
	json_put_text(root, "verdict", entry->verdict);
	json_put_text(root, "why", entry->why);
	json_put_text(root, "next", entry->next);
	json_put_int(root, "errors", entry->errors);
	json_put_int(root, "warnings", entry->warnings);
	json_put(root, "plan", plan_to_json(plan));
	if (entry->notes)
		json_put(root, "notes", notes_to_json(entry->notes, plan->step_count));
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

/* Of a record without its place the first step of that word; never one that is not there. */
static size_t at_of(const struct json *record)
{
	const struct json *steps = json_get(record, "plan.steps"), *step = json_first(steps);
	int64_t at = json_int(record, "at", -1);
	size_t found = 0;

	if (at >= 0 && (size_t)at < json_count(steps))
		return (size_t)at;
	while (step && plan_step_find(json_key_text(step, "what")) !=
			       plan_step_find(json_text(record, "step"))) {
		step = json_next(step);
		found++;
	}
	return step ? found : 0;
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
	entry.process = json_text(record, "process");
	entry.typed = json_text(record, "typed");
	entry.step = plan_step_find(json_text(record, "step"));
	entry.at = at_of(record);
	entry.state = state_of(json_text(record, "state"));
	entry.began = clock_parse_rfc3339(json_text(record, "began"));
	entry.since = clock_parse_rfc3339(json_text(record, "since"));
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

const char *journal_stop_asked(const struct json *config_map)
{
	return json_text(config_map, "data.stop");
}

struct json *journal_stop_patch(const struct json *config_map, const char *who)
{
	struct json *patch = json_new_map();

	json_put_path(patch, "data.stop", *who ? json_new_text(who) : json_new_null());
	json_put_path(patch, "metadata.resourceVersion",
		      json_new_text(json_text(config_map, "metadata.resourceVersion")));
	return patch;
}

bool journal_is_stale(const struct journal_entry *entry, int64_t now)
{
	if (entry->is_gone || entry->still_ms > JOURNAL_STALE_MS)
		return true;
	return !entry->was_renewed && now - entry->alive > JOURNAL_LEASE_S + JOURNAL_SKEW_S;
}

static enum op_step_state state_without_note(const struct journal_entry *entry, size_t at)
{
	if (entry->state == OP_DONE || entry->state == OP_WARNINGS || at < entry->at)
		return OP_STEP_DONE;
	if (at > entry->at)
		return entry->state == OP_FAILED ? OP_STEP_SKIPPED : OP_STEP_WAITING;
	return entry->state == OP_RUNNING  ? OP_STEP_RUNNING
	       : entry->state == OP_FAILED ? OP_STEP_FAILED
					   : OP_STEP_WARNING;
}

static void read_note(const struct json *json, struct restore_note *note)
{
	const char *word = json_key_text(json, "state");

	for (size_t i = 0; i < ARRAY_SIZE(note_words); i++)
		if (!strcmp(note_words[i], word))
			note->state = (enum op_step_state)i;
	note->began = clock_parse_rfc3339(json_key_text(json, "began"));
	note->ended = clock_parse_rfc3339(json_key_text(json, "ended"));
	if (*json_key_text(json, "detail"))
		note->detail = mem_text(json_key_text(json, "detail"));
}

struct restore_note *journal_notes(const struct journal_entry *entry,
				   const struct restore_plan *plan)
{
	struct restore_note *notes = mem_array(plan->step_count + 1, sizeof(*notes));
	const struct json *json = json_first(json_key(entry->record, "notes"));

	for (size_t i = 0; i < plan->step_count; i++) {
		if (json)
			read_note(json, &notes[i]);
		else
			notes[i].state = state_without_note(entry, i);
		json = json ? json_next(json) : NULL;
	}
	return notes;
}

/* Begun, and nobody knows of its end. */
static bool is_open(const struct op_view *view, enum op_step_state state)
{
	return state == OP_STEP_RUNNING && view->state != OP_RUNNING;
}

static void show_steps(struct op_view *view, const struct journal_entry *entry)
{
	const struct restore_plan *plan = NULL;
	struct error err = ERROR_INIT;
	struct restore_note *notes;

	/* Of a newer kotsnap: its steps cannot be told. */
	if (journal_plan(entry, &plan, &err))
		return;
	notes = journal_notes(entry, plan);
	view->steps = arena_alloc(&view->arena, (plan->step_count + 1) * sizeof(*view->steps));
	for (size_t i = 0; i < plan->step_count; i++) {
		struct strbuf title = STRBUF_INIT, detail = STRBUF_INIT;
		bool open = is_open(view, notes[i].state);

		restore_plan_add_step(&title, plan, i, notes[i].state == OP_STEP_DONE);
		strbuf_adds(&detail, notes[i].detail ? notes[i].detail : "");
		if (open)
			strbuf_addf(&detail, "%sbegun; its end is not written",
				    detail.len ? "; " : "");
		view->steps[view->step_count++] = (struct op_step_view){
			.title = arena_text(&view->arena, title.buf),
			.detail = arena_text(&view->arena, detail.buf),
			.state = open ? OP_STEP_WARNING : notes[i].state,
			.began = notes[i].began,
			.ended = notes[i].ended,
			.what = plan->steps[i].what,
			.restore =
				arena_text(&view->arena, plan->parts[plan->steps[i].part].restore),
		};
		free(notes[i].detail);
		strbuf_done(&title);
		strbuf_done(&detail);
	}
	free(notes);
	restore_plan_unref(plan);
}

static void say_who_stopped(struct op_view *view, const struct journal_entry *entry, int64_t now)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "Left unfinished by %s; ", entry->owner);
	if (entry->alive > now) {
		strbuf_adds(&text, "its clock is ahead of this one, so since when is not known.");
	} else {
		strbuf_adds(&text, "last sign of life ");
		clock_add_span(&text, now - entry->alive);
		strbuf_adds(&text, " ago.");
	}
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
	view->elsewhere = view->state == OP_RUNNING;
	view->alive = entry->alive;
	view->since = entry->since ? entry->since : entry->began;
	view->owner = arena_text(arena, entry->owner);
	view->backup = arena_text(arena, entry->backup);
	view->restore = arena_text(arena, entry->restore);
	view->app_slug = arena_text(arena, entry->app_slug);
	view->app_title = arena_text(arena, entry->app_title);
	view->confirm = arena_text(arena, entry->typed ? entry->typed : "");
	view->began = entry->began;
	view->ended = entry->ended;
	view->errors = entry->errors;
	view->warnings = entry->warnings;
	view->verdict = arena_text(arena, entry->verdict);
	view->why = arena_text(arena, entry->why);
	view->next = arena_text(arena, entry->next);
	show_steps(view, entry);
	/* Who left it on purpose has said so. */
	if (view->state == OP_UNFINISHED && (entry->state != OP_UNFINISHED || !*view->verdict))
		say_who_stopped(view, entry, now);
	else if (view->state == OP_CLOSED && !*view->verdict)
		view->verdict = "Given up: its record was closed. The cluster stays as it is.";
	return view;
}
