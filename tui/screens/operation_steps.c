/* The steps of an operation. When there is no room for each, those that are done and those that are
 * far ahead stand together: "1 to 3" (design/screens.md 4.7, step 5). */
#include "tui/screens/operation_draw.h"

#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/screens/estimate.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_X     4
#define TEXT_X	     7
#define FOLDED_X     14
#define TIME_W	     9
#define DETAIL_LINES 3 /* of the step that is worked on */

/* Steps [0, head) and [tail, count) share a line each; 0 and count: none do. */
struct folds {
	size_t head, tail, current;
	int text_x;
};

static enum mark step_mark(enum op_step_state state)
{
	static const enum mark marks[] = {
		[OP_STEP_WAITING] = MARK_OFF, [OP_STEP_RUNNING] = MARK_RUNNING,
		[OP_STEP_DONE] = MARK_GOOD,   [OP_STEP_WARNING] = MARK_WARNING,
		[OP_STEP_FAILED] = MARK_BAD,  [OP_STEP_SKIPPED] = MARK_OFF
	};

	return marks[state];
}

static bool is_spoken_of(const struct op_step_view *step)
{
	return step->state == OP_STEP_RUNNING || step->state == OP_STEP_WARNING ||
	       step->state == OP_STEP_FAILED;
}

static void add_step(struct strbuf *out, const struct op_step_view *step)
{
	strbuf_adds(out, step->title);
	if (*step->detail)
		strbuf_addf(out, ": %s", step->detail);
}

/* Lines the step takes that is worked on: what it waits for is not cut. */
static int lines_of(const struct op_step_view *step, int width)
{
	struct strbuf text = STRBUF_INIT;
	int lines;

	add_step(&text, step);
	lines = is_spoken_of(step) && width > 0 ? (text_width(text.buf) + width - 1) / width : 1;
	/* Words that do not break at the edge may need one more. */
	if (lines > 1)
		lines++;
	strbuf_done(&text);
	return lines > DETAIL_LINES ? DETAIL_LINES : lines;
}

static size_t at_most(size_t value, size_t limit)
{
	return value < limit ? value : limit;
}

static struct folds folds_of(const struct op_view *op, struct view view)
{
	size_t count = op->step_count, step = estimate_step(op), over, behind;
	struct folds folds = { 0, count, step ? step - 1 : 0, TEXT_X };
	int needed = 0;

	for (size_t i = 0; i < count; i++)
		needed += lines_of(&op->steps[i], view.w - TEXT_X - TIME_W - 2);
	if (needed <= view.h || count == 0)
		return folds;
	over = (size_t)(needed - view.h);
	folds.text_x = FOLDED_X;
	folds.head = at_most(over + 1, folds.current);
	if (folds.head < 2)
		folds.head = 0;
	over -= folds.head ? at_most(folds.head - 1, over) : 0;
	behind = count - folds.current - 1;
	if (over > 0 && behind >= 2)
		folds.tail = count - at_most(over + 1, behind);
	return folds;
}

static void draw_time(struct view view, int y, int64_t when, const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;

	if (when > 0) {
		clock_add_hms(&text, when, context->zone);
		view_field_right(view, view.w - TIME_W - 1, y, TIME_W, ROLE_DIM, text.buf);
	}
	strbuf_done(&text);
}

static int draw_step(struct view view, int y, const struct folds *folds, const struct op_view *op,
		     size_t index, const struct screen_context *context)
{
	const struct op_step_view *step = &op->steps[index];
	bool quiet = step->state == OP_STEP_WAITING || step->state == OP_STEP_SKIPPED;
	int width = view.w - folds->text_x - TIME_W - 2, used = 1;
	struct strbuf text = STRBUF_INIT;

	mark_draw(view, 2, y, step_mark(step->state));
	view_textf(view, NUMBER_X, y, ROLE_DIM, "%zu", index + 1);
	add_step(&text, step);
	if (is_spoken_of(step))
		used = view_wrap(view_part(view, folds->text_x, y, width, DETAIL_LINES), 0, 0,
				 DETAIL_LINES, ROLE_TEXT, text.buf);
	else
		view_field(view, folds->text_x, y, width, quiet ? ROLE_DIM : ROLE_TEXT, text.buf);
	draw_time(view, y, step->ended ? step->ended : step->began, context);
	strbuf_done(&text);
	return used > 0 ? used : 1;
}

static void add_worst(struct strbuf *out, const struct op_view *op, size_t from, size_t to,
		      enum mark mark)
{
	while (from + 1 < to && step_mark(op->steps[from].state) != mark)
		from++;
	strbuf_addf(out, "%zu: ", from + 1);
	add_step(out, &op->steps[from]);
}

/* Steps [from, to) on one line, by their titles. */
static void draw_fold(struct view view, int y, const struct op_view *op, size_t from, size_t to,
		      const struct screen_context *context)
{
	enum mark mark = step_mark(op->steps[to - 1].state);
	struct strbuf text = STRBUF_INIT;
	int64_t when = 0;

	for (size_t i = from; i < to; i++) {
		if (step_mark(op->steps[i].state) > mark)
			mark = step_mark(op->steps[i].state);
		if (op->steps[i].ended > when)
			when = op->steps[i].ended;
	}
	mark_draw(view, 2, y, mark);
	view_textf(view, NUMBER_X, y, ROLE_DIM, "%zu to %zu", from + 1, to);
	/* Of those done the last says where it is, but for one that went wrong; of those ahead the
	 * next. */
	if (mark_is_problem(mark))
		add_worst(&text, op, from, to, mark);
	else if (when > 0)
		strbuf_addf(&text, "done, the last: %s", op->steps[to - 1].title);
	else
		for (size_t i = from; i < to; i++)
			strbuf_addf(&text, "%s%s", i > from ? ", " : "", op->steps[i].title);
	view_field(view, FOLDED_X, y, view.w - FOLDED_X - TIME_W - 2,
		   when > 0 ? ROLE_TEXT : ROLE_DIM, text.buf);
	draw_time(view, y, when, context);
	strbuf_done(&text);
}

int operation_draw_steps(struct view view, const struct screen_context *context,
			 const struct op_view *op)
{
	struct folds folds = folds_of(op, view);
	int y = 0;

	if (folds.head > 0 && y < view.h)
		draw_fold(view, y++, op, 0, folds.head, context);
	for (size_t i = folds.head; i < folds.tail && y < view.h; i++)
		y += draw_step(view, y, &folds, op, i, context);
	if (folds.tail < op->step_count && y < view.h)
		draw_fold(view, y++, op, folds.tail, op->step_count, context);
	return y < view.h ? y : view.h;
}
