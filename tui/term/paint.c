#include "tui/term/paint.h"

#include <curses.h>
#include <string.h>
#include <term.h>

/* Rewriting so many unchanged cells is not longer than a move over them. */
#define GAP_MOST 4
/* Fewer blanks than these are as short as "clear to the end of the line". */
#define CLEAR_LEAST 4
/* So many lines that moved by one are worth moving them on the terminal. */
#define SCROLL_LEAST 5

static const struct look plain = { .fg = COLOR_DEFAULT, .bg = COLOR_DEFAULT };

/* Without the padding "$<5>" of terminals made of iron. */
static void add_capability(struct strbuf *out, const char *text)
{
	const char *end;

	while (text && *text) {
		if (text[0] == '$' && text[1] == '<' && (end = strchr(text, '>'))) {
			text = end + 1;
			continue;
		}
		strbuf_addc(out, *text++);
	}
}

/* Without the change of the character set in front of it, which is never another one here. */
static void add_reset(struct strbuf *out)
{
	static const char ascii_set[] = "\033(B";
	const char *text = exit_attribute_mode;

	if (text && !strncmp(text, ascii_set, strlen(ascii_set)) && text[strlen(ascii_set)])
		text += strlen(ascii_set);
	add_capability(out, text);
}

static bool look_equal(const struct look *a, const struct look *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->bold == b->bold && a->dim == b->dim &&
	       a->underline == b->underline && a->reverse == b->reverse;
}

static void set_look(struct paint *paint, const struct look *look)
{
	struct strbuf *out = &paint->out;

	if (look_equal(&paint->look, look))
		return;
	if (!look_equal(&paint->look, &plain))
		add_reset(out);
	if (look->bold)
		add_capability(out, enter_bold_mode);
	if (look->dim)
		add_capability(out, enter_dim_mode);
	if (look->underline)
		add_capability(out, enter_underline_mode);
	if (look->reverse)
		add_capability(out, enter_reverse_mode);
	if (look->fg != COLOR_DEFAULT && set_a_foreground)
		add_capability(out, tiparm(set_a_foreground, look->fg));
	if (look->bg != COLOR_DEFAULT && set_a_background)
		add_capability(out, tiparm(set_a_background, look->bg));
	paint->look = *look;
}

/* The shortest of the moves that every terminal knows. The line below is never below the last one.
 */
static void go_to(struct paint *paint, int x, int y)
{
	bool known = paint->x >= 0;

	if (paint->x == x && paint->y == y)
		return;
	if (known && x == 0 && y == paint->y + 1)
		strbuf_adds(&paint->out, "\r\n");
	else if (known && x > paint->x && y == paint->y && parm_right_cursor)
		add_capability(&paint->out, tiparm(parm_right_cursor, x - paint->x));
	else
		add_capability(&paint->out, tiparm(cursor_address, y, x));
	paint->x = x;
	paint->y = y;
}

static void put_cell(struct paint *paint, const struct canvas *canvas, int x, int y)
{
	const struct cell *cell = &canvas->cells[y * canvas->cols + x];

	if (cell->width == 0)
		return;
	go_to(paint, x, y);
	set_look(paint, &paint->looks[cell->role]);
	strbuf_adds(&paint->out, cell->text);
	/* Behind the last column terminals differ about where the cursor is. */
	paint->x = x + cell->width < canvas->cols ? x + cell->width : -1;
}

/* A blank that looks like one on an empty screen. */
static bool is_clear(const struct paint *paint, const struct cell *cell)
{
	const struct look *look = &paint->looks[cell->role];

	return !strcmp(cell->text, " ") && look->bg == COLOR_DEFAULT && !look->reverse &&
	       !look->underline;
}

/* Does the terminal show something else there? Roles that look the same are the same. */
static bool changed(const struct paint *paint, const struct canvas *before,
		    const struct canvas *canvas, int i)
{
	const struct cell *now = &canvas->cells[i], *then;

	if (!before)
		return !is_clear(paint, now);
	then = &before->cells[i];
	if (is_clear(paint, now) && is_clear(paint, then))
		return false;
	return now->width != then->width || strcmp(now->text, then->text) != 0 ||
	       !look_equal(&paint->looks[now->role], &paint->looks[then->role]);
}

/* Where the clear end of the line begins. */
static int clear_from(const struct paint *paint, const struct canvas *canvas, int y)
{
	int x = canvas->cols;

	while (x > 0 && is_clear(paint, &canvas->cells[y * canvas->cols + x - 1]))
		x--;
	return x;
}

/* On an empty cell only what is behind the text can be seen. */
static bool looks_empty(const struct look *look)
{
	return look->bg == COLOR_DEFAULT && !look->reverse && !look->underline;
}

/* Writes the few unchanged cells up to x instead of a move over them. */
static void bridge(struct paint *paint, const struct canvas *canvas, int x, int y)
{
	if (paint->y != y || paint->x < 0 || paint->x >= x || x - paint->x > GAP_MOST)
		return;
	for (int i = paint->x; i < x; i++) {
		const struct cell *cell = &canvas->cells[y * canvas->cols + i];

		if (is_clear(paint, cell) && looks_empty(&paint->look))
			continue;
		if (strlen(cell->text) != 1 || !look_equal(&paint->looks[cell->role], &paint->look))
			return;
	}
	for (; paint->x < x; paint->x++)
		strbuf_adds(&paint->out, canvas->cells[y * canvas->cols + paint->x].text);
}

