/* Restores that run or were left: what is there, taking over, stopping, giving up. */
#include "backend/base/clock.h"
#include "backend/base/safetext.h"
#include "backend/cli/output.h"
#include "backend/cli/restoring.h"
#include "backend/ops/journal.h"
#include "backend/ops/restore_view.h"
#include "backend/ops/stop_choice.h"
#include "backend/velero/cause.h"

#include <stdio.h>
#include <string.h>

/* Until then its owner must have been heard of, or counts as gone. */
#define LIFE_WAIT_MS (JOURNAL_STALE_MS + 15000)
/* Until the picture shows an end that was heard of. */
#define SHOWN_WAIT_MS 5000
/* A request to stop is heard at the next sign of life. */
#define STOP_WAIT_MS (JOURNAL_STALE_MS + 15000)

/* Five ends, each with words and an exit code of its own. */
static enum status tell_end(const struct event *ended, struct error *err)
{
	switch (ended->state) {
	case OP_WARNINGS:
		return error_set(err, STATUS_WARNINGS, "%s", ended->text);
	case OP_UNFINISHED:
		if (err)
			*err = ended->err;
		return ended->err.code;
	case OP_CLOSED:
		return error_set(err, STATUS_CANCELLED, "%s", ended->text);
	default:
		fprintf(stderr, "%s\n", ended->text);
		return STATUS_OK;
	}
}

/* What Velero counted in one Restore, in full: the count alone helps nobody. */
static void tell_results(struct cli *cli, const char *restore)
{
	struct request request = { .kind = REQUEST_DOWNLOAD, .what = "RestoreResults" };
	struct problem_groups groups;
	struct result_lines lines;
	struct event *event = NULL;
	struct error err = ERROR_INIT;
	struct strbuf text = STRBUF_INIT, safe = STRBUF_INIT;
	const char *raw;
	size_t len;

	snprintf(request.name, sizeof(request.name), "%s", restore);
	if (!cli_ask(cli, &request, false, &event, &err)) {
		raw = document_text(event->document, &len);
		(void)results_parse(raw, len, &lines, &err);
	}
	fprintf(stderr, "Results of %s%s%s\n", restore, err.code ? " could not be read: " : ":",
		err.code ? err.text : "");
	event_free(event);
	if (err.code)
		return;
	problems_group(&lines, &groups);
	problems_add_text(&text, &lines, &groups);
	safetext_add(&safe, text.buf, text.len, true);
	fputs(safe.buf, stderr);
	problem_groups_done(&groups);
	result_lines_done(&lines);
	strbuf_done(&text);
	strbuf_done(&safe);
}

static const struct op_view *ended_since(const struct model *model, int64_t since)
{
	for (size_t i = 0; i < model->op_count; i++) {
		const struct op_view *view = model->ops[i];

		if (view->kind == OP_RESTORE && view->ended > since &&
		    (view->state == OP_WARNINGS || view->state == OP_FAILED))
			return view;
	}
	return NULL;
}

static bool is_shown(const struct model *model, const void *since)
{
	return ended_since(model, *(const int64_t *)since) != NULL;
}

/* Of the restore that ended here since then; the end is heard of before the picture shows it. */
static void tell_problems(struct cli *cli, int64_t since)
{
	const struct op_view *view = NULL;
	const char *before = "";

	if (cli_wait_model(cli, "", is_shown, &since, SHOWN_WAIT_MS))
		view = op_view_ref(ended_since(cli->model, since));
	for (size_t i = 0; view && i < view->step_count; i++) {
		const char *name = view->steps[i].restore ? view->steps[i].restore : "";
		const struct restore *restore = (const struct restore *)list_by_name(
			cli->model->lists[COLLECTION_RESTORES], name);

		if (!restore || !strcmp(name, before) || !restore_is_made_by(restore, view) ||
		    (phase_is_final(PHASE_RESTORE, restore->phase) &&
		     restore->errors + restore->warnings < 1))
			continue;
		before = name;
		tell_results(cli, name);
	}
	if (view)
		op_view_unref(view);
}

