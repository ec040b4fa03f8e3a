#include "backend/cli/waiting.h"

#include <stdio.h>
#include <string.h>

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
