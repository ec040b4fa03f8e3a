/* Places of the overview: newest, facts, attention, the last days; beside them on wide terminals
 * what there is to say more. */
#include "backend/base/amount.h"
#include "backend/velero/location.h"
#include "tui/screens/body.h"
#include "tui/screens/overview_list.h"
#include "tui/screens/reading.h"
#include "tui/screens/screens.h"
#include "tui/screens/words.h"

#include <inttypes.h>
#include <string.h>

#define VALUE_X 18
#define RIGHT_X 49
#define DAY_S	86400
#define DAYS_X	28

static void cursor(struct view view, int y, const struct overview *overview, size_t line)
{
	if (overview->cursor == line)
		mark_cursor(view, y, true);
}

static int draw_newest(struct view view, int y, const struct overview *overview,
		       const struct screen_context *context, bool roomy)
{
	struct strbuf line = STRBUF_INIT, more = STRBUF_INIT;
	enum mark mark = overview_say_newest(overview, context, &line, &more);
	int from = y;

	mark_line(view, y, mark, line.buf);
	cursor(view, y++, overview, LINE_NEWEST);
	y += view_wrap(view_part(view, 4, y, view.w - 5, 2), 0, 0, 2, ROLE_TEXT, more.buf);
	strbuf_done(&line);
	strbuf_done(&more);
	/* A place of its own height, whatever it says: what is below never moves. */
	if (y < from + 3 && roomy)
		y = from + 3;
	return y - from + (roomy ? 1 : 0);
}

static int draw_facts(struct view view, int y, const struct overview *overview,
		      const struct screen_context *context)
{
	struct strbuf value = STRBUF_INIT, right = STRBUF_INIT;
	size_t line;

	for (line = LINE_RUNNING; line < OVERVIEW_LINES; line++, y++) {
		struct mark_fact fact = { .value_x = VALUE_X,
					  .right_x = view.w < 72 ? 0 : RIGHT_X };

		strbuf_reset(&value);
		strbuf_reset(&right);
		fact.mark =
			overview_say((enum overview_line)line, overview, context, &value, &right);
		fact.label = overview_label((enum overview_line)line);
		fact.value = value.buf;
		fact.right = right.buf;
		mark_fact_draw(view, y, &fact);
		cursor(view, y, overview, line);
	}
	strbuf_done(&value);
	strbuf_done(&right);
	return OVERVIEW_LINES - LINE_RUNNING;
}

static void add_attention_title(struct strbuf *out, const struct overview *overview, size_t hidden)
{
	size_t count = overview_attention_count(overview);

	if (overview->site.count == 0)
		strbuf_adds(out, "Needs attention: not read yet");
	else if (count == 0)
		strbuf_adds(out, "Needs attention: nothing by the rules that could be checked");
	else
		strbuf_addf(out, "Needs attention: %zu", count);
	if (hidden > 0)
		strbuf_adds(out, hidden == count ? ", 6 shows them" : ", 6 shows the rest");
}

static int draw_attention(struct view view, int y, const struct overview *overview, int most)
{
	struct strbuf text = STRBUF_INIT;
	size_t count = overview_attention_count(overview), i, first = 0;
	size_t shown = count < (size_t)most ? count : (size_t)most;
	int from = y;

	/* The cursor scrolls the few lines there are. */
	if (overview->cursor >= OVERVIEW_LINES + shown && overview->cursor < OVERVIEW_LINES + count)
		first = overview->cursor - OVERVIEW_LINES + 1 - shown;
	add_attention_title(&text, overview, count - shown);
	view_rule(view, y++, ROLE_HEADING, text.buf, "");
	for (i = first; i < first + shown; i++, y++) {
		const struct check_result *row = overview_attention(overview, i);

		strbuf_reset(&text);
		strbuf_addf(&text, "%s: %s", row->title, row->seen);
		mark_line(view, y, row->verdict == VERDICT_FAILED ? MARK_BAD : MARK_WARNING,
			  text.buf);
		cursor(view, y, overview, OVERVIEW_LINES + i);
	}
	strbuf_done(&text);
	return y - from;
}

