#include "tests/support/ui.h"

#include "tests/support/site.h"

#include <stdlib.h>
#include <string.h>

/* Of 24 lines the shell keeps header, tabs, message and hints. */
#define FRAME_ROWS 4

static void set_size(struct ui *ui, int cols, int rows, bool ascii)
{
	canvas_init(&ui->canvas, cols, rows - FRAME_ROWS, ascii);
	ui->context.view = view_of(&ui->canvas);
}

/* Requests get a ticket at once, as the shell would give them one. */
static void settle(struct ui *ui)
{
	size_t i;

	for (i = 0; i < ui->effects.count; i++) {
		const struct effect *effect = &ui->effects.rows[i];

		if (effect->kind == EFFECT_REQUEST && ui->ops->ticket)
			ui->ops->ticket(ui->state, &effect->request, ++ui->next_ticket);
	}
}

static void forget_effects(struct ui *ui)
{
	size_t i;

	for (i = 0; i < ui->effects.count; i++)
		document_unref(ui->effects.rows[i].document);
	ui->effects.count = 0;
}

void ui_open(struct ui *ui, const struct ui_spec *spec)
{
	memset(ui, 0, sizeof(*ui));
	ui->ops = screen_find(spec->screen);
	ui->state = mem_alloc(ui->ops->state_size ? ui->ops->state_size : 1);
	set_size(ui, spec->cols ? spec->cols : 80, spec->rows ? spec->rows : 24, spec->ascii);
	ui->context.model = spec->model;
	ui->context.now = site_now();
	ui->context.now_ms = 1000000;
	ui->context.zone.utc = spec->utc;
	ui->context.writable = !spec->not_writable;
	ui->context.not_writable = spec->not_writable;
	if (ui->ops->open)
		ui->ops->open(ui->state, spec->argument ? spec->argument : "", &ui->context,
			      &ui->effects);
	if (ui->ops->update)
		ui->ops->update(ui->state, &ui->context, &ui->effects);
	settle(ui);
}

void ui_close(struct ui *ui)
{
	if (ui->ops->close)
		ui->ops->close(ui->state);
	free(ui->state);
	forget_effects(ui);
	canvas_done(&ui->canvas);
}

static void press(struct ui *ui, struct key key)
{
	bool text = ui->ops->takes_text && ui->ops->takes_text(ui->state);
	enum action_id action = text && key_is_text(key) ? ACT_NONE : action_find(key, ui->ops->id);

	forget_effects(ui);
	ui->ops->key(ui->state, key, action, &ui->context, &ui->effects);
	settle(ui);
}

void ui_press(struct ui *ui, const char *keys)
{
	struct key key;

	while (*keys) {
		size_t len = strcspn(keys, " ");

		if (len > 0 && !key_from_name(keys, len, &key))
			die("no key has the name %.*s", (int)len, keys);
		if (len > 0)
			press(ui, key);
		keys += len + (keys[len] == ' ');
	}
}

void ui_type(struct ui *ui, const char *text)
{
	for (; *text; text++)
		press(ui, (struct key){ (unsigned char)*text });
}

void ui_model(struct ui *ui, const struct model *model)
{
	forget_effects(ui);
	ui->context.model = model;
	ui->context.now_ms += 1000;
	if (ui->ops->update)
		ui->ops->update(ui->state, &ui->context, &ui->effects);
	settle(ui);
}

void ui_event(struct ui *ui, const struct event *event)
{
	forget_effects(ui);
	if (ui->ops->event)
		ui->ops->event(ui->state, event, &ui->context, &ui->effects);
	settle(ui);
}

void ui_resize(struct ui *ui, int cols, int rows)
{
	bool ascii = ui->canvas.ascii;

	canvas_done(&ui->canvas);
	set_size(ui, cols, rows, ascii);
	if (ui->ops->update)
		ui->ops->update(ui->state, &ui->context, &ui->effects);
}

static void draw(struct ui *ui)
{
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;

	canvas_clear(&ui->canvas);
	ui->ops->title(ui->state, &ui->context, &left, &right);
	view_rule(ui->context.view, 0, ROLE_HEADING, left.buf, right.buf);
	ui->ops->draw(ui->state, &ui->context);
	strbuf_done(&left);
	strbuf_done(&right);
}

static void add_line(const struct ui *ui, int y, struct strbuf *out)
{
	size_t start = out->len, end = out->len;
	int x;

	for (x = 0; x < ui->canvas.cols; x++) {
		const struct cell *cell = &ui->canvas.cells[y * ui->canvas.cols + x];

		strbuf_adds(out, cell->text);
		if (strcmp(cell->text, " ") != 0)
			end = out->len;
	}
	strbuf_cut(out, end > start ? end : start);
	strbuf_addc(out, '\n');
}

/* Runs of cells whose role is not text: "  4 0+20 heading". */
static void add_roles(const struct ui *ui, int y, struct strbuf *out)
{
	const struct cell *line = &ui->canvas.cells[y * ui->canvas.cols];
	size_t start = out->len;
	int x, from;

	for (x = 0; x < ui->canvas.cols; x++) {
		from = x;
		while (x + 1 < ui->canvas.cols && line[x + 1].role == line[from].role)
			x++;
		if (line[from].role != ROLE_TEXT)
			strbuf_addf(out, " %d-%d %s", from, x,
				    role_name((enum role)line[from].role));
	}
	if (out->len > start) {
		struct strbuf head = STRBUF_INIT;

		strbuf_addf(&head, "%2d:%s\n", y, out->buf + start);
		strbuf_cut(out, start);
		strbuf_adds(out, head.buf);
		strbuf_done(&head);
	}
}

void ui_render(struct ui *ui, struct strbuf *out, bool roles)
{
	struct strbuf note = STRBUF_INIT;
	int y;

	draw(ui);
	for (y = 0; y < ui->canvas.rows; y++)
		add_line(ui, y, out);
	if (ui->ops->note && ui->ops->note(ui->state, &ui->context, &note))
		strbuf_addf(out, " %s\n", note.buf);
	strbuf_done(&note);
	if (!roles)
		return;
	strbuf_adds(out, "==== roles, by line: columns and role\n");
	for (y = 0; y < ui->canvas.rows; y++)
		add_roles(ui, y, out);
}

bool ui_shows(struct ui *ui, const char *text)
{
	struct strbuf picture = STRBUF_INIT;
	bool shows;

	ui_render(ui, &picture, false);
	shows = strstr(picture.buf, text) != NULL;
	strbuf_done(&picture);
	return shows;
}

const struct effect *ui_effect(const struct ui *ui, enum effect_kind kind)
{
	size_t i;

	for (i = 0; i < ui->effects.count; i++) {
		if (ui->effects.rows[i].kind == kind)
			return &ui->effects.rows[i];
	}
	return NULL;
}
