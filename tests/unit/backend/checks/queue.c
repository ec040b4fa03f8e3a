/* Velero 1.18.3's queue was seen to stand still, after a refused backup, until the server was
 * restarted. */
#include "backend/checks/check.h"
#include "tests/support/site.h"

#include <criterion/criterion.h>
#include <string.h>

static void story_waits(int64_t seconds, const char *phase, enum verdict want)
{
	struct model *model = site_model(SITE_STORY);
	struct check_results results;
	bool told = false;

	for (size_t i = 0; i < model->snapshot_count; i++) {
		struct backup *backup = (struct backup *)model->snapshots[i].backup;

		if (phase_is_final(PHASE_BACKUP, backup->phase))
			continue;
		backup->phase = phase;
		backup->started = 0;
		backup->object.created = SITE_NOW - seconds;
	}
	checks_site(model, SITE_NOW, &results);
	for (size_t i = 0; i < results.count; i++) {
		if (strcmp(results.rows[i].rule, "running-too-long") != 0)
			continue;
		told = true;
		cr_assert_eq(results.rows[i].verdict, want, "%s", results.rows[i].seen);
	}
	cr_assert(told);
	check_results_done(&results);
	model_unref(model);
}

Test(checks, a_snapshot_that_waits_behind_nothing_is_told)
{
	story_waits(600, "Queued", VERDICT_WARNING);
	story_waits(60, "Queued", VERDICT_PASSED);
	story_waits(600, "InProgress", VERDICT_PASSED);
}
