#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/kots/labels.h"
#include "backend/ops/holder.h"
#include "backend/ops/op_words.h"
#include "backend/session/worker.h"

#include <stdlib.h>
#include <string.h>

/* A record that somebody else writes goes stale without any event: it is looked at again after this
 * time. */
#define LOOK_AGAIN_MS 5000

static const struct kube_kind config_map_kind = { "", "v1", "configmaps" };

static struct record *find_uid(struct worker *worker, const char *uid)
{
	for (size_t i = 0; i < worker->record_count; i++)
		if (!strcmp(worker->records[i].uid, uid))
			return &worker->records[i];
	return NULL;
}

/* "2026-11-21T02:14:31Z": in order of time as texts. */
static const char *made_at(const struct record *record)
{
	return json_text(record->config_map, "metadata.creationTimestamp");
}

static void record_done(struct record *record)
{
	free(record->uid);
	json_free(record->config_map);
}

static void remove_at(struct worker *worker, size_t index)
{
	record_done(&worker->records[index]);
	worker->records[index] = worker->records[--worker->record_count];
	worker_touch(worker);
}

static void begin(void *arg)
{
	struct worker *worker = arg;

	for (size_t i = 0; i < worker->record_count; i++)
		worker->records[i].seen_in_list = false;
}

/* The place for a further record; of too many the oldest goes. */
static struct record *make_room(struct worker *worker)
{
	struct record *oldest = worker->records;

	if (worker->record_count < RECORDS_MOST) {
		worker->records = mem_grow(worker->records, worker->record_count,
					   &worker->record_capacity, sizeof(*worker->records));
		return &worker->records[worker->record_count++];
	}
	for (size_t i = 1; i < worker->record_count; i++)
		if (strcmp(made_at(&worker->records[i]), made_at(oldest)) < 0)
			oldest = &worker->records[i];
	record_done(oldest);
	return oldest;
}

static const char *version_of(const struct json *config_map)
{
	return json_text(config_map, "metadata.resourceVersion");
}

/* Only what changes before our eyes is a sign of life: a list after a gap is a first sight. */
static void note_life(const struct worker *worker, struct record *record,
		      const struct json *config_map)
{
	bool changed = strcmp(version_of(record->config_map), version_of(config_map)) != 0;

	if (!record->config_map || changed)
		record->seen_ms = clock_monotonic_ms();
	if (record->config_map && changed)
		record->was_renewed = worker->records_live;
}

static void put(struct worker *worker, const char *uid, const struct json *config_map)
{
	struct record *record = find_uid(worker, uid);

	if (!record) {
		record = make_room(worker);
		*record = (struct record){ .uid = mem_text(uid) };
	}
	note_life(worker, record, config_map);
	json_free(record->config_map);
	record->config_map = json_clone(config_map);
	record->seen_in_list = true;
	worker_touch(worker);
}

static void item(void *arg, enum watch_event event, const struct json *json)
{
	struct worker *worker = arg;
	const char *uid = json_text(json, "metadata.uid");
	struct record *record;

	if (event != WATCH_DELETED) {
		put(worker, uid, json);
		return;
	}
	record = find_uid(worker, uid);
	if (record)
		remove_at(worker, (size_t)(record - worker->records));
}

static void listed(void *arg)
{
	struct worker *worker = arg;

	worker->records_read = true;
	worker_touch(worker);
	for (size_t i = worker->record_count; i-- > 0;)
		if (!worker->records[i].seen_in_list)
			remove_at(worker, i);
}

static void state_changed(void *arg, const struct watch_state *state)
{
	struct worker *worker = arg;

	/* Who may not read them is told nothing of them, and waits for nothing. */
	if (state->phase == WATCH_FORBIDDEN)
		worker->records_read = true;
	if (state->phase == WATCH_LIVE || state->phase == WATCH_POLLING) {
		for (size_t i = 0; !worker->records_live && i < worker->record_count; i++)
			worker->records[i].seen_ms = clock_monotonic_ms();
		worker->records_live = true;
	} else if (state->phase != WATCH_LISTING) {
		worker->records_live = false;
	}
	if (state->phase != WATCH_LISTING && state->phase != WATCH_LIVE)
		log_line("watch", "records of operations: %s", state->why.text);
}

void records_start(struct worker *worker)
{
	struct watch_spec spec = { .kind = config_map_kind,
				   .namespace = worker->namespace,
				   .label_selector = KOTSNAP_OPERATION,
				   .what = "records of operations",
				   .begin = begin,
				   .item = item,
				   .listed = listed,
				   .state = state_changed,
				   .arg = worker };

	worker->record_watch = watch_start(worker->client, &spec);
}

void records_stop(struct worker *worker)
{
	watch_stop(worker->record_watch);
	worker->record_watch = NULL;
	if (worker->record_timer)
		transport_cancel_timer(worker->transport, worker->record_timer);
	worker->record_timer = 0;
	for (size_t i = 0; i < worker->record_count; i++)
		record_done(&worker->records[i]);
	free(worker->records);
	worker->records = NULL;
	worker->record_count = worker->record_capacity = 0;
}

const struct json *records_find(const struct worker *worker, const char *id)
{
	for (size_t i = 0; i < worker->record_count; i++)
		if (!strcmp(json_text(worker->records[i].config_map,
				      "metadata.labels.[" KOTSNAP_OPERATION "]"),
			    id))
			return worker->records[i].config_map;
	return NULL;
}

