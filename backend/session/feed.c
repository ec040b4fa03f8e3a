#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/session/worker.h"
#include "backend/velero/location.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROWS 60

#define DECODER(type)                                                                              \
	static const struct object *decode_##type(const struct json *json, struct error *err)      \
	{                                                                                          \
		const struct type *decoded = type##_decode(json, err);                             \
                                                                                                   \
		return decoded ? &decoded->object : NULL;                                          \
	}
DECODER(backup)
DECODER(podvolume)
DECODER(restore)
DECODER(location)
DECODER(repository)
DECODER(schedule)
DECODER(delete_request)

static const struct {
	const struct kube_kind *kind;
	const char *what;
	const struct object *(*decode)(const struct json *json, struct error *err);
} kinds[COLLECTIONS] = {
	[COLLECTION_BACKUPS] = { &backup_kind, "backups", decode_backup },
	[COLLECTION_POD_VOLUME_BACKUPS] = { &podvolumebackup_kind, "pod volume backups",
					    decode_podvolume },
	[COLLECTION_RESTORES] = { &restore_kind, "restores", decode_restore },
	[COLLECTION_POD_VOLUME_RESTORES] = { &podvolumerestore_kind, "pod volume restores",
					     decode_podvolume },
	[COLLECTION_LOCATIONS] = { &location_kind, "backup storage locations", decode_location },
	[COLLECTION_REPOSITORIES] = { &repository_kind, "backup repositories", decode_repository },
	[COLLECTION_SCHEDULES] = { &schedule_kind, "schedules", decode_schedule },
	[COLLECTION_DELETE_REQUESTS] = { &delete_request_kind, "delete requests",
					 decode_delete_request },
};

static void start_one(struct worker *worker, enum collection which);

/* Pod volume backups are the largest list: they are asked for once the first snapshots stand on the
 * screen, or will never. */
static void start_volumes(struct feed *feed)
{
	if (feed->which == COLLECTION_BACKUPS &&
	    !feed->worker->feeds[COLLECTION_POD_VOLUME_BACKUPS].watch)
		start_one(feed->worker, COLLECTION_POD_VOLUME_BACKUPS);
}

static struct feed_state *state_of(const struct feed *feed)
{
	return &feed->worker->states[feed->which];
}

static void begin(void *arg)
{
	struct feed *feed = arg;

	list_edit_begin(feed->edit);
}

/* A whole first list may come in one turn of curl: the rows that fill a screen are not held back
 * until its end. And before a long list takes memory, the start gives back what it took. */
static void show_first_rows(struct feed *feed)
{
	if (state_of(feed)->shown.ever || list_edit_count(feed->edit) != FIRST_ROWS ||
	    feed->which != COLLECTION_BACKUPS)
		return;
	publish(feed->worker);
	mem_rest();
	start_volumes(feed);
}

static void item(void *arg, enum watch_event event, const struct json *json)
{
	struct feed *feed = arg;
	const struct object *object;
	struct error err = ERROR_INIT;

	if (event == WATCH_DELETED) {
		list_edit_remove(feed->edit, json_text(json, "metadata.uid"));
	} else {
		object = kinds[feed->which].decode(json, &err);
		if (!object) {
			log_line("watch", "%s: left out: %s", kinds[feed->which].what, err.text);
			return;
		}
		list_edit_put(feed->edit, object);
	}
	feed_state_item(state_of(feed), list_edit_count(feed->edit));
	worker_touch(feed->worker);
	show_first_rows(feed);
}

static void listed(void *arg)
{
	struct feed *feed = arg;

	list_edit_end(feed->edit);
	if (feed_state_listed(state_of(feed), clock_now()) || list_edit_changed(feed->edit))
		worker_touch(feed->worker);
	start_volumes(feed);
}

static void state_changed(void *arg, const struct watch_state *watch)
{
	struct feed *feed = arg;

	if (feed_state_watch(state_of(feed), watch, clock_now()))
		worker_touch(feed->worker);
	if (watch->phase == WATCH_FORBIDDEN || watch->phase == WATCH_ABSENT)
		start_volumes(feed);
}

static void start_one(struct worker *worker, enum collection which)
{
	struct feed *feed = &worker->feeds[which];
	struct strbuf what = STRBUF_INIT;
	struct watch_spec spec = { .kind = *kinds[which].kind,
				   .namespace = worker->namespace,
				   .begin = begin,
				   .item = item,
				   .listed = listed,
				   .state = state_changed,
				   .arg = feed };

	strbuf_addf(&what, "%s in %s", kinds[which].what, worker->namespace);
	spec.what = what.buf;
	feed->watch = watch_start(worker->client, &spec);
	strbuf_done(&what);
}

void feeds_init(struct worker *worker)
{
	for (int i = 0; i < COLLECTIONS; i++)
		worker->feeds[i] = (struct feed){ .worker = worker,
						  .which = (enum collection)i,
						  .edit = list_edit_new(),
						  .list = list_empty() };
}

void feeds_start(struct worker *worker)
{
	for (int i = 0; i < COLLECTIONS; i++)
		if (i != COLLECTION_POD_VOLUME_BACKUPS)
			start_one(worker, (enum collection)i);
}

void feeds_stop(struct worker *worker)
{
	for (int i = 0; i < COLLECTIONS; i++) {
		watch_stop(worker->feeds[i].watch);
		worker->feeds[i].watch = NULL;
	}
}

void feeds_restart(struct worker *worker, const char *namespace)
{
	feeds_stop(worker);
	free(worker->namespace);
	worker->namespace = mem_text(namespace);
	for (int i = 0; i < COLLECTIONS; i++) {
		list_edit_begin(worker->feeds[i].edit);
		list_edit_end(worker->feeds[i].edit);
		/* Volumes are published once they are read: not those of the other namespace. */
		list_unref(worker->feeds[i].list);
		worker->feeds[i].list = list_empty();
		worker->states[i] = (struct feed_state){ 0 };
	}
	feeds_start(worker);
	worker_touch(worker);
}

void feeds_retry(struct worker *worker)
{
	for (int i = 0; i < COLLECTIONS; i++)
		if (worker->feeds[i].watch)
			watch_retry_now(worker->feeds[i].watch);
	if (worker->record_watch)
		watch_retry_now(worker->record_watch);
}

void feeds_done(struct worker *worker)
{
	feeds_stop(worker);
	for (int i = 0; i < COLLECTIONS; i++) {
		list_edit_free(worker->feeds[i].edit);
		list_unref(worker->feeds[i].list);
	}
}
