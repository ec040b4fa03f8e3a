#include "backend/practice/kotsdb.h"

#include "backend/base/file.h"
#include "backend/base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IMAGE_CEILING (256 * 1024 * 1024)

/* What the snapshot code of kotsadm reads and writes: names, types and defaults as kotsadm 1.131
 * has them. */
/* clang-format off */
static const char *const tables[] = {
	"create table if not exists app (id text not null primary key, name text not null, icon_uri text, created_at integer not null, "
	"updated_at integer, slug text not null, upstream_uri text not null, license text, current_sequence integer, "
	"last_update_check_at integer, is_all_users integer, registry_hostname text, registry_username text, "
	"registry_password text, registry_password_enc text, namespace text, registry_is_readonly integer, "
	"last_registry_sync integer, last_license_sync integer, install_state text, is_airgap integer default 0, "
	"snapshot_ttl_new text not null default '720h', snapshot_schedule text, restore_in_progress_name text, "
	"restore_undeploy_status text, update_checker_spec text default '@default', semver_auto_deploy text default 'disabled', "
	"channel_changed integer not null default 0, selected_channel_id text, instance_id text, instance_id_lineage text)",
	"create table if not exists app_downstream (app_id text not null, cluster_id text not null, downstream_name text not null, "
	"current_sequence integer, primary key (app_id, cluster_id))",
	"create table if not exists app_downstream_version (app_id text not null, cluster_id text not null, sequence integer not null, "
	"parent_sequence integer, created_at integer, applied_at integer, version_label text not null, status text, "
	"status_info text, source text, diff_summary text, diff_summary_error text, preflight_progress text, "
	"preflight_result text, preflight_result_created_at integer, preflight_ignore_permissions integer default 0, "
	"preflight_skipped integer default 0, git_commit_url text, git_deployable integer default 1, "
	"primary key (app_id, cluster_id, sequence))",
	"create table if not exists app_version (app_id text not null, sequence integer not null, update_cursor text, channel_id text, "
	"channel_name text, upstream_released_at integer, created_at integer, version_label text not null, "
	"is_required integer not null default 0, is_demoted integer not null default 0, release_notes text, "
	"supportbundle_spec text, preflight_spec text, analyzer_spec text, app_spec text, kots_app_spec text, "
	"kots_installation_spec text, kots_license text, config_spec text, config_values text, applied_at integer, "
	"status text, encryption_key text, backup_spec text, restore_spec text, identity_spec text, branding_archive text, "
	"embeddedcluster_config text, primary key (app_id, sequence))",
	"create table if not exists cluster (id text not null primary key, title text not null, slug text not null, "
	"created_at integer not null, updated_at integer, token text unique, cluster_type text not null default 'gitops', "
	"is_all_users integer not null default 0, snapshot_schedule text, snapshot_ttl text not null default '720h')",
	"create table if not exists kotsadm_params (key text not null primary key, value text not null)",
	"create table if not exists object_store (filepath text not null primary key, encoded_block text not null)",
	"create table if not exists scheduled_instance_snapshots (id text not null primary key, cluster_id text not null, "
	"scheduled_timestamp integer not null, backup_name text)",
	"create table if not exists scheduled_snapshots (id text not null primary key, app_id text not null, "
	"scheduled_timestamp integer not null, backup_name text)",
};
/* clang-format on */

struct kotsdb {
	sqlite3 *db;
	char *password, *path;
	pthread_mutex_t lock;
};

static enum status db_error(struct kotsdb *kotsdb, const char *what, struct error *err)
{
	return error_set(err, STATUS_FAILED, "%s: %s", what, sqlite3_errmsg(kotsdb->db));
}

static enum status make_tables(struct kotsdb *kotsdb, struct error *err)
{
	size_t i;

	if (sqlite3_exec(kotsdb->db, "pragma journal_mode=wal; pragma synchronous=full", NULL, NULL,
			 NULL))
		return db_error(kotsdb, "open the admin console's database", err);
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		if (sqlite3_exec(kotsdb->db, tables[i], NULL, NULL, NULL))
			return db_error(kotsdb, "make the admin console's tables", err);
	}
	return STATUS_OK;
}

enum status kotsdb_open(const char *path, const char *password, struct kotsdb **ret_kotsdb,
			struct error *err)
{
	struct kotsdb *kotsdb = mem_alloc(sizeof(*kotsdb));
	enum status st;

