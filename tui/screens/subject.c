#include "tui/screens/subject.h"

#include "backend/ops/restore_view.h"
#include "tui/screens/estimate.h"
#include "tui/screens/words.h"

#include <stdio.h>
#include <string.h>

static const struct op_view *op_by_id(const struct model *model, const char *id)
{
	for (size_t i = 0; i < model->op_count; i++)
		if (!strcmp(model->ops[i]->id, id))
			return model->ops[i];
	return NULL;
}

static const struct op_view *op_of(const struct model *model, enum op_kind kind, const char *backup,
				   const char *slug)
{
	for (size_t i = 0; i < model->op_count; i++) {
		const struct op_view *op = model->ops[i];

		if (op->kind == kind && !strcmp(op->backup, backup) &&
		    (!*slug || !strcmp(op->app_slug, slug)))
			return op;
	}
	return NULL;
}

static const struct op_view *op_of_restore(const struct model *model, const char *restore)
{
	for (size_t i = 0; i < model->op_count; i++)
		if (model->ops[i]->kind == OP_RESTORE && !strcmp(model->ops[i]->restore, restore))
			return model->ops[i];
	return NULL;
}

static const struct restore *restore_by_name(const struct model *model, const char *name)
{
	return *name ? (const struct restore *)list_by_name(model->lists[COLLECTION_RESTORES], name)
		     : NULL;
}

/* Of several Restores the one that is worked on now, or was the last. */
static const char *restore_at(const struct op_view *op)
{
	size_t step = estimate_step(op);

	return step > 0 && op->steps[step - 1].restore ? op->steps[step - 1].restore : op->restore;
}

/* The objects an operation works on. */
static struct subject of_op(const struct model *model, const struct op_view *op)
{
	struct subject subject = { .op = op };

	if (!op)
		return subject;
	if (op->kind == OP_RESTORE) {
		subject.restore = restore_by_name(model, restore_at(op));
		if (subject.restore && !restore_is_made_by(subject.restore, op))
			subject.restore = NULL;
	} else if (*op->backup) {
		subject.snapshot = model_snapshot_by_name(model, op->backup);
	}
	return subject;
}

static struct subject of_backup(const struct model *model, const char *name)
{
	struct subject subject = { .op = op_of(model, OP_TAKE, name, ""),
				   .snapshot = model_snapshot_by_name(model, name) };

	return subject;
}

static struct subject newest_running(const struct model *model)
{
	const struct snapshot *snapshot = model->running;

	if (model->op_count > 0 && model->ops[0]->state == OP_RUNNING)
		return of_op(model, model->ops[0]);
	if (snapshot)
		return of_backup(model, snapshot->backup->object.name);
	return (struct subject){ 0 };
}

struct subject subject_find(const struct model *model, const char *name)
{
	char backup[254] = "", slug[128] = "";

	if (!*name)
		return newest_running(model);
	if (text_starts(name, "backup/"))
		return of_backup(model, name + strlen("backup/"));
	if (text_starts(name, "restore/")) {
		const char *restore = name + strlen("restore/");

		return (struct subject){ .op = op_of_restore(model, restore),
					 .restore = restore_by_name(model, restore) };
	}
	if (sscanf(name, "restoring %253s %127s", backup, slug) == 2)
		return of_op(model,
			     op_of(model, OP_RESTORE, backup, strcmp(slug, "-") ? slug : ""));
	return of_op(model, op_by_id(model, name));
}

bool subject_is_there(const struct subject *subject)
{
	return subject->op || subject->snapshot || subject->restore;
}

void subject_add_name(struct strbuf *out, const struct subject *subject)
{
	if (subject->op)
		strbuf_adds(out, subject->op->id);
	else if (subject->snapshot)
		strbuf_addf(out, "backup/%s", subject->snapshot->backup->object.name);
	else if (subject->restore)
		strbuf_addf(out, "restore/%s", subject->restore->object.name);
}

const char *subject_backup(const struct subject *subject)
{
	if (subject->snapshot)
		return subject->snapshot->backup->object.name;
	if (subject->restore)
		return subject->restore->backup;
	return subject->op ? subject->op->backup : "";
}

const char *subject_restore(const struct subject *subject)
{
	if (subject->restore)
		return subject->restore->object.name;
	return subject->op ? restore_at(subject->op) : "";
}

void subject_add_title(struct strbuf *out, const struct subject *subject)
{
	const struct op_view *op = subject->op;
	const char *backup = subject_backup(subject);

	if (op && op->kind == OP_DELETE) {
		strbuf_addf(out, "delete %s", backup);
	} else if (subject->restore || (op && op->kind == OP_RESTORE)) {
		const char *what = op ? words_op_what(op) : subject->restore->app;

		strbuf_addf(out, "restore%s%s from %s", *what ? " " : "", what, backup);
	} else {
		strbuf_addf(out, "snapshot %s", *backup ? backup : "asked for");
	}
}

bool subject_has_ended(const struct subject *subject)
{
	if (subject->op)
		return subject->op->state != OP_RUNNING && subject->op->state != OP_UNFINISHED;
	if (subject->restore)
		return phase_is_final(PHASE_RESTORE, subject->restore->phase);
	return subject->snapshot && phase_is_final(PHASE_BACKUP, subject->snapshot->backup->phase);
}
