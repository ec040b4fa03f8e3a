/* Layout and cells of a table. */
#include "tui/draw/text.h"
#include "tui/widgets/table.h"

#define TEXT_X	    4
#define MAX_COLUMNS 16

struct layout {
	int x[MAX_COLUMNS], width[MAX_COLUMNS]; /* width 0: lost to the narrow terminal */
};

static int column_min(const struct table_column *column)
{
	int title = text_width(column->title);

	return column->min > title ? column->min : title;
}

/* Cells all columns that are left would take, gaps included. */
static int needed(const struct table_source *source, const struct layout *layout)
{
	int sum = 0;
	size_t i;

	for (i = 0; i < source->column_count; i++)
		sum += layout->width[i] > 0 ? layout->width[i] + 1 : 0;
	return sum - 1;
}

static bool drop_one(const struct table_source *source, struct layout *layout)
{
	size_t i, first = source->column_count;

	for (i = 0; i < source->column_count; i++) {
		if (layout->width[i] > 0 && source->columns[i].drop > 0 &&
		    (first == source->column_count ||
		     source->columns[i].drop < source->columns[first].drop))
			first = i;
	}
	if (first == source->column_count)
		return false;
	layout->width[first] = 0;
	return true;
}

static void grow(const struct table_source *source, struct layout *layout, int room)
{
	int shares = 0, given = 0, last = -1;
	size_t i;

	for (i = 0; i < source->column_count; i++)
		shares += layout->width[i] > 0 ? source->columns[i].grow : 0;
	for (i = 0; shares > 0 && room > 0 && i < source->column_count; i++) {
		int more = layout->width[i] > 0 ? room * source->columns[i].grow / shares : 0;

		layout->width[i] += more;
		given += more;
		if (layout->width[i] > 0 && source->columns[i].grow > 0)
			last = (int)i;
	}
	if (last >= 0)
		layout->width[last] += room - given;
}

/* The last column of the view stays free for the sake of copies; what grows leaves one more. */
static void make_layout(const struct table_source *source, int width, struct layout *layout)
{
	int room = width - 1 - TEXT_X, x = TEXT_X;
	size_t i;

	for (i = 0; i < source->column_count; i++)
		layout->width[i] = column_min(&source->columns[i]);
	while (needed(source, layout) > room && drop_one(source, layout))
		;
	grow(source, layout, room - 1 - needed(source, layout));
	for (i = 0; i < source->column_count; i++) {
		layout->x[i] = x;
		x += layout->width[i] > 0 ? layout->width[i] + 1 : 0;
	}
}

/* place: exactly the cells of it. */
static void draw_cell(struct view place, enum role role, const struct table_column *column,
		      const char *text)
{
	struct strbuf cut = STRBUF_INIT;

	if (column->middle && text_width(text) > place.w) {
		text_add_middle(&cut, text, place.w, place.canvas->ascii);
		text = cut.buf;
	}
	if (column->align == ALIGN_RIGHT)
		view_field_right(place, 0, 0, place.w, role, text);
	else
		view_field(place, 0, 0, place.w, role, text);
	strbuf_done(&cut);
}

static void draw_titles(const struct table *table, const struct table_source *source,
			const struct layout *layout, struct view view)
{
	size_t i;

	for (i = 0; i < source->column_count; i++) {
		const struct table_column *column = &source->columns[i];
		int width = layout->width[i], title = text_width(column->title), end;

		if (width == 0)
			continue;
		draw_cell(view_part(view, layout->x[i], 0, width, 1), ROLE_DIM, column,
			  column->title);
		if (!source->compare || source->fixed || i != table->sort_column)
			continue;
		end = layout->x[i] + (column->align == ALIGN_RIGHT ? width : title);
		/* Behind the title, in the gap between columns when there is no room of its own. */
		view_glyph(view, end + (column->align == ALIGN_LEFT && width > title + 1), 0,
			   ROLE_KEY, table->sort_down ? GLYPH_DOWN : GLYPH_UP);
	}
}

static void draw_row(const struct table_source *source, const struct layout *layout,
		     struct view view, int y, size_t row)
{
	struct strbuf text = STRBUF_INIT;
	size_t i;

	mark_draw(view, 2, y, source->mark(source->arg, row));
	for (i = 0; i < source->column_count; i++) {
		enum role role = ROLE_TEXT;

		if (layout->width[i] == 0)
			continue;
		strbuf_reset(&text);
		source->cell(source->arg, row, i, &text, &role);
		draw_cell(view_part(view, layout->x[i], y, layout->width[i], 1), role,
			  &source->columns[i], text.buf);
	}
	strbuf_done(&text);
}

void table_draw(const struct table *table, const struct table_source *source, struct view view,
		bool focused)
{
	struct layout layout;
	int y;

	if (source->column_count > MAX_COLUMNS || view.h < 1)
		return;
	make_layout(source, view.w, &layout);
	draw_titles(table, source, &layout, view);
	for (y = 1; y < view.h && table->top + (size_t)y - 1 < table->count; y++) {
		size_t position = table->top + (size_t)y - 1, row = table->index[position];

		if (row >= source->count)
			continue; /* the model changed under us: update() comes first, always */
		draw_row(source, &layout, view, y, row);
		if (table_is_marked(table, source->uid(source->arg, row)))
			view_glyph(view, 1, y, ROLE_MARKED, GLYPH_MARKED);
		if (position == table->cursor)
			mark_cursor(view, y, focused);
	}
}
