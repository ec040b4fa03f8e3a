#include "backend/practice/objects.h"

#include "backend/base/mem.h"
#include "backend/practice/objects_rows.h"
#include "backend/practice/objects_sql.h"
#include "backend/practice/selector.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Events kept for watches; pruned when it is exceeded by a fifth, so that not every write prunes.
 */
#define HISTORY_WINDOW 10000
#define CHANGES_MAX    500

static const char *const event_names[] = {
	[ROW_ADDED] = "ADDED",
	[ROW_MODIFIED] = "MODIFIED",
	[ROW_DELETED] = "DELETED",
};

struct objects {
	pthread_mutex_t lock; /* recursive: objects_begin() holds it over the writes inside */
	pthread_cond_t changed;
	sqlite3 *db;
	sqlite3_stmt *stmt[STATEMENTS];
	unsigned depth;
	int64_t version; /* of the last write */
	int64_t saved;	 /* the version on disk: reading writes nothing */
	int64_t oldest;	 /* events after this one are in the history */
	unsigned wakes;
	int64_t written[KIND_MAX + 1]; /* by kind: the version of its last write */
};

static enum status db_error(struct objects *objects, struct error *err)
{
	error_set(err, STATUS_SYSTEM, "practice objects: %s", sqlite3_errmsg(objects->db));
	error_hint(err, "is the disk full, or the folder not writable?");
	return STATUS_SYSTEM;
}

static sqlite3_stmt *ready(struct objects *objects, enum statement which)
{
	sqlite3_stmt *stmt = objects->stmt[which];

	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return stmt;
}

static void bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
	sqlite3_bind_text(stmt, at, text, -1, SQLITE_STATIC);
}

static sqlite3_stmt *ready_key(struct objects *objects, enum statement which,
			       const struct object_key *key)
{
	sqlite3_stmt *stmt = ready(objects, which);

	bind_text(stmt, 1, key->resource);
	bind_text(stmt, 2, key->namespace);
	bind_text(stmt, 3, key->name);
	return stmt;
}

/* Runs a statement without rows. The reset matters: a statement in the middle keeps its transaction
 * open. */
static enum status run(struct objects *objects, sqlite3_stmt *stmt, struct error *err)
{
	enum status st = STATUS_OK;

	if (sqlite3_step(stmt) != SQLITE_DONE)
		st = db_error(objects, err);
	sqlite3_reset(stmt);
	return st;
}

static const char *column(sqlite3_stmt *stmt, int at)
{
	const char *text = (const char *)sqlite3_column_text(stmt, at);

	return text ? text : "";
}

static int64_t get_meta(struct objects *objects, const char *key)
{
	sqlite3_stmt *stmt = ready(objects, STMT_GET_META);
	int64_t value = 0;

	bind_text(stmt, 1, key);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return value;
}

static enum status set_meta(struct objects *objects, const char *key, int64_t value,
			    struct error *err)
{
	sqlite3_stmt *stmt = ready(objects, STMT_SET_META);

	bind_text(stmt, 1, key);
	sqlite3_bind_int64(stmt, 2, value);
	return run(objects, stmt, err);
}

/* ---- opening ---- */

static void init_lock(struct objects *objects)
{
	pthread_mutexattr_t recursive;
	pthread_condattr_t monotonic;

	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&objects->lock, &recursive);
	pthread_mutexattr_destroy(&recursive);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&objects->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

static enum status open_database(struct objects *objects, const char *path, struct error *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
	size_t i;

	if (sqlite3_open_v2(path, &objects->db, flags, NULL) != SQLITE_OK)
		return db_error(objects, err);
	/* Secrets lie in it. */
	if (chmod(path, 0600) && errno != ENOENT)
		return error_errno(err, errno, "make %s private", path);
	sqlite3_busy_timeout(objects->db, 5000);
	if (sqlite3_exec(objects->db, objects_sql_schema, NULL, NULL, NULL) != SQLITE_OK)
		return db_error(objects, err);
	for (i = 0; i < STATEMENTS; i++) {
		if (sqlite3_prepare_v3(objects->db, objects_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
				       &objects->stmt[i], NULL) != SQLITE_OK)
			return db_error(objects, err);
	}
	return STATUS_OK;
}

enum status objects_open(const char *path, struct objects **ret_objects, struct error *err)
{
	struct objects *objects = mem_alloc(sizeof(*objects));
	enum status st;

	init_lock(objects);
	st = open_database(objects, path, err);
	if (st) {
		error_wrap(err, "open %s", path);
		objects_close(objects);
		return st;
	}
	objects->version = objects->saved = get_meta(objects, "version");
	objects->oldest = get_meta(objects, "oldest");
	*ret_objects = objects;
	return STATUS_OK;
}

