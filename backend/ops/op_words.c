#include "backend/ops/op_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void op_add_size(struct strbuf *out, int64_t size_bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	double value = (double)size_bytes;
	size_t unit = 0;

	for (; value >= 999.5 && unit + 1 < ARRAY_SIZE(units); unit++)
		value /= 1024;
	strbuf_addf(out, "%.*f %s",
		    !unit || value >= 99.95 ? 0
		    : value >= 9.995	    ? 1
					    : 2,
		    value, units[unit]);
}

void op_add_count(struct strbuf *out, int64_t count, const char *one, const char *many)
{
	char digits[24];
	size_t len;

	len = (size_t)snprintf(digits, sizeof(digits), "%" PRId64, count);
	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0 && digits[i - 1] != '-')
			strbuf_addc(out, ',');
		strbuf_addc(out, digits[i]);
	}
	strbuf_addf(out, " %s", count == 1 ? one : many);
}

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
