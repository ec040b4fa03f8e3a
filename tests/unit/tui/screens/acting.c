/* Screens that act: take, delete, restore, take over. Pictures, and what never happens by itself.
 */
#include "backend/kots/restore_plan.h"
#include "tests/support/site.h"
#include "tests/support/ui.h"
#include "tui/screens/screens.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

static const struct {
	const char *name;
	enum screen_id screen;
	const char *argument;
	enum site_case which;
	const char *keys;
	int cols, rows;
} frames[] = {
	{ "take/full", SCREEN_TAKE, "", SITE_QUIET, "", 80, 24 },
	{ "take/partial", SCREEN_TAKE, "acme-gateway", SITE_QUIET, "", 80, 24 },
	{ "take/not-now", SCREEN_TAKE, "", SITE_STORY, "", 80, 24 },
	{ "take/60x16", SCREEN_TAKE, "", SITE_QUIET, "", 60, 16 },
	{ "delete/one", SCREEN_DELETE, "instance-t8n4v", SITE_STORY, "i n s t", 80, 24 },
	{ "delete/three", SCREEN_DELETE, "instance-t8n4v instance-hq9zc acme-gateway-q4x6k",
	  SITE_STORY, "", 80, 24 },
	{ "delete/running", SCREEN_DELETE, "instance-x7k2p", SITE_STORY, "", 80, 24 },
	{ "restore/what", SCREEN_RESTORE, "instance-m4h8t", SITE_QUIET, "", 80, 24 },
	{ "restore/what-chosen", SCREEN_RESTORE, "instance-m4h8t", SITE_QUIET, "Enter", 80, 24 },
	{ "restore/what-partial", SCREEN_RESTORE, "acme-analytics-b9d4m", SITE_QUIET, "", 80, 24 },
	{ "restore/what-incomplete", SCREEN_RESTORE, "instance-k6r2w", SITE_QUIET, "", 80, 24 },
	{ "operation/running", SCREEN_OPERATION, "backup/instance-x7k2p", SITE_STORY, "", 80, 24 },
	{ "operation/running-120x36", SCREEN_OPERATION, "backup/instance-x7k2p", SITE_STORY, "",
	  120, 36 },
	{ "operation/running-60x16", SCREEN_OPERATION, "backup/instance-x7k2p", SITE_STORY, "", 60,
	  16 },
	{ "operation/nothing", SCREEN_OPERATION, "", SITE_QUIET, "", 80, 24 },
	{ "operation/completed", SCREEN_OPERATION, "backup/instance-m4h8t", SITE_STORY, "", 80,
	  24 },
	{ "operation/refused", SCREEN_OPERATION, "backup/acme-gateway-q4x6k", SITE_STORY, "", 80,
	  24 },
	{ "log/waiting", SCREEN_LOG, "BackupLog instance-k6r2w", SITE_STORY, "", 80, 24 },
	{ "help/keys", SCREEN_HELP, "snapshots", SITE_STORY, "", 80, 24 },
	{ "help/words", SCREEN_HELP, "snapshots", SITE_STORY, "Tab Tab", 80, 24 },
	{ "commands/restore", SCREEN_COMMANDS, "restore instance-m4h8t acme-analytics", SITE_STORY,
	  "", 80, 24 },
	{ "messages/none", SCREEN_MESSAGES, "", SITE_STORY, "", 80, 24 },
};

ParameterizedTestParameters(acting, looks_as_designed)
{
	static size_t rows[ARRAY_SIZE(frames)];

	for (size_t i = 0; i < ARRAY_SIZE(frames); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(frames));
}

