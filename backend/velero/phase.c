#include "backend/velero/phase.h"

#include "backend/base/status.h"

#include <string.h>

/* clang-format off */
static const struct phase backup_phases[] = {
	{ "",                           "Waiting",    HEALTH_OFF,     false, false },
	{ "New",                        "Waiting",    HEALTH_OFF,     false, false },
	{ "Queued",                     "Queued",     HEALTH_OFF,     false, false },
	{ "ReadyToStart",               "Starting",   HEALTH_RUNNING, false, false },
	{ "FailedValidation",           "Refused",    HEALTH_BAD,     true,  false },
	{ "InProgress",                 "Running",    HEALTH_RUNNING, false, false },
	{ "WaitingForPluginOperations", "Plug-ins",   HEALTH_RUNNING, false, false },
	{ "WaitingForPluginOperationsPartiallyFailed", "Plug-ins", HEALTH_WARNING, false, false },
	{ "Finalizing",                 "Finishing",  HEALTH_RUNNING, false, false },
	{ "FinalizingPartiallyFailed",  "Finishing",  HEALTH_WARNING, false, false },
	{ "Completed",                  "Completed",  HEALTH_GOOD,    true,  true },
	{ "PartiallyFailed",            "Incomplete", HEALTH_BAD,     true,  false },
	{ "Failed",                     "Failed",     HEALTH_BAD,     true,  false },
	{ "Deleting",                   "Deleting",   HEALTH_GONE,    false, false },
};

static const struct phase restore_phases[] = {
	{ "",                           "Waiting",    HEALTH_OFF,     false, false },
	{ "New",                        "Waiting",    HEALTH_OFF,     false, false },
	{ "FailedValidation",           "Refused",    HEALTH_BAD,     true,  false },
	{ "InProgress",                 "Running",    HEALTH_RUNNING, false, false },
	{ "WaitingForPluginOperations", "Plug-ins",   HEALTH_RUNNING, false, false },
	{ "WaitingForPluginOperationsPartiallyFailed", "Plug-ins", HEALTH_WARNING, false, false },
	{ "Finalizing",                 "Finishing",  HEALTH_RUNNING, false, false },
	{ "FinalizingPartiallyFailed",  "Finishing",  HEALTH_WARNING, false, false },
	{ "Completed",                  "Completed",  HEALTH_GOOD,    true,  false },
	{ "PartiallyFailed",            "Incomplete", HEALTH_BAD,     true,  false },
	{ "Failed",                     "Failed",     HEALTH_BAD,     true,  false },
};

static const struct phase volume_phases[] = {
	{ "",           "Waiting",    HEALTH_OFF,     false, false },
	{ "New",        "Waiting",    HEALTH_OFF,     false, false },
	{ "Accepted",   "Accepted",   HEALTH_RUNNING, false, false },
	{ "Prepared",   "Prepared",   HEALTH_RUNNING, false, false },
	{ "InProgress", "Copying",    HEALTH_RUNNING, false, false },
	{ "Canceling",  "Cancelling", HEALTH_WARNING, false, false },
	{ "Canceled",   "Cancelled",  HEALTH_BAD,     true,  false },
	{ "Completed",  "Done",       HEALTH_GOOD,    true,  false },
	{ "Failed",     "Failed",     HEALTH_BAD,     true,  false },
};

/* A location, a repository and a schedule are never at an end: none of their phases is final. */
static const struct phase location_phases[] = {
	{ "",            "Never checked", HEALTH_UNKNOWN, false, false },
	{ "Available",   "Available",     HEALTH_GOOD,    false, false },
	{ "Unavailable", "Unavailable",   HEALTH_BAD,     false, false },
};

static const struct phase repository_phases[] = {
	{ "",         "New",       HEALTH_OFF,  false, false },
	{ "New",      "New",       HEALTH_OFF,  false, false },
	{ "Ready",    "Ready",     HEALTH_GOOD, false, false },
	{ "NotReady", "Not ready", HEALTH_BAD,  false, false },
};

static const struct phase delete_phases[] = {
	{ "",           "Waiting",  HEALTH_OFF,  false, false },
	{ "New",        "Waiting",  HEALTH_OFF,  false, false },
	{ "InProgress", "Deleting", HEALTH_GONE, false, false },
	{ "Processed",  "Gone",     HEALTH_GOOD, true,  false }, /* with errors: "Not deleted" */
};

static const struct phase schedule_phases[] = {
	{ "",                 "New",     HEALTH_OFF,  false, false },
	{ "New",              "New",     HEALTH_OFF,  false, false },
	{ "Enabled",          "On",      HEALTH_GOOD, false, false },
	{ "FailedValidation", "Refused", HEALTH_BAD,  false, false },
};

static const struct {
	const struct phase *rows;
	size_t count;
} kinds[] = {
	[PHASE_BACKUP] =     { backup_phases,     ARRAY_SIZE(backup_phases) },
	[PHASE_RESTORE] =    { restore_phases,    ARRAY_SIZE(restore_phases) },
	[PHASE_VOLUME] =     { volume_phases,     ARRAY_SIZE(volume_phases) },
	[PHASE_LOCATION] =   { location_phases,   ARRAY_SIZE(location_phases) },
	[PHASE_REPOSITORY] = { repository_phases, ARRAY_SIZE(repository_phases) },
	[PHASE_DELETE] =     { delete_phases,     ARRAY_SIZE(delete_phases) },
	[PHASE_SCHEDULE] =   { schedule_phases,   ARRAY_SIZE(schedule_phases) },
};
/* clang-format on */

struct phase phase_find(enum phase_kind kind, const char *velero_phase)
{
	for (size_t i = 0; i < kinds[kind].count; i++)
		if (!strcmp(kinds[kind].rows[i].velero, velero_phase))
			return kinds[kind].rows[i];
	return (struct phase){ velero_phase, velero_phase, HEALTH_RUNNING, false, false };
}

bool phase_is_final(enum phase_kind kind, const char *velero_phase)
{
	return phase_find(kind, velero_phase).final;
}
