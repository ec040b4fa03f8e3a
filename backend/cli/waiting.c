#include "backend/cli/waiting.h"

#include "backend/base/clock.h"
#include "backend/base/safetext.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CONSOLE_WAIT_MS 30000
#define SHOWN_WAIT_MS	5000
#define TICK_MS		1000

/* Without it an operation cannot say whether something else runs. */
#define ACTING_LISTS                                                                               \
	(1u << COLLECTION_BACKUPS | 1u << COLLECTION_RESTORES | 1u << COLLECTION_DELETE_REQUESTS | \
	 1u << COLLECTION_LOCATIONS | 1u << COLLECTION_POD_VOLUME_BACKUPS)

enum status cli_open(struct cli *cli, const struct cli_call *call, struct error *err)
{
	enum status st;

	*cli = (struct cli){ .call = call, .progress = isatty(STDERR_FILENO) };
	st = session_open(&call->options.session, &cli->session, err);
	if (!st)
		cli->model = session_model(cli->session);
	return st;
}

static void clear_line(struct cli *cli)
{
	if (cli->line_shown)
		fputs("\r\033[K", stderr);
	cli->line_shown = false;
	cli->last_line[0] = '\0';
}

void cli_close(struct cli *cli)
{
	clear_line(cli);
	if (cli->model)
		model_unref(cli->model);
	session_close(cli->session);
	*cli = (struct cli){ 0 };
}

/* A line that changes in place: only a terminal gets it, so that the mail of cron stays clean. */
static void show_line(struct cli *cli, const char *text)
{
	struct strbuf safe = STRBUF_INIT;

	if (!cli->progress || !*text)
		return;
	safetext_add(&safe, text, strlen(text), false);
	if (safe.len > 76)
		strbuf_cut(&safe, 76);
	if (strcmp(safe.buf, cli->last_line) != 0) {
		snprintf(cli->last_line, sizeof(cli->last_line), "%s", safe.buf);
		fprintf(stderr, "\r\033[K%s", safe.buf);
		fflush(stderr);
		cli->line_shown = true;
	}
	strbuf_done(&safe);
}

/* Next event, or NULL after at most wait_ms. The latest model is in cli->model. */
static struct event *next_event(struct cli *cli, int wait_ms)
{
	struct pollfd fd = { session_fd(cli->session), POLLIN, 0 };
	struct event *event = session_take_event(cli->session);

	if (!event) {
		if (poll(&fd, 1, wait_ms) < 0 && errno != EINTR)
			return NULL;
		event = session_take_event(cli->session);
	}
	if (event && event->kind == EVENT_MODEL) {
		model_unref(cli->model);
		cli->model = session_model(cli->session);
	}
	return event;
}

static bool has_answer(const struct model *model, enum collection which)
{
	const struct collection_state *state = &model->state[which];

	return state->ever || state->reading == READ_FORBIDDEN || state->reading == READ_ABSENT;
}

static bool all_answered(const struct model *model, unsigned collections)
{
	for (int i = 0; i < COLLECTIONS; i++)
		if ((collections & (1u << i)) && !has_answer(model, (enum collection)i))
			return false;
	return true;
}

/* The first collection is what the command is about. */
static enum status refused_first(const struct model *model, unsigned collections, struct error *err)
{
	for (int i = 0; i < COLLECTIONS; i++) {
		const struct collection_state *state = &model->state[i];

		if (!(collections & (1u << i)))
			continue;
		if (state->ever || !state->why.code)
			return STATUS_OK;
		if (err)
			*err = state->why;
		return state->why.code;
	}
	return STATUS_OK;
}

static enum status wait_answers(struct cli *cli, unsigned collections, struct error *err)
{
	while (!all_answered(cli->model, collections)) {
		const struct link *link = &cli->model->link;

		if ((link->state == LINK_LOST || link->state == LINK_REFUSED) && link->why.code) {
			if (err)
				*err = link->why;
			return link->why.code;
		}
		event_free(next_event(cli, TICK_MS));
	}
	return STATUS_OK;
}

/* Kubernetes lists a namespace that does not exist as an empty one. No snapshot and no destination
 * is what a wrong --velero-namespace looks like: then Velero itself is looked for. */
static enum status check_place(struct cli *cli, struct error *err)
{
	const char *namespace = cli->call->options.session.velero_namespace;
	enum status st;

	if (!cli->model->state[COLLECTION_BACKUPS].ever ||
	    cli->model->lists[COLLECTION_BACKUPS]->count)
		return STATUS_OK;
	st = wait_answers(cli, 1u << COLLECTION_LOCATIONS, err);
	if (st || cli->model->lists[COLLECTION_LOCATIONS]->count)
		return st;
	if (cli_wait_console(cli, NULL) || !cli->model->console->velero_absent)
		return STATUS_OK;
	if (!namespace || !*namespace) {
		error_set(err, STATUS_NOT_FOUND, "there is no Velero in this cluster");
		error_hint(err, "snapshots need it: install Velero, then set a destination");
	} else {
		error_set(err, STATUS_NOT_FOUND, "there is no Velero in namespace %s", namespace);
		error_hint(err,
			   "--velero-namespace names the namespace of Velero; without it kotsnap "
			   "finds Velero by itself");
	}
	return STATUS_NOT_FOUND;
}

enum status cli_wait_lists(struct cli *cli, unsigned collections, struct error *err)
{
	enum status st = wait_answers(cli, collections, err);

