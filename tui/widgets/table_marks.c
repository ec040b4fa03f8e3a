#include "tui/widgets/table_marks.h"

#include "backend/base/mem.h"

#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **find(const struct table *table, const char *uid)
{
	if (table->mark_count == 0)
		return NULL;
	return bsearch(&uid, table->marks, table->mark_count, sizeof(*table->marks), by_text);
}

bool table_is_marked(const struct table *table, const char *uid)
{
	return find(table, uid) != NULL;
}

void table_clear_marks(struct table *table)
{
	size_t i;

	for (i = 0; i < table->mark_count; i++)
		free(table->marks[i]);
	table->mark_count = 0;
}

/* Behind the sorted ones: the caller sorts when all are there. */
static void append(struct table *table, const char *uid)
{
	table->marks = mem_grow(table->marks, table->mark_count, &table->mark_capacity,
				sizeof(*table->marks));
	table->marks[table->mark_count++] = mem_text(uid);
}

static void sort(struct table *table)
{
	if (table->mark_count > 0)
		qsort(table->marks, table->mark_count, sizeof(*table->marks), by_text);
}

void table_mark(struct table *table, const struct table_source *source, int page)
{
	const char *uid;
	char **place;

	if (table->cursor >= table->count)
		return;
	uid = source->uid(source->arg, table->index[table->cursor]);
	place = find(table, uid);
	if (place) {
		free(*place);
		memmove(place, place + 1,
			(size_t)(table->marks + table->mark_count - place - 1) * sizeof(*place));
		table->mark_count--;
	} else {
		append(table, uid);
		sort(table);
	}
	table_key(table, source, ACT_DOWN, page);
}

void table_mark_all(struct table *table, const struct table_source *source)
{
	size_t before = table->mark_count, i;
	bool all = true;

	for (i = 0; all && i < table->count; i++)
		all = table_is_marked(table, source->uid(source->arg, table->index[i]));
	if (all) {
		table_clear_marks(table);
		return;
	}
	for (i = 0; i < table->count; i++) {
		const char *uid = source->uid(source->arg, table->index[i]);

		/* Only the sorted part is searched: what this loop adds is unique by itself. */
		if (before == 0 ||
		    !bsearch(&uid, table->marks, before, sizeof(*table->marks), by_text))
			append(table, uid);
	}
	sort(table);
}

void table_marks_prune(struct table *table, const struct table_source *source)
{
	bool *seen = mem_array(table->mark_count, sizeof(*seen));
	size_t row, i, kept = 0;

	for (row = 0; row < source->count; row++) {
		char **place = find(table, source->uid(source->arg, row));

		if (place)
			seen[place - table->marks] = true;
	}
	for (i = 0; i < table->mark_count; i++) {
		if (seen[i])
			table->marks[kept++] = table->marks[i];
		else
			free(table->marks[i]);
	}
	table->mark_count = kept;
	free(seen);
}
