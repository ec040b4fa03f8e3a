/* The fixed places around every screen. */
#include "tests/unit/tui/app/desk.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static const struct {
	const char *name;
	enum site_case which;
	int cols, rows;
	const char *keys;
} frames[] = {
	{ "app/first-frame", SITE_CONNECTING, 80, 24, "" },
	{ "app/snapshots", SITE_STORY, 80, 24, "2" },
	{ "app/snapshots-60x16", SITE_STORY, 60, 16, "2" },
	{ "app/snapshots-120x36", SITE_STORY, 120, 36, "2" },
	{ "app/stale", SITE_STALE, 80, 24, "2" },
	{ "app/read-only", SITE_READ_ONLY, 80, 24, "2" },
	{ "app/too-small", SITE_STORY, 52, 12, "" },
	{ "app/very-small", SITE_STORY, 20, 10, "" },
	{ "app/help", SITE_STORY, 80, 24, "2 ?" },
	{ "app/refused-key", SITE_STALE, 80, 24, "2 d" },
	{ "app/delete-over-list", SITE_STORY, 80, 24, "2 Down Down Down d" },
};

ParameterizedTestParameters(app_frame, looks_as_designed)
{
	static size_t rows[ARRAY_SIZE(frames)];

	for (size_t i = 0; i < ARRAY_SIZE(frames); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(frames));
}

ParameterizedTest(size_t *row, app_frame, looks_as_designed)
{
	struct desk desk;

	desk_open(&desk, frames[*row].which, frames[*row].cols, frames[*row].rows);
	desk_press(&desk, frames[*row].keys);
	desk_compare(&desk, frames[*row].name);
	desk_close(&desk);
}

Test(app_frame, nothing_but_rules_stands_in_the_last_column)
{
	static const char *const tabs[] = { "1", "2", "3", "4", "5", "6" };
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	for (size_t i = 0; i < ARRAY_SIZE(tabs); i++) {
		const struct canvas *canvas;

		desk_press(&desk, tabs[i]);
		canvas = app_draw(desk.app, &desk.time);
		for (int y = 0; y < canvas->rows; y++) {
			const struct cell *cell = &canvas->cells[y * 80 + 79];

			cr_assert(cell->text[0] == ' ' || cell->role == ROLE_BORDER,
				  "tab %s, line %d: %s", tabs[i], y, cell->text);
		}
	}
	desk_close(&desk);
}

Test(app_frame, practice_and_unchecked_tls_stand_in_the_header)
{
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	desk.model->link.practice = true;
	cr_expect(desk_shows(&desk, "PRACTICE CLUSTER, nothing here is real"));
	desk.model->link.insecure = true;
	cr_expect(desk_shows(&desk, "TLS NOT CHECKED PRACTICE"));
	desk_close(&desk);
}

Test(app_frame, no_answer_ticks_with_the_clock)
{
	struct desk desk;

	desk_open(&desk, SITE_STALE, 80, 24);
	cr_expect(desk_shows(&desk, "no answer for 40 s"));
	cr_expect(desk_shows(&desk, "Next try in 8 s, Ctrl-R now."));
	desk.time.now += 5;
	cr_expect(desk_shows(&desk, "no answer for 45 s"));
	cr_expect(desk_shows(&desk, "Next try in 3 s, Ctrl-R now."));
	desk_close(&desk);
}

Test(app_frame, survives_every_size)
{
	struct desk desk;

	desk_open(&desk, SITE_STORY, 80, 24);
	for (int cols = 1; cols < 140; cols += 3) {
		for (int rows = 1; rows < 40; rows += 2) {
			app_resize(desk.app, cols, rows);
			desk_press(&desk, "2 ? Esc 1");
		}
	}
	desk_close(&desk);
}

/* The line below cuts a long reason: the messages keep it whole. */
Test(app_frame, why_a_connection_was_lost_is_kept_whole)
{
	struct desk desk;
	struct model *stale = site_model(SITE_STALE);

	desk_open(&desk, SITE_STORY, 120, 36);
	error_set(&stale->link.why, STATUS_UNREACHABLE,
		  "list backups in velero: https://10.0.4.11:6443: no route");
	error_hint(&stale->link.why, "check the network");
	app_take_model(desk.app, stale, &desk.time);
	app_take_model(desk.app, stale, &desk.time);
	desk_press(&desk, "m");
	cr_expect(desk_shows(
		&desk, "list backups in velero: https://10.0.4.11:6443: no route. Next: check"));
	app_take_model(desk.app, desk.model, &desk.time);
	cr_expect(desk_shows(&desk, "The cluster answers again."));
	model_unref(stale);
	desk_close(&desk);
}

/* 403 on one of the lists: the cluster is live, what stands on the screen is not. */
Test(app_frame, a_list_that_is_old_is_named_with_its_age)
{
	struct desk desk;
	struct collection_state *state;

	desk_open(&desk, SITE_QUIET, 80, 24);
	desk_press(&desk, "2");
	state = &desk.model->state[COLLECTION_BACKUPS];
	state->reading = READ_FORBIDDEN;
	state->as_of = SITE_NOW - 4;
	error_set(&state->why, STATUS_FORBIDDEN, "list backups in velero: not permitted");
	cr_expect(desk_shows(&desk, "live"), "a watch that opens anew is no news");
	state->as_of = SITE_NOW - 180;
	cr_expect(desk_shows(&desk, "snapshots 3 min old"));
	cr_expect_not(desk_shows(&desk, "live"));
	cr_expect(desk_shows(&desk, "42 \u00b7 as of 02:11:31"));
	cr_expect(desk_shows(&desk, "snapshots are as of 02:11:31: list backups in velero: not"));
	desk.model->state[COLLECTION_RESTORES].reading = READ_STALE;
	desk.model->state[COLLECTION_RESTORES].as_of = SITE_NOW - 400;
	error_set(&desk.model->state[COLLECTION_RESTORES].why, STATUS_TIMEOUT,
		  "watch restores in velero: no answer");
	cr_expect(desk_shows(&desk, "2 lists 6 min old"));
	desk_compare(&desk, "app/old-list");
	desk_close(&desk);
}
