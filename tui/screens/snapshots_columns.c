/* The rows and columns of the list of snapshots (design/screens.md 4.2). */
#include "backend/base/amount.h"
#include "tui/screens/snapshot_list.h"
#include "tui/screens/words.h"

#include <inttypes.h>
#include <string.h>

enum column {
	COLUMN_NAME,
	COLUMN_TYPE,
	COLUMN_STATUS,
	COLUMN_STARTED,
	COLUMN_SIZE,
	COLUMN_ERRORS,
	COLUMN_WARNINGS,
	COLUMNS
};

/* clang-format off */
static const struct table_column columns[COLUMNS] = {
	[COLUMN_NAME] =     { .title = "NAME", .min = 20, .grow = 1, .middle = true },
	[COLUMN_TYPE] =     { .title = "TYPE", .min = 7, .drop = 3 },
	[COLUMN_STATUS] =   { .title = "STATUS", .min = 12 },
	[COLUMN_STARTED] =  { .title = "STARTED", .min = 12, .sorted_down = true },
	[COLUMN_SIZE] =     { .title = "SIZE", .min = 8, .drop = 4, .align = ALIGN_RIGHT, .sorted_down = true },
	[COLUMN_ERRORS] =   { .title = "ERR", .min = 3, .drop = 2, .align = ALIGN_RIGHT, .sorted_down = true },
	[COLUMN_WARNINGS] = { .title = "WARN", .min = 4, .drop = 1, .align = ALIGN_RIGHT, .sorted_down = true },
};
/* clang-format on */

static bool is_asked(const struct op_view *op)
{
	return op->kind == OP_TAKE && op->state == OP_RUNNING && !*op->backup;
}

void snapshot_rows_make(struct snapshot_rows *rows, const struct snapshot_list *list,
			const struct screen_context *context)
{
	const struct model *model = context->model;
	size_t i;

	rows->context = context;
	rows->list = list;
	rows->asked_count = 0;
	for (i = 0; i < model->op_count && rows->asked_count < ARRAY_SIZE(rows->asked); i++) {
		if (is_asked(model->ops[i]))
			rows->asked[rows->asked_count++] = model->ops[i];
	}
}

const struct snapshot_gone *snapshot_rows_gone(const struct snapshot_rows *rows, size_t row)
{
	size_t at = row - rows->asked_count;

	return row >= rows->asked_count && at < rows->list->gone_count ? &rows->list->gone[at]
								       : NULL;
}

const struct snapshot *snapshot_rows_get(const struct snapshot_rows *rows, size_t row)
{
	size_t before = rows->asked_count + rows->list->gone_count, at = row - before;

	if (row < before || at >= rows->context->model->snapshot_count)
		return NULL;
	return &rows->context->model->snapshots[at];
}

static const char *row_uid(const void *arg, size_t row)
{
	const struct snapshot_rows *rows = arg;
	const struct snapshot *snapshot = snapshot_rows_get(rows, row);
	const struct snapshot_gone *gone = snapshot_rows_gone(rows, row);

	if (gone)
		return gone->backup->object.uid;
	return snapshot ? snapshot->backup->object.uid : rows->asked[row]->id;
}

static enum mark row_mark(const void *arg, size_t row)
{
	const struct snapshot *snapshot = snapshot_rows_get(arg, row);

	if (snapshot_rows_gone(arg, row))
		return MARK_WARNING;
	return snapshot ? words_mark(snapshot->health) : MARK_NOT_READ;
}

static void add_asked(struct strbuf *out, const struct op_view *op, enum column column,
		      const struct screen_context *context)
{
	switch (column) {
	case COLUMN_NAME:
		strbuf_adds(out, "(asked for)");
		break;
	case COLUMN_TYPE:
		strbuf_adds(out, *op->app_slug ? "partial" : "full");
		break;
	case COLUMN_STATUS:
		strbuf_adds(out, "Asked for");
		break;
	case COLUMN_STARTED:
		clock_add_short(out, op->began, context->now, context->zone);
		break;
	default:
		strbuf_addc(out, '-');
		break;
	}
}

static void add_gone(struct strbuf *out, const struct snapshot_gone *gone, enum column column,
		     const struct screen_context *context)
{
	const struct backup *backup = gone->backup;

	switch (column) {
	case COLUMN_NAME:
		strbuf_adds(out, backup->object.name);
		break;
	case COLUMN_TYPE:
		strbuf_adds(out, words_kind(backup_kind_of(backup)));
		break;
	case COLUMN_STATUS:
		strbuf_adds(out, "Gone");
		break;
	case COLUMN_STARTED:
		clock_add_short(out, backup->started ? backup->started : backup->object.created,
				context->now, context->zone);
		break;
	default:
		strbuf_addc(out, '-');
		break;
	}
}

static void add_size(struct strbuf *out, const struct snapshot *snapshot)
{
	int64_t size = words_size(snapshot);

	if (size >= 0)
		amount_add_bytes(out, size);
	else
		strbuf_adds(out, snapshot->volumes_read ? "-" : "\u2026");
}

/* What Velero refuses it does not count. */
static int64_t error_count(const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	return snapshot->errors > 0 ? snapshot->errors : *backup->validation_error != '\0';
}

static void add_count(struct strbuf *out, const struct snapshot *snapshot, int64_t count)
{
	if (snapshot_is_running(snapshot))
		strbuf_addc(out, '-');
	else if (count > 999)
		strbuf_adds(out, ">1k"); /* the detail has the number */
	else
		strbuf_addf(out, "%" PRId64, count);
}

