/* Rows in groups that open: heads, and below an open one its items. Pure. */
#ifndef TUI_SCREENS_FOLD_H
#define TUI_SCREENS_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#define FOLD_HEAD ((size_t)-1)

struct fold_row {
	size_t group, item; /* item FOLD_HEAD: the head of the group */
	char uid[44];	    /* the same while the groups are */
};

struct fold {
	struct fold_row *rows; /* owned */
	size_t count, capacity;
	bool *open; /* by group, owned */
	size_t groups;
};

/* Other groups than before: all closed. items(arg, group): how many each has. */
void fold_make(struct fold *fold, size_t groups, size_t (*items)(const void *arg, size_t group),
	       const void *arg);
void fold_toggle(struct fold *fold, size_t group, size_t (*items)(const void *arg, size_t group),
		 const void *arg);
void fold_done(struct fold *fold);

#endif
