#include "tui/input/keymap.h"

#include <string.h>

/* Which screens are lists, and which have a text under a cursor. */
#define LISTS                                                                                      \
	(WHERE(SCREEN_SNAPSHOTS) | WHERE(SCREEN_ACTIVITY) | WHERE(SCREEN_DESTINATION) |            \
	 WHERE(SCREEN_SCHEDULES) | WHERE(SCREEN_DOCTOR) | WHERE(SCREEN_SNAPSHOT))
#define PAGER WHERE(SCREEN_LOG)
/* Texts of our own: searched and written like a log, without levels to filter by. */
#define TEXTS                                                                                      \
	(WHERE(SCREEN_HELP) | WHERE(SCREEN_COMMANDS) | WHERE(SCREEN_MESSAGES) | WHERE(SCREEN_TEXT))
#define FORMS                                                                                      \
	(WHERE(SCREEN_TAKE) | WHERE(SCREEN_RESTORE) | WHERE(SCREEN_DELETE) |                       \
	 WHERE(SCREEN_TAKEOVER) | WHERE(SCREEN_STOP))
#define PANES                                                                                      \
	(FORMS | PAGER | WHERE(SCREEN_SNAPSHOT) | WHERE(SCREEN_SNAPSHOTS) | WHERE(SCREEN_HELP) |   \
	 WHERE(SCREEN_OPERATION))

