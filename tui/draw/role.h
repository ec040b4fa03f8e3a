/* What a cell means; a theme gives it a look. A role missing in a theme falls back to its parent
 * (design/screens.md 2.3). */
#ifndef TUI_DRAW_ROLE_H
#define TUI_DRAW_ROLE_H

/* role, name in themes, parent */
#define ROLE_LIST(X)                                                                               \
	X(ROLE_TEXT, "text", ROLE_TEXT)                                                            \
	X(ROLE_DIM, "dim", ROLE_TEXT)                                                              \
	X(ROLE_HEADING, "heading", ROLE_TEXT)                                                      \
	X(ROLE_BORDER, "border", ROLE_DIM)                                                         \
	X(ROLE_TAB, "tab", ROLE_DIM)                                                               \
	X(ROLE_TAB_CURRENT, "tab.current", ROLE_HEADING)                                           \
	X(ROLE_HEADER, "header", ROLE_TEXT)                                                        \
	X(ROLE_MODE, "mode", ROLE_WARNING)                                                         \
	X(ROLE_KEY, "key", ROLE_HEADING)                                                           \
	X(ROLE_HINT, "hint", ROLE_DIM)                                                             \
	X(ROLE_GOOD, "good", ROLE_TEXT)                                                            \
	X(ROLE_RUNNING, "running", ROLE_TEXT)                                                      \
	X(ROLE_WARNING, "warning", ROLE_TEXT)                                                      \
	X(ROLE_BAD, "bad", ROLE_TEXT)                                                              \
	X(ROLE_UNKNOWN, "unknown", ROLE_DIM)                                                       \
	X(ROLE_EXPIRED, "expired", ROLE_DIM)                                                       \
	X(ROLE_SELECTED, "selected", ROLE_TEXT)                                                    \
	X(ROLE_SELECTED_UNFOCUSED, "selected.unfocused", ROLE_SELECTED)                            \
	X(ROLE_MARKED, "marked", ROLE_HEADING)                                                     \
	X(ROLE_CHANGED, "changed", ROLE_HEADING)                                                   \
	X(ROLE_INPUT, "input", ROLE_TEXT)                                                          \
	X(ROLE_INPUT_BAD, "input.bad", ROLE_BAD)                                                   \
	X(ROLE_INPUT_FOCUS, "input.focus", ROLE_SELECTED)                                          \
	X(ROLE_SECRET, "secret", ROLE_INPUT)                                                       \
	X(ROLE_PLACEHOLDER, "placeholder", ROLE_DIM)                                               \
	X(ROLE_BUTTON, "button", ROLE_KEY)                                                         \
	X(ROLE_BUTTON_FOCUS, "button.focus", ROLE_SELECTED)                                        \
	X(ROLE_BUTTON_OFF, "button.off", ROLE_DIM)                                                 \
	X(ROLE_DANGER, "danger", ROLE_BAD)                                                         \
	X(ROLE_LINK, "link", ROLE_KEY)                                                             \
	X(ROLE_MATCH, "match", ROLE_WARNING)                                                       \
	X(ROLE_MATCH_CURRENT, "match.current", ROLE_SELECTED)                                      \
	X(ROLE_BAR_DONE, "bar.done", ROLE_RUNNING)                                                 \
	X(ROLE_BAR_REST, "bar.rest", ROLE_DIM)                                                     \
	X(ROLE_TIMELINE, "timeline", ROLE_RUNNING)                                                 \
	X(ROLE_AGE_STALE, "age.stale", ROLE_WARNING)                                               \
	X(ROLE_LOG_ERROR, "log.error", ROLE_BAD)                                                   \
	X(ROLE_LOG_WARNING, "log.warning", ROLE_WARNING)                                           \
	X(ROLE_LOG_INFO, "log.info", ROLE_TEXT)                                                    \
	X(ROLE_LOG_DEBUG, "log.debug", ROLE_DIM)                                                   \
	X(ROLE_DIFF_ADD, "diff.add", ROLE_GOOD)                                                    \
	X(ROLE_DIFF_REMOVE, "diff.remove", ROLE_BAD)                                               \
	X(ROLE_DIALOG, "dialog", ROLE_TEXT)                                                        \
	X(ROLE_BEHIND, "behind", ROLE_DIM)                                                         \
	X(ROLE_MESSAGE, "message", ROLE_TEXT)

enum role {
#define ROLE_ENUM(role, name, parent) role,
	ROLE_LIST(ROLE_ENUM)
#undef ROLE_ENUM
		ROLES
};

const char *role_name(enum role role);
enum role role_parent(enum role role); /* ROLE_TEXT is its own */
/* ROLES when there is none of that name. */
enum role role_find(const char *name);

#endif
