#include "backend/base/proc.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_CEILING	  (1024 * 1024)
#define COMPLAINT_CEILING (64 * 1024)
#define DESCRIPTORS_MOST  65536

struct proc {
	pid_t pid;
	int in, out, err;
	struct strbuf input, output, complaint;
	size_t ceiling;
	bool too_large, ended;
	int exit_code;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool is_named(const char *entry, const char *const *add)
{
	size_t len = strcspn(entry, "=");

	for (; add && *add; add++)
		if (strcspn(*add, "=") == len && !memcmp(*add, entry, len))
			return true;
	return false;
}

/* Our environment with additions, each name once: of two equal ones a shell takes the last and
 * getenv() the first. */
static char **make_env(const char *const *add)
{
	size_t mine = 0, more = 0, count = 0, i;
	char **env;

	while (environ && environ[mine])
		mine++;
	while (add && add[more])
		more++;
	env = mem_array(mine + more + 1, sizeof(*env));
	for (i = 0; i < mine; i++)
		if (!is_named(environ[i], add))
			env[count++] = environ[i];
	for (i = 0; i < more; i++)
		env[count++] = (char *)(uintptr_t)add[i];
	return env;
}

struct child {
	const struct proc_spec *spec;
	char **env;
	int in, out, err, report; /* report: errno of a failed exec goes here; closed by exec */
};

/* Descriptors of libraries, or ours when we were started with them open, are none of the child's
 * business. Kernels before 5.11 mark them one by one. */
static void close_on_exec(int first)
{
	struct rlimit most;
	int end = DESCRIPTORS_MOST, fd;

	if (!close_range((unsigned)first, ~0U, CLOSE_RANGE_CLOEXEC))
		return;
	if (!getrlimit(RLIMIT_NOFILE, &most) && most.rlim_cur < DESCRIPTORS_MOST)
		end = (int)most.rlim_cur;
	for (fd = first; fd < end; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* Started with its own 0, 1 or 2 closed, our pipes have those numbers: move them out of the way. */
static bool move_up(int *fd)
{
	if (*fd < 3)
		*fd = fcntl(*fd, F_DUPFD_CLOEXEC, 3);
	return *fd >= 0;
}

/* Between fork and exec only async-signal-safe calls are allowed: other threads may have held
 * locks. */
static _Noreturn void run_child(struct child *child)
{
	const char *const *argv = child->spec->argv;
	sigset_t none;
	int problem, i;

	setpgid(0, 0);
	for (i = 1; i < 32; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (!move_up(&child->report) || !move_up(&child->in) || !move_up(&child->out) ||
	    !move_up(&child->err) || dup2(child->in, 0) < 0 || dup2(child->out, 1) < 0 ||
	    dup2(child->err, 2) < 0 || (child->spec->folder && chdir(child->spec->folder) < 0))
		goto failed;
	close_on_exec(3);
	execvpe(argv[0], (char *const *)(uintptr_t)argv, child->env);
failed:
	problem = errno;
	if (write(child->report, &problem, sizeof(problem)) < 0)
		_exit(126);
	_exit(127);
}

static enum status open_pipes(int pipes[4][2], struct error *err)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (pipe2(pipes[i], O_CLOEXEC) < 0)
			return error_errno(err, errno, "make a pipe");
	}
	return STATUS_OK;
}

static struct proc *proc_new(const struct proc_spec *spec, int pipes[4][2])
{
	struct proc *proc = mem_alloc(sizeof(*proc));

	proc->in = pipes[0][1];
	proc->out = pipes[1][0];
	proc->err = pipes[2][0];
	pipes[0][1] = pipes[1][0] = pipes[2][0] = -1;
	fcntl(proc->in, F_SETFL, O_NONBLOCK);
	fcntl(proc->out, F_SETFL, O_NONBLOCK);
	fcntl(proc->err, F_SETFL, O_NONBLOCK);
	strbuf_init(&proc->input);
	strbuf_init(&proc->output);
	strbuf_init(&proc->complaint);
	strbuf_add(&proc->input, spec->input, spec->input ? spec->input_len : 0);
	proc->ceiling = spec->ceiling ? spec->ceiling : OUTPUT_CEILING;
	return proc;
}

enum status proc_start(const struct proc_spec *spec, struct proc **ret_proc, struct error *err)
{
	int pipes[4][2] = { { -1, -1 }, { -1, -1 }, { -1, -1 }, { -1, -1 } };
	char **env = make_env(spec->env_add);
	struct child child = { .spec = spec, .env = env };
	enum status st = open_pipes(pipes, err);
	int problem = 0, i;
	pid_t pid;

	if (st)
		goto out;
	child.in = pipes[0][0];
	child.out = pipes[1][1];
	child.err = pipes[2][1];
	child.report = pipes[3][1];
	pid = fork();
	if (pid == 0)
		run_child(&child);
	if (pid < 0) {
		st = error_errno(err, errno, "start %s", spec->argv[0]);
		goto out;
	}
	close_fd(&pipes[3][1]);
	if (read(pipes[3][0], &problem, sizeof(problem)) == sizeof(problem)) {
		waitpid(pid, NULL, 0);
		st = error_errno(err, problem, "start %s", spec->argv[0]);
		goto out;
	}
	*ret_proc = proc_new(spec, pipes);
	(*ret_proc)->pid = pid;
	if (!spec->input)
		close_fd(&(*ret_proc)->in);
out:
	for (i = 0; i < 4; i++) {
		close_fd(&pipes[i][0]);
		close_fd(&pipes[i][1]);
	}
	free(env);
	return st;
}

int proc_fd_out(const struct proc *proc)
{
	return proc->out;
}

int proc_fd_err(const struct proc *proc)
{
	return proc->err;
}

/* write() to a program that has stopped reading, without the signal that would end us. */
static ssize_t write_quietly(int fd, const char *bytes, size_t len)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t pipe_gone, before, pending;
	bool was_pending;
	int problem;
	ssize_t put;

	sigemptyset(&pipe_gone);
	sigaddset(&pipe_gone, SIGPIPE);
	sigpending(&pending);
	was_pending = sigismember(&pending, SIGPIPE) == 1;
	pthread_sigmask(SIG_BLOCK, &pipe_gone, &before);
	put = write(fd, bytes, len);
	problem = errno;
	if (put < 0 && problem == EPIPE && !was_pending)
		sigtimedwait(&pipe_gone, NULL, &at_once);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = problem;
	return put;
}

static void pump_in(struct proc *proc)
{
	ssize_t put;

	while (proc->in >= 0 && proc->input.len > 0) {
		put = write_quietly(proc->in, proc->input.buf, proc->input.len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EAGAIN)
			return;
		if (put < 0) {
			close_fd(&proc->in);
			return;
		}
		strbuf_drop(&proc->input, (size_t)put);
	}
	close_fd(&proc->in);
}

/* Reads what is there; keeps at most `ceiling` bytes. false when something was thrown away. */
static bool pump_out(int *fd, struct strbuf *into, size_t ceiling)
{
	bool kept = true;
	char bytes[16384];
	ssize_t got;

	while (*fd >= 0) {
		got = read(*fd, bytes, sizeof(bytes));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			break;
		if (got <= 0) {
			close_fd(fd);
			break;
		}
		if (into->len + (size_t)got > ceiling) {
			kept = false;
			got = (ssize_t)(ceiling > into->len ? ceiling - into->len : 0);
		}
		strbuf_add(into, bytes, (size_t)got);
	}
	return kept;
}

bool proc_pump(struct proc *proc)
{
	pump_in(proc);
	if (!pump_out(&proc->out, &proc->output, proc->ceiling) && !proc->too_large) {
		proc->too_large = true;
		proc_kill(proc);
	}
	pump_out(&proc->err, &proc->complaint, COMPLAINT_CEILING);
	return proc->out >= 0 || proc->err >= 0;
}

const struct strbuf *proc_output(const struct proc *proc)
{
	return &proc->output;
}

const struct strbuf *proc_complaint(const struct proc *proc)
{
	return &proc->complaint;
}

void proc_take_output(struct proc *proc, size_t len)
{
	strbuf_drop(&proc->output, len);
}

void proc_hold(struct proc *proc, bool hold)
{
	if (!proc->ended)
		kill(-proc->pid, hold ? SIGSTOP : SIGCONT);
}

void proc_kill(struct proc *proc)
{
	if (!proc->ended && kill(-proc->pid, SIGTERM) < 0)
		kill(proc->pid, SIGTERM);
	proc_hold(proc, false); /* a held program takes its signals when it goes on */
}

static void note_end(struct proc *proc, int status)
{
	proc->ended = true;
	proc->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool proc_ended(struct proc *proc, int *ret_exit)
{
	int status;

	if (!proc->ended && waitpid(proc->pid, &status, WNOHANG) == proc->pid)
		note_end(proc, status);
	if (proc->ended && ret_exit)
		*ret_exit = proc->exit_code;
	return proc->ended;
}

void proc_free(struct proc *proc)
{
	int status;

	if (!proc)
		return;
	if (proc_ended(proc, NULL)) {
		/* What it left behind in its group still holds our pipes: the group is there. */
		if (proc_pump(proc))
			kill(-proc->pid, SIGKILL);
	} else {
		kill(-proc->pid, SIGKILL);
		kill(proc->pid, SIGKILL);
		while (waitpid(proc->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	close_fd(&proc->in);
	close_fd(&proc->out);
	close_fd(&proc->err);
	mem_wipe(proc->input.capacity ? proc->input.buf : NULL, proc->input.capacity);
	mem_wipe(proc->output.capacity ? proc->output.buf : NULL, proc->output.capacity);
	strbuf_done(&proc->input);
	strbuf_done(&proc->output);
	strbuf_done(&proc->complaint);
	free(proc);
}

/* Until both outputs are closed and it is reaped, or the deadline. */
static bool run_to_end(struct proc *proc, int64_t until_ms, int *ret_exit)
{
	bool talking = true;

	while (talking || !proc_ended(proc, ret_exit)) {
		struct pollfd fds[] = { { proc->out, POLLIN, 0 },
					{ proc->err, POLLIN, 0 },
					{ proc->in, POLLOUT, 0 } };
		int64_t left_ms = until_ms - clock_monotonic_ms();

		if (left_ms <= 0)
			return false;
		poll(fds, 3, talking && left_ms > 50 ? 50 : 5);
		talking = proc_pump(proc);
	}
	return true;
}

enum status proc_run(const struct proc_spec *spec, int deadline_ms, struct strbuf *ret_out,
		     struct strbuf *ret_err, int *ret_exit, struct error *err)
{
	struct proc *proc;
	enum status st = proc_start(spec, &proc, err);

	if (st)
		return st;
	if (!run_to_end(proc, clock_monotonic_ms() + deadline_ms, ret_exit))
		st = error_set(err, STATUS_TIMEOUT, "%s did not end within %d s", spec->argv[0],
			       deadline_ms / 1000);
	else if (proc->too_large)
		st = error_set(err, STATUS_TOO_LARGE, "%s printed more than %zu bytes",
			       spec->argv[0], proc->ceiling);
	if (!st && ret_out)
		strbuf_add(ret_out, proc->output.buf, proc->output.len);
	if (!st && ret_err)
		strbuf_add(ret_err, proc->complaint.buf, proc->complaint.len);
	proc_free(proc);
	return st;
}
