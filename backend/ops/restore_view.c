#include "backend/ops/restore_view.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/ops/creation.h"

#include <string.h>

const char *restore_app_name(const struct restore_plan *plan)
{
	return *plan->app_title ? plan->app_title : plan->app_slug;
}

/* The last two digits tell the parts apart (run_add_request()). */
bool restore_is_made_by(const struct restore *restore, const struct op_view *op)
{
	return !*restore->request || !strncmp(restore->request, op->id, CREATION_ID_LEN - 2);
}

static void show_steps(struct op_view *view, const struct restore_shown *shown)
{
	const struct restore_plan *plan = shown->plan;

	view->steps = arena_alloc(&view->arena, (plan->step_count + 1) * sizeof(*view->steps));
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct restore_note *note = &shown->notes[i];
		struct strbuf title = STRBUF_INIT;

		restore_plan_add_step(&title, plan, i, note->state == OP_STEP_DONE);
		view->steps[view->step_count++] = (struct op_step_view){
			.title = arena_text(&view->arena, title.buf),
			.detail = arena_text(&view->arena, note->detail),
			.state = note->state,
			.began = note->began,
			.ended = note->ended,
			.what = plan->steps[i].what,
			.restore =
				arena_text(&view->arena, plan->parts[plan->steps[i].part].restore),
		};
		strbuf_done(&title);
	}
}

const struct op_view *restore_view(const struct restore_shown *shown)
{
	struct op_view *view = op_view_start(OP_RESTORE, shown->id, NULL, 0);
	struct arena *arena = &view->arena;

	view->state = OP_RUNNING;
	view->owner = arena_text(arena, shown->owner);
	view->backup = arena_text(arena, shown->plan->backup);
	view->restore = arena_text(arena, shown->plan->restore);
	view->app_slug = arena_text(arena, shown->plan->app_slug);
	view->app_title = arena_text(arena, shown->plan->app_title);
	view->confirm = arena_text(arena, shown->plan->confirm);
	view->began = shown->began;
	show_steps(view, shown);
	if (!shown->end)
		return view;
	view->state = shown->end->state;
	view->ended = shown->end->ended;
	view->verdict = arena_text(arena, shown->end->verdict);
	view->why = arena_text(arena, shown->end->why);
	view->next = arena_text(arena, shown->end->next);
	view->errors = shown->end->errors;
	view->warnings = shown->end->warnings;
	return view;
}

struct restore_volumes restore_volumes_count(const struct model *model, const char *restore_name)
{
	const struct list *list = model->lists[COLLECTION_POD_VOLUME_RESTORES];
	struct restore_volumes volumes = { 0 };
	struct strbuf owner = STRBUF_INIT;

	object_add_label_value(&owner, restore_name);
	for (size_t i = 0; i < list->count; i++) {
		const struct podvolume *volume = (const struct podvolume *)list->items[i];

		if (strcmp(volume->owner, owner.buf) != 0)
			continue;
		volumes.count++;
		volumes.done += !strcmp(volume->phase, "Completed");
		volumes.failed += phase_is_final(PHASE_VOLUME, volume->phase) &&
				  strcmp(volume->phase, "Completed") != 0;
		volumes.bytes_done += volume->bytes_done;
		volumes.bytes_total += volume->bytes_total;
	}
	strbuf_done(&owner);
	return volumes;
}

static void comma(struct strbuf *out)
{
	if (out->len)
		strbuf_adds(out, ", ");
}

static void add_volumes(struct strbuf *out, const struct restore_volumes *volumes)
{
	comma(out);
	strbuf_addf(out, "%lld of ", (long long)volumes->done);
	amount_add_counted(out, volumes->count, "volume");
	if (volumes->failed)
		strbuf_addf(out, " (%lld failed)", (long long)volumes->failed);
	if (!volumes->bytes_total)
		return;
	strbuf_adds(out, ", ");
	amount_add_bytes(out, volumes->bytes_done);
	strbuf_adds(out, " of ");
	amount_add_bytes(out, volumes->bytes_total);
}

void restore_progress_add(struct strbuf *out, const struct restore_progress *progress)
{
	const struct restore *restore = progress->restore;
	struct strbuf text = STRBUF_INIT;

	if (!*restore->phase || !strcmp(restore->phase, "New")) {
		strbuf_adds(&text, "Velero has not picked it up yet");
		if (*progress->other)
			strbuf_addf(&text, ": it restores one at a time, now %s", progress->other);
	} else if (restore->items_total) {
		strbuf_addf(&text, "%lld of about ", (long long)restore->items_done);
		amount_add_counted(&text, restore->items_total, "object");
	}
	if (progress->volumes.count)
		add_volumes(&text, &progress->volumes);
	if (text_starts(restore->phase, "Finalizing"))
		strbuf_adds(&text, text.len ? "; finishing" : "finishing");
	if (text_starts(restore->phase, "WaitingForPluginOperations"))
		strbuf_adds(&text, text.len ? "; plug-ins have asked for more time"
					    : "plug-ins have asked for more time");
	if (progress->waits_for && *progress->waits_for)
		strbuf_addf(&text, "%s%s", text.len ? "; " : "", progress->waits_for);
	if (progress->still_s >= RESTORE_STILL_S) {
		strbuf_adds(&text, text.len ? "; nothing moved for " : "nothing moved for ");
		clock_add_span(&text, progress->still_s);
	}
	strbuf_add(out, text.buf, text.len);
	strbuf_done(&text);
}

void restore_health_add(struct strbuf *out, const struct restore_health *health)
{
	if (!health->known) {
		strbuf_adds(out, "pods and claims could not be looked up");
		return;
	}
	strbuf_addf(out, "%lld of ", (long long)health->pods_ready);
	amount_add_counted(out, health->pods, "pod");
	strbuf_addf(out, " ready, %lld of ", (long long)health->claims_bound);
	amount_add_counted(out, health->claims, "claim");
	strbuf_adds(out, " bound");
}

bool restore_health_is_good(const struct restore_health *health)
{
	return health->known && health->pods_ready == health->pods &&
	       health->claims_bound == health->claims;
}