ParameterizedTest(size_t *row, acting, looks_as_designed)
{
	struct model *model = site_model(frames[*row].which);
	struct ui_spec spec = { .screen = frames[*row].screen,
				.argument = frames[*row].argument,
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

static void open_on(struct ui *ui, enum screen_id screen, const char *argument,
		    const struct model *model)
{
	struct ui_spec spec = { .screen = screen, .argument = argument, .model = model };

	ui_open(ui, &spec);
}

Test(delete, nothing_but_the_exact_name_presses_the_button)
{
	static const char *const wrong[] = { "", "instance", "instance-t8n4V", "instance-t8n4v " };
	struct model *model = site_model(SITE_QUIET);
	struct ui ui;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		open_on(&ui, SCREEN_DELETE, "instance-t8n4v", model);
		ui_type(&ui, wrong[i]);
		ui_press(&ui, "Enter");
		cr_expect(!ui_effect(&ui, EFFECT_REQUEST), "\"%s\" and Enter", wrong[i]);
		ui_press(&ui, "Tab");
		cr_expect(!ui_effect(&ui, EFFECT_REQUEST));
		cr_expect(ui_shows(&ui, "( Delete for good )"), "\"%s\"", wrong[i]);
		ui_close(&ui);
	}
	open_on(&ui, SCREEN_DELETE, "instance-t8n4v", model);
	ui_type(&ui, "instance-t8n4v");
	cr_expect(ui_shows(&ui, "matches"));
	ui_press(&ui, "Tab Enter");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(ui_effect(&ui, EFFECT_REQUEST)->request.kind == REQUEST_DELETE);
	cr_expect(!strcmp(ui_effect(&ui, EFFECT_REQUEST)->request.name, "instance-t8n4v"));
	ui_close(&ui);
	model_unref(model);
}

Test(delete, wrong_tries_are_answered_and_close_nothing)
{
	struct model *model = site_model(SITE_QUIET);
	struct ui ui;

	open_on(&ui, SCREEN_DELETE, "instance-t8n4v", model);
	ui_type(&ui, "instance");
	for (int i = 0; i < 4; i++)
		ui_press(&ui, "Enter");
	cr_expect(ui_shows(&ui, "does not match yet"));
	ui_press(&ui, "Enter Enter");
	cr_expect(ui_shows(&ui, "it must be exactly: instance-t8n4v"));
	cr_expect(!ui_effect(&ui, EFFECT_BACK));
	ui_close(&ui);
	model_unref(model);
}

Test(delete, several_are_asked_for_one_after_the_other)
{
	struct event event = { .kind = EVENT_ACCEPTED };
	struct model *model = site_model(SITE_QUIET);
	struct ui ui;

	open_on(&ui, SCREEN_DELETE, "instance-t8n4v instance-hq9zc", model);
	ui_type(&ui, "delete 2 snapshots");
	ui_press(&ui, "Tab Enter");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(!strcmp(ui_effect(&ui, EFFECT_REQUEST)->request.name, "instance-t8n4v"),
		  "the oldest first");
	cr_expect(!ui_effect(&ui, EFFECT_BACK));
	event.ticket = ui.next_ticket;
	ui_event(&ui, &event);
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(!strcmp(ui_effect(&ui, EFFECT_REQUEST)->request.name, "instance-hq9zc"));
	cr_expect(ui_effect(&ui, EFFECT_BACK) != NULL);
	ui_close(&ui);
	model_unref(model);
}

Test(delete, of_several_those_that_must_stay_are_told_and_not_asked_for)
{
	struct model *model = site_model(SITE_STORY);
	struct ui ui;

	open_on(&ui, SCREEN_DELETE, "instance-x7k2p instance-t8n4v instance-hq9zc", model);
	cr_expect(ui_shows(&ui, "Delete 2 snapshots"));
	cr_expect(ui_shows(&ui, "1 stays: instance-x7k2p is still being taken"));
	ui_type(&ui, "delete 2 snapshots");
	ui_press(&ui, "Tab Enter");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(!strcmp(ui_effect(&ui, EFFECT_REQUEST)->request.name, "instance-t8n4v"));
	ui_close(&ui);
	model_unref(model);
}

Test(delete, as_many_as_are_marked_go_together)
{
	struct model *model = site_model_large(400);
	const struct effect *effect;
	struct ui ui;
	size_t len;

	open_on(&ui, SCREEN_SNAPSHOTS, "", model);
	ui_press(&ui, "* d");
	effect = ui_effect(&ui, EFFECT_OPEN);
	cr_assert(effect && effect->screen == SCREEN_DELETE && effect->document);
	cr_expect(document_text(effect->document, &len) && len > 400 * 10, "%zu", len);
	ui_close(&ui);
	model_unref(model);
}

Test(delete, by_age_is_a_filter_and_all_of_it_marked)
{
	struct model *model = site_model(SITE_QUIET);
	const struct effect *effect;
	const char *names;
	struct ui ui;
	size_t len;

	open_on(&ui, SCREEN_SNAPSHOTS, "", model);
	ui_press(&ui, "/");
	ui_type(&ui, "older:30d");
	ui_press(&ui, "Enter * d");
	effect = ui_effect(&ui, EFFECT_OPEN);
	cr_assert(effect && effect->screen == SCREEN_DELETE && effect->document);
	names = document_text(effect->document, &len);
	for (size_t i = 0; i < model->snapshot_count; i++) {
		const struct backup *backup = model->snapshots[i].backup;
		int64_t began = backup->started ? backup->started : backup->object.created;
		bool old = SITE_NOW - began > INT64_C(30) * 86400;

		cr_expect(old == (strstr(names, backup->object.name) != NULL), "%s",
			  backup->object.name);
	}
	ui_close(&ui);
	model_unref(model);
}

Test(take, asks_for_what_the_button_says)
{
	struct model *model = site_model(SITE_QUIET);
	struct ui ui;

	open_on(&ui, SCREEN_TAKE, "", model);
	ui_press(&ui, "Tab Tab Enter");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(!strcmp(ui_effect(&ui, EFFECT_REQUEST)->request.name, ""));
	ui_close(&ui);
	open_on(&ui, SCREEN_TAKE, "", model);
	ui_press(&ui, "Tab Space Tab Right Tab Enter");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(!strcmp(ui_effect(&ui, EFFECT_REQUEST)->request.name, "acme-gateway"));
	ui_close(&ui);
	model_unref(model);
}

Test(take, does_nothing_while_one_runs)
{
	struct model *model = site_model(SITE_STORY);
	struct ui ui;

	open_on(&ui, SCREEN_TAKE, "", model);
	ui_press(&ui, "Tab Tab Enter");
	cr_expect(!ui_effect(&ui, EFFECT_REQUEST));
	ui_close(&ui);
	model_unref(model);
}

/* What of acme-analytics is in the cluster and in the snapshot. */
static const struct plan_object objects[] = {
	{ "apps", "v1", "statefulsets", "StatefulSet", "default", "clickhouse", SITE_NOW - 900000,
	  0, true, true, false, false, 0 },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "default",
	  "data-clickhouse-0", SITE_NOW - 900000, INT64_C(65498251264), true, true, false, true,
	  0 },
	{ "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "default",
	  "data-clickhouse-2", SITE_NOW - 30000, INT64_C(2147483648), true, false, false, false,
	  0 },
	{ "", "v1", "secrets", "Secret", "default", "clickhouse-exporter-auth", SITE_NOW - 30000, 0,
	  true, false, false, false, 0 },
	{ "", "v1", "configmaps", "ConfigMap", "default", "old-settings", 0, 0, false, true, false,
	  false, 0 },
};

