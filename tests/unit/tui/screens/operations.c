/* Restores that run, ended and were left: pictures, and what stopping and taking over ask for. */
#include "tests/support/site.h"
#include "tests/support/ui.h"
#include "tui/screens/screens.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

enum story { ONE_RUNS, ALL_RUNS, WATCHED, DONE, WARNED, FAILED, NOT_STARTED, LEFT, STORIES };

struct step_row {
	enum restore_step what;
	const char *title, *detail, *restore;
};

static const char one[] = "instance-m4h8t.acme-analytics", console[] = "instance-m4h8t.kotsadm";

static const struct step_row one_steps[] = {
	{ STEP_RECORDED, "Record written", "", one },
	{ STEP_READY, "Velero ready, nothing else runs", "", one },
	{ STEP_OLD_GONE, "No older Restore in the way", "there was none", one },
	{ STEP_REMOVED, "Application removed", "211 objects and 4 volumes removed", one },
	{ STEP_CREATED, "Velero has the Restore", one, one },
	{ STEP_RESTORED, "Restoring",
	  "1,087 of about 1,204 objects, 1 of 3 volumes; pod clickhouse-0 waits in its init "
	  "container restore-wait for volume data",
	  one },
	{ STEP_MARKED, "Marking the version as deployed", "", one },
	{ STEP_CHECKED, "Waiting for the pods", "", one },
};
static const struct step_row all_steps[] = {
	{ STEP_RECORDED, "Record written", "", console },
	{ STEP_READY, "Velero ready, nothing else runs", "", console },
	{ STEP_OLD_GONE, "No older Restore in the way", "there was none", console },
	{ STEP_REMOVED, "Admin Console removed", "19 objects and 2 volumes removed", console },
	{ STEP_CREATED, "Velero has the Restore of the Admin Console", console, console },
	{ STEP_RESTORED, "Restoring the Admin Console", "41 of about 60 objects", console },
	{ STEP_CONSOLE_UP, "Waiting for the Admin Console", "", console },
	{ STEP_DATABASE, "Looking at its database", "", console },
	{ STEP_REMOVED, "Removing Acme Analytics", "", one },
	{ STEP_CREATED, "Asking Velero for Acme Analytics", "", one },
	{ STEP_RESTORED, "Restoring Acme Analytics", "", one },
	{ STEP_MARKED, "Marking the version of Acme Analytics", "", one },
	{ STEP_REMOVED, "Removing Acme Gateway", "", "instance-m4h8t.acme-gateway" },
	{ STEP_CREATED, "Asking Velero for Acme Gateway", "", "instance-m4h8t.acme-gateway" },
	{ STEP_RESTORED, "Restoring Acme Gateway", "", "instance-m4h8t.acme-gateway" },
	{ STEP_MARKED, "Marking the version of Acme Gateway", "", "instance-m4h8t.acme-gateway" },
	{ STEP_CHECKED, "Waiting for the pods of Acme Analytics", "", one },
	{ STEP_CHECKED, "Waiting for the pods of Acme Gateway", "", "instance-m4h8t.acme-gateway" },
};

static const struct {
	enum op_state state;
	size_t at; /* the step that is worked on, or was the last */
	const char *verdict, *why, *next;
	int64_t errors, warnings;
} ends[STORIES] = {
	[ONE_RUNS] = { OP_RUNNING, 5, "", "", "", 0, 0 },
	[ALL_RUNS] = { OP_RUNNING, 5, "", "", "", 0, 0 },
	[WATCHED] = { OP_RUNNING, 5, "", "", "", 0, 0 },
	[DONE] = { OP_DONE, 7, "Acme Analytics is back as it was in instance-m4h8t.",
		   "4 of 4 pods ready, 4 of 4 claims bound", "", 0, 0 },
	[WARNED] = { OP_WARNINGS, 7,
		     "Acme Analytics is back as it was in instance-m4h8t, with 3 warnings.",
		     "4 of 4 pods ready, 4 of 4 claims bound",
		     "Its results say which objects are meant.", 0, 3 },
	[FAILED] = { OP_FAILED, 7, "Acme Analytics was not restored completely.",
		     "instance-m4h8t.acme-analytics ended as PartiallyFailed: 2 errors, 3 "
		     "warnings; 2 of 3 volumes, 1 failed",
		     "Its results name what is missing. instance-m4h8t is unharmed: restore again "
		     "from it.",
		     2, 3 },
	[NOT_STARTED] = { OP_FAILED, 4, "Acme Analytics was not restored.",
			  "Nothing was started: Velero has no Restore "
			  "instance-m4h8t.acme-analytics 30 s after it was asked for",
			  "Acme Analytics is removed. Restore again from instance-m4h8t.", 0, 0 },
	[LEFT] = { OP_UNFINISHED, 5, "", "", "", 0, 0 },
};