void objects_close(struct objects *objects)
{
	size_t i;

	if (!objects)
		return;
	for (i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(objects->stmt[i]);
	sqlite3_close(objects->db);
	pthread_cond_destroy(&objects->changed);
	pthread_mutex_destroy(&objects->lock);
	free(objects);
}

/* ---- writing ---- */

enum status rows_begin(struct objects *objects, struct error *err)
{
	enum status st;

	pthread_mutex_lock(&objects->lock);
	st = run(objects, ready(objects, STMT_BEGIN), err);
	if (st) {
		pthread_mutex_unlock(&objects->lock);
		return st;
	}
	objects->depth++;
	return STATUS_OK;
}

enum status rows_end(struct objects *objects, enum status st, struct error *err)
{
	enum status kept = STATUS_OK;

	if (!st && objects->depth == 1 && objects->version != objects->saved)
		st = set_meta(objects, "version", objects->version, err);
	if (!st)
		st = kept = run(objects, ready(objects, STMT_KEEP), err);
	if (st) {
		run(objects, ready(objects, STMT_UNDO), NULL);
		run(objects, ready(objects, STMT_KEEP), NULL);
		/* Numbers taken inside stay taken while an outer step goes on: gaps are fine, twins
		 * are not. */
		if (objects->depth == 1) {
			objects->version = get_meta(objects, "version");
			objects->oldest = get_meta(objects, "oldest");
		}
	}
	if (--objects->depth == 0) {
		if (objects->saved != objects->version)
			pthread_cond_broadcast(&objects->changed);
		objects->saved = objects->version;
	}
	pthread_mutex_unlock(&objects->lock);
	return kept ? kept : st;
}

enum status rows_read(struct objects *objects, const struct object_key *key,
		      struct json **ret_object, struct error *err)
{
	sqlite3_stmt *stmt = ready_key(objects, STMT_READ, key);
	enum status st = STATUS_OK;
	int step = sqlite3_step(stmt);

	if (step == SQLITE_ROW) {
		*ret_object =
			json_parse(column(stmt, 0), (size_t)sqlite3_column_bytes(stmt, 0), err);
		if (!*ret_object)
			st = error_wrap(err, "stored %s", key->resource);
	} else if (step == SQLITE_DONE) {
		*ret_object = NULL;
	} else {
		st = db_error(objects, err);
	}
	sqlite3_reset(stmt);
	return st;
}

static enum status write_owners(struct objects *objects, const struct object_key *key,
				const struct json *object, struct error *err)
{
	const struct json *owner;
	enum status st = run(objects, ready_key(objects, STMT_UNOWN, key), err);

	for (owner = json_first(json_get(object, "metadata.ownerReferences")); owner && !st;
	     owner = json_next(owner)) {
		sqlite3_stmt *stmt = ready_key(objects, STMT_OWN, key);

		bind_text(stmt, 4, json_key_text(owner, "uid"));
		st = run(objects, stmt, err);
	}
	return st;
}

static void print_labels(const struct json *object, struct strbuf *out)
{
	const struct json *labels = json_get(object, "metadata.labels");

	if (json_count(labels))
		json_print(labels, out);
}

static enum status prune_history(struct objects *objects, struct error *err)
{
	sqlite3_stmt *stmt;
	enum status st;

	if (objects->version - objects->oldest < HISTORY_WINDOW + HISTORY_WINDOW / 5)
		return STATUS_OK;
	objects->oldest = objects->version - HISTORY_WINDOW;
	stmt = ready(objects, STMT_PRUNE);
	sqlite3_bind_int64(stmt, 1, objects->oldest);
	st = run(objects, stmt, err);
	return st ? st : set_meta(objects, "oldest", objects->oldest, err);
}

/* The text of the object, its labels and those it had. */
struct row_texts {
	struct strbuf json, labels, old_labels;
};

static enum status write_row(struct objects *objects, const struct object_key *key,
			     enum row_event event, const struct json *object,
			     const struct row_texts *texts, struct error *err)
{
	sqlite3_stmt *stmt;
	enum status st;

	if (event == ROW_DELETED) {
		st = run(objects, ready_key(objects, STMT_REMOVE, key), err);
		return st ? st : run(objects, ready_key(objects, STMT_UNOWN, key), err);
	}
	stmt = ready_key(objects, STMT_WRITE, key);
	bind_text(stmt, 4, json_text(object, "metadata.uid"));
	bind_text(stmt, 5, texts->labels.buf);
	bind_text(stmt, 6, texts->json.buf);
	st = run(objects, stmt, err);
	return st ? st : write_owners(objects, key, object, err);
}

enum status rows_write(struct objects *objects, const struct object_key *key, enum row_event event,
		       struct json *object, const struct json *previous, struct error *err)
{
	struct row_texts texts = { STRBUF_INIT, STRBUF_INIT, STRBUF_INIT };
	char version[24];
	sqlite3_stmt *stmt;
	enum status st;

	snprintf(version, sizeof(version), "%" PRId64, ++objects->version);
	objects->written[kind_index(key->resource)] = objects->version;
	json_put_path(object, "metadata.resourceVersion", json_new_text(version));
	json_print(object, &texts.json);
	print_labels(object, &texts.labels);
	print_labels(previous, &texts.old_labels);
	st = write_row(objects, key, event, object, &texts, err);
	if (st)
		goto out;
	stmt = ready_key(objects, STMT_NOTE, key);
	sqlite3_bind_int64(stmt, 4, objects->version);
	sqlite3_bind_int(stmt, 5, (int)event);
	bind_text(stmt, 6, texts.labels.buf);
	if (previous)
		bind_text(stmt, 7, texts.old_labels.buf);
	bind_text(stmt, 8, texts.json.buf);
	st = run(objects, stmt, err);
	if (!st)
		st = prune_history(objects, err);
out:
	strbuf_done(&texts.json);
	strbuf_done(&texts.labels);
	strbuf_done(&texts.old_labels);
	return st;
}

static enum status read_keys(struct objects *objects, sqlite3_stmt *stmt, struct json **ret_keys,
			     struct error *err)
{
	struct json *keys = json_new_list();
	int step;

	while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct json *key = json_add(keys, json_new_map());

		json_put_text(key, "resource", column(stmt, 0));
		json_put_text(key, "namespace", column(stmt, 1));
		json_put_text(key, "name", column(stmt, 2));
	}
	sqlite3_reset(stmt);
	if (step != SQLITE_DONE) {
		json_free(keys);
		return db_error(objects, err);
	}
	*ret_keys = keys;
	return STATUS_OK;
}

