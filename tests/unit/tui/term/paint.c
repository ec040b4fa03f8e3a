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

Test(paint, nothing_scrolls_by_a_count_and_nothing_repeats)
{
	for (int y = 0; y < 24; y++) {
		view_textf(view_of(&before), 0, y, ROLE_TEXT, "line %d ----------------", y);
		view_textf(view_of(&now), 0, y, ROLE_TEXT, "line %d ----------------", y + 1);
	}
	paint_canvas(&paint, &before, &now);
	cr_expect(!strchr(paint.out.buf, 'S') && !strchr(paint.out.buf, 'b'));
}

Test(paint, the_last_cell_of_the_screen_is_never_written)
{
	view_text(view_of(&now), 79, 23, ROLE_TEXT, "x");
	paint_canvas(&paint, &before, &now);
	cr_expect(!strchr(paint.out.buf, 'x'));
}

static void number_lines(struct canvas *canvas, int first)
{
	for (int y = 3; y < 18; y++)
		view_textf(view_of(canvas), 4, y, ROLE_TEXT, "instance-%05d  full  Completed",
			   first + y);
}

Test(paint, a_list_that_moves_by_one_costs_a_scroll_and_its_new_line)
{
	number_lines(&before, 10);
	number_lines(&now, 11);
	paint_canvas(&paint, &before, &now);
	cr_expect(strstr(paint.out.buf, "\033[4;18r") == paint.out.buf, "%s", paint.out.buf);
	cr_expect(strstr(paint.out.buf, "instance-00028") != NULL);
	cr_expect(strstr(paint.out.buf, "instance-00027") == NULL, "it was there already");
	cr_expect(paint.out.len < 100, "%zu bytes", paint.out.len);
}

Test(paint, a_list_that_moves_back_costs_a_scroll_and_its_first_line)
{
	number_lines(&before, 11);
	number_lines(&now, 10);
	paint_canvas(&paint, &before, &now);
	cr_expect(strstr(paint.out.buf, "instance-00013") != NULL);
	cr_expect(strstr(paint.out.buf, "instance-00014") == NULL);
	cr_expect(paint.out.len < 100, "%zu bytes", paint.out.len);
}

Test(paint, a_few_lines_that_moved_are_written)
{
	view_text(view_of(&before), 0, 3, ROLE_TEXT, "one");
	view_text(view_of(&now), 0, 2, ROLE_TEXT, "one");
	paint_canvas(&paint, &before, &now);
	cr_expect(strstr(paint.out.buf, "r") == NULL, "no region is set: %s", paint.out.buf);
}

Test(paint, looks_end_without_a_change_of_the_character_set)
{
	view_text(view_of(&now), 0, 0, ROLE_SELECTED, "x");
	paint_canvas(&paint, &before, &now);
	cr_expect(strstr(paint.out.buf, "\033[m") != NULL);
	cr_expect(strstr(paint.out.buf, "\033(B") == NULL);
}
