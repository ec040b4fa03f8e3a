/* Every rule that kotsnap knows about this site, what it saw, what it means and what helps
 * (design/screens.md 4.11). */
#include "backend/base/amount.h"
#include "backend/checks/check.h"
#include "backend/velero/download.h"
#include "tui/screens/body.h"
#include "tui/screens/reading.h"
#include "tui/screens/screens.h"
#include "tui/widgets/table.h"

#include <stdio.h>
#include <string.h>

#define PEEK_LINES 6

struct doctor {
	struct table table;
	struct check_results site;
	bool problems_only;
	bool whole; /* Enter: the place below is as high as it can be */
};

enum column { COLUMN_RULE, COLUMN_SEEN, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[COLUMN_RULE] = { .title = "RULE", .min = 21, .no_sort = true },
	[COLUMN_SEEN] = { .title = "WHAT WAS SEEN", .min = 20, .grow = 1, .no_sort = true },
};

static const enum mark marks[] = {
	[VERDICT_PASSED] = MARK_GOOD,	  [VERDICT_UNKNOWN] = MARK_UNKNOWN,
	[VERDICT_WARNING] = MARK_WARNING, [VERDICT_FAILED] = MARK_BAD,
	[VERDICT_NOT_HERE] = MARK_OFF,
};
static const char *const verdicts[] = {
	[VERDICT_PASSED] = "passed",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_WARNING] = "warning",
	[VERDICT_FAILED] = "bad",
	[VERDICT_NOT_HERE] = "not for this site",
};

static const struct check_result *row_at(const void *arg, size_t row)
{
	return &((const struct doctor *)arg)->site.rows[row];
}

static const char *row_uid(const void *arg, size_t row)
{
	return row_at(arg, row)->rule;
}

static enum mark row_mark(const void *arg, size_t row)
{
	return marks[row_at(arg, row)->verdict];
}

static void row_cell(const void *arg, size_t row, size_t column, struct strbuf *out,
		     enum role *role)
{
	const struct check_result *result = row_at(arg, row);

	if (result->verdict == VERDICT_NOT_HERE)
		*role = ROLE_DIM;
	strbuf_adds(out, column == COLUMN_RULE ? result->rule : result->seen);
}

static bool row_keep(const void *arg, size_t row)
{
	const struct doctor *doctor = arg;
	enum verdict verdict = row_at(arg, row)->verdict;

	return !doctor->problems_only || (verdict != VERDICT_PASSED && verdict != VERDICT_NOT_HERE);
}

static int rank(enum verdict verdict)
{
	static const int ranks[] = { [VERDICT_FAILED] = 0,
				     [VERDICT_WARNING] = 1,
				     [VERDICT_UNKNOWN] = 2,
				     [VERDICT_PASSED] = 3,
				     [VERDICT_NOT_HERE] = 4 };

	return ranks[verdict];
}

static int row_compare(const void *arg, size_t a, size_t b, size_t column)
{
	(void)column;
	return rank(row_at(arg, a)->verdict) - rank(row_at(arg, b)->verdict);
}

static struct table_source source_of(const struct doctor *doctor)
{
	return (struct table_source){
		.columns = columns,
		.column_count = COLUMNS,
		.count = doctor->site.count,
		.arg = doctor,
		.uid = row_uid,
		.mark = row_mark,
		.cell = row_cell,
		.keep = row_keep,
		.compare = row_compare,
		.natural_column =
			COLUMNS, /* worst first is never the order of the table of rules */
	};
}

static int peek_of(const struct doctor *doctor, struct view view)
{
	int peek = body_peek(view, PEEK_LINES);

	return doctor->whole && view.h > 8 ? view.h - 5 : peek;
}

static int page_of(const struct doctor *doctor, const struct screen_context *context)
{
	return table_page(context->view.h - 1 - peek_of(doctor, context->view));
}

