#include "tui/widgets/panes.h"

#include "backend/base/amount.h"

void panes_draw(struct view view, int y, const struct pane *panes, size_t count, size_t current)
{
	struct strbuf name = STRBUF_INIT;
	int x = 1;
	size_t i;

	for (i = 0; i < count; i++) {
		enum role role = i == current ? ROLE_TAB_CURRENT : ROLE_TAB;

		strbuf_reset(&name);
		strbuf_adds(&name, panes[i].name);
		if (panes[i].count >= 0) {
			strbuf_addc(&name, ' ');
			amount_add_count(&name, panes[i].count);
		}
		if (i == current)
			view_text(view, x, y, role, "[");
		x += 1 + view_text(view, x + 1, y, role, name.buf);
		if (i == current)
			view_text(view, x, y, role, "]");
		x += 1;
	}
	strbuf_done(&name);
}

size_t panes_move(size_t count, size_t current, int step)
{
	if (count == 0)
		return 0;
	return (current + count + (size_t)(step < 0 ? (long)count + step : step)) % count;
}

bool split_view(struct view view, struct view *ret_left, struct view *ret_right)
{
	if (view.w < SPLIT_COLUMNS) {
		*ret_left = view;
		return false;
	}
	/* The line takes the last column, where nothing but rules is ever drawn. */
	*ret_left = view_part(view, 0, 0, 80, view.h);
	*ret_right = view_part(view, 80, 0, view.w - 80, view.h);
	return true;
}

void split_draw_line(struct view view)
{
	view_vline(view, 79);
}
