/* Take a snapshot: which kind, what it will hold, whether anything speaks against it. Nothing is
 * destroyed: the button is the confirmation (design/screens.md 4.3). */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/checks/check.h"
#include "tui/draw/text.h"
#include "tui/screens/estimate.h"
#include "tui/screens/screens.h"
#include "tui/screens/words.h"
#include "tui/widgets/form.h"

#include <stdio.h>
#include <string.h>

enum { ITEM_FULL = 1, ITEM_PARTIAL, ITEM_APP, ITEM_TAKE, ITEM_CANCEL, ITEMS_MOST = 5 };

struct take {
	struct form form;
	bool partial;
	char app[128]; /* slug offered for a partial one */
};

/* What the form shows: texts live here during one call. */
struct take_layout {
	struct check_results checks;
	struct form_item items[ITEMS_MOST];
	size_t count;
	char label[160], reason[300];
	int button_y;
};

static size_t app_count(const struct model *model)
{
	return model->console ? model->console->app_count : 0;
}

static const struct app *chosen_app(const struct take *take, const struct model *model)
{
	const struct app *app = model->console ? console_app(model->console, take->app) : NULL;

	if (!app && app_count(model) > 0)
		app = &model->console->apps[0];
	return app;
}

static const char *chosen_slug(const struct take *take, const struct model *model)
{
	const struct app *app = take->partial ? chosen_app(take, model) : NULL;

	return app ? app->slug : "";
}

static void name_button(struct take_layout *layout, const struct take *take,
			const struct screen_context *context)
{
	const struct app *app = chosen_app(take, context->model);
	const struct check_results *checks = &layout->checks;

	if (!context->writable) {
		snprintf(layout->reason, sizeof(layout->reason), "%s", context->not_writable);
	} else if (checks->failed > 0) {
		const struct check_result *row = checks->rows;

		while (row->verdict != VERDICT_FAILED)
			row++;
		snprintf(layout->reason, sizeof(layout->reason), "not now: %.250s", row->seen);
	}
	if (checks->warnings > 0 && !*layout->reason)
		snprintf(layout->label, sizeof(layout->label), "Take it with %zu warning%s",
			 checks->warnings, checks->warnings == 1 ? "" : "s");
	else if (take->partial && app)
		snprintf(layout->label, sizeof(layout->label), "Take partial snapshot of %.80s",
			 words_app_title(context->model->console, app->slug));
	else
		snprintf(layout->label, sizeof(layout->label), "Take full snapshot");
}

static void add_item(struct take_layout *layout, const struct form_item *item)
{
	layout->items[layout->count++] = *item;
}

static void lay_out(struct take_layout *layout, const struct take *take,
		    const struct screen_context *context)
{
	const struct app *app = chosen_app(take, context->model);
	int y = context->view.h - 2;

	memset(layout, 0, sizeof(*layout));
	checks_take(context->model, chosen_slug(take, context->model), context->now,
		    &layout->checks);
	name_button(layout, take, context);
	layout->button_y = y;
	add_item(layout, &(struct form_item){ FORM_RADIO, ITEM_FULL, 4, 2, 0, .label = "Full",
					      .on = !take->partial });
	add_item(layout, &(struct form_item){ FORM_RADIO, ITEM_PARTIAL, 4, 4, 0, .label = "Partial",
					      .reason = app ? NULL : "no application is known yet",
					      .on = take->partial });
	if (take->partial && app)
		add_item(layout,
			 &(struct form_item){
				 FORM_SELECT, ITEM_APP, 52, 4, 26,
				 .value = words_app_title(context->model->console, app->slug) });
	add_item(layout,
		 &(struct form_item){ FORM_BUTTON, ITEM_TAKE, 4, y, 0, .label = layout->label,
				      .reason = *layout->reason ? layout->reason : NULL });
	/* Beside a button that cannot act stands its reason: the other one goes below. */
	add_item(layout,
		 &(struct form_item){ FORM_BUTTON, ITEM_CANCEL,
				      *layout->reason ? 4 : 6 + form_button_width(layout->label),
				      *layout->reason ? y + 1 : y, 0, .label = "Cancel" });
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct take *take = state;

	(void)context;
	(void)effects;
	snprintf(take->app, sizeof(take->app), "%s", argument);
	take->partial = *argument != '\0';
	take->form.focus = take->partial ? ITEM_PARTIAL : ITEM_FULL;
}

