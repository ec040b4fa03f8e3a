#include "backend/base/clock.h"
#include "backend/cli/output.h"
#include "backend/cli/restoring.h"
#include "backend/ops/restore_read.h"

#include <stdio.h>
#include <string.h>

/* ---- the plan ---- */

static enum status ask_plan(struct cli *cli, const char *name, struct event **ret_event,
			    struct error *err)
{
	struct request request = { .kind = REQUEST_PLAN };
	enum status st;

	if (cli->call->app && cli->call->console_only) {
		error_set(err, STATUS_USAGE,
			  "--app and --console-only: one or the other, or neither for everything");
		return STATUS_USAGE;
	}
	if (cli->call->app && !*cli->call->app) {
		error_set(err, STATUS_USAGE, "--app needs the slug of an application");
		return STATUS_USAGE;
	}
	st = cli_be_ready(cli, err);
	if (st)
		return st;
	snprintf(request.name, sizeof(request.name), "%s", name);
	snprintf(request.app, sizeof(request.app), "%s", cli->call->app ? cli->call->app : "");
	snprintf(request.what, sizeof(request.what), "%s",
		 cli->call->console_only ? "console" : "all");
	return cli_ask(cli, &request, false, ret_event, err);
}

static const struct {
	const char *key;
	size_t offset;
	bool bytes;
} plan_sums[] = {
#define ROW(key, field, bytes)                                                                     \
	{                                                                                          \
		key, offsetof(struct restore_sums, field), bytes                                   \
	}
	ROW("removed", removed, false),
	ROW("removedVolumes", removed_volumes, false),
	ROW("lost", lost, false),
	ROW("lostVolumes", lost_volumes, false),
	ROW("created", created, false),
	ROW("leftAlone", left_alone, false),
	ROW("emptyVolumes", empty_volumes, false),
	ROW("restoredVolumes", restored_volumes, false),
	ROW("removedBytes", removed_bytes, true),
	ROW("restoredBytes", restored_bytes, true),
#undef ROW
};

static void put_sums(struct json *map, const struct restore_sums *sums)
{
	for (size_t i = 0; i < ARRAY_SIZE(plan_sums); i++) {
		const void *at = (const char *)sums + plan_sums[i].offset;

		json_put_int(map, plan_sums[i].key,
			     plan_sums[i].bytes ? *(const int64_t *)at
						: (int64_t) * (const size_t *)at);
	}
}

static struct json *steps_to_json(const struct restore_plan *plan)
{
	struct json *list = json_new_list();

	for (size_t i = 0; i < plan->step_count; i++) {
		const struct restore_part *part = &plan->parts[plan->steps[i].part];
		struct json *map = json_add(list, json_new_map());
		struct strbuf title = STRBUF_INIT;

		restore_plan_add_step(&title, plan, i, false);
		json_put_text(map, "title", title.buf);
		if (restore_step_changes(plan->steps[i].what))
			json_put_text(map, "app",
				      part->is_console ? "admin-console" : part->app_slug);
		strbuf_done(&title);
	}
	return list;
}

static struct json *parts_to_json(const struct restore_plan *plan)
{
	struct json *list = json_new_list();

	for (size_t i = 0; i < plan->part_count; i++) {
		const struct restore_part *part = &plan->parts[i];
		struct json *map = json_add(list, json_new_map());

		json_put_text(map, "app", part->is_console ? "admin-console" : part->app_slug);
		json_put_text(map, "title", part->title);
		json_put_text(map, "restore", part->restore);
		put_sums(map, &part->sums);
	}
	return list;
}

static struct json *lost_to_json(const struct restore_plan *plan)
{
	struct json *list = json_new_list();

	for (size_t i = 0; i < plan->object_count; i++) {
		const struct plan_object *object = &plan->objects[i];
		struct strbuf name = STRBUF_INIT;

		if (!plan->contents_known || !object->in_cluster || object->in_snapshot ||
		    object->excluded || restore_kind_is_fleeting(object->kind))
			continue;
		strbuf_addf(&name, "%s %s%s%s", object->kind, object->namespace,
			    *object->namespace ? "/" : "", object->name);
		json_add_text(list, name.buf);
		strbuf_done(&name);
	}
	return list;
}

static struct json *plan_to_map(const struct restore_plan *plan)
{
	struct json *map = json_new_map();
	struct strbuf commands = STRBUF_INIT;

	json_put_text(map, "name", plan->restore);
	json_put_text(map, "backup", plan->backup);
	json_put_text(map, "app", plan->app_slug);
	json_put_text(map, "title", plan->app_title);
	json_put_text(map, "confirm", plan->confirm);
	json_put_bool(map, "contentsKnown", plan->contents_known);
	put_sums(map, &plan->total);
	json_put_text(map, "forgotten", plan->forgotten);
	json_put(map, "parts", parts_to_json(plan));
	json_put(map, "steps", steps_to_json(plan));
	json_put(map, "lostObjects", lost_to_json(plan));
	restore_plan_add_commands(&commands, plan);
	json_put_text(map, "commands", commands.buf);
	strbuf_done(&commands);
	return map;
}

