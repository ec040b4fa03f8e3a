#include "tui/screens/reading.h"

#include "backend/base/amount.h"

/* A watch that is opened anew is no news. */
#define OLD_AFTER_S 5

bool reading_has_rows(const struct model *model, enum collection which)
{
	return model->state[which].ever;
}

/* A refusal of Velero's kinds means one thing for every place. */
static int draw_absent(struct view view, int y, const struct error *why)
{
	int from = y;

	mark_line(view, y++, MARK_BAD, "Snapshots are made by Velero, and this cluster has none.");
	if (*why->text)
		y += mark_wrap(view, y, 3, MARK_NONE, why->text);
	y++;
	y += mark_wrap(view, y, 4, MARK_NONE,
		       *why->hint ? why->hint
				  : "Next: install Velero as the vendor's handbook says. This page "
				    "goes on by itself as soon as it is there.");
	return y - from;
}

static int draw_forbidden(struct view view, int y, const struct model *model,
			  const struct error *why, const char *what)
{
	struct strbuf text = STRBUF_INIT;
	int from = y;

	strbuf_addf(&text, "Not permitted to read the %s.", what);
	mark_line(view, y++, MARK_BAD, text.buf);
	if (*why->text)
		y += mark_wrap(view, y, 4, MARK_NONE, why->text);
	strbuf_reset(&text);
	strbuf_addf(&text, "Who: what %s says",
		    *model->link.source ? model->link.source : "the kubeconfig");
	if (*model->link.context)
		strbuf_addf(&text, ", context %s", model->link.context);
	y += mark_wrap(view, y, 2, MARK_NONE, text.buf);
	y++;
	y += mark_wrap(view, y, 3, MARK_NONE,
		       *why->hint ? why->hint
				  : "Next: an administrator allows it, or kotsnap is started with "
				    "another --kubeconfig or --context.");
	strbuf_done(&text);
	return y - from;
}

static int draw_lost(struct view view, int y, const struct link *link)
{
	int from = y;

	mark_line(view, y++, MARK_BAD, "The cluster does not answer; nothing was read yet.");
	if (*link->why.text)
		y += mark_wrap(view, y, 4, MARK_NONE, link->why.text);
	if (*link->why.hint)
		y += mark_wrap(view, y, 3, MARK_NONE, link->why.hint);
	return y - from;
}

size_t reading_count_old(const struct model *model, int64_t now, enum collection *ret_oldest)
{
	size_t count = 0;

	for (int i = 0; i < COLLECTIONS; i++) {
		const struct collection_state *state = &model->state[i];

		if (!collection_is_old(state) || now - state->as_of < OLD_AFTER_S)
			continue;
		if (count++ == 0 || state->as_of < model->state[*ret_oldest].as_of)
			*ret_oldest = (enum collection)i;
	}
	return count;
}

int reading_draw(struct view view, int y, const struct screen_context *context,
		 enum collection which, const char *what)
{
	const struct model *model = context->model;
	const struct collection_state *state = &model->state[which];
	struct strbuf text = STRBUF_INIT;

	if (state->reading == READ_ABSENT)
		return draw_absent(view, y, &state->why);
	if (state->reading == READ_FORBIDDEN)
		return draw_forbidden(view, y, model, &state->why, what);
	if (model->link.state == LINK_LOST || model->link.state == LINK_REFUSED)
		return draw_lost(view, y, &model->link);
	if (state->read_so_far > 0) {
		strbuf_adds(&text, "reading, ");
		amount_add_count(&text, (int64_t)state->read_so_far);
		strbuf_addf(&text, " %s so far", what);
	} else {
		strbuf_adds(&text, "not read yet");
	}
	mark_line(view, y, MARK_NOT_READ, text.buf);
	strbuf_done(&text);
	return 1;
}

enum mark reading_add_brief(struct strbuf *out, const struct model *model, enum collection which)
{
	const struct collection_state *state = &model->state[which];

	switch (state->reading) {
	case READ_FORBIDDEN:
		strbuf_adds(out, "not known: no permission to read it");
		return MARK_UNKNOWN;
	case READ_ABSENT:
		strbuf_adds(out, "needs Velero, which is not installed");
		return MARK_OFF;
	case READ_STALE:
		strbuf_adds(out, "could not be read");
		return MARK_UNKNOWN;
	default:
		if (state->read_so_far > 0) {
			strbuf_adds(out, "reading, ");
			amount_add_count(out, (int64_t)state->read_so_far);
			strbuf_adds(out, " so far");
		} else {
			strbuf_adds(out, "not read yet");
		}
		return MARK_NOT_READ;
	}
}

void reading_add_as_of(struct strbuf *out, const struct screen_context *context,
		       enum collection which)
{
	const struct collection_state *state = &context->model->state[which];

	if (!collection_is_old(state) || state->as_of == 0)
		return;
	strbuf_adds(out, out->len > 0 ? " \u00b7 as of " : "as of ");
	clock_add_hms(out, state->as_of, context->zone);
}

void reading_add_time(struct strbuf *out, const char *before, const struct screen_context *context)
{
	const struct model *model = context->model;

	if (model->link.state == LINK_LIVE || model->link.state == LINK_POLLING)
		return;
	strbuf_adds(out, before);
	clock_add_hm(out, model->link.since ? model->link.since : context->now, context->zone);
}
