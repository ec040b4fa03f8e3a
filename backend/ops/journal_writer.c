#include "backend/ops/journal_writer.h"

#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/ops/creation.h"
#include "backend/ops/lease.h"
#include "backend/ops/op_words.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_WAIT_MS	1000
#define LONGEST_WAIT_MS 15000
#define CALL_MS		15000
/* Below the lease by more than a call may take. */
#define FRESH_MS (JOURNAL_LEASE_S * 1000 - 5000)

static const struct kube_kind config_map_kind = { "", "v1", "configmaps" };

struct journal_writer {
	struct journal_writer_spec spec;
	char *namespace, *id, *name, *session, *owner, *resource_version;
	struct lease *lease; /* NULL until the first put */
	bool may_write;	     /* the lease is ours, or there are none */
	uint64_t call, timer;
	bool told_stop; /* that somebody asks us to stop */
	bool asked;	/* somebody waits for `written` */
	bool again;	/* asked while a write was under way that has not what he wants */
	bool confirmed; /* it was written once at least */
	bool is_over;
	int tries;
	int64_t sent_ms, confirmed_ms; /* monotonic */
};

static void write_now(struct journal_writer *writer);

static void fire(void *arg)
{
	struct journal_writer *writer = arg;

	writer->timer = 0;
	write_now(writer);
}

static void write_after(struct journal_writer *writer, int64_t delay_ms)
{
	if (writer->timer)
		transport_cancel_timer(writer->spec.transport, writer->timer);
	writer->timer = transport_after(writer->spec.transport, delay_ms, fire, writer);
}

static void give_up(struct journal_writer *writer, const struct error *err)
{
	writer->is_over = true;
	writer->spec.lost(writer->spec.arg, err);
}

static void try_again(struct journal_writer *writer, const struct error *err)
{
	int64_t wait_ms = FIRST_WAIT_MS;

	log_line("op", "%s", err->text);
	for (int i = 0; i < writer->tries && wait_ms < LONGEST_WAIT_MS; i++)
		wait_ms *= 2;
	writer->tries++;
	write_after(writer, wait_ms < LONGEST_WAIT_MS ? wait_ms : LONGEST_WAIT_MS);
	writer->spec.trouble(writer->spec.arg, err);
}

static void set_version(struct journal_writer *writer, const char *version)
{
	free(writer->resource_version);
	writer->resource_version = version ? mem_text(version) : NULL;
}

enum status journal_check_ours(const struct json *config_map, const char *session,
			       struct error *err)
{
	struct journal_entry entry = { 0 };
	enum status st = journal_from_config_map(config_map, &entry, err);

	if (st && st != STATUS_UNSUPPORTED)
		return st;
	st = STATUS_OK;
	if (strcmp(entry.session, session) != 0) {
		st = op_watching_error(err, entry.owner, entry.since);
	} else if (entry.state == OP_CLOSED) {
		st = error_set(err, STATUS_CANCELLED,
			       "somebody closed the record of this operation meanwhile");
		error_hint(err, "Nothing more is done here. Restore again from the same snapshot.");
	}
	journal_entry_done(&entry);
	return st;
}

/* Our own write whose answer was lost, or words of somebody else beside it. */
static void go_on_from(struct journal_writer *writer, const struct json *config_map)
{
	const char *who = journal_stop_asked(config_map);

	set_version(writer, json_text(config_map, "metadata.resourceVersion"));
	if (*who && !writer->told_stop && writer->spec.asked_to_stop) {
		writer->told_stop = true;
		writer->spec.asked_to_stop(writer->spec.arg, who);
	}
	if (!writer->is_over && !writer->call)
		write_now(writer);
}

static void read_back(void *arg, const struct json *reply, const struct error *err)
{
	struct journal_writer *writer = arg;
	struct error why = ERROR_INIT;

	writer->call = 0;
	if (err && err->http == 404) {
		set_version(writer, NULL);
		write_now(writer);
	} else if (err) {
		try_again(writer, err);
	} else if (journal_check_ours(reply, writer->session, &why)) {
		give_up(writer, &why);
	} else {
		go_on_from(writer, reply);
	}
}

static void read_it(struct journal_writer *writer)
{
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .what = "read the record of the operation",
				    .total_ms = CALL_MS };

	client_add_path(&path, &config_map_kind, writer->namespace, writer->name);
	call.path = path.buf;
	writer->call = client_call(writer->spec.client, &call, read_back, writer);
	strbuf_done(&path);
}

static void confirm(struct journal_writer *writer, const struct json *reply)
{
	bool tell = writer->asked && !writer->again;

	set_version(writer, json_text(reply, "metadata.resourceVersion"));
	writer->confirmed = true;
	writer->confirmed_ms = writer->sent_ms;
	writer->tries = 0;
	if (writer->again) {
		writer->again = false;
		write_now(writer);
		return;
	}
	writer->asked = false;
	write_after(writer, JOURNAL_RENEW_MS);
	if (tell)
		writer->spec.written(writer->spec.arg);
}

