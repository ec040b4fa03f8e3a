#include "backend/cli/show_parts.h"

#include "backend/cli/output.h"
#include "backend/velero/cause.h"
#include "backend/velero/hooks.h"
#include "backend/velero/resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct output_column cause_columns[] = {
	{ "COUNT", "count", COLUMN_COUNT },
	{ "CAUSE", "cause", COLUMN_TEXT },
	{ "NEXT", "next", COLUMN_TEXT },
};
static const struct output_column problem_columns[] = {
	{ "KIND", "kind", COLUMN_TEXT },
	{ "SCOPE", "scope", COLUMN_TEXT },
	{ "MESSAGE", "message", COLUMN_TEXT },
};
static const struct output_column script_columns[] = {
	{ "WHEN", "when", COLUMN_TEXT },	   { "POD", "pod", COLUMN_TEXT },
	{ "CONTAINER", "container", COLUMN_TEXT }, { "COMMAND", "command", COLUMN_TEXT },
	{ "STATE", "state", COLUMN_TEXT },	   { "ERROR", "error", COLUMN_TEXT },
	{ "STDOUT", "stdout", COLUMN_TEXT },	   { "STDERR", "stderr", COLUMN_TEXT },
};
static const struct output_column resource_columns[] = {
	{ "RESOURCE", "kind", COLUMN_TEXT },
	{ "COUNT", "count", COLUMN_COUNT },
	{ "NAMESPACES", "places", COLUMN_TEXT },
};

static const struct part {
	const char *key;
	const struct output_column *columns;
	size_t column_count;
} parts[] = {
	{ "scripts", script_columns, ARRAY_SIZE(script_columns) },
	{ "causes", cause_columns, ARRAY_SIZE(cause_columns) },
	{ "problems", problem_columns, ARRAY_SIZE(problem_columns) },
	{ "resources", resource_columns, ARRAY_SIZE(resource_columns) },
};

/* A file that cannot be had is told, and no failure; a snapshot that is gone is one. */
static enum status fetch(struct cli *cli, const char *name, const char *kind,
			 struct event **ret_event, struct error *err)
{
	struct request request = { .kind = REQUEST_DOWNLOAD };
	struct error why = ERROR_INIT;

	snprintf(request.name, sizeof(request.name), "%s", name);
	snprintf(request.what, sizeof(request.what), "%s", kind);
	if (!cli_ask(cli, &request, false, ret_event, &why))
		return STATUS_OK;
	if (!model_snapshot_by_name(cli->model, name))
		return error_set(err, STATUS_NOT_FOUND, "snapshot %s was deleted meanwhile", name);
	cli_complain(&why);
	return STATUS_OK;
}

static void put_causes(struct json *list, const struct result_lines *lines)
{
	struct problem_groups groups;

	problems_group(lines, &groups);
	for (size_t i = 0; i < groups.count; i++) {
		const struct problem_group *group = &groups.rows[i];
		struct json *row = json_add(list, json_new_map());

		json_put_text(row, "cause", group->title);
		json_put_bool(row, "known", group->cause != NULL);
		json_put_bool(row, "harmless", group->cause && group->cause->harmless);
		json_put_text(row, "kind", group->is_error ? "error" : "warning");
		json_put_int(row, "count", (int64_t)group->count);
		json_put_text(row, "sure", group->cause ? surety_words(group->cause->surety) : "");
		json_put_text(row, "so", group->cause ? group->cause->so : "");
		json_put_text(row, "next", group->cause ? group->cause->next : "");
	}
	problem_groups_done(&groups);
}

static void put_problems(struct json *map, const struct event *event)
{
	struct json *problems = json_key_mut(map, "problems");
	struct result_lines lines = { 0 };
	struct error err = ERROR_INIT;
	const char *text;
	size_t len;

	text = document_text(event->document, &len);
	if (results_parse(text, len, &lines, &err)) {
		cli_complain(&err);
		return;
	}
	for (size_t i = 0; i < lines.count; i++) {
		struct json *row = json_add(problems, json_new_map());

		json_put_text(row, "kind", lines.rows[i].is_error ? "error" : "warning");
		json_put_text(row, "scope", lines.rows[i].scope);
		json_put_text(row, "message", lines.rows[i].message);
	}
	put_causes(json_key_mut(map, "causes"), &lines);
	result_lines_done(&lines);
}

