#include "backend/practice/practice_open.h"

#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/practice/practice_home.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SELF	   "/proc/self/exe"
#define DEADLINE_S 180

/* Between fork and exec: a process of its own, that neither the terminal nor our end disturbs. */
static _Noreturn void become_cluster(const char *const *argv, int out, int log)
{
	int nothing = open("/dev/null", O_RDONLY);

	setsid();
	if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(out, 1) < 0 || dup2(log, 2) < 0)
		_exit(126);
	execv(SELF, (char *const *)(uintptr_t)argv);
	_exit(127);
}

static enum status start_cluster(const struct practice_options *options, int *ret_out,
				 struct error *err)
{
	struct strbuf log_path = STRBUF_INIT;
	const char *argv[10] = { "kotsnap",	   "practice", "--dir",
				 options->dir.buf, "--pace",   options->fast ? "fast" : "real" };
	char port[16], apps[24];
	int pipes[2] = { -1, -1 }, log, count = 6;
	enum status st = STATUS_OK;
	pid_t pid;

	if (options->reset)
		argv[count++] = "--reset";
	if (options->port != PRACTICE_ANY_PORT) {
		snprintf(port, sizeof(port), "--port=%d", options->port);
		argv[count++] = port;
	}
	if (options->apps > 0) {
		snprintf(apps, sizeof(apps), "--apps=%d", options->apps);
		argv[count++] = apps;
	}
	home_add_path(&log_path, options->dir.buf, HOME_LOG);
	log = open(log_path.buf, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (log < 0 || pipe2(pipes, O_CLOEXEC) < 0)
		st = error_errno(err, errno, "open %s", log_path.buf);
	pid = st ? -1 : fork();
	if (pid == 0)
		become_cluster(argv, pipes[1], log);
	if (!st && pid < 0)
		st = error_errno(err, errno, "start the practice cluster");
	if (log >= 0)
		close(log);
	if (pipes[1] >= 0)
		close(pipes[1]);
	if (!st)
		*ret_out = pipes[0];
	else if (pipes[0] >= 0)
		close(pipes[0]);
	strbuf_done(&log_path);
	return st;
}

static void show_progress(int64_t started_ms, bool again)
{
	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "%sstarting the practice cluster ... %d s ", again ? "\r" : "",
		(int)((clock_monotonic_ms() - started_ms) / 1000));
	fflush(stderr);
}

static enum status did_not_start(const char *dir, struct error *err)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;

	home_add_path(&path, dir, HOME_LOG);
	(void)file_read(path.buf, 4096, &text, NULL);
	while (text.len > 0 && text.buf[text.len - 1] == '\n')
		strbuf_cut(&text, text.len - 1);
	error_set(err, STATUS_FAILED, "the practice cluster did not start: %.300s",
		  text.len > 0 ? text.buf : "it said nothing");
	error_hint(err, "what it said stands in %s", path.buf);
	strbuf_done(&path);
	strbuf_done(&text);
	return STATUS_FAILED;
}

/* Until it prints its line. The end of the pipe means that it ended. */
static enum status wait_until_ready(const char *dir, int out, struct error *err)
{
	int64_t started_ms = clock_monotonic_ms();
	struct pollfd fd = { out, POLLIN, 0 };
	enum status st = STATUS_OK;
	char line[4096];
	ssize_t got = 0;

	show_progress(started_ms, false);
	while (poll(&fd, 1, 500) == 0) {
		show_progress(started_ms, true);
		if (clock_monotonic_ms() - started_ms > DEADLINE_S * 1000)
			return error_set(err, STATUS_TIMEOUT,
					 "the practice cluster is not ready after %d s",
					 DEADLINE_S);
	}
	got = read(out, line, sizeof(line) - 1);
	if (got <= 0 || strncmp(line, "ready ", 6) != 0)
		st = did_not_start(dir, err);
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\n");
	return st;
}

/* This very program, which need not be in PATH yet. */
static void print_command(const char *kubeconfig)
{
	char self[4096];
	ssize_t len = readlink(SELF, self, sizeof(self) - 1);

	self[len > 0 ? len : 0] = '\0';
	printf("%s --kubeconfig %s\n", len > 0 ? self : "kotsnap", kubeconfig);
}

static enum status open_console(const char *dir, struct error *err)
{
	struct strbuf path = STRBUF_INIT;
	enum status st = STATUS_OK;
	const char *argv[4] = { "kotsnap", "--kubeconfig", NULL, NULL };

	home_add_path(&path, dir, "kubeconfig");
	argv[2] = path.buf;
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
		execv(SELF, (char *const *)(uintptr_t)argv);
		st = error_errno(err, errno, "open the console");
	} else {
		print_command(path.buf);
	}
	strbuf_done(&path);
	return st;
}

enum status practice_open(const struct practice_options *options, struct error *err)
{
	const char *dir = options->dir.buf;
	enum status st;
	int out = -1;

	st = file_make_dirs(dir, 0700, err);
	if (!st && options->reset && home_is_taken(dir))
		st = home_end_running(dir, err);
	if (!st && !home_is_taken(dir)) {
		st = start_cluster(options, &out, err);
		if (!st)
			st = wait_until_ready(dir, out, err);
		if (out >= 0)
			close(out);
	} else if (!st) {
		st = home_check_apps(dir, options->apps, err);
	}
	return st ? st : open_console(dir, err);
}