static enum op_step_state state_of(enum story story, size_t index)
{
	size_t at = ends[story].at;
	bool running = ends[story].state == OP_RUNNING || ends[story].state == OP_UNFINISHED;

	if (story == FAILED && index == 5)
		return OP_STEP_FAILED;
	if (story == FAILED && index == 6)
		return OP_STEP_SKIPPED;
	if (index < at)
		return OP_STEP_DONE;
	if (index > at)
		return running ? OP_STEP_WAITING : OP_STEP_SKIPPED;
	if (running)
		return OP_STEP_RUNNING;
	return story == NOT_STARTED ? OP_STEP_FAILED
	       : story == FAILED    ? OP_STEP_WARNING
				    : OP_STEP_DONE;
}

static void fill_steps(struct op_view *view, enum story story)
{
	const struct step_row *rows = story == ALL_RUNS ? all_steps : one_steps;

	view->step_count = story == ALL_RUNS ? ARRAY_SIZE(all_steps) : ARRAY_SIZE(one_steps);
	view->steps = arena_alloc(&view->arena, view->step_count * sizeof(*view->steps));
	for (size_t i = 0; i < view->step_count; i++) {
		struct op_step_view *step = &view->steps[i];

		*step = (struct op_step_view){ .title = rows[i].title,
					       .detail = rows[i].detail,
					       .what = rows[i].what,
					       .restore = rows[i].restore,
					       .state = state_of(story, i) };
		if (step->state == OP_STEP_WAITING || step->state == OP_STEP_SKIPPED)
			continue;
		step->began = SITE_NOW - 900 + (int64_t)i * 60;
		step->ended = step->state == OP_STEP_RUNNING ? 0 : step->began + 40;
	}
	if (story == FAILED)
		view->steps[7].detail = "3 of 4 pods ready, 4 of 4 claims bound";
}

static struct model *story_model(enum story story)
{
	struct model *model = site_model(SITE_QUIET);
	struct op_view *view = op_view_new();
	bool runs = ends[story].state == OP_RUNNING || ends[story].state == OP_UNFINISHED;

	view->id = "op-51c0";
	view->kind = OP_RESTORE;
	view->state = ends[story].state;
	view->backup = "instance-m4h8t";
	view->app_slug = story == ALL_RUNS ? "" : "acme-analytics";
	view->app_title = story == ALL_RUNS ? "Admin Console and 2 applications" : "Acme Analytics";
	view->confirm = story == ALL_RUNS ? "acme-prod" : "acme-analytics";
	view->restore = story == ALL_RUNS ? console : one;
	view->owner = story == WATCHED ? "root@node-02" : "root@node-01";
	view->elsewhere = story == WATCHED;
	view->began = SITE_NOW - 900;
	view->since = SITE_NOW - 300;
	view->alive = SITE_NOW - 4;
	view->ended = runs ? 0 : SITE_NOW - 60;
	view->verdict = ends[story].verdict;
	view->why = ends[story].why;
	view->next = ends[story].next;
	view->errors = ends[story].errors;
	view->warnings = ends[story].warnings;
	fill_steps(view, story);
	model->ops = mem_array(1, sizeof(*model->ops));
	model->ops[model->op_count++] = view;
	return model;
}

static const struct {
	const char *name;
	enum screen_id screen;
	enum story story;
	const char *keys;
	int cols, rows;
} frames[] = {
	{ "operation/restore", SCREEN_OPERATION, ONE_RUNS, "", 80, 24 },
	{ "operation/restore-60x16", SCREEN_OPERATION, ONE_RUNS, "", 60, 16 },
	{ "operation/restore-120x36", SCREEN_OPERATION, ONE_RUNS, "", 120, 36 },
	{ "operation/everything", SCREEN_OPERATION, ALL_RUNS, "", 80, 24 },
	{ "operation/everything-120x36", SCREEN_OPERATION, ALL_RUNS, "", 120, 36 },
	{ "operation/watched", SCREEN_OPERATION, WATCHED, "", 80, 24 },
	{ "operation/restored", SCREEN_OPERATION, DONE, "", 80, 24 },
	{ "operation/warnings", SCREEN_OPERATION, WARNED, "", 80, 24 },
	{ "operation/failed", SCREEN_OPERATION, FAILED, "", 80, 24 },
	{ "operation/not-started", SCREEN_OPERATION, NOT_STARTED, "", 80, 24 },
	{ "operation/left", SCREEN_OPERATION, LEFT, "", 80, 24 },
	{ "takeover/left", SCREEN_TAKEOVER, LEFT, "", 80, 24 },
	{ "takeover/60x16", SCREEN_TAKEOVER, LEFT, "", 60, 16 },
	{ "takeover/held", SCREEN_TAKEOVER, WATCHED, "", 80, 24 },
	{ "takeover/everything", SCREEN_TAKEOVER, ALL_RUNS, "", 80, 24 },
	{ "stop/restore", SCREEN_STOP, ONE_RUNS, "", 80, 24 },
	{ "stop/leave", SCREEN_STOP, ONE_RUNS, "Down Enter", 80, 24 },
	{ "stop/watched", SCREEN_STOP, WATCHED, "Down Enter", 80, 24 },
	{ "stop/60x16", SCREEN_STOP, ONE_RUNS, "Down Enter", 60, 16 },
};

