/* The facts about a snapshot, a table of lines: what each says, and how it is drawn. */
#include "backend/base/amount.h"
#include "backend/velero/location.h"
#include "tui/draw/text.h"
#include "tui/screens/reading.h"
#include "tui/screens/snapshot_detail.h"
#include "tui/screens/words.h"

#include <inttypes.h>
#include <string.h>

typedef void fact_say(struct strbuf *out, const struct snapshot_detail *detail,
		      const struct screen_context *context);

static void say_restore(struct strbuf *out, const struct snapshot_detail *detail,
			const struct screen_context *context)
{
	const char *refusal = snapshot_restore_refusal(detail->snapshot);

	(void)context;
	if (refusal)
		strbuf_adds(out, refusal);
	else
		strbuf_adds(out, "may start from it");
}

static void say_kind(struct strbuf *out, const struct snapshot_detail *detail,
		     const struct screen_context *context)
{
	const struct backup *backup = detail->snapshot->backup;
	const char *trigger = snapshot_trigger(detail->snapshot);

	strbuf_adds(out, words_kind(detail->snapshot->kind));
	if (*trigger) /* "Scheduled" in the middle of a line */
		strbuf_addf(out, ", %s", text_starts(trigger, "S") ? "scheduled" : "by hand");
	if (*backup->schedule)
		strbuf_addf(out, ", by Velero's own schedule %s", backup->schedule);
	if (backup->object.created) {
		strbuf_adds(out, ", asked for ");
		clock_add_short(out, backup->object.created, context->now, context->zone);
	}
}

static void say_ran(struct strbuf *out, const struct snapshot_detail *detail,
		    const struct screen_context *context)
{
	const struct backup *backup = detail->snapshot->backup;
	int64_t completed = detail->snapshot->completed;

	if (!backup->started) {
		strbuf_adds(out, "never begun");
		return;
	}
	clock_add_hms(out, backup->started, context->zone);
	if (snapshot_is_running(detail->snapshot)) {
		strbuf_adds(out, ", ");
		clock_add_span(out, context->now - backup->started);
		strbuf_adds(out, " so far");
		return;
	}
	if (!completed) {
		strbuf_adds(out, ", its end is not noted");
		return;
	}
	strbuf_adds(out, " to ");
	clock_add_hms(out, completed, context->zone);
	strbuf_adds(out, ", ");
	words_add_took(out, backup->started, completed);
}

static void say_kept(struct strbuf *out, const struct snapshot_detail *detail,
		     const struct screen_context *context)
{
	int64_t expires = detail->snapshot->expires;

	if (!expires) {
		strbuf_adds(out, "not known yet");
		return;
	}
	clock_add_short(out, expires, context->now, context->zone);
	strbuf_adds(out, ", ");
	if (detail->snapshot->expired)
		strbuf_adds(out, "expired: Velero removes it within the hour");
	else
		words_add_ahead(out, expires - context->now);
}

static void say_holds(struct strbuf *out, const struct snapshot_detail *detail,
		      const struct screen_context *context)
{
	const struct snapshot *snapshot = detail->snapshot;
	const struct backup *backup = snapshot->backup;
	int64_t size = words_size(snapshot);

	(void)context;
	if (!snapshot->volumes_read) {
		strbuf_adds(out, "volumes not read yet");
	} else {
		if (size >= 0 && snapshot->volumes > 0) {
			amount_add_bytes(out, size);
			strbuf_adds(out, " in ");
		}
		strbuf_addf(out, "%d of ", snapshot->volumes_done);
		amount_add_counted(out, snapshot->volumes, "volume");
	}
	if (backup->items_total > 0) {
		strbuf_adds(out, ", ");
		amount_add_counted(out, backup->items_done, "object");
	}
}

static void say_problems(struct strbuf *out, const struct snapshot_detail *detail,
			 const struct screen_context *context)
{
	const struct backup *backup = detail->snapshot->backup;

	(void)context;
	if (snapshot_is_running(detail->snapshot)) {
		strbuf_adds(out, "counted at the end");
		return;
	}
	amount_add_counted(out, detail->snapshot->errors, "error");
	strbuf_adds(out, ", ");
	amount_add_counted(out, detail->snapshot->warnings, "warning");
	if (backup->hooks_failed > 0) {
		strbuf_adds(out, ", ");
		amount_add_counted(out, backup->hooks_failed, "script");
		strbuf_adds(out, " failed");
	}
}

/* "instance-ab (infra, Completed), application-cd (app, PartiallyFailed, 2 errors)": each has a
 * log of its own. */
static void say_parts(struct strbuf *out, const struct snapshot_detail *detail,
		      const struct screen_context *context)
{
	const struct list *list = context->model->lists[COLLECTION_BACKUPS];

	if (detail->snapshot->parts == 1 && detail->snapshot->parts_expected == 1)
		return;
	for (size_t i = 0; i < list->count; i++) {
		const struct backup *part = (const struct backup *)list->items[i];

		if (!snapshot_holds(detail->snapshot, part))
			continue;
		strbuf_addf(out, "%s%s (%s, %s", out->len ? ", " : "", part->object.name,
			    *part->dr_type ? part->dr_type : "no type",
			    *part->phase ? part->phase : "New");
		if (part->errors > 0) {
			strbuf_adds(out, ", ");
			amount_add_counted(out, part->errors, "error");
		}
		strbuf_addc(out, ')');
	}
	if (detail->snapshot->parts < detail->snapshot->parts_expected)
		strbuf_addf(out, "; %d missing",
			    detail->snapshot->parts_expected - detail->snapshot->parts);
}

