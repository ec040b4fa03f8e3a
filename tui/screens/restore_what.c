/* Step 1: what should come back. Nothing is chosen at first; what is impossible stays, with its
 * reason. */
#include "tui/screens/restore_steps.h"

#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/screens/words.h"

#include <stdio.h>
#include <string.h>

/* Kinds that kotsnap does not run; the command that does is one key away. */
static const char everything_reason[] = "not done by kotsnap: v has the command";
static const char partial_reason[] = "not from a partial snapshot, it holds no Admin Console";

/* Applications of the site that may be in the snapshot; ids of items are 10 + index. */
#define FIRST_APP  10
#define EVERYTHING 1
#define CONSOLE	   2

static int64_t sequence_in(const struct snapshot *snapshot, const struct app *app)
{
	return snapshot_app_sequence(snapshot, app->slug, app->id);
}

static const char *app_reason(const struct snapshot *snapshot, const struct app *app)
{
	const char *refusal = snapshot_restore_refusal(snapshot);

	if (refusal)
		return refusal;
	return sequence_in(snapshot, app) < 0 ? "is not in this snapshot: it is left alone" : NULL;
}

static void add_app_words(struct strbuf *out, const struct snapshot *snapshot,
			  const struct app *app)
{
	size_t before;

	strbuf_addf(out, "%-20s ", *app->title ? app->title : app->slug);
	before = out->len;
	snapshot_add_app_version(out, snapshot, app->slug);
	strbuf_addf(out, "%ssequence %lld", out->len > before ? ", " : "",
		    (long long)sequence_in(snapshot, app));
	if (app->sequence >= 0)
		strbuf_addf(out, "   now %s, sequence %lld", app->version,
			    (long long)app->sequence);
}

static void add_apps(const struct restore_wizard *wizard, const struct screen_context *context,
		     struct restore_layout *layout)
{
	const struct console *console = context->model->console;

	for (size_t i = 0; console && i < console->app_count && i < 12; i++) {
		const struct app *app = &console->apps[i];
		const char *reason = app_reason(layout->snapshot, app);
		struct strbuf words = STRBUF_INIT;

		if (reason)
			strbuf_adds(&words, *app->title ? app->title : app->slug);
		else
			add_app_words(&words, layout->snapshot, app);
		restore_add_item(layout, &(struct form_item){
						 FORM_RADIO, FIRST_APP + (int)i, 4, 7 + (int)i, 0,
						 .label = arena_text(&layout->texts, words.buf),
						 .reason = reason,
						 .on = !strcmp(wizard->slug, app->slug) });
		strbuf_done(&words);
	}
}

static void lay_out(const struct restore_wizard *wizard, const struct screen_context *context,
		    struct restore_layout *layout)
{
	const struct console *console = context->model->console;
	const char *other;

	strbuf_adds(&layout->label, "Continue to the checks");
	if (!layout->snapshot) {
		strbuf_addf(&layout->reason, "%s is gone", wizard->backup);
	} else {
		other = layout->snapshot->kind == SNAPSHOT_FULL ? everything_reason
								: partial_reason;
		restore_add_item(layout,
				 &(struct form_item){ FORM_RADIO, EVERYTHING, 4, 5, 0,
						      .label = "Everything", .reason = other });
		add_apps(wizard, context, layout);
		restore_add_item(layout, &(struct form_item){
						 FORM_RADIO, CONSOLE, 4,
						 7 + (int)(console ? console->app_count : 0), 0,
						 .label = "Admin Console only", .reason = other });
	}
	if (!context->writable)
		strbuf_adds(&layout->reason, context->not_writable);
	else if (!layout->reason.len && !*wizard->slug)
		strbuf_adds(&layout->reason, "choose what should come back");
	restore_add_buttons(layout, context->view.h - 3, false);
}

static void draw_chosen(struct view view, int y, const struct restore_wizard *wizard,
			const struct screen_context *context, const struct snapshot *snapshot)
{
	struct strbuf text = STRBUF_INIT;
	const char *name = restore_app_title(wizard, context);

	strbuf_addf(&text, "%s only", name);
	view_rule(view, y, ROLE_HEADING, text.buf, "");
	strbuf_reset(&text);
	strbuf_addf(&text,
		    "%s is stopped and removed with its volumes, then put back as it was on ",
		    name);
	clock_add_short(&text, words_began(snapshot), context->now, context->zone);
	strbuf_adds(&text, ". What its users did in the ");
	clock_add_span(&text, context->now - words_began(snapshot));
	strbuf_adds(&text, " since then is lost. The Admin Console and other applications stay as "
			   "they are.");
	view_wrap(view_part(view, 4, y + 1, view.w - 5, 5), 0, 0, 5, ROLE_TEXT, text.buf);
	strbuf_done(&text);
}

static void draw(const struct restore_wizard *wizard, const struct screen_context *context,
		 const struct restore_layout *layout)
{
	const struct console *console = context->model->console;
	int y = 9 + (int)(console ? console->app_count : 0);

	view_text(context->view, 4, 3, ROLE_HEADING, "What should come back?");
	view_text(context->view, 4, 6, ROLE_DIM, "One application:");
	if (!console)
		view_text(context->view, 4, 7, ROLE_DIM,
			  "the applications of this site are not read yet");
	if (layout->snapshot && *wizard->slug)
		draw_chosen(context->view, y, wizard, context, layout->snapshot);
}

static void act(const struct restore_call *call, const struct form_result *result, struct key key)
{
	const struct console *console = call->context->model->console;
	size_t index = (size_t)(result->id - FIRST_APP);

	(void)key;
	if (result->event == FORM_CHOSEN && result->id >= FIRST_APP && console &&
	    index < console->app_count)
		snprintf(call->wizard->slug, sizeof(call->wizard->slug), "%s",
			 console->apps[index].slug);
	if (result->event == FORM_PRESSED && result->id == RESTORE_NEXT) {
		restore_go(call->wizard, RESTORE_CHECKS);
		restore_ask_plan(call);
	}
}

const struct restore_page_ops restore_what_page = { "what", lay_out, draw, act, NULL };
