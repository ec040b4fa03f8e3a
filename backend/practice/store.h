/* The destination: what Velero keeps in its bucket, as files (spec/velero-api.md 6), and their
 * signed addresses. A location's root is DIR/store/BUCKET[/PREFIX]. Any thread. */
#ifndef BACKEND_PRACTICE_STORE_H
#define BACKEND_PRACTICE_STORE_H

#include "backend/base/json.h"
#include "backend/practice/request.h"
#include "backend/practice/world.h"

#define STORE_BUCKET "kotsnap-practice"

void store_add_root(const struct world *world, const struct json *location, struct strbuf *out);

/* Where an artefact lies below the root: "BackupLog", "x" gives "backups/x/x-logs.gz". false: no
 * such kind. */
bool store_add_artefact(const char *target_kind, const char *name, struct strbuf *out);
bool store_kind_is_restore(const char *target_kind);

/* bytes, compressed when the name ends with "gz", under root; folders are made, but never the root
 * itself: a store that was taken away stays away. */
enum status store_write(const char *root, const char *name, const struct strbuf *bytes,
			struct error *err);
enum status store_write_json(const char *root, const char *name, const struct json *content,
			     struct error *err);
/* The reverse. */
enum status store_read(const char *root, const char *name, struct strbuf *ret_bytes,
		       struct error *err);
struct json *store_read_json(const char *root, const char *name, struct error *err);
bool store_has(const char *root, const char *name);

/* An address of root's file `name` that is good for ten minutes. */
void store_add_url(const struct world *world, const struct json *location, const char *name,
		   struct strbuf *out);

/* server_answer; arg is the world. GET of signed addresses only; refusals are the XML an S3 server
 * gives. */
bool store_answer(void *arg, const struct server_request *request, struct route_reply *ret_reply);

#endif
