#include "backend/cli/waiting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status ask_one(struct cli *cli, const char *backup, struct error *err)
{
	struct request request = { .kind = REQUEST_DELETE };
	struct event *event = NULL;
	enum status st;

	snprintf(request.name, sizeof(request.name), "%s", backup);
	st = cli_ask(cli, &request, !cli->call->wait, &event, err);
	if (!st && cli->call->wait)
		fprintf(stderr, "%s\n", event->text);
	event_free(event);
	return st;
}

/* A snapshot of several parts goes as a whole. Their names are copied: newer pictures come while
 * an answer is waited for. */
static enum status delete_snapshot(struct cli *cli, const char *name, struct error *err)
{
	const struct snapshot *snapshot = model_snapshot_by_name(cli->model, name);
	const struct list *backups = cli->model->lists[COLLECTION_BACKUPS];
	enum status st = STATUS_OK;
	char **parts;
	size_t count = 0;

	if (!snapshot || snapshot->parts == 1)
		return ask_one(cli, name, err);
	parts = mem_array((size_t)snapshot->parts, sizeof(*parts));
	for (size_t i = 0; i < backups->count && count < (size_t)snapshot->parts; i++)
		if (snapshot_holds(snapshot, (const struct backup *)backups->items[i]))
			parts[count++] = mem_text(backups->items[i]->name);
	for (size_t i = 0; i < count; i++) {
		if (!st)
			st = ask_one(cli, parts[i], err);
		free(parts[i]);
	}
	free(parts);
	return st;
}

static enum status check_words(struct cli *cli, const char *const *names, size_t count,
			       struct error *err)
{
	struct strbuf wanted = STRBUF_INIT, does = STRBUF_INIT;
	enum status st;

	/* The words of the console's dialog. */
	if (count == 1) {
		strbuf_adds(&wanted, names[0]);
		strbuf_addf(&does, "delete removes %s and its data for good", names[0]);
	} else {
		strbuf_addf(&wanted, "delete %zu snapshots", count);
		strbuf_addf(&does, "delete removes %zu snapshots and their data for good", count);
	}
	st = cli_check_mean(cli, wanted.buf, does.buf, err);
	strbuf_done(&wanted);
	strbuf_done(&does);
	return st;
}

/* One that cannot be deleted is no reason to keep the others; the first failure is the result. */
enum status command_delete(struct cli *cli, const char *const *operands, size_t count,
			   struct error *err)
{
	enum status st = check_words(cli, operands, count, err), failed = STATUS_OK;

	if (!st)
		st = cli_be_ready(cli, err);
	if (st)
		return st;
	for (size_t i = 0; i < count; i++) {
		struct error why = ERROR_INIT;

		st = delete_snapshot(cli, operands[i], &why);
		if (st && failed)
			cli_complain(&why);
		else if (st)
			*err = why;
		failed = failed ? failed : st;
	}
	if (!failed && !cli->call->wait)
		fputs("Asked for; Velero removes it. kotsnap list shows how far it is.\n", stderr);
	return failed;
}
