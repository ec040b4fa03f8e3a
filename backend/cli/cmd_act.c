#include "backend/cli/output.h"
#include "backend/cli/snapshot_json.h"
#include "backend/cli/waiting.h"

#include <stdio.h>
#include <string.h>

/* Without it an operation cannot say whether something else runs. */
#define ACTING_LISTS                                                                               \
	(1u << COLLECTION_BACKUPS | 1u << COLLECTION_RESTORES | 1u << COLLECTION_DELETE_REQUESTS | \
	 1u << COLLECTION_LOCATIONS | 1u << COLLECTION_POD_VOLUME_BACKUPS)

static enum status be_ready(struct cli *cli, struct error *err)
{
	enum status st = cli_wait_lists(cli, ACTING_LISTS, err);

	return st ? st : cli_wait_console(cli, err);
}

/* The name goes to standard output, so that $(kotsnap create full -o name) is it; words to the
 * other. */
static void print_snapshot(struct cli *cli, const char *name)
{
	const struct snapshot *snapshot = model_snapshot_by_name(cli->model, name);
	struct json *map;

	if (cli->call->output == OUTPUT_TABLE || cli->call->output == OUTPUT_NAME) {
		puts(name);
		return;
	}
	if (snapshot) {
		map = snapshot_to_json(snapshot, cli->model->console);
	} else {
		map = json_new_map();
		json_put_text(map, "name", name);
		json_put_text(map, "phase", "New");
	}
	output_one(cli->call->output, map);
}

static enum status create(struct cli *cli, const char *slug, struct error *err)
{
	struct request request = { .kind = REQUEST_TAKE };
	struct event *accepted = NULL, *ended = NULL;
	enum status st = be_ready(cli, err);

	if (st)
		return st;
	snprintf(request.name, sizeof(request.name), "%s", slug);
	st = cli_ask(cli, &request, true, &accepted, err);
	if (st)
		return st;
	if (cli->call->wait)
		st = cli_wait_end(cli, accepted->ticket, &ended, err);
	if (cli->call->wait)
		cli_wait_shown(cli, accepted->text);
	print_snapshot(cli, accepted->text);
	if (ended && *ended->text)
		fprintf(stderr, "%s\n", ended->text);
	event_free(ended);
	event_free(accepted);
	return st;
}

enum status command_create_full(struct cli *cli, const char *const *operands, size_t count,
				struct error *err)
{
	(void)operands;
	(void)count;
	return create(cli, "", err);
}

enum status command_create_partial(struct cli *cli, const char *const *operands, size_t count,
				   struct error *err)
{
	(void)count;
	return create(cli, operands[0], err);
}

/* The name typed a second time is what the console's dialog asks for too. */
static enum status check_mean(const struct cli *cli, const char *wanted, const char *does,
			      struct error *err)
{
	const char *mean = cli->call->mean;

	if (mean && !strcmp(mean, wanted))
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "%s; it needs --yes-i-mean %s", does, wanted);
	if (mean)
		error_hint(err, "it says %.100s: nothing was changed", mean);
	return STATUS_USAGE;
}

enum status command_delete(struct cli *cli, const char *const *operands, size_t count,
			   struct error *err)
{
	struct request request = { .kind = REQUEST_DELETE };
	struct event *event = NULL;
	struct strbuf does = STRBUF_INIT;
	enum status st;

	(void)count;
	strbuf_addf(&does, "delete removes %s and its data for good", operands[0]);
	st = check_mean(cli, operands[0], does.buf, err);
	strbuf_done(&does);
	if (!st)
		st = be_ready(cli, err);
	if (st)
		return st;
	snprintf(request.name, sizeof(request.name), "%s", operands[0]);
	st = cli_ask(cli, &request, !cli->call->wait, &event, err);
	if (st)
		return st;
	fprintf(stderr, "%s\n",
		cli->call->wait
			? event->text
			: "Asked for; Velero removes it. kotsnap list shows how far it is.");
	event_free(event);
	return STATUS_OK;
}

/* ---- restore ---- */

static enum status ask_plan(struct cli *cli, const char *name, struct event **ret_event,
			    struct error *err)
{
	struct request request = { .kind = REQUEST_PLAN };
	enum status st;

	if (!cli->call->app) {
		error_set(err, STATUS_USAGE, "which application? --app SLUG is missing");
		return STATUS_USAGE;
	}
	st = be_ready(cli, err);
	if (st)
		return st;
	snprintf(request.name, sizeof(request.name), "%s", name);
	snprintf(request.app, sizeof(request.app), "%s", cli->call->app);
	return cli_ask(cli, &request, false, ret_event, err);
}

