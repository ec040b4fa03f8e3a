#include "backend/ops/op_stop.h"

#include "backend/base/amount.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The console writes the end of its undeploy 20 s late; a cancel in that time would leave
 * "completed" behind, and its next restore would remove nothing (13 item 5). */
#define LATE_WRITE_MS 25000

struct op_stop {
	struct stop_spec spec;
	char *app_slug;
	const struct object **targets; /* of a model that is kept */
	const struct model *model;
	size_t count, at;
	uint64_t call, timer;
	struct console_execution *execution;
	bool again; /* the late write was waited for */
};

static const char *const way_words[STOP_WAYS] = { [STOP_VOLUMES] = "cancel-volumes",
						  [STOP_RESTORE] = "delete-restore",
						  [STOP_FORGET] = "forget" };

enum stop_way stop_way_find(const char *word)
{
	size_t i = 0;

	while (i < STOP_WAYS && strcmp(way_words[i], word) != 0)
		i++;
	return (enum stop_way)i;
}

/* ---- what is meant ---- */

static bool is_of_plan(const struct restore_plan *plan, const char *name, bool hashed)
{
	bool found = false;

	for (size_t i = 0; i < plan->part_count && !found; i++) {
		struct strbuf text = STRBUF_INIT;

		if (hashed)
			object_add_label_value(&text, plan->parts[i].restore);
		else
			strbuf_adds(&text, plan->parts[i].restore);
		found = !strcmp(text.buf, name);
		strbuf_done(&text);
	}
	return found;
}

static bool is_target(const struct object *object, const struct restore_plan *plan,
		      enum stop_way way)
{
	if (way == STOP_VOLUMES) {
		const struct podvolume *volume = (const struct podvolume *)object;

		return is_of_plan(plan, volume->owner, true) &&
		       !phase_is_final(PHASE_VOLUME, volume->phase);
	}
	return is_of_plan(plan, object->name, false) && !object->deleted &&
	       !phase_is_final(PHASE_RESTORE, ((const struct restore *)object)->phase);
}

size_t stop_targets(const struct model *model, const struct restore_plan *plan, enum stop_way way,
		    const struct object ***ret_objects)
{
	const struct list *list = model->lists[way == STOP_VOLUMES ? COLLECTION_POD_VOLUME_RESTORES
								   : COLLECTION_RESTORES];
	const struct object **found = mem_array(list->count + 1, sizeof(const struct object *));
	size_t count = 0;

	for (size_t i = 0; way != STOP_FORGET && i < list->count; i++)
		if (is_target(list->items[i], plan, way))
			found[count++] = list->items[i];
	*ret_objects = found;
	return count;
}

/* ---- the end ---- */

static void finish(struct op_stop *stop, const char *words, const struct error *err)
{
	void (*done)(void *arg, const char *text, const struct error *why) = stop->spec.done;
	void *arg = stop->spec.arg;

	op_stop_cancel(stop);
	done(arg, words, err);
}

static void tell_end(struct op_stop *stop)
{
	const char *backup = stop->spec.plan->backup;
	struct strbuf words = STRBUF_INIT;

	switch (stop->spec.way) {
	case STOP_VOLUMES:
		amount_add_counted(&words, (int64_t)stop->count, "volume");
		strbuf_addf(&words,
			    " asked to stop, and left as far as it is. The restore ends as "
			    "PartiallyFailed. The way back: restore again from %s.",
			    backup);
		break;
	case STOP_RESTORE:
		strbuf_addf(&words,
			    "The Restore is being deleted. What it has made stays, the rest does "
			    "not come. The way back: restore again from %s.",
			    backup);
		break;
	default:
		strbuf_addf(&words,
			    "The Admin Console has forgotten that it restores %s. What is removed "
			    "or half restored stays. The way back: restore again from %s.",
			    stop->app_slug, backup);
	}
	finish(stop, words.buf, NULL);
	strbuf_done(&words);
}

/* ---- Velero's objects ---- */

static void ask_next(struct op_stop *stop);

static void asked(void *arg, const struct json *reply, const struct error *err)
{
	struct op_stop *stop = arg;
	struct error why = ERROR_INIT;

	(void)reply;
	stop->call = 0;
	if (err && err->http != 404) {
		why = *err;
		finish(stop, NULL, &why);
		return;
	}
	stop->at++;
	ask_next(stop);
}

static void ask_next(struct op_stop *stop)
{
	bool volumes = stop->spec.way == STOP_VOLUMES;
	struct strbuf path = STRBUF_INIT, what = STRBUF_INIT;
	struct json *body;
	struct client_call call = { .method = volumes ? "PATCH" : "DELETE" };

	if (stop->at == stop->count) {
		tell_end(stop);
		return;
	}
	body = json_new_map();
	if (volumes) {
		json_put_path(body, "spec.cancel", json_new_bool(true));
		call.content_type = "application/merge-patch+json";
	} else {
		json_put_path(body, "preconditions.uid",
			      json_new_text(stop->targets[stop->at]->uid));
	}
	client_add_path(&path, volumes ? &podvolumerestore_kind : &restore_kind,
			stop->spec.plan->velero_namespace, stop->targets[stop->at]->name);
	strbuf_addf(&what, "%s %s", volumes ? "cancel volume" : "delete Restore",
		    stop->targets[stop->at]->name);
	call.path = path.buf;
	call.what = what.buf;
	call.body = body;
	stop->call = client_call(stop->spec.world->client, &call, asked, stop);
	json_free(body);
	strbuf_done(&path);
	strbuf_done(&what);
}

