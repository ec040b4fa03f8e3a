#include "backend/practice/seed_snapshots.h"

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/practice/agent_place.h"
#include "backend/practice/kots_backup.h"
#include "backend/practice/repo.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DOUBLINGS 3 /* eight of each: the history needs no more */
#define STATES	  2

static const char *const volumes[] = { "data-postgres-0", "data-clickhouse-0", "uploads",
				       "backup" };
static const char *const state_names[STATES] = { "old", "new" };
static const int state_days[STATES] = { 14, 6 };

struct pool {
	struct seed_snapshot *list;
	size_t count, capacity, taken;
};

struct seed_snapshots {
	struct pool pools[ARRAY_SIZE(volumes)][STATES];
};

/* ---- copying ---- */

struct job {
	struct world *world;
	const struct repo *repo;
	const char *volume;
	struct strbuf folder;
	struct repo_snapshot snapshot;
	struct error err;
	char time[32];
	enum seed_state state;
	enum status st;
};

static void *copy_one(void *arg)
{
	struct job *job = arg;
	char volume[96], state[32];
	const char *tags[] = { volume, state, NULL };
	struct repo_copy copy = { .folder = job->folder.buf, .tags = tags, .time = job->time };

	snprintf(volume, sizeof(volume), "volume=%s", job->volume);
	snprintf(state, sizeof(state), "state=%s", state_names[job->state]);
	job->st = repo_backup(job->repo, &copy, &job->snapshot, &job->err);
	return NULL;
}

/* The folder of the admin console's emptyDir, or of a claim. */
static void add_folder(struct world *world, const char *volume, struct strbuf *out)
{
	struct json *console = world_get(world, "pods", KOTS_NAMESPACE, "kotsadm-0");

	if (strcmp(volume, "backup") != 0 || !world_volume_path(world, console, volume, out))
		world_add_path(world, out, "volumes/" KOTS_NAMESPACE "/%s", volume);
	json_free(console);
}

/* What the hook of the admin console would have left. */
static enum status save_database(struct world *world, struct error *err)
{
	struct strbuf path = STRBUF_INIT;
	enum status st;

	add_folder(world, "backup", &path);
	st = file_make_dirs(path.buf, 0700, err);
	strbuf_adds(&path, "/kotsadm-rqlite.sql");
	if (!st)
		st = kotsdb_save(world->kotsdb, path.buf, err);
	strbuf_done(&path);
	return st;
}

static void set_time(struct job *job, int64_t now)
{
	time_t when = (time_t)(now - (int64_t)state_days[job->state] * 24 * 3600);
	struct tm parts;

	localtime_r(&when, &parts); /* restic reads --time as local time */
	if (strftime(job->time, sizeof(job->time), "%Y-%m-%d %H:%M:%S", &parts) == 0)
		job->time[0] = '\0';
}

/* All volumes at once: restic spends its time on opening the repository. */
static enum status copy_state(struct world *world, const struct repo *repo, enum seed_state state,
			      int64_t now, struct repo_snapshot ret_snapshots[ARRAY_SIZE(volumes)],
			      struct error *err)
{
	struct job jobs[ARRAY_SIZE(volumes)];
	pthread_t threads[ARRAY_SIZE(volumes)];
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(volumes); i++) {
		jobs[i] = (struct job){
			.world = world, .repo = repo, .volume = volumes[i], .state = state
		};
		strbuf_init(&jobs[i].folder);
		add_folder(world, volumes[i], &jobs[i].folder);
		set_time(&jobs[i], now);
		if (pthread_create(&threads[i], NULL, copy_one, &jobs[i]))
			die("no thread for a copy");
	}
	for (i = 0; i < ARRAY_SIZE(volumes); i++) {
		pthread_join(threads[i], NULL);
		ret_snapshots[i] = jobs[i].snapshot;
		if (!st && jobs[i].st) {
			st = jobs[i].st;
			if (err)
				*err = jobs[i].err;
		}
		strbuf_done(&jobs[i].folder);
	}
	return st;
}

/* ---- the pools ---- */

static int index_of(const char *const *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return (int)i;
	}
	return -1;
}

/* "volume" of the tags "volume=uploads"; "" when there is none. */
static const char *tag_value(const struct json *snapshot, const char *key)
{
	const struct json *tag = json_first(json_key(snapshot, "tags"));
	size_t len = strlen(key);

	for (; tag; tag = json_next(tag)) {
		if (strncmp(json_value(tag), key, len) == 0 && json_value(tag)[len] == '=')
			return json_value(tag) + len + 1;
	}
	return "";
}