static void draw_days_rule(struct view view, int y, const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;
	int day;

	view_rule(view, y, ROLE_HEADING, "Last 14 days", "");
	for (day = 0; day < OVERVIEW_DAYS; day++) {
		int64_t at = context->now - (OVERVIEW_DAYS - 1 - day) * DAY_S;

		strbuf_reset(&text);
		clock_add_date(&text, at, context->zone);
		strbuf_cut(&text, strcspn(text.buf, " "));
		view_text(view, DAYS_X - 1 + day * 3, y, ROLE_BORDER, "   ");
		view_field_right(view, DAYS_X - 1 + day * 3, y, 2, ROLE_DIM, text.buf);
	}
	strbuf_reset(&text);
	clock_add_date(&text, context->now, context->zone);
	view_textf(view, DAYS_X - 1 + OVERVIEW_DAYS * 3 - 1, y, ROLE_DIM, "%s ",
		   text.buf + strcspn(text.buf, " "));
	strbuf_done(&text);
}

static int draw_days(struct view view, int y, const struct overview *overview,
		     const struct screen_context *context, int most)
{
	struct strbuf name = STRBUF_INIT;
	int from = y;
	size_t i, day;

	draw_days_rule(view, y++, context);
	for (i = 0; i < overview->strip_count && y - from <= most; i++) {
		const struct overview_strip *strip = &overview->strips[i];
		bool any = i == 0;

		for (day = 0; day < OVERVIEW_DAYS; day++)
			any = any || strip->days[day] != MARK_NONE;
		if (!any)
			continue;
		strbuf_reset(&name);
		strbuf_adds(&name, *strip->slug ? "partial " : "full");
		words_add_name(&name, strip->slug, DAYS_X - 5 - 8);
		view_field(view, 4, y, DAYS_X - 5, ROLE_TEXT, name.buf);
		for (day = 0; day < OVERVIEW_DAYS; day++)
			mark_draw(view, DAYS_X + (int)day * 3, y, strip->days[day]);
		y++;
	}
	strbuf_done(&name);
	return y - from;
}

static void draw_main(struct view view, const struct overview *overview,
		      const struct screen_context *context)
{
	bool roomy = view.h >= 20;
	bool days = reading_has_rows(context->model, COLLECTION_BACKUPS);
	int strips = overview->strip_count > 1 ? 2 : 1, y = 1, room;

	y += draw_newest(view, y, overview, context, roomy);
	y += draw_facts(view, y, overview, context) + (roomy ? 1 : 0);
	room = view.h - y - 1 - (roomy && days ? strips + 1 : 0);
	if (room < 0)
		return;
	y += draw_attention(view, y, overview, room);
	if (view.h - y >= 2 && days)
		draw_days(view, y, overview, context, view.h - y - 1);
}

static const char *app_words(const struct app *app)
{
	if (app->licensed == ANSWER_NO)
		return "the licence allows no snapshots";
	if (app->manifest == ANSWER_NO)
		return *app->backup_spec ? "its Backup manifest is switched off"
					 : "ships no Backup manifest";
	/* Said by the API alone, which does not say which of the two it is. */
	if (app->allowed == ANSWER_NO)
		return "allows no snapshots: licence or manifest";
	return app->licensed == ANSWER_YES && app->manifest == ANSWER_YES
		       ? "snapshots licensed, manifest there"
		       : "licence and manifest not read";
}

static enum mark app_mark(const struct app *app)
{
	if (app->licensed == ANSWER_NO || app->manifest == ANSWER_NO || app->allowed == ANSWER_NO)
		return MARK_WARNING;
	return app->licensed == ANSWER_YES && app->manifest == ANSWER_YES ? MARK_GOOD
									  : MARK_UNKNOWN;
}

static void add_app_schedule(struct strbuf *out, const struct app *app,
			     const struct screen_context *context)
{
	if (!*app->cron) {
		strbuf_adds(out, context->model->console->database_read ? "no partial schedule"
									: "schedule not read");
		return;
	}
	strbuf_adds(out, app->next_run ? "partial next " : "partial scheduled");
	if (app->next_run)
		clock_add_short(out, app->next_run, context->now, context->zone);
}