static void row_cell(const void *arg, size_t row, size_t column, struct strbuf *out,
		     enum role *role)
{
	const struct snapshot_rows *rows = arg;
	const struct snapshot *snapshot = snapshot_rows_get(rows, row);
	const struct screen_context *context = rows->context;

	if (snapshot_rows_gone(rows, row)) {
		*role = column == COLUMN_STATUS ? ROLE_WARNING : ROLE_DIM;
		add_gone(out, snapshot_rows_gone(rows, row), (enum column)column, context);
		return;
	}
	if (!snapshot) {
		*role = ROLE_DIM;
		add_asked(out, rows->asked[row], (enum column)column, context);
		return;
	}
	if (snapshot->expired)
		*role = ROLE_EXPIRED;
	switch ((enum column)column) {
	case COLUMN_NAME:
		strbuf_adds(out, snapshot->backup->object.name);
		break;
	case COLUMN_TYPE:
		strbuf_adds(out, words_kind(snapshot->kind));
		break;
	case COLUMN_STATUS:
		if (snapshot->health != HEALTH_GOOD && !snapshot->expired)
			*role = mark_role(words_mark(snapshot->health));
		snapshot_add_status(out, snapshot);
		break;
	case COLUMN_STARTED:
		clock_add_short(out, words_began(snapshot), context->now, context->zone);
		break;
	case COLUMN_SIZE:
		add_size(out, snapshot);
		break;
	case COLUMN_ERRORS:
		add_count(out, snapshot, error_count(snapshot));
		break;
	case COLUMN_WARNINGS:
		add_count(out, snapshot, snapshot->warnings);
		break;
	case COLUMNS:
		break;
	}
}

/* A full one names its applications, a partial one the id of its own. */
static bool holds_app(const struct snapshot *snapshot, const char *slug,
		      const struct console *console)
{
	const struct app *app = console ? console_app(console, slug) : NULL;
	const struct backup *backup = snapshot->backup;
	const char *at = backup->kots_sequences;
	size_t len = strlen(slug);

	if (snapshot->kind == SNAPSHOT_PARTIAL)
		return (app && *app->id && !strcmp(app->id, backup->kots_app_id)) ||
		       (text_starts(backup->object.name, slug) && backup->object.name[len] == '-');
	/* The keys of a small JSON map; looked for as text, for this is asked of each of 25,000. */
	for (; (at = strstr(at, slug)); at += len) {
		if (at > backup->kots_sequences && at[-1] == '"' && at[len] == '"')
			return true;
	}
	return false;
}

static bool row_keep(const void *arg, size_t row)
{
	const struct snapshot_rows *rows = arg;
	const struct snapshot_list *list = rows->list;
	const struct snapshot *snapshot = snapshot_rows_get(rows, row);
	static const enum snapshot_kind kinds[SHOWS] = {
		[SHOW_FULL] = SNAPSHOT_FULL,
		[SHOW_PARTIAL] = SNAPSHOT_PARTIAL,
		[SHOW_OTHER] = SNAPSHOT_OTHER,
	};

	if (!snapshot)
		return true;
	if (list->show != SHOW_ALL && snapshot->kind != kinds[list->show])
		return false;
	if (*list->app && !holds_app(snapshot, list->app, rows->context->model->console))
		return false;
	return !list->compiled ||
	       snapshot_filter_match(list->compiled, snapshot, rows->context->now);
}

static int by_number(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int row_compare(const void *arg, size_t left, size_t right, size_t column)
{
	const struct snapshot *a = snapshot_rows_get(arg, left), *b = snapshot_rows_get(arg, right);

	if (!a || !b)
		return 0;
	switch ((enum column)column) {
	case COLUMN_NAME:
		return strcmp(a->backup->object.name, b->backup->object.name);
	case COLUMN_TYPE:
		return by_number(a->kind, b->kind);
	case COLUMN_STATUS:
		return by_number(b->health, a->health); /* worst first */
	case COLUMN_STARTED:
		return by_number(words_began(a), words_began(b));
	case COLUMN_SIZE:
		return by_number(words_size(a), words_size(b));
	case COLUMN_ERRORS:
		return by_number(error_count(a), error_count(b));
	case COLUMN_WARNINGS:
		return by_number(a->warnings, b->warnings);
	case COLUMNS:
		break;
	}
	return 0;
}

static bool row_missing(const void *arg, size_t row, size_t column)
{
	const struct snapshot *snapshot = snapshot_rows_get(arg, row);

	if (!snapshot)
		return true;
	if (column == COLUMN_SIZE)
		return words_size(snapshot) < 0;
	if (column == COLUMN_ERRORS || column == COLUMN_WARNINGS)
		return snapshot_is_running(snapshot);
	return false;
}

struct table_source snapshot_rows_source(const struct snapshot_rows *rows)
{
	return (struct table_source){
		.columns = columns,
		.column_count = COLUMNS,
		.count = rows->asked_count + rows->list->gone_count +
			 rows->context->model->snapshot_count,
		.arg = rows,
		.uid = row_uid,
		.mark = row_mark,
		.cell = row_cell,
		.keep = row_keep,
		.compare = row_compare,
		.missing = row_missing,
		.natural_column = COLUMN_STARTED,
		.natural_down = true,
	};
}
