#include "tui/widgets/pager.h"

#include "backend/base/mem.h"
#include "tui/widgets/pager_text.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXT_LINES 3
#define SIDE_STEP     8

void pager_done(struct pager *pager)
{
	free(pager->index);
	memset(pager, 0, sizeof(*pager));
}

size_t pager_shown(const struct pager *pager, const struct pager_source *source)
{
	return pager->filter == PAGER_ALL ? source->count : pager->index_count;
}

size_t pager_line(const struct pager *pager, size_t position)
{
	return pager->filter == PAGER_ALL ? position : pager->index[position];
}

enum mark pager_mark(const struct pager_source *source, size_t line)
{
	return source->mark ? source->mark(source->arg, line) : MARK_NONE;
}

static void build_index(struct pager *pager, const struct pager_source *source)
{
	size_t line;

	free(pager->index);
	pager->index = NULL;
	pager->index_count = 0;
	if (pager->filter == PAGER_ALL)
		return;
	pager->index = mem_array(source->count ? source->count : 1, sizeof(*pager->index));
	for (line = 0; line < source->count; line++) {
		enum mark mark = pager_mark(source, line);

		if (mark == MARK_BAD || (mark == MARK_WARNING && pager->filter == PAGER_WARNINGS))
			pager->index[pager->index_count++] = (uint32_t)line;
	}
}

static void keep_in_view(struct pager *pager, size_t count, int page)
{
	size_t size = page > 0 ? (size_t)page : 1, margin = (size - 1) / 2;

	if (margin > CONTEXT_LINES)
		margin = CONTEXT_LINES;
	if (pager->cursor >= count)
		pager->cursor = count > 0 ? count - 1 : 0;
	if (pager->cursor < pager->top + margin)
		pager->top = pager->cursor > margin ? pager->cursor - margin : 0;
	if (pager->cursor + margin >= pager->top + size)
		pager->top = pager->cursor + margin + 1 - size;
	if (pager->top + size > count)
		pager->top = count > size ? count - size : 0;
}

void pager_update(struct pager *pager, const struct pager_source *source, int page)
{
	if (source->count != pager->lines_seen && pager->filter != PAGER_ALL)
		build_index(pager, source);
	if (pager->follow && source->count > pager->lines_seen)
		pager->cursor = pager_shown(pager, source);
	pager->lines_seen = source->count;
	keep_in_view(pager, pager_shown(pager, source), page);
}

static void move_to(struct pager *pager, const struct pager_source *source, size_t position,
		    int page)
{
	pager->cursor = position;
	keep_in_view(pager, pager_shown(pager, source), page);
}

bool pager_current(const struct pager *pager, const struct pager_source *source, size_t *ret_line)
{
	if (pager->cursor >= pager_shown(pager, source))
		return false;
	*ret_line = pager_line(pager, pager->cursor);
	return true;
}

void pager_first_problem(struct pager *pager, const struct pager_source *source, int page,
			 struct pager_problems *ret_problems)
{
	size_t position, error = 0, warning = 0, count = pager_shown(pager, source);
	struct pager_problems found = { 0 };

	for (position = 0; position < count; position++) {
		enum mark mark = pager_mark(source, pager_line(pager, position));

		if (mark == MARK_BAD && found.errors++ == 0)
			error = position;
		if (mark == MARK_WARNING && found.warnings++ == 0)
			warning = position;
	}
	move_to(pager, source, found.errors ? error : warning, page);
	*ret_problems = found;
}

/* true when the line at the position is what is looked for. */
typedef bool pager_wanted(const struct pager *pager, const struct pager_source *source,
			  size_t line);

static bool is_problem(const struct pager *pager, const struct pager_source *source, size_t line)
{
	(void)pager;
	return mark_is_problem(pager_mark(source, line));
}

static bool is_match(const struct pager *pager, const struct pager_source *source, size_t line)
{
	size_t len;
	const char *text = source->raw(source->arg, line, &len);

	return pager_text_find(text, len, pager->search.text) != NULL;
}

static bool find(struct pager *pager, const struct pager_source *source, pager_wanted *wanted,
		 int step, int page)
{
	size_t at = pager->cursor, count = pager_shown(pager, source);

	while (step > 0 ? at + 1 < count : at > 0) {
		at = step > 0 ? at + 1 : at - 1;
		if (wanted(pager, source, pager_line(pager, at))) {
			pager->follow = false;
			move_to(pager, source, at, page);
			return true;
		}
	}
	return false;
}

/* Looks from the cursor on, then from the top: what is there is found wherever one stands. */
static void search(struct pager *pager, const struct pager_source *source, int page)
{
	size_t line, start = pager->cursor;

	pager->searched = pager->search.len > 0;
	pager->missed = false;
	if (!pager->searched ||
	    (pager_current(pager, source, &line) && is_match(pager, source, line)) ||
	    find(pager, source, is_match, 1, page))
		return;
	pager->cursor = 0;
	if ((pager_current(pager, source, &line) && is_match(pager, source, line)) ||
	    find(pager, source, is_match, 1, page)) {
		keep_in_view(pager, pager_shown(pager, source), page);
		return;
	}
	pager->missed = true;
	move_to(pager, source, start, page);
}

