/* Everything about one snapshot: keys, and what it asks Velero for. Rows of the panes:
 * snapshot_panes.c; drawing: snapshot_draw.c. */
#include "backend/base/mem.h"
#include "tui/screens/screens.h"
#include "tui/screens/snapshot_panes.h"
#include "tui/screens/words.h"
#include "tui/widgets/panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_newest(const void *left, const void *right)
{
	const struct restore *a = *(const struct restore *const *)left;
	const struct restore *b = *(const struct restore *const *)right;

	return a->object.created > b->object.created ? -1 : a->object.created < b->object.created;
}

static void gather_restores(struct snapshot_view *view)
{
	const struct list *list = view->model->lists[COLLECTION_RESTORES];
	size_t i, capacity = 0;

	free(view->restores);
	view->restores = NULL;
	view->restore_count = 0;
	for (i = 0; i < list->count; i++) {
		const struct restore *restore = (const struct restore *)list->items[i];

		if (strcmp(restore->backup, view->name) != 0)
			continue;
		view->restores =
			mem_grow(view->restores, view->restore_count, &capacity, sizeof(void *));
		view->restores[view->restore_count++] = restore;
	}
	if (view->restore_count > 1)
		qsort(view->restores, view->restore_count, sizeof(void *), by_newest);
}

/* The last picture that had the snapshot is kept: when it goes away, what was known stays. */
static void gather(struct snapshot_view *view, const struct screen_context *context)
{
	const struct snapshot *snapshot = model_snapshot_by_name(context->model, view->name);
	const struct model *before = view->model;

	if (!snapshot) {
		if (!view->gone && context->model->state[COLLECTION_BACKUPS].ever)
			view->gone = context->now;
		return;
	}
	view->gone = 0;
	view->model = model_ref(context->model);
	snapshot_detail_gather(&view->detail, context, snapshot);
	snapshot_timed_gather(view);
	gather_restores(view);
	model_unref(before);
}

static void rebuild(struct snapshot_view *view, const struct screen_context *context,
		    int64_t now_ms)
{
	struct table_source source;
	struct pane_arg arg;

	if (snapshot_pane_source(&arg, view, context, &source))
		table_update(&view->tables[view->pane], &source, snapshot_view_page(view, context),
			     now_ms);
}

/* One that did not complete says why at once: what the object leaves out stands in its files. */
static void ask_for_reason(struct snapshot_view *view, const struct screen_context *context,
			   struct effects *effects)
{
	const struct snapshot *snapshot = view->detail.snapshot;

	if (view->gone || !snapshot || snapshot->backup->errors <= 0 ||
	    view->parts.state[PART_RESULTS].failed.code || view->parts.state[PART_LOG].failed.code)
		return;
	snapshot_part_ask(&view->parts, PART_RESULTS, snapshot, context, effects);
	if (snapshot->backup->hooks_failed > 0)
		snapshot_part_ask(&view->parts, PART_LOG, snapshot, context, effects);
}

static void snapshot_open(void *state, const char *argument, const struct screen_context *context,
			  struct effects *effects)
{
	struct snapshot_view *view = state;

	snprintf(view->name, sizeof(view->name), "%s", argument);
	gather(view, context);
	ask_for_reason(view, context, effects);
}

static void snapshot_close(void *state)
{
	struct snapshot_view *view = state;
	int i;

	for (i = 0; i < PANES; i++)
		table_done(&view->tables[i]);
	snapshot_parts_done(&view->parts);
	free(view->timed);
	snapshot_detail_done(&view->detail);
	free(view->restores);
	model_unref(view->model);
}

static void snapshot_update(void *state, const struct screen_context *context,
			    struct effects *effects)
{
	gather(state, context);
	ask_for_reason(state, context, effects);
	rebuild(state, context, context->now_ms);
}

static void snapshot_ticket(void *state, const struct request *request, uint64_t ticket)
{
	snapshot_parts_ticket(&((struct snapshot_view *)state)->parts, request, ticket);
}

static void snapshot_event(void *state, const struct event *event,
			   const struct screen_context *context, struct effects *effects)
{
	struct snapshot_view *view = state;

	(void)effects;
	if (!snapshot_parts_event(&view->parts, event) || event->kind != EVENT_DOCUMENT)
		return;
	snapshot_timed_gather(view);
	rebuild(view, context, 0);
}

static void ask_for_pane(struct snapshot_view *view, const struct screen_context *context,
			 struct effects *effects)
{
	static const enum snapshot_part parts[PANES] = {
		[PANE_SUMMARY] = PART_NONE,	   [PANE_VOLUMES] = PART_LOG,
		[PANE_SCRIPTS] = PART_LOG,	   [PANE_PROBLEMS] = PART_RESULTS,
		[PANE_RESOURCES] = PART_RESOURCES, [PANE_LOG] = PART_NONE,
		[PANE_RESTORES] = PART_NONE,
	};
	enum snapshot_part part = parts[view->pane];
	const struct snapshot *snapshot = view->detail.snapshot;

	if (part == PART_NONE || view->parts.state[part].failed.code || view->gone || !snapshot ||
	    (view->pane == PANE_VOLUMES && snapshot->backup->hooks == 0))
		return;
	snapshot_part_ask(&view->parts, part, snapshot, context, effects);
}

/* What failed is tried once more; c asks. */
static void ask_again(struct snapshot_view *view, const struct screen_context *context,
		      struct effects *effects)
{
	for (int part = 0; part < PARTS; part++)
		view->parts.state[part].failed = (struct error)ERROR_INIT;
	ask_for_pane(view, context, effects);
	if (view->pane == PANE_SUMMARY)
		ask_for_reason(view, context, effects);
}

