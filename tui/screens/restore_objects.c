/* The objects of one line of the consequences: by kind, claims first and with their sizes. */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/screens/restore_steps.h"

#include <stdlib.h>
#include <string.h>

/* A row is a head when its object begins a kind. */
struct listed {
	const struct plan_object *object;
	bool head;
};

static int rank_of(const struct plan_object *object)
{
	return strcmp(object->kind, "PersistentVolumeClaim") != 0;
}

static int by_kind(const void *a, const void *b)
{
	const struct plan_object *left = ((const struct listed *)a)->object,
				 *right = ((const struct listed *)b)->object;
	int order = rank_of(left) - rank_of(right);

	if (!order)
		order = strcmp(left->kind, right->kind);
	if (!order)
		order = strcmp(left->namespace, right->namespace);
	return order ? order : strcmp(left->name, right->name);
}

static bool begins_kind(const struct listed *rows, size_t index)
{
	return index == 0 || strcmp(rows[index - 1].object->kind, rows[index].object->kind) != 0;
}

/* Owned array; heads are put before what they head. */
static struct listed *rows_of(const struct restore_objects *objects, size_t *ret_count)
{
	const struct restore_plan *plan = objects->plan;
	struct listed *sorted = mem_array(plan->object_count + 1, sizeof(*sorted));
	struct listed *rows = mem_array(2 * plan->object_count + 1, sizeof(*rows));
	size_t found = 0, count = 0;

	for (size_t i = 0; i < plan->object_count; i++)
		if (objects->has(&plan->objects[i]))
			sorted[found++].object = &plan->objects[i];
	qsort(sorted, found, sizeof(*sorted), by_kind);
	for (size_t i = 0; i < found; i++) {
		if (begins_kind(sorted, i))
			rows[count++] = (struct listed){ sorted[i].object, true };
		rows[count++] = (struct listed){ sorted[i].object, false };
	}
	free(sorted);
	*ret_count = count;
	return rows;
}

size_t restore_objects_rows(const struct restore_objects *objects)
{
	size_t count;

	free(rows_of(objects, &count));
	return count;
}

static void draw_head(struct view view, int y, const struct restore_objects *objects,
		      const char *kind)
{
	struct strbuf text = STRBUF_INIT;
	int64_t count = 0, bytes = 0;

	for (size_t i = 0; i < objects->plan->object_count; i++) {
		const struct plan_object *object = &objects->plan->objects[i];

		if (strcmp(object->kind, kind) != 0 || !objects->has(object))
			continue;
		count++;
		bytes += object->size_bytes;
	}
	strbuf_addf(&text, "%s: ", kind);
	amount_add_count(&text, count);
	if (bytes > 0) {
		strbuf_adds(&text, ", ");
		amount_add_bytes(&text, bytes);
	}
	view_field(view, 4, y, view.w - 5, ROLE_HEADING, text.buf);
	strbuf_done(&text);
}

static void draw_object(struct view view, int y, const struct plan_object *object,
			const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT, right = STRBUF_INIT;

	strbuf_addf(&text, "%s%s%s", object->namespace, *object->namespace ? "/" : "",
		    object->name);
	if (object->size_bytes > 0)
		amount_add_bytes(&right, object->size_bytes);
	if (object->in_cluster && object->created > 0) {
		strbuf_adds(&right, right.len ? ", since " : "since ");
		clock_add_short(&right, object->created, context->now, context->zone);
	}
	view_field(view, 6, y, view.w - 8 - text_width(right.buf), ROLE_TEXT, text.buf);
	view_text(view, view.w - 1 - text_width(right.buf), y, ROLE_DIM, right.buf);
	strbuf_done(&text);
	strbuf_done(&right);
}

void restore_objects_draw(struct view view, const struct restore_objects *objects, size_t top,
			  const struct screen_context *context)
{
	struct strbuf place = STRBUF_INIT;
	size_t count, i;
	struct listed *rows = rows_of(objects, &count);
	int y = 1;

	for (i = top; i < count && y < view.h; i++, y++) {
		if (rows[i].head)
			draw_head(view, y, objects, rows[i].object->kind);
		else
			draw_object(view, y, rows[i].object, context);
	}
	if (count > 0)
		strbuf_addf(&place, "lines %zu to %zu of %zu", top + 1, i, count);
	view_rule(view, 0, ROLE_HEADING, objects->name, place.buf);
	if (count == 0)
		view_text(view, 4, 1, ROLE_DIM, "none");
	free(rows);
	strbuf_done(&place);
}
