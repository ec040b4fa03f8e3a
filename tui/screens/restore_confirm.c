/* Step 4: everything once more, the same by hand, and the words that begin it. */
#include "backend/base/amount.h"
#include "tui/screens/restore_steps.h"

#include "backend/base/clock.h"
#include "tui/screens/words.h"
#include "tui/widgets/mark.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *wanted(const struct restore_wizard *wizard)
{
	return wizard->plan ? wizard->plan->confirm : "";
}

/* What the words to type are. */
static const char *words_name(const struct restore_plan *plan)
{
	if (*plan->app_slug)
		return "slug of the application";
	return plan->part_count > 1 || !plan->parts[0].is_console ? "name of this site" : "name";
}

static const char *button_name(const struct restore_wizard *wizard,
			       const struct screen_context *context)
{
	if (wizard->scope == RESTORE_SCOPE_APP)
		return restore_chosen_title(wizard, context);
	return wizard->scope == RESTORE_SCOPE_ALL ? "everything" : "the Admin Console";
}

static void add_what(struct strbuf *out, const struct restore_plan *plan)
{
	if (*plan->app_slug) {
		strbuf_addf(out, "%s (%s), nothing else", plan->app_title, plan->app_slug);
		return;
	}
	for (size_t i = 0; i < plan->part_count; i++)
		strbuf_addf(out, "%s%s", i ? ", " : "", plan->parts[i].title);
	if (plan->part_count == 1)
		strbuf_adds(out, ", nothing else");
}

static void lay_out(const struct restore_wizard *wizard, const struct screen_context *context,
		    struct restore_layout *layout)
{
	int y = context->view.h - 5;

	strbuf_addf(&layout->label, "Restore %s", button_name(wizard, context));
	confirm_add_note(&layout->note, &wizard->confirm, wanted(wizard));
	if (!context->writable)
		strbuf_adds(&layout->reason, context->not_writable);
	else if (!wizard->plan)
		strbuf_adds(&layout->reason, "the plan is gone: Esc, then c makes a new one");
	else if (!confirm_matches(&wizard->confirm, wanted(wizard)))
		strbuf_addf(&layout->reason, "type the %s first", words_name(wizard->plan));
	restore_add_item(layout, &(struct form_item){ FORM_FIELD, RESTORE_FIELD, 10, y, 30,
						      .input = &wizard->confirm.input,
						      .note = layout->note.buf,
						      .bad = wizard->confirm.tries > 0 &&
							     layout->note.buf[0] != 'm' });
	restore_add_buttons(layout, y + 2, true);
}

static void draw_line(struct view view, int y, const char *name, const char *value)
{
	view_text(view, 4, y, ROLE_DIM, name);
	view_field(view, 17, y, view.w - 18, ROLE_TEXT, value);
}

static void add_amount(struct strbuf *out, size_t objects, size_t volumes, int64_t bytes)
{
	amount_add_counted(out, (int64_t)objects, "object");
	strbuf_adds(out, ", ");
	amount_add_counted(out, (int64_t)volumes, "volume");
	if (bytes > 0) {
		strbuf_adds(out, " with ");
		amount_add_bytes(out, bytes);
	}
}

