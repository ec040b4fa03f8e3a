/* What a practice cluster begins with: a node, Velero, a KOTS admin console, one application with
 * files, two weeks of history; and a second application, when asked for. Runs once, before actors
 * and server start; killed in the middle it begins anew (the caller empties the folder). */
#ifndef BACKEND_PRACTICE_SEED_H
#define BACKEND_PRACTICE_SEED_H

#include "backend/practice/world.h"

#define SEED_AGE_S  (15 * 24 * 3600) /* how long ago all was installed */
#define SEED_SLUG   "acme-analytics"
#define SEED_APP_ID "2aCmEaNaLyTiCs0000000000001"

/* The second application. */
#define SEED_GATEWAY_SLUG "acme-gateway"

/* How the application's files are made: the same each time. */
enum seed_state { SEED_OLD, SEED_NEW }; /* before and after the update of six days ago */

#define SEED_APPS_MAX 2

/* rqlite_password: of the admin console's database, for its Secret. apps: 1 to SEED_APPS_MAX. */
enum status seed_world(struct world *world, const char *rqlite_password, int apps,
		       struct error *err);

/* The parts, in this order. */
enum status seed_cluster(struct world *world, struct error *err);
enum status seed_velero(struct world *world, struct error *err);
enum status seed_console(struct world *world, const char *rqlite_password, struct error *err);
enum status seed_app(struct world *world, struct error *err);
enum status seed_database(struct world *world, int64_t now, struct error *err);
enum status seed_files(struct world *world, enum seed_state state, struct error *err);
/* The second application: objects, rows, files. */
enum status seed_gateway(struct world *world, int64_t now, struct error *err);
enum status seed_gateway_rows(struct world *world, int64_t now, struct error *err);
enum status seed_gateway_files(struct world *world, struct error *err);
/* Backs the files up in both states, and tells the history from it. Leaves them in the new state.
 */
enum status seed_history(struct world *world, int64_t now, struct error *err);

/* What moves when the port does: the location's address, the port of the console's Service. */
void seed_follow_port(struct world *world);

/* Bytes that look random and are always the same for one seed. Pure. */
void seed_fill(unsigned char *bytes, size_t len, uint64_t seed);

#endif
