/* What a snapshot taken now would hold, counts first, and the names of what it would leave out. */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/screens/take_parts.h"
#include "tui/screens/words.h"

#include <string.h>

#define VALUE_X	   18
#define NAMES_MOST 8  /* lines of names below the counts, where there is room */
#define ROOMY	   24 /* rows of a view that has it */

static const struct snapshot *last_like(const struct take *take, const struct model *model)
{
	const struct app *app = take->partial ? take_app(take, model) : NULL;

	for (size_t i = 0; i < model->snapshot_count; i++) {
		const struct snapshot *row = &model->snapshots[i];

		if (row->kind == (take->partial ? SNAPSHOT_PARTIAL : SNAPSHOT_FULL) &&
		    !strcmp(row->backup->phase, "Completed") &&
		    (!app || !strcmp(row->backup->kots_app_id, app->id)))
			return row;
	}
	return NULL;
}

static void draw_fact(struct view view, int y, enum mark mark, const char *label,
		      const struct strbuf *value)
{
	enum role role = mark == MARK_NONE || mark == MARK_NOT_READ ? ROLE_DIM : ROLE_TEXT;

	mark_draw(view, 2, y, mark);
	view_text(view, 4, y, role, label);
	view_field(view, VALUE_X, y, view.w - VALUE_X - 1, ROLE_TEXT, value->buf);
}

static void add_objects(struct strbuf *out, const struct take *take, const struct model *model)
{
	const struct preview *preview = take->preview;
	const struct app *app = take->partial ? take_app(take, model) : NULL;

	if (preview && preview->backup)
		strbuf_addf(out, "%s in %s%s%s",
			    *preview->selector ? preview->selector : "everything",
			    preview->namespaces, *preview->excluded_namespaces ? " without " : "",
			    preview->excluded_namespaces);
	else if (app)
		strbuf_addf(out, "what the Backup manifest of %s names",
			    words_app_title(model->console, app->slug));
	else
		strbuf_adds(out, "kots.io/backup=velero, in the namespaces of the applications");
}

/* "Acme Analytics 3.8.1, Acme Gateway 2.4.1" */
static void add_apps(struct strbuf *out, const struct preview *preview)
{
	for (size_t i = 0; i < preview->app_count; i++)
		strbuf_addf(out, "%s%s %s%s", i ? ", " : "", preview->apps[i].title,
			    preview->apps[i].version,
			    preview->apps[i].has_manifest ? "" : " (no Backup manifest)");
	if (!preview->app_count)
		strbuf_adds(out, "none is deployed");
	if (preview->coverage.script_count) {
		strbuf_adds(out, "; runs ");
		amount_add_counted(out, (int64_t)preview->coverage.script_count, "script");
	}
}

static enum mark add_volumes(struct strbuf *out, const struct take *take,
			     const struct screen_context *context)
{
	const struct preview *preview = take->preview;
	const struct snapshot *last = last_like(take, context->model);
	enum mark mark = MARK_NONE;

	if (preview && preview->backup) {
		if (!preview->coverage_known) {
			strbuf_adds(out, "at least ");
			mark = MARK_UNKNOWN;
		}
		amount_add_count(out, (int64_t)preview_count(preview, COVERAGE_IN));
		strbuf_adds(out, " copied");
	} else if (preview || take->err.code) {
		strbuf_addf(out, "not known: %s",
			    take->err.code ? take->err.text : "none can be taken");
		return MARK_UNKNOWN;
	} else {
		strbuf_adds(out, "reading pods and claims");
		mark = MARK_NOT_READ;
	}
	if (last && last->volumes_read && mark != MARK_NOT_READ) {
		strbuf_adds(out, ", ");
		amount_add_bytes(out, last->bytes_total);
		strbuf_adds(out, " the last time");
	}
	if (take_names_rows(preview))
		strbuf_adds(out, "; Enter lists them");
	return mark;
}

static enum mark add_left_out(struct strbuf *out, const struct preview *preview)
{
	size_t count = preview_count(preview, COVERAGE_LEFT_OUT);

	if (!count) {
		strbuf_adds(out, preview->coverage_known ? "nothing that holds data"
							 : "nothing of what could be read");
		return preview->coverage_known ? MARK_GOOD : MARK_UNKNOWN;
	}
	amount_add_count(out, (int64_t)count);
	strbuf_adds(out, coverage_errors(&preview->coverage)
				 ? ", and it would end PartiallyFailed: "
				 : ": ");
	/* Sorted: what is left out comes first. */
	for (size_t i = 0; i < count && i < NAMES_MOST; i++)
		strbuf_addf(out, "%s%s", i ? ", " : "", preview->coverage.rows[i].name);
	if (count > NAMES_MOST)
		strbuf_adds(out, " ...");
	return coverage_errors(&preview->coverage) ? MARK_BAD : MARK_WARNING;
}

static int draw_names(struct view view, int y, const struct preview *preview)
{
	size_t count = preview_count(preview, COVERAGE_LEFT_OUT);
	struct strbuf text = STRBUF_INIT;
	size_t i;

	if (view.h < ROOMY)
		return y;
	for (i = 0; i < count && i < NAMES_MOST; i++) {
		strbuf_reset(&text);
		coverage_add_row(&text, &preview->coverage.rows[i]);
		view_field(view, VALUE_X, y++, view.w - VALUE_X - 1, ROLE_DIM, text.buf);
	}
	if (i < count)
		view_textf(view, VALUE_X, y++, ROLE_DIM, "and %zu more", count - i);
	strbuf_done(&text);
	return y;
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
	draw_fact(view, y, MARK_NONE, "Kept", &text);
	strbuf_done(&text);
}

static int draw_counts(struct view view, int y, const struct take *take,
		       const struct screen_context *context)
{
	const struct preview *preview = take->preview;
	struct strbuf text = STRBUF_INIT;
	enum mark mark;

	add_objects(&text, take, context->model);
	draw_fact(view, y++, MARK_NONE, "Objects", &text);
	strbuf_reset(&text);
	if (preview && preview->backup) {
		add_apps(&text, preview);
		draw_fact(view, y, MARK_NONE, take->partial ? "Application" : "Applications",
			  &text);
		strbuf_reset(&text);
	}
	mark = add_volumes(&text, take, context);
	draw_fact(view, ++y, mark, "Volumes", &text);
	strbuf_reset(&text);
	y++;
	if (preview && preview->backup) {
		mark = add_left_out(&text, preview);
		draw_fact(view, y++, mark, "Left out", &text);
		y = draw_names(view, y, preview);
	}
	strbuf_done(&text);
	return y;
}

int take_holds_draw(struct view view, const struct take *take, const struct screen_context *context)
{
	const struct console *console = context->model->console;
	const struct app *app = take->partial ? take_app(take, context->model) : NULL;
	int y;

	view_rule(view, 0, ROLE_HEADING,
		  take->partial ? "What a partial snapshot will hold"
				: "What a full snapshot will hold",
		  "");
	y = draw_counts(view, 1, take, context);
	draw_kept(view, y, !console ? "" : app ? app->ttl : console->ttl, context);
	return y + 1;
}
