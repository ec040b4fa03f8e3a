/* The admin console's scheduler (spec/kots-snapshots.md 7.4): rows of pending snapshots, looked at
 * each minute while kotsadm runs. */
#include "backend/base/clock.h"
#include "backend/practice/actors.h"
#include "backend/practice/cronline.h"
#include "backend/practice/kots_backup.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define BACKUPS "backups.velero.io"

/* Full snapshots hang on the cluster's row, partial ones on an application's. */
struct queue {
	const char *table, *owner_column;
	const char *owner; /* id of the cluster or the application */
	const char *slug;  /* NULL: full snapshots */
	const char *cron;
};

static struct json *arguments(const char *const *texts)
{
	struct json *list = json_new_list();

	for (; *texts; texts++)
		json_add_text(list, *texts);
	return list;
}

static struct json *pending_rows(struct world *world, const struct queue *queue)
{
	struct strbuf sql = STRBUF_INIT;
	struct json *rows;

	strbuf_addf(&sql,
		    "select id, scheduled_timestamp from %s where %s = ? and backup_name is null",
		    queue->table, queue->owner_column);
	rows = kotsdb_rows(world->kotsdb, sql.buf,
			   arguments((const char *const[]){ queue->owner, NULL }));
	strbuf_done(&sql);
	return rows;
}

/* 32 random letters and digits. */
static void random_id(char ret_id[33])
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	unsigned char bytes[32];
	size_t i;

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		memset(bytes, 0, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++)
		ret_id[i] = alphabet[bytes[i] % (sizeof(alphabet) - 1)];
	ret_id[32] = '\0';
}

static void insert_next(struct world *world, const struct queue *queue)
{
	int64_t next = cronline_next(queue->cron, clock_now());
	struct strbuf sql = STRBUF_INIT;
	struct json *list;
	char id[33];

	if (next == 0)
		return;
	random_id(id);
	list = arguments((const char *const[]){ id, queue->owner, NULL });
	json_add(list, json_new_number((double)next));
	strbuf_addf(&sql, "insert into %s (id, %s, scheduled_timestamp) values (?, ?, ?)",
		    queue->table, queue->owner_column);
	(void)kotsdb_run(world->kotsdb, sql.buf, list, NULL);
	strbuf_done(&sql);
}

/* The row gets the backup's name; other pending ones go; the next one is put in. */
static void note_run(struct world *world, const struct queue *queue, const char *row,
		     const char *backup)
{
	struct strbuf sql = STRBUF_INIT;

	strbuf_addf(&sql, "update %s set backup_name = ? where id = ?", queue->table);
	(void)kotsdb_run(world->kotsdb, sql.buf,
			 arguments((const char *const[]){ backup, row, NULL }), NULL);
	strbuf_reset(&sql);
	strbuf_addf(&sql, "delete from %s where %s = ? and backup_name is null", queue->table,
		    queue->owner_column);
	(void)kotsdb_run(world->kotsdb, sql.buf,
			 arguments((const char *const[]){ queue->owner, NULL }), NULL);
	strbuf_done(&sql);
	insert_next(world, queue);
}

/* Full and partial ones do not block each other. */
static bool is_running(struct world *world, const struct queue *queue)
{
	struct json *list = world_list(world, BACKUPS, VELERO_NAMESPACE, "");
	const struct json *backup;
	bool running = false;

	for (backup = json_first(list); backup; backup = json_next(backup)) {
		const char *phase = object_phase(backup);
		bool ours = queue->slug ? strcmp(object_annotation(backup, "kots.io/app-id"),
						 queue->owner) == 0
					: strcmp(object_annotation(backup, "kots.io/instance"),
						 "true") == 0;

		running = running || (ours && (!*phase || strcmp(phase, "New") == 0 ||
					       strcmp(phase, "InProgress") == 0));
	}
	json_free(list);
	return running;
}

static void run_due(struct world *world, const struct queue *queue, const char *row)
{
	struct kots_request request = { "schedule", clock_now(), -1, NULL };
	struct json *backup = queue->slug ? kots_backup_app(world, queue->slug, &request)
					  : kots_backup_full(world, &request);
	struct json *made = backup ? world_create(world, BACKUPS, backup, NULL) : NULL;

	if (made)
		note_run(world, queue, row, object_name(made));
	json_free(made);
}

static void look_at(struct world *world, const struct queue *queue)
{
	struct json *rows;
	const struct json *first;

	if (!*queue->cron)
		return;
	rows = pending_rows(world, queue);
	first = json_first(rows);
	if (!first)
		insert_next(world, queue);
	else if (json_int(first, "scheduled_timestamp", 0) <= clock_now() &&
		 !is_running(world, queue))
		run_due(world, queue, json_key_text(first, "id"));
	json_free(rows);
}

static void look_at_cluster(struct world *world)
{
	struct json *rows =
		kotsdb_rows(world->kotsdb, "select id, snapshot_schedule from cluster", NULL);
	const struct json *row = json_first(rows);
	struct queue queue = { "scheduled_instance_snapshots", "cluster_id",
			       json_key_text(row, "id"), NULL,
			       json_key_text(row, "snapshot_schedule") };

	if (row)
		look_at(world, &queue);
	json_free(rows);
}

static void look_at_apps(struct world *world)
{
	struct json *apps = kots_apps(world);
	const struct json *app;

	for (app = json_first(apps); app; app = json_next(app)) {
		struct queue queue = { "scheduled_snapshots", "app_id", json_key_text(app, "id"),
				       json_key_text(app, "slug"), json_key_text(app, "cron") };

		if (!*json_key_text(app, "restoring"))
			look_at(world, &queue);
	}
	json_free(apps);
}

static int step(struct world *world)
{
	if (world_pod_runs(world, KOTS_NAMESPACE, "app=kotsadm")) {
		look_at_cluster(world);
		look_at_apps(world);
	}
	/* The real one looks each minute; a run that is due should not be waited for that long. */
	return world->fast ? 500 : 10000;
}

const struct actor actor_kots = { "kots", false, NULL, step, NULL };
