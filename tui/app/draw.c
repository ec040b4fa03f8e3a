#include "tui/app/frame.h"
#include "tui/app/private.h"
#include "tui/draw/text.h"
#include "tui/widgets/panes.h"

static void draw_title(const struct layer *layer, const struct screen_context *context)
{
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;

	if (layer->ops->title)
		layer->ops->title(layer->state, context, &left, &right);
	view_rule(context->view, 0, ROLE_HEADING, left.buf, right.buf);
	strbuf_done(&left);
	strbuf_done(&right);
}

/* The topmost screen, on top of those it leaves in view. */
static void draw_body(struct tui_app *app, const struct app_time *time)
{
	struct stack *stack = &app->tabs[app->tab];
	struct screen_context context = app_context(app, time);
	size_t i = stack->count - 1;

	while (i > 0 && stack->layers[i].ops->over)
		i--;
	for (; i < stack->count; i++) {
		struct layer *layer = &stack->layers[i];

		if (layer->ops->over)
			view_role(context.view, ROLE_BEHIND);
		else
			view_fill(context.view, ROLE_TEXT);
		/* Only the topmost owns the terminal's cursor. */
		app->canvas.cursor_x = app->canvas.cursor_y = -1;
		if (!layer->ops->over)
			draw_title(layer, &context);
		layer->ops->draw(layer->state, &context);
		layer->drawn = true;
	}
}

/* Width of "Enter open" */
static int hint_width(enum action_id id)
{
	size_t len;

	(void)action_first_key(id, &len);
	return (int)len + 1 + text_width(action_row(id)->hint);
}

static int draw_hint(struct view line, int x, enum action_id id, bool off)
{
	size_t len;
	const char *key = action_first_key(id, &len);
	int used = view_textf(line, x, 0, off ? ROLE_HINT : ROLE_KEY, "%.*s", (int)len, key);

	return used + view_textf(line, x + used, 0, off ? ROLE_HINT : ROLE_TEXT, " %s",
				 action_row(id)->hint);
}

static void draw_end(struct view line, const char *key, const char *word)
{
	int x = line.w - 1 - text_width(key) - 1 - text_width(word);

	view_text(line, x, 0, ROLE_KEY, key);
	view_text(line, x + text_width(key) + 1, 0, ROLE_TEXT, word);
}

static void draw_field_hints(struct view line)
{
	static const struct {
		const char *key, *word;
	} hints[] = {
		{ "Tab", "next" }, { "Enter", "press" }, { "Ctrl-U", "clear" }, { "Esc", "back" }
	};
	int x = 1;

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++) {
		x += view_text(line, x, 0, ROLE_KEY, hints[i].key) + 1;
		x += view_text(line, x, 0, ROLE_TEXT, hints[i].word) + 2;
	}
	draw_end(line, "F1", "help");
}

static void draw_hints(struct tui_app *app, struct view line, const struct app_time *time)
{
	const struct layer *top = app_top(app);
	enum action_id ids[12];
	size_t count = action_hints(top->ops->id, ids, ARRAY_SIZE(ids)), i, shown;
	int x = 1;

	if (top->ops->takes_text && top->ops->takes_text(top->state)) {
		draw_field_hints(line);
		return;
	}
	for (i = shown = 0; i < count && shown < (line.w >= SPLIT_COLUMNS ? 12 : 8); i++) {
		if (x + hint_width(ids[i]) + 2 > line.w - 8)
			continue;
		x += draw_hint(line, x, ids[i], app_refusal(app, ids[i], time) != NULL) + 2;
		shown++;
	}
	draw_end(line, "?", top->ops->id == SCREEN_HELP ? "close" : "help");
}

static bool shows_running_itself(enum screen_id id)
{
	return id == SCREEN_OVERVIEW || id == SCREEN_OPERATION;
}

static void draw_running(struct view line, const struct frame *frame)
{
	static const char hint[] = "o shows it";
	struct strbuf text = STRBUF_INIT;

	if (frame_add_running(&text, frame)) {
		view_glyph(line, 1, 0, ROLE_RUNNING, GLYPH_RUNNING);
		view_field(line, 3, 0, line.w - 4 - (int)sizeof(hint) - 1, ROLE_MESSAGE, text.buf);
		view_text(line, line.w - (int)sizeof(hint), 0, ROLE_DIM, hint);
	}
	strbuf_done(&text);
}

/* A message; else what the connection says; else the screen's own note; else what runs. */
static void draw_message(struct tui_app *app, struct view line, const struct frame *frame,
			 const struct screen_context *context)
{
	const struct layer *top = app_top(app);
	const struct notice *notice = notices_current(&app->notices);
	struct strbuf text = STRBUF_INIT;
	enum message_level level;
	bool typing = top->ops->note && top->ops->note(top->state, context, &text);

	/* What is being typed must stay in view. */
	if (typing && top->ops->takes_text && top->ops->takes_text(top->state)) {
		view_field(line, 1, 0, line.w - 2, ROLE_MESSAGE, text.buf);
		goto out;
	}
	if (notice) {
		frame_draw_notice(line, notice->level, notice->text);
		goto out;
	}
	if (typing) {
		view_field(line, 1, 0, line.w - 2, ROLE_MESSAGE, text.buf);
		goto out;
	}
	strbuf_reset(&text);
	if (frame_connection_level(frame, &level)) {
		frame_add_connection(&text, frame, line.w - 4, line.canvas->ascii);
		frame_draw_notice(line, level, text.buf);
	} else if (!shows_running_itself(top->ops->id))
		draw_running(line, frame);
out:
	strbuf_done(&text);
}

const struct canvas *app_draw(struct tui_app *app, const struct app_time *time)
{
	struct screen_context context = app_context(app, time);
	struct view all = view_of(&app->canvas);
	struct frame frame = { .model = app->model,
			       .now = time->now,
			       .zone = app->zone,
			       .ops = app_top(app)->ops,
			       .tab = app_lit_tab(app) };

	canvas_clear(&app->canvas);
	notices_tick(&app->notices, time->now_ms);
	if (all.w < FRAME_LEAST_COLS || all.h < FRAME_LEAST_ROWS) {
		frame_draw_too_small(all, &frame);
		return &app->canvas;
	}
	frame_draw_header(view_part(all, 0, 0, all.w, 1), &frame);
	frame_draw_tabs(view_part(all, 0, 1, all.w, 1), &frame);
	draw_body(app, time);
	draw_message(app, view_part(all, 0, all.h - 2, all.w, 1), &frame, &context);
	draw_hints(app, view_part(all, 0, all.h - 1, all.w, 1), time);
	return &app->canvas;
}
