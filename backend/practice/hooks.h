/* Backup hooks of pods, from annotations and from the backup's spec (spec/velero-api.md 8.1). The
 * hook of the admin console really saves its database; those of the application are noted as run,
 * for no container runs here. */
#ifndef BACKEND_PRACTICE_HOOKS_H
#define BACKEND_PRACTICE_HOOKS_H

#include "backend/practice/velog.h"
#include "backend/practice/world.h"

struct hook_count {
	int64_t attempted, failed;
};

struct hook_run {
	struct world *world;
	const struct json *spec; /* of the backup */
	struct velog *log;
	struct hook_count count;
};

/* phase "pre" or "post". false: a hook with onError Fail failed, the pod is left out. */
bool hooks_run(struct hook_run *run, const struct json *pod, const char *phase);

#endif
