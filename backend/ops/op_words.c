#include "backend/ops/op_words.h"

#include <string.h>

const char *op_owner(const struct op_world *world)
{
	const char *blank = strrchr(world->made_by, ' ');

	return blank ? blank + 1 : world->made_by;
}

struct op_view *op_view_start(enum op_kind kind, const char *id, const char *const *titles,
			      size_t count)
{
	struct op_view *view = op_view_new();

	view->kind = kind;
	view->id = arena_text(&view->arena, id);
	view->steps = arena_alloc(&view->arena, count * sizeof(*view->steps));
	view->step_count = count;
	for (size_t i = 0; i < count; i++)
		view->steps[i] = (struct op_step_view){ .title = titles[i], .detail = "" };
	return view;
}

void op_view_step(struct op_view *view, size_t index, struct op_step_view step)
{
	step.title = view->steps[index].title;
	step.detail = arena_text(&view->arena, step.detail);
	view->steps[index] = step;
}
