#include "tests/unit/tui/app/desk.h"

#include "backend/base/mem.h"
#include "tests/support/ui.h"

#include <string.h>

void desk_open(struct desk *desk, enum site_case which, int cols, int rows)
{
	struct app_options options = { .cols = cols, .rows = rows };

	desk->model = site_model(which);
	desk->time = (struct app_time){ site_now(), 1000000 };
	desk->app = app_new(&options, desk->model, &desk->time);
}

void desk_close(struct desk *desk)
{
	app_free(desk->app);
	model_unref(desk->model);
}

static void press_all(struct desk *desk, const char *keys, bool draw)
{
	while (*keys) {
		size_t len = strcspn(keys, " ");
		struct key key;

		if (!key_from_name(keys, len, &key))
			die("no key has the name %.*s", (int)len, keys);
		app_take_key(desk->app, key, &desk->time);
		if (draw)
			app_draw(desk->app, &desk->time);
		keys += len + (keys[len] == ' ');
	}
}

void desk_press(struct desk *desk, const char *keys)
{
	app_draw(desk->app, &desk->time);
	press_all(desk, keys, true);
}

void desk_paste(struct desk *desk, const char *keys)
{
	app_draw(desk->app, &desk->time);
	press_all(desk, keys, false);
}

void desk_render(struct desk *desk, struct strbuf *out)
{
	const struct canvas *canvas = app_draw(desk->app, &desk->time);

	for (int y = 0; y < canvas->rows; y++) {
		size_t start = out->len, end = out->len;

		for (int x = 0; x < canvas->cols; x++) {
			const char *text = canvas->cells[y * canvas->cols + x].text;

			strbuf_adds(out, text);
			if (strcmp(text, " ") != 0)
				end = out->len;
		}
		strbuf_cut(out, end > start ? end : start);
		strbuf_addc(out, '\n');
	}
}

bool desk_shows(struct desk *desk, const char *text)
{
	struct strbuf picture = STRBUF_INIT;
	bool shows;

	desk_render(desk, &picture);
	shows = strstr(picture.buf, text) != NULL;
	strbuf_done(&picture);
	return shows;
}

bool desk_task(struct desk *desk, enum app_task_kind kind, struct app_task *ret_task)
{
	while (app_next_task(desk->app, ret_task)) {
		if (ret_task->kind == kind)
			return true;
		app_task_done(ret_task);
	}
	return false;
}

void desk_compare(struct desk *desk, const char *name)
{
	struct strbuf picture = STRBUF_INIT;

	desk_render(desk, &picture);
	golden_compare_text(picture.buf, name);
	strbuf_done(&picture);
}
