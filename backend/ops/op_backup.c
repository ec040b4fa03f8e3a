#include "backend/base/clock.h"
#include "backend/ops/backup_view.h"
#include "backend/ops/creation.h"
#include "backend/ops/op_words.h"
#include "backend/ops/shutdown_pods.h"

#include <stdlib.h>
#include <string.h>

struct op_backup {
	struct op op;
	char id[CREATION_ID_LEN + 1];
	char *app_slug, *app_title;
	char *name, *uid;    /* of the Backup, once the cluster has it */
	char *words;	     /* what is being waited for until then */
	struct json *backup; /* to be created; moves into creation */
	struct json *sent;   /* its spec below "spec", to see what Velero does not know */
	char *dropped;	     /* of it, "" */
	struct shutdown_pods *pods;
	struct creation *creation;
	uint64_t timer;
	bool seen;
	int64_t asked, accepted, copied;
	int64_t moved, moved_sum; /* when a number of it last changed, and to what */
};

/* What stands still makes no new picture: its age is looked at by the clock. */
#define LOOK_AGAIN_MS 30000

static const struct snapshot *find_row(const struct model *model, const struct backup *backup)
{
	for (size_t i = 0; i < model->snapshot_count; i++)
		if (model->snapshots[i].backup == backup)
			return &model->snapshots[i];
	return NULL;
}

/* A group shows its first backup only: then ours has no row of its own, and one is made of the
 * object alone. */
static const struct snapshot *row_of(const struct model *model, const struct backup *backup,
				     struct snapshot *lone)
{
	const struct snapshot *row = backup ? find_row(model, backup) : NULL;

	if (row || !backup)
		return row;
	*lone = (struct snapshot){
		.backup = backup, .phase = backup->phase, .parts = 1, .parts_expected = 1
	};
	return lone;
}

static enum backup_fate show(struct op_backup *op, const struct error *refusal)
{
	const struct model *model = op->op.world->model(op->op.world->arg);
	const struct object *object =
		op->uid ? list_by_uid(model->lists[COLLECTION_BACKUPS], op->uid) : NULL;
	const struct backup *backup = (const struct backup *)object;
	struct snapshot lone;
	enum backup_fate fate;
	struct backup_facts facts = { .id = op->id,
				      .owner = op_owner(op->op.world),
				      .app_slug = op->app_slug,
				      .app_title = op->app_title,
				      .name = op->name ? op->name : "",
				      .words = op->words,
				      .refusal = refusal,
				      .dropped = op->dropped,
				      .snapshot = row_of(model, backup, &lone),
				      .gone = op->seen && !object,
				      .asked = op->asked,
				      .accepted = op->accepted,
				      .now = clock_now() };

	op->seen = op->seen || object;
	if (backup && !op->copied && text_starts(backup->phase, "Finalizing"))
		op->copied = facts.now;
	if (facts.snapshot && (!op->moved || op->moved_sum != backup_how_far(facts.snapshot))) {
		op->moved = facts.now;
		op->moved_sum = backup_how_far(facts.snapshot);
	}
	facts.copied = op->copied;
	facts.moved = op->moved;
	op_publish(&op->op, backup_view(&facts, &fate));
	return fate;
}

static void refuse(struct op_backup *op, const struct error *err)
{
	show(op, err);
	op_end(&op->op, err);
}

static void end_badly(struct op_backup *op)
{
	const struct op_view *view = op->op.view;
	struct error err;

	error_set(&err, STATUS_FAILED, "%s%s%s", view->verdict, *view->why ? " " : "", view->why);
	error_hint(&err, "%s", view->next);
	op_end(&op->op, &err);
}

static void backup_look(struct op *base)
{
	struct op_backup *op = (struct op_backup *)base;
	enum backup_fate fate;

	if (!op->uid)
		return;
	fate = show(op, NULL);
	if (fate == BACKUP_WELL)
		op_end(base, NULL);
	else if (fate == BACKUP_ENDED_BADLY)
		end_badly(op);
}

