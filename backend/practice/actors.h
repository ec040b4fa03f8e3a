/* The actors: one thread each, a table of them. An actor's step looks at the objects, does what
 * there is to do (it may block: a copy, a wait) and says when it wants to look again; a change of
 * any object wakes it sooner. */
#ifndef BACKEND_PRACTICE_ACTORS_H
#define BACKEND_PRACTICE_ACTORS_H

#include "backend/practice/world.h"

struct actor {
	const char *name;
	bool velero; /* one of the Velero server's controllers: stands still while no such pod runs
		      */
	void (*begin)(struct world *world); /* once, before all threads: what a restarted server
					       does; or NULL */
	int (*step)(struct world *world);   /* ms until the next look without a change */
	/* Only a change of these wakes it sooner, NULL-terminated; NULL: of anything. For those
	 * that look at thousands of objects. */
	const char *const *wakes;
};

/* Each in the file actor_NAME.c. */
extern const struct actor actor_workload, actor_agent, actor_backup, actor_delete, actor_restore,
	actor_request, actor_schedule, actor_location, actor_expiry, actor_kots;

struct actors;

/* Runs all begin(), then starts the threads. world is borrowed until actors_stop(). */
struct actors *actors_start(struct world *world);
/* Stops the world, waits for the threads. NULL is fine. */
void actors_stop(struct actors *actors);

#endif
