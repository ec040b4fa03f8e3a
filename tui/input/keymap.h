/* Keys, their names, and the one table of actions: hint bar, help, palette and manual are printed
 * from it; nobody types a key name twice (design/screens.md 3). Pure. */
#ifndef TUI_INPUT_KEYMAP_H
#define TUI_INPUT_KEYMAP_H

#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

/* A key: a Unicode character, or one of these. */
enum {
	KEY_NONE_ = 0,
	KEYCODE_ENTER = 0x110000,
	KEYCODE_ESC,
	KEYCODE_TAB,
	KEYCODE_BACKTAB,
	KEYCODE_BACKSPACE,
	KEYCODE_DELETE,
	KEYCODE_UP,
	KEYCODE_DOWN,
	KEYCODE_LEFT,
	KEYCODE_RIGHT,
	KEYCODE_PGUP,
	KEYCODE_PGDN,
	KEYCODE_HOME,
	KEYCODE_END,
	KEYCODE_F1,
	KEYCODE_CTRL = 0x120000, /* + 'A' to 'Z' */
};

struct key {
	int32_t code;
};

/* The rooms of the console; bits say where an action lives. */
enum screen_id {
	SCREEN_OVERVIEW,
	SCREEN_SNAPSHOTS,
	SCREEN_ACTIVITY,
	SCREEN_DESTINATION,
	SCREEN_SCHEDULES,
	SCREEN_DOCTOR,
	SCREEN_TAKE,
	SCREEN_SNAPSHOT,
	SCREEN_OPERATION,
	SCREEN_RESTORE,
	SCREEN_DELETE,
	SCREEN_LOG,
	SCREEN_TAKEOVER,
	SCREEN_HELP,
	SCREEN_COMMANDS,
	SCREEN_MESSAGES,
	SCREEN_STOP,
	SCREEN_TEXT,
	SCREENS
};
#define WHERE(screen) (1u << (screen))
#define WHERE_ALL     ((1u << SCREENS) - 1)

enum action_id {
	ACT_NONE,
	ACT_HELP,
	ACT_FILTER,
	ACT_MATCH_NEXT,
	ACT_MATCH_PREV,
	ACT_PROBLEM_NEXT,
	ACT_PROBLEM_PREV,
	ACT_OPEN,
	ACT_BACK,
	ACT_LEAVE,
	ACT_END,
	ACT_SUSPEND,
	ACT_REDRAW,
	ACT_RETRY,
	ACT_TAB_1,
	ACT_TAB_2,
	ACT_TAB_3,
	ACT_TAB_4,
	ACT_TAB_5,
	ACT_TAB_6,
	ACT_UP,
	ACT_DOWN,
	ACT_PANE_PREV,
	ACT_PANE_NEXT,
	ACT_PAGE_UP,
	ACT_PAGE_DOWN,
	ACT_HALF_UP,
	ACT_HALF_DOWN,
	ACT_FIRST,
	ACT_LAST,
	ACT_MARK,
	ACT_MARK_ALL,
	ACT_CHOOSE,
	ACT_SORT,
	ACT_SORT_BACK,
	ACT_SHOW,
	ACT_APP,
	ACT_ZONE,
	ACT_MESSAGES,
	ACT_OPERATION,
	ACT_TAKE,
	ACT_RESTORE,
	ACT_DELETE,
	ACT_STOP,
	ACT_LOGS,
	ACT_CHECK,
	ACT_COMMANDS,
	ACT_COPY,
	ACT_WRITE,
	ACT_FOLLOW,
	ACT_WRAP,
	ACTIONS
};

struct action {
	enum action_id id;
	const char *name; /* "page-down": in the manual and the user's key file */
	const char *keys; /* names joined by blanks: "j Down" */
	const char *hint; /* in the hint bar, "" = never there */
	unsigned where;	  /* bits of screens */
	int rank;	  /* order in the hint bar, smaller first; 0 = not there */
	const char *what; /* in help and manual */
};

const struct action *action_row(enum action_id id); /* ACT_NONE gives an empty row */
/* The action a key means on a screen, ACT_NONE when none. */
enum action_id action_find(struct key key, enum screen_id screen);

/* "Enter", "Ctrl-R", "Space", "a", "?" */
void key_add_name(struct strbuf *out, struct key key);
bool key_from_name(const char *name, size_t len, struct key *ret_key);
bool key_is_text(struct key key); /* a printable character */
/* "Enter open  t take  r restore": actions of the screen by rank, at most `count`, for the hint
 * bar; ids into ret_ids. */
size_t action_hints(enum screen_id screen, enum action_id *ret_ids, size_t count);
/* First key of an action in its short form: "Enter", "t". Borrowed slice. */
const char *action_first_key(enum action_id id, size_t *ret_len);

#endif
