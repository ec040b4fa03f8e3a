/* What is sent to the terminal for a change of the picture. */
#include "tui/term/paint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* Declared here: <term.h> would make a word of every capability. */
int setupterm(const char *term, int fd, int *errret);

static struct look looks[ROLES];
static struct canvas before, now;
static struct paint paint;

static void begin(void)
{
	int problem = 0;

	setupterm("xterm-256color", 1, &problem);
	cr_assert(problem == 1, "no terminfo for xterm-256color");
	for (size_t i = 0; i < ROLES; i++)
		looks[i] = (struct look){ .fg = COLOR_DEFAULT, .bg = COLOR_DEFAULT };
	looks[ROLE_SELECTED].reverse = true;
	canvas_init(&before, 80, 24, false);
	canvas_init(&now, 80, 24, false);
	strbuf_init(&paint.out);
	paint.looks = looks;
	paint_canvas(&paint, NULL, &before);
	strbuf_reset(&paint.out);
}

static void end(void)
{
	canvas_done(&before);
	canvas_done(&now);
	strbuf_done(&paint.out);
}

TestSuite(paint, .init = begin, .fini = end);

Test(paint, an_equal_picture_sends_nothing)
{
	paint_canvas(&paint, &before, &now);
	cr_expect(paint.out.len == 0);
}

Test(paint, roles_that_look_the_same_send_nothing)
{
	view_role(view_of(&now), ROLE_DIM);
	paint_canvas(&paint, &before, &now);
	cr_expect(paint.out.len == 0);
}

Test(paint, a_word_costs_a_move_and_the_word)
{
	view_text(view_of(&now), 10, 5, ROLE_TEXT, "43 %");
	paint_canvas(&paint, &before, &now);
	cr_expect_str_eq(paint.out.buf, "\033[6;11H43 %");
}

Test(paint, what_goes_away_at_the_end_of_a_line_is_cleared_at_once)
{
	view_text(view_of(&before), 0, 3, ROLE_TEXT, "a long line that is not there any more");
	view_text(view_of(&now), 0, 3, ROLE_TEXT, "a short");
	paint_canvas(&paint, &before, &now);
	cr_expect(strstr(paint.out.buf, "\033[K") != NULL);
	cr_expect(paint.out.len < 30, "%zu bytes", paint.out.len);
}

/* A terminal that knows what paint.h names, and nothing else. */
struct screen {
	char cells[24][80];
	bool reverse[24][80];
	int x, y;
	bool now_reverse;
};

static void move_lines(struct screen *screen, char what)
{
	int y = screen->y;
	size_t below = (size_t)(23 - y);

	if (what == 'M') {
		memmove(screen->cells[y], screen->cells[y + 1], below * 80);
		memmove(screen->reverse[y], screen->reverse[y + 1], below * 80);
	} else {
		memmove(screen->cells[y + 1], screen->cells[y], below * 80);
		memmove(screen->reverse[y + 1], screen->reverse[y], below * 80);
	}
	y = what == 'M' ? 23 : y;
	memset(screen->cells[y], ' ', 80);
	memset(screen->reverse[y], 0, 80);
	screen->x = 0;
}

static const char *obey(struct screen *screen, const char *text)
{
	int first = 0, second = 0, used = 0;
	char what;

	if (sscanf(text, "\033[%d;%d%c%n", &first, &second, &what, &used) != 3 &&
	    sscanf(text, "\033[%d%c%n", &first, &what, &used) != 2)
		cr_assert(sscanf(text, "\033[%c%n", &what, &used) == 1, "%s", text);
	switch (what) {
	case 'H':
		screen->y = first ? first - 1 : 0;
		screen->x = second ? second - 1 : 0;
		break;
	case 'C':
		screen->x += first ? first : 1;
		break;
	case 'K':
		memset(&screen->cells[screen->y][screen->x], ' ', (size_t)(80 - screen->x));
		memset(&screen->reverse[screen->y][screen->x], 0, (size_t)(80 - screen->x));
		break;
	case 'M':
	case 'L':
		move_lines(screen, what);
		break;
	default:
		cr_assert(what == 'm', "%s", text);
		screen->now_reverse = first == 7;
	}
	return text + used;
}

