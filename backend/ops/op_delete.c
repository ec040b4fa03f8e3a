#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/kots/labels.h"
#include "backend/ops/creation.h"
#include "backend/ops/delete_view.h"
#include "backend/ops/op_clean.h"
#include "backend/ops/op_words.h"

#include <stdlib.h>
#include <string.h>

#define ASK_VELERO_AFTER_MS 180000

struct op_delete {
	struct op op;
	char id[CREATION_ID_LEN + 1];
	char *backup, *backup_uid, *namespace;
	char *request, *request_uid; /* of the DeleteBackupRequest, once the cluster has it */
	char *words;
	struct creation *creation;
	uint64_t call, timer;
	bool seen, vanished;
	int64_t asked, accepted, picked_up, velero_began;
};

static const struct kube_kind pod_kind = { "", "v1", "pods" };

static enum delete_fate show(struct op_delete *op, const struct error *refusal)
{
	const struct model *model = op->op.world->model(op->op.world->arg);
	const struct object *request =
		op->request_uid
			? list_by_uid(model->lists[COLLECTION_DELETE_REQUESTS], op->request_uid)
			: NULL;
	enum delete_fate fate;
	struct delete_facts facts = { .id = op->id,
				      .owner = op_owner(op->op.world),
				      .backup = op->backup,
				      .request = op->request ? op->request : "",
				      .words = op->words,
				      .refusal = refusal,
				      .deletion = (const struct delete_request *)request,
				      .request_gone = op->vanished && !request,
				      .backup_there = !op->backup_uid ||
						      list_by_uid(model->lists[COLLECTION_BACKUPS],
								  op->backup_uid),
				      .asked = op->asked,
				      .accepted = op->accepted,
				      .velero_began = op->velero_began,
				      .now = clock_now() };

	op->seen = op->seen || request;
	if (facts.deletion && !op->picked_up && *facts.deletion->phase &&
	    strcmp(facts.deletion->phase, "New") != 0)
		op->picked_up = facts.now;
	facts.picked_up = op->picked_up;
	op_publish(&op->op, delete_view(&facts, &fate));
	return fate;
}

static void end_badly(struct op_delete *op)
{
	const struct op_view *view = op->op.view;
	struct error err;

	error_set(&err, STATUS_FAILED, *view->why ? "%s: \"%s\"" : "%s%s", view->verdict,
		  view->why);
	error_hint(&err, "%s", view->next);
	op_end(&op->op, &err);
}

static void delete_look(struct op *base)
{
	struct op_delete *op = (struct op_delete *)base;
	enum delete_fate fate;

	if (!op->request_uid)
		return;
	fate = show(op, NULL);
	if (fate == DELETE_WELL)
		op_end(base, NULL);
	else if (fate == DELETE_ENDED_BADLY)
		end_badly(op);
}

static void ask_velero(void *arg);

static void ask_later(struct op_delete *op)
{
	if (!op->op.has_ended)
		op->timer = transport_after(op->op.world->transport, ASK_VELERO_AFTER_MS,
					    ask_velero, op);
}

static void velero_answered(void *arg, const struct json *reply, const struct error *err)
{
	struct op_delete *op = arg;

	op->call = 0;
	if (err)
		log_line("op", "%s", err->text);
	else
		op->velero_began = velero_newest_start(reply);
	/* Long after it was there: by now its disappearance is no matter of two watches that are
	 * not equally fast. */
	op->vanished = op->seen;
	delete_look(&op->op);
	ask_later(op);
}

static void ask_velero(void *arg)
{
	struct op_delete *op = arg;
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .what = "look whether Velero was restarted" };

	op->timer = 0;
	client_add_path(&path, &pod_kind, op->namespace, NULL);
	call.path = path.buf;
	op->call = client_call(op->op.world->client, &call, velero_answered, op);
	strbuf_done(&path);
}

static void say(void *arg, const char *words)
{
	struct op_delete *op = arg;

	free(op->words);
	op->words = mem_text(words);
	show(op, NULL);
}

static void refuse(struct op_delete *op, const struct error *err)
{
	show(op, err);
	op_end(&op->op, err);
}

static void forget(void *arg, const struct json *reply, const struct error *err)
{
	(void)arg;
	(void)reply;
	if (err)
		log_line("op", "%s", err->text);
}

/* Failed ones of the same snapshot: one of the Admin Console's, which has no label, Velero would
 * keep for a day, and the Admin Console could not ask again. */
