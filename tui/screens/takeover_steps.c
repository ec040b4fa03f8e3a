/* What the record of an unfinished restore says, beside what the cluster says now. What differs is
 * looked up again, step by step, by whoever takes over (design/screens.md 4.8). */
#include "tui/screens/operation_draw.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/screens/estimate.h"

#include <string.h>

#define TITLE_X 7
#define TIME_X	35
#define NOW_X	42

static const struct restore *restore_of(const struct model *model, const struct op_step_view *step)
{
	return step->restore && *step->restore
		       ? (const struct restore *)list_by_name(model->lists[COLLECTION_RESTORES],
							      step->restore)
		       : NULL;
}

static void add_velero(struct strbuf *out, const struct model *model)
{
	const struct console *console = model->console;

	if (!console)
		strbuf_adds(out, "not looked up yet");
	else if (console->velero_running)
		strbuf_adds(out, "ready");
	else if (console->velero_unread)
		strbuf_addf(out, "not known: %s", console->velero_problem);
	else
		strbuf_addf(out, "not ready%s%s", *console->velero_problem ? ": " : "",
			    console->velero_problem);
}

static void add_others(struct strbuf *out, const struct model *model, const struct op_view *op)
{
	const struct list *list = model->lists[COLLECTION_RESTORES];

	for (size_t i = 0; i < list->count; i++) {
		const struct restore *restore = (const struct restore *)list->items[i];

		/* Those of the parts begin with the snapshot's name. */
		if (phase_is_final(PHASE_RESTORE, restore->phase) ||
		    !strcmp(restore->backup, op->backup))
			continue;
		strbuf_addf(out, "%s runs", restore->object.name);
		return;
	}
	strbuf_adds(out, "no other restore runs");
}

static void add_made(struct strbuf *out, const struct model *model, const struct op_step_view *step)
{
	const struct restore *restore = restore_of(model, step);

	if (restore)
		strbuf_addf(out, "it is there: %s", phase_find(PHASE_RESTORE, restore->phase).word);
	else
		strbuf_adds(out, "it is not there");
}

static void add_restored(struct strbuf *out, const struct model *model,
			 const struct op_step_view *step)
{
	const struct restore *restore = restore_of(model, step);
	struct rates none = { 0 };
	struct volume_rows volumes;

	if (!restore) {
		strbuf_addc(out, '-');
		return;
	}
	volume_rows_collect(&volumes, model, COLLECTION_POD_VOLUME_RESTORES, step->restore, &none,
			    0);
	amount_add_count(out, restore->items_done);
	strbuf_adds(out, " of ");
	amount_add_counted(out, restore->items_total, "object");
	strbuf_addf(out, ", %zu of ", volumes.done);
	amount_add_counted(out, (int64_t)volumes.count, "volume");
	volume_rows_done(&volumes);
}

/* The application a Restore object is of: what stands behind the name of the snapshot. */
static const char *slug_of(const struct op_view *op, const struct op_step_view *step)
{
	size_t len = strlen(op->backup);

	if (*op->app_slug || !step->restore)
		return op->app_slug;
	return text_starts(step->restore, op->backup) && step->restore[len] == '.'
		       ? step->restore + len + 1
		       : "";
}

static void add_marked(struct strbuf *out, const struct model *model, const struct op_view *op,
		       const struct op_step_view *step)
{
	const char *slug = slug_of(op, step);
	const struct snapshot *snapshot = model_snapshot_by_name(model, op->backup);
	const struct app *app = model->console ? console_app(model->console, slug) : NULL;
	int64_t wanted = snapshot ? snapshot_app_sequence(snapshot, slug, app ? app->id : "") : -1;

	if (!app || app->sequence < 0)
		strbuf_adds(out, "the Admin Console does not say");
	else if (app->sequence == wanted)
		strbuf_addf(out, "sequence %lld is marked", (long long)wanted);
	else
		strbuf_addf(out, "not yet: sequence %lld is", (long long)app->sequence);
}

