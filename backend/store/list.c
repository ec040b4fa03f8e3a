#include "backend/store/list.h"

#include <stdlib.h>
#include <string.h>

/* One item of an edit. round: the last begin() after which it was put. */
struct entry {
	union {
		const struct object *object;
		char *uid; /* owned: in `fresh`, of an object that goes */
	} of;
	uint32_t round : 31;
	bool removes : 1;
	uint32_t order;
};

struct list_edit {
	struct entry *items; /* in the order of their uids */
	size_t count;
	struct entry *fresh; /* in the order they came */
	size_t fresh_count, fresh_capacity;
	uint32_t round;
	bool changed;
};

static struct list *list_new(size_t count)
{
	struct list *list = mem_alloc(sizeof(*list));

	atomic_init(&list->refs, 1);
	list->count = count;
	list->items = mem_array(count ? count : 1, sizeof(const struct object *));
	return list;
}

const struct list *list_empty(void)
{
	return list_new(0);
}

const struct list *list_ref(const struct list *list)
{
	atomic_fetch_add_explicit(&((struct list *)list)->refs, 1, memory_order_relaxed);
	return list;
}

void list_unref(const struct list *list)
{
	struct list *mine = (struct list *)list;

	if (!mine || atomic_fetch_sub_explicit(&mine->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < mine->count; i++)
		object_unref(mine->items[i]);
	free(mine->items);
	free(mine);
}

const struct object *list_by_uid(const struct list *list, const char *uid)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(list->items[middle]->uid, uid);

		if (!order)
			return list->items[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct object *list_by_name(const struct list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i]->name, name))
			return list->items[i];
	return NULL;
}

struct list_edit *list_edit_new(void)
{
	struct list_edit *edit = mem_alloc(sizeof(*edit));

	edit->changed = true;
	return edit;
}

static void entry_done(struct entry *entry)
{
	if (entry->removes)
		free(entry->of.uid);
	else
		object_unref(entry->of.object);
	*entry = (struct entry){ 0 };
}

void list_edit_free(struct list_edit *edit)
{
	if (!edit)
		return;
	for (size_t i = 0; i < edit->count; i++)
		entry_done(&edit->items[i]);
	for (size_t i = 0; i < edit->fresh_count; i++)
		entry_done(&edit->fresh[i]);
	free(edit->items);
	free(edit->fresh);
	free(edit);
}

static const char *entry_uid(const struct entry *entry)
{
	return entry->removes ? entry->of.uid : entry->of.object->uid;
}

static int entry_compare(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int order = strcmp(entry_uid(left), entry_uid(right));

	if (order)
		return order;
	return left->order < right->order ? -1 : left->order > right->order;
}

/* Of several entries with one uid only the last to come stays. */
static size_t keep_last(struct entry *entries, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct entry entry = entries[i];

		entries[i] = (struct entry){ 0 };
		if (i + 1 < count && !strcmp(entry_uid(&entry), entry_uid(&entries[i + 1])))
			entry_done(&entry);
		else
			entries[kept++] = entry;
	}
	return kept;
}

/* A first list becomes the items as it is: the copy would be the most memory ever used. */
static void take_over_fresh(struct list_edit *edit)
{
	free(edit->items);
	edit->items = edit->fresh;
	for (size_t i = 0; i < edit->fresh_count; i++) {
		if (edit->fresh[i].removes)
			entry_done(&edit->fresh[i]);
		else
			edit->items[edit->count++] = edit->fresh[i];
	}
	edit->fresh = NULL;
	edit->fresh_count = edit->fresh_capacity = 0;
}

/* Merges what came since the last time into the sorted items: one sort of the new, one walk over
 * both, so that a list of 30,000 costs no quadratic time. */
static void edit_merge(struct list_edit *edit)
{
	struct entry *merged;
	size_t old = 0, new = 0, count = 0;

	if (!edit->fresh_count)
		return;
	for (size_t i = 0; i < edit->fresh_count; i++)
		edit->fresh[i].order = (uint32_t)i;
	qsort(edit->fresh, edit->fresh_count, sizeof(*edit->fresh), entry_compare);
	edit->fresh_count = keep_last(edit->fresh, edit->fresh_count);
	if (!edit->count) {
		take_over_fresh(edit);
		return;
	}
	merged = mem_array(edit->count + edit->fresh_count, sizeof(*merged));
	while (old < edit->count || new < edit->fresh_count) {
		int order = old == edit->count	       ? 1
			    : new == edit->fresh_count ? -1
						       : strcmp(entry_uid(&edit->items[old]),
								entry_uid(&edit->fresh[new]));

		if (order < 0) {
			merged[count++] = edit->items[old++];
			continue;
		}
		if (!order)
			entry_done(&edit->items[old++]);
		if (edit->fresh[new].removes)
			entry_done(&edit->fresh[new]);
		else
			merged[count++] = edit->fresh[new];
		new ++;
	}
	free(edit->items);
	edit->items = merged;
	edit->count = count;
	edit->fresh_count = 0;
}

static void edit_push(struct list_edit *edit, struct entry entry)
{
	edit->fresh = mem_grow(edit->fresh, edit->fresh_count, &edit->fresh_capacity,
			       sizeof(*edit->fresh));
	edit->fresh[edit->fresh_count++] = entry;
	edit->changed = true;
}

void list_edit_begin(struct list_edit *edit)
{
	edit->round++;
}

void list_edit_end(struct list_edit *edit)
{
	size_t kept = 0;

	edit_merge(edit);
	for (size_t i = 0; i < edit->count; i++) {
		if (edit->items[i].round == edit->round)
			edit->items[kept++] = edit->items[i];
		else
			entry_done(&edit->items[i]);
	}
	if (kept != edit->count)
		edit->changed = true;
	edit->count = kept;
	free(edit->fresh);
	edit->fresh = NULL;
	edit->fresh_capacity = 0;
}

void list_edit_put(struct list_edit *edit, const struct object *object)
{
	edit_push(edit, (struct entry){ .of.object = object, .round = edit->round });
}

void list_edit_remove(struct list_edit *edit, const char *uid)
{
	edit_push(edit, (struct entry){ .of.uid = mem_text(uid), .removes = true });
}

bool list_edit_changed(const struct list_edit *edit)
{
	return edit->changed;
}

size_t list_edit_count(const struct list_edit *edit)
{
	return edit->count + edit->fresh_count;
}

const struct list *list_edit_publish(struct list_edit *edit)
{
	struct list *list;

	edit_merge(edit);
	list = list_new(edit->count);
	for (size_t i = 0; i < edit->count; i++)
		list->items[i] = object_ref(edit->items[i].of.object);
	edit->changed = false;
	return list;
}
