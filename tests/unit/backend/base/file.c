#include "backend/base/file.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A folder of its own for each test, removed at its end. */
static char folder[] = "/tmp/kotsnap-file-XXXXXX";

static void enter(void)
{
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
}

static void remove_all(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	if (!dir) {
		unlink(path);
		return;
	}
	while ((entry = readdir(dir))) {
		char inner[512];

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		remove_all(inner);
	}
	closedir(dir);
	rmdir(path);
}

static void leave(void)
{
	cr_assert_eq(chdir("/"), 0);
	remove_all(folder);
}

TestSuite(file, .init = enter, .fini = leave, .timeout = 30);

static void holds(const char *path, const char *want)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;

	cr_assert_eq(file_read(path, 1 << 20, &text, &err), STATUS_OK, "%s", err.text);
	cr_assert_str_eq(text.buf, want);
	strbuf_done(&text);
}

static void put(const char *path, const char *text, mode_t mode)
{
	struct error err = ERROR_INIT;

	cr_assert_eq(file_replace(path, text, strlen(text), mode, &err), STATUS_OK, "%s", err.text);
}

Test(file, reading_appends)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;

	put("a", "one\n", 0600);
	strbuf_adds(&text, "zero ");
	cr_assert_eq(file_read("a", 4, &text, &err), STATUS_OK, "the ceiling itself is allowed");
	cr_assert_str_eq(text.buf, "zero one\n");
	strbuf_done(&text);
}

Test(file, above_the_ceiling_nothing_is_kept_and_nothing_more_is_read)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;

	put("a", "one\n", 0600);
	strbuf_adds(&text, "zero");
	cr_assert_eq(file_read("a", 3, &text, &err), STATUS_TOO_LARGE);
	cr_assert_str_eq(err.text, "a is larger than 3 bytes");
	cr_assert_str_eq(text.buf, "zero");
	cr_assert_eq(file_read("/dev/zero", 100000, &text, &err), STATUS_TOO_LARGE);
	cr_assert_eq(text.len, 4);
	strbuf_done(&text);
}

Test(file, what_cannot_be_read_says_why)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;

	cr_assert_eq(file_read("absent", 10, &text, &err), STATUS_NOT_FOUND);
	cr_assert_str_eq(err.text, "read absent: No such file or directory");
	cr_assert_eq(file_read(".", 10, &text, &err), STATUS_SYSTEM);
	cr_assert_str_eq(err.text, "read .: Is a directory");
	cr_assert_eq(text.len, 0);
	strbuf_done(&text);
}

Test(file, replacing_sets_content_and_mode_whatever_the_mask)
{
	struct stat found;

	umask(0077);
	put("a", "old", 0600);
	put("a", "new", 0644);
	holds("a", "new");
	cr_assert_eq(stat("a", &found), 0);
	cr_assert_eq(found.st_mode & 07777, 0644);
	umask(0);
	put("a", "secret", 0600);
	cr_assert_eq(stat("a", &found), 0);
	cr_assert_eq(found.st_mode & 07777, 0600);
}

Test(file, a_link_is_replaced_and_what_it_points_to_is_left_alone)
{
	struct stat found;

	put("target", "old", 0600);
	cr_assert_eq(symlink("target", "link"), 0);
	put("link", "new", 0600);
	holds("link", "new");
	holds("target", "old");
	cr_assert_eq(lstat("link", &found), 0);
	cr_assert(S_ISREG(found.st_mode));
}

