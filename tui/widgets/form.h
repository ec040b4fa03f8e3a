/* Choices, boxes, fields and buttons with one focus. The screen keeps the values: with each key and
 * each frame it lays out the items as they are now, and hears what was done to them. Pure
 * (design/screens.md 2.4, 6). */
#ifndef TUI_WIDGETS_FORM_H
#define TUI_WIDGETS_FORM_H

#include "tui/widgets/input.h"
#include "tui/widgets/mark.h"

enum form_kind {
	FORM_RADIO,  /* "(•) label" */
	FORM_BOX,    /* "[x] label" */
	FORM_SELECT, /* "< value >" */
	FORM_FIELD,  /* "[text▏      ]" */
	FORM_BUTTON, /* "[ label ]" */
	FORM_LIST,   /* a place of its own that takes the focus (a table in a form); drawn by the
			screen */
};

struct form_item {
	enum form_kind kind;
	int id;		 /* > 0, unique in the form; named in events */
	int x, y, width; /* width: of selects and fields, brackets included */
	const char *label;
	const char
		*reason;  /* why it cannot be used now, shown dim beside a button; NULL = it can */
	const char *note; /* beside it: "does not match yet"; NULL = none */
	const struct input *input; /* of a field */
	const char *value;	   /* of a select */
	bool on;		   /* radio, box */
	bool danger, bad;	   /* a button that destroys; a field whose content is wrong */
};

struct form {
	int focus; /* id; 0 = none yet: the first item that can be used */
};

enum form_event {
	FORM_NONE,
	FORM_MOVED,   /* the focus is elsewhere */
	FORM_CHOSEN,  /* Space or Enter on a radio, box or list */
	FORM_NEXT,    /* Right on a select */
	FORM_PREV,    /* Left on a select */
	FORM_TYPED,   /* a key for the field: the screen hands it to input_key() */
	FORM_PRESSED, /* Enter or Space on a button that can act */
	FORM_OFF,     /* Enter on a button that cannot: answer with its reason */
};

struct form_result {
	enum form_event event;
	int id;
};

/* true when the key was for the form. Tab goes round in the order of items; so do Up and Down,
 * without going round. */
bool form_key(struct form *form, const struct form_item *items, size_t count, struct key key,
	      struct form_result *ret_result);
/* The item that has the focus; NULL when none can have it. */
const struct form_item *form_focused(const struct form *form, const struct form_item *items,
				     size_t count);
bool form_takes_text(const struct form *form, const struct form_item *items, size_t count);
/* Draws all items; the focused line has the cursor in column 0, a focused button "[▸ Name ]". */
void form_draw(const struct form *form, const struct form_item *items, size_t count,
	       struct view view);
/* Cells a button takes: "[ label ]". */
int form_button_width(const char *label);

#endif
