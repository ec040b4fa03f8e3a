/* The list of snapshots: keys, and what they ask for. Columns: snapshots_columns.c; drawing:
 * snapshots_draw.c. */
#include "tui/screens/body.h"
#include "tui/screens/document_source.h"
#include "tui/screens/screens.h"
#include "tui/screens/snapshot_list.h"
#include "tui/screens/words.h"

#include <stdio.h>
#include <string.h>

const struct snapshot *snapshot_list_current(const struct snapshot_list *list,
					     const struct screen_context *context)
{
	struct snapshot_rows rows;
	struct table_source source;
	size_t row;

	snapshot_rows_make(&rows, list, context);
	source = snapshot_rows_source(&rows);
	if (!table_current(&list->table, &source, context->now_ms, &row))
		return NULL;
	return snapshot_rows_get(&rows, row);
}

const struct snapshot_gone *snapshot_list_gone(const struct snapshot_list *list,
					       const struct screen_context *context)
{
	struct snapshot_rows rows;
	struct table_source source;
	size_t row;

	snapshot_rows_make(&rows, list, context);
	source = snapshot_rows_source(&rows);
	if (!table_current(&list->table, &source, INT64_MAX, &row))
		return NULL;
	return snapshot_rows_gone(&rows, row);
}

/* The detail follows the cursor; it borrows from the model, so a new model gathers it anew. */
static void gather(struct snapshot_list *list, const struct screen_context *context, bool fresh)
{
	struct snapshot_rows rows;
	struct table_source source;
	const struct snapshot *snapshot = NULL;
	size_t row;

	snapshot_rows_make(&rows, list, context);
	source = snapshot_rows_source(&rows);
	if (table_current(&list->table, &source, INT64_MAX, &row))
		snapshot = snapshot_rows_get(&rows, row);
	if (fresh || snapshot != list->detail.snapshot)
		snapshot_detail_gather(&list->detail, context, snapshot);
}

static void count_marks(struct snapshot_list *list, const struct screen_context *context)
{
	size_t i;

	list->marked_bytes = 0;
	list->marked_unknown = false;
	for (i = 0; list->table.mark_count > 0 && i < context->model->snapshot_count; i++) {
		const struct snapshot *snapshot = &context->model->snapshots[i];
		int64_t size;

		if (!table_is_marked(&list->table, snapshot->backup->object.uid))
			continue;
		size = words_size(snapshot);
		list->marked_bytes += size > 0 ? size : 0;
		list->marked_unknown = list->marked_unknown || !snapshot->volumes_read;
	}
}

static void count_kinds(struct snapshot_list *list, const struct model *model)
{
	size_t i;

	memset(list->kinds, 0, sizeof(list->kinds));
	for (i = 0; i < model->snapshot_count; i++) {
		enum snapshot_kind kind = model->snapshots[i].kind;

		list->kinds[kind == SNAPSHOT_FULL      ? SHOW_FULL
			    : kind == SNAPSHOT_PARTIAL ? SHOW_PARTIAL
						       : SHOW_OTHER]++;
	}
}

/* by_person: what is shown was changed by a key, nothing moved by itself. */
static void rebuild(struct snapshot_list *list, const struct screen_context *context,
		    bool by_person)
{
	struct snapshot_rows rows;
	struct table_source source;

	snapshot_rows_make(&rows, list, context);
	source = snapshot_rows_source(&rows);
	table_update(&list->table, &source, snapshot_list_page(context),
		     by_person ? 0 : context->now_ms);
	gather(list, context, !by_person);
}

static void snapshots_open(void *state, const char *argument, const struct screen_context *context,
			   struct effects *effects)
{
	struct snapshot_list *list = state;
	struct snapshot_rows rows;
	struct table_source source;

	(void)argument;
	snapshot_list_tell_vanished(list, context->model, context->now, effects);
	snapshot_rows_make(&rows, list, context);
	source = snapshot_rows_source(&rows);
	table_init(&list->table, &source);
	count_kinds(list, context->model);
	rebuild(list, context, false);
}

