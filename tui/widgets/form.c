#include "tui/widgets/form.h"

#include "tui/draw/text.h"

static bool can_focus(const struct form_item *item)
{
	return !item->reason;
}

/* Position of the focus: that of its id, else the first item that can have it; count when none can.
 */
static size_t focus_at(const struct form *form, const struct form_item *items, size_t count)
{
	size_t i;

	for (i = 0; form->focus > 0 && i < count; i++) {
		if (items[i].id == form->focus && can_focus(&items[i]))
			return i;
	}
	for (i = 0; i < count; i++) {
		if (can_focus(&items[i]))
			return i;
	}
	return count;
}

const struct form_item *form_focused(const struct form *form, const struct form_item *items,
				     size_t count)
{
	size_t at = focus_at(form, items, count);

	return at < count ? &items[at] : NULL;
}

bool form_takes_text(const struct form *form, const struct form_item *items, size_t count)
{
	const struct form_item *item = form_focused(form, items, count);

	return item && item->kind == FORM_FIELD;
}

static bool move(struct form *form, const struct form_item *items, size_t count, int step,
		 bool round)
{
	size_t at = focus_at(form, items, count), tried, next = at;

	for (tried = 0; tried < count; tried++) {
		if (!round && (step > 0 ? next + 1 >= count : next == 0))
			return false;
		next = (next + count + (size_t)((long)count + step)) % count;
		if (can_focus(&items[next])) {
			form->focus = items[next].id;
			return next != at;
		}
	}
	return false;
}

static enum form_event pressed(const struct form_item *item, struct key key)
{
	switch (item->kind) {
	case FORM_RADIO:
	case FORM_BOX:
	case FORM_LIST:
		return FORM_CHOSEN;
	case FORM_SELECT:
		return key.code == ' ' ? FORM_NEXT : FORM_NONE;
	case FORM_BUTTON:
		return FORM_PRESSED;
	case FORM_FIELD:
		break;
	}
	return FORM_NONE;
}

/* A button that cannot act has no focus; Enter beside it, in the last field, asks why. */
static const struct form_item *refused_button(const struct form_item *items, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (items[i].kind == FORM_BUTTON && items[i].reason)
			return &items[i];
	}
	return NULL;
}

static enum form_event field_enter(struct form *form, const struct form_item *items, size_t count,
				   struct form_result *result)
{
	const struct form_item *off;
	size_t at = focus_at(form, items, count);

	if (at + 1 < count && items[at + 1].kind == FORM_BUTTON && items[at + 1].reason &&
	    (off = refused_button(items, count))) {
		result->id = off->id;
		return FORM_OFF;
	}
	return move(form, items, count, 1, true) ? FORM_MOVED : FORM_NONE;
}

static enum form_event on_item(struct form *form, const struct form_item *items, size_t count,
			       struct key key, struct form_result *result)
{
	const struct form_item *item = form_focused(form, items, count);

	if (!item)
		return FORM_NONE;
	result->id = item->id;
	if (item->kind == FORM_SELECT && (key.code == KEYCODE_RIGHT || key.code == KEYCODE_LEFT))
		return key.code == KEYCODE_RIGHT ? FORM_NEXT : FORM_PREV;
	if (item->kind == FORM_FIELD)
		return key.code == KEYCODE_ENTER ? field_enter(form, items, count, result)
						 : FORM_TYPED;
	if (key.code == ' ' || key.code == KEYCODE_ENTER)
		return pressed(item, key);
	return FORM_NONE;
}

static bool is_field_key(struct key key)
{
	return key.code != KEYCODE_ESC && key.code != KEYCODE_F1 && key.code != KEYCODE_PGUP &&
	       key.code != KEYCODE_PGDN && key.code != KEYCODE_CTRL + 'C' &&
	       key.code != KEYCODE_CTRL + 'Z' && key.code != KEYCODE_CTRL + 'L' &&
	       key.code != KEYCODE_CTRL + 'R';
}

bool form_key(struct form *form, const struct form_item *items, size_t count, struct key key,
	      struct form_result *ret_result)
{
	bool in_field = form_takes_text(form, items, count);
	bool sideways = key.code == KEYCODE_LEFT || key.code == KEYCODE_RIGHT;
	const struct form_item *item = form_focused(form, items, count);

