/* JSON trees. json.c is the only file that knows cJSON. A tree belongs to whoever holds its root;
 * nodes are borrowed from it. Reading functions take NULL and give the fallback, so that a chain of
 * absent keys needs no checks. Not thread-safe.
 *
 * A path is keys joined by dots; a key that holds dots stands in brackets:
 * "metadata.annotations.[kots.io/instance]". Numbers are doubles (exact up to 2^53); sizes are read
 * with json_int(). */
#ifndef BACKEND_BASE_JSON_H
#define BACKEND_BASE_JSON_H

#include "backend/base/mem.h"
#include "backend/base/status.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

enum json_type { JSON_ABSENT, JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_MAP };

struct json *json_parse(const char *text, size_t len,
			struct error *err); /* owned; NULL and err on failure */
/* The same, but the tree lies in the arena: it goes with arena_reset() or arena_done(), is not
 * freed and not changed. For what is read once, by the ten thousand. */
const struct json *json_parse_in(struct arena *arena, const char *text, size_t len,
				 struct error *err);
void json_free(struct json *root);			     /* NULL is fine */
struct json *json_clone(const struct json *node);	     /* owned */
bool json_equal(const struct json *a, const struct json *b); /* order of keys does not matter */

enum json_type json_type(const struct json *node);
const struct json *json_get(const struct json *node, const char *path); /* NULL when absent */
/* By the first `len` bytes of a path, which end with a key or with the dot after it. */
const struct json *json_get_n(const struct json *node, const char *path, size_t len);
const struct json *json_key(const struct json *map, const char *key); /* one key, taken literally */
struct json *json_key_mut(struct json *map, const char *key);
const char *json_text(const struct json *node, const char *path); /* "" when absent or not a text */
const char *json_key_text(const struct json *map, const char *key);
const char *json_value(const struct json *node); /* text of this very node, or "" */
int64_t json_int(const struct json *node, const char *path, int64_t fallback);
double json_number(const struct json *node, const char *path, double fallback);
bool json_bool(const struct json *node, const char *path, bool fallback);

/* for (c = json_first(map); c; c = json_next(c)) ... json_name(c) */
const struct json *json_first(const struct json *node);
const struct json *json_next(const struct json *child);
const char *json_name(const struct json *child); /* its key, "" in a list */
size_t json_count(const struct json *node);

struct json *json_new_map(void);
struct json *json_new_list(void);
struct json *json_new_text(const char *text);
struct json *json_new_number(double value);
struct json *json_new_bool(bool value);
struct json *json_new_null(void);

/* These take over `child` (NULL is ignored). put replaces. Each returns the child, borrowed. */
struct json *json_put(struct json *map, const char *key, struct json *child);
struct json *json_put_text(struct json *map, const char *key, const char *text);
struct json *json_put_int(struct json *map, const char *key, int64_t value);
struct json *json_put_bool(struct json *map, const char *key, bool value);
struct json *json_add(struct json *list, struct json *child);
struct json *json_add_text(struct json *list, const char *text);
/* Like json_put, with a path; maps on the way are made. */
struct json *json_put_path(struct json *root, const char *path, struct json *child);
void json_remove(struct json *map, const char *key);
/* RFC 7396: null removes, maps merge, all else replaces. */
void json_merge(struct json *target, const struct json *patch);

void json_print(const struct json *node, struct strbuf *out); /* compact */
void json_print_pretty(const struct json *node,
		       struct strbuf *out); /* two blanks a level, newline at the end */
/* As Go's encoding/json prints maps: keys sorted, no blanks, <, > and & escaped
 * (spec/kots-snapshots.md 2.2). */
void json_print_go(const struct json *node, struct strbuf *out);

/* Decoding by table. Texts land in the arena and are never NULL; absent is "". */
enum json_field_type {
	JSON_FIELD_TEXT,     /* const char * */
	JSON_FIELD_INT,	     /* int64_t */
	JSON_FIELD_BOOL,     /* bool */
	JSON_FIELD_TIME,     /* int64_t, unix seconds, 0 = not set; a malformed time is 0 too */
	JSON_FIELD_DURATION, /* int64_t, seconds, of a Go duration */
	JSON_FIELD_COUNT,    /* int64_t: how many children the node has */
};
#define JSON_FIELDS_MAX 48 /* rows of one table */
#define JSON_REQUIRED	1u /* absent or empty: STATUS_FORMAT, naming the path */

struct json_field {
	const char *path;
	enum json_field_type type;
	size_t offset; /* offsetof() in the struct at ret */
	unsigned flags;
};

enum status json_decode(const struct json *node, const struct json_field *fields, size_t count,
			struct arena *arena, void *ret, struct error *err);

/* The two halves of json_decode(), for whoever must know the sizes before there is an arena.
 * ret_found has room for `count` nodes, NULL where there is none. Rows with the same parent that
 * follow each other share the walk to it. */
void json_find_fields(const struct json *node, const struct json_field *fields, size_t count,
		      const struct json **ret_found);
enum status json_store_fields(const struct json *const *found, const struct json_field *fields,
			      size_t count, struct arena *arena, void *ret, struct error *err);
/* Bytes that json_store_fields() will take from the arena. */
size_t json_fields_size(const struct json *const *found, const struct json_field *fields,
			size_t count);

#endif
