/* The record of an operation: what a killed session leaves behind must be enough to go on. */
#include "backend/kots/labels.h"
#include "backend/ops/journal_writer.h"
#include "tests/unit/backend/ops/plans.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#define NOW INT64_C(1795223671)

static struct journal_entry entry_of(enum op_state state, enum restore_step step)
{
	return (struct journal_entry){ .id = PLAN_ID,
				       .owner = "root@node-02",
				       .session = "feedfacefeedface",
				       .typed = "acme-analytics",
				       .step = step,
				       .at = step,
				       .state = state,
				       .began = NOW - 60,
				       .alive = NOW,
				       .verdict = "",
				       .why = "",
				       .next = "" };
}

static struct json *record_of(const struct journal_entry *entry)
{
	struct restore_plan *plan = plan_of_analytics();
	struct json *map = journal_to_config_map(entry, plan, "velero");

	restore_plan_unref(plan);
	return map;
}

/* As record_of(), with a change of the document inside. */
static struct json *changed(const struct journal_entry *entry, const char *key, struct json *value)
{
	struct json *map = record_of(entry);
	const char *text = json_text(map, "data.record");
	struct json *record = json_parse(text, strlen(text), NULL);
	struct strbuf printed = STRBUF_INIT;

	json_put_path(record, key, value);
	json_print(record, &printed);
	json_put_path(map, "data.record", json_new_text(printed.buf));
	json_free(record);
	strbuf_done(&printed);
	return map;
}

Test(journal, a_record_is_never_part_of_a_snapshot_and_is_found_by_its_label)
{
	struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED);
	struct json *map = record_of(&entry);

	cr_assert_str_eq(json_text(map, "metadata.name"), "kotsnap-op-" PLAN_ID);
	cr_assert_str_eq(json_text(map, "metadata.namespace"), "velero");
	cr_assert_str_eq(json_text(map, "metadata.labels.[" VELERO_EXCLUDE "]"), "true");
	cr_assert_str_eq(json_text(map, "metadata.labels.[" KOTSNAP_OPERATION "]"), PLAN_ID);
	json_free(map);
}

Test(journal, an_entry_comes_back_as_it_was_written)
{
	struct journal_entry entry = entry_of(OP_WARNINGS, STEP_MARKED), back = { 0 };
	struct error err = ERROR_INIT;
	struct json *map;

	entry.ended = NOW;
	entry.verdict = "it is \"back\"";
	entry.warnings = 3;
	map = record_of(&entry);
	cr_assert_eq(journal_from_config_map(map, &back, &err), STATUS_OK, "%s", err.text);
	cr_assert_str_eq(back.id, PLAN_ID);
	cr_assert_str_eq(back.owner, "root@node-02");
	cr_assert_str_eq(back.session, "feedfacefeedface");
	cr_assert_str_eq(back.typed, "acme-analytics");
	cr_assert_str_eq(back.verdict, "it is \"back\"");
	cr_assert_str_eq(back.restore, "instance-m4h8t.acme-analytics");
	cr_assert_eq(back.step, STEP_MARKED);
	cr_assert_eq(back.state, OP_WARNINGS);
	cr_assert_eq(back.began, NOW - 60);
	cr_assert_eq(back.alive, NOW);
	cr_assert_eq(back.ended, NOW);
	cr_assert_eq(back.warnings, 3);
	journal_entry_done(&back);
	json_free(map);
}

Test(journal, the_plan_comes_back_with_all_that_is_needed_to_go_on)
{
	struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED), back = { 0 };
	struct restore_plan *plan = plan_of_analytics();
	const struct restore_plan *again = NULL;
	struct error err = ERROR_INIT;
	struct json *map = record_of(&entry);

	cr_assert_eq(journal_from_config_map(map, &back, &err), STATUS_OK, "%s", err.text);
	cr_assert_eq(journal_plan(&back, &again, &err), STATUS_OK, "%s", err.text);
	cr_assert_eq(again->kind, plan->kind);
	cr_assert_str_eq(again->parts[0].restore_json, plan->parts[0].restore_json);
	cr_assert_str_eq(again->confirm, plan->confirm);
	cr_assert_str_eq(again->namespaces, plan->namespaces);
	cr_assert_str_eq(again->velero_namespace, plan->velero_namespace);
	cr_assert_eq(again->parts[0].sequence, 42);
	cr_assert_eq(again->total.removed_bytes, INT64_C(1) << 40);
	cr_assert_eq(again->total.removed_volumes, 1);
	cr_assert(again->contents_known);
	cr_assert_eq(again->step_count, plan->step_count);
	for (size_t i = 0; i < plan->step_count; i++)
		cr_assert_eq(again->steps[i].what, plan->steps[i].what);
	restore_plan_unref(again);
	restore_plan_unref(plan);
	journal_entry_done(&back);
	json_free(map);
}