static void put_scripts(struct json *map, const struct event *event)
{
	static const char *const states[] = {
		[HOOK_DONE] = "done",
		[HOOK_FAILED] = "failed",
		[HOOK_NO_ANSWER] = "no end in the log",
	};
	static const char *const known[] = {
		[HOOK_POD_UNKNOWN] = "no",
		[HOOK_POD_LIKELY] = "likely",
		[HOOK_POD_ONLY] = "only one",
		[HOOK_POD_NAMED] = "named",
	};
	struct json *list = json_key_mut(map, "scripts");
	struct hooks hooks;

	hooks_parse(event->document, &hooks);
	for (size_t i = 0; i < hooks.count; i++) {
		const struct hook *hook = &hooks.rows[i];
		struct json *row = json_add(list, json_new_map());

		json_put_text(row, "when", hook->post ? "after" : "before");
		json_put_text(row, "namespace", hook->namespace);
		json_put_text(row, "pod", hook->pod);
		json_put_text(row, "podKnown", known[hook->pod_known]);
		json_put_text(row, "container", hook->container);
		json_put_text(row, "command", hook->command);
		json_put_text(row, "state", states[hook->state]);
		json_put_text(row, "error", hook->error);
		output_put_time(row, "started", hook->began);
		output_put_time(row, "ended", hook->ended);
		json_put_text(row, "stdout", hook->out);
		json_put_text(row, "stderr", hook->err);
	}
	hooks_done(&hooks);
}

static void put_resources(struct json *map, const struct event *event)
{
	struct json *list = json_key_mut(map, "resources");
	struct strbuf places = STRBUF_INIT;
	struct resources resources = { 0 };
	struct error err = ERROR_INIT;
	const char *text;
	size_t len;

	text = document_text(event->document, &len);
	if (resources_parse(text, len, &resources, &err))
		cli_complain(&err);
	for (size_t i = 0; i < resources.count; i++) {
		struct json *row = json_add(list, json_new_map());

		strbuf_reset(&places);
		resource_kind_add_places(&places, &resources.rows[i], 40);
		json_put_text(row, "kind", resources.rows[i].kind);
		json_put_int(row, "count", (int64_t)resources.rows[i].count);
		json_put_text(row, "places", places.buf);
	}
	strbuf_done(&places);
	resources_done(&resources);
}

/* Nothing is stored before the end, nor for one that was refused; and what is stored under a name
 * taken before belongs to the older snapshot (spec/velero-api.md 12, item 12). */
static bool has_files(const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	return backup->started && !snapshot_is_running(snapshot) &&
	       !text_ends(backup->failure_reason, "already exists in object storage");
}

enum status show_put_stored(struct cli *cli, const struct snapshot *snapshot, struct json *map,
			    struct error *err)
{
	const struct backup *backup = snapshot->backup;
	const struct {
		const char *kind;
		bool wanted;
		void (*put)(struct json *map, const struct event *event);
	} files[] = {
		{ "BackupResults", backup->errors + backup->warnings > 0, put_problems },
		{ "BackupLog", backup->hooks > 0, put_scripts },
		{ "BackupResourceList", backup->completed > 0, put_resources },
	};

	const bool stored = has_files(snapshot);
	char *name = mem_text(backup->object.name);
	enum status st = STATUS_OK;

	/* While an answer is waited for, newer pictures come: the snapshot is not looked at again.
	 */
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		json_put(map, parts[i].key, json_new_list());
	for (size_t i = 0; stored && !st && i < ARRAY_SIZE(files); i++) {
		struct event *event = NULL;

		if (files[i].wanted)
			st = fetch(cli, name, files[i].kind, &event, err);
		if (event)
			files[i].put(map, event);
		event_free(event);
	}
	free(name);
	return st;
}

void show_print_stored(const struct json *map)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct json *items = json_key(map, parts[i].key);

		if (!json_count(items))
			continue;
		putchar('\n');
		output_list(OUTPUT_TABLE, json_clone(items),
			    (struct output_columns){ parts[i].columns, parts[i].column_count }, "");
	}
}