enum status cli_follow_restore(struct cli *cli, const struct request *request, struct error *err)
{
	int64_t since = clock_now();
	struct event *ended = NULL;
	enum status st = cli_ask(cli, request, false, &ended, err);

	if (!st)
		st = tell_end(ended, err);
	event_free(ended);
	if (st == STATUS_WARNINGS || st == STATUS_FAILED)
		tell_problems(cli, since);
	return st;
}

/* ---- what is there ---- */

static const char *const state_words[] = {
	[OP_RUNNING] = "running",	[OP_DONE] = "done",
	[OP_WARNINGS] = "warnings",	[OP_FAILED] = "failed",
	[OP_UNFINISHED] = "unfinished", [OP_CLOSED] = "closed",
};

static const char *const step_words[] = {
	[OP_STEP_WAITING] = "waiting", [OP_STEP_RUNNING] = "running", [OP_STEP_DONE] = "done",
	[OP_STEP_WARNING] = "warning", [OP_STEP_FAILED] = "failed",   [OP_STEP_SKIPPED] = "skipped",
};

static size_t steps_behind(const struct op_view *view)
{
	size_t done = 0;

	while (done < view->step_count && view->steps[done].state != OP_STEP_WAITING)
		done++;
	return done;
}

static struct json *view_to_json(const struct op_view *view)
{
	struct json *map = json_new_map(), *list, *row;
	struct strbuf step = STRBUF_INIT;

	json_put_text(map, "name", view->id);
	json_put_text(map, "state", state_words[view->state]);
	json_put_text(map, "backup", view->backup);
	json_put_text(map, "restore", view->restore);
	json_put_text(map, "app", view->app_slug);
	json_put_text(map, "title", view->app_title);
	json_put_text(map, "confirm", view->confirm);
	json_put_text(map, "owner", view->owner);
	output_put_time(map, "began", view->began);
	output_put_time(map, "ended", view->ended);
	json_put_text(map, "verdict", view->verdict);
	json_put_text(map, "why", view->why);
	json_put_text(map, "next", view->next);
	json_put_int(map, "errors", view->errors);
	json_put_int(map, "warnings", view->warnings);
	strbuf_addf(&step, "%zu of %zu", steps_behind(view), view->step_count);
	json_put_text(map, "step", step.buf);
	list = json_put(map, "steps", json_new_list());
	for (size_t i = 0; i < view->step_count; i++) {
		row = json_add(list, json_new_map());
		json_put_text(row, "title", view->steps[i].title);
		json_put_text(row, "state", step_words[view->steps[i].state]);
		json_put_text(row, "detail", view->steps[i].detail);
		output_put_time(row, "began", view->steps[i].began);
		output_put_time(row, "ended", view->steps[i].ended);
	}
	strbuf_done(&step);
	return map;
}

static const struct output_column status_columns[] = {
	{ "ID", "name", COLUMN_TEXT },	   { "STATE", "state", COLUMN_TEXT },
	{ "OF", "title", COLUMN_TEXT },	   { "FROM", "backup", COLUMN_TEXT },
	{ "STEP", "step", COLUMN_TEXT },   { "BEGAN", "began", COLUMN_TIME },
	{ "OWNER", "owner", COLUMN_TEXT },
};

enum status command_restore_status(struct cli *cli, const char *const *operands, size_t count,
				   struct error *err)
{
	static const struct output_columns columns = { status_columns, ARRAY_SIZE(status_columns) };
	enum status st = cli_wait_ops(cli, err);
	struct json *list;

	(void)operands;
	(void)count;
	if (st)
		return st;
	list = json_new_list();
	for (size_t i = 0; i < cli->model->op_count; i++)
		if (cli->model->ops[i]->kind == OP_RESTORE)
			json_add(list, view_to_json(cli->model->ops[i]));
	output_list(cli->call->output, list, columns, "No restore was made with kotsnap here.");
	return STATUS_OK;
}

/* ---- what somebody left ---- */