/* Once the pods are gone nobody can tell whose claims they were. */
Test(journal, the_claims_of_the_application_are_in_the_record_and_other_objects_are_not)
{
	struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED), back = { 0 };
	const struct restore_plan *again = NULL;
	struct error err = ERROR_INIT;
	struct json *map = record_of(&entry);

	cr_assert_eq(journal_from_config_map(map, &back, &err), STATUS_OK);
	cr_assert_eq(journal_plan(&back, &again, &err), STATUS_OK);
	cr_assert_eq(again->object_count, 2);
	cr_assert_str_eq(again->objects[0].name, "data-1");
	cr_assert(again->objects[0].in_cluster);
	cr_assert_not(again->objects[0].excluded);
	cr_assert_str_eq(again->objects[1].name, "kept");
	cr_assert(again->objects[1].excluded);
	restore_plan_unref(again);
	journal_entry_done(&back);
	json_free(map);
}

Test(journal, a_newer_record_is_shown_but_refused)
{
	struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED), back = { 0 };
	struct error err = ERROR_INIT;
	struct json *map = changed(&entry, "version", json_new_number(2));
	const struct op_view *view;

	cr_assert_eq(journal_from_config_map(map, &back, &err), STATUS_UNSUPPORTED);
	cr_assert(strstr(err.text, "newer kotsnap"));
	view = journal_view(&back, NOW);
	cr_assert_str_eq(view->id, PLAN_ID);
	cr_assert_str_eq(view->owner, "root@node-02");
	op_view_unref(view);
	journal_entry_done(&back);
	json_free(map);
}

static const char *const broken[] = {
	"", "{", "[]", "{\"version\":1}", "{\"version\":0,\"id\":\"x\"}", "7",
};

ParameterizedTestParameters(journal, what_is_no_record_is_refused)
{
	static size_t rows[ARRAY_SIZE(broken)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, journal, what_is_no_record_is_refused)
{
	struct json *map = json_new_map();
	struct journal_entry entry = { 0 };
	struct error err = ERROR_INIT;

	json_put_path(map, "data.record", json_new_text(broken[*row]));
	cr_assert_eq(journal_from_config_map(map, &entry, &err), STATUS_FORMAT);
	cr_assert(*err.text);
	cr_assert_null(entry.record);
	json_free(map);
}

static const char *const needed[] = { "plan.parts", "plan.restore", "plan.confirm",
				      "plan.velero_namespace", "plan.kind" };

ParameterizedTestParameters(journal, a_plan_that_lacks_something_is_not_run)
{
	static size_t rows[ARRAY_SIZE(needed)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, journal, a_plan_that_lacks_something_is_not_run)
{
	struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED), back = { 0 };
	struct json *map = changed(&entry, needed[*row], json_new_text(""));
	const struct restore_plan *plan = NULL;
	struct error err = ERROR_INIT;

	cr_assert_eq(journal_from_config_map(map, &back, &err), STATUS_OK);
	cr_assert_eq(journal_plan(&back, &plan, &err), STATUS_FORMAT);
	cr_assert_null(plan);
	journal_entry_done(&back);
	json_free(map);
}

Test(journal, a_step_that_this_kotsnap_does_not_know_is_not_skipped)
{
	struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED), back = { 0 };
	struct json *list = json_new_list(), *map;
	const struct restore_plan *plan = NULL;
	struct error err = ERROR_INIT;

	json_put_text(json_add(list, json_new_map()), "what", "recorded");
	json_put_text(json_add(list, json_new_map()), "what", "sung-to");
	map = changed(&entry, "plan.steps", list);
	cr_assert_eq(journal_from_config_map(map, &back, &err), STATUS_OK);
	cr_assert_eq(journal_plan(&back, &plan, &err), STATUS_FORMAT);
	cr_assert(strstr(err.text, "sung-to"));
	journal_entry_done(&back);
	json_free(map);
}

