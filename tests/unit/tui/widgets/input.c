#include "tui/widgets/input.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static void type(struct input *input, const char *text)
{
	for (; *text; text++)
		cr_assert(input_key(input, (struct key){ (unsigned char)*text }));
}

Test(input, characters_go_where_the_typing_place_is)
{
	struct input input = { 0 };

	type(&input, "acme");
	input_key(&input, (struct key){ KEYCODE_HOME });
	type(&input, "x");
	cr_assert(eq(str, input.text, "xacme"));
	cr_assert(eq(u64, input.at, 1));
}

Test(input, graphemes_are_removed_whole)
{
	struct input input = { 0 };

	input_set(&input, "ae\u0301\u4e2d");
	input_key(&input, (struct key){ KEYCODE_BACKSPACE });
	cr_assert(eq(str, input.text, "ae\u0301"));
	input_key(&input, (struct key){ KEYCODE_BACKSPACE });
	cr_assert(eq(str, input.text, "a"));
}

Test(input, wide_characters_can_be_typed)
{
	struct input input = { 0 };

	cr_assert(input_key(&input, (struct key){ 0x4e2d }));
	cr_assert(input_key(&input, (struct key){ 0x1F600 }));
	cr_assert(eq(str, input.text, "\u4e2d\U0001F600"));
}

Test(input, ctrl_u_and_ctrl_w_remove_what_is_before)
{
	struct input input = { 0 };

	input_set(&input, "status:failed acme");
	input_key(&input, (struct key){ KEYCODE_CTRL + 'W' });
	cr_assert(eq(str, input.text, "status:failed "));
	input_key(&input, (struct key){ KEYCODE_LEFT });
	input_key(&input, (struct key){ KEYCODE_CTRL + 'U' });
	cr_assert(eq(str, input.text, " "));
}

Test(input, keys_of_the_form_are_not_for_it)
{
	static const int32_t codes[] = { KEYCODE_ENTER, KEYCODE_ESC, KEYCODE_TAB, KEYCODE_UP,
					 KEYCODE_DOWN };
	struct input input = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codes); i++)
		cr_expect(not(input_key(&input, (struct key){ codes[i] })));
}

Test(input, what_does_not_fit_is_swallowed_and_never_half)
{
	struct input input = { 0 };
	char long_text[400];

	memset(long_text, 'a', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	memcpy(long_text + INPUT_MAX - 1, "\u4e2d",
	       3); /* its second byte would be the first too many */
	input_set(&input, long_text);
	cr_assert(eq(u64, input.len, INPUT_MAX - 1));
	cr_assert(input_key(&input, (struct key){ 0x4e2d }));
	cr_assert(eq(u64, input.len, INPUT_MAX - 1));
}

Test(input, the_typing_place_stays_in_view)
{
	struct input input = { 0 };
	struct canvas canvas;

	canvas_init(&canvas, 10, 1, false);
	input_set(&input, "instance-x7k2p");
	input_draw(view_of(&canvas), 0, 0, 6, &input, true);
	cr_assert(eq(str, canvas.cells[4].text, "p"));
	cr_assert(eq(int, canvas.cursor_x, 5));
	canvas_done(&canvas);
}