enum status rows_dependants(struct objects *objects, const char *uid, struct json **ret_keys,
			    struct error *err)
{
	sqlite3_stmt *stmt = ready(objects, STMT_DEPENDANTS);

	bind_text(stmt, 1, uid);
	return read_keys(objects, stmt, ret_keys, err);
}

enum status rows_in_namespace(struct objects *objects, const char *namespace,
			      struct json **ret_keys, struct error *err)
{
	sqlite3_stmt *stmt = ready(objects, STMT_CONTENTS);

	bind_text(stmt, 1, namespace);
	return read_keys(objects, stmt, ret_keys, err);
}

/* ---- lists ---- */

static sqlite3_stmt *ready_page(struct objects *objects, enum statement which,
				const struct objects_query *query, const struct objects_page *page)
{
	sqlite3_stmt *stmt = ready_key(objects, which, &query->key);
	const char *after_namespace = query->after_namespace ? query->after_namespace : "";
	const char *after_name = query->after_name ? query->after_name : "";

	bind_text(stmt, 4, page->last_name ? page->last_namespace : after_namespace);
	bind_text(stmt, 5, page->last_name ? page->last_name : after_name);
	return stmt;
}

static void count_remaining(struct objects *objects, const struct objects_query *query,
			    struct objects_page *page)
{
	sqlite3_stmt *stmt = ready_page(objects, STMT_COUNT, query, page);

	if (sqlite3_step(stmt) == SQLITE_ROW)
		page->remaining = (size_t)sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
}

/* Adds rows until the page is full. True when it is, and another row follows. */
static bool fill_page(sqlite3_stmt *stmt, const struct objects_query *query,
		      struct objects_page *page, int *ret_step)
{
	char *namespace = NULL, *name = NULL;
	bool more = false;

	while ((*ret_step = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (!selector_matches_label_text(query->labels, column(stmt, 2)) ||
		    !selector_matches_object_text(query->fields, column(stmt, 3)))
			continue;
		more = query->limit && page->count == query->limit;
		if (more)
			break;
		if (page->count++)
			strbuf_addc(&page->items, ',');
		strbuf_add(&page->items, column(stmt, 3), (size_t)sqlite3_column_bytes(stmt, 3));
		if (query->limit && page->count == query->limit) {
			namespace = mem_text(column(stmt, 0));
			name = mem_text(column(stmt, 1));
		}
	}
	if (more) {
		page->last_namespace = namespace;
		page->last_name = name;
	} else {
		free(namespace);
		free(name);
	}
	return more;
}

enum status objects_list_text(struct objects *objects, const struct objects_query *query,
			      struct objects_page *page, struct error *err)
{
	enum status st = STATUS_OK;
	sqlite3_stmt *stmt;
	int step;

