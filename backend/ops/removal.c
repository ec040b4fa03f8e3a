#include "backend/ops/removal.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/ops/sweep.h"

#include <stdlib.h>
#include <string.h>

struct ranked {
	int rank;
	size_t index;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

size_t removal_order(const struct app_objects *objects, size_t **ret_order)
{
	struct ranked *ranked = mem_array(objects->count + 1, sizeof(*ranked));
	size_t *order = mem_array(objects->count + 1, sizeof(*order));
	size_t count = 0;

	for (size_t i = 0; i < objects->count; i++) {
		const struct app_object *row = &objects->rows[i];

		if (!row->plan.excluded && !row->deleted)
			ranked[count++] = (struct ranked){ restore_delete_rank(row->plan.kind), i };
	}
	qsort(ranked, count, sizeof(*ranked), by_rank);
	for (size_t i = 0; i < count; i++)
		order[i] = ranked[i].index;
	free(ranked);
	*ret_order = order;
	return count;
}

static bool is_claim(const struct app_object *row)
{
	return !strcmp(row->plan.kind, sweep_claims.kind);
}

struct removal_left removal_left(const struct app_objects *objects)
{
	struct removal_left left = { 0, 0, NULL };

	for (size_t i = 0; i < objects->count; i++) {
		const struct app_object *row = &objects->rows[i];

		if (row->plan.excluded)
			continue;
		left.objects += !is_claim(row);
		left.volumes += is_claim(row);
		if (row->deleted && (!left.oldest || row->deleted < left.oldest->deleted))
			left.oldest = row;
	}
	return left;
}

static void add_reason(struct strbuf *out, const struct app_objects *objects,
		       const struct app_object *row, int64_t now)
{
	const char *pod = is_claim(row) ? app_objects_user(objects, &row->plan) : "";
	int64_t age = now > row->deleted ? now - row->deleted : 0;

	strbuf_adds(out, ":");
	if (*pod)
		strbuf_addf(out, " in use by pod %s,", pod);
	if (*row->finalizers)
		strbuf_addf(out, " finalizer %s,", row->finalizers);
	strbuf_addc(out, ' ');
	if (age < 120)
		strbuf_addf(out, "%lld s", (long long)age);
	else
		clock_add_span(out, age);
}

void removal_add_words(struct strbuf *out, const struct app_objects *objects, int64_t now)
{
	struct removal_left left = removal_left(objects);
	const struct app_object *row = left.oldest;

	amount_add_counted(out, (int64_t)left.objects, "object");
	strbuf_adds(out, " and ");
	amount_add_counted(out, (int64_t)left.volumes, "volume");
	strbuf_adds(out, " left");
	if (!row)
		return;
	strbuf_addf(out, "; waits for %s %s/%s", row->plan.kind, row->plan.namespace,
		    row->plan.name);
	add_reason(out, objects, row, now);
}