static const struct restore_plan *make_plan(const struct model *model)
{
	const struct snapshot *snapshot = model_snapshot_by_name(model, "instance-m4h8t");
	struct restore_facts facts = { .backup = snapshot->backup,
				       .console = model->console,
				       .app_slug = "acme-analytics",
				       .objects = objects,
				       .object_count = ARRAY_SIZE(objects),
				       .contents_known = true,
				       .now = SITE_NOW };
	const struct restore_plan *plan = NULL;
	struct error err = ERROR_INIT;

	cr_assert(!restore_plan_build(&facts, &plan, &err), "%s", err.text);
	return plan;
}

static void give_plan(struct ui *ui, const struct model *model)
{
	struct event event = { .kind = EVENT_PLAN, .ticket = ui->next_ticket };

	event.plan = make_plan(model);
	ui_event(ui, &event);
	restore_plan_unref(event.plan);
}

Test(restore, each_step_as_designed_and_nothing_before_the_slug)
{
	struct model *model = site_model(SITE_QUIET);
	struct ui ui;

	open_on(&ui, SCREEN_RESTORE, "instance-m4h8t", model);
	ui_press(&ui, "Enter Enter Enter");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(ui_effect(&ui, EFFECT_REQUEST)->request.kind == REQUEST_PLAN);
	cr_expect(!strcmp(ui_effect(&ui, EFFECT_REQUEST)->request.app, "acme-analytics"));
	golden_compare(&ui, "restore/checks-waiting");
	give_plan(&ui, model);
	golden_compare(&ui, "restore/checks");
	ui_press(&ui, "Tab Enter");
	golden_compare(&ui, "restore/consequences");
	ui_press(&ui, "Down");
	golden_compare(&ui, "restore/consequences-lost");
	ui_press(&ui, "Tab Enter");
	golden_compare(&ui, "restore/confirm");
	ui_type(&ui, "acme-anal");
	ui_press(&ui, "Enter");
	cr_expect(!ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(ui_shows(&ui, "does not match yet"));
	ui_type(&ui, "ytics");
	ui_press(&ui, "Tab Enter");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST));
	cr_expect(ui_effect(&ui, EFFECT_REQUEST)->request.kind == REQUEST_RESTORE);
	cr_expect(ui_effect(&ui, EFFECT_REQUEST)->request.ticket == 1, "the plan that was shown");
	cr_expect(!strcmp(ui_effect(&ui, EFFECT_REQUEST)->request.text, "acme-analytics"));
	ui_close(&ui);
	model_unref(model);
}

