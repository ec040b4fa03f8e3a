/* The admin console's database: kotsadm's tables in SQLite, spoken to as rqlite is: lists of
 * statements, each "sql" or
 * ["sql", argument, ...], over HTTP at /db/query and /db/execute (spec/kots-snapshots.md 1.9, 7.1,
 * Appendix B). Any thread: one lock inside. A write is on disk when the function returns. */
#ifndef BACKEND_PRACTICE_KOTSDB_H
#define BACKEND_PRACTICE_KOTSDB_H

#include "backend/base/json.h"
#include "backend/base/status.h"
#include "backend/practice/request.h"

#include <stdbool.h>
#include <stdint.h>

#define KOTSDB_USER "kotsadm"

struct kotsdb;

/* Makes the file and the tables when absent. password: what HTTP callers must say; copied. */
enum status kotsdb_open(const char *path, const char *password, struct kotsdb **ret_kotsdb,
			struct error *err);
void kotsdb_close(struct kotsdb *kotsdb); /* NULL is fine */

/* Runs each statement; one that fails becomes {"error": ...} in its place and the next one runs.
 * Owned list as rqlite's "results". associative: rows as maps instead of lists. */
struct json *kotsdb_query(struct kotsdb *kotsdb, const struct json *statements, bool associative);
struct json *kotsdb_execute(struct kotsdb *kotsdb, const struct json *statements);

/* For actors: one statement; arguments are an owned list taken over, or NULL. Rows as an owned list
 * of maps, never NULL. */
struct json *kotsdb_rows(struct kotsdb *kotsdb, const char *sql, struct json *arguments);
enum status kotsdb_run(struct kotsdb *kotsdb, const char *sql, struct json *arguments,
		       struct error *err);

/* A whole, consistent image of the database as a file (rqlite: GET /db/backup). Replaces the file.
 */
enum status kotsdb_save(struct kotsdb *kotsdb, const char *path, struct error *err);

/* The reverse (POST /db/load): the image replaces everything, or nothing changes. */
enum status kotsdb_load(struct kotsdb *kotsdb, const char *path, struct error *err);

/* server_answer for paths that begin with "/db/". */
bool kotsdb_answer(void *arg, const struct server_request *request, struct route_reply *ret_reply);

#endif
