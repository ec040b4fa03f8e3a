/* The one door of the screens and commands to the cluster: connect, ask, look at the latest
 * picture, hear what happened. Owns the worker thread. Functions here belong to the UI thread (or
 * the only thread of a command); none waits for the network. */
#ifndef BACKEND_SESSION_SESSION_H
#define BACKEND_SESSION_SESSION_H

#include "backend/kots/restore_plan.h"
#include "backend/ops/preview.h"
#include "backend/store/model.h"
#include "backend/velero/download.h"

struct session;

struct session_config {
	const char *kubeconfig, *context; /* NULL = look as kubectl does; copied */
	const char *velero_namespace;	  /* NULL = find it */
	const char *site;		  /* name shown; NULL = the context */
	bool read_only;
};

/* Reads the kubeconfig (files only, no network), starts the worker. The first model is there at
 * once. */
enum status session_open(const struct session_config *config, struct session **ret_session,
			 struct error *err);
void session_close(struct session *session); /* stops the worker; operations go on in the cluster */

int session_fd(const struct session *session); /* readable when something new is there */
/* Latest picture, counted: model_unref() it. Never NULL. */
const struct model *session_model(struct session *session);

enum request_kind {
	REQUEST_RETRY, /* Ctrl-R */
	REQUEST_PROBE, /* look at the console again (c) */
	/* name: app slug, "" = full. Refused with the words of checks_take() where one of its rules
	   fails, and while one of the kind is being taken. */
	REQUEST_TAKE,
	/* name: app slug, "" = full: what that would hold and what not. Answer: EVENT_PREVIEW */
	REQUEST_PREVIEW,
	REQUEST_DELETE,	  /* name: backup */
	REQUEST_DOWNLOAD, /* name: backup or restore; what: "BackupLog" ... */
	/* name: backup; app: slug of one application, or "" with what: "all" (Admin Console and
	   every application of the snapshot) or "console". Answer: EVENT_PLAN */
	REQUEST_PLAN,
	REQUEST_RESTORE, /* ticket_of_plan: the plan that was shown and confirmed. text: the words
			    typed */
	REQUEST_FORGET,	 /* ticket: stop waiting for that answer */
	REQUEST_RESUME,	 /* name: id of an unfinished operation: take it over */
	REQUEST_CLOSE_RECORD, /* name: id: write "given up" into its record */
	/* name: id of a restore, running here or recorded; what, each honest about what stays:
	   "leave"           nothing more is done: the record says unfinished, the lease is let
			     go, anybody may take over at once. Before anything was removed the
			     restore ends instead, with nothing changed. Who drives it elsewhere is
			     asked to, and hears it at his next sign of life
	   "cancel-volumes"  spec.cancel on its volumes that are not finished (Velero 1.17+): they
			     stay as far as they are, the Restore ends PartiallyFailed
	   "delete-restore"  Velero's Restore is deleted: what it has made stays
	   "forget"          app: slug: the Admin Console forgets that it restores it (8.6); what is
			     removed or half restored stays
	   Answer: EVENT_DONE, text: what remains and the way back. */
	REQUEST_STOP,
	/* name: of a DeleteBackupRequest that is left over (store/model.h): it is removed, the
	   snapshot stays. Answer: EVENT_DONE, text: what was done. */
	REQUEST_CLEAN,
	REQUEST_WATCH_VOLUMES, /* name: "backup/NAME" or "restore/NAME" in view; reserved for large
				  sites */
};

struct request {
	enum request_kind kind;
	char name[254], app[128], what[64], text[254];
	uint64_t ticket; /* for RESTORE: of the plan; for FORGET: of the request */
};

/* Returns the ticket its events carry. */
uint64_t session_request(struct session *session, const struct request *request);

enum event_kind {
	EVENT_MODEL,	/* a new picture is there */
	EVENT_ACCEPTED, /* the cluster has it: text = name of the object made */
	EVENT_FAILED,	/* err says why */
	EVENT_STEP,	/* text: words for the place that waits */
	EVENT_DOCUMENT, /* document, counted */
	EVENT_PLAN,	/* plan, counted */
	EVENT_PREVIEW,	/* preview, counted */
	EVENT_DONE,	/* an operation ended: text says how, failed says whether well */
};

struct event {
	enum event_kind kind;
	uint64_t ticket;
	bool failed;
	enum op_state state; /* EVENT_DONE of an operation: how */
	struct error err;
	char text[254];
	const struct document *document;
	const struct restore_plan *plan;
	const struct preview *preview;
};

/* Next event or NULL. event_free() it (drops its counted parts). EVENT_MODEL comes at most once
 * between two calls. */
struct event *session_take_event(struct session *session);
void event_free(struct event *event);

#endif
