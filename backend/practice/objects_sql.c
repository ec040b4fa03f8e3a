#include "backend/practice/objects_sql.h"

/* clang-format off */
const char *const objects_sql[STATEMENTS] = {
	[STMT_READ] = "SELECT json FROM objects WHERE resource=?1 AND namespace=?2 AND name=?3",
	[STMT_WRITE] = "INSERT INTO objects(resource,namespace,name,uid,labels,json) VALUES(?1,?2,?3,?4,?5,?6)"
		       " ON CONFLICT(resource,namespace,name) DO UPDATE SET uid=?4,labels=?5,json=?6",
	[STMT_REMOVE] = "DELETE FROM objects WHERE resource=?1 AND namespace=?2 AND name=?3",
	[STMT_UNOWN] = "DELETE FROM owners WHERE resource=?1 AND namespace=?2 AND name=?3",
	[STMT_OWN] = "INSERT INTO owners(uid,resource,namespace,name) VALUES(?4,?1,?2,?3)",
	[STMT_NOTE] = "INSERT INTO history(version,resource,namespace,name,type,labels,old_labels,json)"
		      " VALUES(?4,?1,?2,?3,?5,?6,?7,?8)",
	[STMT_PRUNE] = "DELETE FROM history WHERE version<=?1",
	[STMT_SET_META] = "INSERT INTO meta(key,value) VALUES(?1,?2) ON CONFLICT(key) DO UPDATE SET value=?2",
	[STMT_GET_META] = "SELECT value FROM meta WHERE key=?1",
	[STMT_LIST] = "SELECT namespace,name,labels,json FROM objects WHERE resource=?1 AND (?2='' OR namespace=?2)"
		      " AND (?3='' OR name=?3) AND (namespace,name)>(?4,?5) ORDER BY namespace,name",
	[STMT_COUNT] = "SELECT count(*) FROM objects WHERE resource=?1 AND (?2='' OR namespace=?2)"
		       " AND (?3='' OR name=?3) AND (namespace,name)>(?4,?5)",
	[STMT_CHANGES] = "SELECT version,type,labels,old_labels,json,resource FROM history WHERE version>?4 AND resource=?1"
			 " AND (?2='' OR namespace=?2) AND (?3='' OR name=?3) ORDER BY version",
	[STMT_CHANGES_ALL] = "SELECT version,type,labels,old_labels,json,resource FROM history WHERE version>?4"
			     " AND (?2='' OR namespace=?2) AND (?3='' OR name=?3) ORDER BY version",
	[STMT_DEPENDANTS] = "SELECT resource,namespace,name FROM owners WHERE uid=?1",
	[STMT_CONTENTS] = "SELECT resource,namespace,name FROM objects WHERE namespace=?1",
	[STMT_BEGIN] = "SAVEPOINT step",
	[STMT_KEEP] = "RELEASE step",
	[STMT_UNDO] = "ROLLBACK TO step",
};

const char objects_sql_schema[] =
	"PRAGMA journal_mode=WAL;"
	"PRAGMA synchronous=FULL;"
	"CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS objects(resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,"
	" uid TEXT NOT NULL, labels TEXT NOT NULL, json TEXT NOT NULL);"
	"CREATE UNIQUE INDEX IF NOT EXISTS objects_key ON objects(resource,namespace,name);"
	"CREATE INDEX IF NOT EXISTS objects_namespace ON objects(namespace);"
	"CREATE INDEX IF NOT EXISTS objects_uid ON objects(uid);"
	"CREATE TABLE IF NOT EXISTS owners(uid TEXT NOT NULL, resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL);"
	"CREATE INDEX IF NOT EXISTS owners_uid ON owners(uid);"
	"CREATE INDEX IF NOT EXISTS owners_key ON owners(resource,namespace,name);"
	"CREATE TABLE IF NOT EXISTS history(version INTEGER PRIMARY KEY, resource TEXT NOT NULL, namespace TEXT NOT NULL,"
	" name TEXT NOT NULL, type INTEGER NOT NULL, labels TEXT NOT NULL, old_labels TEXT, json TEXT NOT NULL);"
	"CREATE INDEX IF NOT EXISTS history_resource ON history(resource,version);";
/* clang-format on */
