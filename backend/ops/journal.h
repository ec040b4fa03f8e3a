/* The record of an operation: one ConfigMap "kotsnap-op-<id>" in the Velero namespace, labelled
 * velero.io/exclude-from-backup "true" and kotsnap.io/operation "<id>", so that a killed session
 * leaves nothing unexplained: whoever opens kotsnap next sees it (design/house.md, Decisions).
 * Written before each step; data.record is one JSON document with "version": 1; a higher version is
 * shown but refused. Pure; journal_writer.h asks the API. Any thread. */
#ifndef BACKEND_OPS_JOURNAL_H
#define BACKEND_OPS_JOURNAL_H

#include "backend/ops/restore_view.h"

/* Its owner renews the record so often; without a renewal for so long it may be taken over. The
 * clocks of two nodes may differ by the skew; by more, and only what we saw ourselves counts. */
#define JOURNAL_RENEW_MS 10000
#define JOURNAL_LEASE_S	 30
#define JOURNAL_SKEW_S	 15
#define JOURNAL_STALE_MS ((JOURNAL_LEASE_S + JOURNAL_SKEW_S) * 1000)

struct journal_entry {
	struct json
		*record; /* owned; the texts below are borrowed from it. NULL in one made by hand */
	const char *id, *owner; /* owner "root@node-02" */
	const char *session;	/* tells two kotsnaps of one owner apart */
	const char *typed;	/* the words that confirmed it */
	const char *process;	/* holder.h: which process writes it */
	bool is_gone;		/* that process is known to be; set by who asked (holder.h) */
	int64_t still_ms; /* for how long we saw it unchanged, by our clock; set by who asked */
	bool was_renewed; /* it changed while we looked on; set by who asked */
	enum restore_step step; /* the step that is being made true */
	size_t at;		/* which of the plan's it is; always one of them when it was read */
	const struct restore_note *notes; /* to be written; NULL = none. Read: journal_notes() */
	enum op_state state;
	int64_t began, alive, ended; /* unix seconds; alive: last sign of life; ended 0 = not yet */
	int64_t since;		     /* when its owner got it: began, or when it was taken over */
	const char *verdict, *why, *next;
	int64_t errors, warnings;
	/* Of the plan; journal_to_config_map() takes them from there. */
	enum restore_kind kind;
	const char *backup, *restore, *app_slug, *app_title;
};

/* Owned by the caller. */
struct json *journal_to_config_map(const struct journal_entry *entry,
				   const struct restore_plan *plan, const char *namespace);
/* STATUS_FORMAT when it is no record; then ret_entry is untouched. STATUS_UNSUPPORTED for a newer
 * version: what could be read of it is there to be shown. journal_entry_done() it in both other
 * cases. */
enum status journal_from_config_map(const struct json *config_map, struct journal_entry *ret_entry,
				    struct error *err);
void journal_entry_done(struct journal_entry *entry);
/* The plan that was confirmed, counted. STATUS_FORMAT when it is damaged. */
enum status journal_plan(const struct journal_entry *entry, const struct restore_plan **ret_plan,
			 struct error *err);
/* What was noted of each step of the plan: an array of step_count, owned, details too. */
struct restore_note *journal_notes(const struct journal_entry *entry,
				   const struct restore_plan *plan);
/* Who asks its owner to stop, "" nobody. Beside the record, so that anybody may write it. Borrowed.
 */
const char *journal_stop_asked(const struct json *config_map);
/* A merge patch that asks so, or with "" takes it back; owned. Names the version it is based on. */
struct json *journal_stop_patch(const struct json *config_map, const char *who);
/* No sign of life for so long: it may be taken over. At the first sight, when nothing but the
 * clocks can tell, this is a guess; the lease (lease.h) decides. */
bool journal_is_stale(const struct journal_entry *entry, int64_t now);
/* A view for the Activity list of a record that nobody here runs. Counted. */
const struct op_view *journal_view(const struct journal_entry *entry, int64_t now);

#endif
