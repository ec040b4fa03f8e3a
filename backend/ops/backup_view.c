#include "backend/ops/backup_view.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/kots/snapshot_words.h"
#include "backend/ops/op_words.h"

#include <string.h>

enum { TAKE_ACCEPTED, TAKE_COPYING, TAKE_FINISHING, TAKE_STEPS };

static const char *const titles[TAKE_STEPS] = { "Accepted", "Copying", "Finishing" };

/* How far a phase that is not final has come; phases not named here are taken as copying. */
static const struct {
	const char *phase, *words;
	int step;
} phase_steps[] = {
	{ "", "Velero has not picked it up yet", TAKE_ACCEPTED },
	{ "New", "Velero has not picked it up yet", TAKE_ACCEPTED },
	{ "Queued", "waits for its turn", TAKE_ACCEPTED },
	{ "ReadyToStart", "starting", TAKE_ACCEPTED },
	{ "WaitingForPluginOperations", "plug-ins have asked for more time", TAKE_COPYING },
	{ "WaitingForPluginOperationsPartiallyFailed",
	  "plug-ins have asked for more time; errors so far", TAKE_COPYING },
	{ "Finalizing", "log, lists and results go to the destination last", TAKE_FINISHING },
	{ "FinalizingPartiallyFailed",
	  "errors so far; log, lists and results go to the destination last", TAKE_FINISHING },
};

static int step_of(const char *phase, const char **ret_words)
{
	for (size_t i = 0; i < ARRAY_SIZE(phase_steps); i++) {
		if (!strcmp(phase_steps[i].phase, phase)) {
			*ret_words = phase_steps[i].words;
			return phase_steps[i].step;
		}
	}
	*ret_words = "";
	return TAKE_COPYING;
}

/* "1,087 of about 1,204 objects, 3 of 7 volumes" */
static void add_progress(struct strbuf *out, const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	if (backup->items_total)
		strbuf_addf(out, "%lld of about ", (long long)backup->items_done);
	if (backup->items_total)
		amount_add_counted(out, backup->items_total, "object");
	if (snapshot->volumes_read && snapshot->volumes) {
		strbuf_addf(out, "%s%d of ", out->len ? ", " : "", snapshot->volumes_done);
		amount_add_counted(out, snapshot->volumes, "volume");
	}
	if (snapshot->volumes_failed)
		strbuf_addf(out, ", %d failed", snapshot->volumes_failed);
}

static void add_accepted_words(struct strbuf *out, const struct backup *backup, const char *words)
{
	strbuf_adds(out, words);
	if (backup->queue_position)
		strbuf_addf(out, ", place %lld in the queue", (long long)backup->queue_position);
}

int64_t backup_how_far(const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	return backup->items_done + backup->operations_done + snapshot->volumes_done +
	       snapshot->volumes_failed + snapshot->bytes_done - backup->queue_position +
	       (int64_t)strlen(backup->phase);
}

/* true when it stands still for so long that a person should look. */
static bool add_still(struct strbuf *out, const struct backup_facts *facts)
{
	int64_t still_s = facts->moved ? facts->now - facts->moved : 0;
	const char *phase = facts->snapshot->backup->phase;

	if (!strcmp(phase, "ReadyToStart") && still_s >= BACKUP_STUCK_S) {
		strbuf_adds(out, "; stuck: restart Velero's pod");
		return true;
	}
	/* Waiting for its turn is no stall. */
	if (!*phase || !strcmp(phase, "New") || !strcmp(phase, "Queued") ||
	    still_s < BACKUP_STILL_S)
		return false;
	strbuf_addf(out, "%snothing moved for ", out->len ? "; " : "");
	clock_add_span(out, still_s);
	return true;
}

static int64_t step_began(const struct backup_facts *facts, int step)
{
	return step == TAKE_ACCEPTED  ? facts->asked
	       : step == TAKE_COPYING ? facts->snapshot->backup->started
				      : facts->copied;
}

/* The API server drops what an older Velero does not know, without a word (spec/velero-api.md 12,
 * item 2). "" when it knows everything. */
static const char *dropped_words(struct op_view *view, const struct backup_facts *facts)
{
	struct strbuf words = STRBUF_INIT;
	const char *kept = "";

	if (facts->dropped && *facts->dropped) {
		strbuf_addf(&words, "this Velero does not know %s: it was left out",
			    facts->dropped);
		kept = arena_text(&view->arena, words.buf);
	}
	strbuf_done(&words);
	return kept;
}