Test(restore, esc_goes_one_step_back_and_keeps_what_was_chosen)
{
	struct model *model = site_model(SITE_QUIET);
	struct ui ui;

	open_on(&ui, SCREEN_RESTORE, "instance-m4h8t", model);
	ui_press(&ui, "Enter Enter Enter Esc");
	cr_expect(ui_shows(&ui, "[1 What]"));
	cr_expect(ui_shows(&ui, "Acme Analytics only"));
	cr_expect(!ui_effect(&ui, EFFECT_BACK));
	ui_press(&ui, "Esc");
	cr_expect(ui_effect(&ui, EFFECT_BACK) != NULL);
	ui_close(&ui);
	model_unref(model);
}

Test(restore, a_plan_that_failed_says_why_and_goes_no_further)
{
	struct event event = { .kind = EVENT_FAILED };
	struct model *model = site_model(SITE_QUIET);
	struct ui ui;

	open_on(&ui, SCREEN_RESTORE, "instance-m4h8t", model);
	ui_press(&ui, "Enter Enter Enter");
	event.ticket = ui.next_ticket;
	error_set(&event.err, STATUS_REFUSED, "the application is not in the snapshot");
	ui_event(&ui, &event);
	cr_expect(ui_shows(&ui, "( Continue )  not possible: the application is not in"));
	ui_press(&ui, "Tab Enter");
	cr_expect(!ui_shows(&ui, "[3 Consequences]"));
	ui_close(&ui);
	model_unref(model);
}

Test(restore, what_is_asked_for_is_what_was_chosen)
{
	static const struct {
		const char *backup, *keys, *app, *what;
	} rows[] = { { "instance-m4h8t", "Up Enter Enter Enter", "", "all" },
		     { "instance-m4h8t", "Down Down Enter Enter Enter", "", "console" },
		     { "instance-m4h8t", "Enter Enter Enter", "acme-analytics", "" },
		     /* Only one thing is possible: it is chosen. */
		     { "acme-analytics-b9d4m", "Enter Enter", "acme-analytics", "" } };
	struct model *model = site_model(SITE_QUIET);
	struct ui ui;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		open_on(&ui, SCREEN_RESTORE, rows[i].backup, model);
		ui_press(&ui, rows[i].keys);
		cr_assert(ui_effect(&ui, EFFECT_REQUEST), "row %zu", i);
		cr_expect_str_eq(ui_effect(&ui, EFFECT_REQUEST)->request.app, rows[i].app);
		cr_expect_str_eq(ui_effect(&ui, EFFECT_REQUEST)->request.what, rows[i].what);
		ui_close(&ui);
	}
	model_unref(model);
}

Test(log, opens_at_its_first_error_and_is_written_whole)
{
	static const char text[] =
		"time=\"2026-11-12T01:00:04Z\" level=info msg=\"Processing item\"\n"
		"time=\"2026-11-12T01:00:05Z\" level=warning msg=\"volume is named, not found\"\n"
		"time=\"2026-11-12T01:00:09Z\" level=error msg=\"Error executing hook\" "
		"error=\"command terminated with exit code 7\"\n"
		"time=\"2026-11-12T01:00:10Z\" level=info msg=\"esc \x1b[2J here\"\n";
	struct event event = { .kind = EVENT_DOCUMENT };
	struct model *model = site_model(SITE_STORY);
	struct ui ui;

	open_on(&ui, SCREEN_LOG, "BackupLog instance-k6r2w", model);
	event.ticket = ui.next_ticket;
	event.document = document_new(mem_text(text), strlen(text));
	ui_event(&ui, &event);
	golden_compare(&ui, "log/first-error");
	ui_press(&ui, "Enter");
	golden_compare(&ui, "log/in-full");
	ui_press(&ui, "w");
	cr_assert(ui_effect(&ui, EFFECT_WRITE));
	cr_expect(ui_effect(&ui, EFFECT_WRITE)->document == event.document);
	ui_close(&ui);
	document_unref(event.document);
	model_unref(model);
}
