#include "backend/base/clock.h"
#include "backend/session/worker.h"

#include <stdlib.h>
#include <string.h>

#define SHORTEST_GAP_MS 100
/* Making a picture of a long list costs: at most one part in ten of the worker's time goes into
 * it. */
#define GAP_PER_COST 9
/* A wall clock may be set and a machine may sleep: waiting for a moment looks at the clock so
 * often. */
#define LOOK_AT_CLOCK_MS 3600000

static void take_lists(struct worker *worker)
{
	for (int i = 0; i < COLLECTIONS; i++) {
		struct feed *feed = &worker->feeds[i];
		bool volumes =
			i == COLLECTION_POD_VOLUME_BACKUPS || i == COLLECTION_POD_VOLUME_RESTORES;

		/* Half a list of volumes would show snapshots smaller than they are. */
		if (!list_edit_changed(feed->edit) || (volumes && !worker->states[i].shown.ever))
			continue;
		list_unref(feed->list);
		feed->list = list_edit_publish(feed->edit);
	}
}

static void fill_link(struct worker *worker, struct model *model)
{
	const struct kube_access *access = client_access(worker->client);
	const struct link_now now = { worker->began, model->made_at, clock_monotonic_ms() };
	struct link *link = &model->link;
	struct strbuf server = STRBUF_INIT;

	link_judge(worker->states, COLLECTIONS, &now, link);
	http_add_origin(&server, access->server);
	link->server = arena_text(&model->arena, server.buf);
	strbuf_done(&server);
	link->source = arena_text(&model->arena, access->source);
	link->context = arena_text(&model->arena, access->context);
	link->site = arena_text(&model->arena, worker->site);
	link->insecure = access->insecure;
	link->practice = worker->practice;
	link->read_only = worker->read_only;
	link->skew_s = client_clock_skew_s(worker->client);
}

/* ---- snapshots ---- */

/* Rows borrow from lists: those of the last picture serve as long as all they were made from does.
 */
static bool rows_still_hold(const struct worker *worker, const struct model *model)
{
	static const enum collection sources[] = { COLLECTION_BACKUPS,
						   COLLECTION_POD_VOLUME_BACKUPS,
						   COLLECTION_DELETE_REQUESTS };
	const struct model *before = worker->model;

	if (!before || (worker->next_expiry && model->made_at >= worker->next_expiry))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (before->lists[sources[i]] != model->lists[sources[i]])
			return false;
	return before->state[COLLECTION_POD_VOLUME_BACKUPS].ever ==
	       model->state[COLLECTION_POD_VOLUME_BACKUPS].ever;
}

static int64_t find_next_expiry(const struct list *backups, int64_t now)
{
	int64_t next = 0;

	for (size_t i = 0; i < backups->count; i++) {
		int64_t expires = ((const struct backup *)backups->items[i])->expires;

		if (expires > now && (!next || expires < next))
			next = expires;
	}
	return next;
}

static void plan_expiry(struct worker *worker);

static void look_at_clock(void *arg)
{
	struct worker *worker = arg;

	worker->expiry_timer = 0;
	if (clock_now() >= worker->next_expiry)
		worker_touch(worker);
	else
		plan_expiry(worker);
}

/* A snapshot expires without any event from the cluster: Velero may remove it an hour later. */
static void plan_expiry(struct worker *worker)
{
	int64_t left_ms = worker->next_expiry * 1000 - clock_now_ms();

	publish_stop(worker);
	if (!worker->next_expiry)
		return;
	if (left_ms > LOOK_AT_CLOCK_MS)
		left_ms = LOOK_AT_CLOCK_MS;
	worker->expiry_timer = transport_after(worker->transport, left_ms > 0 ? left_ms : 0,
					       look_at_clock, worker);
}

void publish_stop(struct worker *worker)
{
	if (worker->expiry_timer)
		transport_cancel_timer(worker->transport, worker->expiry_timer);
	worker->expiry_timer = 0;
}

