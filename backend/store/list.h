/* Counted immutable list of objects: an edit makes a new list, items are shared. Any thread may ref
 * and unref. Items begin with struct object and are in the order of their uids; lookups are by uid
 * (fast) or name (linear, or by_name index when built). */
#ifndef BACKEND_STORE_LIST_H
#define BACKEND_STORE_LIST_H

#include "backend/kube/object.h"

struct list {
	atomic_int refs;
	size_t count;
	const struct object **items;
};

const struct list *list_empty(void); /* counted like any other */
const struct list *list_ref(const struct list *list);
void list_unref(const struct list *list); /* NULL is fine */
const struct object *list_by_uid(const struct list *list, const char *uid);
const struct object *list_by_name(const struct list *list, const char *name);

/* The editable side, worker thread only: gathers changes, then makes one list of them. */
struct list_edit;
struct list_edit *list_edit_new(void);
void list_edit_free(struct list_edit *edit);
void list_edit_begin(struct list_edit *edit); /* what is not put until end is dropped */
void list_edit_end(struct list_edit *edit);
void list_edit_put(struct list_edit *edit,
		   const struct object *object); /* takes over the reference */
void list_edit_remove(struct list_edit *edit, const char *uid);
bool list_edit_changed(const struct list_edit *edit);
size_t list_edit_count(const struct list_edit *edit);
const struct list *list_edit_publish(struct list_edit *edit); /* counted, owned by the caller */

#endif