static void say_apps(struct strbuf *out, const struct snapshot_detail *detail,
		     const struct screen_context *context)
{
	words_add_apps(out, detail->snapshot, context->model->console);
}

/* The tag of "kotsadm/kotsadm:v1.131.4", without its v. */
static const char *image_version(const char *image)
{
	const char *tag = strrchr(image, ':');

	if (!tag || strchr(tag, '/'))
		return "";
	return tag[1] == 'v' ? tag + 2 : tag + 1;
}

static void say_made_by(struct strbuf *out, const struct snapshot_detail *detail,
			const struct screen_context *context)
{
	const struct backup *backup = detail->snapshot->backup;

	(void)context;
	if (*backup->kotsnap_origin)
		strbuf_addf(out, "%s, for ", backup->kotsnap_origin);
	if (*backup->kots_image)
		strbuf_addf(out, "KOTS %s", image_version(backup->kots_image));
	if (*backup->kots_namespace)
		strbuf_addf(out, " in %s", backup->kots_namespace);
	if (*backup->kubernetes)
		strbuf_addf(out, "%sKubernetes %s", out->len ? "; " : "",
			    backup->kubernetes + (*backup->kubernetes == 'v'));
	if (*backup->kots_airgap)
		strbuf_adds(out, !strcmp(backup->kots_airgap, "true") ? "; air gap" : "; online");
}

static void say_registry(struct strbuf *out, const struct snapshot_detail *detail,
			 const struct screen_context *context)
{
	const char *then = detail->snapshot->backup->kots_registry;
	const struct console *console = context->model->console;

	if (!*then)
		return;
	strbuf_addf(out, "%s then", then);
	if (console && *console->registry)
		strbuf_addf(out, ", %s now", console->registry);
}

static void say_stored(struct strbuf *out, const struct snapshot_detail *detail,
		       const struct screen_context *context)
{
	const char *name = detail->snapshot->backup->location;
	const struct location *location = (const struct location *)list_by_name(
		context->model->lists[COLLECTION_LOCATIONS], name);

	strbuf_adds(out, *name ? name : "the default location");
	if (!location)
		return;
	strbuf_addf(out, ": %s%s%s", location->bucket, *location->prefix ? "/" : "",
		    location->prefix);
	if (detail->volumes.count > 0 && *detail->volumes.rows[0]->uploader)
		strbuf_addf(out, ", %s", detail->volumes.rows[0]->uploader);
}

static void say_restored(struct strbuf *out, const struct snapshot_detail *detail,
			 const struct screen_context *context)
{
	if (!reading_has_rows(context->model, COLLECTION_RESTORES)) {
		strbuf_adds(out, "not read yet");
		return;
	}
	if (detail->restores == 0) {
		strbuf_adds(out, "never, by the records that are left");
		return;
	}
	amount_add_counted(out, (int64_t)detail->restores, "time");
	strbuf_adds(out, ", last ");
	clock_add_short(out, detail->last_restore->object.created, context->now, context->zone);
}

static void say_kind_briefly(struct strbuf *out, const struct snapshot_detail *detail,
			     const struct screen_context *context)
{
	size_t len;

	say_kind(out, detail, context);
	len = (size_t)(strstr(out->buf, ", asked for") ? strstr(out->buf, ", asked for") - out->buf
						       : (long)out->len);
	strbuf_cut(out, len);
}

struct fact {
	const char *label;
	fact_say *say;
};

static const struct fact all_facts[] = {
	{ "Restore", say_restore },   { "Kind", say_kind },	    { "Ran", say_ran },
	{ "Kept until", say_kept },   { "Holds", say_holds },	    { "Problems", say_problems },
	{ "Parts", say_parts },	      { "Applications", say_apps }, { "Made by", say_made_by },
	{ "Registry", say_registry }, { "Stored in", say_stored },  { "Restored", say_restored },
};
static const struct fact brief_facts[] = {
	{ "Kind", say_kind_briefly }, { "Ran", say_ran },	    { "Kept", say_kept },
	{ "Holds", say_holds },	      { "Problems", say_problems }, { "Restored", say_restored },
	{ "Contents", say_apps },
};

int snapshot_detail_draw_facts(struct view view, int y, const struct snapshot_detail *detail,
			       const struct screen_context *context, bool brief)
{
	const struct fact *facts = brief ? brief_facts : all_facts;
	size_t count = brief ? ARRAY_SIZE(brief_facts) : ARRAY_SIZE(all_facts), i;
	int label_x = brief ? 1 : 4, value_x = brief ? 11 : 17, from = y;
	struct strbuf text = STRBUF_INIT;

	for (i = 0; i < count && y < view.h; i++) {
		int rows;

		strbuf_reset(&text);
		facts[i].say(&text, detail, context);
		if (text.len == 0)
			continue;
		view_text(view, label_x, y, ROLE_DIM, facts[i].label);
		rows = view_wrap(view_part(view, value_x, y, view.w - value_x - 1, 4), 0, 0, 4,
				 ROLE_TEXT, text.buf);
		y += rows > 0 ? rows : 1;
	}
	strbuf_done(&text);
	return y - from;
}