static void draw_facts(struct view view, const struct restore_wizard *wizard,
		       const struct screen_context *context, const struct snapshot *snapshot)
{
	const struct restore_plan *plan = wizard->plan;
	const struct link *link = &context->model->link;
	struct strbuf text = STRBUF_INIT;

	add_what(&text, plan);
	draw_line(view, 3, "Restore", text.buf);
	strbuf_reset(&text);
	strbuf_addf(&text, "%s, %s", link->site ? link->site : "",
		    link->server ? link->server : "");
	draw_line(view, 4, "On", text.buf);
	strbuf_reset(&text);
	strbuf_addf(&text, "%s, ", wizard->backup);
	if (snapshot)
		strbuf_addf(&text, "%s, ", words_kind(snapshot->kind));
	clock_add_short(&text, plan->taken, context->now, context->zone);
	strbuf_adds(&text, ", ");
	words_add_ago(&text, context->now - plan->taken);
	draw_line(view, 5, "From", text.buf);
	strbuf_reset(&text);
	add_amount(&text, plan->total.removed, plan->total.removed_volumes,
		   plan->total.removed_bytes);
	if (plan->total.lost > 0)
		strbuf_addf(&text, "; %zu of them lost for good", plan->total.lost);
	draw_line(view, 6, "Removed", text.buf);
	strbuf_reset(&text);
	strbuf_adds(&text, "as of ");
	clock_add_short(&text, plan->taken, context->now, context->zone);
	strbuf_adds(&text, ": ");
	amount_add_counted(&text, (int64_t)plan->total.restored_volumes, "volume");
	strbuf_adds(&text, " with ");
	amount_add_bytes(&text, plan->total.restored_bytes);
	draw_line(view, 7, "Comes back", text.buf);
	strbuf_done(&text);
}

static void draw_commands(struct view view, const struct restore_plan *plan)
{
	struct strbuf text = STRBUF_INIT;
	const char *line;
	int y = 1;

	view_rule(view, 0, ROLE_HEADING, "The same by hand", "Tab, then v has all of it");
	restore_plan_add_commands(&text, plan);
	for (line = text.buf; *line && y < view.h; y++) {
		size_t len = strcspn(line, "\n");
		char *one = mem_text_n(line, len);

		view_field(view, 4, y, view.w - 5, ROLE_TEXT, one);
		free(one);
		line += len + (line[len] == '\n');
	}
	strbuf_done(&text);
}

static void draw(const struct restore_wizard *wizard, const struct screen_context *context,
		 const struct restore_layout *layout)
{
	struct view view = context->view;
	struct strbuf text = STRBUF_INIT;
	int y = view.h - 6;

	if (!wizard->plan)
		return;
	draw_facts(view, wizard, context, layout->snapshot);
	if (layout->checks.warnings > 0) {
		strbuf_addf(&text, "%zu of the checks warned: Esc twice shows them",
			    layout->checks.warnings);
		mark_line(view, 8, MARK_WARNING, text.buf);
	}
	draw_commands(view_part(view, 0, 9, view.w, y - 10), wizard->plan);
	strbuf_reset(&text);
	strbuf_addf(&text, "Type the %s: %s", words_name(wizard->plan), wanted(wizard));
	view_rule(view, y, ROLE_HEADING, text.buf, "");
	view_text(view, 4, y + 1, ROLE_TEXT, *wizard->plan->app_slug ? "Slug" : "Name");
	strbuf_done(&text);
}

static void begin(const struct restore_call *call)
{
	struct restore_wizard *wizard = call->wizard;
	struct request *request;
	struct effect *effect;

	effects_request(call->effects, REQUEST_RESTORE, wizard->backup, wizard->slug);
	request = &call->effects->rows[call->effects->count - 1].request;
	request->ticket = wizard->ticket;
	/* They match: so they are as long as the words of the plan. */
	snprintf(request->text, sizeof(request->text), "%s", wizard->plan->confirm);
	effects_add(call->effects, EFFECT_BACK);
	effect = effects_add(call->effects, EFFECT_OPEN);
	effect->screen = SCREEN_OPERATION;
	snprintf(effect->text, sizeof(effect->text), "restoring %s %s", wizard->backup,
		 *wizard->slug ? wizard->slug : "-");
}

static void act(const struct restore_call *call, const struct form_result *result, struct key key)
{
	if (result->event == FORM_TYPED)
		input_key(&call->wizard->confirm.input, key);
	else if (result->event == FORM_OFF)
		confirm_try(&call->wizard->confirm, wanted(call->wizard));
	else if (result->event == FORM_PRESSED && result->id == RESTORE_NEXT)
		begin(call);
}

const struct restore_page_ops restore_confirm_page = { "confirm", lay_out, draw, act, NULL };