static void snapshots_close(void *state)
{
	struct snapshot_list *list = state;

	table_done(&list->table);
	snapshot_detail_done(&list->detail);
	snapshot_list_forget_vanished(list);
	snapshot_filter_free(list->compiled);
}

static void snapshots_update(void *state, const struct screen_context *context,
			     struct effects *effects)
{
	struct snapshot_list *list = state;

	snapshot_list_tell_vanished(list, context->model, context->now, effects);
	count_kinds(list, context->model);
	/* What the detail borrowed is gone with the old model. */
	snapshot_detail_clear(&list->detail);
	rebuild(list, context, false);
	count_marks(list, context);
}

static void compile(struct snapshot_list *list, const struct screen_context *context)
{
	snapshot_filter_free(list->compiled);
	list->compiled = NULL;
	list->wrong = (struct error)ERROR_INIT;
	if (list->filter.len > 0)
		(void)snapshot_filter_new(list->filter.text, &list->compiled, &list->wrong);
	rebuild(list, context, true);
}

static bool filter_key(struct snapshot_list *list, struct key key,
		       const struct screen_context *context)
{
	if (key.code == KEYCODE_ENTER) {
		list->typing = false;
		return true;
	}
	if (key.code == KEYCODE_ESC) {
		list->typing = false;
		input_set(&list->filter, "");
	} else if (!input_key(&list->filter, key)) {
		return false;
	}
	compile(list, context);
	return true;
}

static void next_app(struct snapshot_list *list, const struct screen_context *context,
		     struct effects *effects)
{
	const struct console *console = context->model->console;
	size_t i, next = 0;

	if (!console || console->app_count == 0) {
		effects_message(effects, MESSAGE_INFO, "No application is known yet.");
		return;
	}
	for (i = 0; *list->app && i < console->app_count; i++) {
		if (!strcmp(console->apps[i].slug, list->app))
			next = i + 1;
	}
	snprintf(list->app, sizeof(list->app), "%s",
		 *list->app && (next == 0 || next >= console->app_count)
			 ? ""
			 : console->apps[next].slug);
	rebuild(list, context, true);
}

/* Names of what is marked, or of the row under the cursor. */
static void ask_delete(struct snapshot_list *list, const struct screen_context *context,
		       struct effects *effects)
{
	const struct snapshot *current = snapshot_list_current(list, context);
	struct strbuf names = STRBUF_INIT;
	size_t i;

	for (i = 0; list->table.mark_count > 0 && i < context->model->snapshot_count; i++) {
		const struct object *object = &context->model->snapshots[i].backup->object;

		if (table_is_marked(&list->table, object->uid))
			strbuf_addf(&names, "%s%s", names.len ? " " : "", object->name);
	}
	if (list->table.mark_count == 0 && current)
		strbuf_adds(&names, current->backup->object.name);
	if (names.len > 0) {
		effects_open(effects, SCREEN_DELETE, "");
		effects->rows[effects->count - 1].document = document_from(&names);
	}
	strbuf_done(&names);
}

static bool act(struct snapshot_list *list, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	const struct snapshot *current = snapshot_list_current(list, context);
	const char *name = current ? current->backup->object.name : "";
	char text[300];

	switch (action) {
	case ACT_OPEN:
		if (current)
			effects_open(effects, SCREEN_SNAPSHOT, name);
		return true;
	case ACT_TAKE:
		effects_open(effects, SCREEN_TAKE, list->app);
		return true;
	case ACT_RESTORE:
		if (current)
			effects_open(effects, SCREEN_RESTORE, name);
		return true;
	case ACT_DELETE:
		ask_delete(list, context, effects);
		return true;
	case ACT_LOGS:
		snprintf(text, sizeof(text), "BackupLog %s", name);
		if (current)
			effects_open(effects, SCREEN_LOG, text);
		return true;
	case ACT_COMMANDS:
		snprintf(text, sizeof(text), "snapshot %s", name);
		effects_open(effects, SCREEN_COMMANDS, current ? text : "");
		return true;
	case ACT_COPY:
		if (current)
			snprintf(effects_add(effects, EFFECT_COPY)->text, 512, "%s", name);
		return true;
	case ACT_CHECK:
		effects_request(effects, REQUEST_PROBE, "", "");
		return true;
	default:
		return false;
	}
}

