#include "tui/draw/canvas.h"

#include "backend/base/mem.h"
#include "backend/base/safetext.h"
#include "tui/draw/text.h"

#include <stdlib.h>
#include <string.h>

void canvas_init(struct canvas *canvas, int cols, int rows, bool ascii)
{
	canvas->cols = cols;
	canvas->rows = rows;
	canvas->ascii = ascii;
	canvas->cells = mem_array((size_t)cols * (size_t)rows, sizeof(*canvas->cells));
	canvas_clear(canvas);
}

void canvas_done(struct canvas *canvas)
{
	free(canvas->cells);
	canvas->cells = NULL;
}

static void blank(struct cell *cell, enum role role)
{
	memset(cell, 0, sizeof(*cell));
	cell->text[0] = ' ';
	cell->width = 1;
	cell->role = (uint8_t)role;
}

void canvas_clear(struct canvas *canvas)
{
	int i;

	canvas->cursor_x = canvas->cursor_y = -1;
	for (i = 0; i < canvas->cols * canvas->rows; i++)
		blank(&canvas->cells[i], ROLE_TEXT);
}

bool canvas_cell_equal(const struct cell *a, const struct cell *b)
{
	return a->width == b->width && a->role == b->role && !strcmp(a->text, b->text);
}

struct view view_of(struct canvas *canvas)
{
	return (struct view){ canvas, 0, 0, canvas->cols, canvas->rows };
}

struct view view_part(struct view view, int x, int y, int w, int h)
{
	if (x > view.w)
		x = view.w;
	if (y > view.h)
		y = view.h;
	if (w > view.w - x)
		w = view.w - x;
	if (h > view.h - y)
		h = view.h - y;
	return (struct view){ view.canvas, view.x + x, view.y + y, w < 0 ? 0 : w, h < 0 ? 0 : h };
}

/* NULL outside the view. */
static struct cell *cell_at(struct view view, int x, int y)
{
	int col = view.x + x, row = view.y + y;

	if (x < 0 || y < 0 || x >= view.w || y >= view.h || col < 0 || row < 0 ||
	    col >= view.canvas->cols || row >= view.canvas->rows)
		return NULL;
	return &view.canvas->cells[row * view.canvas->cols + col];
}

/* Half a wide grapheme must not stay behind when the other half is overwritten. */
static void mend_wide(struct view view, int x, int y)
{
	struct view whole = view_of(view.canvas);
	struct cell *cell = cell_at(view, x, y), *other;

	if (cell && cell->width == 0 && (other = cell_at(whole, view.x + x - 1, view.y + y)))
		blank(other, other->role);
	if (cell && cell->width == 2 && (other = cell_at(whole, view.x + x + 1, view.y + y)))
		blank(other, other->role);
}

struct grapheme {
	const char *text;
	size_t len;
	int width;
};

static void put(struct view view, int x, int y, enum role role, struct grapheme grapheme)
{
	struct cell *cell = cell_at(view, x, y), *right;

	if (!cell || (grapheme.width == 2 && !cell_at(view, x + 1, y)))
		return;
	mend_wide(view, x, y);
	memset(cell, 0, sizeof(*cell));
	if (grapheme.len >= sizeof(cell->text)) { /* a pile of combining marks: keep what is seen,
					    not all that is stacked */
		grapheme.len = 1;
		grapheme.text = "?";
	}
	memcpy(cell->text, grapheme.text, grapheme.len);
	cell->width = (uint8_t)grapheme.width;
	cell->role = (uint8_t)role;
	if (grapheme.width == 2) {
		mend_wide(view, x + 1, y);
		right = cell_at(view, x + 1, y);
		memset(right, 0, sizeof(*right));
		right->role = (uint8_t)role;
	}
}

/* Foreign text as something that can be printed; into `safe` when it has to change. */
static const char *gate(struct strbuf *safe, const char *text)
{
	size_t len = strlen(text);

	if (safetext_is_safe(text, len))
		return text;
	safetext_add(safe, text, len, false);
	return safe->buf;
}

/* Text that passed the gate. */
static int put_text(struct view view, int x, int y, enum role role, const char *text)
{
	int start = x, width = 0;
	size_t used;

	for (; x < view.w && (used = text_grapheme(text, &width)) > 0; text += used) {
		if (width == 0)
			continue;
		if (view.canvas->ascii && (unsigned char)*text >= 0x80) {
			char grapheme[16] = "";
			const char *plain;

			memcpy(grapheme, text, used < sizeof(grapheme) ? used : 0);
			plain = glyph_reduce(grapheme);
			put(view, x++, y, role, (struct grapheme){ plain, 1, 1 });
			continue;
		}
		put(view, x, y, role, (struct grapheme){ text, used, width });
		x += width;
	}
	return x - start;
}

int view_text(struct view view, int x, int y, enum role role, const char *text)
{
	struct strbuf safe = STRBUF_INIT;
	int used = put_text(view, x, y, role, gate(&safe, text));

	strbuf_done(&safe);
	return used;
}

int view_textf(struct view view, int x, int y, enum role role, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;
	int used;

	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	used = view_text(view, x, y, role, text.buf);
	strbuf_done(&text);
	return used;
}

