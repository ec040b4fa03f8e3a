#include "backend/practice/seed.h"

#include "backend/base/clock.h"
#include "backend/practice/actors.h"
#include "backend/practice/workload.h"

#include <string.h>

#define SETTLE_LOOKS 40

static bool all_run(struct world *world)
{
	struct json *pods = world_list(world, "pods", "", "");
	const struct json *pod;
	bool run = json_count(pods) > 0;

	for (pod = json_first(pods); pod; pod = json_next(pod))
		run = run && strcmp(object_phase(pod), "Running") == 0;
	json_free(pods);
	return run;
}

/* The controllers make pods and claims of what was put there, all as if long ago. */
static enum status settle(struct world *world, struct error *err)
{
	int64_t seen;
	int look;

	for (look = 0; look < SETTLE_LOOKS; look++) {
		seen = objects_version(world->objects);
		(void)actor_workload.step(world);
		if (all_run(world) && objects_version(world->objects) == seen)
			return STATUS_OK;
	}
	return error_set(err, STATUS_FAILED, "the first pods did not become ready");
}

enum status seed_world(struct world *world, const char *rqlite_password, int apps,
		       struct error *err)
{
	int64_t now = clock_now();
	enum status st;

	world->past = now - SEED_AGE_S;
	st = seed_cluster(world, err);
	if (!st)
		st = seed_velero(world, err);
	if (!st)
		st = seed_console(world, rqlite_password, err);
	if (!st)
		st = seed_app(world, err);
	if (!st)
		st = seed_database(world, now, err);
	if (!st)
		st = settle(world, err);
	seed_follow_port(world);
	if (!st)
		st = seed_history(world, now, err);
	/* Installed a moment ago: no snapshot of the history holds it. */
	world->past = now;
	if (!st && apps > 1)
		st = seed_gateway(world, now, err);
	if (!st && apps > 1)
		st = settle(world, err);
	world->past = 0;
	return st;
}

/* ---- the port ---- */

static void follow_location(struct world *world, const struct json *location)
{
	struct strbuf address = STRBUF_INIT;

	strbuf_addf(&address, "http://127.0.0.1:%d", world->port);
	/* Only what was ours: another destination is somebody else's. */
	if (text_starts(json_text(location, "spec.config.s3Url"), "http://127.0.0.1") &&
	    strcmp(json_text(location, "spec.config.s3Url"), address.buf) != 0)
		world_put(world, "backupstoragelocations.velero.io", location, "spec.config.s3Url",
			  json_new_text(address.buf));
	strbuf_done(&address);
}

void seed_follow_port(struct world *world)
{
	struct json *list = world_list(world, "backupstoragelocations.velero.io", "", "");
	const struct json *location;

	for (location = json_first(list); location; location = json_next(location))
		follow_location(world, location);
	json_free(list);
	workload_serve(world);
}
