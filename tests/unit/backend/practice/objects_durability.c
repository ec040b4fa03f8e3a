#include "tests/unit/backend/practice/objects_rig.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITES 50

static struct objects_rig rig;

static void open_rig(void)
{
	objects_rig_open(&rig);
}

static void close_rig(void)
{
	objects_rig_close(&rig);
}

TestSuite(objects_durability, .init = open_rig, .fini = close_rig);

/* Creates backups for ever and tells of each one that it is there. */
_Noreturn static void write_until_killed(int said)
{
	struct objects *objects;
	char name[32];
	int i;

	if (objects_open(rig.path, &objects, NULL))
		_exit(1);
	for (i = 0;; i++) {
		struct object_key key = { "backups.velero.io", "velero", name };

		snprintf(name, sizeof(name), "b%06d", i);
		if (objects_create(objects, &key, json_new_map(), NULL, NULL) ||
		    write(said, &i, sizeof(i)) != sizeof(i))
			_exit(1);
	}
}

/* Kills a writer in the middle; returns the last number it told of. */
static int kill_writer(void)
{
	int pipes[2], last = -1, i;
	pid_t pid;

	cr_assert_not(pipe(pipes));
	pid = fork();
	cr_assert(pid >= 0);
	if (pid == 0)
		write_until_killed(pipes[1]);
	close(pipes[1]);
	for (i = 0; i < WRITES; i++)
		cr_assert_eq(read(pipes[0], &last, sizeof(last)), (ssize_t)sizeof(last));
	kill(pid, SIGKILL);
	while (read(pipes[0], &i, sizeof(i)) == (ssize_t)sizeof(i))
		last = i;
	waitpid(pid, NULL, 0);
	close(pipes[0]);
	return last;
}

Test(objects_durability, a_killed_writer_loses_nothing_it_told_of)
{
	struct object_key all = { "backups.velero.io", "velero", "" };
	struct objects *again;
	struct json *items, *events;
	int64_t version, seen;
	int last;

	objects_close(rig.objects);
	last = kill_writer();
	cr_assert_not(objects_open(rig.path, &again, NULL));
	rig.objects = again;
	cr_assert_not(objects_list(again, &all, "", &items, &version, NULL));
	cr_assert(ge(sz, json_count(items), (size_t)last + 1));
	/* The history knows each of them, and the numbers go on where they stood. */
	cr_assert_not(objects_changes(again, &all, 2, &events, &seen, NULL));
	cr_assert(eq(sz, json_count(events), json_count(items)));
	cr_assert(eq(i64, version, (int64_t)json_count(items) + 2));
	json_free(items);
	json_free(events);
}

static enum status add_one(void *arg, const struct json *current, struct json *next,
			   struct error *err)
{
	(void)arg;
	(void)err;
	/* The other one gets its chance between reading and writing. */
	sched_yield();
	json_put_path(next, "status.warnings",
		      json_new_number((double)json_int(current, "status.warnings", 0) + 1));
	return STATUS_OK;
}

static pthread_barrier_t start;

static void *count_up(void *arg)
{
	struct object_key key = { "backups.velero.io", "velero", "counter" };
	int i;

	pthread_barrier_wait(&start);
	for (i = 0; i < WRITES; i++) {
		if (objects_modify(arg, &key, add_one, NULL, NULL, NULL))
			return arg;
	}
	return NULL;
}

Test(objects_durability, two_writers_lose_no_change_of_each_other)
{
	pthread_t threads[2];
	struct json *object;
	void *failed;
	size_t i;

	objects_rig_create(&rig, "backups.velero.io", "velero", "counter", "{}");
	cr_assert_not(pthread_barrier_init(&start, NULL, 2));
	for (i = 0; i < 2; i++)
		cr_assert_not(pthread_create(&threads[i], NULL, count_up, rig.objects));
	for (i = 0; i < 2; i++) {
		pthread_join(threads[i], &failed);
		cr_assert_null(failed);
	}
	pthread_barrier_destroy(&start);
	object = objects_rig_get(&rig, "backups.velero.io", "velero", "counter");
	cr_assert(eq(i64, json_int(object, "status.warnings", 0), 2 * WRITES));
	json_free(object);
}

static void *write_one(void *arg)
{
	struct object_key key = { "backups.velero.io", "velero", "late" };

	objects_create(arg, &key, json_new_map(), NULL, NULL);
	return NULL;
}

Test(objects_durability, a_write_wakes_who_waits)
{
	int64_t since = objects_version(rig.objects);
	pthread_t thread;

	cr_assert_not(pthread_create(&thread, NULL, write_one, rig.objects));
	cr_assert(objects_wait(rig.objects, since, 10000));
	pthread_join(thread, NULL);
}
