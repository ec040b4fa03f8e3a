#include "backend/ops/op_words.h"

#include "backend/base/clock.h"

#include <string.h>

const char *op_owner(const struct op_world *world)
{
	const char *blank = strrchr(world->made_by, ' ');

	return blank ? blank + 1 : world->made_by;
}

void op_add_owner(struct strbuf *out, const char *owner)
{
	const char *at = strrchr(owner, '@');

	if (at && at > owner && at[1])
		strbuf_addf(out, "%.*s on %s", (int)(at - owner), owner, at + 1);
	else
		strbuf_adds(out, owner);
}

enum status op_watching_error(struct error *err, const char *owner, int64_t since)
{
	struct strbuf text = STRBUF_INIT;

	op_add_owner(&text, owner);
	strbuf_adds(&text, " has it");
	if (since) {
		strbuf_adds(&text, " since ");
		clock_add_hm(&text, since, (struct clock_zone){ .utc = true });
		strbuf_adds(&text, " UTC");
	}
	error_set(err, STATUS_ELSEWHERE, "only watching: %s", text.buf);
	error_hint(err, "Nothing more is done here; Activity and \"kotsnap restore status\" say "
			"how it goes.");
	strbuf_done(&text);
	return STATUS_ELSEWHERE;
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
