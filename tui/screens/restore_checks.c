/* Step 2: what speaks against it. A failed check turns the button off; a risk renames it. */
#include "tui/screens/restore_steps.h"

#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/widgets/mark.h"

#define LIST_Y 5

static enum mark verdict_mark(enum verdict verdict)
{
	static const enum mark marks[] = { [VERDICT_PASSED] = MARK_GOOD,
					   [VERDICT_UNKNOWN] = MARK_UNKNOWN,
					   [VERDICT_WARNING] = MARK_WARNING,
					   [VERDICT_FAILED] = MARK_BAD,
					   [VERDICT_NOT_HERE] = MARK_OFF };

	return marks[verdict];
}

static const struct check_result *first_failed(const struct check_results *checks)
{
	for (size_t i = 0; i < checks->count; i++)
		if (checks->rows[i].verdict == VERDICT_FAILED)
			return &checks->rows[i];
	return NULL;
}

static void add_reason(const struct restore_wizard *wizard, const struct screen_context *context,
		       struct restore_layout *layout)
{
	const struct check_result *failed = first_failed(&layout->checks);

	if (!layout->snapshot)
		strbuf_addf(&layout->reason, "%s is gone", wizard->backup);
	else if (wizard->err.code)
		strbuf_addf(&layout->reason, "not possible: %s", wizard->err.text);
	else if (failed)
		strbuf_addf(&layout->reason, "not possible: %s", failed->seen);
	else if (!context->writable)
		strbuf_adds(&layout->reason, context->not_writable);
	else if (!wizard->plan)
		strbuf_adds(&layout->reason, "not before snapshot and cluster are compared");
}

static void lay_out(const struct restore_wizard *wizard, const struct screen_context *context,
		    struct restore_layout *layout)
{
	if (layout->checks.warnings > 0)
		strbuf_addf(&layout->label, "Continue with %zu risk%s", layout->checks.warnings,
			    layout->checks.warnings == 1 ? "" : "s");
	else
		strbuf_adds(&layout->label, "Continue");
	add_reason(wizard, context, layout);
	restore_add_item(layout,
			 &(struct form_item){ .kind = FORM_LIST, .id = RESTORE_LIST, .y = LIST_Y });
	restore_add_buttons(layout, context->view.h - 3, false);
}

static void draw_verdict(struct view view, const struct restore_wizard *wizard,
			 const struct screen_context *context, const struct check_results *checks)
{
	struct strbuf text = STRBUF_INIT;
	enum mark mark = checks->failed > 0	? MARK_BAD
			 : checks->warnings > 0 ? MARK_WARNING
			 : wizard->plan		? MARK_GOOD
						: MARK_NOT_READ;

	strbuf_adds(&text, checks->failed > 0	  ? "It cannot be restored"
			   : checks->warnings > 0 ? "It can be restored, at a risk"
						  : "Nothing found that speaks against it");
	strbuf_addf(&text, ": %zu passed, %zu failed, %zu not possible.", checks->passed,
		    checks->failed, checks->unknown);
	mark_line(view, 2, mark, text.buf);
	strbuf_reset(&text);
	if (wizard->err.code) {
		mark_line(view, 3, MARK_BAD, wizard->err.text);
	} else if (!wizard->plan) {
		strbuf_addf(&text, "%s, ", wizard->words);
		clock_add_span(&text, (context->now_ms - wizard->asked_ms) / 1000);
		mark_line(view, 3, MARK_NOT_READ, text.buf);
	} else {
		strbuf_adds(&text, "Checked at ");
		clock_add_hms(&text, context->now, context->zone);
		strbuf_adds(&text, ". Passed means what the line says, no more.");
		view_field(view, 4, 3, view.w - 5, ROLE_TEXT, text.buf);
	}
	strbuf_done(&text);
}

static void draw_means(struct view view, const struct check_result *row)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s%s%s", row->means, *row->means && *row->action ? " " : "",
		    row->action);
	if (text.len)
		view_wrap(view_part(view, 4, 0, view.w - 5, view.h), 0, 0, view.h, ROLE_DIM,
			  text.buf);
	strbuf_done(&text);
}

static void draw(const struct restore_wizard *wizard, const struct screen_context *context,
		 const struct restore_layout *layout)
{
	struct view view = context->view;
	const struct check_results *checks = &layout->checks;
	int room = view.h - LIST_Y - 6, y;
	size_t top = wizard->check >= (size_t)room ? wizard->check - (size_t)room + 1 : 0;
	bool focused = wizard->forms[RESTORE_CHECKS].focus == RESTORE_LIST;

	draw_verdict(view, wizard, context, checks);
	for (y = 0; y < room && top + (size_t)y < checks->count; y++) {
		const struct check_result *row = &checks->rows[top + (size_t)y];

		mark_fact_draw(view, LIST_Y + y,
			       &(struct mark_fact){ verdict_mark(row->verdict), row->title,
						    row->seen, "", 25, 0 });
		if (focused && top + (size_t)y == wizard->check)
			view_glyph(view, 0, LIST_Y + y, ROLE_KEY, GLYPH_CURSOR);
	}
	if (wizard->check < checks->count)
		draw_means(view_part(view, 0, view.h - 6, view.w, 3), &checks->rows[wizard->check]);
}

static void move(struct restore_wizard *wizard, const struct restore_layout *layout, int step)
{
	if (step < 0)
		wizard->check -= wizard->check > 0;
	else
		wizard->check += wizard->check + 1 < layout->checks.count;
}

static void act(const struct restore_call *call, const struct form_result *result, struct key key)
{
	(void)key;
	if (result->event == FORM_PRESSED && result->id == RESTORE_NEXT)
		restore_go(call->wizard, RESTORE_LOSSES);
}

const struct restore_page_ops restore_checks_page = { "checks", lay_out, draw, act, move };
