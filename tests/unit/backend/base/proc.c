/* Programs started without a shell: what reaches them, what they may do to us. */
#include "backend/base/proc.h"

#include "backend/base/clock.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 10000

TestSuite(proc, .timeout = 30);

#define ARGV(...)                                                                                  \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

/* Output of a program that has to end well. */
static void says(const struct proc_spec *spec, const char *want)
{
	struct strbuf out = STRBUF_INIT, complaint = STRBUF_INIT;
	struct error err = ERROR_INIT;
	int code = -1;

	cr_assert_eq(proc_run(spec, PATIENCE_MS, &out, &complaint, &code, &err), STATUS_OK, "%s",
		     err.text);
	cr_assert_eq(code, 0, "%s", complaint.buf);
	cr_assert_str_eq(out.buf, want);
	strbuf_done(&out);
	strbuf_done(&complaint);
}

Test(proc, arguments_arrive_as_they_are_no_shell_reads_them)
{
	struct proc_spec spec = { .argv = ARGV("printf", "[%s]", "a b", "$HOME", "`id`", "*", "",
					       "; exit 3", "\"'") };

	says(&spec, "[a b][$HOME][`id`][*][][; exit 3][\"']");
}

Test(proc, an_added_variable_takes_the_place_of_ours)
{
	struct proc_spec spec = { .argv = ARGV("sh", "-c",
					       "env | grep ^KOTSNAP_WORD | LC_ALL=C sort"),
				  .env_add = ARGV("KOTSNAP_WORD=theirs", "KOTSNAP_WORDS=more") };

	setenv("KOTSNAP_WORD", "ours", 1);
	setenv("KOTSNAP_WORD_2", "stays", 1);
	says(&(struct proc_spec){ .argv = ARGV("printenv", "KOTSNAP_WORD"),
				  .env_add = spec.env_add },
	     "theirs\n");
	says(&spec, "KOTSNAP_WORD=theirs\nKOTSNAP_WORDS=more\nKOTSNAP_WORD_2=stays\n");
}

Test(proc, it_works_in_its_folder_and_without_input_reads_an_end)
{
	struct proc_spec spec = { .argv = ARGV("sh", "-c", "pwd; cat"), .folder = "/usr" };

	says(&spec, "/usr\n");
}

Test(proc, what_cannot_be_started_says_why)
{
	struct proc_spec absent = { .argv = ARGV("kotsnap-no-such-program") },
			 no_folder = { .argv = ARGV("true"), .folder = "/no-such-folder" },
			 forbidden = { .argv = ARGV("/etc/passwd") };
	struct proc *proc = NULL;
	struct error err = ERROR_INIT;

	cr_assert_eq(proc_start(&absent, &proc, &err), STATUS_NOT_FOUND);
	cr_assert_str_eq(err.text, "start kotsnap-no-such-program: No such file or directory");
	cr_assert_eq(proc_start(&no_folder, &proc, &err), STATUS_NOT_FOUND);
	cr_assert_eq(proc_start(&forbidden, &proc, &err), STATUS_FORBIDDEN);
	cr_assert_null(proc, "a result is written only on success");
	cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1, "no zombie is left");
	cr_assert_eq(errno, ECHILD);
}

Test(proc, no_descriptor_of_ours_is_inherited)
{
	struct proc_spec spec = { .argv = ARGV(
					  "sh", "-c",
					  "i=0; while [ $i -lt 100 ]; do"
					  " [ -e /proc/$$/fd/$i ] && echo $i; i=$((i+1)); done;"
					  " true") };
	int fds[2];

	cr_assert_eq(pipe(fds), 0); /* without CLOEXEC */
	cr_assert_eq(dup2(fds[0], 77), 77);
	says(&spec, "0\n1\n2\n");
}

/* As a daemon or a careless parent starts us: our own pipes then have these numbers. */
Test(proc, it_may_be_started_while_our_standard_descriptors_are_closed)
{
	struct proc_spec spec = { .argv = ARGV("cat"), .input = "through", .input_len = 7 };
	struct strbuf out = STRBUF_INIT;
	struct error err = ERROR_INIT;
	int saved[3], code = -1;
	enum status st;

	for (int fd = 0; fd < 3; fd++) {
		saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 100);
		close(fd);
	}
	st = proc_run(&spec, PATIENCE_MS, &out, NULL, &code, &err);
	for (int fd = 0; fd < 3; fd++)
		if (saved[fd] >= 0)
			dup2(saved[fd], fd);
	cr_assert_eq(st, STATUS_OK, "%s", err.text);
	cr_assert_str_eq(out.buf, "through");
	strbuf_done(&out);
}

