/* Inside objects: rows of the database under its lock, for objects_write.c and
 * objects_cursor.c. Every function but rows_begin() needs the lock. */
#ifndef BACKEND_PRACTICE_OBJECTS_ROWS_H
#define BACKEND_PRACTICE_OBJECTS_ROWS_H

#include "backend/practice/kinds.h"
#include "backend/practice/objects.h"

/* Lock, and a savepoint. Ends with rows_end(): kept when st is STATUS_OK, undone else; on disk with
 * the outermost one. */
enum status rows_begin(struct objects *objects, struct error *err);
enum status rows_end(struct objects *objects, enum status st, struct error *err);

/* The database's file, for a connection of one's own. Needs no lock. */
const char *rows_path(struct objects *objects);

/* NULL in ret_object when there is none. Owned by the caller. */
enum status rows_read(struct objects *objects, const struct object_key *key,
		      struct json **ret_object, struct error *err);

enum row_event { ROW_ADDED, ROW_MODIFIED, ROW_DELETED };
/* Gives the object the next resource version, stores it (or removes it) and notes it in the
 * history. `previous`: as it stood there before, NULL when new. */
enum status rows_write(struct objects *objects, const struct object_key *key, enum row_event event,
		       struct json *object, const struct json *previous, struct error *err);

/* Keys as a JSON list of maps with resource, namespace, name; owned by the caller. */
enum status rows_dependants(struct objects *objects, const char *uid, struct json **ret_keys,
			    struct error *err);
enum status rows_in_namespace(struct objects *objects, const char *namespace,
			      struct json **ret_keys, struct error *err);

#endif