	pthread_mutex_lock(&objects->lock);
	page->count = page->remaining = 0;
	page->last_namespace = page->last_name = NULL;
	stmt = ready_page(objects, STMT_LIST, query, page);
	if (fill_page(stmt, query, page, &step)) {
		sqlite3_reset(stmt);
		count_remaining(objects, query, page);
	} else if (step != SQLITE_DONE) {
		st = db_error(objects, err);
	}
	sqlite3_reset(stmt);
	page->version = objects->version;
	pthread_mutex_unlock(&objects->lock);
	return st;
}

/* ---- changes ---- */

static int64_t locked(struct objects *objects, const int64_t *value)
{
	int64_t copy;

	pthread_mutex_lock(&objects->lock);
	copy = *value;
	pthread_mutex_unlock(&objects->lock);
	return copy;
}

int64_t objects_version(struct objects *objects)
{
	return locked(objects, &objects->version);
}

int64_t objects_written(struct objects *objects, const char *resource)
{
	return locked(objects, &objects->written[kind_index(resource)]);
}

int64_t objects_oldest(struct objects *objects)
{
	return locked(objects, &objects->oldest);
}

const char *rows_path(struct objects *objects)
{
	return sqlite3_db_filename(objects->db, "main");
}

bool objects_wait(struct objects *objects, int64_t since, int timeout_ms)
{
	struct timespec until;
	unsigned wakes;
	bool above;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&objects->lock);
	wakes = objects->wakes;
	while (objects->version <= since && objects->wakes == wakes &&
	       pthread_cond_timedwait(&objects->changed, &objects->lock, &until) == 0)
		continue;
	above = objects->version > since;
	pthread_mutex_unlock(&objects->lock);
	return above;
}

void objects_wake(struct objects *objects)
{
	pthread_mutex_lock(&objects->lock);
	objects->wakes++;
	pthread_cond_broadcast(&objects->changed);
	pthread_mutex_unlock(&objects->lock);
}

/* What this event means to somebody who sees only what the selectors let through. */
static bool seen_event(sqlite3_stmt *stmt, const struct objects_query *query,
		       enum row_event *ret_event)
{
	enum row_event event = (enum row_event)sqlite3_column_int(stmt, 1);
	bool is, was;

	if (!selector_matches_object_text(query->fields, column(stmt, 4)))
		return false;
	*ret_event = event;
	if (!query->labels)
		return true;
	is = event != ROW_DELETED && selector_matches_label_text(query->labels, column(stmt, 2));
	was = event != ROW_ADDED && selector_matches_label_text(query->labels, column(stmt, 3));
	*ret_event = !was ? ROW_ADDED : is ? ROW_MODIFIED : ROW_DELETED;
	return is || was;
}

enum status objects_changes_text(struct objects *objects, const struct objects_query *query,
				 int64_t since, struct strbuf *out, int64_t *ret_version,
				 struct error *err)
{
	bool all = !*query->key.resource;
	enum status st = STATUS_OK;
	sqlite3_stmt *stmt;
	enum row_event event;
	int step = SQLITE_DONE, count = 0;
	int64_t version;

	pthread_mutex_lock(&objects->lock);
	if (since < objects->oldest) {
		st = error_set(err, STATUS_GONE,
			       "too old resource version: %" PRId64 " (%" PRId64 ")", since,
			       objects->oldest);
		goto out;
	}
	version = objects->version;
	stmt = ready_key(objects, all ? STMT_CHANGES_ALL : STMT_CHANGES, &query->key);
	sqlite3_bind_int64(stmt, 4, since);
	while (count < CHANGES_MAX && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
		count++;
		if (count == CHANGES_MAX)
			version = sqlite3_column_int64(stmt, 0);
		if (!seen_event(stmt, query, &event))
			continue;
		strbuf_addf(out, "{\"type\":\"%s\",", event_names[event]);
		if (all)
			strbuf_addf(out, "\"resource\":\"%s\",", column(stmt, 5));
		strbuf_addf(out, "\"object\":%s}\n", column(stmt, 4));
	}
	if (step != SQLITE_ROW && step != SQLITE_DONE)
		st = db_error(objects, err);
	sqlite3_reset(stmt);
	if (!st)
		*ret_version = version;
out:
	pthread_mutex_unlock(&objects->lock);
	return st;
}

void objects_forget_history(struct objects *objects)
{
	sqlite3_stmt *stmt;

	/* One version is burnt, so that even those who had seen everything are behind. */
	if (rows_begin(objects, NULL))
		return;
	objects->oldest = ++objects->version;
	stmt = ready(objects, STMT_PRUNE);
	sqlite3_bind_int64(stmt, 1, objects->oldest);
	run(objects, stmt, NULL);
	set_meta(objects, "oldest", objects->oldest, NULL);
	rows_end(objects, STATUS_OK, NULL);
}