	pthread_mutex_init(&kotsdb->lock, NULL);
	kotsdb->password = mem_text(password);
	kotsdb->path = mem_text(path);
	if (sqlite3_open(path, &kotsdb->db))
		st = db_error(kotsdb, path, err);
	/* What is written beside it, SQLite gives the same mode. */
	else if (chmod(path, 0600) && errno != ENOENT)
		st = error_errno(err, errno, "make %s private", path);
	else
		st = make_tables(kotsdb, err);
	if (st)
		kotsdb_close(kotsdb);
	else
		*ret_kotsdb = kotsdb;
	return st;
}

void kotsdb_close(struct kotsdb *kotsdb)
{
	if (!kotsdb)
		return;
	sqlite3_close(kotsdb->db);
	pthread_mutex_destroy(&kotsdb->lock);
	mem_wipe(kotsdb->password, strlen(kotsdb->password));
	free(kotsdb->password);
	free(kotsdb->path);
	free(kotsdb);
}

/* ---- one statement ---- */

static void bind_argument(sqlite3_stmt *stmt, int index, const struct json *argument)
{
	double number;

	switch (json_type(argument)) {
	case JSON_TEXT:
		sqlite3_bind_text(stmt, index, json_value(argument), -1, SQLITE_TRANSIENT);
		break;
	case JSON_NUMBER:
		number = json_number(argument, "", 0);
		if (number == (double)(int64_t)number)
			sqlite3_bind_int64(stmt, index, (int64_t)number);
		else
			sqlite3_bind_double(stmt, index, number);
		break;
	case JSON_BOOL:
		sqlite3_bind_int(stmt, index, json_bool(argument, "", false));
		break;
	default:
		sqlite3_bind_null(stmt, index);
	}
}

/* "sql" or ["sql", argument, ...], the arguments bound. NULL with an error in result. */
static sqlite3_stmt *prepare(struct kotsdb *kotsdb, const struct json *statement,
			     struct json *result)
{
	const struct json *head =
		json_type(statement) == JSON_LIST ? json_first(statement) : statement;
	const struct json *argument =
		json_type(statement) == JSON_LIST && head ? json_next(head) : NULL;
	sqlite3_stmt *stmt = NULL;
	int index;

	if (sqlite3_prepare_v2(kotsdb->db, json_value(head), -1, &stmt, NULL) || !stmt) {
		json_put_text(result, "error", stmt ? "" : sqlite3_errmsg(kotsdb->db));
		return NULL;
	}
	for (index = 1; argument; index++, argument = json_next(argument))
		bind_argument(stmt, index, argument);
	return stmt;
}

static struct json *column_value(sqlite3_stmt *stmt, int column)
{
	switch (sqlite3_column_type(stmt, column)) {
	case SQLITE_INTEGER:
		return json_new_number((double)sqlite3_column_int64(stmt, column));
	case SQLITE_FLOAT:
		return json_new_number(sqlite3_column_double(stmt, column));
	case SQLITE_NULL:
		return json_new_null();
	default:
		return json_new_text((const char *)sqlite3_column_text(stmt, column));
	}
}

/* As rqlite: the declared type in small letters. */
static void add_column_type(sqlite3_stmt *stmt, int column, struct strbuf *out)
{
	const char *type = sqlite3_column_decltype(stmt, column);

	for (; type && *type; type++)
		strbuf_addc(out, (char)tolower((unsigned char)*type));
}

static void put_row(sqlite3_stmt *stmt, struct json *rows, bool associative)
{
	struct json *row = json_add(rows, associative ? json_new_map() : json_new_list());
	int column;

	for (column = 0; column < sqlite3_column_count(stmt); column++) {
		if (associative)
			json_put(row, sqlite3_column_name(stmt, column),
				 column_value(stmt, column));
		else
			json_add(row, column_value(stmt, column));
	}
}

/* Names and types in the form rqlite gives them; where the rows go (borrowed). */
static struct json *put_head(sqlite3_stmt *stmt, struct json *result, bool associative)
{
	struct json *names = associative ? NULL : json_put(result, "columns", json_new_list());
	struct json *types =
		json_put(result, "types", associative ? json_new_map() : json_new_list());
	struct strbuf type = STRBUF_INIT;
	int column;