static const struct {
	const char *key;
	size_t offset;
} plan_sums[] = {
	{ "removed", offsetof(struct restore_sums, removed) },
	{ "removedVolumes", offsetof(struct restore_sums, removed_volumes) },
	{ "lost", offsetof(struct restore_sums, lost) },
	{ "lostVolumes", offsetof(struct restore_sums, lost_volumes) },
	{ "created", offsetof(struct restore_sums, created) },
	{ "leftAlone", offsetof(struct restore_sums, left_alone) },
	{ "emptyVolumes", offsetof(struct restore_sums, empty_volumes) },
	{ "restoredVolumes", offsetof(struct restore_sums, restored_volumes) },
};

static struct json *plan_to_json(const struct restore_plan *plan)
{
	struct json *map = json_new_map(), *list;
	struct strbuf commands = STRBUF_INIT;

	json_put_text(map, "name", plan->restore);
	json_put_text(map, "backup", plan->backup);
	json_put_text(map, "app", plan->app_slug);
	json_put_text(map, "confirm", plan->confirm);
	json_put_bool(map, "contentsKnown", plan->contents_known);
	for (size_t i = 0; i < ARRAY_SIZE(plan_sums); i++) {
		const size_t *sum = (const void *)((const char *)&plan->total + plan_sums[i].offset);

		json_put_int(map, plan_sums[i].key, (int64_t)*sum);
	}
	json_put_int(map, "removedBytes", plan->total.removed_bytes);
	json_put_int(map, "restoredBytes", plan->total.restored_bytes);
	list = json_put(map, "steps", json_new_list());
	for (size_t i = 0; i < plan->step_count; i++)
		json_add_text(list, restore_step_title(plan->steps[i].what, false));
	list = json_put(map, "lostObjects", json_new_list());
	for (size_t i = 0; i < plan->object_count; i++) {
		const struct plan_object *object = &plan->objects[i];
		struct strbuf name = STRBUF_INIT;

		if (!plan->contents_known || !object->in_cluster || object->in_snapshot ||
		    object->excluded)
			continue;
		strbuf_addf(&name, "%s %s/%s", object->kind, object->namespace, object->name);
		json_add_text(list, name.buf);
		strbuf_done(&name);
	}
	restore_plan_add_commands(&commands, plan);
	json_put_text(map, "commands", commands.buf);
	strbuf_done(&commands);
	return map;
}

static const struct output_column plan_facts[] = {
	{ "Restore", "name", COLUMN_TEXT },
	{ "From", "backup", COLUMN_TEXT },
	{ "Application", "app", COLUMN_TEXT },
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

static void print_plan(const struct json *map)
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
	puts("\nSteps");
	for (row = json_first(json_key(map, "steps")); row; row = json_next(row))
		printf("  %d  %s\n", ++number, json_value(row));
	printf("\nTo run it\n  kotsnap restore run %s --app %s --yes-i-mean %s\n",
	       json_key_text(map, "backup"), json_key_text(map, "app"),
	       json_key_text(map, "confirm"));
	printf("\nThe same by hand\n%s", json_key_text(map, "commands"));
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
	map = plan_to_json(event->plan);
	event_free(event);
	if (cli->call->output != OUTPUT_TABLE) {
		output_one(cli->call->output, map);
		return STATUS_OK;
	}
	print_plan(map);
	json_free(map);
	return STATUS_OK;
}

enum status command_restore_run(struct cli *cli, const char *const *operands, size_t count,
				struct error *err)
{
	struct request request = { .kind = REQUEST_RESTORE };
	struct event *plan = NULL, *ended = NULL;
	struct strbuf does = STRBUF_INIT;
	enum status st = ask_plan(cli, operands[0], &plan, err);

	(void)count;
	if (st)
		return st;
	strbuf_addf(&does,
		    "restore removes %zu objects and %zu volumes of %s, then puts back what "
		    "%s holds",
		    plan->plan->total.removed, plan->plan->total.removed_volumes, plan->plan->app_slug,
		    operands[0]);
	st = check_mean(cli, plan->plan->confirm, does.buf, err);
	if (!st) {
		request.ticket = plan->ticket;
		snprintf(request.text, sizeof(request.text), "%s", plan->plan->confirm);
		st = cli_ask(cli, &request, false, &ended, err);
	}
	if (!st)
		fprintf(stderr, "%s\n", ended->text);
	event_free(ended);
	event_free(plan);
	strbuf_done(&does);
	return st;
}