static void answered(void *arg, const struct json *reply, const struct error *err)
{
	struct journal_writer *writer = arg;

	writer->call = 0;
	if (!err) {
		confirm(writer, reply);
	} else if (err->http == 409) {
		read_it(writer);
	} else if (err->http == 404 && writer->resource_version) {
		set_version(writer, NULL);
		try_again(writer, err);
	} else if (!writer->confirmed && err->http != 429 && !creation_answer_was_lost(err)) {
		give_up(writer, err);
	} else {
		try_again(writer, err);
	}
}

/* Only the record itself and the version it is based on. Who asked to stop has been heard. */
static struct json *patch_of(const struct journal_writer *writer, const struct json *config_map)
{
	struct json *patch = json_new_map();
	struct json *data = json_put(patch, "data", json_clone(json_key(config_map, "data")));

	json_put(data, "stop", json_new_null());
	json_put_path(patch, "metadata.resourceVersion", json_new_text(writer->resource_version));
	return patch;
}

static void write_now(struct journal_writer *writer)
{
	struct strbuf path = STRBUF_INIT;
	struct json *config_map = writer->spec.make(writer->spec.arg), *patch = NULL;
	struct client_call call = { .method = "POST",
				    .body = config_map,
				    .what = "write the record of the operation",
				    .total_ms = CALL_MS };

	if (writer->timer)
		transport_cancel_timer(writer->spec.transport, writer->timer);
	writer->timer = 0;
	client_add_path(&path, &config_map_kind, writer->namespace,
			writer->resource_version ? writer->name : NULL);
	if (writer->resource_version) {
		call.method = "PATCH";
		call.content_type = "application/merge-patch+json";
		call.body = patch = patch_of(writer, config_map);
	}
	call.path = path.buf;
	writer->sent_ms = clock_monotonic_ms();
	writer->call = client_call(writer->spec.client, &call, answered, writer);
	json_free(config_map);
	json_free(patch);
	strbuf_done(&path);
}

struct journal_writer *journal_writer_new(const struct journal_writer_spec *spec)
{
	struct journal_writer *writer = mem_alloc(sizeof(*writer));
	struct strbuf name = STRBUF_INIT;

	strbuf_addf(&name, "kotsnap-op-%s", spec->id);
	writer->spec = *spec;
	writer->namespace = mem_text(spec->namespace);
	writer->id = mem_text(spec->id);
	writer->owner = mem_text(spec->owner ? spec->owner : "");
	writer->name = strbuf_detach(&name);
	writer->session = mem_text(spec->session);
	set_version(writer, spec->resource_version);
	return writer;
}

static void stop(struct journal_writer *writer)
{
	if (writer->timer)
		transport_cancel_timer(writer->spec.transport, writer->timer);
	if (writer->call)
		client_cancel(writer->spec.client, writer->call);
	writer->timer = writer->call = 0;
	writer->is_over = true;
}

void journal_writer_stop(struct journal_writer *writer)
{
	stop(writer);
	if (writer->lease)
		lease_let_go(writer->lease);
}

void journal_writer_free(struct journal_writer *writer)
{
	if (!writer)
		return;
	stop(writer);
	lease_free(writer->lease);
	free(writer->id);
	free(writer->owner);
	free(writer->namespace);
	free(writer->name);
	free(writer->session);
	free(writer->resource_version);
	free(writer);
}

static void lease_held(void *arg, const struct error *alone)
{
	struct journal_writer *writer = arg;

	int64_t wait_ms = JOURNAL_STALE_MS - writer->spec.quiet_ms;

	writer->may_write = true;
	if (alone)
		writer->spec.alone(writer->spec.arg, alone);
	if (writer->is_over || !writer->asked || writer->call)
		return;
	/* Without leases only the record tells whether its owner is alive: should it be renewed
	 * meanwhile, the version we have is refused. */
	if (alone && writer->resource_version && wait_ms > 0)
		write_after(writer, wait_ms);
	else
		write_now(writer);
}

static void lease_waits(void *arg, const char *words)
{
	struct journal_writer *writer = arg;
	struct error err = ERROR_INIT;

	error_set(&err, STATUS_BUSY, "%s", words);
	writer->spec.trouble(writer->spec.arg, &err);
}

static void lease_lost(void *arg, const struct error *err)
{
	struct journal_writer *writer = arg;

	if (writer->is_over)
		return;
	stop(writer);
	writer->spec.lost(writer->spec.arg, err);
}

static void get_lease(struct journal_writer *writer)
{
	struct lease_spec spec = { .transport = writer->spec.transport,
				   .client = writer->spec.client,
				   .namespace = writer->namespace,
				   .id = writer->id,
				   .session = writer->session,
				   .owner = writer->owner,
				   .quiet_ms = writer->spec.quiet_ms,
				   .held = lease_held,
				   .waits = lease_waits,
				   .lost = lease_lost,
				   .arg = writer };

	writer->lease = lease_start(&spec);
}

void journal_writer_put(struct journal_writer *writer)
{
	if (writer->is_over)
		return;
	writer->again = writer->call != 0;
	writer->asked = true;
	if (!writer->lease)
		get_lease(writer);
	else if (writer->may_write && !writer->call)
		write_now(writer);
}

bool journal_writer_is_fresh(const struct journal_writer *writer)
{
	return writer->confirmed && clock_monotonic_ms() - writer->confirmed_ms < FRESH_MS &&
	       writer->lease && lease_is_fresh(writer->lease);
}