static void next_app(struct take *take, const struct model *model, int step)
{
	const struct app *app = chosen_app(take, model);
	size_t count = app_count(model), at;

	if (!app || count == 0)
		return;
	at = (size_t)(app - model->console->apps);
	at = (at + count + (size_t)((long)count + step)) % count;
	snprintf(take->app, sizeof(take->app), "%s", model->console->apps[at].slug);
}

static void press_take(const struct take *take, const struct screen_context *context,
		       struct effects *effects)
{
	const char *slug = chosen_slug(take, context->model);

	effects_request(effects, REQUEST_TAKE, slug, "");
	if (*slug)
		effects_message(effects, MESSAGE_GOOD,
				"Asked for a partial snapshot of %s. You may leave; it runs in "
				"the cluster.",
				words_app_title(context->model->console, slug));
	else
		effects_message(effects, MESSAGE_GOOD,
				"Asked for a full snapshot. You may leave; it runs in the "
				"cluster.");
	effects_add(effects, EFFECT_BACK);
}

static void act(struct take *take, const struct form_result *result,
		const struct screen_context *context, struct effects *effects)
{
	switch (result->event) {
	case FORM_CHOSEN:
		take->partial = result->id == ITEM_PARTIAL;
		break;
	case FORM_NEXT:
	case FORM_PREV:
		next_app(take, context->model, result->event == FORM_NEXT ? 1 : -1);
		break;
	case FORM_PRESSED:
		if (result->id == ITEM_TAKE)
			press_take(take, context, effects);
		else
			effects_add(effects, EFFECT_BACK);
		break;
	default:
		break;
	}
}

static bool key(void *state, struct key pressed, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct take *take = state;
	struct take_layout layout;
	struct form_result result;
	bool used;

	if (action == ACT_COMMANDS) {
		effects_open(effects, SCREEN_COMMANDS, "take");
		if (take->partial)
			snprintf(effects->rows[effects->count - 1].text, 256, "take %s",
				 chosen_slug(take, context->model));
		return true;
	}
	lay_out(&layout, take, context);
	used = form_key(&take->form, layout.items, layout.count, pressed, &result);
	if (used)
		act(take, &result, context, effects);
	check_results_done(&layout.checks);
	return used;
}

static const struct snapshot *last_like(const struct take *take, const struct model *model)
{
	const struct app *app = take->partial ? chosen_app(take, model) : NULL;

	for (size_t i = 0; i < model->snapshot_count; i++) {
		const struct snapshot *row = &model->snapshots[i];

		if (row->kind == (take->partial ? SNAPSHOT_PARTIAL : SNAPSHOT_FULL) &&
		    !strcmp(row->backup->phase, "Completed") &&
		    (!app || !strcmp(row->backup->kots_app_id, app->id)))
			return row;
	}
	return NULL;
}

static void draw_fact(struct view view, int y, const char *label, const char *value)
{
	view_text(view, 4, y, ROLE_DIM, label);
	view_wrap(view_part(view, 18, y, view.w - 19, 2), 0, 0, 2, ROLE_TEXT, value);
}

static void draw_kept(struct view view, int y, const char *ttl,
		      const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;
	int64_t ms;

	words_add_kept(&text, ttl);
	if (*ttl && !clock_parse_duration(ttl, &ms, NULL)) {
		strbuf_adds(&text, ", until ");
		clock_add_short(&text, context->now + ms / 1000, context->now, context->zone);
		strbuf_adds(&text, "; then Velero deletes it");
	}
	draw_fact(view, y, "Kept", text.buf);
	strbuf_done(&text);
}

static int draw_holds(struct view view, int y, const struct take *take,
		      const struct screen_context *context)
{
	const struct console *console = context->model->console;
	const struct app *app = take->partial ? chosen_app(take, context->model) : NULL;
	const struct snapshot *last = last_like(take, context->model);
	struct strbuf text = STRBUF_INIT;

	view_rule(view, y, ROLE_HEADING,
		  take->partial ? "What a partial snapshot will hold"
				: "What a full snapshot will hold",
		  "");
	if (app)
		strbuf_addf(&text, "what the Backup manifest of %s names",
			    words_app_title(console, app->slug));
	else
		strbuf_adds(&text, "labelled kots.io/backup=velero in the namespaces of the "
				   "applications, and those of the cluster");
	draw_fact(view, y + 1, "Objects", text.buf);
	strbuf_reset(&text);
	if (last && last->volumes_read) {
		amount_add_count(&text, last->volumes);
		strbuf_adds(&text, ", about ");
		amount_add_bytes(&text, last->bytes_total);
		strbuf_addf(&text, " by the last one, %s", last->backup->object.name);
	} else {
		strbuf_adds(&text, "not known: no earlier one of this kind");
	}
	draw_fact(view, y + 3, "Volumes", text.buf);
	strbuf_done(&text);
	draw_kept(view, y + 4, !console ? "" : app ? app->ttl : console->ttl, context);
	return y + 5;
}

