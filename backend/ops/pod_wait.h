/* What a pod that is being restored waits for, and why, in words of somebody who has to mend it:
 * its image, its claim, a node, the volume data that Velero's init container waits for. Pure.
 * spec/velero-api.md 7.3, spec/console-screens.md F-153, F-166. */
#ifndef BACKEND_OPS_POD_WAIT_H
#define BACKEND_OPS_POD_WAIT_H

#include "backend/base/json.h"
#include "backend/base/strbuf.h"

/* The worse, the later. */
enum pod_wait {
	POD_WELL,     /* it runs and is ready, or has done its work */
	POD_STARTING, /* no reason is known (yet): its events may say */
	POD_FILLING,  /* Velero's init container waits for volume data */
	POD_STUCK,    /* something has to be mended */
};

/* Appends "pod web-0: ..."; nothing for one that is well. */
enum pod_wait pod_wait_add(struct strbuf *out, const struct json *pod);
/* The list of node agents: one that is ready runs on that node. */
bool pod_wait_has_agent(const struct json *agents, const char *node);
/* Of the events of a pod the last warning: "FailedMount: ..."; false when there is none. */
bool pod_wait_add_event(struct strbuf *out, const struct json *events);

#endif
