/* Why a snapshot did not complete, what follows from it, and what to do: what the object says, then
 * what Velero wrote, then the table of causes (backend/velero/cause.c). How sure it is stands
 * beside it (design/screens.md 4.4). */
#include "backend/base/amount.h"
#include "tui/screens/snapshot_panes.h"
#include "tui/screens/words.h"

#include <string.h>

struct why {
	struct strbuf why, so, next;
};

static void add_sure(struct strbuf *out, const struct cause *cause, const char *because)
{
	if (cause)
		strbuf_addf(out, "%s: %s.", surety_words(cause->surety), because);
	else
		strbuf_adds(out, "Unknown: no rule knows this message.");
}

static const struct hook *failed_hook(const struct hooks *hooks)
{
	for (size_t i = 0; i < hooks->count; i++)
		if (hooks->rows[i].state == HOOK_FAILED)
			return &hooks->rows[i];
	return NULL;
}

static void add_hook(struct strbuf *out, const struct hook *hook, struct clock_zone zone)
{
	const char *text = *hook->err ? hook->err : hook->error;

	strbuf_adds(out, "Script ");
	snapshot_script_add_name(out, hook);
	strbuf_adds(out, " failed");
	if (hook->ended) {
		strbuf_adds(out, " at ");
		clock_add_hms(out, hook->ended, zone);
	}
	strbuf_adds(out, ": \"");
	strbuf_add(out, text, strcspn(text, "\n"));
	strbuf_adds(out, "\" ");
}

/* What Velero wrote: the worst group, told by its script when that is known. */
static const struct cause *say_results(struct why *why, const struct snapshot_view *view,
				       const struct screen_context *context)
{
	const struct problem_group *worst = &view->parts.groups.rows[0];
	const struct result_line *line = &view->parts.lines.rows[worst->lines[0]];
	const struct hook *hook = failed_hook(&view->parts.hooks);
	bool script = worst->cause && text_find_nocase(worst->title, "script");

	if (script && hook) {
		add_hook(&why->why, hook, context->zone);
	} else {
		strbuf_addc(&why->why, '"');
		result_line_add_words(&why->why, line);
		strbuf_adds(&why->why, "\" ");
	}
	add_sure(&why->why, worst->cause,
		 worst->cause && worst->cause->surety == SURE ? "Velero wrote it"
							      : "by what Velero wrote");
	return worst->cause;
}

/* A newer whole one of its kind makes it a thing of the past. */
static const struct snapshot *newer_whole(const struct snapshot *snapshot,
					  const struct model *model)
{
	const struct snapshot *newest =
		model_newest_restorable(model, snapshot->kind == SNAPSHOT_FULL);

	if (!newest || newest->kind != snapshot->kind ||
	    strcmp(newest->backup->kots_app_id, snapshot->backup->kots_app_id) != 0 ||
	    newest->backup->started <= snapshot->backup->started)
		return NULL;
	return newest;
}

static void say_next(struct why *why, const struct snapshot_view *view, const struct cause *cause)
{
	const struct snapshot *snapshot = view->detail.snapshot;
	const struct snapshot *newer = newer_whole(snapshot, view->model);

	if (cause && strstr(cause->next, "Do not delete"))
		strbuf_adds(&why->next, cause->next);
	else if (newer)
		strbuf_addf(&why->next, "Nothing now: %s, a later one, is complete.",
			    newer->backup->object.name);
	else
		strbuf_adds(
			&why->next,
			cause ? cause->next
			      : "L reads the log at its first error; 6 Doctor looks at the rest.");
}

/* false when there is nothing to explain. */
static bool compose(struct why *why, const struct snapshot_view *view,
		    const struct screen_context *context)
{
	const struct snapshot *snapshot = view->detail.snapshot;
	const struct snapshot_parts *parts = &view->parts;
	const char *reason = snapshot_detail_reason(snapshot);
	const struct cause *cause = NULL;

	if (*reason) {
		cause = cause_find(reason);
		strbuf_addf(&why->why, "\"%s\" %s", reason,
			    cause ? "Sure: the object says so."
				  : "The object says so; no rule knows this message.");
	} else if (snapshot_is_running(snapshot) || snapshot->backup->errors <= 0) {
		return false;
	} else if (parts->groups.count > 0) {
		cause = say_results(why, view, context);
	} else {
		amount_add_counted(&why->why, snapshot->backup->errors, "error");
		strbuf_adds(&why->why, ". ");
		if (parts->state[PART_RESULTS].read)
			strbuf_adds(&why->why, "Unknown: its file of results names none.");
		else
			snapshot_part_add_state(&why->why, parts, PART_RESULTS, context);
	}
	if (cause)
		strbuf_adds(&why->so, cause->so);
	say_next(why, view, cause);
	return true;
}

static int draw_line(struct view body, int y, const char *label, const struct strbuf *text,
		     int most)
{
	int rows;

	if (text->len == 0 || y >= body.h)
		return 0;
	view_text(body, 4, y, ROLE_DIM, label);
	rows = view_wrap(view_part(body, 10, y, body.w - 11, most), 0, 0, most, ROLE_TEXT,
			 text->buf);
	return rows > 0 ? rows : 1;
}

int snapshot_why_draw(struct view body, int y, const struct snapshot_view *view,
		      const struct screen_context *context)
{
	struct why why = { STRBUF_INIT, STRBUF_INIT, STRBUF_INIT };
	int from = y;

	if (compose(&why, view, context)) {
		y += draw_line(body, y, "Why", &why.why, 4);
		y += draw_line(body, y, "So", &why.so, 2);
		y += draw_line(body, y, "Next", &why.next, 2);
	}
	strbuf_done(&why.why);
	strbuf_done(&why.so);
	strbuf_done(&why.next);
	return y - from;
}
