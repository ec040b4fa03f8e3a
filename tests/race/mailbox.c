/* Threads that post while one takes and another mailbox answers: nothing lost, nothing read
 * unlocked. Run under TSan. */
#include "backend/base/mailbox.h"
#include "backend/base/mem.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define POSTERS 6
#define EACH	5000

struct poster {
	struct mailbox *down, *up; /* down has a ring function, up a descriptor */
	int id;
};

static void ring(void *arg)
{
	__atomic_add_fetch((int *)arg, 1, __ATOMIC_RELAXED);
}

static void *post_all(void *arg)
{
	const struct poster *poster = arg;

	for (int i = 0; i < EACH; i++) {
		int *value = mem_alloc(sizeof(*value));

		*value = poster->id * EACH + i;
		mailbox_post(i % 2 ? poster->down : poster->up, value);
	}
	return NULL;
}

static int take_some(struct mailbox *box, long *sum)
{
	int *value, taken = 0;

	while ((value = mailbox_take(box))) {
		*sum += *value;
		free(value);
		taken++;
	}
	return taken;
}

int main(void)
{
	struct poster posters[POSTERS];
	pthread_t threads[POSTERS];
	const long all = POSTERS * EACH;
	long sum = 0, taken = 0;
	int rung = 0;
	struct mailbox *down = mailbox_new(ring, &rung, free), *up = mailbox_new(NULL, NULL, free);

	for (int i = 0; i < POSTERS; i++) {
		posters[i] = (struct poster){ down, up, i };
		if (pthread_create(&threads[i], NULL, post_all, &posters[i]))
			return 2;
	}
	while (taken < all) {
		struct pollfd fd = { mailbox_fd(up), POLLIN, 0 };

		taken += take_some(down, &sum);
		if (taken < all)
			poll(&fd, 1, 10);
		taken += take_some(up, &sum);
	}
	for (int i = 0; i < POSTERS; i++)
		pthread_join(threads[i], NULL);
	mailbox_free(down);
	mailbox_free(up);
	if (sum != all * (all - 1) / 2 || rung != all / 2) {
		fprintf(stderr, "sum %ld, rung %d\n", sum, rung);
		return 1;
	}
	return 0;
}