static size_t count_entries(void)
{
	DIR *dir = opendir(".");
	size_t count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

Test(file, a_failed_replacement_leaves_the_old_and_no_debris)
{
	struct error err = ERROR_INIT;

	cr_assert_eq(mkdir("full", 0700), 0);
	put("full/inner", "x", 0600);
	cr_assert_neq(file_replace("full", "new", 3, 0600, &err), STATUS_OK);
	cr_assert(text_starts(err.text, "write full: "), "%s", err.text);
	cr_assert_eq(count_entries(), 1);
	cr_assert_eq(file_replace("absent/a", "new", 3, 0600, &err), STATUS_NOT_FOUND);
}

/* Killed at any moment, readers see one of the two contents, whole. */
Test(file, a_process_killed_while_replacing_leaves_old_or_new)
{
	const size_t len = 300000;
	char *text = malloc(len + 1);

	text[len] = '\0';
	memset(text, 'a', len);
	put("a", text, 0600);
	for (int round = 0; round < 40; round++) {
		struct strbuf found = STRBUF_INIT;
		struct error err = ERROR_INIT;
		pid_t child = fork();

		if (child == 0) {
			for (unsigned i = 0;; i++) {
				memset(text, 'a' + (int)(i % 26), len);
				(void)file_replace("a", text, len, 0600, NULL);
			}
		}
		poll(NULL, 0, round % 7);
		kill(child, SIGKILL);
		cr_assert_eq(waitpid(child, NULL, 0), child);
		cr_assert_eq(file_read("a", len, &found, &err), STATUS_OK, "%s", err.text);
		cr_assert_eq(found.len, len, "round %d", round);
		for (size_t i = 1; i < len; i++)
			cr_assert_eq(found.buf[i], found.buf[0]);
		strbuf_done(&found);
	}
	free(text);
}

Test(file, folders_on_the_way_are_made_with_their_mode_and_may_be_there)
{
	struct error err = ERROR_INIT;
	struct stat found;

	umask(0);
	cr_assert_eq(file_make_dirs("a/b/c", 0700, &err), STATUS_OK, "%s", err.text);
	cr_assert_eq(file_make_dirs("a/b/c/", 0700, &err), STATUS_OK, "%s", err.text);
	cr_assert_eq(stat("a/b", &found), 0);
	cr_assert_eq(found.st_mode & 07777, 0700);
	put("a/file", "x", 0600);
	cr_assert_neq(file_make_dirs("a/file/d", 0700, &err), STATUS_OK);
	cr_assert(text_starts(err.text, "make folder a/file"), "%s", err.text);
}

Test(file, a_path_that_is_a_file_is_no_folder_made)
{
	struct error err = ERROR_INIT;

	put("a", "x", 0600);
	cr_assert_neq(file_make_dirs("a", 0700, &err), STATUS_OK);
}

Test(file, a_lock_keeps_others_out_until_its_process_ends)
{
	struct error err = ERROR_INIT;
	int fd = -1, pipes[2], status;
	char byte;
	pid_t child;

	cr_assert_eq(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		int own;

		if (file_lock("lock", &own, NULL) || write(pipes[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	cr_assert_eq(read(pipes[0], &byte, 1), 1);
	cr_assert_eq(file_lock("lock", &fd, &err), STATUS_CONFLICT);
	cr_assert_str_eq(err.text, "lock is held by another process");
	cr_assert_eq(fd, -1);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	cr_assert_eq(file_lock("lock", &fd, &err), STATUS_OK, "%s", err.text);
	close(fd);
}

static const struct {
	enum file_xdg which;
	const char *variable, *value, *want;
} xdg[] = {
	{ FILE_XDG_CONFIG, "XDG_CONFIG_HOME", "/x", "/x/kotsnap" },
	{ FILE_XDG_CONFIG, "XDG_CONFIG_HOME", "", "/home/ann/.config/kotsnap" },
	{ FILE_XDG_STATE, "XDG_STATE_HOME", "relative", "/home/ann/.local/state/kotsnap" },
	{ FILE_XDG_CACHE, "XDG_CACHE_HOME", NULL, "/home/ann/.cache/kotsnap" },
	{ FILE_XDG_DATA, "XDG_DATA_HOME", "/d", "/d/kotsnap" },
};

Test(file, folders_of_a_person_are_where_xdg_says)
{
	setenv("HOME", "/home/ann", 1);
	for (size_t i = 0; i < ARRAY_SIZE(xdg); i++) {
		struct strbuf out = STRBUF_INIT;

		unsetenv(xdg[i].variable);
		if (xdg[i].value)
			setenv(xdg[i].variable, xdg[i].value, 1);
		file_add_xdg(&out, xdg[i].which);
		cr_expect_str_eq(out.buf, xdg[i].want);
		strbuf_done(&out);
	}
}

Test(file, a_tilde_alone_or_before_a_slash_is_home)
{
	static const char *const rows[][2] = {
		{ "~/x", "/home/ann/x" }, { "~", "/home/ann" }, { "~bob/x", "~bob/x" },
		{ "/~/x", "/~/x" },	  { "", "" },
	};

	setenv("HOME", "/home/ann", 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf out = STRBUF_INIT;

		file_add_home(&out, rows[i][0]);
		cr_expect_str_eq(out.buf, rows[i][1]);
		strbuf_done(&out);
	}
}

Test(file, without_home_the_password_database_knows)
{
	struct strbuf out = STRBUF_INIT;

	unsetenv("HOME");
	file_add_home(&out, "~/x");
	cr_assert_eq(out.buf[0], '/', "%s", out.buf);
	strbuf_done(&out);
}
