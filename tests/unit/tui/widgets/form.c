#include "tui/widgets/form.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

enum { KIND_FULL = 1, KIND_PARTIAL, APP, NAME, GO, CANCEL };

static struct input typed;
static struct form_item items[] = {
	{ .kind = FORM_RADIO, .id = KIND_FULL, .x = 4, .y = 0, .label = "Full", .on = true },
	{ .kind = FORM_RADIO, .id = KIND_PARTIAL, .x = 4, .y = 1, .label = "Partial" },
	{ .kind = FORM_SELECT, .id = APP, .x = 4, .y = 2, .width = 18, .value = "Acme Analytics" },
	{ .kind = FORM_FIELD,
	  .id = NAME,
	  .x = 4,
	  .y = 3,
	  .width = 12,
	  .input = &typed,
	  .note = "does not match yet" },
	{ .kind = FORM_BUTTON,
	  .id = GO,
	  .x = 4,
	  .y = 4,
	  .label = "Delete for good",
	  .reason = "type its name first" },
	{ .kind = FORM_BUTTON, .id = CANCEL, .x = 40, .y = 4, .label = "Cancel" },
};
#define COUNT ARRAY_SIZE(items)

static struct form form;

static struct form_result press(int32_t code)
{
	struct form_result result;

	form_key(&form, items, COUNT, (struct key){ code }, &result);
	return result;
}

Test(form, the_focus_begins_at_the_first_and_goes_round_over_what_can_act)
{
	static const int order[] = { KIND_PARTIAL, APP, NAME, CANCEL, KIND_FULL };
	size_t i;

	cr_assert(eq(int, form_focused(&form, items, COUNT)->id, KIND_FULL));
	for (i = 0; i < ARRAY_SIZE(order); i++)
		cr_expect(eq(int, press(KEYCODE_TAB).id, order[i]));
	cr_assert(eq(int, press(KEYCODE_BACKTAB).id, CANCEL));
}

Test(form, up_and_down_stop_at_the_ends)
{
	press(KEYCODE_UP);
	cr_assert(eq(int, form_focused(&form, items, COUNT)->id, KIND_FULL));
	form.focus = CANCEL;
	press(KEYCODE_DOWN);
	cr_assert(eq(int, form_focused(&form, items, COUNT)->id, CANCEL));
}

Test(form, space_and_enter_choose_and_press)
{
	cr_assert(eq(int, press(' ').event, FORM_CHOSEN));
	cr_assert(eq(int, press(KEYCODE_ENTER).event, FORM_CHOSEN));
	form.focus = CANCEL;
	cr_assert(eq(int, press(' ').event, FORM_PRESSED));
	cr_assert(eq(int, press(KEYCODE_ENTER).event, FORM_PRESSED));
}

Test(form, arrows_choose_in_a_select)
{
	form.focus = APP;
	cr_assert(eq(int, press(KEYCODE_RIGHT).event, FORM_NEXT));
	cr_assert(eq(int, press(KEYCODE_LEFT).event, FORM_PREV));
}

Test(form, letters_belong_to_the_field_that_has_the_focus)
{
	struct form_result result;

	form.focus = NAME;
	cr_assert(form_takes_text(&form, items, COUNT));
	cr_assert(eq(int, press('q').event, FORM_TYPED));
	form.focus = KIND_FULL;
	cr_assert(not(form_takes_text(&form, items, COUNT)));
	cr_assert(not(form_key(&form, items, COUNT, (struct key){ 'q' }, &result)));
}

Test(form, escape_and_the_keys_of_the_program_pass_by_a_field)
{
	static const int32_t codes[] = { KEYCODE_ESC, KEYCODE_F1, KEYCODE_CTRL + 'C',
					 KEYCODE_CTRL + 'L' };
	struct form_result result;
	size_t i;

	form.focus = NAME;
	for (i = 0; i < ARRAY_SIZE(codes); i++)
		cr_expect(not(form_key(&form, items, COUNT, (struct key){ codes[i] }, &result)));
}

Test(form, enter_in_the_field_before_a_button_that_cannot_act_asks_why)
{
	struct form_result result;

	form.focus = NAME;
	result = press(KEYCODE_ENTER);
	cr_assert(eq(int, result.event, FORM_OFF));
	cr_assert(eq(int, result.id, GO));
}

Test(form, what_became_impossible_loses_the_focus)
{
	form.focus = KIND_PARTIAL;
	items[1].reason = "no application ships a Backup manifest";
	cr_assert(eq(int, form_focused(&form, items, COUNT)->id, KIND_FULL));
}

static char *line(int y)
{
	struct strbuf text = STRBUF_INIT;
	struct canvas canvas;
	int x;

	canvas_init(&canvas, 60, 6, false);
	form_draw(&form, items, COUNT, view_of(&canvas));
	for (x = 0; x < 60; x++)
		strbuf_adds(&text, canvas.cells[y * 60 + x].text);
	canvas_done(&canvas);
	while (text.len > 0 && text.buf[text.len - 1] == ' ')
		strbuf_cut(&text, text.len - 1);
	return strbuf_detach(&text);
}

Test(form, focus_and_refusal_are_seen_without_colour)
{
	static const struct {
		int focus, y;
		const char *text;
	} rows[] = {
		{ KIND_FULL, 0, "▸   (•) Full" },
		{ KIND_FULL, 1, "    ( ) Partial" },
		{ KIND_FULL, 2, "    < Acme Analytics >" },
		{ NAME, 3, "▸   [▏         ]  does not match yet" },
		{ CANCEL, 4, "▸   ( Delete for good )  type its na[▸Cancel ]" },
	};
	size_t i;

	for (i = 0; i + 1 < ARRAY_SIZE(rows); i++) {
		char *got;

		form.focus = rows[i].focus;
		got = line(rows[i].y);
		cr_expect(eq(str, got, (char *)rows[i].text));
		free(got);
	}
}
