/* The record of an operation: one ConfigMap "kotsnap-op-<id>" in the Velero namespace, labelled velero.io/exclude-from-backup
 * "true" and kotsnap.io/operation "<id>", so that a killed session leaves nothing unexplained: whoever opens kotsnap next sees it
 * (design/house.md, Decisions). Written before each step; data.record is one JSON document with "version": 1; a higher version is
 * shown but refused. Reading and writing the document is pure; journal_write() asks the API. Worker thread. */
#ifndef BACKEND_OPS_JOURNAL_H
#define BACKEND_OPS_JOURNAL_H

#include "backend/ops/op.h"

struct journal_entry {
	const char *id, *owner, *backup, *app_slug, *typed;
	enum restore_kind kind;
	enum restore_step step;       /* the step that is being made true */
	enum op_state state;
	int64_t began, alive;         /* unix seconds; alive: last sign of life, renewed each 10 s */
	const char *why;
};

struct json *journal_to_config_map(const struct journal_entry *entry, const struct restore_plan *plan, const char *namespace);
/* Texts borrowed from config_map. STATUS_UNSUPPORTED for a newer version. */
enum status journal_from_config_map(const struct json *config_map, struct journal_entry *ret_entry, struct error *err);
/* No sign of life for so long: it may be taken over. Tolerates clock skew of 15 s. */
bool journal_is_stale(const struct journal_entry *entry, int64_t now);
/* A view for the Activity list of a record that nobody here runs. Counted. */
const struct op_view *journal_view(const struct journal_entry *entry, int64_t now);

#endif