static void show(struct screen *screen, const char *text)
{
	while (*text) {
		if (*text == '\033') {
			text = obey(screen, text);
			continue;
		}
		if (*text == '\r')
			screen->x = 0;
		else if (*text == '\n')
			screen->y++;
		else {
			cr_assert(screen->x < 80 && screen->y < 24);
			screen->cells[screen->y][screen->x] = *text;
			screen->reverse[screen->y][screen->x++] = screen->now_reverse;
		}
		text++;
	}
}

/* A list with a cursor, a title above and a text below; the rows differ in length. */
static void draw_list(struct canvas *canvas, int first, int cursor)
{
	canvas_clear(canvas);
	view_textf(view_of(canvas), 0, 0, ROLE_DIM, "rows from %d", first);
	for (int y = 3; y < 20; y++) {
		int row = first + y - 3;

		view_textf(view_of(canvas), 2, y, row == cursor ? ROLE_SELECTED : ROLE_TEXT,
			   "row %d %.*s  %d", row, row * 7 % 30, "------------------------------",
			   row % 3);
	}
	view_textf(view_of(canvas), 0, 22, ROLE_TEXT, "about row %d", cursor);
}

static void expect_picture(const struct screen *screen, const struct canvas *canvas, int step)
{
	for (int y = 0; y < 24; y++) {
		for (int x = 0; x < 80; x++) {
			const struct cell *cell = &canvas->cells[y * 80 + x];

			cr_assert(screen->cells[y][x] == *cell->text, "step %d: '%c' at %d,%d",
				  step, screen->cells[y][x], x, y);
			cr_assert(screen->reverse[y][x] == (cell->role == ROLE_SELECTED),
				  "step %d: look at %d,%d", step, x, y);
		}
	}
}

Test(paint, whatever_way_a_list_goes_the_terminal_shows_it)
{
	static const int steps[] = { 1, 1, 1, -1, 1, 0, 2, -1, -1, 5, -5, 1, 17, -1 };
	static struct screen screen;
	int first = 20, cursor = 25, moved = 0;

	memset(screen.cells, ' ', sizeof(screen.cells));
	for (int i = 0; i < 200; i++) {
		first += steps[(size_t)i * 5 % ARRAY_SIZE(steps)];
		cursor = first + i * 3 % 17;
		if (i % 4 == 0)
			cursor = first + 16;
		draw_list(&now, first, cursor);
		strbuf_reset(&paint.out);
		paint_canvas(&paint, &before, &now);
		moved += strstr(paint.out.buf, "\033[M") != NULL;
		show(&screen, paint.out.buf);
		expect_picture(&screen, &now, i);
		memcpy(before.cells, now.cells, (size_t)80 * 24 * sizeof(*now.cells));
	}
	cr_assert(moved > 50, "%d times", moved);
}

Test(paint, nothing_scrolls_by_margins_or_a_count_and_nothing_repeats)
{
	for (int y = 0; y < 24; y++) {
		view_textf(view_of(&before), 0, y, ROLE_TEXT, "line %d ----------------", y);
		view_textf(view_of(&now), 0, y, ROLE_TEXT, "line %d ----------------", y + 1);
	}
	paint_canvas(&paint, &before, &now);
	cr_expect(!strchr(paint.out.buf, 'S') && !strchr(paint.out.buf, 'b') &&
		  !strchr(paint.out.buf, 'r'));
}

Test(paint, the_last_cell_of_the_screen_is_never_written)
{
	view_text(view_of(&now), 79, 23, ROLE_TEXT, "x");
	paint_canvas(&paint, &before, &now);
	cr_expect(!strchr(paint.out.buf, 'x'));
}

Test(paint, looks_end_without_a_change_of_the_character_set)
{
	view_text(view_of(&now), 0, 0, ROLE_SELECTED, "x");
	paint_canvas(&paint, &before, &now);
	cr_expect(strstr(paint.out.buf, "\033[m") != NULL);
	cr_expect(strstr(paint.out.buf, "\033(B") == NULL);
}
