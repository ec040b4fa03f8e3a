#include "tui/theme_file.h"

#include "backend/base/file.h"
#include "backend/base/strbuf.h"

#include <string.h>
#include <unistd.h>

#define THEME_CEILING (256 * 1024)

static enum status read_theme(const char *path, struct theme *ret_theme, struct error *err)
{
	struct strbuf text = STRBUF_INIT;
	enum status st = file_read(path, THEME_CEILING, &text, err);

	if (!st) {
		st = theme_parse(text.buf, text.len, ret_theme, err);
		if (st)
			error_wrap(err, "theme %s", path);
	}
	strbuf_done(&text);
	return st;
}

/* The folder of the program, for what was installed or built beside it. */
static bool add_program_folder(struct strbuf *out)
{
	char path[1024];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (len <= 0)
		return false;
	path[len] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return false;
	strbuf_add(out, path, (size_t)(slash - path));
	return true;
}

static bool try_in(struct strbuf *path, const char *folder, const char *name)
{
	strbuf_addf(path, "%s/%s.yaml", folder, name);
	return access(path->buf, R_OK) == 0;
}

static bool find_theme(struct strbuf *path, const char *name)
{
	static const char *const beside[] = { "/../share/kotsnap/themes", "/../../themes" };

	file_add_xdg(path, FILE_XDG_CONFIG);
	if (try_in(path, "/themes", name))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(beside); i++) {
		strbuf_reset(path);
		if (add_program_folder(path) && try_in(path, beside[i], name))
			return true;
	}
	return false;
}

enum status theme_file_load(const char *name, struct theme *ret_theme, struct error *err)
{
	struct strbuf path = STRBUF_INIT;
	enum status st;

	if (!name || !strcmp(name, "default")) {
		theme_default(ret_theme);
		return STATUS_OK;
	}
	if (strchr(name, '/') || access(name, R_OK) == 0) {
		file_add_home(&path, name);
		st = read_theme(path.buf, ret_theme, err);
	} else if (find_theme(&path, name)) {
		st = read_theme(path.buf, ret_theme, err);
	} else {
		st = error_set(err, STATUS_NOT_FOUND, "there is no theme \"%s\"", name);
		error_hint(err, "shipped are default, light and high-contrast; or name a file");
	}
	strbuf_done(&path);
	return st;
}
