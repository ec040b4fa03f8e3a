/* What a person reads about snapshots being taken and deleted, and what is refused beforehand. */
#include "backend/ops/backup_view.h"
#include "backend/ops/delete_view.h"
#include "tests/support/site.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#define NOW SITE_NOW

/* ---- taking ---- */

static const struct {
	const char *phase;
	size_t step;		  /* the one that runs or failed */
	enum op_step_state state; /* of that step */
	enum backup_fate fate;
	enum op_state end;
	const char *words; /* in the verdict, or in the step's detail while it runs */
} take_cases[] = {
	{ "", 0, OP_STEP_RUNNING, BACKUP_GOES_ON, OP_RUNNING, "not picked it up" },
	{ "New", 0, OP_STEP_RUNNING, BACKUP_GOES_ON, OP_RUNNING, "not picked it up" },
	{ "Queued", 0, OP_STEP_RUNNING, BACKUP_GOES_ON, OP_RUNNING, "place 2 in the queue" },
	{ "ReadyToStart", 0, OP_STEP_RUNNING, BACKUP_GOES_ON, OP_RUNNING, "starting" },
	{ "InProgress", 1, OP_STEP_RUNNING, BACKUP_GOES_ON, OP_RUNNING, "10 of about 20 objects" },
	{ "WaitingForPluginOperations", 1, OP_STEP_RUNNING, BACKUP_GOES_ON, OP_RUNNING,
	  "plug-ins" },
	{ "Finalizing", 2, OP_STEP_RUNNING, BACKUP_GOES_ON, OP_RUNNING, "log, lists" },
	{ "FinalizingPartiallyFailed", 2, OP_STEP_RUNNING, BACKUP_GOES_ON, OP_RUNNING,
	  "errors so far" },
	{ "PhaseOfTomorrow", 1, OP_STEP_RUNNING, BACKUP_GOES_ON, OP_RUNNING, "10 of about" },
	{ "Completed", 2, OP_STEP_DONE, BACKUP_WELL, OP_DONE, "is complete" },
	{ "PartiallyFailed", 1, OP_STEP_FAILED, BACKUP_ENDED_BADLY, OP_FAILED,
	  "is incomplete: 3 errors" },
	{ "Failed", 1, OP_STEP_FAILED, BACKUP_ENDED_BADLY, OP_FAILED, "failed." },
	{ "FailedValidation", 0, OP_STEP_FAILED, BACKUP_ENDED_BADLY, OP_FAILED,
	  "nothing was stored" },
};

static struct backup some_backup(const char *phase)
{
	return (struct backup){ .object = { .name = "instance-x" },
				.phase = phase,
				.failure_reason = "",
				.validation_error = "",
				.queue_position = !strcmp(phase, "Queued") ? 2 : 0,
				.errors = !strcmp(phase, "PartiallyFailed") ? 3 : 0,
				.started = NOW - 600,
				.completed = NOW,
				.items_done = 10,
				.items_total = 20 };
}