	for (column = 0; column < sqlite3_column_count(stmt); column++) {
		strbuf_reset(&type);
		add_column_type(stmt, column, &type);
		if (associative) {
			json_put_text(types, sqlite3_column_name(stmt, column), type.buf);
			continue;
		}
		json_add_text(names, sqlite3_column_name(stmt, column));
		json_add_text(types, type.buf);
	}
	strbuf_done(&type);
	return json_put(result, associative ? "rows" : "values", json_new_list());
}

static void query_one(struct kotsdb *kotsdb, const struct json *statement, bool associative,
		      struct json *result)
{
	sqlite3_stmt *stmt = prepare(kotsdb, statement, result);
	struct json *rows;
	int step;

	if (!stmt)
		return;
	if (!sqlite3_stmt_readonly(stmt)) {
		json_put_text(result, "error", "attempt to change database via query operation");
		sqlite3_finalize(stmt);
		return;
	}
	rows = put_head(stmt, result, associative);
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
		put_row(stmt, rows, associative);
	if (step != SQLITE_DONE)
		json_put_text(result, "error", sqlite3_errmsg(kotsdb->db));
	else if (!associative && json_count(rows) == 0)
		json_remove(result, "values");
	sqlite3_finalize(stmt);
}

static void execute_one(struct kotsdb *kotsdb, const struct json *statement, struct json *result)
{
	sqlite3_stmt *stmt = prepare(kotsdb, statement, result);
	int step;

	if (!stmt)
		return;
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
		;
	if (step != SQLITE_DONE) {
		json_put_text(result, "error", sqlite3_errmsg(kotsdb->db));
	} else {
		json_put_int(result, "last_insert_id", sqlite3_last_insert_rowid(kotsdb->db));
		json_put_int(result, "rows_affected", sqlite3_changes(kotsdb->db));
	}
	sqlite3_finalize(stmt);
}

struct json *kotsdb_query(struct kotsdb *kotsdb, const struct json *statements, bool associative)
{
	struct json *results = json_new_list();
	const struct json *statement;

	pthread_mutex_lock(&kotsdb->lock);
	for (statement = json_first(statements); statement; statement = json_next(statement))
		query_one(kotsdb, statement, associative, json_add(results, json_new_map()));
	pthread_mutex_unlock(&kotsdb->lock);
	return results;
}

struct json *kotsdb_execute(struct kotsdb *kotsdb, const struct json *statements)
{
	struct json *results = json_new_list();
	const struct json *statement;

	pthread_mutex_lock(&kotsdb->lock);
	for (statement = json_first(statements); statement; statement = json_next(statement))
		execute_one(kotsdb, statement, json_add(results, json_new_map()));
	pthread_mutex_unlock(&kotsdb->lock);
	return results;
}

static struct json *one_statement(const char *sql, struct json *arguments)
{
	struct json *statements = json_new_list();
	struct json *statement = json_add(statements, json_new_list());
	const struct json *argument;

	json_add_text(statement, sql);
	for (argument = json_first(arguments); argument; argument = json_next(argument))
		json_add(statement, json_clone(argument));
	json_free(arguments);
	return statements;
}

struct json *kotsdb_rows(struct kotsdb *kotsdb, const char *sql, struct json *arguments)
{
	struct json *statements = one_statement(sql, arguments);
	struct json *results = kotsdb_query(kotsdb, statements, true);
	struct json *rows = json_clone(json_key(json_first(results), "rows"));

	json_free(statements);
	json_free(results);
	return rows ? rows : json_new_list();
}

enum status kotsdb_run(struct kotsdb *kotsdb, const char *sql, struct json *arguments,
		       struct error *err)
{
	struct json *statements = one_statement(sql, arguments);
	struct json *results = kotsdb_execute(kotsdb, statements);
	const char *problem = json_key_text(json_first(results), "error");
	enum status st = STATUS_OK;

	if (*problem)
		st = error_set(err, STATUS_FAILED, "%s: %s", sql, problem);
	json_free(statements);
	json_free(results);
	return st;
}

/* ---- the whole of it ---- */

static enum status copy_all(sqlite3 *to, sqlite3 *from, struct error *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int step = SQLITE_ERROR;

	if (backup) {
		step = sqlite3_backup_step(backup, -1);
		sqlite3_backup_finish(backup);
	}
	return step == SQLITE_DONE
		       ? STATUS_OK
		       : error_set(err, STATUS_FAILED, "copy the database: %s", sqlite3_errmsg(to));
}

