#include "backend/base/clock.h"
#include "backend/base/safetext.h"
#include "backend/checks/check.h"
#include "backend/cli/check_json.h"
#include "backend/cli/output.h"
#include "backend/cli/show_parts.h"
#include "backend/cli/snapshot_json.h"
#include "backend/cli/waiting.h"
#include "backend/velero/download.h"

#include <stdio.h>
#include <string.h>

#define SNAPSHOT_LISTS                                                                             \
	(1u << COLLECTION_BACKUPS | 1u << COLLECTION_POD_VOLUME_BACKUPS |                          \
	 1u << COLLECTION_DELETE_REQUESTS)

static const struct output_column snapshot_columns[] = {
	{ "NAME", "name", COLUMN_TEXT },       { "TYPE", "kind", COLUMN_TEXT },
	{ "STATUS", "status", COLUMN_TEXT },   { "STARTED", "started", COLUMN_TIME },
	{ "SIZE", "sizeBytes", COLUMN_BYTES }, { "ERR", "errors", COLUMN_COUNT },
	{ "WARN", "warnings", COLUMN_COUNT },  { "KEPT UNTIL", "expires", COLUMN_TIME },
};
static const struct output_column volume_columns[] = {
	{ "NAMESPACE", "namespace", COLUMN_TEXT }, { "POD", "pod", COLUMN_TEXT },
	{ "VOLUME", "volume", COLUMN_TEXT },	   { "CLAIM", "claim", COLUMN_TEXT },
	{ "NODE", "node", COLUMN_TEXT },	   { "PHASE", "phase", COLUMN_TEXT },
	{ "SIZE", "sizeBytes", COLUMN_BYTES },	   { "MESSAGE", "message", COLUMN_TEXT },
};
static const struct output_column restore_columns[] = {
	{ "RESTORE", "name", COLUMN_TEXT }, { "APPLICATION", "app", COLUMN_TEXT },
	{ "PHASE", "phase", COLUMN_TEXT },  { "STARTED", "started", COLUMN_TIME },
	{ "ERR", "errors", COLUMN_COUNT },  { "WARN", "warnings", COLUMN_COUNT },
};
#define COLUMNS(rows) ((struct output_columns){ rows, ARRAY_SIZE(rows) })

enum status command_list(struct cli *cli, const char *const *operands, size_t count,
			 struct error *err)
{
	struct json *items;
	enum status st = cli_wait_lists(cli, SNAPSHOT_LISTS, err);

	(void)operands;
	(void)count;
	if (st)
		return st;
	items = json_new_list();
	for (size_t i = 0; i < cli->model->snapshot_count; i++)
		json_add(items, snapshot_to_json(&cli->model->snapshots[i], cli->model->console));
	output_list(cli->call->output, items, COLUMNS(snapshot_columns), "No snapshots.");
	return STATUS_OK;
}

static const struct snapshot *find_snapshot(struct cli *cli, const char *name, struct error *err)
{
	const struct snapshot *snapshot = model_snapshot_by_name(cli->model, name);

	if (!snapshot) {
		error_set(err, STATUS_NOT_FOUND, "there is no snapshot %s", name);
		error_hint(err, "kotsnap list shows those there are");
	}
	return snapshot;
}

/* Volumes say whose they are by Velero's label, which holds a long name cut and hashed. */
static struct json *volumes_of(const struct model *model, const char *backup)
{
	const struct list *list = model->lists[COLLECTION_POD_VOLUME_BACKUPS];
	struct strbuf label = STRBUF_INIT;
	struct json *items = json_new_list();

	object_add_label_value(&label, backup);
	for (size_t i = 0; i < list->count; i++) {
		const struct podvolume *volume = (const struct podvolume *)list->items[i];

		if (!strcmp(volume->owner, label.buf))
			json_add(items, podvolume_to_json(volume));
	}
	strbuf_done(&label);
	return items;
}

static struct json *restores_of(const struct model *model, const char *backup)
{
	const struct list *list = model->lists[COLLECTION_RESTORES];
	struct json *items = json_new_list();