Test(proc, input_and_output_larger_than_a_pipe_pass_through)
{
	const size_t len = 700000;
	char *input = malloc(len);
	struct proc_spec spec = { .argv = ARGV("cat"), .input = input, .input_len = len };
	struct strbuf out = STRBUF_INIT;
	struct error err = ERROR_INIT;
	int code;

	memset(input, 'x', len);
	cr_assert_eq(proc_run(&spec, PATIENCE_MS, &out, NULL, &code, &err), STATUS_OK, "%s",
		     err.text);
	cr_assert_eq(out.len, len);
	cr_assert_eq(memcmp(out.buf, input, len), 0);
	strbuf_done(&out);
	free(input);
}

Test(proc, a_program_that_does_not_read_its_input_ends_nobody)
{
	const size_t len = 700000;
	char *input = calloc(1, len);
	struct proc_spec spec = { .argv = ARGV("sh", "-c", "exec <&-; echo done"),
				  .input = input,
				  .input_len = len };

	signal(SIGPIPE, SIG_DFL);
	says(&spec, "done\n");
	free(input);
}

Test(proc, signals_blocked_or_ignored_here_are_not_there)
{
	struct proc_spec spec = { .argv = ARGV("sh", "-c", "kill -TERM $$; sleep 9") };
	struct error err = ERROR_INIT;
	sigset_t all;
	int code = 0;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	signal(SIGTERM, SIG_IGN);
	cr_assert_eq(proc_run(&spec, PATIENCE_MS, NULL, NULL, &code, &err), STATUS_OK);
	cr_assert_eq(code, 128 + SIGTERM);
}

Test(proc, its_exit_code_and_its_complaint_are_told)
{
	struct proc_spec spec = { .argv = ARGV("sh", "-c", "echo why >&2; exit 42") };
	struct strbuf complaint = STRBUF_INIT;
	struct error err = ERROR_INIT;
	int code = 0;

	cr_assert_eq(proc_run(&spec, PATIENCE_MS, NULL, &complaint, &code, &err), STATUS_OK);
	cr_assert_eq(code, 42);
	cr_assert_str_eq(complaint.buf, "why\n");
	strbuf_done(&complaint);
}

static bool is_gone(pid_t pid)
{
	int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

	while (kill(pid, 0) == 0 && clock_monotonic_ms() < end_ms) {
		char path[64], state[256] = "";
		int fd;

		snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
		fd = open(path, O_RDONLY);
		if (fd >= 0 && read(fd, state, sizeof(state) - 1) > 0 && strstr(state, ") Z")) {
			close(fd);
			return true; /* an orphan that nobody reaps in a container */
		}
		if (fd >= 0)
			close(fd);
		poll(NULL, 0, 5);
	}
	return kill(pid, 0) < 0;
}

/* The pid that a started program prints first. */
static pid_t first_number(struct proc *proc)
{
	while (!memchr(proc_output(proc)->buf, '\n', proc_output(proc)->len)) {
		struct pollfd fd = { proc_fd_out(proc), POLLIN, 0 };

		cr_assert_gt(poll(&fd, 1, PATIENCE_MS), 0);
		cr_assert(proc_pump(proc));
	}
	return (pid_t)atoi(proc_output(proc)->buf);
}

Test(proc, a_deadline_ends_also_what_ignores_the_polite_signal)
{
	struct proc_spec spec = { .argv = ARGV("sh", "-c",
					       "trap '' TERM; while :; do sleep 1; done") };
	struct error err = ERROR_INIT;
	int64_t began_ms = clock_monotonic_ms();
	int code = 7;

	cr_assert_eq(proc_run(&spec, 100, NULL, NULL, &code, &err), STATUS_TIMEOUT);
	cr_assert(text_starts(err.text, "sh did not end within"), "%s", err.text);
	cr_assert_eq(code, 7, "a result is written only on success");
	cr_assert_lt(clock_monotonic_ms() - began_ms, PATIENCE_MS);
	cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1, "reaped");
}