enum status kotsdb_save(struct kotsdb *kotsdb, const char *path, struct error *err)
{
	sqlite3 *to = NULL;
	enum status st;

	unlink(path);
	pthread_mutex_lock(&kotsdb->lock);
	if (sqlite3_open(path, &to))
		st = error_set(err, STATUS_FAILED, "open %s: %s", path, sqlite3_errmsg(to));
	else
		st = copy_all(to, kotsdb->db, err);
	sqlite3_close(to);
	pthread_mutex_unlock(&kotsdb->lock);
	return st;
}

enum status kotsdb_load(struct kotsdb *kotsdb, const char *path, struct error *err)
{
	enum status st = STATUS_OK;
	sqlite3 *from = NULL;

	if (sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY, NULL) ||
	    sqlite3_exec(from, "select id from cluster", NULL, NULL, NULL))
		st = error_set(err, STATUS_INVALID, "load %s: %s", path, sqlite3_errmsg(from));
	pthread_mutex_lock(&kotsdb->lock);
	if (!st)
		st = copy_all(kotsdb->db, from, err);
	pthread_mutex_unlock(&kotsdb->lock);
	sqlite3_close(from);
	return st;
}

/* ---- over HTTP ---- */

static void answer_results(struct json *results, struct route_reply *reply)
{
	struct json *body = json_new_map();

	json_put(body, "results", results);
	route_reply_json(reply, 200, body);
	json_free(body);
}

static void answer_statements(struct kotsdb *kotsdb, const struct server_request *request,
			      bool write, struct route_reply *reply)
{
	struct error err = ERROR_INIT;
	struct json *statements;

	if (request_has_param(request, "q") && !write) {
		statements = json_new_list();
		json_add_text(statements, request_param(request, "q"));
	} else {
		statements = json_parse(request->body, request->body_len, &err);
	}
	if (json_type(statements) != JSON_LIST)
		route_reply_text(reply, 400, "text/plain; charset=utf-8", "invalid request body\n");
	else if (write)
		answer_results(kotsdb_execute(kotsdb, statements), reply);
	else
		answer_results(
			kotsdb_query(kotsdb, statements, request_has_param(request, "associative")),
			reply);
	json_free(statements);
}

static void answer_backup(struct kotsdb *kotsdb, struct route_reply *reply)
{
	struct strbuf path = STRBUF_INIT;
	struct error err = ERROR_INIT;

	strbuf_addf(&path, "%s.backup", kotsdb->path);
	route_reply_text(reply, 200, "application/octet-stream", "");
	if (kotsdb_save(kotsdb, path.buf, &err) ||
	    file_read(path.buf, IMAGE_CEILING, &reply->body, &err))
		route_reply_text(reply, 500, "text/plain; charset=utf-8", err.text);
	unlink(path.buf);
	strbuf_done(&path);
}

static void answer_load(struct kotsdb *kotsdb, const struct server_request *request,
			struct route_reply *reply)
{
	struct strbuf path = STRBUF_INIT;
	struct error err = ERROR_INIT;

	strbuf_addf(&path, "%s.load", kotsdb->path);
	if (file_replace(path.buf, request->body, request->body_len, 0600, &err) ||
	    kotsdb_load(kotsdb, path.buf, &err))
		route_reply_text(reply, 400, "text/plain; charset=utf-8", err.text);
	else
		answer_results(json_new_list(), reply);
	unlink(path.buf);
	strbuf_done(&path);
}

bool kotsdb_answer(void *arg, const struct server_request *request, struct route_reply *ret_reply)
{
	struct kotsdb *kotsdb = arg;

	if (strncmp(request->path, "/db/", 4) != 0)
		return false;
	if (!request_is_basic(request, KOTSDB_USER, kotsdb->password))
		route_reply_text(ret_reply, 401, "text/plain; charset=utf-8", "");
	else if (strcmp(request->path, "/db/query") == 0)
		answer_statements(kotsdb, request, false, ret_reply);
	else if (strcmp(request->path, "/db/execute") == 0)
		answer_statements(kotsdb, request, true, ret_reply);
	else if (strcmp(request->path, "/db/backup") == 0)
		answer_backup(kotsdb, ret_reply);
	else if (strcmp(request->path, "/db/load") == 0)
		answer_load(kotsdb, request, ret_reply);
	else
		route_reply_text(ret_reply, 404, "text/plain; charset=utf-8",
				 "404 page not found\n");
	return true;
}
