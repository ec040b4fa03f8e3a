/* Panes of a snapshot made from what Velero stored about it: scripts, problems, resources. */
#include "backend/base/amount.h"
#include "tui/screens/snapshot_panes.h"
#include "tui/screens/words.h"

#include <string.h>

static const struct snapshot_parts *parts_of(const void *arg)
{
	return &((const struct pane_arg *)arg)->view->parts;
}

/* ---- scripts ---- */

enum script_column { SCRIPT_WHEN, SCRIPT_POD, SCRIPT_CONTAINER, SCRIPT_COMMAND, SCRIPT_TOOK };

static const struct table_column script_columns[] = {
	[SCRIPT_WHEN] = { .title = "WHEN", .min = 6, .no_sort = true },
	[SCRIPT_POD] = { .title = "POD", .min = 16, .grow = 1, .no_sort = true, .middle = true },
	[SCRIPT_CONTAINER] = { .title = "CONTAINER",
			       .min = 15,
			       .drop = 1,
			       .no_sort = true,
			       .middle = true },
	[SCRIPT_COMMAND] = { .title = "COMMAND", .min = 18, .grow = 1, .no_sort = true },
	[SCRIPT_TOOK] = { .title = "TOOK", .min = 6, .align = ALIGN_RIGHT, .no_sort = true },
};

static const struct hook *hook_at(const void *arg, size_t row)
{
	return &parts_of(arg)->hooks.rows[row];
}

/* A script has no name: its place in the log is its own. */
static const char *hook_uid(const void *arg, size_t row)
{
	const struct snapshot_view *view = ((const struct pane_arg *)arg)->view;

	for (size_t i = 0; i < view->timed_count; i++)
		if (view->timed[i].hook == &view->parts.hooks.rows[row])
			return view->timed[i].uid;
	return "";
}

enum mark snapshot_script_mark(const struct hook *hook)
{
	static const enum mark marks[] = {
		[HOOK_DONE] = MARK_GOOD,
		[HOOK_FAILED] = MARK_BAD,
		[HOOK_NO_ANSWER] = MARK_UNKNOWN,
	};

	return marks[hook->state];
}

static enum mark hook_mark(const void *arg, size_t row)
{
	return snapshot_script_mark(hook_at(arg, row));
}

/* "[/bin/sh -c ls]" as a person writes it. */
static void add_command(struct strbuf *out, const struct hook *hook)
{
	size_t len = strlen(hook->command);

	if (len > 1 && hook->command[0] == '[' && hook->command[len - 1] == ']')
		strbuf_add(out, hook->command + 1, len - 2);
	else
		strbuf_adds(out, len ? hook->command : "not written");
}

void snapshot_script_add_name(struct strbuf *out, const struct hook *hook)
{
	strbuf_addf(out, "%s ", *hook->pod ? hook->pod : hook->container);
	add_command(out, hook);
}

static void hook_cell(const void *arg, size_t row, size_t column, struct strbuf *out,
		      enum role *role)
{
	const struct hook *hook = hook_at(arg, row);

	(void)role;
	switch ((enum script_column)column) {
	case SCRIPT_WHEN:
		strbuf_adds(out, hook->post ? "after" : "before");
		break;
	case SCRIPT_POD:
		strbuf_adds(out, *hook->pod ? hook->pod : "not known");
		break;
	case SCRIPT_CONTAINER:
		strbuf_adds(out, *hook->container ? hook->container : "-");
		break;
	case SCRIPT_COMMAND:
		add_command(out, hook);
		break;
	case SCRIPT_TOOK:
		words_add_took(out, hook->began, hook->ended);
		break;
	}
}

static void add_output(struct strbuf *out, const char *name, const struct hook *hook,
		       const char *text)
{
	size_t len = strlen(text);

	while (len > 0 && text[len - 1] == '\n')
		len--;
	strbuf_addf(out, "\n%s: ", name);
	if (len > 0)
		strbuf_add(out, text, len);
	else
		strbuf_adds(out, hook->answered ? "(empty)" : "(not written)");
}

void snapshot_script_add_peek(struct strbuf *out, const struct hook *hook)
{
	if (hook->state == HOOK_FAILED)
		strbuf_addf(out, "Failed: %s. ", hook->error);
	else if (hook->state == HOOK_NO_ANSWER)
		strbuf_adds(out, "The log has no end of it: it failed or was cut off. ");
	else
		strbuf_adds(out, "Done. ");
	if (hook->pod_known != HOOK_POD_NAMED)
		strbuf_adds(out, hook_pod_words(hook->pod_known));
	add_output(out, "stdout", hook, hook->out);
	add_output(out, "stderr", hook, hook->err);
}

static void add_hook_name(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	strbuf_adds(out, "output of ");
	add_command(out, hook_at(arg, row));
}

static void add_hook_peek(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	snapshot_script_add_peek(out, hook_at(arg, row));
}

const struct pane_list snapshot_scripts = {
	script_columns, ARRAY_SIZE(script_columns), hook_uid, hook_mark, hook_cell, add_hook_name,
	add_hook_peek,
};

/* ---- problems ---- */

static const struct table_column problem_columns[] = {
	{ .title = "", .min = 5, .align = ALIGN_RIGHT, .no_sort = true },
	{ .title = "CAUSE", .min = 30, .grow = 2, .no_sort = true },
	{ .title = "WHERE", .min = 12, .grow = 1, .no_sort = true, .middle = true },
};