static const struct op_view *find_restore(const struct model *model, const char *id)
{
	for (size_t i = 0; i < model->op_count; i++)
		if (model->ops[i]->kind == OP_RESTORE && !strcmp(model->ops[i]->id, id))
			return model->ops[i];
	return NULL;
}

/* Borrowed from cli->model. */
static enum status find_open(struct cli *cli, const char *id, const struct op_view **ret_view,
			     struct error *err)
{
	enum status st = cli_wait_ops(cli, err);

	if (st)
		return st;
	*ret_view = find_restore(cli->model, id);
	if (!*ret_view) {
		error_set(err, STATUS_NOT_FOUND, "there is no record of a restore %.80s", id);
		error_hint(err, "kotsnap restore status lists them");
		return STATUS_NOT_FOUND;
	}
	if ((*ret_view)->state == OP_RUNNING || (*ret_view)->state == OP_UNFINISHED)
		return STATUS_OK;
	return error_set(err, STATUS_REFUSED, "this restore has ended: %s", (*ret_view)->verdict);
}

struct life {
	const char *id;
	int64_t alive; /* its last sign at our first sight */
};

static bool is_told(const struct model *model, const void *arg)
{
	const struct life *life = arg;
	const struct op_view *view = find_restore(model, life->id);

	return !view || view->state != OP_RUNNING || view->alive != life->alive;
}

/* One that is said to run is looked at: whose clock is ahead may be long gone. */
static enum status find_unfinished(struct cli *cli, const char *id, const struct op_view **ret_view,
				   struct error *err)
{
	enum status st = find_open(cli, id, ret_view, err);
	struct strbuf words = STRBUF_INIT;
	struct life life = { .id = id };

	if (st || (*ret_view)->state == OP_UNFINISHED)
		return st;
	life.alive = (*ret_view)->alive;
	strbuf_addf(&words, "looks whether %s is alive", (*ret_view)->owner);
	cli_wait_model(cli, words.buf, is_told, &life, LIFE_WAIT_MS);
	strbuf_done(&words);
	st = find_open(cli, id, ret_view, err);
	if (st || (*ret_view)->state == OP_UNFINISHED)
		return st;
	error_set(err, STATUS_REFUSED, "%s still works at it", (*ret_view)->owner);
	error_hint(err, "kotsnap restore stop %s asks it to stop", id);
	return STATUS_REFUSED;
}

enum status command_restore_take_over(struct cli *cli, const char *const *operands, size_t count,
				      struct error *err)
{
	struct request request = { .kind = REQUEST_RESUME };
	const struct op_view *view = NULL;
	struct strbuf does = STRBUF_INIT;
	enum status st = find_unfinished(cli, operands[0], &view, err);

	(void)count;
	if (st)
		return st;
	strbuf_addf(&does, "take-over goes on with the restore of %s from %s", view->app_title,
		    view->backup);
	st = cli_check_mean(cli, view->confirm, does.buf, err);
	strbuf_done(&does);
	if (!st)
		st = cli_be_ready(cli, err);
	if (st)
		return st;
	snprintf(request.name, sizeof(request.name), "%s", operands[0]);
	return cli_follow_restore(cli, &request, err);
}

enum status command_restore_abandon(struct cli *cli, const char *const *operands, size_t count,
				    struct error *err)
{
	struct request request = { .kind = REQUEST_CLOSE_RECORD };
	const struct op_view *view = NULL;
	enum status st = find_unfinished(cli, operands[0], &view, err);

	(void)count;
	if (!st)
		st = cli_check_mean(cli, operands[0],
				    "abandon closes the record; what is half removed or half "
				    "restored stays so",
				    err);
	if (st)
		return st;
	snprintf(request.name, sizeof(request.name), "%s", operands[0]);
	return cli_follow_restore(cli, &request, err);
}

/* ---- stopping ---- */

/* What there is to stop must be known, or a way that fits would be missing. */
static enum status find_to_stop(struct cli *cli, const char *id, const struct op_view **ret_view,
				struct error *err)
{
	enum status st = cli_wait_lists(
		cli, 1u << COLLECTION_RESTORES | 1u << COLLECTION_POD_VOLUME_RESTORES, err);

