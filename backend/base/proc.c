#include "backend/base/proc.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_CEILING	  (1024 * 1024)
#define COMPLAINT_CEILING (64 * 1024)

extern char **environ;

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

/* Our environment with additions in front: the first of two equal names counts for getenv(). */
static char **make_env(const char *const *add)
{
	size_t mine = 0, more = 0, i;
	char **env;

	while (environ && environ[mine])
		mine++;
	while (add && add[more])
		more++;
	env = mem_array(mine + more + 1, sizeof(*env));
	for (i = 0; i < more; i++)
		env[i] = (char *)(uintptr_t)add[i];
	for (i = 0; i < mine; i++)
		env[more + i] = environ[i];
	return env;
}

struct child {
	const struct proc_spec *spec;
	char **env;
	int in, out, err, report; /* report: errno of a failed exec goes here; closed by exec */
};

/* Between fork and exec only async-signal-safe calls are allowed: other threads may have held
 * locks. */
static _Noreturn void run_child(const struct child *child)
{
	const char *const *argv = child->spec->argv;
	sigset_t none;
	int problem, i;

	setpgid(0, 0);
	for (i = 1; i < 32; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(child->in, 0) < 0 || dup2(child->out, 1) < 0 || dup2(child->err, 2) < 0 ||
	    (child->spec->folder && chdir(child->spec->folder) < 0))
		goto failed;
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

static void pump_in(struct proc *proc)
{
	ssize_t put;

	while (proc->in >= 0 && proc->input.len > 0) {
		put = write(proc->in, proc->input.buf, proc->input.len);
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
		if (into->len + (size_t)got > ceiling)
			kept = false;
		else
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
	if (!proc_ended(proc, NULL)) {
		kill(-proc->pid, SIGKILL);
		kill(proc->pid, SIGKILL);
		while (waitpid(proc->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	close_fd(&proc->in);
	close_fd(&proc->out);
	close_fd(&proc->err);
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