ParameterizedTestParameters(operations, looks_as_designed)
{
	static size_t rows[ARRAY_SIZE(frames)];

	for (size_t i = 0; i < ARRAY_SIZE(frames); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(frames));
}

ParameterizedTest(size_t *row, operations, looks_as_designed)
{
	struct model *model = story_model(frames[*row].story);
	struct ui_spec spec = { .screen = frames[*row].screen,
				.argument = "op-51c0",
				.model = model,
				.cols = frames[*row].cols,
				.rows = frames[*row].rows };
	struct ui ui;

	ui_open(&ui, &spec);
	ui_press(&ui, frames[*row].keys);
	golden_compare(&ui, frames[*row].name);
	ui_close(&ui);
	model_unref(model);
}

static void open_on(struct ui *ui, enum screen_id screen, const struct model *model)
{
	struct ui_spec spec = { .screen = screen, .argument = "op-51c0", .model = model };

	ui_open(ui, &spec);
}

/* ---- what Velero counted ---- */

static const char results_text[] =
	"{\"errors\":{\"velero\":[\"pod volume restore failed: data path restore failed: Failed to "
	"run "
	"kopia restore: Unable to load snapshot ec8d99: snapshot not found\"]},\"warnings\":{"
	"\"namespaces\":{\"default\":[\"could not restore, ConfigMap:kube-root-ca.crt already "
	"exists. "
	"Warning: the in-cluster version is different than the backed-up version\",\"could not "
	"restore, Ingress:acme-analytics already exists. Warning: the in-cluster version is "
	"different than the backed-up version\"]}}}";

/* The Restore as Velero ended it; request: the label that says who made it. */
static void add_restore(struct model *model, const char *request)
{
	struct strbuf text = STRBUF_INIT;
	struct list_edit *edit = list_edit_new();
	struct json *json;

	strbuf_addf(&text,
		    "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"velero\",\"uid\":\"r-77\","
		    "\"labels\":{\"kotsnap.io/request\":\"%s\"}},\"spec\":{\"backupName\":"
		    "\"instance-m4h8t\"},\"status\":{\"phase\":\"PartiallyFailed\",\"errors\":1,"
		    "\"warnings\":2,\"progress\":{\"itemsRestored\":213,\"totalItems\":213}}}",
		    one, request);
	json = json_parse(text.buf, text.len, NULL);
	list_edit_put(edit, (const struct object *)restore_decode(json, NULL));
	list_unref(model->lists[COLLECTION_RESTORES]);
	model->lists[COLLECTION_RESTORES] = list_edit_publish(edit);
	list_edit_free(edit);
	json_free(json);
	strbuf_done(&text);
}

static void answer(struct ui *ui, uint64_t ticket, const char *text)
{
	struct event event = { .kind = EVENT_DOCUMENT, .ticket = ticket };

	event.document = document_new(mem_text(text), strlen(text));
	ui_event(ui, &event);
	document_unref(event.document);
}

Test(operation, what_velero_counted_is_listed_and_opens_in_full)
{
	struct model *model = story_model(FAILED);
	struct ui_spec spec = { .screen = SCREEN_TEXT, .model = model };
	const struct effect *effect;
	struct ui ui, reader;

	add_restore(model, "op-51c0");
	open_on(&ui, SCREEN_OPERATION, model);
	effect = ui_effect(&ui, EFFECT_REQUEST);
	cr_assert(effect);
	cr_assert_str_eq(effect->request.what, "RestoreResults");
	cr_assert_str_eq(effect->request.name, one);
	cr_expect(ui_shows(&ui, "Reading the results of"));
	answer(&ui, ui.next_ticket, results_text);
	golden_compare(&ui, "operation/results");
	ui_press(&ui, "Enter");
	effect = ui_effect(&ui, EFFECT_OPEN);
	cr_assert(effect && effect->screen == SCREEN_TEXT && effect->document);
	spec.argument = document_text(effect->document, &(size_t){ 0 });
	ui_open(&reader, &spec);
	golden_compare(&reader, "text/problems");
	ui_press(&reader, "w");
	cr_assert(ui_effect(&reader, EFFECT_WRITE));
	cr_expect_str_eq(ui_effect(&reader, EFFECT_WRITE)->text, "kotsnap-problems.txt");
	ui_close(&reader);
	ui_close(&ui);
	model_unref(model);
}

