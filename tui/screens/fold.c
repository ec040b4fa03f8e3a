#include "tui/screens/fold.h"

#include "backend/base/mem.h"

#include <stdio.h>
#include <stdlib.h>

static void add_row(struct fold *fold, size_t group, size_t item)
{
	struct fold_row *row;

	fold->rows = mem_grow(fold->rows, fold->count, &fold->capacity, sizeof(*fold->rows));
	row = &fold->rows[fold->count++];
	row->group = group;
	row->item = item;
	if (item == FOLD_HEAD)
		snprintf(row->uid, sizeof(row->uid), "%zu", group);
	else
		snprintf(row->uid, sizeof(row->uid), "%zu.%zu", group, item);
}

static void build(struct fold *fold, size_t (*items)(const void *arg, size_t group),
		  const void *arg)
{
	fold->count = 0;
	for (size_t group = 0; group < fold->groups; group++) {
		size_t count = fold->open[group] ? items(arg, group) : 0;

		add_row(fold, group, FOLD_HEAD);
		for (size_t item = 0; item < count; item++)
			add_row(fold, group, item);
	}
}

void fold_make(struct fold *fold, size_t groups, size_t (*items)(const void *arg, size_t group),
	       const void *arg)
{
	fold_done(fold);
	fold->groups = groups;
	fold->open = mem_array(groups + 1, sizeof(*fold->open));
	build(fold, items, arg);
}

void fold_toggle(struct fold *fold, size_t group, size_t (*items)(const void *arg, size_t group),
		 const void *arg)
{
	if (group >= fold->groups)
		return;
	fold->open[group] = !fold->open[group];
	build(fold, items, arg);
}

void fold_done(struct fold *fold)
{
	free(fold->rows);
	free(fold->open);
	*fold = (struct fold){ 0 };
}