static void rebuild(struct doctor *doctor, const struct screen_context *context, int64_t now_ms)
{
	struct table_source source = source_of(doctor);

	table_update(&doctor->table, &source, page_of(doctor, context), now_ms);
}

static void gather(struct doctor *doctor, const struct screen_context *context)
{
	check_results_done(&doctor->site);
	memset(&doctor->site, 0, sizeof(doctor->site));
	if (context->model->console || context->model->link.state != LINK_CONNECTING)
		checks_site(context->model, context->now, &doctor->site);
}

static void doctor_open(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct doctor *doctor = state;
	struct table_source source;

	(void)argument;
	(void)effects;
	gather(doctor, context);
	source = source_of(doctor);
	table_init(&doctor->table, &source);
	rebuild(doctor, context, 0);
}

static void doctor_close(void *state)
{
	struct doctor *doctor = state;

	table_done(&doctor->table);
	check_results_done(&doctor->site);
}

static void doctor_update(void *state, const struct screen_context *context,
			  struct effects *effects)
{
	(void)effects;
	gather(state, context);
	rebuild(state, context, context->now_ms);
}

static const struct check_result *chosen(const struct doctor *doctor)
{
	struct table_source source = source_of(doctor);
	size_t row;

	return table_current(&doctor->table, &source, INT64_MAX, &row) ? row_at(doctor, row) : NULL;
}

static void add_report(struct strbuf *out, const struct doctor *doctor,
		       const struct screen_context *context)
{
	size_t i;

	strbuf_addf(out, "kotsnap doctor, site %s, ", context->model->link.site);
	clock_add_rfc3339(out, context->now);
	strbuf_adds(out, "\n");
	for (i = 0; i < doctor->site.count; i++) {
		const struct check_result *row = &doctor->site.rows[i];

		strbuf_addf(out, "\n%s: %s\n  seen   %s\n", row->rule, verdicts[row->verdict],
			    row->seen);
		if (*row->means)
			strbuf_addf(out, "  means  %s\n", row->means);
		if (*row->action)
			strbuf_addf(out, "  do     %s\n", row->action);
	}
}

static void write_report(const struct doctor *doctor, const struct screen_context *context,
			 struct effects *effects)
{
	struct effect *effect = effects_add(effects, EFFECT_WRITE);
	struct strbuf text = STRBUF_INIT;
	size_t len;

	add_report(&text, doctor, context);
	len = text.len;
	effect->document = document_new(strbuf_detach(&text), len);
	snprintf(effect->text, sizeof(effect->text), "kotsnap-doctor.txt");
}

static bool act(struct doctor *doctor, enum action_id action, const struct screen_context *context,
		struct effects *effects)
{
	const struct check_result *row = chosen(doctor);

	switch (action) {
	case ACT_OPEN:
		doctor->whole = !doctor->whole;
		rebuild(doctor, context, 0);
		return true;
	case ACT_BACK:
		if (!doctor->whole)
			return false;
		doctor->whole = false;
		rebuild(doctor, context, 0);
		return true;
	case ACT_SHOW:
		doctor->problems_only = !doctor->problems_only;
		rebuild(doctor, context, 0);
		return true;
	case ACT_CHECK:
		effects_request(effects, REQUEST_PROBE, "", "");
		effects_message(effects, MESSAGE_INFO, "Looking again.");
		return true;
	case ACT_COPY:
		if (row)
			snprintf(effects_add(effects, EFFECT_COPY)->text, 512, "%s",
				 *row->action ? row->action : row->seen);
		return true;
	case ACT_WRITE:
		write_report(doctor, context, effects);
		return true;
	case ACT_COMMANDS:
		effects_open(effects, SCREEN_COMMANDS, "");
		return true;
	default:
		return false;
	}
}

