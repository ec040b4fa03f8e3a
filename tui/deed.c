#include "tui/deed.h"

#include "backend/base/file.h"
#include "tui/draw/text.h"
#include "tui/term/term.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CLIPBOARD_MOST 74000

void deed_copy(struct tui_app *app, const char *text, const struct app_time *time)
{
	struct strbuf words = STRBUF_INIT;

	if (strlen(text) > CLIPBOARD_MOST) {
		app_say(app, MESSAGE_WARNING, "too long for the clipboard: w writes a file", time);
		return;
	}
	term_copy(text);
	strbuf_adds(&words, "Copied to the clipboard of this terminal: ");
	text_add_cut(&words, text, 30, false);
	app_say(app, MESSAGE_GOOD, words.buf, time);
	strbuf_done(&words);
}

static enum status write_all(int fd, const char *text, size_t len, const char *path,
			     struct error *err)
{
	while (len > 0) {
		ssize_t put = write(fd, text, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return error_errno(err, errno, "write %s", path);
		text += put;
		len -= (size_t)put;
	}
	return STATUS_OK;
}

static enum status write_document(const char *path, const struct document *document,
				  struct error *err)
{
	size_t len = 0;
	const char *text = document_text(document, &len);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	enum status st;

	if (fd < 0 && errno == EEXIST)
		return error_set(err, STATUS_EXISTS,
				 "%s is there already: nothing is written over it", path);
	if (fd < 0)
		return error_errno(err, errno, "write %s", path);
	st = write_all(fd, text, len, path, err);
	if (close(fd) != 0 && !st)
		st = error_errno(err, errno, "write %s", path);
	/* Half a file that looks whole is worse than none. */
	if (st)
		unlink(path);
	return st;
}

void deed_write(struct tui_app *app, const struct app_task *task, const struct app_time *time)
{
	struct strbuf path = STRBUF_INIT, words = STRBUF_INIT;
	struct error err = ERROR_INIT;

	file_add_home(&path, task->text);
	if (!task->document) {
		app_say(app, MESSAGE_WARNING, "nothing to write yet", time);
	} else if (write_document(path.buf, task->document, &err)) {
		app_say(app, MESSAGE_ERROR, err.text, time);
	} else {
		strbuf_addf(&words, "Written: %s", path.buf);
		app_say(app, MESSAGE_GOOD, words.buf, time);
	}
	strbuf_done(&path);
	strbuf_done(&words);
}
