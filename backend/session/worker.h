/* Inside of the session, for the files of this folder: what the worker thread holds. Nobody else
 * includes it.
 *
 * Made by the UI thread before the thread runs, used by the worker thread alone until it has ended,
 * freed by the UI thread. Shared meanwhile: the two mailboxes, `stopping`, and `latest`, the newest
 * picture that the UI thread has not taken yet. */
#ifndef BACKEND_SESSION_WORKER_H
#define BACKEND_SESSION_WORKER_H

#include "backend/base/mailbox.h"
#include "backend/kube/watch.h"
#include "backend/ops/journal.h"
#include "backend/ops/op.h"
#include "backend/session/link.h"
#include "backend/session/session.h"

#include <stdatomic.h>

struct worker;
struct writing;

struct feed {
	struct worker *worker;
	enum collection which;
	struct watch *watch; /* NULL = not started */
	struct list_edit *edit;
	const struct list *list; /* as last published; counted */
};

/* Somebody waits for a document or a plan. */
struct waiting {
	struct waiting *next;
	struct worker *worker;
	uint64_t ticket;
	struct download *download;
	struct op_facts *facts;
	struct op_stop *stop;
	struct op_clean *clean;
	struct preview_reader *preview;
	bool starting, finished; /* done may come before start returns */
};

struct running_op {
	uint64_t ticket;
	struct op *op; /* NULL while it is being started */
	bool accepted;
};

struct shown_plan {
	uint64_t ticket;
	const struct restore_plan *plan; /* counted */
};

/* One ConfigMap with the record of an operation (ops/journal.h). */
struct record {
	char *uid;
	struct json *config_map;
	bool seen_in_list;
	int64_t seen_ms;  /* monotonic: since when we look on and see it so */
	bool was_renewed; /* it changed while we looked on */
};

#define PLANS_KEPT   4
#define ENDED_KEPT   50
#define RECORDS_MOST 200

struct worker {
	struct mailbox *requests, *events;
	atomic_bool stopping;
	_Atomic(const struct model *) latest;

	char *site, *namespace, *made_by;
	bool namespace_given, read_only, practice;
	struct transport *transport;
	struct client *client;
	int64_t began;

	struct feed feeds[COLLECTIONS];
	struct feed_state states[COLLECTIONS];
	struct watch *record_watch;
	struct record *records;
	size_t record_count, record_capacity;
	bool records_read, records_live;
	uint64_t record_timer, writing_call;
	struct writing *writing; /* a record being closed, or asked to be left, or NULL */

	struct console_probe *probe;
	uint64_t probe_ticket, probe_timer, practice_call;
	const struct console *probed,
		*console; /* as found; and with what a full backup adds. Counted, NULL = not yet */
	char *console_from; /* uid of the backup whose annotations are in console */

	struct op_world world;
	struct running_op *ops;
	size_t op_count, op_capacity;
	const struct op_view *ended[ENDED_KEPT]; /* newest first, counted */
	size_t ended_count;
	struct waiting *waiting;
	struct shown_plan plans[PLANS_KEPT];

	const struct model *model; /* latest made; counted, never NULL */
	uint64_t generation;
	bool dirty;
	int64_t publish_due_ms; /* monotonic: not before */
	int64_t next_expiry;	/* unix seconds: when the next of the snapshots expires; 0 none */
	uint64_t expiry_timer;
	size_t running_backups;
};

/* worker.c */
struct worker *worker_new(const struct session_config *config, struct transport *transport,
			  struct client *client);
void *worker_run(void *worker); /* the thread */
void worker_free(struct worker *worker);
void worker_touch(struct worker *worker); /* something shown has changed: make a new picture soon */
void worker_post(struct worker *worker, struct event *event);

/* feed.c */
void feeds_init(struct worker *worker);
void feeds_start(struct worker *worker);
void feeds_stop(struct worker *worker);
void feeds_restart(struct worker *worker, const char *namespace);
void feeds_retry(struct worker *worker);
void feeds_done(struct worker *worker);

/* record.c */
void records_start(struct worker *worker);
void records_stop(struct worker *worker);
const struct json *records_find(const struct worker *worker,
				const char *id); /* borrowed ConfigMap or NULL */
/* Appends counted views of records that no operation of ours stands for. */
void records_add_views(struct worker *worker, const struct op_view **views, size_t *count,
		       int64_t now);
/* What we know of its owner's life: still_ms, was_renewed, is_gone. */
void record_judge(const struct worker *worker, struct journal_entry *entry);
void record_close(struct worker *worker, uint64_t ticket, const char *id);
/* Asks whoever drives it to stop; he hears it at his next sign of life. */
void record_ask_stop(struct worker *worker, uint64_t ticket, const char *id);
void record_write_stop(struct worker *worker);

/* probe.c */
void probe_start(struct worker *worker, uint64_t ticket);
void practice_start(struct worker *worker); /* asks whether this is the practice cluster */
void probe_soon(struct worker *worker);
void probe_stop(struct worker *worker);
void probe_look_at_model(struct worker *worker,
			 const struct model *model); /* before it is published */

/* publish.c */
struct model *publish_build(struct worker *worker); /* counted; also the very first one */
void publish(struct worker *worker);
void publish_stop(struct worker *worker);

/* request.c */
struct posted {
	struct request request;
	uint64_t ticket;
};
void requests_init(struct worker *worker);
void requests_take(struct worker *worker);
void requests_reap(struct worker *worker); /* frees operations that have ended */
void requests_stop(struct worker *worker);
/* STATUS_REFUSED with the reason when this cannot be asked for now. Pure. */
enum status request_check(enum request_kind kind, const struct link *link, struct error *err);
void request_event(struct worker *worker, enum event_kind kind, uint64_t ticket, const char *text);
void request_failed(struct worker *worker, uint64_t ticket, const struct error *err);

/* answer.c */
void answer_download(struct worker *worker, const struct posted *posted);
void answer_plan(struct worker *worker, const struct posted *posted);
void answer_preview(struct worker *worker, const struct posted *posted);
void answer_stop(struct worker *worker, const struct posted *posted);
void answer_clean(struct worker *worker, const struct posted *posted);
void answer_forget(struct worker *worker, const struct posted *posted);
void answers_stop(struct worker *worker); /* nobody waits any more */

#endif
