/* Lists: an edit makes a new one, the old one stays as it was, lookups find what is there. */
#include "backend/store/list.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct object *object(const char *uid, const char *name)
{
	struct json *json = json_new_map();
	struct error err = ERROR_INIT;
	struct object *made;

	json_put_path(json, "metadata.uid", json_new_text(uid));
	json_put_path(json, "metadata.name", json_new_text(name));
	made = object_new(sizeof(struct object), 0, json, &err);
	cr_assert(made, "%s", err.text);
	json_free(json);
	return made;
}

Test(list, what_was_published_never_changes)
{
	struct list_edit *edit = list_edit_new();
	const struct list *first, *second;

	list_edit_put(edit, object("u2", "two"));
	list_edit_put(edit, object("u1", "one"));
	first = list_edit_publish(edit);
	list_edit_remove(edit, "u1");
	list_edit_put(edit, object("u2", "changed"));
	second = list_edit_publish(edit);
	cr_assert_eq(first->count, 2);
	cr_assert_str_eq(list_by_uid(first, "u2")->name, "two");
	cr_assert_str_eq(list_by_uid(first, "u1")->name, "one");
	cr_assert_eq(second->count, 1);
	cr_assert_str_eq(list_by_uid(second, "u2")->name, "changed");
	cr_assert_null(list_by_uid(second, "u1"));
	list_unref(first);
	list_unref(second);
	list_edit_free(edit);
}

Test(list, items_stand_in_the_order_of_their_uids_and_are_all_found)
{
	enum { COUNT = 500 };
	struct list_edit *edit = list_edit_new();
	const struct list *list;
	char uid[16];

	for (int i = 0; i < COUNT; i++) {
		snprintf(uid, sizeof(uid), "u%04d", i * 7919 % COUNT);
		list_edit_put(edit, object(uid, uid));
	}
	list = list_edit_publish(edit);
	cr_assert_eq(list->count, COUNT);
	for (size_t i = 1; i < list->count; i++)
		cr_assert_lt(strcmp(list->items[i - 1]->uid, list->items[i]->uid), 0);
	for (int i = 0; i < COUNT; i++) {
		snprintf(uid, sizeof(uid), "u%04d", i);
		cr_assert(list_by_uid(list, uid));
		cr_assert(list_by_name(list, uid));
	}
	cr_assert_null(list_by_uid(list, "u0500"));
	cr_assert_null(list_by_uid(list, ""));
	cr_assert_null(list_by_name(list, "no"));
	list_unref(list);
	list_edit_free(edit);
}

Test(list, a_new_list_drops_what_it_does_not_name)
{
	struct list_edit *edit = list_edit_new();
	const struct list *list;

	list_edit_put(edit, object("a", "a"));
	list_edit_put(edit, object("b", "b"));
	list_unref(list_edit_publish(edit));
	list_edit_begin(edit);
	list_edit_put(edit, object("b", "b"));
	list_edit_put(edit, object("c", "c"));
	list_edit_end(edit);
	list = list_edit_publish(edit);
	cr_assert_null(list_by_uid(list, "a"));
	cr_assert(list_by_uid(list, "b"));
	cr_assert(list_by_uid(list, "c"));
	list_unref(list);
	list_edit_free(edit);
}

Test(list, the_last_of_several_changes_of_one_object_counts)
{
	struct list_edit *edit = list_edit_new();
	const struct list *list;

	list_edit_put(edit, object("a", "first"));
	list_edit_put(edit, object("a", "second"));
	list_edit_remove(edit, "a");
	list_edit_put(edit, object("a", "third"));
	list_edit_put(edit, object("b", "b"));
	list_edit_remove(edit, "b");
	list = list_edit_publish(edit);
	cr_assert_eq(list->count, 1);
	cr_assert_str_eq(list->items[0]->name, "third");
	list_unref(list);
	list_edit_free(edit);
}

Test(list, an_edit_knows_whether_it_has_anything_new)
{
	struct list_edit *edit = list_edit_new();

	list_unref(list_edit_publish(edit));
	cr_assert_not(list_edit_changed(edit));
	list_edit_put(edit, object("a", "a"));
	cr_assert(list_edit_changed(edit));
	list_unref(list_edit_publish(edit));
	cr_assert_not(list_edit_changed(edit));
	list_edit_free(edit);
}

Test(list, an_empty_one_is_counted_like_any_other)
{
	const struct list *list = list_empty();

	cr_assert_eq(list->count, 0);
	cr_assert_null(list_by_uid(list, "a"));
	list_unref(list_ref(list));
	list_unref(list);
	list_unref(NULL);
}
