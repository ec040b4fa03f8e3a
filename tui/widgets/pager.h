/* Text by lines: a cursor, search, filter by level, wrap, sideways scrolling, following the end.
 * Knows nothing of where lines come from; a source gives them one by one, so that half a million
 * cost only what is looked at (design/screens.md 4.12). Pure. */
#ifndef TUI_WIDGETS_PAGER_H
#define TUI_WIDGETS_PAGER_H

#include "tui/input/keymap.h"
#include "tui/widgets/input.h"
#include "tui/widgets/mark.h"

struct pager_source {
	size_t count;
	const void *arg;
	/* The line as it came, without newline; borrowed until the next call. Searched, and shown
	 * when `show` is NULL. */
	const char *(*raw)(const void *arg, size_t line, size_t *ret_len);
	/* Appends the line as a person reads it; may be NULL. */
	void (*show)(const void *arg, size_t line, struct strbuf *out);
	/* MARK_BAD, MARK_WARNING or MARK_NONE; may be NULL: none. */
	enum mark (*mark)(const void *arg, size_t line);
};

enum pager_filter { PAGER_ALL, PAGER_WARNINGS, PAGER_ERRORS };

struct pager {
	size_t cursor, top; /* positions among the lines shown */
	int left;	    /* cells scrolled sideways */
	bool wrap, follow;
	enum pager_filter filter;
	uint32_t *index; /* lines shown when a filter is on, else NULL; owned */
	size_t index_count;
	struct input search;
	bool typing;	   /* the search line has the focus */
	bool searched;	   /* search.text is being looked for */
	bool missed;	   /* the search found nothing */
	size_t lines_seen; /* count of the source at the last pager_update() */
};

/* A zeroed struct pager is ready. */
void pager_done(struct pager *pager);
/* After the source changed: follows the end, keeps the cursor inside. */
void pager_update(struct pager *pager, const struct pager_source *source, int page);
/* true when the key was for the pager (also while typing a search). */
bool pager_key(struct pager *pager, const struct pager_source *source, struct key key,
	       enum action_id action, int page);
struct pager_problems {
	size_t errors, warnings;
};
/* To the first line that is a problem, an error before a warning; stays at the top when there is
 * none. Looks at every line, once: how many are problems is written too. */
void pager_first_problem(struct pager *pager, const struct pager_source *source, int page,
			 struct pager_problems *ret_problems);
/* Line of the source under the cursor; false when nothing is shown. */
bool pager_current(const struct pager *pager, const struct pager_source *source, size_t *ret_line);
size_t pager_shown(const struct pager *pager,
		   const struct pager_source *source); /* lines after the filter */

/* Cursor in column 0, mark in column 2, text from column 4; matches in role match. */
void pager_draw(const struct pager *pager, const struct pager_source *source, struct view view);
/* What the message line should say while searching ("/hook▏", "\"hook\": no match"); false =
 * nothing. */
bool pager_note(const struct pager *pager, bool ascii, struct strbuf *out);
/* Match number of the cursor and how many there are, both 0 when none is looked for. Looks at all
 * lines: not for each frame. */
void pager_count_matches(const struct pager *pager, const struct pager_source *source,
			 size_t *ret_at, size_t *ret_count);

#endif