/* clang-format off */
static const struct action action_rows[] = {
	{ ACT_NONE,         "",             "",               "",           0, 0, "" },
	{ ACT_OPEN,         "open",         "Enter",          "open",       WHERE_ALL & ~PAGER & ~TEXTS, 1, "Show everything about it, or press the button" },
	{ ACT_TAKE,         "take",         "t",              "take",       WHERE(SCREEN_OVERVIEW) | WHERE(SCREEN_SNAPSHOTS) | WHERE(SCREEN_SCHEDULES), 2, "Take a snapshot" },
	{ ACT_RESTORE,      "restore",      "r",              "restore",    WHERE(SCREEN_OVERVIEW) | WHERE(SCREEN_SNAPSHOTS) | WHERE(SCREEN_SNAPSHOT) | WHERE(SCREEN_ACTIVITY) | WHERE(SCREEN_OPERATION), 3, "Restore from this snapshot" },
	{ ACT_DELETE,       "delete",       "d Del",          "delete",     WHERE(SCREEN_SNAPSHOTS) | WHERE(SCREEN_SNAPSHOT) | WHERE(SCREEN_ACTIVITY), 4, "Delete the snapshot, or a request left over" },
	{ ACT_STOP,         "stop",         "x",              "stop...",    WHERE(SCREEN_ACTIVITY) | WHERE(SCREEN_OPERATION), 6, "Ways to stop it, each with what it leaves half done" },
	{ ACT_LOGS,         "logs",         "L",              "log",        WHERE(SCREEN_SNAPSHOTS) | WHERE(SCREEN_SNAPSHOT) | WHERE(SCREEN_ACTIVITY) | WHERE(SCREEN_OPERATION), 5, "The log Velero stored" },
	{ ACT_OPERATION,    "operation",    "o",              "operation",  WHERE_ALL, 9, "The newest running operation" },
	{ ACT_CHECK,        "check",        "c",              "check again", WHERE_ALL & ~PAGER & ~TEXTS, 8, "Look again now" },
	{ ACT_SHOW,         "show",         "f",              "show only",  WHERE(SCREEN_SNAPSHOTS) | WHERE(SCREEN_ACTIVITY) | WHERE(SCREEN_DOCTOR) | PAGER, 6, "All, or only a part" },
	{ ACT_FILTER,       "filter",       "/",              "filter",     WHERE(SCREEN_SNAPSHOTS) | PAGER | TEXTS, 7, "Filter the list, search the text" },
	{ ACT_SORT,         "sort",         "s",              "sort",       WHERE(SCREEN_SNAPSHOTS), 10, "Sort by the next column" },
	{ ACT_SORT_BACK,    "sort-back",    "S",              "",           WHERE(SCREEN_SNAPSHOTS), 0, "Sort in the other direction" },
	{ ACT_CHOOSE,       "choose",       "Space",          "choose",     WHERE(SCREEN_TAKE) | WHERE(SCREEN_RESTORE) | WHERE(SCREEN_TAKEOVER) | WHERE(SCREEN_STOP), 2, "Choose" },
	{ ACT_MARK,         "mark",         "Space",          "mark",       WHERE(SCREEN_SNAPSHOTS), 12, "Mark the row: d then acts on the marked ones" },
	{ ACT_MARK_ALL,     "mark-all",     "*",              "",           WHERE(SCREEN_SNAPSHOTS), 0, "Mark all that the filter shows, or none" },
	{ ACT_APP,          "app",          "a",              "app",        WHERE(SCREEN_SNAPSHOTS), 11, "One application or all" },
	{ ACT_PANE_NEXT,    "pane-next",    "Tab l Right",    "next",       PANES, 12, "Next pane, field or button" },
	{ ACT_PANE_PREV,    "pane-prev",    "Shift-Tab h Left", "",         PANES, 0, "Pane, field or button before" },
	{ ACT_MATCH_NEXT,   "match-next",   "n",              "next match", PAGER | TEXTS, 8, "Next match" },
	{ ACT_MATCH_PREV,   "match-prev",   "N",              "",           PAGER | TEXTS, 0, "Match before" },
	{ ACT_PROBLEM_NEXT, "problem-next", "]",              "problem",    PAGER | WHERE(SCREEN_SNAPSHOTS) | WHERE(SCREEN_SNAPSHOT), 13, "Next warning or worse" },
	{ ACT_PROBLEM_PREV, "problem-prev", "[",              "",           PAGER | WHERE(SCREEN_SNAPSHOTS) | WHERE(SCREEN_SNAPSHOT), 0, "Warning or worse before" },
	{ ACT_FOLLOW,       "follow",       "F",              "follow",     PAGER, 14, "Stay at the end" },
	{ ACT_WRAP,         "wrap",         "W",              "wrap",       PAGER | WHERE(SCREEN_TEXT), 9, "Wrap long lines" },
	{ ACT_COMMANDS,     "commands",     "v",              "commands",   WHERE_ALL & ~PAGER & ~TEXTS, 15, "The same by hand, to copy" },
	{ ACT_COPY,         "copy",         "y",              "copy",       WHERE_ALL & ~FORMS & ~WHERE(SCREEN_HELP) & ~WHERE(SCREEN_MESSAGES), 16, "Name or line to the clipboard of the terminal" },
	{ ACT_WRITE,        "write",        "w",              "write file", PAGER | WHERE(SCREEN_DOCTOR) | WHERE(SCREEN_OPERATION) | WHERE(SCREEN_COMMANDS) | WHERE(SCREEN_MESSAGES) | WHERE(SCREEN_TEXT), 10, "Write it to a file" },
	{ ACT_BACK,         "back",         "Esc",            "back",       WHERE_ALL, 17, "Close the topmost dialog, filter, pane or screen" },
	{ ACT_LEAVE,        "leave",        "q",              "",           WHERE_ALL, 0, "As Esc, but at a tab it ends the program" },
	{ ACT_END,          "end",          "Ctrl-C",         "",           WHERE_ALL, 0, "End at once; what runs in the cluster goes on" },
	{ ACT_SUSPEND,      "suspend",      "Ctrl-Z",         "",           WHERE_ALL, 0, "Suspend the program" },
	{ ACT_REDRAW,       "redraw",       "Ctrl-L",         "",           WHERE_ALL, 0, "Draw the screen anew" },
	{ ACT_RETRY,        "retry",        "Ctrl-R",         "",           WHERE_ALL, 0, "Reconnect or list again now" },
	{ ACT_TAB_1,        "tab-1",        "1",              "",           WHERE_ALL, 0, "Overview" },
	{ ACT_TAB_2,        "tab-2",        "2",              "",           WHERE_ALL, 0, "Snapshots" },
	{ ACT_TAB_3,        "tab-3",        "3",              "",           WHERE_ALL, 0, "Activity" },
	{ ACT_TAB_4,        "tab-4",        "4",              "",           WHERE_ALL, 0, "Destination" },
	{ ACT_TAB_5,        "tab-5",        "5",              "",           WHERE_ALL, 0, "Schedules" },
	{ ACT_TAB_6,        "tab-6",        "6",              "",           WHERE_ALL, 0, "Doctor" },
	{ ACT_UP,           "up",           "k Up",           "",           WHERE_ALL, 0, "One line up" },
	{ ACT_DOWN,         "down",         "j Down",         "",           WHERE_ALL, 0, "One line down" },
	{ ACT_PAGE_UP,      "page-up",      "PgUp Ctrl-B",    "",           WHERE_ALL, 0, "A page up" },
	{ ACT_PAGE_DOWN,    "page-down",    "PgDn Ctrl-F",    "",           WHERE_ALL, 0, "A page down" },
	{ ACT_HALF_UP,      "half-up",      "Ctrl-U",         "",           LISTS | PAGER, 0, "Half a page up" },
	{ ACT_HALF_DOWN,    "half-down",    "Ctrl-D",         "",           LISTS | PAGER, 0, "Half a page down" },
	{ ACT_FIRST,        "first",        "g Home",         "",           WHERE_ALL, 0, "To the first line" },
	{ ACT_LAST,         "last",         "G End",          "",           WHERE_ALL, 0, "To the last line" },
	{ ACT_ZONE,         "zone",         "z",              "",           WHERE_ALL, 0, "Local time or UTC" },
	{ ACT_MESSAGES,     "messages",     "m",              "",           WHERE_ALL, 0, "The last messages, with their times" },
	{ ACT_HELP,         "help",         "? F1",           "help",       WHERE_ALL, 99, "Keys and words of this screen" },
};
/* clang-format on */