void view_field(struct view view, int x, int y, int width, enum role role, const char *text)
{
	struct strbuf cut = STRBUF_INIT, safe = STRBUF_INIT;

	text_add_cut(&cut, gate(&safe, text), width, view.canvas->ascii);
	put_text(view, x, y, role, cut.buf);
	strbuf_done(&cut);
	strbuf_done(&safe);
}

void view_field_right(struct view view, int x, int y, int width, enum role role, const char *text)
{
	struct strbuf safe = STRBUF_INIT;
	const char *shown = gate(&safe, text);
	int used = text_width(shown);

	if (used > width)
		view_field(view, x, y, width, role, shown);
	else
		put_text(view, x + width - used, y, role, shown);
	strbuf_done(&safe);
}

int view_glyph(struct view view, int x, int y, enum role role, enum glyph glyph)
{
	const char *text = glyph_text(glyph, view.canvas->ascii);

	put(view, x, y, role, (struct grapheme){ text, strlen(text), 1 });
	return 1;
}

void view_fill(struct view view, enum role role)
{
	int x, y;

	for (y = 0; y < view.h; y++) {
		for (x = 0; x < view.w; x++)
			put(view, x, y, role, (struct grapheme){ " ", 1, 1 });
	}
}

void view_role(struct view view, enum role role)
{
	int x, y;
	struct cell *cell;

	for (y = 0; y < view.h; y++) {
		for (x = 0; x < view.w; x++) {
			if ((cell = cell_at(view, x, y)))
				cell->role = (uint8_t)role;
		}
	}
}

/* What a rule says at its right end: drawn whole, it is short; the left text gives way. */
static void rule_right(struct view view, int y, const char *text)
{
	int from = view.w - text_width(text) - 4;

	from = from < 3 ? 3 : from;
	put_text(view, from, y, ROLE_BORDER, " ");
	put_text(view, from + 1, y, ROLE_DIM, text);
	put_text(view, from + 1 + text_width(text), y, ROLE_BORDER, " ");
}

void view_rule(struct view view, int y, enum role role, const char *left, const char *right)
{
	struct strbuf cut = STRBUF_INIT, safe_left = STRBUF_INIT, safe_right = STRBUF_INIT;
	int x, room;

	left = gate(&safe_left, left);
	right = gate(&safe_right, right);
	room = view.w - (*right ? text_width(right) + 5 : 0) - (*left ? 6 : 0);
	for (x = 0; x < view.w; x++)
		view_glyph(view, x, y, ROLE_BORDER, GLYPH_RULE);
	if (*left && room > 0) {
		text_add_cut(&cut, left, room, view.canvas->ascii);
		put_text(view, 2, y, role, " ");
		x = 3 + put_text(view, 3, y, role, cut.buf);
		put_text(view, x, y, role, " ");
	}
	if (*right)
		rule_right(view, y, right);
	strbuf_done(&cut);
	strbuf_done(&safe_left);
	strbuf_done(&safe_right);
}

static bool is_rule(struct view view, int x, int y)
{
	struct cell *cell = cell_at(view_of(view.canvas), view.x + x, view.y + y);

	return cell && !strcmp(cell->text, glyph_text(GLYPH_RULE, view.canvas->ascii)) &&
	       cell->role == ROLE_BORDER;
}

void view_vline(struct view view, int x)
{
	int y;

	for (y = 0; y < view.h; y++) {
		bool left = is_rule(view, x - 1, y), right = is_rule(view, x + 1, y);
		enum glyph joint = GLYPH_SPLIT;

		if (y == 0 && (left || right))
			joint = GLYPH_JOINT_DOWN;
		else if (left && right)
			joint = GLYPH_JOINT_CROSS;
		else if (left)
			joint = GLYPH_JOINT_LEFT;
		else if (right)
			joint = GLYPH_JOINT_RIGHT;
		view_glyph(view, x, y, ROLE_BORDER, joint);
	}
}

void view_bar(struct view view, int x, int y, int width, int per_mille)
{
	int inner = width - 2,
	    done = per_mille < 0 ? 0 : inner * (per_mille > 1000 ? 1000 : per_mille) / 1000, i;

	view_text(view, x, y, ROLE_DIM, "[");
	for (i = 0; i < inner; i++)
		view_glyph(view, x + 1 + i, y, i < done ? ROLE_BAR_DONE : ROLE_BAR_REST,
			   i < done ? GLYPH_BAR_DONE : GLYPH_BAR_REST);
	view_text(view, x + width - 1, y, ROLE_DIM, "]");
}

int view_wrap(struct view view, int x, int y, int lines, enum role role, const char *text)
{
	struct strbuf safe = STRBUF_INIT;
	int line = 0;

	safetext_add(&safe, text, strlen(text), true);
	text = safe.buf;
	while (*text && line < lines && view.w - x > 0) {
		const char *next = text;
		size_t len = text_wrap(text, view.w - x, &next);
		char *part = mem_text_n(text, len);

		put_text(view, x, y + line, role, part);
		free(part);
		text = next;
		line++;
	}
	strbuf_done(&safe);
	return line;
}
