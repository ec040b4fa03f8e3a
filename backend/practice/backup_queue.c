#include "backend/practice/backup_queue.h"

#include "backend/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define BACKUPS "backups.velero.io"

/* 0: ready, 1: queued, 2: new, -1: does not wait. */
static int rank(const struct json *backup)
{
	const char *phase = object_phase(backup);

	if (strcmp(phase, "ReadyToStart") == 0)
		return 0;
	if (strcmp(phase, "Queued") == 0)
		return 1;
	return !*phase || strcmp(phase, "New") == 0 ? 2 : -1;
}

static int by_turn(const void *a, const void *b)
{
	const struct json *one = *(const struct json *const *)a,
			  *two = *(const struct json *const *)b;
	int64_t x = rank(one), y = rank(two);

	if (x == y) {
		x = json_int(one, "status.queuePosition", 0);
		y = json_int(two, "status.queuePosition", 0);
	}
	if (x == y) {
		x = object_created(one);
		y = object_created(two);
	}
	if (x != y)
		return x < y ? -1 : 1;
	return strcmp(object_name(one), object_name(two));
}

struct json *backup_queue_order(const struct json *backups)
{
	size_t count = 0, i;
	const struct json **waiting =
		mem_array(json_count(backups) + 1, sizeof(const struct json *));
	struct json *ordered = json_new_list();
	const struct json *backup;

	for (backup = json_first(backups); backup; backup = json_next(backup)) {
		if (rank(backup) >= 0)
			waiting[count++] = backup;
	}
	qsort(waiting, count, sizeof(const struct json *), by_turn);
	for (i = 0; i < count; i++)
		json_add(ordered, json_clone(waiting[i]));
	free(waiting);
	return ordered;
}

static struct json *waiting_backups(struct world *world)
{
	struct json *all = world_list(world, BACKUPS, VELERO_NAMESPACE, "");
	struct json *waiting = backup_queue_order(all);

	json_free(all);
	return waiting;
}

static void give_place(struct world *world, const struct json *backup, int64_t position)
{
	struct json *patch;

	if (strcmp(object_phase(backup), "Queued") == 0 &&
	    json_int(backup, "status.queuePosition", 0) == position)
		return;
	patch = json_new_map();
	json_put_path(patch, "status.phase", json_new_text("Queued"));
	json_put_path(patch, "status.queuePosition", json_new_number((double)position));
	json_free(world_patch(world, BACKUPS, backup, patch));
}

static void update(struct world *world, const struct json *waiting)
{
	const struct json *backup;
	int64_t position = 1;

	for (backup = json_first(waiting); backup; backup = json_next(backup)) {
		if (rank(backup) > 0)
			give_place(world, backup, position++);
	}
}

void backup_queue_update(struct world *world)
{
	struct json *waiting = waiting_backups(world);

	update(world, waiting);
	json_free(waiting);
}

struct json *backup_queue_take(struct world *world)
{
	struct json *waiting = waiting_backups(world), *patch, *taken = NULL;
	const struct json *first = json_first(waiting);

	update(world, waiting);
	if (first && rank(first) == 0) {
		taken = json_clone(first);
	} else if (first) {
		patch = json_new_map();
		json_put_path(patch, "status.phase", json_new_text("ReadyToStart"));
		json_put_path(patch, "status.queuePosition", json_new_null());
		taken = world_patch(world, BACKUPS, first, patch);
	}
	json_free(waiting);
	if (taken)
		backup_queue_update(world);
	return taken;
}
