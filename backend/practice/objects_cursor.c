/* A list as the API server of Kubernetes 1.33 and later sends it: item by item, not built whole
 * first. */
#include "backend/base/mem.h"
#include "backend/practice/objects_rows.h"
#include "backend/practice/objects_sql.h"

#include <sqlite3.h>
#include <stdlib.h>

struct objects_cursor {
	sqlite3 *db;
	sqlite3_stmt *stmt;
	int64_t version;
	int step; /* what the last sqlite3_step() said */
	bool any; /* an item was given out */
};

static enum status cursor_error(const struct objects_cursor *cursor, struct error *err)
{
	return error_set(err, STATUS_SYSTEM, "practice objects: %s", sqlite3_errmsg(cursor->db));
}

static void bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
	sqlite3_bind_text(stmt, at, text, -1, SQLITE_TRANSIENT);
}

/* The first step opens the read transaction, and the statement in the middle keeps it open. */
static enum status start_reading(struct objects_cursor *cursor, const char *path,
				 const struct object_key *key, struct error *err)
{
	if (sqlite3_open_v2(path, &cursor->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) ||
	    sqlite3_prepare_v2(cursor->db, objects_sql[STMT_LIST], -1, &cursor->stmt, NULL))
		return cursor_error(cursor, err);
	bind_text(cursor->stmt, 1, key->resource);
	bind_text(cursor->stmt, 2, key->namespace);
	bind_text(cursor->stmt, 3, key->name);
	bind_text(cursor->stmt, 4, "");
	bind_text(cursor->stmt, 5, "");
	cursor->step = sqlite3_step(cursor->stmt);
	return cursor->step == SQLITE_ROW || cursor->step == SQLITE_DONE
		       ? STATUS_OK
		       : cursor_error(cursor, err);
}

enum status objects_cursor_open(struct objects *objects, const struct object_key *key,
				struct objects_cursor **ret_cursor, struct error *err)
{
	struct objects_cursor *cursor;
	enum status st = rows_begin(objects, err);

	if (st)
		return st;
	/* Under the lock nothing is written: what is on disk is what this version means. */
	cursor = mem_alloc(sizeof(*cursor));
	cursor->version = objects_version(objects);
	st = start_reading(cursor, rows_path(objects), key, err);
	st = rows_end(objects, st, err);
	if (st)
		objects_cursor_close(cursor);
	else
		*ret_cursor = cursor;
	return st;
}

int64_t objects_cursor_version(const struct objects_cursor *cursor)
{
	return cursor->version;
}

enum status objects_cursor_read(struct objects_cursor *cursor, size_t bytes, struct strbuf *out,
				bool *ret_ended, struct error *err)
{
	size_t enough = out->len + bytes;

	for (; cursor->step == SQLITE_ROW && out->len < enough;
	     cursor->step = sqlite3_step(cursor->stmt)) {
		if (cursor->any)
			strbuf_addc(out, ',');
		cursor->any = true;
		strbuf_add(out, (const char *)sqlite3_column_text(cursor->stmt, 3),
			   (size_t)sqlite3_column_bytes(cursor->stmt, 3));
	}
	if (cursor->step != SQLITE_ROW && cursor->step != SQLITE_DONE)
		return cursor_error(cursor, err);
	*ret_ended = cursor->step == SQLITE_DONE;
	return STATUS_OK;
}

void objects_cursor_close(struct objects_cursor *cursor)
{
	if (!cursor)
		return;
	sqlite3_finalize(cursor->stmt);
	sqlite3_close(cursor->db);
	free(cursor);
}