static void add_console(struct strbuf *out, const struct model *model, bool database)
{
	const struct console *console = model->console;
	bool answers = console && (database ? console->database_read : console->kotsadm_running);

	strbuf_adds(out, !console ? "not looked up yet" : answers ? "it answers" : "no answer");
}

static void add_now(struct strbuf *out, const struct model *model, const struct op_view *op,
		    const struct op_step_view *step)
{
	switch (step->what) {
	case STEP_RECORDED:
		strbuf_adds(out, "it is there");
		break;
	case STEP_READY:
		add_velero(out, model);
		break;
	case STEP_OLD_GONE:
		add_others(out, model, op);
		break;
	case STEP_CREATED:
		add_made(out, model, step);
		break;
	case STEP_RESTORED:
		add_restored(out, model, step);
		break;
	case STEP_MARKED:
		add_marked(out, model, op, step);
		break;
	case STEP_CONSOLE_UP:
	case STEP_DATABASE:
		add_console(out, model, step->what == STEP_DATABASE);
		break;
	case STEP_REMOVED:
	case STEP_CHECKED:
	case RESTORE_STEPS:
		strbuf_adds(out, "looked up when taken over");
		break;
	}
}

static void draw_row(struct view view, int y, const struct screen_context *context,
		     const struct op_view *op, size_t index)
{
	static const enum mark marks[] = {
		[OP_STEP_WAITING] = MARK_OFF, [OP_STEP_RUNNING] = MARK_WARNING,
		[OP_STEP_DONE] = MARK_GOOD,   [OP_STEP_WARNING] = MARK_WARNING,
		[OP_STEP_FAILED] = MARK_BAD,  [OP_STEP_SKIPPED] = MARK_OFF
	};
	const struct op_step_view *step = &op->steps[index];
	bool waits = step->state == OP_STEP_WAITING;
	struct strbuf text = STRBUF_INIT;

	mark_draw(view, 2, y, marks[step->state]);
	view_textf(view, 4, y, ROLE_DIM, "%zu", index + 1);
	if (step->ended > 0 || step->began > 0)
		clock_add_hm(&text, step->ended ? step->ended : step->began, context->zone);
	view_field(view, TITLE_X, y, (text.len ? TIME_X : NOW_X) - TITLE_X - 1,
		   waits ? ROLE_DIM : ROLE_TEXT, step->title);
	view_field_right(view, TIME_X, y, 5, ROLE_DIM, text.buf);
	strbuf_reset(&text);
	add_now(&text, context->model, op, step);
	view_field(view, NOW_X, y, view.w - NOW_X - 1, ROLE_TEXT, text.buf);
	strbuf_done(&text);
}

int operation_draw_compared(struct view view, const struct screen_context *context,
			    const struct op_view *op)
{
	size_t step = estimate_step(op), count = op->step_count, first = 0;
	size_t room = view.h > 1 ? (size_t)view.h - 1 : 0;
	struct strbuf text = STRBUF_INIT;
	int y = 1;

	if (count > room && room > 1) {
		first = step > 2 ? step - 2 : 0;
		if (count - first < room - 1)
			first = count - (room - 1);
	}
	view_text(view, 4, 0, ROLE_DIM, "WRITTEN IN THE RECORD");
	strbuf_adds(&text, "TRUE NOW, LOOKED UP AT ");
	clock_add_hms(&text, context->model->made_at ? context->model->made_at : context->now,
		      context->zone);
	view_field(view, NOW_X, 0, view.w - NOW_X - 1, ROLE_DIM, text.buf);
	if (first > 0) {
		strbuf_reset(&text);
		strbuf_addf(&text, "1 to %zu: done, the last: %s", first,
			    op->steps[first - 1].title);
		mark_line(view, y++, MARK_GOOD, text.buf);
	}
	for (size_t i = first; i < count && y < view.h; i++)
		draw_row(view, y++, context, op, i);
	strbuf_done(&text);
	return y;
}
