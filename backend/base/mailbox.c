#include "backend/base/mailbox.h"

#include "backend/base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct letter {
	struct letter *next;
	void *value;
};

struct mailbox {
	pthread_mutex_t lock;
	struct letter *first, **last;
	void (*ring)(void *arg);
	void *arg;
	void (*drop)(void *value);
	int bell; /* eventfd, readable while something lies in the box; -1 with a ring function */
};

struct mailbox *mailbox_new(void (*ring)(void *arg), void *arg, void (*drop)(void *value))
{
	struct mailbox *box = mem_alloc(sizeof(*box));

	pthread_mutex_init(&box->lock, NULL);
	box->last = &box->first;
	box->ring = ring;
	box->arg = arg;
	box->drop = drop;
	box->bell = ring ? -1 : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!ring && box->bell < 0)
		die("no descriptor left for a mailbox: %s", strerror(errno));
	return box;
}

void mailbox_free(struct mailbox *box)
{
	void *value;

	if (!box)
		return;
	while ((value = mailbox_take(box)))
		if (box->drop)
			box->drop(value);
	if (box->bell >= 0)
		close(box->bell);
	pthread_mutex_destroy(&box->lock);
	free(box);
}

void mailbox_post(struct mailbox *box, void *value)
{
	struct letter *letter = mem_alloc(sizeof(*letter));
	const uint64_t one = 1;

	letter->value = value;
	pthread_mutex_lock(&box->lock);
	*box->last = letter;
	box->last = &letter->next;
	/* Inside the lock: a taker that empties the box also silences the bell. */
	if (box->bell >= 0 && write(box->bell, &one, sizeof(one)) < 0 && errno != EAGAIN)
		die("mailbox: %s", strerror(errno));
	pthread_mutex_unlock(&box->lock);
	if (box->ring)
		box->ring(box->arg);
}

void *mailbox_take(struct mailbox *box)
{
	struct letter *letter;
	void *value = NULL;
	uint64_t rung;

	pthread_mutex_lock(&box->lock);
	letter = box->first;
	if (letter) {
		box->first = letter->next;
		if (!box->first)
			box->last = &box->first;
	}
	if (!box->first && box->bell >= 0 && read(box->bell, &rung, sizeof(rung)) < 0 &&
	    errno != EAGAIN)
		die("mailbox: %s", strerror(errno));
	pthread_mutex_unlock(&box->lock);
	if (letter) {
		value = letter->value;
		free(letter);
	}
	return value;
}

int mailbox_fd(const struct mailbox *box)
{
	return box->bell;
}
