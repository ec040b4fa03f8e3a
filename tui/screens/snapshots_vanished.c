/* A backup that goes away is deleted by request, or expires; any other way is worth a word:
 * Velero's sync drops what it finds no more in the storage (spec/console-screens.md R-17). */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "tui/screens/snapshot_list.h"
#include "tui/screens/words.h"

#include <string.h>

static bool names(const struct list *requests, const char *backup)
{
	for (size_t i = 0; requests && i < requests->count; i++)
		if (!strcmp(((const struct delete_request *)requests->items[i])->backup, backup))
			return true;
	return false;
}

/* Velero deletes the request in the same moment: that of the last picture counts too. */
static bool was_asked_for(const struct snapshot_list *list, const struct model *model,
			  const struct backup *backup)
{
	if (!strcmp(backup->phase, "Deleting") || backup->object.deleted ||
	    names(model->lists[COLLECTION_DELETE_REQUESTS], backup->object.name) ||
	    names(list->requests_before, backup->object.name))
		return true;
	for (size_t i = 0; i < model->op_count; i++)
		if (model->ops[i]->kind == OP_DELETE &&
		    !strcmp(model->ops[i]->backup, backup->object.name))
			return true;
	return false;
}

/* Velero that read the object from its storage anew gave it another uid. */
static bool is_gone(const struct snapshot_list *list, const struct model *model,
		    const struct backup *backup, int64_t now)
{
	return (!backup->expires || now < backup->expires) && !was_asked_for(list, model, backup) &&
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

static void drop(struct snapshot_list *list, size_t at)
{
	object_unref(&list->gone[at].backup->object);
	list->gone_count--;
	memmove(&list->gone[at], &list->gone[at + 1],
		(list->gone_count - at) * sizeof(list->gone[0]));
}

static void keep(struct snapshot_list *list, const struct backup *backup, int64_t now)
{
	if (list->gone_count == GONE_MOST)
		drop(list, GONE_MOST - 1);
	memmove(&list->gone[1], &list->gone[0], list->gone_count * sizeof(list->gone[0]));
	object_ref(&backup->object);
	list->gone[0] = (struct snapshot_gone){ .backup = backup, .at = now };
	list->gone_count++;
}

/* Velero's sync brings back what lies in the storage again. */
static void drop_returned(struct snapshot_list *list, const struct list *after)
{
	for (size_t i = list->gone_count; i-- > 0;)
		if (list_by_name(after, list->gone[i].backup->object.name))
			drop(list, i);
}

void snapshot_list_forget_vanished(struct snapshot_list *list)
{
	while (list->gone_count > 0)
		drop(list, list->gone_count - 1);
	list_unref(list->before);
	list_unref(list->requests_before);
	list->before = list->requests_before = NULL;
}

void snapshot_list_tell_vanished(struct snapshot_list *list, const struct model *model, int64_t now,
				 struct effects *effects)
{
	const struct list *before = list->before, *after = model->lists[COLLECTION_BACKUPS];
	const struct list *requests = list->requests_before;
	const struct backup *first = NULL;
	size_t count = 0, j = 0;

	if (model->state[COLLECTION_BACKUPS].reading == READ_READING)
		return;
	/* Both are in the order of their uids. */
	for (size_t i = 0; before && before != after && i < before->count; i++) {
		const struct object *object = before->items[i];

		while (j < after->count && strcmp(after->items[j]->uid, object->uid) < 0)
			j++;
		if (j < after->count && !strcmp(after->items[j]->uid, object->uid))
			continue;
		if (!is_gone(list, model, (const struct backup *)object, now))
			continue;
		keep(list, (const struct backup *)object, now);
		if (count++ == 0)
			first = (const struct backup *)object;
	}
	drop_returned(list, after);
	if (first)
		tell(first, count, effects);
	list->before = list_ref(after);
	list->requests_before = list_ref(model->lists[COLLECTION_DELETE_REQUESTS]);
	list_unref(before);
	list_unref(requests);
}

void snapshot_gone_draw(struct view view, const struct snapshot_gone *gone,
			const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_adds(&text, "Missed since ");
	clock_add_hms(&text, gone->at, context->zone);
	strbuf_adds(&text, "; no delete was asked for");
	if (gone->backup->expires) {
		strbuf_adds(&text, "; kept until ");
		clock_add_date(&text, gone->backup->expires, context->zone);
	}
	strbuf_addc(&text, '.');
	mark_line(view, 0, MARK_NONE, text.buf);
	mark_line(view, 1, MARK_NONE, "Velero's sync drops what it finds no more in the storage.");
	strbuf_reset(&text);
	strbuf_addf(&text, "Look at %s (4): were files removed, or is it another bucket now?",
		    *gone->backup->location ? gone->backup->location : "the destination");
	mark_line(view, 2, MARK_WARNING, text.buf);
	strbuf_done(&text);
}
