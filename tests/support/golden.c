/* Pictures kept in files, and the difference as a person can read it. */
#include "backend/base/file.h"
#include "tests/support/ui.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_CEILING (1 << 20)

static const char *next_line(const char *text, size_t *ret_len)
{
	*ret_len = strcspn(text, "\n");
	return text + *ret_len + (text[*ret_len] == '\n');
}

/* Line by line; both are short. "-" is what the file has, "+" what was drawn. */
static void add_difference(struct strbuf *out, const char *want, const char *got)
{
	int line;

	for (line = 1; *want || *got; line++) {
		size_t want_len, got_len;
		const char *want_next = next_line(want, &want_len);
		const char *got_next = next_line(got, &got_len);

		if (want_len != got_len || strncmp(want, got, want_len) != 0)
			strbuf_addf(out, "%3d - %.*s\n    + %.*s\n", line, (int)want_len, want,
				    (int)got_len, got);
		want = want_next;
		got = got_next;
	}
}

void golden_compare_text(const char *text, const char *name)
{
	struct strbuf path = STRBUF_INIT, want = STRBUF_INIT, difference = STRBUF_INIT;
	const char *mode = getenv("GOLDEN");
	struct error err = ERROR_INIT;

	strbuf_addf(&path, "tests/golden/%s.txt", name);
	if (mode && !strcmp(mode, "write")) {
		char *slash = strrchr(path.buf, '/');

		*slash = '\0';
		(void)file_make_dirs(path.buf, 0755, &err);
		*slash = '/';
		if (file_replace(path.buf, text, strlen(text), 0644, &err))
			cr_assert(false, "%s", err.text);
	} else if (file_read(path.buf, GOLDEN_CEILING, &want, &err)) {
		cr_assert(false, "%s (GOLDEN=write makes it)", err.text);
	} else {
		add_difference(&difference, want.buf, text);
		cr_assert(difference.len == 0, "%s is not what it was (- file, + now):\n%s",
			  path.buf, difference.buf);
	}
	strbuf_done(&path);
	strbuf_done(&want);
	strbuf_done(&difference);
}

void golden_compare(struct ui *ui, const char *name)
{
	struct strbuf picture = STRBUF_INIT;

	ui_render(ui, &picture, true);
	golden_compare_text(picture.buf, name);
	strbuf_done(&picture);
}