static bool typing_key(struct pager *pager, const struct pager_source *source, struct key key,
		       int page)
{
	if (key.code == KEYCODE_ENTER) {
		pager->typing = false;
		search(pager, source, page);
		return true;
	}
	if (key.code == KEYCODE_ESC) {
		pager->typing = false;
		pager->searched = pager->missed = false;
		input_set(&pager->search, "");
		return true;
	}
	return input_key(&pager->search, key);
}

static void filter_next(struct pager *pager, const struct pager_source *source, int page)
{
	size_t line = 0, position;
	bool had = pager_current(pager, source, &line);

	pager->filter = pager->filter == PAGER_ERRORS ? PAGER_ALL : pager->filter + 1;
	build_index(pager, source);
	for (position = 0; had && position + 1 < pager_shown(pager, source); position++) {
		if (pager_line(pager, position) >= line)
			break;
	}
	move_to(pager, source, position, page);
}

static bool move_key(struct pager *pager, const struct pager_source *source, enum action_id action,
		     int page)
{
	static const struct {
		enum action_id action;
		int lines, pages_half;
	} moves[] = {
		{ ACT_UP, -1, 0 },	  { ACT_DOWN, 1, 0 },	  { ACT_PAGE_UP, 1, -2 },
		{ ACT_PAGE_DOWN, -1, 2 }, { ACT_HALF_UP, 0, -1 }, { ACT_HALF_DOWN, 0, 1 },
		{ ACT_FIRST, 0, -1000 },  { ACT_LAST, 0, 1000 },
	};
	size_t i, count = pager_shown(pager, source);

	for (i = 0; i < ARRAY_SIZE(moves); i++) {
		long step = moves[i].lines + (long)moves[i].pages_half * (page > 1 ? page : 2) / 2;
		long at = (long)pager->cursor + step;

		if (moves[i].action != action)
			continue;
		if (action == ACT_FIRST)
			at = 0;
		if (action == ACT_LAST || at >= (long)count)
			at = count > 0 ? (long)count - 1 : 0;
		pager->follow = pager->follow && action == ACT_LAST;
		move_to(pager, source, at < 0 ? 0 : (size_t)at, page);
		return true;
	}
	return false;
}

bool pager_key(struct pager *pager, const struct pager_source *source, struct key key,
	       enum action_id action, int page)
{
	if (pager->typing)
		return typing_key(pager, source, key, page);
	switch (action) {
	case ACT_FILTER:
		pager->typing = true;
		return true;
	case ACT_MATCH_NEXT:
	case ACT_MATCH_PREV:
		if (pager->searched)
			find(pager, source, is_match, action == ACT_MATCH_NEXT ? 1 : -1, page);
		return true;
	case ACT_PROBLEM_NEXT:
	case ACT_PROBLEM_PREV:
		find(pager, source, is_problem, action == ACT_PROBLEM_NEXT ? 1 : -1, page);
		return true;
	case ACT_SHOW:
		filter_next(pager, source, page);
		return true;
	case ACT_WRAP:
		pager->wrap = !pager->wrap;
		pager->left = 0;
		return true;
	case ACT_FOLLOW:
		pager->follow = !pager->follow;
		if (pager->follow)
			move_to(pager, source, pager_shown(pager, source), page);
		return true;
	case ACT_PANE_NEXT:
	case ACT_PANE_PREV:
		if (key.code == KEYCODE_TAB || key.code == KEYCODE_BACKTAB)
			return false;
		pager->left += action == ACT_PANE_NEXT ? SIDE_STEP : -SIDE_STEP;
		if (pager->left < 0 || pager->wrap)
			pager->left = 0;
		return true;
	default:
		return move_key(pager, source, action, page);
	}
}

bool pager_note(const struct pager *pager, bool ascii, struct strbuf *out)
{
	if (pager->typing) {
		input_add(out, "/", &pager->search, ascii);
		return true;
	}
	if (pager->searched && pager->missed) {
		strbuf_addf(out, "\"%s\" is not in these lines", pager->search.text);
		return true;
	}
	return false;
}

void pager_count_matches(const struct pager *pager, const struct pager_source *source,
			 size_t *ret_at, size_t *ret_count)
{
	size_t position, count = pager_shown(pager, source);

	*ret_at = *ret_count = 0;
	for (position = 0; pager->searched && position < count; position++) {
		if (!is_match(pager, source, pager_line(pager, position)))
			continue;
		++*ret_count;
		if (position <= pager->cursor)
			*ret_at = *ret_count;
	}
}