static void show_pane(struct snapshot_view *view, size_t pane, const struct screen_context *context,
		      struct effects *effects)
{
	view->pane = (enum snapshot_pane)pane;
	view->tall = false;
	ask_for_pane(view, context, effects);
	rebuild(view, context, 0);
}

static void open_row(struct snapshot_view *view, const struct screen_context *context,
		     struct effects *effects)
{
	struct table_source source;
	struct pane_arg arg;
	char text[300];
	size_t row;

	if (view->pane == PANE_LOG) {
		snprintf(text, sizeof(text), "BackupLog %s", view->name);
		effects_open(effects, SCREEN_LOG, text);
		return;
	}
	if (view->pane == PANE_SUMMARY && view->detail.snapshot &&
	    snapshot_is_running(view->detail.snapshot)) {
		snprintf(text, sizeof(text), "backup/%s", view->name);
		effects_open(effects, SCREEN_OPERATION, text);
		return;
	}
	if (!snapshot_pane_source(&arg, view, context, &source) ||
	    !table_current(&view->tables[view->pane], &source, context->now_ms, &row))
		return;
	if (view->pane == PANE_RESTORES) {
		snprintf(text, sizeof(text), "restore/%s", view->restores[row]->object.name);
		effects_open(effects, SCREEN_OPERATION, text);
		return;
	}
	if (view->pane == PANE_PROBLEMS)
		snapshot_parts_toggle(&view->parts, PART_RESULTS, row);
	else if (view->pane == PANE_RESOURCES)
		snapshot_parts_toggle(&view->parts, PART_RESOURCES, row);
	else
		view->tall = !view->tall;
	rebuild(view, context, 0);
}

static bool act(struct snapshot_view *view, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	char text[300];

	switch (action) {
	case ACT_OPEN:
		open_row(view, context, effects);
		return true;
	case ACT_RESTORE:
		effects_open(effects, SCREEN_RESTORE, view->name);
		return true;
	case ACT_DELETE:
		effects_open(effects, SCREEN_DELETE, view->name);
		return true;
	case ACT_LOGS:
		snprintf(text, sizeof(text), "BackupLog %s", view->name);
		effects_open(effects, SCREEN_LOG, text);
		return true;
	case ACT_COMMANDS:
		snprintf(text, sizeof(text), "snapshot %s", view->name);
		effects_open(effects, SCREEN_COMMANDS, text);
		return true;
	case ACT_COPY:
		snprintf(effects_add(effects, EFFECT_COPY)->text, 512, "%s", view->name);
		return true;
	case ACT_CHECK:
		effects_request(effects, REQUEST_PROBE, "", "");
		ask_again(view, context, effects);
		return true;
	default:
		return false;
	}
}

static bool snapshot_key(void *state, struct key key, enum action_id action,
			 const struct screen_context *context, struct effects *effects)
{
	struct snapshot_view *view = state;
	struct table_source source;
	struct pane_arg arg;

	(void)key;
	if (action == ACT_PANE_NEXT || action == ACT_PANE_PREV) {
		show_pane(view, panes_move(PANES, view->pane, action == ACT_PANE_NEXT ? 1 : -1),
			  context, effects);
		return true;
	}
	if (snapshot_pane_source(&arg, view, context, &source)) {
		struct table *table = &view->tables[view->pane];
		int page = snapshot_view_page(view, context);

		if (action == ACT_PROBLEM_NEXT || action == ACT_PROBLEM_PREV)
			return table_find_problem(table, &source,
						  action == ACT_PROBLEM_NEXT ? 1 : -1, page) ||
			       true;
		if (table_key(table, &source, action, page))
			return true;
	}
	if (action == ACT_PROBLEM_NEXT || action == ACT_PROBLEM_PREV) {
		show_pane(view, PANE_PROBLEMS, context, effects);
		return true;
	}
	return act(view, action, context, effects);
}

static const char *snapshot_refusal(const void *state, enum action_id action,
				    const struct screen_context *context)
{
	const struct snapshot_view *view = state;
	const struct snapshot *snapshot = view->detail.snapshot;

	if (action != ACT_RESTORE && action != ACT_DELETE)
		return NULL;
	if (!snapshot || view->gone)
		return "it is not there any more";
	if (action == ACT_RESTORE && snapshot_restore_refusal(snapshot))
		return snapshot_restore_refusal(snapshot);
	return context->writable ? NULL : context->not_writable;
}

static void snapshot_title(const void *state, const struct screen_context *context,
			   struct strbuf *left, struct strbuf *right)
{
	const struct snapshot_view *view = state;

	strbuf_addf(left, "Snapshots \u203a %s", view->name);
	if (view->gone) {
		strbuf_adds(right, "gone since ");
		clock_add_hms(right, view->gone, context->zone);
	} else if (view->detail.snapshot) {
		int64_t began = words_began(view->detail.snapshot);

		clock_add_short(right, began, context->now, context->zone);
		strbuf_adds(right, ", ");
		words_add_ago(right, context->now - began);
	}
}

const struct screen_ops snapshot_screen = {
	.id = SCREEN_SNAPSHOT,
	.name = "snapshot",
	.state_size = sizeof(struct snapshot_view),
	.open = snapshot_open,
	.close = snapshot_close,
	.update = snapshot_update,
	.event = snapshot_event,
	.ticket = snapshot_ticket,
	.key = snapshot_key,
	.refusal = snapshot_refusal,
	.draw = snapshot_view_draw,
	.title = snapshot_title,
};