/* A later restore took its name: its results are not those of this one. */
Test(operation, results_of_another_restore_of_that_name_are_not_shown)
{
	struct model *model = story_model(FAILED);
	struct ui ui;

	add_restore(model, "0123456789abcdef");
	open_on(&ui, SCREEN_OPERATION, model);
	cr_expect(!ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(!ui_shows(&ui, "213 of 213"));
	ui_press(&ui, "Enter");
	cr_expect(!ui_effect(&ui, EFFECT_OPEN));
	ui_close(&ui);
	model_unref(model);
}

Test(operation, results_that_cannot_be_had_say_why_and_are_asked_for_again)
{
	struct model *model = story_model(FAILED);
	struct event event = { .kind = EVENT_FAILED };
	struct ui ui;

	add_restore(model, "op-51c0");
	open_on(&ui, SCREEN_OPERATION, model);
	event.ticket = ui.next_ticket;
	error_set(&event.err, STATUS_TIMEOUT, "no answer");
	ui_event(&ui, &event);
	cr_expect(ui_shows(&ui, "no answer. Ctrl-R"));
	ui_press(&ui, "Ctrl-R");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	ui_close(&ui);
	model_unref(model);
}

Test(stop, nothing_is_asked_for_before_the_words)
{
	struct model *model = story_model(ONE_RUNS);
	struct ui ui;

	open_on(&ui, SCREEN_STOP, model);
	ui_press(&ui, "Down Enter");
	cr_expect(ui_shows(&ui, "Type these words: acme-analytics"));
	ui_press(&ui, "Tab Enter Tab Enter");
	cr_expect(!ui_effect(&ui, EFFECT_REQUEST));
	ui_close(&ui);
	open_on(&ui, SCREEN_STOP, model);
	ui_press(&ui, "Down Enter Tab");
	ui_type(&ui, "acme-analytics");
	ui_press(&ui, "Tab Enter");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(ui_effect(&ui, EFFECT_REQUEST)->request.kind == REQUEST_STOP);
	cr_expect_str_eq(ui_effect(&ui, EFFECT_REQUEST)->request.name, "op-51c0");
	cr_expect_str_eq(ui_effect(&ui, EFFECT_REQUEST)->request.what, "leave");
	ui_close(&ui);
	model_unref(model);
}

Test(stop, a_snapshot_is_told_that_there_is_no_way)
{
	struct ui_spec spec = { .screen = SCREEN_STOP, .argument = "backup/instance-x7k2p" };
	struct model *model = site_model(SITE_STORY);
	struct ui ui;

	spec.model = model;
	ui_open(&ui, &spec);
	golden_compare(&ui, "stop/snapshot");
	ui_press(&ui, "Tab Enter");
	cr_expect(!ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(ui_effect(&ui, EFFECT_BACK) != NULL);
	ui_close(&ui);
	model_unref(model);
}

Test(takeover, nobody_takes_what_somebody_holds)
{
	struct model *model = story_model(WATCHED);
	struct ui ui;

	open_on(&ui, SCREEN_TAKEOVER, model);
	cr_expect(ui_shows(&ui, "root@node-02 works on it, last sign of life 4 s ago"));
	ui_press(&ui, "Up Enter Tab Enter");
	cr_expect(!ui_effect(&ui, EFFECT_REQUEST));
	ui_close(&ui);
	model_unref(model);
}

Test(takeover, goes_on_without_words_once_everything_is_removed)
{
	struct model *model = story_model(LEFT);
	struct ui ui;

	open_on(&ui, SCREEN_TAKEOVER, model);
	ui_press(&ui, "Up Enter Tab Tab Tab Enter");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(ui_effect(&ui, EFFECT_REQUEST)->request.kind == REQUEST_RESUME);
	ui_close(&ui);
	model_unref(model);
}

Test(operation, facts_go_to_a_file_and_r_restores_again)
{
	struct model *model = story_model(FAILED);
	struct ui ui;

	open_on(&ui, SCREEN_OPERATION, model);
	ui_press(&ui, "w");
	cr_assert(ui_effect(&ui, EFFECT_WRITE));
	cr_expect(ui_effect(&ui, EFFECT_WRITE)->document != NULL);
	ui_press(&ui, "r");
	cr_assert(ui_effect(&ui, EFFECT_OPEN));
	cr_expect(ui_effect(&ui, EFFECT_OPEN)->screen == SCREEN_RESTORE);
	ui_close(&ui);
	model_unref(model);
}