/* The step of the acceptance, once it lies behind. */
static struct op_step_view accepted_step(struct op_view *view, const struct backup_facts *facts)
{
	const char *dropped = dropped_words(view, facts);

	return (struct op_step_view){ .state = *dropped ? OP_STEP_WARNING : OP_STEP_DONE,
				      .detail = dropped };
}

static void show_running(struct op_view *view, const struct backup_facts *facts)
{
	const struct backup *backup = facts->snapshot->backup;
	struct strbuf detail = STRBUF_INIT;
	const char *words;
	int at = step_of(backup->phase, &words);
	bool still;

	for (int i = 0; i < at; i++) {
		struct op_step_view step = { .state = OP_STEP_DONE, .detail = "" };

		if (i == TAKE_ACCEPTED)
			step = accepted_step(view, facts);
		step.began = step_began(facts, i);
		step.ended = step_began(facts, i + 1);
		op_view_step(view, (size_t)i, step);
	}
	if (at == TAKE_ACCEPTED) {
		add_accepted_words(&detail, backup, words);
	} else if (at == TAKE_COPYING) {
		add_progress(&detail, facts->snapshot);
		strbuf_addf(&detail, "%s%s", detail.len && *words ? "; " : "", words);
	} else {
		strbuf_adds(&detail, words);
	}
	still = add_still(&detail, facts);
	op_view_step(view, (size_t)at,
		     (struct op_step_view){ .state = still ? OP_STEP_WARNING : OP_STEP_RUNNING,
					    .began = step_began(facts, at),
					    .detail = detail.buf });
	strbuf_done(&detail);
}

/* "instance-b6w8t is complete: 167 GiB in 44 min." (design/screens.md 5.2) */
static void add_complete(struct strbuf *out, const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	strbuf_addf(out, "%s is complete", backup->object.name);
	if (snapshot_is_empty(snapshot))
		strbuf_adds(out, ", but it is empty");
	if (snapshot->volumes_read && snapshot->bytes_done > 0) {
		strbuf_adds(out, ": ");
		amount_add_bytes(out, snapshot->bytes_done);
	}
	if (backup->completed && backup->started) {
		strbuf_adds(out, " in ");
		clock_add_span(out, backup->completed - backup->started);
	}
	if (backup->warnings) {
		strbuf_adds(out, ", ");
		amount_add_counted(out, backup->warnings, "warning");
	}
	strbuf_addc(out, '.');
}

static const char *reason(const struct backup *backup)
{
	return *backup->validation_error ? backup->validation_error : backup->failure_reason;
}

static void add_bad(struct strbuf *out, const struct backup *backup)
{
	if (!strcmp(backup->phase, "PartiallyFailed")) {
		strbuf_addf(out, "%s is incomplete: ", backup->object.name);
		amount_add_counted(out, backup->errors, "error");
		strbuf_addc(out, '.');
	} else if (!strcmp(backup->phase, "FailedValidation")) {
		strbuf_addf(out, "%s was refused by Velero; nothing was stored.",
			    backup->object.name);
	} else {
		strbuf_addf(out, "%s failed.", backup->object.name);
	}
}

static enum op_state well_state(const struct backup_facts *facts)
{
	bool dropped = facts->dropped && *facts->dropped;

	return dropped || facts->snapshot->backup->warnings || snapshot_is_empty(facts->snapshot)
		       ? OP_WARNINGS
		       : OP_DONE;
}

static enum backup_fate show_end(struct op_view *view, const struct backup_facts *facts)
{
	const struct backup *backup = facts->snapshot->backup;
	bool well = !strcmp(backup->phase, "Completed");
	bool refused = !strcmp(backup->phase, "FailedValidation");
	struct strbuf verdict = STRBUF_INIT;
	int last = refused ? TAKE_ACCEPTED : well || facts->copied ? TAKE_FINISHING : TAKE_COPYING;

