/* Step 3: what happens to what, and what is lost for good; each line opens its objects. */
#include "backend/base/amount.h"
#include "tui/screens/restore_steps.h"

#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/widgets/mark.h"

#include <string.h>

#define LIST_Y	7
#define GROUPS	5
#define SIZE_X	69 /* ends at column 79 */
#define COUNT_X 57

static bool is_replaced(const struct plan_object *object)
{
	return object->in_cluster && object->in_snapshot && !object->excluded;
}

static bool is_lost(const struct plan_object *object)
{
	return object->in_cluster && !object->in_snapshot && !object->excluded;
}

static bool is_created(const struct plan_object *object)
{
	return !object->in_cluster && object->in_snapshot;
}

static bool is_empty(const struct plan_object *object)
{
	return object->in_snapshot && !object->volume_in_snapshot &&
	       !strcmp(object->kind, "PersistentVolumeClaim");
}

static bool is_left(const struct plan_object *object)
{
	return object->excluded;
}

static const struct {
	const char *name;
	restore_group_has *has;
	bool warns;
} groups[GROUPS] = {
	{ "Removed, then created again from it", is_replaced, false },
	{ "Removed, and not in the snapshot: lost", is_lost, true },
	{ "Created, not there today", is_created, false },
	{ "Comes back empty (volume not in the snapshot)", is_empty, true },
	{ "Left alone (excluded from snapshots)", is_left, false },
};

struct group_sum {
	size_t objects, volumes;
	int64_t bytes;
};

static struct group_sum sum_of(const struct restore_plan *plan, restore_group_has *has)
{
	struct group_sum sum = { 0 };

	for (size_t i = 0; i < plan->object_count; i++) {
		const struct plan_object *object = &plan->objects[i];

		if (!has(object))
			continue;
		sum.objects++;
		sum.volumes += !strcmp(object->kind, "PersistentVolumeClaim");
		sum.bytes += object->size_bytes;
	}
	return sum;
}

static void lay_out(const struct restore_wizard *wizard, const struct screen_context *context,
		    struct restore_layout *layout)
{
	strbuf_adds(&layout->label, "Continue");
	if (!wizard->plan)
		strbuf_adds(&layout->reason, "not before snapshot and cluster are compared");
	else if (!context->writable)
		strbuf_adds(&layout->reason, context->not_writable);
	restore_add_item(layout,
			 &(struct form_item){ .kind = FORM_LIST, .id = RESTORE_LIST, .y = LIST_Y });
	restore_add_buttons(layout, context->view.h - 2, false);
}

static bool is_one_app(const struct restore_plan *plan)
{
	return *plan->app_slug != '\0';
}

static void draw_loss(struct view view, const struct restore_wizard *wizard,
		      const struct screen_context *context)
{
	const struct restore_plan *plan = wizard->plan;
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s goes back to ", restore_chosen_title(wizard, context));
	clock_add_short(&text, plan->taken, context->now, context->zone);
	strbuf_adds(&text, "; the ");
	clock_add_span(&text, context->now - plan->taken);
	strbuf_adds(&text, " since then are lost.");
	mark_line(view, 2, MARK_WARNING, text.buf);
	if (*plan->forgotten) {
		strbuf_reset(&text);
		strbuf_addf(&text,
			    "Not in the snapshot: %s. It stays, but the restored Admin "
			    "Console will not know it.",
			    plan->forgotten);
		view_wrap(view_part(view, 4, 3, view.w - 5, 2), 0, 0, 2, ROLE_WARNING, text.buf);
	} else {
		view_field(view, 4, 3, view.w - 5, ROLE_TEXT,
			   "This cannot be undone; it is down meanwhile. A snapshot taken now "
			   "would");
		view_field(view, 4, 4, view.w - 5, ROLE_TEXT,
			   "keep today's state: Esc until the list, then t.");
	}
	strbuf_done(&text);
}

static void draw_numbers(struct view view, int y, const struct group_sum *sum)
{
	struct strbuf text = STRBUF_INIT;

	amount_add_count(&text, (int64_t)sum->objects);
	view_field_right(view, COUNT_X - 9, y, 8, ROLE_TEXT, text.buf);
	strbuf_reset(&text);
	amount_add_count(&text, (int64_t)sum->volumes);
	view_field_right(view, COUNT_X, y, 8, ROLE_TEXT, text.buf);
	strbuf_reset(&text);
	if (sum->bytes > 0)
		amount_add_bytes(&text, sum->bytes);
	else
		strbuf_addc(&text, '-');
	view_field_right(view, SIZE_X, y, 9, ROLE_TEXT, text.buf);
	strbuf_done(&text);
}

static void draw_group(struct view view, int y, size_t index, const struct restore_plan *plan)
{
	struct group_sum sum = sum_of(plan, groups[index].has);
	enum mark mark = groups[index].warns && sum.objects > 0 ? MARK_WARNING : MARK_NONE;

	mark_line(view, y, mark, groups[index].name);
	draw_numbers(view, y, &sum);
}

