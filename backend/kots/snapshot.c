/* The join of backups, volumes and delete requests. Everything is found by binary search in sorted
 * keys: lists of 25,000 backups are joined anew with every event. */
#include "backend/kots/snapshot.h"

#include "backend/kots/snapshot_words.h"

#include <stdlib.h>
#include <string.h>

/* A backup and the row it belongs to, found by the label value of its name
 * (spec/velero-api.md 4.1). */
struct key {
	const char *value;
	const struct backup *backup;
	size_t row;
};

struct join {
	const struct snapshot_sources *sources;
	struct snapshot *rows;
	size_t count;
	struct key *keys; /* one for each backup */
	struct arena arena;
};

enum snapshot_kind backup_kind_of(const struct backup *backup)
{
	if (!strcmp(backup->kots_instance, "true") || *backup->dr_version)
		return SNAPSHOT_FULL;
	return *backup->kots_app_id ? SNAPSHOT_PARTIAL : SNAPSHOT_OTHER;
}

static const char *group_of(const struct backup *backup)
{
	return backup_kind_of(backup) == SNAPSHOT_FULL ? backup->dr_group : "";
}

/* One that waits has no start yet; it belongs on top all the same. */
static int64_t start_of(const struct backup *backup)
{
	return backup->started ? backup->started : backup->object.created;
}