	for (size_t i = 0; i < list->count; i++) {
		const struct restore *restore = (const struct restore *)list->items[i];

		if (!strcmp(restore->backup, backup))
			json_add(items, restore_to_json(restore));
	}
	return items;
}

static const struct output_column facts[] = {
	{ "Name", "name", COLUMN_TEXT },
	{ "Kind", "kind", COLUMN_TEXT },
	{ "Status", "status", COLUMN_TEXT },
	{ "Phase", "phase", COLUMN_TEXT },
	{ "Reason", "reason", COLUMN_TEXT },
	{ "Trigger", "trigger", COLUMN_TEXT },
	{ "Applications", "applications", COLUMN_TEXT },
	{ "Started", "started", COLUMN_TIME },
	{ "Completed", "completed", COLUMN_TIME },
	{ "Kept until", "expires", COLUMN_TIME },
	{ "Size", "sizeBytes", COLUMN_BYTES },
	{ "Volumes", "volumes", COLUMN_COUNT },
	{ "Volumes failed", "volumesFailed", COLUMN_COUNT },
	{ "Objects", "itemsDone", COLUMN_COUNT },
	{ "Errors", "errors", COLUMN_COUNT },
	{ "Warnings", "warnings", COLUMN_COUNT },
	{ "Location", "location", COLUMN_TEXT },
	{ "Kubernetes", "kubernetes", COLUMN_TEXT },
	{ "Not restorable", "notRestorableBecause", COLUMN_TEXT },
};

static void print_facts(const struct json *map)
{
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		struct strbuf cell = STRBUF_INIT;

		output_add_cell(&cell, map, &facts[i]);
		if (strcmp(cell.buf, "-") != 0)
			printf("%-15s %s\n", facts[i].title, cell.buf);
		strbuf_done(&cell);
	}
}

static void print_part(const struct json *map, const char *key, struct output_columns columns)
{
	const struct json *items = json_key(map, key);

	if (!json_count(items))
		return;
	putchar('\n');
	output_list(OUTPUT_TABLE, json_clone(items), columns, "");
}

enum status command_show(struct cli *cli, const char *const *operands, size_t count,
			 struct error *err)
{
	const struct snapshot *snapshot;
	struct json *map;
	enum status st = cli_wait_lists(cli, SNAPSHOT_LISTS | 1u << COLLECTION_RESTORES, err);

	(void)count;
	snapshot = st ? NULL : find_snapshot(cli, operands[0], err);
	if (!snapshot)
		return st ? st : err->code;
	map = snapshot_to_json(snapshot, cli->model->console);
	json_put(map, "podVolumes", volumes_of(cli->model, operands[0]));
	json_put(map, "restores", restores_of(cli->model, operands[0]));
	st = show_put_stored(cli, snapshot, map, err);
	if (st) {
		json_free(map);
		return st;
	}
	if (cli->call->output != OUTPUT_TABLE) {
		output_one(cli->call->output, map);
		return STATUS_OK;
	}
	print_facts(map);
	print_part(map, "podVolumes", COLUMNS(volume_columns));
	print_part(map, "restores", COLUMNS(restore_columns));
	show_print_stored(map);
	json_free(map);
	return STATUS_OK;
}

enum status command_logs(struct cli *cli, const char *const *operands, size_t count,
			 struct error *err)
{
	struct request request = { .kind = REQUEST_DOWNLOAD };
	struct event *event = NULL;
	enum status st = cli_wait_lists(cli, 1u << COLLECTION_BACKUPS, err);

	(void)count;
	/* Each part of a snapshot has a log of its own. */
	if (!st && !list_by_name(cli->model->lists[COLLECTION_BACKUPS], operands[0]) &&
	    !find_snapshot(cli, operands[0], err))
		st = err->code;
	if (st)
		return st;
	snprintf(request.name, sizeof(request.name), "%s", operands[0]);
	snprintf(request.what, sizeof(request.what), "BackupLog");
	st = cli_ask(cli, &request, false, &event, err);
	if (st)
		return st;
	for (size_t i = 0; i < document_lines(event->document); i++) {
		struct strbuf safe = STRBUF_INIT;
		size_t len;
		const char *line = document_line(event->document, i, &len);

		safetext_add(&safe, line, len, false);
		puts(safe.buf);
		strbuf_done(&safe);
	}
	event_free(event);
	return STATUS_OK;
}

