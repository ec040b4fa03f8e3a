/* One screen in process: opened with a model and a size, keys pressed by name, drawn into cells and
 * compared with a picture. The frame around it (header, tabs, message, hints) belongs to tui/app
 * and is not drawn here: a picture begins with the title rule (line 3) and ends with the message
 * line's note when the screen has one. For tests. */
#ifndef TESTS_SUPPORT_UI_H
#define TESTS_SUPPORT_UI_H

#include "tui/screens/screen.h"

struct ui_spec {
	enum screen_id screen;
	const char *argument;	   /* NULL = "" */
	const struct model *model; /* borrowed; must live as long as the ui, or until ui_model() */
	int cols, rows;		   /* of the whole terminal; 0 = 80x24 */
	bool ascii, utc;
	const char *not_writable; /* NULL = writable */
};

struct ui {
	const struct screen_ops *ops;
	void *state;
	struct canvas canvas;
	struct screen_context context;
	struct effects effects; /* of the last call */
	uint64_t next_ticket;
};

void ui_open(struct ui *ui, const struct ui_spec *spec);
void ui_close(struct ui *ui);
/* "Down Down Enter", "/ a b Esc": names as in the table of keys; each passes action_find() unless a
 * field has the focus. Requests among the effects get tickets at once, by ops->ticket(). */
void ui_press(struct ui *ui, const char *keys);
void ui_type(struct ui *ui, const char *text);		 /* character by character */
void ui_model(struct ui *ui, const struct model *model); /* a newer one */
void ui_event(struct ui *ui, const struct event *event);
void ui_resize(struct ui *ui, int cols, int rows);
/* Draws and appends the lines (blanks at line ends cut off), then, with roles, a map of them line
 * by line. */
void ui_render(struct ui *ui, struct strbuf *out, bool roles);
bool ui_shows(struct ui *ui, const char *text); /* on one line of the picture */
/* The effect of that kind from the last call, or NULL. */
const struct effect *ui_effect(const struct ui *ui, enum effect_kind kind);

/* Compares the picture with tests/golden/NAME.txt and fails the test with a readable difference;
 * GOLDEN=write in the environment writes the file instead. */
void golden_compare(struct ui *ui, const char *name);
/* The same for any text. */
void golden_compare_text(const char *text, const char *name);

#endif
