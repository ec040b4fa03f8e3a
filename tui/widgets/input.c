#include "tui/widgets/input.h"

#include "tui/draw/text.h"

#include <string.h>

void input_set(struct input *input, const char *text)
{
	size_t len = strlen(text);

	if (len > INPUT_MAX)
		len = INPUT_MAX;
	while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
		len--; /* never half a character */
	memcpy(input->text, text, len);
	input->text[len] = '\0';
	input->len = input->at = len;
}

static size_t encode(int32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

static void insert(struct input *input, int32_t c)
{
	char bytes[4];
	size_t len = encode(c, bytes);

	if (input->len + len > INPUT_MAX)
		return;
	memmove(input->text + input->at + len, input->text + input->at, input->len - input->at + 1);
	memcpy(input->text + input->at, bytes, len);
	input->len += len;
	input->at += len;
}

/* Removes the bytes from `from` to `to`; the typing place moves there. */
static void cut(struct input *input, size_t from, size_t to)
{
	memmove(input->text + from, input->text + to, input->len - to + 1);
	input->len -= to - from;
	input->at = from;
}

/* Where the grapheme before `at` begins. */
static size_t before(const struct input *input)
{
	size_t at = 0, last = 0, used;
	int width;

	while (at < input->at && (used = text_grapheme(input->text + at, &width)) > 0) {
		last = at;
		at += used;
	}
	return last;
}

static size_t behind(const struct input *input)
{
	int width;

	return input->at + text_grapheme(input->text + input->at, &width);
}

static size_t word_before(const struct input *input)
{
	size_t at = input->at;

	while (at > 0 && input->text[at - 1] == ' ')
		at--;
	while (at > 0 && input->text[at - 1] != ' ')
		at--;
	return at;
}

bool input_key(struct input *input, struct key key)
{
	switch (key.code) {
	case KEYCODE_BACKSPACE:
	case KEYCODE_CTRL + 'H':
		cut(input, before(input), input->at);
		return true;
	case KEYCODE_DELETE:
		cut(input, input->at, behind(input));
		return true;
	case KEYCODE_LEFT:
		input->at = before(input);
		return true;
	case KEYCODE_RIGHT:
		input->at = behind(input);
		return true;
	case KEYCODE_HOME:
	case KEYCODE_CTRL + 'A':
		input->at = 0;
		return true;
	case KEYCODE_END:
	case KEYCODE_CTRL + 'E':
		input->at = input->len;
		return true;
	case KEYCODE_CTRL + 'U':
		cut(input, 0, input->at);
		return true;
	case KEYCODE_CTRL + 'W':
		cut(input, word_before(input), input->at);
		return true;
	default:
		if (!key_is_text(key))
			return false;
		insert(input, key.code);
		return true;
	}
}

void input_draw(struct view view, int x, int y, int width, const struct input *input, bool focused)
{
	struct strbuf head = STRBUF_INIT;
	const char *from = input->text;
	int place, cells;
	size_t used;

	strbuf_add(&head, input->text, input->at);
	place = text_width(head.buf);
	while (place >= width && (used = text_grapheme(from, &cells)) > 0) {
		from += used;
		place -= cells;
	}
	view = view_part(view, x, y, width, 1);
	view_fill(view, focused ? ROLE_INPUT_FOCUS : ROLE_INPUT);
	view_text(view, 0, 0, focused ? ROLE_INPUT_FOCUS : ROLE_INPUT, from);
	if (focused) {
		if (input->at == input->len)
			view_glyph(view, place, 0, ROLE_INPUT_FOCUS, GLYPH_TYPING);
		view.canvas->cursor_x = view.x + place;
		view.canvas->cursor_y = view.y;
	}
	strbuf_done(&head);
}

void input_add(struct strbuf *out, const char *prefix, const struct input *input, bool ascii)
{
	strbuf_adds(out, prefix);
	strbuf_add(out, input->text, input->at);
	strbuf_adds(out, glyph_text(GLYPH_TYPING, ascii));
	strbuf_adds(out, input->text + input->at);
}