static void add_to_pool(struct seed_snapshots *snapshots, const struct json *entry,
			struct repo_snapshot sizes[STATES][ARRAY_SIZE(volumes)])
{
	int volume = index_of(volumes, ARRAY_SIZE(volumes), tag_value(entry, "volume"));
	int state = index_of(state_names, STATES, tag_value(entry, "state"));
	struct seed_snapshot *snapshot;
	struct pool *pool;

	if (volume < 0 || state < 0)
		return;
	pool = &snapshots->pools[volume][state];
	pool->list = mem_grow(pool->list, pool->count, &pool->capacity, sizeof(*pool->list));
	snapshot = &pool->list[pool->count++];
	memset(snapshot, 0, sizeof(*snapshot));
	snprintf(snapshot->id, sizeof(snapshot->id), "%s", json_key_text(entry, "id"));
	snprintf(snapshot->path, sizeof(snapshot->path), "/host_pods/volumes/%s", volumes[volume]);
	snapshot->size_bytes = sizes[state][volume].size_bytes;
	snapshot->added_bytes = sizes[state][volume].added_bytes;
}

static enum status fill_pools(const struct repo *repo, struct seed_snapshots *snapshots,
			      struct repo_snapshot sizes[STATES][ARRAY_SIZE(volumes)],
			      struct error *err)
{
	struct json *list = NULL;
	const struct json *entry;
	enum status st = repo_list(repo, &list, err);

	for (entry = json_first(list); entry; entry = json_next(entry))
		add_to_pool(snapshots, entry, sizes);
	json_free(list);
	return st;
}

static enum status copy_both(struct world *world, const struct repo *repo, int64_t now,
			     struct repo_snapshot ret_sizes[STATES][ARRAY_SIZE(volumes)],
			     struct error *err)
{
	static const enum seed_state states[STATES] = { SEED_OLD, SEED_NEW };
	enum status st = save_database(world, err);
	size_t i;

	for (i = 0; i < STATES && !st; i++) {
		st = seed_files(world, states[i], err);
		if (!st)
			st = copy_state(world, repo, states[i], now, ret_sizes[i], err);
	}
	return st;
}

enum status seed_snapshots_make(struct world *world, int64_t now,
				struct seed_snapshots **ret_snapshots, struct error *err)
{
	struct json *location =
		world_get(world, "backupstoragelocations.velero.io", VELERO_NAMESPACE, "default");
	struct seed_snapshots *snapshots = mem_alloc(sizeof(*snapshots));
	struct repo_snapshot sizes[STATES][ARRAY_SIZE(volumes)];
	struct strbuf path = STRBUF_INIT;
	struct repo repo = { NULL, world->password_file };
	char tag[24];
	enum status st;
	int i;

	place_add_repository(world, location, KOTS_NAMESPACE, &path);
	repo.path = path.buf;
	st = place_ensure_repository(world, location, KOTS_NAMESPACE, err);
	if (!st)
		st = copy_both(world, &repo, now, sizes, err);
	for (i = 0; i < DOUBLINGS && !st; i++) {
		snprintf(tag, sizeof(tag), "twin=%d", i);
		st = repo_double(&repo, tag, err);
	}
	if (!st)
		st = fill_pools(&repo, snapshots, sizes, err);
	if (st)
		seed_snapshots_free(snapshots);
	else
		*ret_snapshots = snapshots;
	json_free(location);
	strbuf_done(&path);
	return st;
}

const struct seed_snapshot *seed_snapshots_take(struct seed_snapshots *snapshots,
						const char *volume, enum seed_state state)
{
	int index = index_of(volumes, ARRAY_SIZE(volumes), volume);
	struct pool *pool = index < 0 ? NULL : &snapshots->pools[index][state];

	return pool && pool->taken < pool->count ? &pool->list[pool->taken++] : NULL;
}

void seed_snapshots_free(struct seed_snapshots *snapshots)
{
	size_t i, state;

	for (i = 0; snapshots && i < ARRAY_SIZE(volumes); i++) {
		for (state = 0; state < STATES; state++)
			free(snapshots->pools[i][state].list);
	}
	free(snapshots);
}
