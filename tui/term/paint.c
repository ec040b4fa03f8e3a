#include "tui/term/paint.h"

#include <curses.h>
#include <string.h>
#include <term.h>

/* Rewriting so many unchanged cells is not longer than a move over them. */
#define GAP_MOST 4
/* Fewer blanks than these are as short as "clear to the end of the line". */
#define CLEAR_LEAST 4

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

static void go_to(struct paint *paint, int x, int y)
{
	if (paint->x == x && paint->y == y)
		return;
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

/* Writes the few unchanged cells up to x instead of a move over them. */
static void bridge(struct paint *paint, const struct canvas *canvas, int x, int y)
{
	if (paint->y != y || paint->x < 0 || paint->x >= x || x - paint->x > GAP_MOST)
		return;
	for (int i = paint->x; i < x; i++) {
		const struct cell *cell = &canvas->cells[y * canvas->cols + i];

		if (strlen(cell->text) != 1 || !look_equal(&paint->looks[cell->role], &paint->look))
			return;
	}
	while (paint->x < x)
		put_cell(paint, canvas, paint->x, y);
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

void paint_canvas(struct paint *paint, const struct canvas *before, const struct canvas *canvas)
{
	if (!before) {
		add_capability(&paint->out, exit_attribute_mode);
		add_capability(&paint->out, clear_screen);
		paint->look = plain;
		paint->x = paint->y = -1;
	}
	for (int y = 0; y < canvas->rows; y++)
		paint_line(paint, before, canvas, y);
	set_look(paint, &plain);
	if (canvas->cursor_x >= 0)
		go_to(paint, canvas->cursor_x, canvas->cursor_y);
}