/* Older ones do not know the field, and the API server drops it without a word. */
static bool can_cancel(const struct console *console)
{
	int major, minor;

	return !console || sscanf(console->velero_version, "%d.%d", &major, &minor) != 2 ||
	       major > 1 || minor >= 17;
}

/* ---- the console's database ---- */

static void forget(struct op_stop *stop);

static void forget_again(void *arg)
{
	struct op_stop *stop = arg;

	stop->timer = 0;
	stop->again = true;
	forget(stop);
}

static int64_t rows_hit(const struct json *reply)
{
	return json_int(json_first(json_get(reply, "results")), "rows_affected", 0);
}

static void forgotten(void *arg, const struct json *reply, const struct error *err)
{
	struct op_stop *stop = arg;
	struct error why = ERROR_INIT;

	stop->execution = NULL;
	if (err) {
		why = *err;
		error_hint(&why, "The Admin Console's own Cancel does the same.");
		finish(stop, NULL, &why);
	} else if (!stop->again && rows_hit(reply) < 1) {
		error_set(&why, STATUS_NOT_FOUND, "the Admin Console knows no application %s",
			  stop->app_slug);
		finish(stop, NULL, &why);
	} else if (stop->again) {
		tell_end(stop);
	} else {
		if (stop->spec.step)
			stop->spec.step(stop->spec.arg,
					"forgotten; waits 25 s for what the Admin Console may "
					"still write about its removal");
		stop->timer = transport_after(stop->spec.world->transport, LATE_WRITE_MS,
					      forget_again, stop);
	}
}

/* The second time only what the late write left, never a restore that was begun meanwhile. */
static void forget(struct op_stop *stop)
{
	struct json *list = json_new_list(), *row = json_add(list, json_new_list());
	struct console_statements statements = { .transport = stop->spec.world->transport,
						 .client = stop->spec.world->client,
						 .namespace = stop->spec.plan->console_namespace,
						 .write = true,
						 .statements = list,
						 .done = forgotten,
						 .arg = stop };

	json_add_text(row, stop->again ? "update app set restore_undeploy_status = '' where slug = "
					 "? and (restore_in_progress_name is null or "
					 "restore_in_progress_name = '')"
				       : "update app set restore_in_progress_name = NULL, "
					 "restore_undeploy_status = '' where slug = ?");
	json_add_text(row, stop->app_slug);
	stop->execution = console_execute(&statements);
	json_free(list);
}

/* ---- life ---- */

static void begin(void *arg)
{
	struct op_stop *stop = arg;
	const struct console *console = stop->model->console;
	struct error err = ERROR_INIT;

	stop->timer = 0;
	if (stop->spec.way == STOP_FORGET) {
		if (*stop->app_slug && *stop->spec.plan->console_namespace) {
			forget(stop);
			return;
		}
		error_set(&err, STATUS_REFUSED,
			  "there is no Admin Console, or no application, "
			  "that could forget it");
	} else if (stop->spec.way == STOP_VOLUMES && !can_cancel(console)) {
		error_set(&err, STATUS_UNSUPPORTED,
			  "Velero %s cannot cancel volumes; from 1.17 on it can",
			  console->velero_version);
	} else if (!stop->count) {
		error_set(&err, STATUS_REFUSED,
			  stop->spec.way == STOP_VOLUMES ? "no volume of it is under way"
							 : "no Restore of it is under way");
	} else {
		ask_next(stop);
		return;
	}
	finish(stop, NULL, &err);
}

struct op_stop *op_stop_start(const struct stop_spec *spec)
{
	struct op_stop *stop = mem_alloc(sizeof(*stop));

	stop->spec = *spec;
	restore_plan_ref(spec->plan);
	stop->app_slug = mem_text(spec->app_slug);
	stop->model = model_ref(spec->world->model(spec->world->arg));
	stop->count = stop_targets(stop->model, spec->plan, spec->way, &stop->targets);
	stop->timer = transport_after(spec->world->transport, 0, begin, stop);
	return stop;
}

void op_stop_cancel(struct op_stop *stop)
{
	if (!stop)
		return;
	if (stop->timer)
		transport_cancel_timer(stop->spec.world->transport, stop->timer);
	if (stop->call)
		client_cancel(stop->spec.world->client, stop->call);
	console_execute_cancel(stop->execution);
	restore_plan_unref(stop->spec.plan);
	model_unref(stop->model);
	free(stop->targets);
	free(stop->app_slug);
	free(stop);
}