static bool view_key(struct snapshot_list *list, enum action_id action,
		     const struct screen_context *context, struct effects *effects)
{
	switch (action) {
	case ACT_FILTER:
		list->typing = true;
		return true;
	case ACT_SHOW:
		list->show = (list->show + 1) % SHOWS;
		rebuild(list, context, true);
		return true;
	case ACT_APP:
		next_app(list, context, effects);
		return true;
	case ACT_PANE_NEXT:
	case ACT_PANE_PREV:
		list->on_detail = context->view.w >= SPLIT_COLUMNS && !list->on_detail;
		return context->view.w >= SPLIT_COLUMNS;
	case ACT_BACK:
		if (list->table.mark_count > 0) {
			table_clear_marks(&list->table);
			count_marks(list, context);
			return true;
		}
		if (list->filter.len == 0)
			return false;
		input_set(&list->filter, "");
		compile(list, context);
		return true;
	default:
		return false;
	}
}

static bool table_keys(struct snapshot_list *list, enum action_id action,
		       const struct screen_context *context, struct effects *effects)
{
	struct snapshot_rows rows;
	struct table_source source;
	int page = snapshot_list_page(context);

	snapshot_rows_make(&rows, list, context);
	source = snapshot_rows_source(&rows);
	switch (action) {
	case ACT_MARK:
		table_mark(&list->table, &source, page);
		count_marks(list, context);
		break;
	case ACT_MARK_ALL:
		table_mark_all(&list->table, &source);
		count_marks(list, context);
		break;
	case ACT_PROBLEM_NEXT:
	case ACT_PROBLEM_PREV:
		if (!table_find_problem(&list->table, &source, action == ACT_PROBLEM_NEXT ? 1 : -1,
					page))
			effects_message(effects, MESSAGE_INFO, "No warning or worse %s here.",
					action == ACT_PROBLEM_NEXT ? "below" : "above");
		break;
	default:
		if (!table_key(&list->table, &source, action, page))
			return false;
		break;
	}
	gather(list, context, false);
	return true;
}

static bool snapshots_key(void *state, struct key key, enum action_id action,
			  const struct screen_context *context, struct effects *effects)
{
	struct snapshot_list *list = state;

	if (list->typing)
		return filter_key(list, key, context);
	return view_key(list, action, context, effects) ||
	       table_keys(list, action, context, effects) || act(list, action, context, effects);
}

static bool snapshots_takes_text(const void *state)
{
	return ((const struct snapshot_list *)state)->typing;
}

static const char *none_here(const struct snapshot_list *list, const struct screen_context *context)
{
	return snapshot_list_gone(list, context) ? "it is gone"
						 : "there is no snapshot under the cursor";
}

static const char *snapshots_refusal(const void *state, enum action_id action,
				     const struct screen_context *context)
{
	const struct snapshot_list *list = state;
	const struct snapshot *current = snapshot_list_current(list, context);

	switch (action) {
	case ACT_RESTORE:
		if (!current)
			return none_here(list, context);
		if (snapshot_restore_refusal(current))
			return snapshot_restore_refusal(current);
		return context->writable ? NULL : context->not_writable;
	case ACT_DELETE:
		if (!current && list->table.mark_count == 0)
			return none_here(list, context);
		return context->writable ? NULL : context->not_writable;
	case ACT_TAKE:
		return context->writable ? NULL : context->not_writable;
	case ACT_OPEN:
	case ACT_LOGS:
		return current ? NULL : none_here(list, context);
	default:
		return NULL;
	}
}

const struct screen_ops snapshots_screen = {
	.id = SCREEN_SNAPSHOTS,
	.name = "snapshots",
	.tab = 2,
	.state_size = sizeof(struct snapshot_list),
	.open = snapshots_open,
	.close = snapshots_close,
	.update = snapshots_update,
	.key = snapshots_key,
	.takes_text = snapshots_takes_text,
	.refusal = snapshots_refusal,
	.draw = snapshot_list_draw,
	.title = snapshot_list_title,
	.note = snapshot_list_note,
};
