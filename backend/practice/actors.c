#include "backend/practice/actors.h"

#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define SLICE_MS  200 /* how soon the end of the cluster is heard */
#define BREATH_MS 20  /* between two looks: a burst of changes is one look */

static const struct actor *const table[] = {
	&actor_workload, &actor_agent,	  &actor_backup,   &actor_delete, &actor_restore,
	&actor_request,	 &actor_schedule, &actor_location, &actor_expiry, &actor_kots,
};

struct player {
	const struct actor *actor;
	struct world *world;
	pthread_t thread;
	int64_t seen;		/* of what wakes it: the versions when it last looked */
	int64_t until_ms;	/* then it looks in any case */
	char server[WORLD_UID]; /* the last Velero server it acted for */
};

struct actors {
	struct world *world;
	struct player players[ARRAY_SIZE(table)];
	size_t count;
};

static void wait_for_change(struct world *world, int64_t seen, int ms)
{
	int64_t until = clock_monotonic_ms() + ms, left;

	world_sleep(world, BREATH_MS);
	while (!world_stopping(world) && (left = until - clock_monotonic_ms()) > 0) {
		if (objects_wait(world->objects, seen, left > SLICE_MS ? SLICE_MS : (int)left))
			return;
	}
}

/* Whether the actor may act; a server that was started anew begins as one. */
static bool may_act(struct player *player)
{
	char server[WORLD_UID];

	if (!player->actor->velero)
		return true;
	world_server(player->world, server);
	if (*server && *player->server && strcmp(server, player->server) != 0 &&
	    player->actor->begin)
		player->actor->begin(player->world);
	if (*server)
		memcpy(player->server, server, sizeof(server));
	return *server;
}

static bool has_to_look(struct player *player)
{
	const char *const *resource = player->actor->wakes;
	int64_t seen = 0;
	bool look;

	for (; resource && *resource; resource++)
		seen += objects_written(player->world->objects, *resource);
	look = !player->actor->wakes || seen != player->seen ||
	       clock_monotonic_ms() >= player->until_ms;
	player->seen = seen;
	return look;
}

/* ms until it wants to look again. */
static int act(struct player *player)
{
	if (!may_act(player)) {
		player->until_ms = 0;
		return 1000;
	}
	if (has_to_look(player))
		player->until_ms = player->actor->step(player->world) + clock_monotonic_ms();
	return (int)(player->until_ms - clock_monotonic_ms());
}

static void *play(void *arg)
{
	struct player *player = arg;
	struct world *world = player->world;
	int64_t seen;

	while (!world_stopping(world)) {
		seen = objects_version(world->objects);
		wait_for_change(world, seen, act(player));
	}
	return NULL;
}

struct actors *actors_start(struct world *world)
{
	struct actors *actors = mem_alloc(sizeof(*actors));
	size_t i;

	actors->world = world;
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i]->begin)
			table[i]->begin(world);
	}
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		struct player *player = &actors->players[actors->count];

		player->actor = table[i];
		player->world = world;
		if (pthread_create(&player->thread, NULL, play, player))
			die("no thread for the actor %s", table[i]->name);
		actors->count++;
	}
	return actors;
}

void actors_stop(struct actors *actors)
{
	size_t i;

	if (!actors)
		return;
	world_stop(actors->world);
	for (i = 0; i < actors->count; i++)
		pthread_join(actors->players[i].thread, NULL);
	free(actors);
}
