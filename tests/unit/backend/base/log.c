#include "backend/base/log.h"

#include "backend/base/file.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/kotsnap-log-XXXXXX";

static void begin(void)
{
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	close(fd);
}

static void end(void)
{
	log_close();
	unlink(path);
}

TestSuite(log, .init = begin, .fini = end);

static void read_back(struct strbuf *out)
{
	struct error err = ERROR_INIT;

	cr_assert_eq(file_read(path, 64 << 20, out, &err), STATUS_OK, "%s", err.text);
}

Test(log, it_is_silent_until_opened_and_after_closing)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;

	cr_assert_not(log_is_open());
	log_line("net", "before");
	cr_assert_eq(log_open(path, &err), STATUS_OK, "%s", err.text);
	cr_assert(log_is_open());
	log_line("net", "within %d", 7);
	log_close();
	log_line("net", "after");
	read_back(&text);
	cr_assert(strstr(text.buf, "within 7\n"));
	cr_assert_null(strstr(text.buf, "before"));
	cr_assert_null(strstr(text.buf, "after"));
	strbuf_done(&text);
}

Test(log, a_line_has_time_and_area_and_stays_one_line)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;

	cr_assert_eq(log_open(path, &err), STATUS_OK);
	log_line("watch", "a\nb\x1b[2J%s", "\xc2\x9b");
	read_back(&text);
	cr_assert_eq(text.buf[4], '-');
	cr_assert(text_ends(text.buf, "Z watch  a b^[[2J\\u009b\n"), "%s", text.buf);
	cr_assert_eq(strchr(text.buf, '\n'), text.buf + text.len - 1);
	strbuf_done(&text);
}

Test(log, a_new_file_is_for_its_owner_only_and_an_old_one_is_kept)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;
	struct stat found;

	umask(0);
	unlink(path);
	cr_assert_eq(log_open(path, &err), STATUS_OK);
	log_line("op", "one");
	log_close();
	cr_assert_eq(log_open(path, &err), STATUS_OK);
	log_line("op", "two");
	cr_assert_eq(stat(path, &found), 0);
	cr_assert_eq(found.st_mode & 07777, 0600);
	read_back(&text);
	cr_assert(strstr(text.buf, "one\n") && strstr(text.buf, "two\n"));
	strbuf_done(&text);
}

Test(log, where_it_cannot_be_written_says_why)
{
	struct error err = ERROR_INIT;

	cr_assert_eq(log_open("/no-such-folder/trace", &err), STATUS_NOT_FOUND);
	cr_assert(strstr(err.text, "/no-such-folder/trace"), "%s", err.text);
	cr_assert_not(log_is_open());
}

Test(log, a_full_disk_silences_it_and_ends_nothing)
{
	struct error err = ERROR_INIT;

	cr_assert_eq(log_open("/dev/full", &err), STATUS_OK, "%s", err.text);
	log_line("net", "x");
	cr_assert_not(log_is_open());
	log_line("net", "y");
}

static void *write_lines(void *arg)
{
	for (int i = 0; i < 500; i++)
		log_line("net", "%s", (const char *)arg);
	return NULL;
}

Test(log, lines_of_several_threads_do_not_mix)
{
	static const char *const words[] = { "aaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbb" };
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;
	pthread_t threads[2];
	size_t lines = 0;

	cr_assert_eq(log_open(path, &err), STATUS_OK);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, write_lines, (void *)words[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	read_back(&text);
	for (char *line = text.buf, *next; *line; line = next + 1, lines++) {
		next = strchr(line, '\n');
		*next = '\0';
		cr_assert(text_ends(line, words[0]) || text_ends(line, words[1]), "%s", line);
	}
	cr_assert_eq(lines, 1000);
	strbuf_done(&text);
}