ParameterizedTestParameters(backup_view, every_phase_stands_at_its_step)
{
	static size_t rows[ARRAY_SIZE(take_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, backup_view, every_phase_stands_at_its_step)
{
	struct backup backup = some_backup(take_cases[*row].phase);
	struct snapshot snapshot = {
		.backup = &backup, .phase = backup.phase, .parts = 1, .parts_expected = 1
	};
	struct backup_facts facts = { .id = "1",
				      .owner = "me",
				      .app_slug = "",
				      .app_title = "",
				      .name = "instance-x",
				      .words = "",
				      .snapshot = &snapshot,
				      .asked = NOW - 610,
				      .moved = NOW,
				      .now = NOW };
	enum backup_fate fate;
	const struct op_view *view = backup_view(&facts, &fate);
	size_t step = take_cases[*row].step;

	cr_assert_eq(fate, take_cases[*row].fate);
	cr_assert_eq(view->state, take_cases[*row].end);
	cr_assert_eq(view->steps[step].state, take_cases[*row].state);
	cr_assert(strstr(fate == BACKUP_GOES_ON ? view->steps[step].detail : view->verdict,
			 take_cases[*row].words),
		  "%s / %s", view->steps[step].detail, view->verdict);
	op_view_unref(view);
}

static const struct {
	const char *phase;
	int64_t still_s;
	const char *words; /* "" = no warning */
} still_cases[] = {
	{ "InProgress", BACKUP_STILL_S - 1, "" },
	{ "InProgress", BACKUP_STILL_S, "nothing moved for 3 min" },
	{ "Queued", 9000, "" },
	{ "", 9000, "" },
	{ "ReadyToStart", BACKUP_STUCK_S, "restart Velero" },
	{ "Finalizing", 600, "nothing moved for 10 min" },
};

ParameterizedTestParameters(backup_view, a_stall_is_said_but_waiting_for_a_turn_is_none)
{
	static size_t rows[ARRAY_SIZE(still_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, backup_view, a_stall_is_said_but_waiting_for_a_turn_is_none)
{
	struct backup backup = some_backup(still_cases[*row].phase);
	struct snapshot snapshot = { .backup = &backup, .phase = backup.phase };
	struct backup_facts facts = { .id = "1",
				      .owner = "me",
				      .app_slug = "",
				      .app_title = "",
				      .name = "instance-x",
				      .words = "",
				      .snapshot = &snapshot,
				      .moved = NOW - still_cases[*row].still_s,
				      .now = NOW };
	enum backup_fate fate;
	const struct op_view *view = backup_view(&facts, &fate);
	bool warned = false;

	for (size_t i = 0; i < view->step_count; i++) {
		if (view->steps[i].state != OP_STEP_WARNING)
			continue;
		warned = true;
		cr_assert(strstr(view->steps[i].detail, still_cases[*row].words), "%s",
			  view->steps[i].detail);
	}
	cr_assert_eq(warned, *still_cases[*row].words != '\0');
	op_view_unref(view);
}

/* It ran and ended well, but not as it was asked for: that is no plain success. */
Test(backup_view, what_velero_does_not_know_is_a_warning)
{
	static const char *const phases[] = { "InProgress", "Completed" };

	for (size_t i = 0; i < ARRAY_SIZE(phases); i++) {
		struct backup backup = some_backup(phases[i]);
		struct snapshot snapshot = { .backup = &backup, .phase = backup.phase };
		struct backup_facts facts = { .id = "1",
					      .owner = "me",
					      .app_slug = "",
					      .app_title = "",
					      .name = "instance-x",
					      .words = "",
					      .dropped = "spec.hooks",
					      .snapshot = &snapshot,
					      .moved = NOW,
					      .now = NOW };
		enum backup_fate fate;
		const struct op_view *view = backup_view(&facts, &fate);

		cr_expect_eq(view->steps[0].state, OP_STEP_WARNING);
		cr_expect(strstr(view->steps[0].detail, "does not know spec.hooks"), "%s",
			  view->steps[0].detail);
		cr_expect_eq(view->state, i ? OP_WARNINGS : OP_RUNNING);
		cr_expect(!i || strstr(view->why, "spec.hooks"), "%s", view->why);
		op_view_unref(view);
	}
}

Test(backup_view, one_that_vanishes_is_no_success)
{
	struct backup_facts facts = { .id = "1",
				      .owner = "me",
				      .app_slug = "",
				      .app_title = "",
				      .name = "instance-x",
				      .words = "",
				      .gone = true,
				      .now = NOW };
	enum backup_fate fate;
	const struct op_view *view = backup_view(&facts, &fate);

	cr_assert_eq(fate, BACKUP_ENDED_BADLY);
	cr_assert_eq(view->state, OP_FAILED);
	cr_assert(strstr(view->verdict, "deleted while it was being taken"));
	op_view_unref(view);
}

static const struct {
	enum site_case site;
	const char *slug;
	enum status want;
} take_checks[] = {
	{ SITE_STORY, "", STATUS_REFUSED },
	{ SITE_STORY, "acme-analytics", STATUS_OK }, /* kinds do not block each other (7.4) */
	{ SITE_QUIET, "", STATUS_OK },
	{ SITE_CONNECTING, "", STATUS_REFUSED },
	{ SITE_FORBIDDEN, "", STATUS_OK }, /* who may not list them may still take one */
};

ParameterizedTestParameters(backup_check, one_snapshot_of_a_kind_at_a_time)
{
	static size_t rows[ARRAY_SIZE(take_checks)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, backup_check, one_snapshot_of_a_kind_at_a_time)
{
	struct model *model = site_model(take_checks[*row].site);
	struct error err = ERROR_INIT;

	cr_assert_eq(backup_check(model, take_checks[*row].slug, &err), take_checks[*row].want,
		     "%s", err.text);
	model_unref(model);
}

/* ---- deleting ---- */

static struct delete_facts delete_facts(const struct delete_request *request)
{
	return (struct delete_facts){ .id = "1",
				      .owner = "me",
				      .backup = "instance-x",
				      .request = "instance-x-abcde",
				      .words = "",
				      .deletion = request,
				      .backup_there = true,
				      .asked = NOW - 600,
				      .accepted = NOW - 600,
				      .picked_up = NOW - 500,
				      .now = NOW };
}

static enum delete_fate fate_of(const struct delete_facts *facts, const char *words)
{
	enum delete_fate fate;
	const struct op_view *view = delete_view(facts, &fate);

	cr_assert(strstr(view->verdict, words), "%s", view->verdict);
	op_view_unref(view);
	return fate;
}

Test(delete_view, gone_is_the_one_sign_of_success)
{
	struct delete_request request = { .backup = "instance-x",
					  .phase = "Processed",
					  .error = "" };
	struct delete_facts facts = delete_facts(&request);

	cr_assert_eq(fate_of(&facts, ""), DELETE_GOES_ON);
	facts.backup_there = false;
	cr_assert_eq(fate_of(&facts, "is gone"), DELETE_WELL);
	facts.deletion = NULL;
	cr_assert_eq(fate_of(&facts, "is gone"), DELETE_WELL);
}

Test(delete_view, a_request_processed_with_errors_is_a_failure)
{
	struct delete_request request = { .backup = "instance-x",
					  .phase = "Processed",
					  .error = "location is currently in read-only mode",
					  .error_count = 1 };
	struct delete_facts facts = delete_facts(&request);

	cr_assert_eq(fate_of(&facts, "with 1 error"), DELETE_ENDED_BADLY);
}

/* Words of Velero 1.16.2 and 1.18.3, which puts some in front (fixtures/velero/FINDINGS.md, 3.3),
 * and what helps. */
static const struct {
	const char *error, *next;
} refusals[] = {
	{ "backup is still in progress", "Wait until the snapshot has ended" },
	{ "backup deletion failed: backup is still in progress",
	  "Wait until the snapshot has ended" },
	{ "backup storage location  not found", "Velero knows no such destination" },
	{ "cannot delete backup because backup storage location default is currently in read-only "
	  "mode",
	  "Make the destination writable" },
	{ "cannot delete backup because backup storage location default is currently in "
	  "Unavailable state",
	  "Make the destination available" },
	{ "error deleting restore context deadline exceeded", "Delete it again" },
};

Test(delete_view, a_refusal_of_velero_has_its_words_and_what_helps)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct delete_request request = { .backup = "instance-x",
						  .phase = "Processed",
						  .error = refusals[i].error,
						  .error_count = 1 };
		struct delete_facts facts = delete_facts(&request);
		enum delete_fate fate;
		const struct op_view *view = delete_view(&facts, &fate);

		cr_expect_eq(fate, DELETE_ENDED_BADLY, "row %zu", i);
		cr_expect_str_eq(view->why, refusals[i].error);
		cr_expect(strstr(view->next, refusals[i].next), "row %zu: %s", i, view->next);
		op_view_unref(view);
	}
}

Test(delete_view, a_request_that_outlived_its_velero_is_dead)
{
	struct delete_request request = { .backup = "instance-x",
					  .phase = "InProgress",
					  .error = "" };
	struct delete_facts facts = delete_facts(&request);

	facts.velero_began = NOW - 501;
	cr_assert_eq(fate_of(&facts, ""), DELETE_GOES_ON);
	facts.velero_began = NOW - 499;
	cr_assert_eq(fate_of(&facts, "restarted"), DELETE_ENDED_BADLY);
}

Test(delete_view, a_request_that_vanished_without_the_snapshot_is_no_success)
{
	struct delete_facts facts = delete_facts(NULL);

	facts.request_gone = true;
	cr_assert_eq(fate_of(&facts, "vanished"), DELETE_ENDED_BADLY);
}

static const struct {
	const char *name;
	enum status want;
} delete_checks[] = {
	{ "instance-m4h8t", STATUS_OK },
	{ "instance-k6r2w", STATUS_OK },
	{ "instance-x7k2p", STATUS_REFUSED }, /* runs */
	{ "instance-none", STATUS_NOT_FOUND },
};

ParameterizedTestParameters(delete_check, what_runs_is_not_deleted)
{
	static size_t rows[ARRAY_SIZE(delete_checks)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, delete_check, what_runs_is_not_deleted)
{
	struct model *model = site_model(SITE_STORY);
	struct error err = ERROR_INIT;

	cr_assert_eq(delete_check(model, delete_checks[*row].name, NOW, &err),
		     delete_checks[*row].want, "%s", err.text);
	model_unref(model);
}

Test(delete_check, not_under_a_restore_that_stands_on_it)
{
	struct model *model = site_model(SITE_QUIET);
	struct op_view *view = op_view_new();
	struct error err = ERROR_INIT;

	view->kind = OP_RESTORE;
	view->state = OP_RUNNING;
	view->backup = "instance-m4h8t";
	view->restore = "instance-m4h8t.acme-analytics";
	model->ops = realloc(model->ops, (model->op_count + 1) * sizeof(*model->ops));
	model->ops[model->op_count++] = view;
	cr_assert_eq(delete_check(model, "instance-m4h8t", NOW, &err), STATUS_REFUSED);
	cr_assert(strstr(err.text, "instance-m4h8t.acme-analytics"));
	cr_assert_eq(delete_check(model, "instance-hq9zc", NOW, &err), STATUS_OK);
	model_unref(model);
}

/* The new one failed because its name was taken; its deletion would remove the files of the older
 * one (spec/velero-api.md 12, item 12). Both Veleros' words. */
Test(delete_check, a_failed_one_whose_name_was_taken_is_never_deleted)
{
	static const char *const reasons[] = {
		"backup already exists in object storage",
		"backup execution failed: backup already exists in object storage",
	};

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		struct strbuf json = STRBUF_INIT;
		struct error err = ERROR_INIT;
		struct model *model;

		strbuf_addf(&json,
			    "[{'metadata':{'name':'taken','uid':'uid-taken'},'status':{'phase':"
			    "'Failed','failureReason':'%s'}}]",
			    reasons[i]);
		model = site_model_with(SITE_QUIET, json.buf);
		cr_expect_eq(delete_check(model, "taken", NOW, &err), STATUS_REFUSED);
		cr_expect(strstr(err.text, "delete the files of the older one"), "%s", err.text);
		model_unref(model);
		strbuf_done(&json);
	}
}