static enum mark verdict_mark(enum verdict verdict)
{
	static const enum mark marks[] = { [VERDICT_PASSED] = MARK_GOOD,
					   [VERDICT_UNKNOWN] = MARK_UNKNOWN,
					   [VERDICT_WARNING] = MARK_WARNING,
					   [VERDICT_FAILED] = MARK_BAD,
					   [VERDICT_NOT_HERE] = MARK_OFF };

	return marks[verdict];
}

/* What speaks against it in full lines first, then what passed, two in a line. */
static void draw_checks(struct view view, const struct check_results *checks)
{
	struct strbuf text = STRBUF_INIT;
	int y = 0, half = (view.w - 2) / 2;
	size_t passed = 0;

	for (size_t i = 0; i < checks->count && y < view.h; i++) {
		const struct check_result *row = &checks->rows[i];

		if (row->verdict == VERDICT_PASSED || row->verdict == VERDICT_NOT_HERE)
			continue;
		strbuf_reset(&text);
		strbuf_addf(&text, "%s: %s", row->title, row->seen);
		mark_line(view, y++, verdict_mark(row->verdict), text.buf);
	}
	for (size_t i = 0; i < checks->count && y < view.h; i++) {
		const struct check_result *row = &checks->rows[i];
		int x = passed % 2 ? half : 0;

		if (row->verdict != VERDICT_PASSED)
			continue;
		strbuf_reset(&text);
		strbuf_addf(&text, "%s: %s", row->title, row->seen);
		/* Half a sentence says less than none. */
		if (text_width(text.buf) > half - 5)
			strbuf_cut(&text, strlen(row->title));
		mark_line(view_part(view, x, 0, half, view.h), y, MARK_GOOD, text.buf);
		y += passed++ % 2 ? 1 : 0;
	}
	strbuf_done(&text);
}

static void draw_usual(const struct take *take, const struct take_layout *layout,
		       const struct screen_context *context)
{
	const struct app *app = take->partial ? chosen_app(take, context->model) : NULL;
	struct strbuf text = STRBUF_INIT;
	struct estimate usual;

	estimate_usual(context->model, take->partial ? SNAPSHOT_PARTIAL : SNAPSHOT_FULL,
		       app ? app->id : "", &usual);
	if (usual.runs >= ESTIMATE_RUNS_LEAST && !*layout->reason && context->view.w >= 80) {
		strbuf_adds(&text, "usually takes ");
		estimate_add_range(&text, usual.took_low, usual.took_high);
		view_field_right(context->view, context->view.w - 32, layout->button_y, 30,
				 ROLE_DIM, text.buf);
	}
	strbuf_done(&text);
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct take *take = state;
	struct view view = context->view;
	struct strbuf right = STRBUF_INIT;
	struct take_layout layout;
	int y;

	lay_out(&layout, take, context);
	view_text(view, 4, 1, ROLE_HEADING, "Which kind?");
	view_text(view, 18, 2, ROLE_TEXT,
		  "Admin Console and all applications. Recommended: only this");
	view_text(view, 18, 3, ROLE_TEXT, "kind can rebuild a lost cluster.");
	view_text(view, 18, 4, ROLE_TEXT, "one application's objects and");
	if (!take->partial)
		view_text(view, 48, 4, ROLE_TEXT, "volumes");
	y = view.h >= 18 ? draw_holds(view, 5, take, context) : 5;
	clock_add_hms(&right, context->now, context->zone);
	view_rule(view, y, ROLE_HEADING, "Checks", right.buf);
	draw_checks(view_part(view, 0, y + 1, view.w, layout.button_y - y - 1), &layout.checks);
	form_draw(&take->form, layout.items, layout.count, view);
	draw_usual(take, &layout, context);
	check_results_done(&layout.checks);
	strbuf_done(&right);
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	(void)state;
	(void)right;
	strbuf_addf(left, "Snapshots %s take", glyph_text(GLYPH_PATH, context->view.canvas->ascii));
}

const struct screen_ops take_screen = {
	.id = SCREEN_TAKE,
	.name = "take",
	.tab = 2,
	.acts = true,
	.state_size = sizeof(struct take),
	.open = open_screen,
	.key = key,
	.draw = draw,
	.title = title,
};
