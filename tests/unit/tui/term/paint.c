/* What is sent to the terminal for a change of the picture. */
#include "tui/term/paint.h"

#include <criterion/criterion.h>
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

Test(paint, nothing_scrolls_and_nothing_repeats)
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