static void remove_leftovers(const struct op_delete *op)
{
	const struct model *model = op->op.world->model(op->op.world->arg);
	const struct list *requests = model->lists[COLLECTION_DELETE_REQUESTS];

	for (size_t i = 0; i < requests->count; i++) {
		const struct delete_request *request =
			(const struct delete_request *)requests->items[i];
		struct client_call call = { .method = "DELETE",
					    .what = "remove an older delete request" };
		struct strbuf path = STRBUF_INIT;

		if (strcmp(request->backup, op->backup) != 0 ||
		    model_leftover(model, request, op->accepted) != LEFTOVER_FAILED)
			continue;
		client_add_path(&path, &delete_request_kind, op->namespace, request->object.name);
		call.path = path.buf;
		client_call(op->op.world->client, &call, forget, NULL);
		strbuf_done(&path);
	}
}

static void created(void *arg, const struct json *object, const struct error *err)
{
	struct op_delete *op = arg;

	if (err) {
		refuse(op, err);
		return;
	}
	op->request = mem_text(json_text(object, "metadata.name"));
	op->request_uid = mem_text(json_text(object, "metadata.uid"));
	op->accepted = clock_now();
	remove_leftovers(op);
	op->op.world->accepted(op->op.world->arg, &op->op, op->request);
	delete_look(&op->op);
	ask_later(op);
}

/* A name of its own and both labels: a failed request blocks no later one (spec/kots-snapshots.md
 * 5, spec/velero-api.md 3.3). */
static struct json *request_build(const struct op_delete *op)
{
	struct json *root = json_new_map(), *labels;
	struct strbuf text = STRBUF_INIT;

	json_put_text(root, "apiVersion", "velero.io/v1");
	json_put_text(root, "kind", "DeleteBackupRequest");
	strbuf_addf(&text, "%s-", op->backup);
	json_put_path(root, "metadata.generateName", json_new_text(text.buf));
	json_put_path(root, "metadata.namespace", json_new_text(op->namespace));
	labels = json_put(json_key_mut(root, "metadata"), "labels", json_new_map());
	strbuf_reset(&text);
	object_add_label_value(&text, op->backup);
	json_put_text(labels, VELERO_BACKUP_NAME, text.buf);
	json_put_text(labels, VELERO_BACKUP_UID, op->backup_uid);
	json_put_path(root, "spec.backupName", json_new_text(op->backup));
	strbuf_done(&text);
	return root;
}

static void ask(struct op_delete *op)
{
	struct strbuf what = STRBUF_INIT;
	struct creation_spec spec = { .transport = op->op.world->transport,
				      .client = op->op.world->client,
				      .kind = &delete_request_kind,
				      .namespace = op->namespace,
				      .body = request_build(op),
				      .id = op->id,
				      .step = say,
				      .done = created,
				      .arg = op };

	strbuf_addf(&what, "delete %s: create delete request in %s", op->backup, op->namespace);
	spec.what = what.buf;
	op->creation = creation_start(&spec);
	strbuf_done(&what);
}

static void delete_free(struct op *base)
{
	struct op_delete *op = (struct op_delete *)base;

	creation_free(op->creation);
	if (op->call)
		client_cancel(base->world->client, op->call);
	if (op->timer)
		transport_cancel_timer(base->world->transport, op->timer);
	free(op->backup);
	free(op->backup_uid);
	free(op->namespace);
	free(op->request);
	free(op->request_uid);
	free(op->words);
}

static const struct op_kind_ops delete_ops = { OP_DELETE, delete_look, delete_free };

struct op *op_delete_start(const struct op_world *world, uint64_t ticket, const char *backup_name)
{
	struct op_delete *op = mem_alloc(sizeof(*op));
	const struct model *model = world->model(world->arg);
	const struct object *backup;
	struct error err = ERROR_INIT;

	op_init(&op->op, &delete_ops, world, ticket);
	creation_make_id(op->id);
	op->backup = mem_text(backup_name);
	op->words = mem_text("asking Velero");
	op->asked = clock_now();
	if (delete_check(model, backup_name, op->asked, &err)) {
		refuse(op, &err);
		return &op->op;
	}
	backup = list_by_name(model->lists[COLLECTION_BACKUPS], backup_name);
	op->backup_uid = mem_text(backup->uid);
	op->namespace = mem_text(backup->namespace);
	show(op, NULL);
	ask(op);
	return &op->op;
}