	if (!st)
		st = cli_wait_console(cli, err);
	return st ? st : find_open(cli, id, ret_view, err);
}

static void add_fitting(struct strbuf *out, const struct stop_facts *facts)
{
	for (size_t i = 0; i < stop_choice_count(); i++)
		if (stop_choice_at(i)->fits(facts))
			strbuf_addf(out, "%s--how %s", out->len ? ", " : "",
				    stop_choice_at(i)->what);
}

static enum status refuse_how(const char *how, const char *id, const struct stop_facts *facts,
			      struct error *err)
{
	struct strbuf fitting = STRBUF_INIT;

	if (!stop_choice_is_known(how)) {
		error_set(err, STATUS_USAGE, "--how %.80s: there is no such way to stop", how);
		error_hint(err, "leave, cancel-volumes, delete-restore or forget");
		return STATUS_USAGE;
	}
	add_fitting(&fitting, facts);
	error_set(err, STATUS_REFUSED, "%s",
		  !strcmp(how, "leave") ? "nobody works at this restore"
		  : !strcmp(how, "forget")
			  ? "the Admin Console does not believe that it restores it"
		  : !strcmp(how, "cancel-volumes") ? "no volume of it is under way"
						   : "no Restore of it is under way in Velero");
	if (fitting.len)
		error_hint(err, "What fits now: %s", fitting.buf);
	else
		error_hint(err,
			   "kotsnap restore take-over %s goes on with it, abandon %s closes it", id,
			   id);
	strbuf_done(&fitting);
	return STATUS_REFUSED;
}

static bool has_stopped(const struct model *model, const void *arg)
{
	const struct op_view *view = find_restore(model, arg);

	return !view || view->state != OP_RUNNING;
}

/* Who drives it has to hear it first. */
static enum status wait_until_left(struct cli *cli, const char *id, struct error *err)
{
	const struct op_view *view;

	if (!cli_wait_model(cli, "asked to stop; waits for its next sign of life", has_stopped, id,
			    STOP_WAIT_MS)) {
		error_set(err, STATUS_TIMEOUT, "asked to stop, and not heard within %d s",
			  STOP_WAIT_MS / 1000);
		error_hint(err, "kotsnap restore status says how it goes");
		return STATUS_TIMEOUT;
	}
	view = find_restore(cli->model, id);
	if (view)
		fprintf(stderr, "%s%s%s%s%s\n", view->verdict, *view->why ? " " : "", view->why,
			*view->next ? " " : "", view->next);
	return STATUS_OK;
}

static enum status stop_it(struct cli *cli, const struct op_view *view,
			   const struct stop_choice *choice, struct error *err)
{
	struct request request = { .kind = REQUEST_STOP };
	struct strbuf does = STRBUF_INIT;
	enum status st;

	snprintf(request.name, sizeof(request.name), "%s", view->id);
	snprintf(request.app, sizeof(request.app), "%s", view->app_slug);
	snprintf(request.what, sizeof(request.what), "%s", choice->what);
	strbuf_adds(&does, choice->means);
	strbuf_cut(&does, does.len - 1);
	st = cli_check_mean(cli, view->confirm, does.buf, err);
	strbuf_done(&does);
	if (st)
		return st;
	st = cli_follow_restore(cli, &request, err);
	return st || strcmp(choice->what, "leave") != 0 ? st
							: wait_until_left(cli, request.name, err);
}

enum status command_restore_stop(struct cli *cli, const char *const *operands, size_t count,
				 struct error *err)
{
	const char *how = cli->call->how ? cli->call->how : "leave";
	const struct op_view *view = NULL;
	const struct stop_choice *choice;
	struct stop_facts facts;
	enum status st = find_to_stop(cli, operands[0], &view, err);

	(void)count;
	if (st)
		return st;
	facts = stop_facts_of(cli->model, view);
	choice = stop_choice_find(how, &facts);
	return choice ? stop_it(cli, view, choice, err) : refuse_how(how, operands[0], &facts, err);
}