static void build_snapshots(struct worker *worker, struct model *model)
{
	model_build_snapshots(model);
	worker->next_expiry = find_next_expiry(model->lists[COLLECTION_BACKUPS], model->made_at);
	plan_expiry(worker);
}

/* ---- operations ---- */

static bool is_unfinished(const struct op_view *view)
{
	return view->state == OP_RUNNING || view->state == OP_UNFINISHED;
}

static int by_urgency(const void *a, const void *b)
{
	const struct op_view *left = *(const struct op_view *const *)a,
			     *right = *(const struct op_view *const *)b;

	if (is_unfinished(left) != is_unfinished(right))
		return is_unfinished(left) ? -1 : 1;
	if (left->began != right->began)
		return left->began > right->began ? -1 : 1;
	return strcmp(left->id, right->id);
}

/* One that stopped here and was resumed here has two views: the newer speaks. */
static bool has_view(const struct model *model, const char *id)
{
	for (size_t i = 0; i < model->op_count; i++)
		if (!strcmp(model->ops[i]->id, id))
			return true;
	return false;
}

static void fill_ops(struct worker *worker, struct model *model)
{
	size_t most = worker->op_count + worker->ended_count + worker->record_count;

	model->ops = mem_array(most ? most : 1, sizeof(const struct op_view *));
	for (size_t i = 0; i < worker->op_count; i++)
		if (worker->ops[i].op && worker->ops[i].op->view)
			model->ops[model->op_count++] = op_view_ref(worker->ops[i].op->view);
	for (size_t i = 0; i < worker->ended_count; i++)
		if (!has_view(model, worker->ended[i]->id))
			model->ops[model->op_count++] = op_view_ref(worker->ended[i]);
	records_add_views(worker, model->ops, &model->op_count, model->made_at);
	qsort(model->ops, model->op_count, sizeof(const struct op_view *), by_urgency);
}

struct model *publish_build(struct worker *worker)
{
	struct model *model = model_new();

	model->made_at = clock_now();
	model->generation = ++worker->generation;
	take_lists(worker);
	for (int i = 0; i < COLLECTIONS; i++) {
		list_unref(model->lists[i]);
		model->lists[i] = list_ref(worker->feeds[i].list);
		model->state[i] = worker->states[i].shown;
	}
	fill_link(worker, model);
	if (rows_still_hold(worker, model))
		model_keep_snapshots(model, worker->model);
	else
		build_snapshots(worker, model);
	model->ops_read = worker->records_read;
	probe_look_at_model(worker, model);
	model->console = worker->console ? console_ref(worker->console) : NULL;
	return model;
}

static void hand_over(struct worker *worker, const struct model *model)
{
	const struct model *untaken = atomic_exchange(&worker->latest, model_ref(model));
	struct event *event;

	if (untaken) {
		model_unref(untaken);
		return;
	}
	event = mem_alloc(sizeof(*event));
	event->kind = EVENT_MODEL;
	worker_post(worker, event);
}

/* Operations look at the new picture before it goes out, so that their views are in it and cause no
 * further one. */
void publish(struct worker *worker)
{
	int64_t began_ms = clock_monotonic_ms(), cost_ms;
	struct model *model = publish_build(worker);

	model_unref(worker->model);
	worker->model = model;
	for (size_t i = 0; i < worker->op_count; i++)
		if (worker->ops[i].op)
			op_look(worker->ops[i].op);
	fill_ops(worker, model);
	worker->dirty = false;
	hand_over(worker, model);
	cost_ms = clock_monotonic_ms() - began_ms;
	worker->publish_due_ms = began_ms + SHORTEST_GAP_MS;
	if (cost_ms * GAP_PER_COST > SHORTEST_GAP_MS)
		worker->publish_due_ms = began_ms + cost_ms * (GAP_PER_COST + 1);
}