	if (!st)
		st = refused_first(cli->model, collections, err);
	return st ? st : check_place(cli, err);
}

enum status cli_wait_console(struct cli *cli, struct error *err)
{
	int64_t until_ms = clock_monotonic_ms() + CONSOLE_WAIT_MS;

	while (!cli->model->console) {
		if (clock_monotonic_ms() > until_ms)
			return error_set(err, STATUS_TIMEOUT,
					 "the Admin Console was not found within %d s",
					 CONSOLE_WAIT_MS / 1000);
		event_free(next_event(cli, TICK_MS));
	}
	return STATUS_OK;
}

enum status cli_be_ready(struct cli *cli, struct error *err)
{
	enum status st = cli_wait_lists(cli, ACTING_LISTS, err);

	return st ? st : cli_wait_console(cli, err);
}

enum status cli_wait_ops(struct cli *cli, struct error *err)
{
	int64_t until_ms = clock_monotonic_ms() + CONSOLE_WAIT_MS;
	enum status st = cli_wait_lists(cli, 1u << COLLECTION_RESTORES, err);

	while (!st && !cli->model->ops_read) {
		if (clock_monotonic_ms() > until_ms)
			st = error_set(err, STATUS_TIMEOUT,
				       "the records of operations were not read within %d s",
				       CONSOLE_WAIT_MS / 1000);
		else
			event_free(next_event(cli, TICK_MS));
	}
	return st;
}

bool cli_wait_model(struct cli *cli, const char *words,
		    bool (*is)(const struct model *model, const void *arg), const void *arg,
		    int64_t wait_ms)
{
	int64_t until_ms = clock_monotonic_ms() + wait_ms;

	while (!is(cli->model, arg) && clock_monotonic_ms() < until_ms) {
		show_line(cli, words);
		event_free(next_event(cli, TICK_MS));
	}
	clear_line(cli);
	return is(cli->model, arg);
}

enum status cli_check_mean(const struct cli *cli, const char *wanted, const char *does,
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

/* "Copying: 3 of 7 volumes": the step under way of the newest operation that runs. */
static void show_step(struct cli *cli)
{
	struct strbuf line = STRBUF_INIT;

	for (size_t i = 0; i < cli->model->op_count; i++) {
		const struct op_view *view = cli->model->ops[i];

		for (size_t n = 0; view->state == OP_RUNNING && n < view->step_count; n++) {
			const struct op_step_view *step = &view->steps[n];

			if (step->state != OP_STEP_RUNNING && step->state != OP_STEP_WARNING)
				continue;
			strbuf_reset(&line);
			strbuf_addf(&line, "%zu of %zu  %s  %s", n + 1, view->step_count,
				    step->title, step->detail);
		}
		if (line.len)
			break;
	}
	show_line(cli, line.buf);
	strbuf_done(&line);
}

static void tell_loss(struct cli *cli)
{
	const struct link *link = &cli->model->link;
	bool lost = link->state == LINK_LOST || link->state == LINK_REFUSED;

	if (lost && !cli->loss_told) {
		clear_line(cli);
		fputs("kotsnap: the cluster does not answer; waiting: ", stderr);
		cli_complain(&link->why);
	} else if (!lost && cli->loss_told) {
		fputs("kotsnap: the cluster answers again\n", stderr);
	}
	cli->loss_told = lost;
}

static bool is_answer(const struct event *event, uint64_t ticket, bool until_accepted)
{
	if (event->ticket != ticket)
		return false;
	switch (event->kind) {
	case EVENT_MODEL:
	case EVENT_STEP:
		return false;
	case EVENT_ACCEPTED:
		return until_accepted;
	default:
		return true;
	}
}

/* Takes events until one answers. */
static enum status wait_answer(struct cli *cli, uint64_t ticket, bool until_accepted,
			       struct event **ret_event, struct error *err)
{
	struct event *event;
	enum status st;

	for (;;) {
		event = next_event(cli, TICK_MS);
		if (event && is_answer(event, ticket, until_accepted))
			break;
		if (event && event->kind == EVENT_STEP && event->ticket == ticket)
			show_line(cli, event->text);
		else if (event && event->kind == EVENT_MODEL)
			show_step(cli);
		tell_loss(cli);
		event_free(event);
	}
	clear_line(cli);
	if (!event->failed) {
		*ret_event = event;
		return STATUS_OK;
	}
	st = event->err.code ? event->err.code : STATUS_FAILED;
	if (err)
		*err = event->err;
	event_free(event);
	return st;
}

enum status cli_ask(struct cli *cli, const struct request *request, bool until_accepted,
		    struct event **ret_event, struct error *err)
{
	uint64_t ticket = session_request(cli->session, request);

	return wait_answer(cli, ticket, until_accepted, ret_event, err);
}

enum status cli_wait_end(struct cli *cli, uint64_t ticket, struct event **ret_event,
			 struct error *err)
{
	return wait_answer(cli, ticket, false, ret_event, err);
}

void cli_wait_shown(struct cli *cli, const char *name)
{
	int64_t until_ms = clock_monotonic_ms() + SHOWN_WAIT_MS;

	for (;;) {
		const struct snapshot *snapshot = model_snapshot_by_name(cli->model, name);

		if ((snapshot && !snapshot_is_running(snapshot)) || clock_monotonic_ms() > until_ms)
			return;
		event_free(next_event(cli, TICK_MS));
	}
}
