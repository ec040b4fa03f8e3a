/* Inside objects: the SQL, one statement a purpose. Parameters 1 to 3 are resource, namespace and
 * name where a key is meant. */
#ifndef BACKEND_PRACTICE_OBJECTS_SQL_H
#define BACKEND_PRACTICE_OBJECTS_SQL_H

enum statement {
	STMT_READ,
	STMT_WRITE,
	STMT_REMOVE,
	STMT_UNOWN,
	STMT_OWN,
	STMT_NOTE,
	STMT_PRUNE,
	STMT_SET_META,
	STMT_GET_META,
	STMT_LIST,
	STMT_COUNT,
	STMT_CHANGES,
	STMT_CHANGES_ALL,
	STMT_DEPENDANTS,
	STMT_CONTENTS,
	STMT_BEGIN,
	STMT_KEEP,
	STMT_UNDO,
	STATEMENTS
};

extern const char *const objects_sql[STATEMENTS];
extern const char objects_sql_schema[];

#endif
