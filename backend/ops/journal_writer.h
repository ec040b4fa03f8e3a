/* Keeps the record of one running operation in the cluster: writes it when asked, renews its sign
 * of life, waits out an API server that does not answer, and notices when somebody else has the
 * operation now. Each write names the version of the ConfigMap it is based on, so that of two
 * people only one can win; and before the first write the lease is ours (lease.h). Worker thread.
 */
#ifndef BACKEND_OPS_JOURNAL_WRITER_H
#define BACKEND_OPS_JOURNAL_WRITER_H

#include "backend/ops/journal.h"

struct journal_writer_spec {
	struct transport *transport;
	struct client *client;
	const char *namespace, *id, *session, *owner; /* copied */
	const char *resource_version; /* of a record that is taken over; NULL = a new one; copied */
	int64_t quiet_ms;	      /* for how long we saw that record unchanged; see lease.h */
	/* The record as of now, with a fresh sign of life; owned by the writer. */
	struct json *(*make)(void *arg);
	/* What journal_writer_put() asked for is in the cluster. */
	void (*written)(void *arg);
	/* There are no leases for us here, and why: the record alone says whose it is. */
	void (*alone)(void *arg, const struct error *why);
	/* It is not yet; it goes on trying. */
	void (*trouble)(void *arg, const struct error *err);
	/* Somebody asks us to stop (journal_stop_asked()); once. May be NULL. */
	void (*asked_to_stop)(void *arg, const char *who);
	/* Last: the record is not ours (any more), or may not be written at all. Nothing follows.
	 */
	void (*lost)(void *arg, const struct error *err);
	void *arg;
};

struct journal_writer;
/* Writes nothing by itself before the first journal_writer_put(). */
struct journal_writer *journal_writer_new(const struct journal_writer_spec *spec);
void journal_writer_free(
	struct journal_writer *writer); /* not inside its callbacks; NULL is fine */
/* Writes the record now; `written` comes once for it. */
void journal_writer_put(struct journal_writer *writer);
void journal_writer_stop(struct journal_writer *writer); /* renews no more; lets go of the lease */
/* false: the lease may have run out meanwhile: destroy nothing before it is renewed. */
bool journal_writer_is_fresh(const struct journal_writer *writer);

/* Why a record found in the cluster is not ours any more, STATUS_ELSEWHERE or STATUS_CANCELLED when
 * somebody closed it; STATUS_OK while it is. Pure. */
enum status journal_check_ours(const struct json *config_map, const char *session,
			       struct error *err);

#endif