static const struct fold_row *problem_at(const void *arg, size_t row)
{
	return &parts_of(arg)->problems.rows[row];
}

static const struct problem_group *group_at(const void *arg, size_t row)
{
	return &parts_of(arg)->groups.rows[problem_at(arg, row)->group];
}

/* The line a row stands for: of a head, the first of its group. */
static const struct result_line *line_at(const void *arg, size_t row)
{
	size_t item = problem_at(arg, row)->item;

	return &parts_of(arg)->lines.rows[group_at(arg, row)->lines[item == FOLD_HEAD ? 0 : item]];
}

static const char *problem_uid(const void *arg, size_t row)
{
	return problem_at(arg, row)->uid;
}

static enum mark problem_mark(const void *arg, size_t row)
{
	const struct problem_group *group = group_at(arg, row);

	if (problem_at(arg, row)->item != FOLD_HEAD)
		return MARK_NONE;
	if (group->cause && group->cause->harmless)
		return MARK_OFF;
	return group->is_error ? MARK_BAD : MARK_WARNING;
}

static void add_where(struct strbuf *out, const struct result_line *line)
{
	size_t before = out->len;

	result_line_add_object(out, line);
	if (out->len == before)
		strbuf_adds(out, line->scope);
}

static void problem_cell(const void *arg, size_t row, size_t column, struct strbuf *out,
			 enum role *role)
{
	const struct problem_group *group = group_at(arg, row);
	bool head = problem_at(arg, row)->item == FOLD_HEAD;

	if (!head)
		*role = ROLE_DIM;
	if (column == 0 && head)
		amount_add_count(out, (int64_t)group->count);
	else if (column == 1 && head)
		strbuf_adds(out, group->title);
	else if (column == 1)
		result_line_add_words(out, line_at(arg, row));
	else if (column == 2)
		add_where(out, line_at(arg, row));
}

static void add_problem_name(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	const struct result_line *line = line_at(arg, row);

	strbuf_addf(out, "%s in %s", line->is_error ? "Error" : "Warning", line->scope);
}

static void add_problem_peek(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	const struct cause *cause = group_at(arg, row)->cause;

	strbuf_addf(out, "\"%s\"", line_at(arg, row)->message);
	if (cause)
		strbuf_addf(out, "\n%s Next: %s", cause->so, cause->next);
	else
		strbuf_adds(out, "\nUnknown: no rule knows this message.");
}

const struct pane_list snapshot_problems = {
	problem_columns,  ARRAY_SIZE(problem_columns),
	problem_uid,	  problem_mark,
	problem_cell,	  add_problem_name,
	add_problem_peek,
};

/* ---- resources ---- */

static const struct table_column resource_columns[] = {
	{ .title = "KIND", .min = 28, .grow = 1, .no_sort = true, .middle = true },
	{ .title = "COUNT", .min = 7, .align = ALIGN_RIGHT, .no_sort = true },
	{ .title = "NAMESPACES", .min = 20, .grow = 1, .no_sort = true },
};

static const struct fold_row *resource_at(const void *arg, size_t row)
{
	return &parts_of(arg)->kinds.rows[row];
}

static const struct resource_kind *kind_at(const void *arg, size_t row)
{
	return &parts_of(arg)->resources.rows[resource_at(arg, row)->group];
}

static const char *resource_uid(const void *arg, size_t row)
{
	return resource_at(arg, row)->uid;
}

static enum mark resource_mark(const void *arg, size_t row)
{
	(void)arg;
	(void)row;
	return MARK_NONE;
}

static void resource_cell(const void *arg, size_t row, size_t column, struct strbuf *out,
			  enum role *role)
{
	const struct resource_kind *kind = kind_at(arg, row);
	size_t item = resource_at(arg, row)->item;

	if (item != FOLD_HEAD) {
		*role = ROLE_DIM;
		if (column == 0)
			strbuf_addf(out, "  %s", kind->names[item]);
		return;
	}
	if (column == 0)
		strbuf_adds(out, kind->kind);
	else if (column == 1)
		amount_add_count(out, (int64_t)kind->count);
	else
		resource_kind_add_places(out, kind, 4);
}

static void add_resource_name(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	strbuf_adds(out, kind_at(arg, row)->kind);
}

static void add_resource_peek(struct strbuf *out, const struct pane_arg *arg, size_t row)
{
	const struct resource_kind *kind = kind_at(arg, row);
	size_t item = resource_at(arg, row)->item;

	if (item != FOLD_HEAD) {
		strbuf_adds(out, kind->names[item]);
		return;
	}
	resource_kind_add_places(out, kind, 40);
	/* Seen with both Veleros: under onError Fail it is listed and left out. */
	if (arg->view->detail.snapshot->backup->hooks_failed > 0 && !strcmp(kind->kind, "v1 Pod"))
		strbuf_adds(out, "\nA pod whose script failed may be listed and yet not be in it.");
	strbuf_adds(out, arg->view->parts.kinds.open[resource_at(arg, row)->group]
				 ? "\nEnter closes the list of their names."
				 : "\nEnter lists their names.");
}

const struct pane_list snapshot_resources = {
	resource_columns,  ARRAY_SIZE(resource_columns),
	resource_uid,	   resource_mark,
	resource_cell,	   add_resource_name,
	add_resource_peek,
};
