/* Velero's own schedules (spec/velero-api.md 2.5, 3.2). */
#include "backend/base/clock.h"
#include "backend/practice/actors.h"
#include "backend/practice/cronline.h"

#include <string.h>
#include <time.h>

#define SCHEDULES "schedules.velero.io"
#define BACKUPS	  "backups.velero.io"
#define APPLIED	  "kubectl.kubernetes.io/last-applied-configuration"

static bool is_running_already(struct world *world, const struct json *schedule)
{
	struct strbuf selector = STRBUF_INIT;
	struct json *list;
	const struct json *backup;
	bool running = false;

	strbuf_addf(&selector, "velero.io/schedule-name=%s", object_name(schedule));
	list = world_list(world, BACKUPS, VELERO_NAMESPACE, selector.buf);
	for (backup = json_first(list); backup; backup = json_next(backup)) {
		const char *phase = object_phase(backup);

		running = running || !*phase || strcmp(phase, "New") == 0 ||
			  strcmp(phase, "InProgress") == 0;
	}
	json_free(list);
	strbuf_done(&selector);
	return running;
}

static void add_stamped_name(struct strbuf *out, const char *schedule, int64_t now)
{
	time_t when = (time_t)now;
	char stamp[16] = "";
	struct tm parts;

	gmtime_r(&when, &parts);
	strftime(stamp, sizeof(stamp), "%Y%m%d%H%M%S", &parts);
	strbuf_addf(out, "%s-%s", schedule, stamp);
}

/* The backup of one run. Owned. */
static struct json *backup_of(const struct json *schedule, int64_t now)
{
	const struct json *template = json_get(schedule, "spec.template");
	const struct json *labels = json_get(template, "metadata.labels");
	const struct json *annotations = json_get(schedule, "metadata.annotations");
	struct json *backup = json_new_map(), *copy;
	struct strbuf name = STRBUF_INIT;

	add_stamped_name(&name, object_name(schedule), now);
	json_put_path(backup, "metadata.name", json_new_text(name.buf));
	json_put_path(backup, "metadata.namespace", json_new_text(VELERO_NAMESPACE));
	if (!labels)
		labels = json_get(schedule, "metadata.labels");
	json_put_path(backup, "metadata.labels", labels ? json_clone(labels) : json_new_map());
	json_put_path(backup, "metadata.labels.[velero.io/schedule-name]",
		      json_new_text(object_name(schedule)));
	if (annotations) {
		copy = json_put_path(backup, "metadata.annotations", json_clone(annotations));
		json_remove(copy, APPLIED);
	}
	if (json_bool(schedule, "spec.useOwnerReferencesInBackup", false))
		json_put_path(backup, "metadata.ownerReferences", world_owner(schedule));
	json_put(backup, "spec", template ? json_clone(template) : json_new_map());
	strbuf_done(&name);
	return backup;
}

static void run(struct world *world, const struct json *schedule, int64_t now)
{
	json_free(world_create(world, BACKUPS, backup_of(schedule, now), NULL));
	world_put(world, SCHEDULES, schedule, "status.lastBackup", world_time(now));
}

static void judge(struct world *world, const struct json *schedule, bool valid)
{
	struct json *patch, *errors;
	struct strbuf text = STRBUF_INIT;

	if (strcmp(object_phase(schedule), valid ? "Enabled" : "FailedValidation") == 0)
		return;
	patch = json_new_map();
	errors = valid ? json_new_null() : json_new_list();
	strbuf_addf(&text, "invalid schedule: expected exactly 5 fields, found other: [%s]",
		    json_text(schedule, "spec.schedule"));
	if (!valid)
		json_add_text(errors,
			      *json_text(schedule, "spec.schedule")
				      ? text.buf
				      : "Schedule must be a non-empty valid Cron expression");
	json_put_path(patch, "status.phase", json_new_text(valid ? "Enabled" : "FailedValidation"));
	json_put_path(patch, "status.validationErrors", errors);
	json_free(world_patch(world, SCHEDULES, schedule, patch));
	strbuf_done(&text);
}

static int64_t last_of(const struct json *schedule, const char *path)
{
	return clock_parse_rfc3339(json_text(schedule, path));
}

/* skipImmediately: the run that is due now is left out once, and the field turned back. */
static void skip(struct world *world, const struct json *schedule, int64_t now)
{
	struct json *patch = json_new_map();

	json_put_path(patch, "spec.skipImmediately", json_new_bool(false));
	json_put_path(patch, "status.lastSkipped", world_time(now));
	json_free(world_patch(world, SCHEDULES, schedule, patch));
}

static void look_at(struct world *world, const struct json *schedule)
{
	int64_t now = clock_now(), since = last_of(schedule, "status.lastBackup"), next;
	int64_t skipped = last_of(schedule, "status.lastSkipped");
	const char *line = json_text(schedule, "spec.schedule");

	if (json_bool(schedule, "spec.paused", false))
		return;
	judge(world, schedule, cronline_is_valid(line));
	if (!cronline_is_valid(line))
		return;
	if (json_bool(schedule, "spec.skipImmediately", false)) {
		skip(world, schedule, now);
		return;
	}
	if (json_type(json_get(schedule, "spec.skipImmediately")) != JSON_BOOL)
		world_put(world, SCHEDULES, schedule, "spec.skipImmediately", json_new_bool(false));
	if (since == 0)
		since = object_created(schedule);
	next = cronline_next(line, skipped > since ? skipped : since);
	if (next > 0 && next <= now && !is_running_already(world, schedule))
		run(world, schedule, now);
}

static int step(struct world *world)
{
	struct json *list = world_list(world, SCHEDULES, VELERO_NAMESPACE, "");
	const struct json *schedule;

	for (schedule = json_first(list); schedule; schedule = json_next(schedule))
		look_at(world, schedule);
	json_free(list);
	/* The real one looks each minute; here a due run should not be waited for. */
	return world->fast ? 300 : 5000;
}

const struct actor actor_schedule = { "schedule", true, NULL, step, NULL };