Test(proc, freeing_ends_it_with_all_it_started)
{
	struct proc_spec spec = { .argv = ARGV("sh", "-c",
					       "trap '' TERM; sleep 1000 & echo $!; wait") };
	struct error err = ERROR_INIT;
	struct proc *proc;
	pid_t grandchild;

	cr_assert_eq(proc_start(&spec, &proc, &err), STATUS_OK, "%s", err.text);
	grandchild = first_number(proc);
	proc_kill(proc);
	proc_free(proc);
	cr_assert(is_gone(grandchild));
}

Test(proc, what_outlives_its_parent_with_our_pipes_in_hand_ends_at_the_deadline)
{
	struct proc_spec spec = { .argv = ARGV("sh", "-c", "sleep 1000 & echo $!") };
	struct error err = ERROR_INIT;
	struct proc *proc;
	pid_t orphan;

	cr_assert_eq(proc_start(&spec, &proc, &err), STATUS_OK, "%s", err.text);
	orphan = first_number(proc);
	while (!proc_ended(proc, NULL))
		poll(NULL, 0, 5);
	proc_free(proc);
	cr_assert(is_gone(orphan));
}

Test(proc, more_than_the_ceiling_is_an_error_and_ends_it)
{
	struct proc_spec spec = { .argv = ARGV("yes"), .ceiling = 100000 };
	struct strbuf out = STRBUF_INIT;
	struct error err = ERROR_INIT;
	int code;

	cr_assert_eq(proc_run(&spec, PATIENCE_MS, &out, NULL, &code, &err), STATUS_TOO_LARGE);
	cr_assert_str_eq(err.text, "yes printed more than 100000 bytes");
	cr_assert_eq(out.len, 0, "no half output");
	strbuf_done(&out);
}

Test(proc, exactly_the_ceiling_is_no_error)
{
	struct proc_spec spec = { .argv = ARGV("head", "-c", "40000", "/dev/zero"),
				  .ceiling = 40000 };
	struct strbuf out = STRBUF_INIT;
	struct error err = ERROR_INIT;
	int code;

	cr_assert_eq(proc_run(&spec, PATIENCE_MS, &out, NULL, &code, &err), STATUS_OK);
	cr_assert_eq(out.len, 40000);
	strbuf_done(&out);
}

Test(proc, of_a_long_complaint_the_beginning_is_kept)
{
	struct proc_spec spec = { .argv = ARGV("sh", "-c", "yes abc | head -c 300000 >&2") };
	struct strbuf complaint = STRBUF_INIT;
	struct error err = ERROR_INIT;
	int code;

	cr_assert_eq(proc_run(&spec, PATIENCE_MS, NULL, &complaint, &code, &err), STATUS_OK);
	cr_assert_eq(complaint.len, 64 * 1024);
	for (size_t i = 0; i < complaint.len; i += 4)
		cr_assert_eq(memcmp(complaint.buf + i, "abc\n", 4), 0, "no hole at %zu", i);
	strbuf_done(&complaint);
}

Test(proc, held_it_stands_still_and_let_go_it_goes_on)
{
	struct proc_spec spec = { .argv = ARGV("sh", "-c", "echo $$; read line; echo $line"),
				  .input = "word\n",
				  .input_len = 5 };
	struct error err = ERROR_INIT;
	struct proc *proc;
	int status, code = -1;
	pid_t pid;

	cr_assert_eq(proc_start(&spec, &proc, &err), STATUS_OK, "%s", err.text);
	proc_hold(proc, true);
	pid = waitpid(-1, &status, WUNTRACED);
	cr_assert(WIFSTOPPED(status));
	proc_hold(proc, false);
	cr_assert_eq(first_number(proc), pid);
	while (proc_pump(proc))
		poll(NULL, 0, 5);
	cr_assert(text_ends(proc_output(proc)->buf, "\nword\n"));
	while (!proc_ended(proc, &code))
		poll(NULL, 0, 5);
	cr_assert_eq(code, 0);
	proc_free(proc);
}

Test(proc, output_already_used_is_forgotten)
{
	struct proc_spec spec = { .argv = ARGV("echo", "abcdef") };
	struct error err = ERROR_INIT;
	struct proc *proc;

	cr_assert_eq(proc_start(&spec, &proc, &err), STATUS_OK, "%s", err.text);
	while (proc_pump(proc))
		poll(NULL, 0, 5);
	proc_take_output(proc, 3);
	cr_assert_str_eq(proc_output(proc)->buf, "def\n");
	cr_assert_eq(proc_fd_out(proc), -1);
	proc_free(proc);
}