	for (int i = 0; i <= last; i++) {
		struct op_step_view step = { .state = OP_STEP_DONE, .detail = "" };

		if (i == TAKE_ACCEPTED) {
			step = accepted_step(view, facts);
			step.began = facts->asked;
			step.ended = backup->started;
		}
		if (i == last && !well)
			step.state = OP_STEP_FAILED;
		if (i == last)
			step.ended = backup->completed;
		op_view_step(view, (size_t)i, step);
	}
	for (int i = last + 1; i < TAKE_STEPS; i++)
		op_view_step(view, (size_t)i,
			     (struct op_step_view){ .state = OP_STEP_SKIPPED, .detail = "" });
	if (well)
		add_complete(&verdict, facts->snapshot);
	else
		add_bad(&verdict, backup);
	view->state = well_state(facts);
	if (!well)
		view->state = OP_FAILED;
	view->verdict = arena_text(&view->arena, verdict.buf);
	view->why = well ? dropped_words(view, facts) : arena_text(&view->arena, reason(backup));
	view->next = well      ? ""
		     : refused ? "Mend what it says, then take it again."
			       : "Its log says which objects and volumes are missing.";
	view->errors = backup->errors;
	view->warnings = backup->warnings;
	view->ended = backup->completed ? backup->completed : facts->now;
	strbuf_done(&verdict);
	return well ? BACKUP_WELL : BACKUP_ENDED_BADLY;
}

static enum backup_fate show_gone(struct op_view *view, const struct backup_facts *facts,
				  const char *words)
{
	struct strbuf verdict = STRBUF_INIT;

	strbuf_adds(&verdict, facts->name);
	strbuf_adds(&verdict, words);
	view->state = OP_FAILED;
	view->verdict = arena_text(&view->arena, verdict.buf);
	view->ended = facts->now;
	strbuf_done(&verdict);
	return BACKUP_ENDED_BADLY;
}

static enum backup_fate show_refusal(struct op_view *view, const struct backup_facts *facts)
{
	op_view_step(view, TAKE_ACCEPTED,
		     (struct op_step_view){ .state = OP_STEP_FAILED,
					    .began = facts->asked,
					    .detail = facts->words });
	view->state = OP_FAILED;
	view->verdict = "The snapshot was not taken.";
	view->why = arena_text(&view->arena, facts->refusal->text);
	view->next = arena_text(&view->arena, facts->refusal->hint);
	view->ended = facts->now;
	return BACKUP_ENDED_BADLY;
}

static enum backup_fate show(struct op_view *view, const struct backup_facts *facts)
{
	if (facts->refusal)
		return show_refusal(view, facts);
	if (facts->gone)
		return show_gone(view, facts, " was deleted while it was being taken.");
	if (facts->snapshot && phase_is_final(PHASE_BACKUP, facts->snapshot->backup->phase))
		return show_end(view, facts);
	if (facts->snapshot && !strcmp(facts->snapshot->backup->phase, "Deleting"))
		return show_gone(view, facts, " is being deleted.");
	if (facts->snapshot)
		show_running(view, facts);
	else
		op_view_step(view, TAKE_ACCEPTED,
			     (struct op_step_view){ .state = OP_STEP_RUNNING,
						    .began = facts->asked,
						    .detail = facts->words });
	return BACKUP_GOES_ON;
}

const struct op_view *backup_view(const struct backup_facts *facts, enum backup_fate *ret_fate)
{
	struct op_view *view = op_view_start(OP_TAKE, facts->id, titles, TAKE_STEPS);

	view->state = OP_RUNNING;
	view->owner = arena_text(&view->arena, facts->owner);
	view->app_slug = arena_text(&view->arena, facts->app_slug);
	view->app_title = arena_text(&view->arena, facts->app_title);
	view->backup = arena_text(&view->arena, facts->name);
	view->began = facts->asked;
	*ret_fate = show(view, facts);
	return view;
}

static bool is_of_kind(const struct snapshot *snapshot, const char *app_slug, const char *app_id)
{
	if (!*app_slug)
		return snapshot->kind == SNAPSHOT_FULL;
	return snapshot->kind == SNAPSHOT_PARTIAL && *app_id &&
	       !strcmp(snapshot->backup->kots_app_id, app_id);
}

enum status backup_check(const struct model *model, const char *app_slug, struct error *err)
{
	const struct collection_state *state = &model->state[COLLECTION_BACKUPS];
	const struct app *app =
		*app_slug && model->console ? console_app(model->console, app_slug) : NULL;

	/* Who may not list them can still take one. */
	if (!state->ever && state->reading != READ_FORBIDDEN)
		return error_set(err, STATUS_REFUSED,
				 "not yet: the snapshots are still being read");
	for (size_t i = 0; i < model->snapshot_count; i++) {
		const struct snapshot *snapshot = &model->snapshots[i];

		if (!snapshot_is_running(snapshot) ||
		    !is_of_kind(snapshot, app_slug, app ? app->id : ""))
			continue;
		error_set(err, STATUS_REFUSED, "not now: %s (%s) is running",
			  snapshot->backup->object.name, *app_slug ? "partial" : "full");
		error_hint(err, "Wait until it has ended.");
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}