const struct action *action_row(enum action_id id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(action_rows); i++) {
		if (action_rows[i].id == id)
			return &action_rows[i];
	}
	return &action_rows[0];
}

static const struct {
	const char *name;
	int32_t code;
} key_rows[] = {
	{ "Enter", KEYCODE_ENTER },
	{ "Esc", KEYCODE_ESC },
	{ "Tab", KEYCODE_TAB },
	{ "Shift-Tab", KEYCODE_BACKTAB },
	{ "Backspace", KEYCODE_BACKSPACE },
	{ "Del", KEYCODE_DELETE },
	{ "Up", KEYCODE_UP },
	{ "Down", KEYCODE_DOWN },
	{ "Left", KEYCODE_LEFT },
	{ "Right", KEYCODE_RIGHT },
	{ "PgUp", KEYCODE_PGUP },
	{ "PgDn", KEYCODE_PGDN },
	{ "Home", KEYCODE_HOME },
	{ "End", KEYCODE_END },
	{ "F1", KEYCODE_F1 },
	{ "Space", ' ' },
};

void key_add_name(struct strbuf *out, struct key key)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(key_rows); i++) {
		if (key_rows[i].code == key.code) {
			strbuf_adds(out, key_rows[i].name);
			return;
		}
	}
	if (key.code > KEYCODE_CTRL)
		strbuf_addf(out, "Ctrl-%c", (char)(key.code - KEYCODE_CTRL));
	else if (key.code < 0x80)
		strbuf_addc(out, (char)key.code);
	else
		strbuf_addf(out, "U+%04X", (unsigned)key.code);
}

bool key_from_name(const char *name, size_t len, struct key *ret_key)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(key_rows); i++) {
		if (strlen(key_rows[i].name) == len && !strncmp(key_rows[i].name, name, len)) {
			ret_key->code = key_rows[i].code;
			return true;
		}
	}
	if (len == 6 && !strncmp(name, "Ctrl-", 5) && name[5] >= 'A' && name[5] <= 'Z') {
		ret_key->code = KEYCODE_CTRL + name[5];
		return true;
	}
	if (len == 1 && (unsigned char)name[0] < 0x80) {
		ret_key->code = (unsigned char)name[0];
		return true;
	}
	return false;
}

bool key_is_text(struct key key)
{
	return key.code >= 0x20 && key.code != 0x7f && key.code < 0x110000;
}

static bool has_key(const struct action *action, struct key key)
{
	const char *name = action->keys;
	struct key candidate;

	while (*name) {
		size_t len = strcspn(name, " ");

		if (key_from_name(name, len, &candidate) && candidate.code == key.code)
			return true;
		name += len + (name[len] == ' ');
	}
	return false;
}

enum action_id action_find(struct key key, enum screen_id screen)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(action_rows); i++) {
		if ((action_rows[i].where & WHERE(screen)) && has_key(&action_rows[i], key))
			return action_rows[i].id;
	}
	return ACT_NONE;
}

size_t action_hints(enum screen_id screen, enum action_id *ret_ids, size_t count)
{
	size_t found = 0, i;
	int rank;

	for (rank = 1; rank < 99 && found < count; rank++) {
		for (i = 0; i < ARRAY_SIZE(action_rows) && found < count; i++) {
			if (action_rows[i].rank == rank && (action_rows[i].where & WHERE(screen)))
				ret_ids[found++] = action_rows[i].id;
		}
	}
	return found;
}

const char *action_first_key(enum action_id id, size_t *ret_len)
{
	const char *keys = action_row(id)->keys;

	*ret_len = strcspn(keys, " ");
	return keys;
}
