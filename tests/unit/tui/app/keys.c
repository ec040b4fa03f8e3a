/* What keys do before, around and instead of a screen. */
#include "tests/unit/tui/app/desk.h"

#include <criterion/criterion.h>
#include <string.h>

Test(app_keys, esc_at_a_place_does_nothing_and_q_ends)
{
	struct app_task task;
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	desk_press(&desk, "2 Esc Esc");
	cr_expect(!(desk_task(&desk, TASK_QUIT, &task)));
	cr_expect(desk_shows(&desk, "[2 Snapshots]"));
	desk_press(&desk, "q");
	cr_expect(desk_task(&desk, TASK_QUIT, &task));
	desk_close(&desk);
}

Test(app_keys, ctrl_c_ends_from_inside_a_text_field)
{
	struct app_task task;
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	desk_press(&desk, "2 Down d Ctrl-C");
	cr_expect(desk_task(&desk, TASK_QUIT, &task));
	desk_close(&desk);
}

Test(app_keys, letters_in_a_field_are_text)
{
	struct app_task task;
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	desk_press(&desk, "2 Down d q 1 t ?");
	cr_expect(!(desk_task(&desk, TASK_QUIT, &task)));
	cr_expect(desk_shows(&desk, "[q1t?"));
	cr_expect(desk_shows(&desk, "F1 help"));
	desk_close(&desk);
}

Test(app_keys, enter_typed_before_a_dialog_was_seen_presses_nothing)
{
	struct app_task task;
	struct desk desk;

	desk_open(&desk, SITE_QUIET, 80, 24);
	desk_paste(&desk, "2 t Tab Tab Enter Enter Enter");
	/* It looks at the cluster when it opens, which changes nothing. */
	while (desk_task(&desk, TASK_REQUEST, &task)) {
		cr_expect(task.request.kind == REQUEST_PREVIEW ||
			  task.request.kind == REQUEST_PROBE);
		app_task_done(&task);
	}
	cr_expect(desk_shows(&desk, "Which kind?"));
	desk_press(&desk, "Enter");
	cr_expect(desk_task(&desk, TASK_REQUEST, &task));
	cr_expect(task.request.kind == REQUEST_TAKE);
	app_task_done(&task);
	desk_close(&desk);
}

Test(app_keys, a_key_that_cannot_act_answers_with_the_reason)
{
	struct desk desk;

	desk_open(&desk, SITE_STALE, 80, 24);
	desk_press(&desk, "2 t");
	cr_expect(desk_shows(&desk, "take: not while the cluster does not answer"));
	cr_expect(!(desk_shows(&desk, "Which kind?")));
	desk_close(&desk);
	desk_open(&desk, SITE_READ_ONLY, 80, 24);
	desk_press(&desk, "2 Down d");
	cr_expect(desk_shows(&desk, "delete: started with --read-only"));
	desk_close(&desk);
}

Test(app_keys, the_number_of_the_place_one_is_in_closes_what_stands_on_it)
{
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	desk_press(&desk, "2 Down ?");
	cr_expect(desk_shows(&desk, "Help: snapshots"));
	desk_press(&desk, "2");
	cr_expect(!(desk_shows(&desk, "Help: snapshots")));
	desk_close(&desk);
}

Test(app_keys, a_screen_of_another_place_is_not_come_back_to)
{
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	desk_press(&desk, "2 o");
	cr_expect(desk_shows(&desk, "[3 Activity]"));
	desk_press(&desk, "1 2");
	cr_expect(desk_shows(&desk, "[2 Snapshots]"));
	desk_close(&desk);
}

Test(app_keys, too_small_waits_with_every_key_but_those_that_leave)
{
	struct app_task task;
	struct desk desk;

	desk_open(&desk, SITE_STORY, 52, 12);
	desk_press(&desk, "2 ? t");
	app_resize(desk.app, 80, 24);
	cr_expect(desk_shows(&desk, "[1 Overview]"));
	app_resize(desk.app, 20, 10);
	desk_press(&desk, "q");
	cr_expect(desk_task(&desk, TASK_QUIT, &task));
	desk_close(&desk);
}

Test(app_keys, many_screens_on_each_other_are_refused_not_lost)
{
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	for (int i = 0; i < 20; i++)
		desk_press(&desk, "? m v");
	for (int i = 0; i < 80; i++)
		desk_press(&desk, "Esc");
	cr_expect(desk_shows(&desk, "[1 Overview]"));
	desk_close(&desk);
}

Test(app_keys, an_answer_finds_the_screen_that_asked)
{
	struct event event = { .kind = EVENT_FAILED };
	struct app_task task;
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	desk_press(&desk, "2 Down Down L");
	cr_assert(desk_task(&desk, TASK_REQUEST, &task));
	cr_expect(!strcmp(task.request.what, "BackupLog"));
	app_gave_ticket(desk.app, &task, 7);
	app_task_done(&task);
	event.ticket = 7;
	error_set(&event.err, STATUS_TIMEOUT, "Velero gave no address within 60 s");
	app_take_event(desk.app, &event, &desk.time);
	cr_expect(desk_shows(&desk, "✗ Velero gave no address within 60 s"));
	desk_close(&desk);
}

Test(app_keys, a_closed_screen_waits_for_nothing)
{
	struct app_task task;
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	desk_press(&desk, "2 Down Down L");
	cr_assert(desk_task(&desk, TASK_REQUEST, &task));
	app_gave_ticket(desk.app, &task, 7);
	app_task_done(&task);
	desk_press(&desk, "Esc");
	cr_assert(desk_task(&desk, TASK_REQUEST, &task));
	cr_expect_eq(task.request.kind, REQUEST_FORGET);
	cr_expect_eq(task.request.ticket, 7);
	app_task_done(&task);
	desk_close(&desk);
}

Test(app_keys, what_somebody_left_unfinished_is_offered_once)
{
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	app_take_model(desk.app, desk.model, &desk.time);
	cr_expect(desk_shows(&desk, "A restore was left unfinished by root@node-02. 3 shows it."));
	desk.time.now_ms += 20000;
	app_take_model(desk.app, desk.model, &desk.time);
	cr_expect(!desk_shows(&desk, "A restore was left unfinished by"));
	desk_close(&desk);
}

Test(app_keys, a_failure_is_said_when_who_asked_is_gone)
{
	struct event event = { .kind = EVENT_FAILED, .ticket = 9 };
	struct app_task task;
	struct desk desk;

	desk_open(&desk, SITE_QUIET, 80, 24);
	desk_press(&desk, "2 t Tab Tab Enter");
	cr_assert(desk_task(&desk, TASK_REQUEST, &task));
	app_gave_ticket(desk.app, &task, 9);
	app_task_done(&task);
	error_set(&event.err, STATUS_FORBIDDEN, "Could not take a full snapshot: not permitted");
	app_take_event(desk.app, &event, &desk.time);
	desk.time.now_ms += 10000;
	cr_expect(desk_shows(&desk, "Could not take a full snapshot: not permitted"));
	desk_close(&desk);
}

Test(app_keys, every_action_of_a_screen_is_in_its_help)
{
	struct desk desk;
	size_t len;

	desk_open(&desk, SITE_STORY, 80, 200);
	desk_press(&desk, "2 ?");
	for (enum action_id id = ACT_NONE + 1; id < ACTIONS; id++) {
		if (!(action_row(id)->where & WHERE(SCREEN_SNAPSHOTS)))
			continue;
		cr_expect(desk_shows(&desk, action_row(id)->what), "%s", action_row(id)->name);
		(void)action_first_key(id, &len);
		cr_expect(len > 0);
	}
	desk_close(&desk);
}
