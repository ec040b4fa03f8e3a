/* Step 1: what should come back. Nothing is chosen at first unless only one thing is possible; what
 * is impossible stays, with its reason. */
#include "tui/screens/restore_steps.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/screens/words.h"

#include <stdio.h>
#include <string.h>

/* Ids of items; applications of the site follow. */
#define EVERYTHING 1
#define CONSOLE	   2
#define FIRST_APP  10
#define APPS_MOST  18 /* what a wizard has items for */

static const char partial_reason[] = "a partial snapshot holds no Admin Console";

/* Lines of the page by its height; y of 0 = that line is left out. */
struct what_places {
	int heading, everything, more, apps_title, apps, app_rows, console, rule, buttons;
	size_t app_top; /* first application shown */
};

static size_t app_count(const struct screen_context *context)
{
	const struct console *console = context->model->console;
	size_t count = console ? console->app_count : 0;

	return count < APPS_MOST ? count : APPS_MOST;
}

static struct what_places places_of(const struct restore_wizard *wizard,
				    const struct screen_context *context)
{
	bool low = context->view.h < 18;
	size_t apps = app_count(context), at = 0;
	struct what_places at_y = { .heading = low ? 2 : 3,
				    .everything = low ? 3 : 5,
				    .more = low ? 0 : 6,
				    .apps_title = low ? 0 : 7,
				    .apps = low ? 4 : 8,
				    .buttons = context->view.h - 3 };
	int room = at_y.buttons - at_y.apps - 2;

	at_y.app_rows = (int)apps < room ? (int)apps : room > 1 ? room : 1;
	if (wizard->forms[RESTORE_WHAT].focus >= FIRST_APP &&
	    wizard->forms[RESTORE_WHAT].focus < FIRST_APP + APPS_MOST)
		at = (size_t)(wizard->forms[RESTORE_WHAT].focus - FIRST_APP);
	at_y.app_top = at >= (size_t)at_y.app_rows ? at - (size_t)at_y.app_rows + 1 : 0;
	at_y.console = at_y.apps + (apps ? at_y.app_rows : 1);
	at_y.rule = at_y.console + (low ? 1 : 2);
	return at_y;
}

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

/* Of everything, and of the Admin Console. */
static const char *console_reason(const struct snapshot *snapshot)
{
	const char *refusal = snapshot_restore_refusal(snapshot);

	if (refusal)
		return refusal;
	return snapshot->kind == SNAPSHOT_FULL ? NULL : partial_reason;
}

static void choose(struct restore_wizard *wizard, int id, const struct screen_context *context)
{
	wizard->chosen = true;
	*wizard->slug = '\0';
	wizard->scope = id == EVERYTHING ? RESTORE_SCOPE_ALL
			: id == CONSOLE	 ? RESTORE_SCOPE_CONSOLE
					 : RESTORE_SCOPE_APP;
	if (id >= FIRST_APP)
		snprintf(wizard->slug, sizeof(wizard->slug), "%s",
			 context->model->console->apps[id - FIRST_APP].slug);
}

static bool is_chosen(const struct restore_wizard *wizard, int id,
		      const struct screen_context *context)
{
	if (!wizard->chosen)
		return false;
	if (id < FIRST_APP)
		return wizard->scope ==
		       (id == EVERYTHING ? RESTORE_SCOPE_ALL : RESTORE_SCOPE_CONSOLE);
	return wizard->scope == RESTORE_SCOPE_APP &&
	       !strcmp(wizard->slug, context->model->console->apps[id - FIRST_APP].slug);
}

void restore_what_begin(struct restore_wizard *wizard, const struct screen_context *context)
{
	const struct snapshot *snapshot = model_snapshot_by_name(context->model, wizard->backup);
	int first = 0, possible = 0;

	if (!snapshot)
		return;
	if (!console_reason(snapshot))
		possible = 2; /* everything, and the console alone */
	for (size_t i = 0; i < app_count(context); i++) {
		if (app_reason(snapshot, &context->model->console->apps[i]))
			continue;
		possible++;
		first = first ? first : FIRST_APP + (int)i;
	}
	/* The choice that changes least has the first focus. */
	wizard->forms[RESTORE_WHAT].focus = first;
	if (possible == 1)
		choose(wizard, first, context);
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
		     struct restore_layout *layout, const struct what_places *places)
{
	for (size_t i = 0; i < app_count(context); i++) {
		const struct app *app = &context->model->console->apps[i];
		const char *reason = app_reason(layout->snapshot, app);
		struct strbuf words = STRBUF_INIT;
		bool seen = i >= places->app_top && i < places->app_top + (size_t)places->app_rows;
		int id = FIRST_APP + (int)i;

		if (reason)
			strbuf_adds(&words, *app->title ? app->title : app->slug);
		else
			add_app_words(&words, layout->snapshot, app);
		restore_add_item(layout,
				 &(struct form_item){
					 FORM_RADIO, id, 4,
					 seen ? places->apps + (int)(i - places->app_top) : -1, 0,
					 .label = arena_text(&layout->texts, words.buf),
					 .reason = reason, .on = is_chosen(wizard, id, context) });
		strbuf_done(&words);
	}
}

static void add_kind(const struct restore_wizard *wizard, const struct screen_context *context,
		     struct restore_layout *layout, const struct form_item *item)
{
	struct form_item row = *item;

	row.reason = console_reason(layout->snapshot);
	row.on = is_chosen(wizard, item->id, context);
	/* What a choice means stands beside it; beside one that is none, why. */
	if (row.reason)
		row.label = item->id == EVERYTHING ? "Everything" : "Admin Console only";
	restore_add_item(layout, &row);
}

static void lay_out(const struct restore_wizard *wizard, const struct screen_context *context,
		    struct restore_layout *layout)
{
	struct what_places places = places_of(wizard, context);