	ret_result->event = FORM_NONE;
	ret_result->id = 0;
	if (!item)
		return false;
	if (key.code == KEYCODE_TAB || key.code == KEYCODE_BACKTAB) {
		if (move(form, items, count, key.code == KEYCODE_TAB ? 1 : -1, true))
			ret_result->event = FORM_MOVED;
	} else if (key.code == KEYCODE_UP || key.code == KEYCODE_DOWN ||
		   (sideways && item->kind == FORM_BUTTON)) {
		bool forward = key.code == KEYCODE_DOWN || key.code == KEYCODE_RIGHT;

		if (move(form, items, count, forward ? 1 : -1, false))
			ret_result->event = FORM_MOVED;
	} else if (in_field && !is_field_key(key)) {
		return false;
	} else {
		ret_result->event = on_item(form, items, count, key, ret_result);
		return ret_result->event != FORM_NONE || key.code == ' ' ||
		       key.code == KEYCODE_ENTER;
	}
	item = form_focused(form, items, count);
	ret_result->id = item ? item->id : 0;
	return true;
}

int form_button_width(const char *label)
{
	return text_width(label) + 4;
}

static int draw_button(struct view view, const struct form_item *item, bool focused)
{
	enum role role = item->reason	? ROLE_BUTTON_OFF
			 : focused	? ROLE_BUTTON_FOCUS
			 : item->danger ? ROLE_DANGER
					: ROLE_BUTTON;
	int x = item->x;

	x += view_text(view, x, item->y, role, item->reason ? "( " : "[ ");
	if (focused) /* "[▸ Name ]": where the focus is without colour */
		view_glyph(view, x - 1, item->y, role, GLYPH_CURSOR);
	x += view_text(view, x, item->y, role, item->label);
	x += view_text(view, x, item->y, role, item->reason ? " )" : " ]");
	return x;
}

static int draw_toggle(struct view view, const struct form_item *item, bool focused)
{
	enum role role = item->reason ? ROLE_BUTTON_OFF : focused ? ROLE_BUTTON_FOCUS : ROLE_TEXT;
	int x = item->x;

	view_text(view, x, item->y, role, item->kind == FORM_RADIO ? "( )" : "[ ]");
	if (item->on && item->kind == FORM_RADIO)
		view_glyph(view, x + 1, item->y, role, GLYPH_CHOSEN);
	else if (item->on)
		view_text(view, x + 1, item->y, role, "x");
	return x + 4 +
	       view_text(view, x + 4, item->y, item->reason ? ROLE_BUTTON_OFF : ROLE_TEXT,
			 item->label);
}

static int draw_select(struct view view, const struct form_item *item, bool focused)
{
	enum role role = item->reason ? ROLE_BUTTON_OFF : focused ? ROLE_INPUT_FOCUS : ROLE_INPUT;

	view_text(view, item->x, item->y, role, "< ");
	view_field(view, item->x + 2, item->y, item->width - 4, role, item->value);
	view_text(view, item->x + item->width - 2, item->y, role, " >");
	return item->x + item->width;
}

static int draw_field(struct view view, const struct form_item *item, bool focused)
{
	int end = item->x + item->width;

	view_text(view, item->x, item->y, ROLE_DIM, "[");
	input_draw(view, item->x + 1, item->y, item->width - 2, item->input, focused);
	view_text(view, end - 1, item->y, ROLE_DIM, "]");
	return end;
}

static int draw_item(struct view view, const struct form_item *item, bool focused)
{
	switch (item->kind) {
	case FORM_RADIO:
	case FORM_BOX:
		return draw_toggle(view, item, focused);
	case FORM_SELECT:
		return draw_select(view, item, focused);
	case FORM_FIELD:
		return draw_field(view, item, focused);
	case FORM_BUTTON:
		return draw_button(view, item, focused);
	case FORM_LIST:
		break;
	}
	return item->x;
}

void form_draw(const struct form *form, const struct form_item *items, size_t count,
	       struct view view)
{
	size_t i, focus = focus_at(form, items, count);

	for (i = 0; i < count; i++) {
		const struct form_item *item = &items[i];
		int x = draw_item(view, item, i == focus) + 2;

		if (item->note)
			view_field(view, x, item->y, view.w - 1 - x,
				   item->bad ? ROLE_INPUT_BAD : ROLE_DIM, item->note);
		else if (item->reason)
			view_field(view, x, item->y, view.w - 1 - x, ROLE_DIM, item->reason);
		if (i == focus && item->kind != FORM_LIST)
			view_glyph(view, 0, item->y, ROLE_KEY, GLYPH_CURSOR);
	}
}