Test(journal, an_owner_who_is_alive_is_not_taken_over_even_with_a_clock_that_is_behind)
{
	struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED);

	cr_assert_not(journal_is_stale(&entry, NOW + JOURNAL_LEASE_S + JOURNAL_SKEW_S));
	cr_assert(journal_is_stale(&entry, NOW + JOURNAL_LEASE_S + JOURNAL_SKEW_S + 1));
	cr_assert_not(journal_is_stale(&entry, NOW - 3600));
}

/* Seen by us, by our clock: it counts more than what their clock wrote. */
static const struct {
	int64_t now_after_s, still_ms;
	bool renewed, want;
} lives[] = {
	{ 3600, 0, false, true },   /* first sight, an old sign of life: a guess */
	{ -3600, 0, false, false }, /* first sight, their clock is ahead */
	{ -3600, JOURNAL_STALE_MS, false, false },
	{ -3600, JOURNAL_STALE_MS + 1, false, true }, /* ahead, but nobody renewed it */
	{ 3600, 5000, true, false },		    /* their clock is behind, and they are alive */
	{ 3600, JOURNAL_STALE_MS + 1, true, true }, /* they were */
};

Test(journal, what_we_saw_ourselves_outweighs_the_clock_of_its_owner)
{
	for (size_t i = 0; i < ARRAY_SIZE(lives); i++) {
		struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED);

		entry.still_ms = lives[i].still_ms;
		entry.was_renewed = lives[i].renewed;
		cr_assert_eq(journal_is_stale(&entry, NOW + lives[i].now_after_s), lives[i].want,
			     "row %zu", i);
	}
}

Test(journal, a_request_to_stop_stands_beside_the_record_and_is_taken_back)
{
	struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED);
	struct json *map = record_of(&entry), *patch;
	char *before = mem_text(json_text(map, "data.record"));

	cr_assert_str_eq(journal_stop_asked(map), "");
	patch = journal_stop_patch(map, "root@node-03");
	json_merge(map, patch);
	json_free(patch);
	cr_assert_str_eq(journal_stop_asked(map), "root@node-03");
	cr_assert_str_eq(json_text(map, "data.record"), before);
	patch = journal_stop_patch(map, "");
	json_merge(map, patch);
	cr_assert_str_eq(journal_stop_asked(map), "");
	json_free(patch);
	json_free(map);
	free(before);
}

Test(journal, a_dead_owner_s_restore_is_shown_as_unfinished_at_its_step)
{
	struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED), back = { 0 };
	struct error err = ERROR_INIT;
	struct json *map = record_of(&entry);
	const struct op_view *view;

	cr_assert_eq(journal_from_config_map(map, &back, &err), STATUS_OK);
	view = journal_view(&back, NOW + 3600);
	cr_assert_eq(view->state, OP_UNFINISHED);
	cr_assert(strstr(view->verdict, "root@node-02"));
	cr_assert_eq(view->step_count, STEP_CHECKED + 1);
	cr_assert_eq(view->steps[STEP_OLD_GONE].state, OP_STEP_DONE);
	cr_assert_eq(view->steps[STEP_REMOVED].state, OP_STEP_WARNING);
	cr_assert_eq(view->steps[STEP_CREATED].state, OP_STEP_WAITING);
	op_view_unref(view);
	view = journal_view(&back, NOW + 5);
	cr_assert_eq(view->state, OP_RUNNING);
	op_view_unref(view);
	journal_entry_done(&back);
	json_free(map);
}

Test(journal, of_two_sessions_of_one_person_only_the_writer_of_the_record_has_it)
{
	struct journal_entry entry = entry_of(OP_RUNNING, STEP_REMOVED);
	struct error err = ERROR_INIT;
	struct json *map = record_of(&entry);

	cr_assert_eq(journal_check_ours(map, "feedfacefeedface", &err), STATUS_OK);
	cr_assert_eq(journal_check_ours(map, "0000000000000000", &err), STATUS_ELSEWHERE);
	cr_assert(strstr(err.text, "root on node-02"));
	json_free(map);
	map = changed(&entry, "state", json_new_text("closed"));
	cr_assert_eq(journal_check_ours(map, "feedfacefeedface", &err), STATUS_CANCELLED);
	json_free(map);
}