static bool doctor_key(void *state, struct key key, enum action_id action,
		       const struct screen_context *context, struct effects *effects)
{
	struct doctor *doctor = state;
	struct table_source source = source_of(doctor);

	(void)key;
	return act(doctor, action, context, effects) ||
	       table_key(&doctor->table, &source, action, page_of(doctor, context));
}

static void doctor_title(const void *state, const struct screen_context *context,
			 struct strbuf *left, struct strbuf *right)
{
	const struct doctor *doctor = state;
	const struct check_results *site = &doctor->site;
	struct strbuf counts = STRBUF_INIT;

	strbuf_adds(left, doctor->problems_only ? "Problems" : "Doctor");
	if (site->count == 0)
		return;
	strbuf_addf(right, "%zu rules at ", site->count);
	clock_add_hm(right, context->model->made_at ? context->model->made_at : context->now,
		     context->zone);
	if (site->failed)
		strbuf_addf(&counts, ", %zu bad", site->failed);
	if (site->warnings) {
		strbuf_adds(&counts, ", ");
		amount_add_counted(&counts, (int64_t)site->warnings, "warning");
	}
	if (site->unknown)
		strbuf_addf(&counts, ", %zu unknown", site->unknown);
	strbuf_addf(right, ":%s%s%zu passed", counts.len ? counts.buf + 1 : "",
		    counts.len ? ", " : " ", site->passed);
	strbuf_done(&counts);
}

/* view begins at the labels. */
static int draw_part(struct view view, int y, const char *label, const char *text)
{
	struct view part = view_part(view, 9, y, view.w - 10, view.h - y);
	int rows;

	if (!*text || part.h <= 0)
		return 0;
	view_text(view, 0, y, ROLE_DIM, label);
	rows = view_wrap(part, 0, 0, part.h, ROLE_TEXT, text);
	return rows > 0 ? rows : 1;
}

static void draw_result(struct view view, const struct check_result *row)
{
	int y = 0;

	y += draw_part(view, y, "Seen", row->seen);
	y += draw_part(view, y, "Means", row->means);
	draw_part(view, y, "Do", row->action);
}

static void draw_list(const struct doctor *doctor, const struct screen_context *context,
		      struct view view)
{
	struct table_source source = source_of(doctor);

	if (doctor->site.count == 0) {
		reading_draw(view, 0, context, COLLECTION_BACKUPS, "facts");
		return;
	}
	table_draw(&doctor->table, &source, view, true);
	if (doctor->table.count == 0)
		mark_line(view, 1, MARK_NONE,
			  "No problem by the rules that could be checked. f shows all.");
}

static void doctor_draw(const void *state, const struct screen_context *context)
{
	const struct doctor *doctor = state;
	const struct check_result *row = chosen(doctor);
	struct strbuf place = STRBUF_INIT;
	struct body_split split;
	struct view below;
	int peek = row ? peek_of(doctor, context->view) : 0;

	if (body_split(&doctor_screen, state, context, row ? row->rule : "", &split)) {
		draw_list(doctor, context, body_list(split.left, 0));
		if (row)
			draw_result(
				view_part(split.right, 1, 1, split.right.w - 1, split.right.h - 1),
				row);
		body_split_end(context);
		return;
	}
	draw_list(doctor, context, body_list(context->view, peek));
	if (peek > 0) {
		strbuf_addf(&place, "%s, %zu of %zu", verdicts[row->verdict],
			    doctor->table.cursor + 1, doctor->table.count);
		below = body_peek_draw(context->view, peek, row->rule, place.buf);
		draw_result(view_part(below, 4, 0, below.w - 4, below.h), row);
	}
	strbuf_done(&place);
}

const struct screen_ops doctor_screen = {
	.id = SCREEN_DOCTOR,
	.name = "doctor",
	.tab = 6,
	.state_size = sizeof(struct doctor),
	.open = doctor_open,
	.close = doctor_close,
	.update = doctor_update,
	.key = doctor_key,
	.draw = doctor_draw,
	.title = doctor_title,
};