/* Of everything: what is removed of each part, in the order of the restores. */
static void draw_parts(struct view view, const struct restore_plan *plan)
{
	struct strbuf text = STRBUF_INIT;
	size_t i;
	int y = 1;

	view_rule(view, 0, ROLE_HEADING, "Removed, part by part", "in this order");
	for (i = 0; i < plan->part_count && y < view.h; i++, y++) {
		const struct restore_sums *sums = &plan->parts[i].sums;
		struct group_sum sum = { sums->removed, sums->removed_volumes,
					 sums->removed_bytes };

		if (y + 1 == view.h && i + 1 < plan->part_count) {
			strbuf_addf(&text, "and %zu more", plan->part_count - i);
			view_text(view, 4, y, ROLE_DIM, text.buf);
			break;
		}
		mark_line(view, y, MARK_NONE, plan->parts[i].title);
		draw_numbers(view, y, &sum);
	}
	strbuf_done(&text);
}

static struct restore_objects listed(const struct restore_wizard *wizard)
{
	return (struct restore_objects){ groups[wizard->group].name, groups[wizard->group].has,
					 wizard->plan };
}

static void draw_below(struct view view, const struct restore_wizard *wizard,
		       const struct screen_context *context)
{
	struct restore_objects objects = listed(wizard);

	if (is_one_app(wizard->plan) || wizard->plan->part_count < 2)
		restore_objects_draw(view, &objects, 0, context);
	else
		draw_parts(view, wizard->plan);
}

static void draw_listing(struct view view, const struct restore_wizard *wizard,
			 const struct screen_context *context)
{
	struct restore_objects objects = listed(wizard);

	restore_objects_draw(view_part(view, 0, 2, view.w, view.h - 3), &objects, wizard->top,
			     context);
	view_text(view, 4, view.h - 1, ROLE_DIM, "Up, Down and PgDn move it; Esc closes it.");
}

static void draw(const struct restore_wizard *wizard, const struct screen_context *context,
		 const struct restore_layout *layout)
{
	struct view view = context->view;
	bool focused = wizard->forms[RESTORE_LOSSES].focus == RESTORE_LIST;

	(void)layout;
	if (!wizard->plan) {
		mark_line(view, 2, MARK_NOT_READ, wizard->words);
		return;
	}
	if (wizard->listing) {
		draw_listing(view, wizard, context);
		return;
	}
	draw_loss(view, wizard, context);
	view_text(view, 4, LIST_Y - 1, ROLE_DIM, "WHAT HAPPENS");
	view_field_right(view, COUNT_X - 9, LIST_Y - 1, 8, ROLE_DIM, "OBJECTS");
	view_field_right(view, COUNT_X, LIST_Y - 1, 8, ROLE_DIM, "VOLUMES");
	view_field_right(view, SIZE_X, LIST_Y - 1, 9, ROLE_DIM, "SIZE");
	for (size_t i = 0; i < GROUPS; i++) {
		draw_group(view, LIST_Y + (int)i, i, wizard->plan);
		if (i == wizard->group)
			view_glyph(view, 0, LIST_Y + (int)i, focused ? ROLE_KEY : ROLE_DIM,
				   GLYPH_CURSOR);
	}
	draw_below(view_part(view, 0, LIST_Y + GROUPS, view.w, view.h - LIST_Y - GROUPS - 4),
		   wizard, context);
	view_field(view, 4, view.h - 4, view.w - 5, ROLE_DIM,
		   wizard->plan->contents_known
			   ? "Computed from the list of the snapshot and the objects of now."
			   : "The list of the snapshot could not be read: what is in it is not "
			     "known.");
}

static void move_listing(struct restore_wizard *wizard, int step)
{
	struct restore_objects objects = listed(wizard);
	size_t rows = restore_objects_rows(&objects);

	if (step < 0)
		wizard->top -= (size_t)-step < wizard->top ? (size_t)-step : wizard->top;
	else
		wizard->top = wizard->top + (size_t)step < rows ? wizard->top + (size_t)step
			      : rows > 0			? rows - 1
								: 0;
}

static void move(struct restore_wizard *wizard, const struct restore_layout *layout, int step)
{
	(void)layout;
	if (wizard->listing && wizard->plan) {
		move_listing(wizard, step);
		return;
	}
	if (step < 0 ? wizard->group == 0 : wizard->group + 1 == GROUPS)
		return;
	wizard->group = step < 0 ? wizard->group - 1 : wizard->group + 1;
}

static void act(const struct restore_call *call, const struct form_result *result, struct key key)
{
	struct restore_wizard *wizard = call->wizard;

	(void)key;
	if (result->event == FORM_PRESSED && result->id == RESTORE_NEXT)
		restore_go(wizard, RESTORE_CONFIRM);
	if (result->event == FORM_CHOSEN && result->id == RESTORE_LIST && wizard->plan) {
		wizard->listing = !wizard->listing;
		wizard->top = 0;
	}
}

const struct restore_page_ops restore_losses_page = { "consequences", lay_out, draw, act, move };
