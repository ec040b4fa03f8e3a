#include "backend/velero/phase.h"

#include "backend/base/status.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

/* design/screens.md 5.1, spec/velero-api.md 2.2, 2.4, 2.8, 2.10, 2.13 */
static const struct {
	enum phase_kind kind;
	const char *velero, *word;
	enum health health;
	bool final, restorable;
} rows[] = {
	{ PHASE_BACKUP, "", "Waiting", HEALTH_OFF, false, false },
	{ PHASE_BACKUP, "New", "Waiting", HEALTH_OFF, false, false },
	{ PHASE_BACKUP, "Queued", "Queued", HEALTH_OFF, false, false },
	{ PHASE_BACKUP, "ReadyToStart", "Starting", HEALTH_RUNNING, false, false },
	{ PHASE_BACKUP, "FailedValidation", "Refused", HEALTH_BAD, true, false },
	{ PHASE_BACKUP, "InProgress", "Running", HEALTH_RUNNING, false, false },
	{ PHASE_BACKUP, "WaitingForPluginOperations", "Plug-ins", HEALTH_RUNNING, false, false },
	{ PHASE_BACKUP, "WaitingForPluginOperationsPartiallyFailed", "Plug-ins", HEALTH_WARNING,
	  false, false },
	{ PHASE_BACKUP, "Finalizing", "Finishing", HEALTH_RUNNING, false, false },
	{ PHASE_BACKUP, "FinalizingPartiallyFailed", "Finishing", HEALTH_WARNING, false, false },
	{ PHASE_BACKUP, "Completed", "Completed", HEALTH_GOOD, true, true },
	{ PHASE_BACKUP, "PartiallyFailed", "Incomplete", HEALTH_BAD, true, false },
	{ PHASE_BACKUP, "Failed", "Failed", HEALTH_BAD, true, false },
	{ PHASE_BACKUP, "Deleting", "Deleting", HEALTH_GONE, false, false },
	{ PHASE_RESTORE, "", "Waiting", HEALTH_OFF, false, false },
	{ PHASE_RESTORE, "InProgress", "Running", HEALTH_RUNNING, false, false },
	{ PHASE_RESTORE, "Finalizing", "Finishing", HEALTH_RUNNING, false, false },
	{ PHASE_RESTORE, "Completed", "Completed", HEALTH_GOOD, true, false },
	{ PHASE_RESTORE, "PartiallyFailed", "Incomplete", HEALTH_BAD, true, false },
	{ PHASE_RESTORE, "FailedValidation", "Refused", HEALTH_BAD, true, false },
	{ PHASE_VOLUME, "", "Waiting", HEALTH_OFF, false, false },
	{ PHASE_VOLUME, "Accepted", "Accepted", HEALTH_RUNNING, false, false },
	{ PHASE_VOLUME, "Prepared", "Prepared", HEALTH_RUNNING, false, false },
	{ PHASE_VOLUME, "InProgress", "Copying", HEALTH_RUNNING, false, false },
	{ PHASE_VOLUME, "Canceling", "Cancelling", HEALTH_WARNING, false, false },
	{ PHASE_VOLUME, "Canceled", "Cancelled", HEALTH_BAD, true, false },
	{ PHASE_VOLUME, "Completed", "Done", HEALTH_GOOD, true, false },
	{ PHASE_VOLUME, "Failed", "Failed", HEALTH_BAD, true, false },
	{ PHASE_LOCATION, "", "Never checked", HEALTH_UNKNOWN, false, false },
	{ PHASE_LOCATION, "Available", "Available", HEALTH_GOOD, false, false },
	{ PHASE_LOCATION, "Unavailable", "Unavailable", HEALTH_BAD, false, false },
	{ PHASE_REPOSITORY, "Ready", "Ready", HEALTH_GOOD, false, false },
	{ PHASE_REPOSITORY, "NotReady", "Not ready", HEALTH_BAD, false, false },
	{ PHASE_DELETE, "New", "Waiting", HEALTH_OFF, false, false },
	{ PHASE_DELETE, "InProgress", "Deleting", HEALTH_GONE, false, false },
	{ PHASE_DELETE, "Processed", "Gone", HEALTH_GOOD, true, false },
	{ PHASE_SCHEDULE, "Enabled", "On", HEALTH_GOOD, false, false },
	{ PHASE_SCHEDULE, "FailedValidation", "Refused", HEALTH_BAD, false, false },
	/* a version to come */
	{ PHASE_BACKUP, "Polishing", "Polishing", HEALTH_RUNNING, false, false },
	{ PHASE_VOLUME, "Polishing", "Polishing", HEALTH_RUNNING, false, false },
};

Test(phase, each_has_its_word_and_health)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct phase phase = phase_find(rows[i].kind, rows[i].velero);

		cr_expect_str_eq(phase.word, rows[i].word, "%s", rows[i].velero);
		cr_expect_eq(phase.health, rows[i].health, "%s", rows[i].velero);
		cr_expect_eq(phase.final, rows[i].final, "%s", rows[i].velero);
		cr_expect_eq(phase.restorable, rows[i].restorable, "%s", rows[i].velero);
	}
}

Test(phase, words_fit_the_status_column)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect_leq(strlen(phase_find(rows[i].kind, rows[i].velero).word),
			      rows[i].kind == PHASE_LOCATION ? 16 : 12, "%s", rows[i].velero);
}
