/* A backup that goes away is deleted by request, or expires; any other way is worth a word:
 * Velero's sync drops what it finds no more in the storage (spec/console-screens.md R-17). */
#include "backend/base/amount.h"
#include "tui/screens/snapshot_list.h"

#include <string.h>

static bool was_asked_for(const struct model *model, const struct backup *backup)
{
	const struct list *requests = model->lists[COLLECTION_DELETE_REQUESTS];

	if (!strcmp(backup->phase, "Deleting"))
		return true;
	for (size_t i = 0; i < requests->count; i++)
		if (!strcmp(((const struct delete_request *)requests->items[i])->backup,
			    backup->object.name))
			return true;
	for (size_t i = 0; i < model->op_count; i++)
		if (model->ops[i]->kind == OP_DELETE &&
		    !strcmp(model->ops[i]->backup, backup->object.name))
			return true;
	return false;
}

/* Velero that read the object from its storage anew gave it another uid. */
static bool is_gone(const struct model *model, const struct backup *backup, int64_t now)
{
	return (!backup->expires || now < backup->expires) && !was_asked_for(model, backup) &&
	       !list_by_name(model->lists[COLLECTION_BACKUPS], backup->object.name);
}

static void tell(const struct backup *first, size_t count, struct effects *effects)
{
	if (count == 1)
		effects_message(effects, MESSAGE_WARNING,
				"%s is gone, and no delete was asked for: were its files removed "
				"from the storage?",
				first->object.name);
	else if (count > 1)
		effects_message(effects, MESSAGE_WARNING,
				"%zu snapshots are gone, and no delete was asked for: was the "
				"storage touched?",
				count);
}

void snapshot_list_tell_vanished(struct snapshot_list *list, const struct model *model, int64_t now,
				 struct effects *effects)
{
	const struct list *before = list->before, *after = model->lists[COLLECTION_BACKUPS];
	const struct backup *first = NULL;
	size_t count = 0, j = 0;

	if (before == after || model->state[COLLECTION_BACKUPS].reading == READ_READING)
		return;
	/* Both are in the order of their uids. */
	for (size_t i = 0; before && i < before->count; i++) {
		const struct object *object = before->items[i];

		while (j < after->count && strcmp(after->items[j]->uid, object->uid) < 0)
			j++;
		if (j < after->count && !strcmp(after->items[j]->uid, object->uid))
			continue;
		if (!is_gone(model, (const struct backup *)object, now))
			continue;
		if (count++ == 0)
			first = (const struct backup *)object;
	}
	if (first)
		tell(first, count, effects);
	list->before = list_ref(after);
	list_unref(before);
}