static void paint_line(struct paint *paint, const struct canvas *before,
		       const struct canvas *canvas, int y)
{
	int clear = clear_from(paint, canvas, y), stale = 0, last = -1, x;
	/* The last cell of the screen scrolls some terminals; nothing stands there. */
	int end = y == canvas->rows - 1 ? canvas->cols - 1 : canvas->cols;

	for (x = clear; x < canvas->cols; x++) {
		if (before && !is_clear(paint, &before->cells[y * canvas->cols + x])) {
			stale++;
			last = x;
		}
	}
	for (x = 0; x < end && x < (stale > CLEAR_LEAST ? clear
				    : last >= clear	? last + 1
							: clear);
	     x++) {
		if (!changed(paint, before, canvas, y * canvas->cols + x))
			continue;
		bridge(paint, canvas, x, y);
		put_cell(paint, canvas, x, y);
	}
	if (stale > CLEAR_LEAST && clr_eol) {
		go_to(paint, clear, y);
		set_look(paint, &plain);
		add_capability(&paint->out, clr_eol);
	}
}

static bool line_stands(const struct canvas *before, int from, const struct canvas *canvas, int to)
{
	const struct cell *then = &before->cells[from * before->cols];
	const struct cell *now = &canvas->cells[to * canvas->cols];

	for (int x = 0; x < canvas->cols; x++)
		if (!canvas_cell_equal(&then[x], &now[x]))
			return false;
	return true;
}

static bool line_is_blank(const struct canvas *canvas, int y)
{
	for (int x = 0; x < canvas->cols; x++)
		if (strcmp(canvas->cells[y * canvas->cols + x].text, " ") != 0)
			return false;
	return true;
}

/* A list that was scrolled by a line: the line `from` goes away, those up to `to` take its place,
 * and `to` is empty then. */
struct scroll {
	int from, to;
};

/* step 1: lines stand one higher than before; -1: one lower. */
static bool find_scroll(const struct canvas *before, const struct canvas *canvas, int step,
			struct scroll *ret_scroll)
{
	int moved = 0, first = -1, last = -1;

	for (int y = step < 0; y < canvas->rows - (step > 0); y++) {
		if (line_is_blank(canvas, y) || line_stands(before, y, canvas, y) ||
		    !line_stands(before, y + step, canvas, y))
			continue;
		first = first < 0 ? y : first;
		last = y;
		moved++;
	}
	if (step > 0)
		*ret_scroll = (struct scroll){ first, last + 1 };
	else
		*ret_scroll = (struct scroll){ last, first - 1 };
	/* What is between and did not move is written anew: it must be little. */
	return moved >= SCROLL_LEAST && 2 * moved > last - first;
}

/* Lets the terminal move the lines, without margins, which a killed program would leave behind.
 * `shown` is what it shows then, the cursor on the empty line. */
static void do_scroll(struct paint *paint, struct canvas *shown, const struct scroll *scroll)
{
	size_t line = (size_t)shown->cols;
	struct cell *from = &shown->cells[(size_t)scroll->from * line];
	struct cell *to = &shown->cells[(size_t)scroll->to * line];

	set_look(paint, &plain);
	go_to(paint, 0, scroll->from);
	add_capability(&paint->out, delete_line);
	go_to(paint, 0, scroll->to);
	add_capability(&paint->out, insert_line);
	if (from < to)
		memmove(from, from + line, (size_t)(to - from) * sizeof(*from));
	else
		memmove(to + line, to, (size_t)(from - to) * sizeof(*to));
	for (size_t x = 0; x < line; x++)
		to[x] = (struct cell){ .text = " ", .width = 1, .role = ROLE_TEXT };
}

static bool can_scroll(const struct paint *paint, const struct canvas *before)
{
	return before && delete_line && insert_line && looks_empty(&paint->looks[ROLE_TEXT]);
}

/* The one line that scrolling emptied comes first: the cursor stands there. */
static void paint_lines(struct paint *paint, const struct canvas *before,
			const struct canvas *canvas)
{
	struct canvas shown = { 0 };
	struct scroll scroll;

	if (can_scroll(paint, before) &&
	    (find_scroll(before, canvas, 1, &scroll) || find_scroll(before, canvas, -1, &scroll))) {
		canvas_init(&shown, before->cols, before->rows, before->ascii);
		memcpy(shown.cells, before->cells,
		       (size_t)before->cols * (size_t)before->rows * sizeof(*shown.cells));
		do_scroll(paint, &shown, &scroll);
		paint_line(paint, &shown, canvas, scroll.to);
		memcpy(&shown.cells[scroll.to * shown.cols], &canvas->cells[scroll.to * shown.cols],
		       (size_t)shown.cols * sizeof(*shown.cells));
		before = &shown;
	}
	for (int y = 0; y < canvas->rows; y++)
		paint_line(paint, before, canvas, y);
	canvas_done(&shown);
}

void paint_canvas(struct paint *paint, const struct canvas *before, const struct canvas *canvas)
{
	if (!before) {
		add_capability(&paint->out, exit_attribute_mode);
		add_capability(&paint->out, clear_screen);
		paint->look = plain;
		paint->x = paint->y = -1;
	}
	paint_lines(paint, before, canvas);
	set_look(paint, &plain);
	if (canvas->cursor_x >= 0)
		go_to(paint, canvas->cursor_x, canvas->cursor_y);
}
