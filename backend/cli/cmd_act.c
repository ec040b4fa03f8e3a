#include "backend/cli/output.h"
#include "backend/cli/snapshot_json.h"
#include "backend/cli/waiting.h"

#include <stdio.h>
#include <string.h>

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
	enum status st = cli_be_ready(cli, err);

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

enum status command_delete(struct cli *cli, const char *const *operands, size_t count,
			   struct error *err)
{
	struct request request = { .kind = REQUEST_DELETE };
	struct event *event = NULL;
	struct strbuf does = STRBUF_INIT;
	enum status st;

	(void)count;
	strbuf_addf(&does, "delete removes %s and its data for good", operands[0]);
	st = cli_check_mean(cli, operands[0], does.buf, err);
	strbuf_done(&does);
	if (!st)
		st = cli_be_ready(cli, err);
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