static void look_again(void *arg)
{
	struct op_backup *op = arg;

	op->timer = 0;
	backup_look(&op->op);
	if (!op->op.has_ended)
		op->timer = transport_after(op->op.world->transport, LOOK_AGAIN_MS, look_again, op);
}

static void say(void *arg, const char *words)
{
	struct op_backup *op = arg;

	free(op->words);
	op->words = mem_text(words);
	show(op, NULL);
}

static void created(void *arg, const struct json *object, const struct error *err)
{
	struct op_backup *op = arg;
	struct strbuf dropped = STRBUF_INIT;

	if (err) {
		refuse(op, err);
		return;
	}
	op->name = mem_text(json_text(object, "metadata.name"));
	op->uid = mem_text(json_text(object, "metadata.uid"));
	op->accepted = clock_now();
	creation_add_dropped(&dropped, op->sent, object);
	op->dropped = strbuf_detach(&dropped);
	say(op, "Velero has not picked it up yet");
	op->op.world->accepted(op->op.world->arg, &op->op, op->name);
	look_again(op);
}

static void pods_done(void *arg)
{
	struct op_backup *op = arg;
	struct strbuf what = STRBUF_INIT;
	struct creation_spec spec = { .transport = op->op.world->transport,
				      .client = op->op.world->client,
				      .kind = &backup_kind,
				      .namespace = json_text(op->backup, "metadata.namespace"),
				      .body = op->backup,
				      .id = op->id,
				      .step = say,
				      .done = created,
				      .arg = op };

	say(op, "asking Velero");
	strbuf_addf(&what, "take a %s snapshot: create backup in %s",
		    *op->app_slug ? "partial" : "full", spec.namespace);
	spec.what = what.buf;
	op->sent = json_new_map();
	json_put(op->sent, "spec", json_clone(json_key(op->backup, "spec")));
	op->backup = NULL;
	op->creation = creation_start(&spec);
	strbuf_done(&what);
}

static enum status prepare(struct op_backup *op, struct error *err)
{
	const struct model *model = op->op.world->model(op->op.world->arg);
	const struct app *app;
	struct backup_wish wish = { .kind = *op->app_slug ? SNAPSHOT_PARTIAL : SNAPSHOT_FULL,
				    .app_slug = op->app_slug,
				    .now = op->asked,
				    .request_id = op->id,
				    .made_by = op->op.world->made_by };

	if (!model->console)
		return error_set(err, STATUS_REFUSED,
				 "not yet: the Admin Console is still being looked for");
	if (backup_check(model, op->app_slug, err))
		return err->code;
	app = *op->app_slug ? console_app(model->console, op->app_slug) : NULL;
	op->app_title = mem_text(app ? app->title : "");
	return backup_spec_build(model->console, &wish, &op->backup, err);
}

static void backup_free(struct op *base)
{
	struct op_backup *op = (struct op_backup *)base;

	if (op->timer)
		transport_cancel_timer(base->world->transport, op->timer);
	creation_free(op->creation);
	shutdown_pods_free(op->pods);
	json_free(op->backup);
	json_free(op->sent);
	free(op->dropped);
	free(op->app_slug);
	free(op->app_title);
	free(op->name);
	free(op->uid);
	free(op->words);
}

static const struct op_kind_ops backup_ops = { OP_TAKE, backup_look, backup_free };

struct op *op_backup_start(const struct op_world *world, uint64_t ticket, const char *app_slug)
{
	struct op_backup *op = mem_alloc(sizeof(*op));
	struct error err = ERROR_INIT;

	op_init(&op->op, &backup_ops, world, ticket);
	creation_make_id(op->id);
	op->app_slug = mem_text(app_slug);
	op->words = mem_text("looking for pods that were shut down");
	op->asked = clock_now();
	if (prepare(op, &err)) {
		refuse(op, &err);
		return &op->op;
	}
	show(op, NULL);
	op->pods = shutdown_pods_start(world->client, op->backup, pods_done, op);
	return &op->op;
}