	strbuf_adds(&layout->label, "Continue to the checks");
	if (!layout->snapshot) {
		strbuf_addf(&layout->reason, "%s is gone", wizard->backup);
	} else {
		add_kind(wizard, context, layout,
			 &(struct form_item){ FORM_RADIO, EVERYTHING, 4, places.everything, 0,
					      .label = "Everything           Admin Console and all "
						       "applications, for a new or" });
		add_apps(wizard, context, layout, &places);
		add_kind(wizard, context, layout,
			 &(struct form_item){
				 FORM_RADIO, CONSOLE, 4, places.console, 0,
				 .label = "Admin Console only   The applications keep running, "
					  "untouched." });
	}
	if (!context->writable)
		strbuf_adds(&layout->reason, context->not_writable);
	else if (!layout->reason.len && !wizard->chosen)
		strbuf_adds(&layout->reason, "choose what should come back");
	restore_add_buttons(layout, places.buttons, false);
}

static size_t apps_in(const struct snapshot *snapshot, const struct console *console)
{
	struct strbuf slugs = STRBUF_INIT;
	size_t count = 0;
	char slug[128];

	snapshot_add_apps(&slugs, snapshot, console);
	for (const char *at = slugs.buf; (at = words_next_slug(at, slug, sizeof(slug)));)
		count++;
	strbuf_done(&slugs);
	return count;
}

/* spec/kots-snapshots.md 8.6, 8.8: asked to do it the console keeps no record, and a restart of it
 * in the middle leaves the application removed. */
static const char *who_does_it(const struct console *console)
{
	return console && console->kotsadm_running
		       ? "kotsnap does it itself: what the console does, nobody could take over."
		       : "kotsnap does it: the Admin Console does not answer.";
}

static void add_means(struct strbuf *out, const struct restore_wizard *wizard,
		      const struct screen_context *context, const struct snapshot *snapshot)
{
	size_t apps = apps_in(snapshot, context->model->console);

	switch (wizard->scope) {
	case RESTORE_SCOPE_ALL:
		strbuf_adds(out, "The Admin Console");
		if (apps > 0) {
			strbuf_adds(out, " and ");
			amount_add_counted(out, (int64_t)apps, "application");
		}
		strbuf_adds(out, " are removed with their volumes, one after the other, and put "
				 "back as they were on ");
		break;
	case RESTORE_SCOPE_CONSOLE:
		strbuf_adds(out, "The Admin Console is removed with its database, then put back "
				 "as it was on ");
		break;
	case RESTORE_SCOPE_APP:
		strbuf_addf(out,
			    "%s is stopped and removed with its volumes, then put back as it was "
			    "on ",
			    restore_chosen_title(wizard, context));
		break;
	}
	clock_add_short(out, words_began(snapshot), context->now, context->zone);
	strbuf_adds(out, wizard->scope == RESTORE_SCOPE_CONSOLE ? ". What was changed in it in the "
								: ". What users did in the ");
	clock_add_span(out, context->now - words_began(snapshot));
	strbuf_adds(out, " since then is lost. ");
	if (wizard->scope == RESTORE_SCOPE_APP) {
		strbuf_adds(out, "Admin Console and other applications stay as they are. ");
		strbuf_adds(out, who_does_it(context->model->console));
	} else {
		strbuf_adds(out, "The Admin Console does not answer meanwhile: that is expected.");
	}
}

static void draw_chosen(struct view view, int y, int end, const struct restore_wizard *wizard,
			const struct screen_context *context, const struct snapshot *snapshot)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s%s", restore_chosen_title(wizard, context),
		    wizard->scope == RESTORE_SCOPE_ALL ? "" : " only");
	view_rule(view, y, ROLE_HEADING, text.buf, "");
	strbuf_reset(&text);
	add_means(&text, wizard, context, snapshot);
	view_wrap(view_part(view, 4, y + 1, view.w - 5, end - y - 1), 0, 0, end - y - 1, ROLE_TEXT,
		  text.buf);
	strbuf_done(&text);
}

static void draw(const struct restore_wizard *wizard, const struct screen_context *context,
		 const struct restore_layout *layout)
{
	struct what_places places = places_of(wizard, context);
	struct view view = context->view;

	view_text(view, 4, places.heading, ROLE_HEADING, "What should come back?");
	if (places.more && layout->snapshot && !console_reason(layout->snapshot))
		view_text(view, 29, places.more, ROLE_TEXT,
			  "broken cluster. The console is away meanwhile.");
	if (places.apps_title)
		view_text(view, 4, places.apps_title, ROLE_DIM, "One application:");
	if (!context->model->console)
		view_text(view, 4, places.apps, ROLE_DIM,
			  "the applications of this site are not read yet");
	if (layout->snapshot && wizard->chosen && places.rule + 1 < places.buttons)
		draw_chosen(view, places.rule, places.buttons, wizard, context, layout->snapshot);
}

static void act(const struct restore_call *call, const struct form_result *result, struct key key)
{
	struct restore_wizard *wizard = call->wizard;

	if (result->event == FORM_CHOSEN) {
		/* Enter on what is chosen already means: go on. */
		if (key.code == KEYCODE_ENTER && !call->layout->reason.len &&
		    is_chosen(wizard, result->id, call->context))
			wizard->forms[RESTORE_WHAT].focus = RESTORE_NEXT;
		else
			choose(wizard, result->id, call->context);
	}
	if (result->event == FORM_PRESSED && result->id == RESTORE_NEXT) {
		restore_go(wizard, RESTORE_CHECKS);
		restore_ask_plan(call);
	}
}

const struct restore_page_ops restore_what_page = { "what", lay_out, draw, act, NULL };
