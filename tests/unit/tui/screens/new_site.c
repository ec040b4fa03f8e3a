/* A cluster without snapshots: how those of another one come here. */
#include "backend/velero/location.h"
#include "tests/support/site.h"
#include "tests/support/ui.h"

#include <criterion/criterion.h>
#include <string.h>

enum change { AS_IT_IS, NEVER_SYNCED, NO_LOCATION, NO_VELERO, CHANGES };

static const struct {
	const char *shows, *shows_too;
} rows[CHANGES] = {
	[AS_IT_IS] = { "Velero found nothing there", "10.96.2.5 here; it must be the old one's" },
	[NEVER_SYNCED] = { "synced never: usually within 2 min", "the old cluster's?" },
	[NO_LOCATION] = { "none yet: kubectl kots velero configure-", "follows by itself" },
	[NO_VELERO] = { "not installed", "full ones restore (r)" },
};

static void change(struct model *model, enum change what)
{
	struct location *location =
		(struct location *)list_by_name(model->lists[COLLECTION_LOCATIONS], "default");
	struct console *console = (struct console *)model->console;

	switch (what) {
	case NEVER_SYNCED:
		location->last_synced = 0;
		break;
	case NO_LOCATION:
		location->object.name = "another";
		break;
	case NO_VELERO:
		console->velero_absent = true;
		break;
	case AS_IT_IS:
	case CHANGES:
		break;
	}
}

Test(new_site, what_is_needed_is_named_found_or_not)
{
	for (int i = 0; i < CHANGES; i++) {
		struct model *model = site_model(SITE_EMPTY);
		struct ui_spec spec = { .screen = SCREEN_SNAPSHOTS, .model = model };
		struct ui ui;

		change(model, (enum change)i);
		ui_open(&ui, &spec);
		cr_expect(ui_shows(&ui, "To restore what another cluster took"), "row %d", i);
		cr_expect(ui_shows(&ui, rows[i].shows), "row %d", i);
		cr_expect(ui_shows(&ui, rows[i].shows_too), "row %d", i);
		ui_close(&ui);
		model_unref(model);
	}
}

Test(new_site, is_not_shown_beside_snapshots)
{
	struct model *model = site_model(SITE_QUIET);
	struct ui_spec spec = { .screen = SCREEN_SNAPSHOTS, .model = model };
	struct ui ui;

	ui_open(&ui, &spec);
	cr_expect(!ui_shows(&ui, "To restore what another cluster took"));
	ui_close(&ui);
	model_unref(model);
}
