#include "tui/screens/body.h"

#define LOW_ROWS 20 /* body of a terminal of 24 lines: below it the peek goes */

int body_peek(struct view view, int lines)
{
	return view.h >= LOW_ROWS && view.w < SPLIT_COLUMNS ? lines + 1 : 0;
}

struct view body_list(struct view view, int peek)
{
	return view_part(view, 0, 1, view.w, view.h - 1 - peek);
}

struct view body_peek_draw(struct view view, int peek, const char *left, const char *right)
{
	int y = view.h - peek;

	view_rule(view, y, ROLE_HEADING, left, right);
	return view_part(view, 0, y + 1, view.w, peek - 1);
}

bool body_split(const struct screen_ops *ops, const void *state,
		const struct screen_context *context, const char *right_title,
		struct body_split *ret_split)
{
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;

	if (!split_view(context->view, &ret_split->left, &ret_split->right))
		return false;
	ops->title(state, context, &left, &right);
	view_rule(ret_split->left, 0, ROLE_HEADING, left.buf, right.buf);
	view_rule(ret_split->right, 0, ROLE_HEADING, right_title, "");
	strbuf_done(&left);
	strbuf_done(&right);
	return true;
}

void body_split_end(const struct screen_context *context)
{
	split_draw_line(context->view);
}