static struct json *status_to_json(const struct model *model, int64_t now)
{
	const struct snapshot *newest = model_newest_restorable(model, true),
			      *running = model->running;
	struct check_results results;
	struct json *map = json_new_map();

	json_put_text(map, "name", model->link.site);
	json_put_text(map, "server", model->link.server);
	json_put_text(map, "kubernetes", model->console->kubernetes_version);
	json_put_text(map, "velero", model->console->velero_version);
	json_put_text(map, "veleroNamespace", model->console->velero_namespace);
	json_put_text(map, "kots", model->console->kots_version);
	json_put_text(map, "kotsNamespace", model->console->namespace);
	json_put_text(map, "applicationsFrom", console_source_name(model->console->source));
	output_put_time(map, "applicationsAsOf", model->console->source_as_of);
	json_put_text(map, "applicationsNote",
		      *model->console->differs ? model->console->differs
					       : model->console->api_note);
	json_put_int(map, "snapshots", (int64_t)model->snapshot_count);
	json_put_text(map, "newestRestorable", newest ? newest->backup->object.name : "");
	output_put_time(map, "newestRestorableStarted", newest ? newest->backup->started : 0);
	json_put_text(map, "running", running ? running->backup->object.name : "");
	checks_site(model, now, &results);
	json_put(map, "checks", checks_to_json(&results));
	check_results_done(&results);
	return map;
}

static const struct output_column status_facts[] = {
	{ "Site", "name", COLUMN_TEXT },
	{ "Server", "server", COLUMN_TEXT },
	{ "Kubernetes", "kubernetes", COLUMN_TEXT },
	{ "Velero", "velero", COLUMN_TEXT },
	{ "KOTS", "kots", COLUMN_TEXT },
	{ "Applications from", "applicationsFrom", COLUMN_TEXT },
	{ "  as of", "applicationsAsOf", COLUMN_TIME },
	{ "  note", "applicationsNote", COLUMN_TEXT },
	{ "Snapshots", "snapshots", COLUMN_COUNT },
	{ "Newest restorable", "newestRestorable", COLUMN_TEXT },
	{ "Taken", "newestRestorableStarted", COLUMN_TIME },
	{ "Running", "running", COLUMN_TEXT },
};
static const struct output_column check_columns[] = {
	{ "RULE", "name", COLUMN_TEXT },
	{ "VERDICT", "verdict", COLUMN_TEXT },
	{ "WHAT WAS SEEN", "seen", COLUMN_TEXT },
};

enum status command_status(struct cli *cli, const char *const *operands, size_t count,
			   struct error *err)
{
	struct json *map;
	enum status st =
		cli_wait_lists(cli,
			       SNAPSHOT_LISTS | 1u << COLLECTION_LOCATIONS |
				       1u << COLLECTION_REPOSITORIES | 1u << COLLECTION_SCHEDULES,
			       err);

	(void)operands;
	(void)count;
	if (!st)
		st = cli_wait_console(cli, err);
	if (st)
		return st;
	map = status_to_json(cli->model, clock_now());
	if (cli->call->output != OUTPUT_TABLE) {
		output_one(cli->call->output, map);
		return STATUS_OK;
	}
	for (size_t i = 0; i < ARRAY_SIZE(status_facts); i++) {
		struct strbuf cell = STRBUF_INIT;

		output_add_cell(&cell, map, &status_facts[i]);
		printf("%-18s %s\n", status_facts[i].title, cell.buf);
		strbuf_done(&cell);
	}
	print_part(map, "checks", COLUMNS(check_columns));
	json_free(map);
	return STATUS_OK;
}
