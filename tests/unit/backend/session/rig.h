/* A session in front of a scripted API server, seen as the UI thread sees it. */
#ifndef TESTS_UNIT_BACKEND_SESSION_RIG_H
#define TESTS_UNIT_BACKEND_SESSION_RIG_H

#include "backend/session/session.h"
#include "tests/support/httpd.h"

#define RIG_REPLIES 24

struct rig {
	struct httpd *api;
	struct httpd_reply replies[RIG_REPLIES]; /* the server borrows them */
	size_t reply_count;
	char kubeconfig[64], url[64];
	struct session *session;
	const struct model *model; /* latest taken; counted */
	struct event *events[256]; /* all but EVENT_MODEL, in order */
	size_t event_count, models;
};

/* Extra answers come first where their path fits; then a Velero with one snapshot and nothing else:
 * its watches are silent, whatever is not there is a 404. */
void rig_open(struct rig *rig, const struct httpd_reply *extra, size_t count, bool read_only);
void rig_close(struct rig *rig);
/* The server goes away, with every connection; comes back at the same address. */
void rig_cut(struct rig *rig);
void rig_mend(struct rig *rig);

uint64_t rig_ask(struct rig *rig, enum request_kind kind, const char *name, const char *what);
/* Until the picture is so, or ends the test after 10 s. */
void rig_wait_model(struct rig *rig, bool (*is)(const struct model *model));
/* Until the request has a final answer. Borrowed. */
const struct event *rig_wait_answer(struct rig *rig, uint64_t ticket);
/* Takes what is there, for so long. */
void rig_look(struct rig *rig, int ms);

bool model_is_live(const struct model *model);
bool model_is_lost(const struct model *model);

#define RIG_BACKUP(name, uid, phase, expires)                                                      \
	"{\"metadata\":{\"name\":\"" name "\",\"namespace\":\"velero\",\"uid\":\"" uid             \
	"\",\"resourceVersion\":\"7\",\"creationTimestamp\":\"2026-11-20T02:00:00Z\"},"            \
	"\"spec\":{},\"status\":{\"phase\":\"" phase "\",\"startTimestamp\":"                      \
	"\"2026-11-20T02:00:00Z\",\"expiration\":\"" expires "\"}}"
#define RIG_LIST(kind, items)                                                                      \
	"{\"kind\":\"" kind "\",\"apiVersion\":\"velero.io/v1\",\"metadata\":{"                    \
	"\"resourceVersion\":\"7\"},\"items\":[" items "]}"
#define RIG_BACKUPS "/velero/backups?"

#endif
