/* An object made exactly once although answers get lost: it carries a label of our own
 * (kotsnap.io/request), and a POST without an answer is looked up by that label before it is sent
 * again (design/screens.md 6, Disconnect). A 409 for a generated name is tried again with the next
 * one (spec/velero-api.md 3.0). Worker thread. */
#ifndef BACKEND_OPS_CREATION_H
#define BACKEND_OPS_CREATION_H

#include "backend/kube/client.h"

#define CREATION_ID_LEN 16

struct creation_spec {
	struct transport *transport;
	struct client *client;
	const struct kube_kind *kind;
	const char *namespace; /* copied */
	struct json *body;     /* taken over; the label is put into it */
	const char *id;	       /* 16 hex digits: value of the label; copied */
	const char *what;      /* "create backup in velero"; copied */
	/* words for the place that waits: "the answer was lost, looking for it". May be NULL. */
	void (*step)(void *arg, const char *words);
	/* Once, last: the object as the cluster has it (borrowed), or NULL and err. The creation
	 * may be freed inside. */
	client_done *done;
	void *arg;
};

struct creation;
struct creation *creation_start(const struct creation_spec *spec);
void creation_free(struct creation *creation); /* stops waiting; NULL is fine */

/* true when the request may have reached the cluster although it failed here. Pure. */
bool creation_answer_was_lost(const struct error *err);
/* Fields of the spec that were sent and are not in the object that was made: "spec.hooks,
 * spec.orLabelSelectors". What says nothing ("0s", {}, false) does not count. Appends. Pure. */
void creation_add_dropped(struct strbuf *out, const struct json *sent, const struct json *made);
/* 16 fresh hex digits and a NUL. */
void creation_make_id(char *ret_id);

#endif
