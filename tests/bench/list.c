/* list KUBECONFIG: how long until a fresh session holds every backup and every pod volume backup,
 * and what it costs in memory. */
#include "backend/base/clock.h"
#include "backend/session/session.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

struct times {
	int64_t began_ms, first_ms, backups_ms, volumes_ms;
};

static bool look(const struct model *model, struct times *times)
{
	int64_t now_ms = clock_monotonic_ms();

	if (!times->first_ms && model->lists[COLLECTION_BACKUPS]->count)
		times->first_ms = now_ms;
	if (!times->backups_ms && model->state[COLLECTION_BACKUPS].ever)
		times->backups_ms = now_ms;
	if (!times->volumes_ms && model->state[COLLECTION_POD_VOLUME_BACKUPS].ever)
		times->volumes_ms = now_ms;
	return times->backups_ms && times->volumes_ms;
}

static bool wait_for_all(struct session *session, struct times *times)
{
	for (;;) {
		struct pollfd fd = { session_fd(session), POLLIN, 0 };
		const struct model *model;
		struct event *event;
		bool done;

		if (poll(&fd, 1, 60000) <= 0)
			return false;
		while ((event = session_take_event(session)))
			event_free(event);
		model = session_model(session);
		done = look(model, times);
		if (done)
			printf("%zu backups, %zu pod volume backups\n",
			       model->lists[COLLECTION_BACKUPS]->count,
			       model->lists[COLLECTION_POD_VOLUME_BACKUPS]->count);
		model_unref(model);
		if (done)
			return true;
	}
}

int main(int argc, char **argv)
{
	struct session_config config = { .kubeconfig = argc > 1 ? argv[1] : NULL };
	struct times times = { .began_ms = clock_monotonic_ms() };
	struct error err = ERROR_INIT;
	struct session *session;
	struct rusage usage;

	if (argc != 2 || session_open(&config, &session, &err)) {
		fprintf(stderr, "usage: list KUBECONFIG  %s\n", err.text);
		return 2;
	}
	if (!wait_for_all(session, &times)) {
		fprintf(stderr, "bench: nothing new for 60 s\n");
		return 1;
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("first rows %lld ms, all backups %lld ms, all volumes %lld ms, peak %.1f MB\n",
	       (long long)(times.first_ms - times.began_ms),
	       (long long)(times.backups_ms - times.began_ms),
	       (long long)(times.volumes_ms - times.began_ms), (double)usage.ru_maxrss / 1024);
	session_close(session);
	return 0;
}
