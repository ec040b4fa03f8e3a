#include "backend/base/mailbox.h"

#include "backend/base/mem.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

static bool rings(const struct mailbox *box)
{
	struct pollfd fd = { mailbox_fd(box), POLLIN, 0 };

	return poll(&fd, 1, 0) == 1;
}

static int *number(int value)
{
	int *made = mem_alloc(sizeof(*made));

	*made = value;
	return made;
}

static int take(struct mailbox *box)
{
	int *value = mailbox_take(box), taken = value ? *value : -1;

	free(value);
	return taken;
}

Test(mailbox, values_come_in_order_and_the_bell_rings_as_long_as_one_lies_there)
{
	struct mailbox *box = mailbox_new(NULL, NULL, free);

	cr_assert_not(rings(box));
	cr_assert_eq(take(box), -1);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 5; i++)
			mailbox_post(box, number(i));
		for (int i = 0; i < 5; i++) {
			cr_assert(rings(box));
			cr_assert_eq(take(box), i);
		}
		cr_assert_not(rings(box));
		cr_assert_eq(take(box), -1);
	}
	mailbox_free(box);
}

Test(mailbox, what_was_not_taken_is_freed_with_it)
{
	struct mailbox *box = mailbox_new(NULL, NULL, free);

	for (int i = 0; i < 5; i++)
		mailbox_post(box, number(i));
	cr_assert_eq(take(box), 0);
	mailbox_free(box);
	mailbox_free(NULL);
}

static void ring(void *arg)
{
	++*(int *)arg;
}

Test(mailbox, a_ring_function_rings_for_each_post_and_there_is_no_descriptor)
{
	int rung = 0;
	struct mailbox *box = mailbox_new(ring, &rung, free);

	cr_assert_eq(mailbox_fd(box), -1);
	mailbox_post(box, number(1));
	mailbox_post(box, number(2));
	cr_assert_eq(rung, 2);
	cr_assert_eq(take(box), 1);
	mailbox_free(box);
}

#define POSTERS 4
#define EACH	2000

struct poster {
	struct mailbox *box;
	int id;
};

static void *post_all(void *arg)
{
	const struct poster *poster = arg;

	for (int i = 0; i < EACH; i++)
		mailbox_post(poster->box, number(poster->id * EACH + i));
	return NULL;
}

/* The receiver sleeps in poll() alone: a bell lost once would leave it there. */
Test(mailbox, of_many_threads_nothing_is_lost_and_each_one_keeps_its_order, .timeout = 30)
{
	struct mailbox *box = mailbox_new(NULL, NULL, free);
	struct poster posters[POSTERS];
	pthread_t threads[POSTERS];
	int next[POSTERS] = { 0 };

	for (int i = 0; i < POSTERS; i++) {
		posters[i] = (struct poster){ box, i };
		pthread_create(&threads[i], NULL, post_all, &posters[i]);
	}
	for (int taken = 0; taken < POSTERS * EACH; taken++) {
		struct pollfd fd = { mailbox_fd(box), POLLIN, 0 };
		int value;

		cr_assert_eq(poll(&fd, 1, 10000), 1);
		value = take(box);
		cr_assert_geq(value, 0);
		cr_assert_eq(value % EACH, next[value / EACH]++);
	}
	for (int i = 0; i < POSTERS; i++)
		pthread_join(threads[i], NULL);
	cr_assert_not(rings(box));
	mailbox_free(box);
}
