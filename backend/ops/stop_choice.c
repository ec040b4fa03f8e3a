#include "backend/ops/stop_choice.h"

#include "backend/ops/restore_view.h"

#include <string.h>

static bool fits_before(const struct stop_facts *facts)
{
	return facts->runs && !facts->elsewhere && !facts->changed;
}

static bool fits_leave(const struct stop_facts *facts)
{
	return facts->runs && !facts->elsewhere && facts->changed;
}

static bool fits_ask(const struct stop_facts *facts)
{
	return facts->runs && facts->elsewhere;
}

static bool fits_volumes(const struct stop_facts *facts)
{
	return facts->open > 0;
}

static bool fits_delete(const struct stop_facts *facts)
{
	return facts->velero_works;
}

static bool fits_forget(const struct stop_facts *facts)
{
	return facts->in_console;
}

static const struct stop_choice choices[] = {
	{ "leave", "Stop it, nothing was changed", "Stop the restore",
	  "Nothing is removed yet: the restore ends here, and all stays as it is.", fits_before },
	{ "leave", "Only stop working on it here", "Stop working on it",
	  "Stopping now does not bring back what is removed. Velero ends by itself what it has "
	  "begun; the steps after it are missing. The record says so, and anyone can take it over "
	  "at once.",
	  fits_leave },
	{ "leave", "Ask who drives it to stop", "Ask to stop",
	  "Somebody else drives it, and hears it within 10 s. What is removed by then is not "
	  "back; Velero ends by itself what it has begun. Anyone can take it over then.",
	  fits_ask },
	{ "cancel-volumes", "Cancel the volumes that are not finished", "Cancel the volumes",
	  "They stay as far as they are, perhaps empty; the restore ends as PartiallyFailed. The "
	  "snapshot is unharmed: restore again from it. Needs Velero 1.17 or later.",
	  fits_volumes },
	{ "delete-restore", "Delete Velero's Restore", "Delete the Restore",
	  "What it has made stays, the rest never comes: the application is half there until it "
	  "is restored again. The snapshot is unharmed.",
	  fits_delete },
	{ "forget", "Let the Admin Console forget it", "Let it forget",
	  "The Admin Console believes that it restores this application, and refuses another "
	  "restore until it forgets. What is removed or half restored stays.",
	  fits_forget },
};

size_t stop_choice_count(void)
{
	return ARRAY_SIZE(choices);
}

const struct stop_choice *stop_choice_at(size_t index)
{
	return &choices[index];
}

const struct stop_choice *stop_choice_find(const char *what, const struct stop_facts *facts)
{
	for (size_t i = 0; i < ARRAY_SIZE(choices); i++)
		if (!strcmp(choices[i].what, what) && choices[i].fits(facts))
			return &choices[i];
	return NULL;
}

bool stop_choice_is_known(const char *what)
{
	for (size_t i = 0; i < ARRAY_SIZE(choices); i++)
		if (!strcmp(choices[i].what, what))
			return true;
	return false;
}

/* ---- what there is ---- */

static size_t open_volumes(const struct model *model, const char *restore)
{
	const struct list *list = model->lists[COLLECTION_POD_VOLUME_RESTORES];
	struct strbuf owner = STRBUF_INIT;
	size_t open = 0;

	object_add_label_value(&owner, restore);
	for (size_t i = 0; i < list->count; i++) {
		const struct podvolume *volume = (const struct podvolume *)list->items[i];

		open += !strcmp(volume->owner, owner.buf) &&
			!phase_is_final(PHASE_VOLUME, volume->phase);
	}
	strbuf_done(&owner);
	return open;
}

/* Steps of one part stand together: each Restore is looked at once. */
static void look_at_restore(struct stop_facts *facts, const struct model *model,
			    const struct op_view *op, const char *name)
{
	const struct restore *found =
		(const struct restore *)list_by_name(model->lists[COLLECTION_RESTORES], name);

	if (found && !restore_is_made_by(found, op))
		return;
	facts->open += open_volumes(model, name);
	if (found && !found->object.deleted && !phase_is_final(PHASE_RESTORE, found->phase))
		facts->velero_works = true;
}

static bool changed(const struct op_step_view *step)
{
	return restore_step_changes(step->what) && step->state != OP_STEP_WAITING &&
	       step->state != OP_STEP_SKIPPED;
}

struct stop_facts stop_facts_of(const struct model *model, const struct op_view *op)
{
	struct stop_facts facts = { .runs = op->state == OP_RUNNING, .elsewhere = op->elsewhere };
	const struct app *app;
	const char *before = "";

	for (size_t i = 0; i < op->step_count; i++) {
		const char *restore = op->steps[i].restore ? op->steps[i].restore : "";

		facts.changed = facts.changed || changed(&op->steps[i]);
		if (*restore && strcmp(restore, before) != 0)
			look_at_restore(&facts, model, op, restore);
		before = restore;
	}
	app = model->console && *op->app_slug ? console_app(model->console, op->app_slug) : NULL;
	facts.in_console = app && *app->restoring;
	return facts;
}
