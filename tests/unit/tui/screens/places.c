/* The six places and the snapshot as a person sees them, in each state: pictures in tests/golden.
 */
#include "tests/support/site.h"
#include "tests/support/ui.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>

static const struct picture {
	const char *name;
	enum screen_id screen;
	enum site_case site;
	int cols, rows;
	const char *argument, *keys;
	bool ascii;
} pictures[] = {
	{ "overview/story", SCREEN_OVERVIEW, SITE_STORY, 80, 24, "", "", false },
	{ "overview/quiet", SCREEN_OVERVIEW, SITE_QUIET, 80, 24, "", "", false },
	{ "overview/connecting", SCREEN_OVERVIEW, SITE_CONNECTING, 80, 24, "", "", false },
	{ "overview/reading", SCREEN_OVERVIEW, SITE_READING, 80, 24, "", "", false },
	{ "overview/empty", SCREEN_OVERVIEW, SITE_EMPTY, 80, 24, "", "", false },
	{ "overview/stale", SCREEN_OVERVIEW, SITE_STALE, 80, 24, "", "", false },
	{ "overview/forbidden", SCREEN_OVERVIEW, SITE_FORBIDDEN, 80, 24, "", "", false },
	{ "overview/no-velero", SCREEN_OVERVIEW, SITE_ABSENT, 80, 24, "", "", false },
	{ "overview/console-down", SCREEN_OVERVIEW, SITE_CONSOLE_DOWN, 80, 24, "", "", false },
	{ "overview/120x36", SCREEN_OVERVIEW, SITE_STORY, 120, 36, "", "", false },
	{ "overview/60x16", SCREEN_OVERVIEW, SITE_STORY, 60, 16, "", "", false },
	{ "overview/200x60", SCREEN_OVERVIEW, SITE_STORY, 200, 60, "", "", false },
	{ "snapshots/story", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "Down Down", false },
	{ "snapshots/running", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "", false },
	{ "snapshots/refused", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "] ", false },
	{ "snapshots/incomplete", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "] ] ]", false },
	{ "snapshots/other", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "f f f", false },
	{ "snapshots/partial", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "f f", false },
	{ "snapshots/expired", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "G", false },
	{ "snapshots/by-size", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "s", false },
	{ "snapshots/one-app", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "a a", false },
	{ "snapshots/marked", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "Down Space Space", true },
	{ "snapshots/typing", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "/ k 6 r", false },
	{ "snapshots/filtered", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "/ a c m e Enter",
	  false },
	{ "snapshots/filtered-empty", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "/ f o o Enter",
	  false },
	{ "snapshots/wrong-filter", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "",
	  "/ s t t u s : x Enter", false },
	{ "snapshots/connecting", SCREEN_SNAPSHOTS, SITE_CONNECTING, 80, 24, "", "", false },
	{ "snapshots/reading", SCREEN_SNAPSHOTS, SITE_READING, 80, 24, "", "", false },
	{ "snapshots/empty", SCREEN_SNAPSHOTS, SITE_EMPTY, 80, 24, "", "", false },
	{ "snapshots/stale", SCREEN_SNAPSHOTS, SITE_STALE, 80, 24, "", "", false },
	{ "snapshots/forbidden", SCREEN_SNAPSHOTS, SITE_FORBIDDEN, 80, 24, "", "", false },
	{ "snapshots/no-velero", SCREEN_SNAPSHOTS, SITE_ABSENT, 80, 24, "", "", false },
	{ "snapshots/hostile", SCREEN_SNAPSHOTS, SITE_HOSTILE, 80, 24, "", "f f f", false },
	{ "snapshots/120x36", SCREEN_SNAPSHOTS, SITE_STORY, 120, 36, "", "Down Down", false },
	{ "snapshots/60x16", SCREEN_SNAPSHOTS, SITE_STORY, 60, 16, "", "Down Down", false },
	{ "snapshots/200x60", SCREEN_SNAPSHOTS, SITE_STORY, 200, 60, "", "Down Down", false },
	{ "snapshots/ascii", SCREEN_SNAPSHOTS, SITE_STORY, 80, 24, "", "Down Down", true },
	{ "snapshot/summary", SCREEN_SNAPSHOT, SITE_STORY, 80, 24, "instance-m4h8t", "", false },
	{ "snapshot/incomplete", SCREEN_SNAPSHOT, SITE_STORY, 80, 24, "instance-k6r2w", "", false },
	{ "snapshot/refused", SCREEN_SNAPSHOT, SITE_STORY, 80, 24, "acme-gateway-q4x6k", "",
	  false },
	{ "snapshot/running", SCREEN_SNAPSHOT, SITE_STORY, 80, 24, "instance-x7k2p", "", false },
	{ "snapshot/not-deleted", SCREEN_SNAPSHOT, SITE_STORY, 80, 24, "instance-c7m2q", "",
	  false },
	{ "snapshot/volumes", SCREEN_SNAPSHOT, SITE_STORY, 80, 24, "instance-m4h8t", "Tab Down",
	  false },
	{ "snapshot/asking", SCREEN_SNAPSHOT, SITE_STORY, 80, 24, "instance-m4h8t", "Tab Tab",
	  false },
	{ "snapshot/log", SCREEN_SNAPSHOT, SITE_STORY, 80, 24, "instance-m4h8t", "Tab Tab Tab",
	  false },
	{ "snapshot/restores", SCREEN_SNAPSHOT, SITE_STORY, 80, 24, "instance-m4h8t",
	  "Tab Tab Tab Tab", false },
	{ "snapshot/hostile", SCREEN_SNAPSHOT, SITE_HOSTILE, 80, 24,
	  "a-name-as-long-as-kubernetes-lets-it-be-and-it-lets-it-be-"
	  "very-long-indeed-so-long-that-no-column-holds-it",
	  "", false },
	{ "snapshot/120x36", SCREEN_SNAPSHOT, SITE_STORY, 120, 36, "instance-k6r2w", "", false },
	{ "snapshot/60x16", SCREEN_SNAPSHOT, SITE_STORY, 60, 16, "instance-k6r2w", "", false },
	{ "snapshot/none", SCREEN_SNAPSHOT, SITE_EMPTY, 80, 24, "instance-m4h8t", "", false },
	{ "activity/story", SCREEN_ACTIVITY, SITE_STORY, 80, 24, "", "", false },
	{ "activity/restore", SCREEN_ACTIVITY, SITE_STORY, 80, 24, "", "f f Down Down", false },
	{ "activity/deletions", SCREEN_ACTIVITY, SITE_STORY, 80, 24, "", "f f f Down", false },
	{ "activity/empty", SCREEN_ACTIVITY, SITE_EMPTY, 80, 24, "", "", false },
	{ "activity/connecting", SCREEN_ACTIVITY, SITE_CONNECTING, 80, 24, "", "", false },
	{ "activity/stale", SCREEN_ACTIVITY, SITE_STALE, 80, 24, "", "", false },
	{ "activity/120x36", SCREEN_ACTIVITY, SITE_STORY, 120, 36, "", "", false },
	{ "destination/story", SCREEN_DESTINATION, SITE_STORY, 80, 24, "", "", false },
	{ "destination/connecting", SCREEN_DESTINATION, SITE_CONNECTING, 80, 24, "", "", false },
	{ "destination/forbidden", SCREEN_DESTINATION, SITE_FORBIDDEN, 80, 24, "", "", false },
	{ "destination/60x16", SCREEN_DESTINATION, SITE_STORY, 60, 16, "", "", false },
	{ "destination/120x36", SCREEN_DESTINATION, SITE_STORY, 120, 36, "", "", false },
	{ "schedules/story", SCREEN_SCHEDULES, SITE_STORY, 80, 24, "", "", false },
	{ "schedules/off", SCREEN_SCHEDULES, SITE_STORY, 80, 24, "", "G", false },
	{ "schedules/none", SCREEN_SCHEDULES, SITE_EMPTY, 80, 24, "", "", false },
	{ "schedules/console-down", SCREEN_SCHEDULES, SITE_CONSOLE_DOWN, 80, 24, "", "", false },
	{ "schedules/connecting", SCREEN_SCHEDULES, SITE_CONNECTING, 80, 24, "", "", false },
	{ "schedules/60x16", SCREEN_SCHEDULES, SITE_STORY, 60, 16, "", "", false },
	{ "doctor/story", SCREEN_DOCTOR, SITE_STORY, 80, 24, "", "", false },
	{ "doctor/problems", SCREEN_DOCTOR, SITE_STORY, 80, 24, "", "f Down", false },
	{ "doctor/connecting", SCREEN_DOCTOR, SITE_CONNECTING, 80, 24, "", "", false },
	{ "doctor/no-velero", SCREEN_DOCTOR, SITE_ABSENT, 80, 24, "", "", false },
	{ "doctor/whole", SCREEN_DOCTOR, SITE_STORY, 80, 24, "", "Enter", false },
	{ "doctor/120x36", SCREEN_DOCTOR, SITE_STORY, 120, 36, "", "", false },
};

ParameterizedTestParameters(places, every_place_in_every_state_reads_as_its_picture)
{
	static int indexes[ARRAY_SIZE(pictures)];
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(pictures); i++)
		indexes[i] = i;
	return cr_make_param_array(int, indexes, ARRAY_SIZE(pictures));
}

ParameterizedTest(int *index, places, every_place_in_every_state_reads_as_its_picture)
{
	const struct picture *picture = &pictures[*index];
	struct model *model = site_model(picture->site);
	struct ui ui;

	ui_open(&ui, &(struct ui_spec){ .screen = picture->screen,
					.argument = picture->argument,
					.model = model,
					.cols = picture->cols,
					.rows = picture->rows,
					.ascii = picture->ascii });
	ui_press(&ui, picture->keys);
	golden_compare(&ui, picture->name);
	ui_close(&ui);
	model_unref(model);
}
