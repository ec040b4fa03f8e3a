#include "tui/screens/restore_results.h"

#include "backend/base/amount.h"
#include "backend/base/mem.h"
#include "backend/ops/restore_view.h"
#include "tui/widgets/mark.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_X 4
#define TEXT_X	9

static void ask(struct restore_results *results, struct effects *effects)
{
	struct request *request;

	results->ticket = 0;
	if (results->at == results->count)
		return;
	effects_request(effects, REQUEST_DOWNLOAD, results->names[results->at], "");
	request = &effects->rows[effects->count - 1].request;
	snprintf(request->what, sizeof(request->what), "RestoreResults");
}

static void want(struct restore_results *results, const struct model *model,
		 const struct op_view *op, const char *name)
{
	const struct restore *restore =
		(const struct restore *)list_by_name(model->lists[COLLECTION_RESTORES], name);

	for (size_t i = 0; i < results->count; i++)
		if (!strcmp(results->names[i], name))
			return;
	if (restore && op && !restore_is_made_by(restore, op))
		return;
	if (restore && restore->errors + restore->warnings > 0)
		snprintf(results->names[results->count++], sizeof(*results->names), "%s", name);
}

void restore_results_update(struct restore_results *results, const struct subject *subject,
			    const struct model *model, struct effects *effects)
{
	const struct op_view *op = subject->op;
	size_t steps = op ? op->step_count : 0;

	if (results->begun || !subject_has_ended(subject) ||
	    (op ? op->kind != OP_RESTORE : !subject->restore))
		return;
	results->begun = true;
	results->names = mem_array(steps + 1, sizeof(*results->names));
	for (size_t i = 0; i < steps; i++)
		if (op->steps[i].restore && *op->steps[i].restore)
			want(results, model, op, op->steps[i].restore);
	if (subject->restore)
		want(results, model, op, subject->restore->object.name);
	ask(results, effects);
}

void restore_results_ticket(struct restore_results *results, const struct request *request,
			    uint64_t ticket)
{
	if (request->kind == REQUEST_DOWNLOAD && !strcmp(request->what, "RestoreResults"))
		results->ticket = ticket;
}

static enum status read_one(struct restore_results *results, const struct document *document)
{
	struct result_lines more;
	const char *text;
	size_t len;

	text = document_text(document, &len);
	if (results_parse(text, len, &more, &results->failed))
		return results->failed.code;
	result_lines_add(&results->lines, &more);
	result_lines_done(&more);
	problem_groups_done(&results->groups);
	problems_group(&results->lines, &results->groups);
	return STATUS_OK;
}

void restore_results_event(struct restore_results *results, const struct event *event,
			   struct effects *effects)
{
	if (!results->ticket || event->ticket != results->ticket)
		return;
	if (event->kind == EVENT_FAILED) {
		results->failed = event->err;
		results->ticket = 0;
	} else if (event->kind == EVENT_DOCUMENT && !read_one(results, event->document)) {
		results->at++;
		ask(results, effects);
	}
}

bool restore_results_retry(struct restore_results *results, struct effects *effects)
{
	if (!results->failed.code)
		return false;
	results->failed.code = STATUS_OK;
	ask(results, effects);
	return true;
}

void restore_results_done(struct restore_results *results)
{
	free(results->names);
	result_lines_done(&results->lines);
	problem_groups_done(&results->groups);
	*results = (struct restore_results){ 0 };
}

/* ---- to be read ---- */

int restore_results_height(const struct restore_results *results)
{
	int missing = results->at == results->count ? 0 : results->failed.code ? 3 : 1;
	int rows = (int)results->groups.count + missing;

	return results->count ? 1 + (rows ? rows : 1) : 0;
}

static void draw_group(struct view view, int y, const struct restore_results *results,
		       const struct problem_group *group)
{
	const struct result_line *first = &results->lines.rows[group->lines[0]];
	bool harmless = group->cause && group->cause->harmless;
	struct strbuf text = STRBUF_INIT, object = STRBUF_INIT;

	mark_draw(view, 2, y, harmless ? MARK_OFF : group->is_error ? MARK_BAD : MARK_WARNING);
	view_textf(view, COUNT_X, y, ROLE_DIM, "%3zu", group->count);
	strbuf_adds(&text, group->title);
	result_line_add_object(&object, first);
	if (object.len)
		strbuf_addf(&text, ": %s%s", object.buf, group->count > 1 ? " and others" : "");
	else if (strcmp(first->scope, "velero") != 0)
		strbuf_addf(&text, ", in %s", first->scope);
	view_field(view, TEXT_X, y, view.w - TEXT_X - 1, harmless ? ROLE_DIM : ROLE_TEXT, text.buf);
	strbuf_done(&text);
	strbuf_done(&object);
}

static void draw_missing(struct view view, int y, const struct restore_results *results)
{
	struct strbuf text = STRBUF_INIT;
	bool failed = results->failed.code != STATUS_OK;

	strbuf_addf(&text, "%s of %s", failed ? "Not read: the results" : "Reading the results",
		    results->names[results->at]);
	if (failed)
		strbuf_addf(&text, ": %s. Ctrl-R asks again.", results->failed.text);
	mark_wrap(view, y, 3, failed ? MARK_UNKNOWN : MARK_NOT_READ, text.buf);
	strbuf_done(&text);
}

void restore_results_draw(const struct restore_results *results, struct view view)
{
	const struct problem_groups *groups = &results->groups;
	struct strbuf title = STRBUF_INIT;
	bool missing = results->at < results->count;
	int y = 1;

	if (view.h < 2 || !results->count)
		return;
	if (groups->count) {
		amount_add_counted(&title, (int64_t)results->lines.errors, "error");
		strbuf_adds(&title, ", ");
		amount_add_counted(&title, (int64_t)results->lines.warnings, "warning");
		strbuf_adds(&title, " in Velero's results");
	} else {
		strbuf_adds(&title, "Velero's results");
	}
	view_rule(view, 0, ROLE_HEADING, title.buf,
		  groups->count ? "Enter shows them in full" : "");
	for (size_t i = 0; i < groups->count && y < view.h - missing; i++) {
		if (y == view.h - missing - 1 && i + 1 < groups->count) {
			view_textf(view, TEXT_X, y++, ROLE_DIM, "and %zu more kinds",
				   groups->count - i);
			break;
		}
		draw_group(view, y++, results, &groups->rows[i]);
	}
	if (missing)
		draw_missing(view, y, results);
	strbuf_done(&title);
}

bool restore_results_add_text(struct strbuf *out, const struct restore_results *results)
{
	if (!results->groups.count)
		return false;
	problems_add_text(out, &results->lines, &results->groups);
	return true;
}