static int compare_ints(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_group(const void *a, const void *b)
{
	const struct backup *left = ((const struct key *)a)->backup,
			    *right = ((const struct key *)b)->backup;
	int order = strcmp(group_of(left), group_of(right));

	if (!order)
		order = compare_ints(start_of(left), start_of(right));
	return order ? order : strcmp(left->object.name, right->object.name);
}

static int by_value(const void *a, const void *b)
{
	return strcmp(((const struct key *)a)->value, ((const struct key *)b)->value);
}

static int newest_first(const void *a, const void *b)
{
	const struct backup *left = ((const struct snapshot *)a)->backup,
			    *right = ((const struct snapshot *)b)->backup;
	int order = compare_ints(start_of(right), start_of(left));

	return order ? order : strcmp(left->object.name, right->object.name);
}

/* What speaks for a group: something still running, then a deletion, then the worst
 * (spec/kots-snapshots.md 3.1). */
static int phase_rank(const char *velero_phase)
{
	struct phase phase = phase_find(PHASE_BACKUP, velero_phase);

	if (!phase.final)
		return phase.health == HEALTH_GONE ? 2 : 3;
	return phase.health == HEALTH_BAD ? 1 : 0;
}

/* Numbers are what a server says they are: never below nothing, never past the end of the number.
 */
static void add_number(int64_t *sum, int64_t number)
{
	if (number > 0)
		*sum = *sum > INT64_MAX - number ? INT64_MAX : *sum + number;
}

static void add_part(struct snapshot *row, const struct backup *backup, int64_t now)
{
	row->parts++;
	if (row->parts == 1) {
		row->backup = backup;
		row->kind = backup_kind_of(backup);
		row->phase = backup->phase;
	}
	if (phase_rank(backup->phase) > phase_rank(row->phase))
		row->phase = backup->phase;
	if (backup->dr_count > row->parts_expected)
		row->parts_expected =
			backup->dr_count < INT32_MAX ? (int32_t)backup->dr_count : INT32_MAX;
	add_number(&row->errors, backup->errors);
	add_number(&row->warnings, backup->warnings);
	if (backup->completed > row->completed)
		row->completed = backup->completed;
	if (backup->expires && (!row->expires || backup->expires < row->expires))
		row->expires = backup->expires;
	if (backup->expires && now >= backup->expires)
		row->expired = true;
}

bool snapshot_holds(const struct snapshot *snapshot, const struct backup *backup)
{
	const char *group = group_of(snapshot->backup);

	return backup == snapshot->backup || (*group && !strcmp(group, group_of(backup)));
}

static const char *label_value(struct arena *arena, const char *name)
{
	struct strbuf value = STRBUF_INIT;
	const char *kept = name;

	object_add_label_value(&value, name);
	if (strcmp(value.buf, name) != 0)
		kept = arena_text(arena, value.buf);
	strbuf_done(&value);
	return kept;
}

static void make_rows(struct join *join)
{
	const struct snapshot_sources *sources = join->sources;
	const struct backup *before = NULL;

	for (size_t i = 0; i < sources->backup_count; i++)
		join->keys[i].backup = (const struct backup *)sources->backups[i];
	qsort(join->keys, sources->backup_count, sizeof(*join->keys), by_group);
	for (size_t i = 0; i < sources->backup_count; i++) {
		const struct backup *backup = join->keys[i].backup;

		if (!before || !*group_of(backup) ||
		    strcmp(group_of(before), group_of(backup)) != 0)
			join->count++;
		join->keys[i].row = join->count - 1;
		add_part(&join->rows[join->count - 1], backup, sources->now);
		before = backup;
	}
}

static void index_keys(struct join *join)
{
	size_t count = join->sources->backup_count;

	for (size_t i = 0; i < count; i++)
		join->keys[i].value = label_value(&join->arena, join->keys[i].backup->object.name);
	qsort(join->keys, count, sizeof(*join->keys), by_value);
}

static struct snapshot *row_of(const struct join *join, const char *value)
{
	const struct key wanted = { .value = value };
	const struct key *found = bsearch(&wanted, join->keys, join->sources->backup_count,
					  sizeof(*join->keys), by_value);

	return found ? &join->rows[found->row] : NULL;
}

static void add_volume(struct snapshot *row, const struct podvolume *volume)
{
	struct phase phase = phase_find(PHASE_VOLUME, volume->phase);

	row->volumes++;
	/* An empty one is restic's (spec/velero-api.md 12, item 26). */
	if (strcmp(row->uploader, "restic") != 0)
		row->uploader = *volume->uploader ? volume->uploader : "restic";
	row->volumes_done += phase.final && phase.health == HEALTH_GOOD;
	row->volumes_failed += phase.final && phase.health == HEALTH_BAD;
	add_number(&row->bytes_done, volume->bytes_done);
	add_number(&row->bytes_total, volume->bytes_total);
	if (volume->bytes_total <= 0 && !phase.final)
		row->totals_known = false;
}

static void add_volumes(struct join *join)
{
	const struct snapshot_sources *sources = join->sources;
	struct snapshot *row = NULL;
	const char *owner = "";

	for (size_t i = 0; i < sources->volume_count; i++) {
		const struct podvolume *volume = (const struct podvolume *)sources->volumes[i];

		if (!*volume->owner)
			continue;
		if (strcmp(owner, volume->owner) != 0)
			row = row_of(join, volume->owner);
		owner = volume->owner;
		if (row)
			add_volume(row, volume);
	}
}

static bool is_newer(const struct object *a, const struct object *b)
{
	return a->created != b->created ? a->created > b->created : strcmp(a->name, b->name) > 0;
}

static void add_deletions(struct join *join)
{
	const struct snapshot_sources *sources = join->sources;
	struct strbuf value = STRBUF_INIT;

	for (size_t i = 0; i < sources->deletion_count; i++) {
		const struct delete_request *request =
			(const struct delete_request *)sources->deletions[i];
		struct snapshot *row;

		strbuf_reset(&value);
		object_add_label_value(&value, request->backup);
		row = row_of(join, value.buf);
		if (row && (!row->deletion || is_newer(&request->object, &row->deletion->object)))
			row->deletion = request;
	}
	strbuf_done(&value);
}

static enum health judge(const struct snapshot *row, const struct snapshot *older)
{
	struct phase phase = phase_find(PHASE_BACKUP, row->phase);

	if (snapshot_is_running(row))
		return row->volumes_failed && phase.health == HEALTH_RUNNING ? HEALTH_WARNING
									     : phase.health;
	if (snapshot_is_undeleted(row))
		return HEALTH_BAD;
	if (snapshot_is_deleting(row))
		return HEALTH_GONE;
	if (row->expired)
		return HEALTH_OFF;
	if (row->parts != row->parts_expected)
		return HEALTH_BAD;
	if (phase.health == HEALTH_GOOD &&
	    ((older && row->warnings > older->warnings) || snapshot_is_empty(row)))
		return HEALTH_WARNING;
	return phase.health;
}

/* Snapshots that can be compared: all full ones, the partial ones of one application, those of one
 * schedule of Velero. */
static const char *series_of(const struct snapshot *row)
{
	switch (row->kind) {
	case SNAPSHOT_PARTIAL:
		return row->backup->kots_app_id;
	case SNAPSHOT_OTHER:
		return row->backup->schedule;
	default:
		return "";
	}
}

static bool is_alone(const struct snapshot *row)
{
	return row->kind == SNAPSHOT_OTHER && !*row->backup->schedule;
}

static bool is_same_series(const struct snapshot *a, const struct snapshot *b)
{
	return a->kind == b->kind && !is_alone(a) && !strcmp(series_of(a), series_of(b));
}

static int by_series(const void *a, const void *b)
{
	const struct snapshot *left = *(struct snapshot *const *)a,
			      *right = *(struct snapshot *const *)b;
	int order = compare_ints(left->kind, right->kind);

	if (!order)
		order = strcmp(series_of(left), series_of(right));
	return order ? order : newest_first(right, left);
}

/* Oldest first within each series: what the last complete one held and complained of is the measure
 * of the next. */
static void compare_with_older(struct join *join)
{
	struct snapshot **order = mem_array(join->count, sizeof(struct snapshot *));
	const struct snapshot *older = NULL;

	for (size_t i = 0; i < join->count; i++)
		order[i] = &join->rows[i];
	qsort(order, join->count, sizeof(struct snapshot *), by_series);
	for (size_t i = 0; i < join->count; i++) {
		struct snapshot *row = order[i];

		if (older && !is_same_series(older, row))
			older = NULL;
		if (row->totals_known && row->bytes_total > 0)
			row->bytes_expected = row->bytes_total;
		else if (older && snapshot_is_running(row))
			row->bytes_expected = older->bytes_done > row->bytes_total
						      ? older->bytes_done
						      : row->bytes_total;
		row->health = judge(row, older);
		if (!strcmp(row->phase, "Completed"))
			older = row;
	}
	free(order);
}

void snapshots_build(const struct snapshot_sources *sources, struct snapshot **ret_rows,
		     size_t *ret_count)
{
	struct join join = { .sources = sources };

	join.rows = mem_array(sources->backup_count, sizeof(*join.rows));
	join.keys = mem_array(sources->backup_count, sizeof(*join.keys));
	for (size_t i = 0; i < sources->backup_count; i++) {
		join.rows[i].parts_expected = 1;
		join.rows[i].uploader = "";
		join.rows[i].volumes_read = sources->volumes_read;
		join.rows[i].totals_known = sources->volumes_read;
	}
	make_rows(&join);
	index_keys(&join);
	add_volumes(&join);
	add_deletions(&join);
	qsort(join.rows, join.count, sizeof(*join.rows), newest_first);
	compare_with_older(&join);
	free(join.keys);
	arena_done(&join.arena);
	*ret_rows = join.rows;
	*ret_count = join.count;
}
