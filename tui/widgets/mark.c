#include "tui/widgets/mark.h"

#include <string.h>

static const struct {
	enum glyph glyph;
	enum role role;
} mark_rows[MARKS] = {
	[MARK_GOOD] = { GLYPH_GOOD, ROLE_GOOD },
	[MARK_OFF] = { GLYPH_OFF, ROLE_DIM },
	[MARK_RUNNING] = { GLYPH_RUNNING, ROLE_RUNNING },
	[MARK_GONE] = { GLYPH_GONE, ROLE_DIM },
	[MARK_UNKNOWN] = { GLYPH_UNKNOWN, ROLE_UNKNOWN },
	[MARK_WARNING] = { GLYPH_WARNING, ROLE_WARNING },
	[MARK_BAD] = { GLYPH_BAD, ROLE_BAD },
	[MARK_NOT_READ] = { GLYPH_ELLIPSIS, ROLE_DIM },
	[MARK_NONE] = { GLYPH_OFF, ROLE_TEXT },
};

enum glyph mark_glyph(enum mark mark)
{
	return mark_rows[mark].glyph;
}

enum role mark_role(enum mark mark)
{
	return mark_rows[mark].role;
}

void mark_draw(struct view view, int x, int y, enum mark mark)
{
	if (mark != MARK_NONE)
		view_glyph(view, x, y, mark_rows[mark].role, mark_rows[mark].glyph);
}

bool mark_is_problem(enum mark mark)
{
	return mark == MARK_WARNING || mark == MARK_BAD;
}

static enum role text_role(enum mark mark)
{
	return mark_is_problem(mark) ? mark_rows[mark].role : ROLE_TEXT;
}

void mark_line(struct view view, int y, enum mark mark, const char *text)
{
	mark_draw(view, 2, y, mark);
	view_field(view, 4, y, view.w - 5, text_role(mark), text);
}

int mark_wrap(struct view view, int y, int lines, enum mark mark, const char *text)
{
	struct view part = view_part(view, 4, y, view.w - 5, lines);

	mark_draw(view, 2, y, mark);
	return view_wrap(part, 0, 0, part.h, text_role(mark), text);
}

void mark_fact_draw(struct view view, int y, const struct mark_fact *fact)
{
	int end = view.w - 1;
	int value_end =
		*fact->right && fact->right_x > 0 && fact->right_x < end ? fact->right_x - 1 : end;

	mark_draw(view, 2, y, fact->mark);
	view_field(view, 4, y, fact->value_x - 5, ROLE_DIM, fact->label);
	view_field(view, fact->value_x, y, value_end - fact->value_x, text_role(fact->mark),
		   fact->value);
	if (value_end != end)
		view_field(view, fact->right_x, y, end - fact->right_x, ROLE_TEXT, fact->right);
}

/* Where the name ends: before the first two blanks behind the mark. */
static int cursor_cells(struct view view, int y)
{
	const struct canvas *canvas = view.canvas;
	const struct cell *line = &canvas->cells[(view.y + y) * canvas->cols + view.x];
	int most = view.w < MARK_CURSOR_CELLS ? view.w : MARK_CURSOR_CELLS, x;

	for (x = 5; x + 1 < most; x++)
		if (!strcmp(line[x].text, " ") && !strcmp(line[x + 1].text, " "))
			return x;
	return most;
}

void mark_cursor(struct view view, int y, bool focused)
{
	enum role role = focused ? ROLE_SELECTED : ROLE_SELECTED_UNFOCUSED;

	if (y < 0 || y >= view.h || view.w < 1)
		return;
	view_role(view_part(view, 0, y, cursor_cells(view, y), 1), role);
	view_glyph(view, 0, y, role, GLYPH_CURSOR);
}