static const struct output_column plan_facts[] = {
	{ "Restore", "name", COLUMN_TEXT },
	{ "From", "backup", COLUMN_TEXT },
	{ "Of", "title", COLUMN_TEXT },
	{ "Objects removed", "removed", COLUMN_COUNT },
	{ "Volumes removed", "removedVolumes", COLUMN_COUNT },
	{ "Size removed", "removedBytes", COLUMN_BYTES },
	{ "Lost for good", "lost", COLUMN_COUNT },
	{ "Volumes lost", "lostVolumes", COLUMN_COUNT },
	{ "Created new", "created", COLUMN_COUNT },
	{ "Left alone", "leftAlone", COLUMN_COUNT },
	{ "Come back empty", "emptyVolumes", COLUMN_COUNT },
	{ "Volumes restored", "restoredVolumes", COLUMN_COUNT },
	{ "Size restored", "restoredBytes", COLUMN_BYTES },
};

static void print_how(const struct cli *cli, const struct json *map)
{
	const char *app = cli->call->app;

	printf("\nTo run it\n  kotsnap restore run %s%s%s%s --yes-i-mean %s\n",
	       json_key_text(map, "backup"), app ? " --app " : "", app ? app : "",
	       cli->call->console_only ? " --console-only" : "", json_key_text(map, "confirm"));
	printf("\nThe same by hand\n%s", json_key_text(map, "commands"));
}

static void print_plan(const struct cli *cli, const struct json *map)
{
	const struct json *row;
	int number = 0;

	for (size_t i = 0; i < ARRAY_SIZE(plan_facts); i++) {
		struct strbuf cell = STRBUF_INIT;

		output_add_cell(&cell, map, &plan_facts[i]);
		printf("%-17s %s\n", plan_facts[i].title, cell.buf);
		strbuf_done(&cell);
	}
	for (row = json_first(json_key(map, "lostObjects")); row; row = json_next(row))
		printf("  lost            %s\n", json_value(row));
	if (!json_bool(map, "contentsKnown", false))
		puts("What the snapshot holds could not be read: what is lost is not known.");
	if (*json_key_text(map, "forgotten"))
		printf("Installed today and not in it: %s. Their objects stay; the restored Admin "
		       "Console does not know them.\n",
		       json_key_text(map, "forgotten"));
	puts("\nSteps");
	for (row = json_first(json_key(map, "steps")); row; row = json_next(row))
		printf("  %d  %s\n", ++number, json_key_text(row, "title"));
	print_how(cli, map);
}

enum status command_restore_plan(struct cli *cli, const char *const *operands, size_t count,
				 struct error *err)
{
	struct event *event = NULL;
	struct json *map;
	enum status st = ask_plan(cli, operands[0], &event, err);

	(void)count;
	if (st)
		return st;
	map = plan_to_map(event->plan);
	event_free(event);
	if (cli->call->output != OUTPUT_TABLE) {
		output_one(cli->call->output, map);
		return STATUS_OK;
	}
	print_plan(cli, map);
	json_free(map);
	return STATUS_OK;
}

/* ---- running ---- */

/* Said before anybody types the words, and looked at once more when it begins. */
static enum status check_nothing_left(struct cli *cli, struct error *err)
{
	enum status st = cli_wait_ops(cli, err);

	if (!st)
		st = restore_left_check(cli->model, "", err);
	return st ? st : restore_rival_check(cli->model, "", clock_now(), err);
}

enum status command_restore_run(struct cli *cli, const char *const *operands, size_t count,
				struct error *err)
{
	struct request request = { .kind = REQUEST_RESTORE };
	struct event *event = NULL;
	const struct restore_plan *plan;
	struct strbuf does = STRBUF_INIT;
	enum status st = ask_plan(cli, operands[0], &event, err);

	(void)count;
	if (st)
		return st;
	plan = event->plan;
	st = check_nothing_left(cli, err);
	if (st)
		goto out;
	strbuf_addf(&does,
		    "restore removes %zu objects and %zu volumes of %s, then puts back what %s "
		    "holds",
		    plan->total.removed, plan->total.removed_volumes,
		    *plan->app_slug ? plan->app_slug : plan->app_title, operands[0]);
	st = cli_check_mean(cli, plan->confirm, does.buf, err);
	if (!st) {
		request.ticket = event->ticket;
		snprintf(request.text, sizeof(request.text), "%s", plan->confirm);
		st = cli_follow_restore(cli, &request, err);
	}
out:
	event_free(event);
	strbuf_done(&does);
	return st;
}