static const enum mark verdict_marks[] = {
	[VERDICT_PASSED] = MARK_GOOD,	  [VERDICT_UNKNOWN] = MARK_UNKNOWN,
	[VERDICT_WARNING] = MARK_WARNING, [VERDICT_FAILED] = MARK_BAD,
	[VERDICT_NOT_HERE] = MARK_OFF,
};

/* First the verdict; then, when a restore may start from it at all, what is not simply fine. */
int snapshot_detail_draw_checks(struct view view, int y, const struct snapshot_detail *detail,
				const struct screen_context *context)
{
	const struct check_results *checks = &detail->checks;
	struct view part = view_part(view, 3, 0, view.w - 4, view.h);
	struct strbuf text = STRBUF_INIT;
	int from = y;
	size_t i;

	mark_draw(view, 1, y, snapshot_detail_add_verdict(&text, detail, context));
	y += view_wrap(part, 0, y, 3, ROLE_TEXT, text.buf);
	for (i = 0; !snapshot_restore_refusal(detail->snapshot) && i < checks->count && y < view.h;
	     i++) {
		const struct check_result *row = &checks->rows[i];

		if (row->verdict == VERDICT_PASSED || row->verdict == VERDICT_NOT_HERE)
			continue;
		strbuf_reset(&text);
		strbuf_addf(&text, "%s: %s", snapshot_detail_is_passing(row) ? "Now" : row->title,
			    row->seen);
		mark_draw(view, 1, y,
			  snapshot_detail_is_passing(row) ? MARK_RUNNING
							  : verdict_marks[row->verdict]);
		y += view_wrap(part, 0, y, 2, ROLE_TEXT, text.buf);
	}
	strbuf_done(&text);
	return y - from;
}

int snapshot_detail_draw_volumes(struct view view, int y, const struct snapshot_detail *detail,
				 const struct screen_context *context)
{
	struct strbuf name = STRBUF_INIT, cell = STRBUF_INIT, cut = STRBUF_INIT;
	int from = y, room = view.w - 3 - 9 - 8;
	size_t i;

	for (i = 0; i < detail->volumes.count && y < view.h; i++, y++) {
		const struct podvolume *volume = detail->volumes.rows[i];
		struct phase phase = phase_find(PHASE_VOLUME, volume->phase);

		strbuf_reset(&name);
		snapshot_volumes_add_name(&name, volume, context->model->console);
		mark_draw(view, 1, y, words_mark(phase.health));
		strbuf_reset(&cut);
		text_add_middle(&cut, name.buf, room, view.canvas->ascii);
		view_field(view, 3, y, room, ROLE_TEXT, cut.buf);
		strbuf_reset(&cell);
		amount_add_bytes(&cell,
				 volume->bytes_total ? volume->bytes_total : volume->bytes_done);
		view_field_right(view, 3 + room, y, 9, ROLE_TEXT, cell.buf);
		strbuf_reset(&cell);
		words_add_took(&cell, volume->started, volume->completed);
		view_field_right(view, 3 + room + 9, y, 7, ROLE_TEXT, cell.buf);
	}
	if (detail->volumes.count == 0)
		view_text(view, 3, y++, ROLE_DIM,
			  detail->snapshot->volumes_read ? "none" : "not read yet");
	strbuf_done(&name);
	strbuf_done(&cell);
	strbuf_done(&cut);
	return y - from;
}

void snapshot_detail_draw_side(struct view view, const struct snapshot_detail *detail,
			       const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;
	enum mark mark;
	const char *reason;
	int y = 1;

	if (!detail->snapshot)
		return;
	mark = snapshot_detail_add_headline(&text, detail, context);
	mark_draw(view, 1, y, mark);
	y += view_wrap(view_part(view, 3, y, view.w - 4, 2), 0, 0, 2, mark_role(mark), text.buf);
	reason = snapshot_detail_reason(detail->snapshot);
	if (*reason) {
		strbuf_reset(&text);
		strbuf_addf(&text, "\"%s\"", reason);
		y += view_wrap(view_part(view, 3, y, view.w - 4, 3), 0, 0, 3, ROLE_TEXT, text.buf);
	}
	y++;
	y += snapshot_detail_draw_facts(view, y, detail, context, true) + 1;
	if (y < view.h)
		view_rule(view, y++, ROLE_HEADING, "Volumes", "");
	y += snapshot_detail_draw_volumes(view, y, detail, context) + 1;
	if (y < view.h)
		view_rule(view, y++, ROLE_HEADING, "Can it be restored here?", "");
	if (y < view.h)
		snapshot_detail_draw_checks(view, y, detail, context);
	strbuf_done(&text);
}
