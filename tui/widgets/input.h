/* One line of text being typed: the filter line, search, fields of forms. Text is UTF-8, edited by
 * graphemes. Pure. */
#ifndef TUI_WIDGETS_INPUT_H
#define TUI_WIDGETS_INPUT_H

#include "tui/draw/canvas.h"
#include "tui/input/keymap.h"

#define INPUT_MAX 254 /* bytes: the longest Kubernetes name and one more */

struct input {
	char text[INPUT_MAX + 1];
	size_t len, at; /* at: where the next character goes, always between graphemes */
};

void input_set(struct input *input, const char *text);
/* true when the key was for it: characters, Backspace, Del, Left, Right, Home, End, Ctrl-A, -E, -U,
 * -W. Enter, Esc, Tab, Up and Down are not. A character that does not fit any more is swallowed. */
bool input_key(struct input *input, struct key key);
/* Text with the typing place when focused; scrolls sideways so that the place stays in view. Sets
 * the terminal's cursor. */
void input_draw(struct view view, int x, int y, int width, const struct input *input, bool focused);
/* The same as text, for the message line: prefix, text and the typing place. */
void input_add(struct strbuf *out, const char *prefix, const struct input *input, bool ascii);

#endif