static int draw_side_apps(struct view view, int y, const struct screen_context *context)
{
	const struct console *console = context->model->console;
	struct strbuf text = STRBUF_INIT;
	int from = y;
	size_t i;

	view_rule(view, y++, ROLE_HEADING, "Applications", "");
	for (i = 0; console && i < console->app_count && y + 2 < view.h; i++) {
		const struct app *app = &console->apps[i];

		strbuf_reset(&text);
		strbuf_addf(&text, "%s %s", *app->title ? app->title : app->slug, app->version);
		if (app->sequence >= 0)
			strbuf_addf(&text, ", sequence %" PRId64, app->sequence);
		mark_draw(view, 1, y, app_mark(app));
		view_field(view, 3, y++, view.w - 4, ROLE_TEXT, text.buf);
		view_field(view, 3, y++, view.w - 4, ROLE_DIM, app_words(app));
		strbuf_reset(&text);
		add_app_schedule(&text, app, context);
		view_field(view, 3, y++, view.w - 4, ROLE_DIM, text.buf);
	}
	strbuf_done(&text);
	return y - from;
}

static int draw_side_destination(struct view view, int y, const struct screen_context *context)
{
	const struct model *model = context->model;
	const struct location *location = (const struct location *)list_by_name(
		model->lists[COLLECTION_LOCATIONS], "default");
	struct strbuf text = STRBUF_INIT;
	int from = y;

	view_rule(view, y++, ROLE_HEADING, "Destination", "");
	if (location) {
		mark_draw(view, 1, y,
			  words_mark(phase_find(PHASE_LOCATION, location->phase).health));
		view_field(view, 3, y++, view.w - 4, ROLE_TEXT,
			   *location->s3_url ? location->s3_url : location->provider);
		strbuf_addf(&text, "%s%s%s, %s", location->bucket, *location->prefix ? "/" : "",
			    location->prefix,
			    !strcmp(location->access_mode, "ReadOnly") ? "read-only"
								       : "read-write");
		view_field(view, 3, y++, view.w - 4, ROLE_TEXT, text.buf);
		strbuf_reset(&text);
		amount_add_counted(&text, (int64_t)model->snapshot_count, "snapshot");
		strbuf_adds(&text, " known");
		view_field(view, 3, y++, view.w - 4, ROLE_DIM, text.buf);
	} else {
		view_field(view, 3, y++, view.w - 4, ROLE_DIM,
			   "none named default, or not read yet");
	}
	strbuf_done(&text);
	return y - from;
}

static void draw_side_versions(struct view view, int y, const struct console *console)
{
	const struct {
		const char *name, *value;
	} rows[] = {
		{ "Kubernetes", console->kubernetes_version },
		{ "KOTS", console->kots_version },
		{ "Velero", console->velero_version },
	};
	size_t i;

	view_rule(view, y++, ROLE_HEADING, "Versions", "");
	for (i = 0; i < ARRAY_SIZE(rows); i++, y++) {
		view_text(view, 3, y, ROLE_DIM, rows[i].name);
		view_field(view, 18, y, view.w - 19, ROLE_TEXT,
			   *rows[i].value ? rows[i].value : "not known");
	}
}

void overview_draw(const void *state, const struct screen_context *context)
{
	const struct overview *overview = state;
	const char *side =
		overview->newest.snapshot ? overview->newest.snapshot->backup->object.name : "";
	struct body_split split;
	int y = 1;

	if (!body_split(&overview_screen, state, context, side, &split)) {
		draw_main(context->view, overview, context);
		return;
	}
	draw_main(split.left, overview, context);
	if (overview->newest.snapshot)
		y += snapshot_detail_draw_checks(split.right, y, &overview->newest, context) + 1;
	y += draw_side_apps(split.right, y, context) + 1;
	y += draw_side_destination(split.right, y, context) + 1;
	if (context->model->console)
		draw_side_versions(split.right, y, context->model->console);
	body_split_end(context);
}
