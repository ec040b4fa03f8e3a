/* The PodVolumeBackups of one backup: made for the pods' volumes, waited for, counted
 * (spec/velero-api.md 2.8, 7.3). */
#ifndef BACKEND_PRACTICE_POD_VOLUMES_H
#define BACKEND_PRACTICE_POD_VOLUMES_H

#include "backend/practice/velog.h"
#include "backend/practice/world.h"

struct pod_volumes {
	struct world *world;
	const struct json *backup, *location;
	struct velog *log;
	void (*meanwhile)(void *arg); /* called while waiting, or NULL */
	void *arg;
};

/* Makes the objects for one pod's volumes; what cannot be copied is noted in the log as Velero
 * does. */
void pod_volumes_create(struct pod_volumes *volumes, const struct json *pod);
/* Until each is final; their failures are errors of the backup. Owned list of them. NULL when the
 * cluster goes down or the Velero server is another. */
struct json *pod_volumes_wait(struct pod_volumes *volumes);

/* One PodVolumeBackup, without status. Owned. Pure: for the seed too. claim may be NULL. */
struct json *pod_volume_object(const struct json *backup, const struct json *location,
			       const struct json *pod, const char *volume,
			       const struct json *claim);
bool pod_volume_is_final(const struct json *volume);

#endif