/* Ours is the better witness, but for one that stopped here and went on elsewhere. */
static bool is_shown(const struct op_view **views, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(views[i]->id, id) && views[i]->state != OP_UNFINISHED)
			return true;
	return false;
}

static void look_again(void *arg)
{
	struct worker *worker = arg;

	worker->record_timer = 0;
	worker_touch(worker);
}

static void drop_view(const struct op_view **views, size_t *count, const char *id)
{
	for (size_t i = 0; i < *count; i++) {
		if (strcmp(views[i]->id, id) != 0)
			continue;
		op_view_unref(views[i]);
		views[i] = views[--*count];
		return;
	}
}

void record_judge(const struct worker *worker, struct journal_entry *entry)
{
	entry->is_gone = holder_process_is_gone(entry->process);
	for (size_t i = 0; i < worker->record_count; i++) {
		const struct record *record = &worker->records[i];

		if (strcmp(json_text(record->config_map, "metadata.labels.[" KOTSNAP_OPERATION "]"),
			   entry->id) != 0)
			continue;
		entry->was_renewed = record->was_renewed;
		if (worker->records_live)
			entry->still_ms = clock_monotonic_ms() - record->seen_ms;
	}
}

void records_add_views(struct worker *worker, const struct op_view **views, size_t *count,
		       int64_t now)
{
	bool somebody_works = false;

	for (size_t i = 0; i < worker->record_count; i++) {
		struct journal_entry entry = { 0 };
		struct error err = ERROR_INIT;
		enum status st =
			journal_from_config_map(worker->records[i].config_map, &entry, &err);

		if (st && st != STATUS_UNSUPPORTED)
			log_line("op", "%s", err.text);
		if (st && st != STATUS_UNSUPPORTED)
			continue;
		if (!is_shown(views, *count, entry.id)) {
			drop_view(views, count, entry.id);
			record_judge(worker, &entry);
			views[(*count)++] = journal_view(&entry, now);
			somebody_works = somebody_works || views[*count - 1]->state == OP_RUNNING;
		}
		journal_entry_done(&entry);
	}
	if (somebody_works && !worker->record_timer)
		worker->record_timer =
			transport_after(worker->transport, LOOK_AGAIN_MS, look_again, worker);
}

struct writing {
	struct worker *worker;
	uint64_t ticket;
	const char *done; /* what is said then */
};

static void written(void *arg, const struct json *reply, const struct error *err)
{
	struct writing *writing = arg;

	(void)reply;
	if (err)
		request_failed(writing->worker, writing->ticket, err);
	else
		request_event(writing->worker, EVENT_DONE, writing->ticket, writing->done);
	writing->worker->writing = NULL;
	free(writing);
}

/* The resource version makes it fail when somebody has taken the operation over meanwhile. */
static struct json *closing_patch(const struct json *config_map, struct error *err)
{
	const char *text = json_text(config_map, "data.record");
	struct json *record = json_parse(text, strlen(text), err), *patch;
	struct strbuf printed = STRBUF_INIT;

	if (!record)
		return NULL;
	json_put_text(record, "state", "closed");
	json_print(record, &printed);
	patch = json_new_map();
	json_put_path(patch, "data.record", json_new_text(printed.buf));
	json_put_path(patch, "metadata.resourceVersion", json_new_text(version_of(config_map)));
	json_free(record);
	strbuf_done(&printed);
	return patch;
}

static const struct json *find_to_write(const struct worker *worker, const char *id,
					struct error *err)
{
	const struct json *config_map = records_find(worker, id);

	if (worker->writing) {
		error_set(err, STATUS_REFUSED, "another record is being written");
		return NULL;
	}
	if (!config_map)
		error_set(err, STATUS_NOT_FOUND, "there is no record of an operation %s", id);
	return config_map;
}

static void send(struct worker *worker, const struct json *config_map, const struct json *patch,
		 const struct writing *writing)
{
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .method = "PATCH",
				    .body = patch,
				    .content_type = "application/merge-patch+json",
				    .what = "write the record of an operation" };

	worker->writing = mem_alloc(sizeof(*worker->writing));
	*worker->writing = *writing;
	client_add_path(&path, &config_map_kind, json_text(config_map, "metadata.namespace"),
			json_text(config_map, "metadata.name"));
	call.path = path.buf;
	worker->writing_call = client_call(worker->client, &call, written, worker->writing);
	strbuf_done(&path);
}

void record_close(struct worker *worker, uint64_t ticket, const char *id)
{
	struct error err = ERROR_INIT;
	const struct json *config_map = find_to_write(worker, id, &err);
	struct json *patch = config_map ? closing_patch(config_map, &err) : NULL;

	if (patch)
		send(worker, config_map, patch,
		     &(struct writing){ worker, ticket, "The record is closed." });
	else
		request_failed(worker, ticket, &err);
	json_free(patch);
}

void record_ask_stop(struct worker *worker, uint64_t ticket, const char *id)
{
	struct error err = ERROR_INIT;
	const struct json *config_map = find_to_write(worker, id, &err);
	struct json *patch;

	if (!config_map) {
		request_failed(worker, ticket, &err);
		return;
	}
	patch = journal_stop_patch(config_map, op_owner(&worker->world));
	send(worker, config_map, patch,
	     &(struct writing){ worker, ticket,
				"Asked to stop: who drives it hears it within 10 s, and leaves it "
				"as it is then." });
	json_free(patch);
}

void record_write_stop(struct worker *worker)
{
	if (worker->writing)
		client_cancel(worker->client, worker->writing_call);
	free(worker->writing);
	worker->writing = NULL;
}
