/* The console in a terminal of its own, watched from outside: what a person waits for, and what
 * goes over the line.
 *
 * console first   KOTSNAP KUBECONFIG [RUNS]     from exec to the first frame, milliseconds
 * console shown   KOTSNAP KUBECONFIG [RUNS]     from exec to the list with all its sizes
 * console keys    KOTSNAP KUBECONFIG [KEYS]     a list: time and bytes of each cursor key
 * console detail  KOTSNAP KUBECONFIG VOLUMES    Enter on the snapshot of seed with so many
 * console log     KOTSNAP KUBECONFIG KIB NAME   L on NAME, whose log has 200,000 lines
 * console idle    KOTSNAP KUBECONFIG [SECONDS]  bytes, requests and CPU while nothing changes;
 *                                               resident memory
 * console listed  KOTSNAP KUBECONFIG COUNT      from exec until so many snapshots are counted on
 *                                               the screen; memory once the volumes are read too
 * console changed KOTSNAP KUBECONFIG            says "ready", then what the next change on the
 *                                               screen has cost
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define COLS 80
#define ROWS 24

struct console {
	pid_t pid;
	int fd;
	size_t bytes;
	VTerm *terminal;
	VTermScreen *screen;
};

static double now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1000 + (double)at.tv_nsec / 1e6;
}

static void console_open(struct console *console, const char *program, const char *kubeconfig,
			 const char *trace)
{
	struct winsize size = { ROWS, COLS, 0, 0 };

	*console = (struct console){ 0 };
	console->terminal = vterm_new(ROWS, COLS);
	vterm_set_utf8(console->terminal, 1);
	console->screen = vterm_obtain_screen(console->terminal);
	vterm_screen_reset(console->screen, 1);
	console->pid = forkpty(&console->fd, NULL, NULL, &size);
	if (console->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execl(program, program, "--kubeconfig", kubeconfig, trace ? "--trace" : NULL, trace,
		      NULL);
		_exit(127);
	}
	fcntl(console->fd, F_SETFL, O_NONBLOCK);
}

/* Takes what has come, waiting at most wait_ms for the first byte. true when something came. */
static bool console_take(struct console *console, int wait_ms)
{
	struct pollfd fd = { console->fd, POLLIN, 0 };
	char bytes[65536];
	ssize_t len;

	if (poll(&fd, 1, wait_ms) <= 0)
		return false;
	len = read(console->fd, bytes, sizeof(bytes));
	if (len <= 0)
		return false;
	console->bytes += (size_t)len;
	vterm_input_write(console->terminal, bytes, (size_t)len);
	return true;
}

static const char *console_text(struct console *console, char *all, size_t size)
{
	VTermRect rect = { 0, ROWS, 0, COLS };

	all[vterm_screen_get_text(console->screen, all, size - 1, rect)] = '\0';
	return all;
}

static bool console_shows(struct console *console, const char *text)
{
	char all[ROWS * COLS * 4 + 1];

	return strstr(console_text(console, all, sizeof(all)), text) != NULL;
}

static void console_wait(struct console *console, const char *text, double seconds)
{
	double until = now_ms() + seconds * 1000;

	while (!console_shows(console, text)) {
		console_take(console, 5);
		if (now_ms() > until) {
			char all[ROWS * COLS * 4 + 1];

			fprintf(stderr, "bench: not on the screen within %.0f s: %s\n%s\n", seconds,
				text, console_text(console, all, sizeof(all)));
			kill(console->pid, SIGTERM);
			exit(1);
		}
	}
}

static void console_quiet(struct console *console, int ms)
{
	while (console_take(console, ms))
		;
}

static void console_close(struct console *console)
{
	double until = now_ms() + 3000;
	int status = 0;

	if (write(console->fd, "\003", 1) < 0)
		kill(console->pid, SIGTERM);
	while (waitpid(console->pid, &status, WNOHANG) == 0) {
		console_take(console, 10);
		if (now_ms() > until)
			kill(console->pid, SIGKILL);
	}
	close(console->fd);
	vterm_free(console->terminal);
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static double share(double *values, int count, double part)
{
	int index = (int)(part * (count - 1) + 0.5);

	qsort(values, (size_t)count, sizeof(*values), by_value);
	return values[index];
}

static void first_frame(const char *program, const char *kubeconfig, int runs, const char *name)
{
	double times[1000];

	(void)name;
	if (runs > 1000)
		runs = 1000;
	for (int i = 0; i < runs; i++) {
		struct console console;
		double began = now_ms();

		console_open(&console, program, kubeconfig, NULL);
		console_wait(&console, "? help", 10);
		times[i] = now_ms() - began;
		console_close(&console);
	}
	printf("first frame, server unreachable   median %5.1f ms  p99 %5.1f ms   of %d  (limit "
	       "50)\n",
	       share(times, runs, 0.5), share(times, runs, 0.99), runs);
}

static void cursor_keys(const char *program, const char *kubeconfig, int keys, const char *name)
{
	double times[10000];
	size_t most = 0, sum = 0;
	struct console console;

	(void)name;
	if (keys > 10000)
		keys = 10000;
	console_open(&console, program, kubeconfig, NULL);
	console_wait(&console, "live", 60);
	if (write(console.fd, "2", 1) < 0)
		return;
	console_wait(&console, "[2 Snapshots]", 5);
	console_quiet(&console, 1500);
	for (int i = 0; i < keys; i++) {
		size_t before = console.bytes;
		double began = now_ms();

		if (write(console.fd, "j", 1) < 0)
			break;
		console_take(&console, 1000);
		times[i] = now_ms() - began;
		console_quiet(&console, 10);
		most = console.bytes - before > most ? console.bytes - before : most;
		sum += console.bytes - before;
	}
	printf("cursor key to first byte          median %5.2f ms  p99 %5.2f ms   of %d  (limit "
	       "5)\n",
	       share(times, keys, 0.5), share(times, keys, 0.99), keys);
	printf("cursor key, bytes at 80x24        mean %zu, most %zu (scrolling included)  (limit "
	       "200)\n",
	       sum / (size_t)keys, most);
	console_close(&console);
}

static void console_type(struct console *console, const char *keys)
{
	if (write(console->fd, keys, strlen(keys)) < 0)
		perror("bench: write");
}

static void shown(const char *program, const char *kubeconfig, int runs, const char *name)
{
	double times[100];

	(void)name;
	if (runs > 100)
		runs = 100;
	for (int i = 0; i < runs; i++) {
		struct console console;
		double began = now_ms();

		console_open(&console, program, kubeconfig, NULL);
		console_wait(&console, "? help", 10);
		console_type(&console, "2");
		console_wait(&console, " full, ", 30);
		console_wait(&console, "MiB", 30);
		times[i] = now_ms() - began;
		console_close(&console);
	}
	printf("exec to the list with all sizes   median %5.0f ms  most %5.0f ms   of %d  (limit "
	       "500)\n",
	       share(times, runs, 0.5), share(times, runs, 1), runs);
}

static void detail(const char *program, const char *kubeconfig, int volumes, const char *name)
{
	struct console console;
	double began, opened, listed;
	char words[64];

	(void)name;
	console_open(&console, program, kubeconfig, NULL);
	console_wait(&console, "live", 60);
	console_type(&console, "2/s00001\r");
	console_wait(&console, "instance-s00001", 10);
	console_quiet(&console, 1500);
	snprintf(words, sizeof(words), "%d of %d volumes", volumes, volumes);
	began = now_ms();
	console_type(&console, "\r");
	console_wait(&console, "Made by", 10);
	console_wait(&console, words, 10);
	opened = now_ms() - began;
	began = now_ms();
	snprintf(words, sizeof(words), "1 of %d", volumes);
	console_type(&console, "\t");
	console_wait(&console, words, 10);
	listed = now_ms() - began;
	printf("detail of %d volumes             opens %.1f ms, their list %.1f ms  (limit 100)\n",
	       volumes, opened, listed);
	console_close(&console);
}

/* utime + stime of a process in milliseconds. */
static double cpu_ms(pid_t pid)
{
	char path[64], text[1024];
	unsigned long user = 0, kernel = 0;
	const char *at;
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	len = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	text[len] = '\0';
	if (file)
		fclose(file);
	at = strrchr(text, ')');
	if (!at || sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			  &kernel) != 2)
		return 0;
	return (double)(user + kernel) * 1000 / (double)sysconf(_SC_CLK_TCK);
}

static long resident_kb(pid_t pid, const char *field)
{
	char path[64], line[256];
	long value = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, field, strlen(field)))
			value = strtol(line + strlen(field) + 1, NULL, 10);
	if (file)
		fclose(file);
	return value;
}

static long lines_of(const char *path, const char *word)
{
	char line[4096];
	long count = 0;
	FILE *file = fopen(path, "r");

	while (file && fgets(line, sizeof(line), file))
		count += strstr(line, word) != NULL;
	if (file)
		fclose(file);
	return count;
}

static void idle(const char *program, const char *kubeconfig, int seconds, const char *name)
{
	char trace[] = "/tmp/kotsnap-bench-trace.XXXXXX";
	int fd = mkstemp(trace);
	struct console console;
	double began, cpu;
	size_t bytes;
	long asked;

	(void)name;
	if (fd < 0)
		return;
	close(fd);
	console_open(&console, program, kubeconfig, trace);
	console_wait(&console, "live", 60);
	console_quiet(&console, 3000);
	bytes = console.bytes;
	cpu = cpu_ms(console.pid);
	asked = lines_of(trace, " GET ");
	began = now_ms();
	while (now_ms() - began < seconds * 1000.0)
		console_take(&console, 500);
	printf("idle for %d s                     %zu bytes to the terminal, %ld requests, CPU "
	       "%.3f %%  "
	       "(limits 0, 0 lists, 0.1)\n",
	       seconds, console.bytes - bytes, lines_of(trace, " GET ") - asked,
	       (cpu_ms(console.pid) - cpu) / (seconds * 10.0));
	printf("resident memory                   %.1f MB now, %.1f MB at most\n",
	       (double)resident_kb(console.pid, "VmRSS:") / 1024,
	       (double)resident_kb(console.pid, "VmHWM:") / 1024);
	console_close(&console);
	unlink(trace);
}

static void listed(const char *program, const char *kubeconfig, int count, const char *name)
{
	double began = now_ms(), shown;
	struct console console;
	char text[40];

	(void)name;
	/* As the screen writes it: 10,000. */
	if (count >= 1000)
		snprintf(text, sizeof(text), " %d,%03d: ", count / 1000, count % 1000);
	else
		snprintf(text, sizeof(text), " %d: ", count);
	console_open(&console, program, kubeconfig, NULL);
	if (write(console.fd, "2", 1) < 0)
		return;
	console_wait(&console, text, 300);
	shown = now_ms() - began;
	console_wait(&console, "live", 300);
	console_quiet(&console, 2000);
	printf("listed %.0f ms, at most %.1f MB\n", shown,
	       (double)resident_kb(console.pid, "VmHWM:") / 1024);
	console_close(&console);
}

static void changed(const char *program, const char *kubeconfig, int seconds, const char *name)
{
	char trace[] = "/tmp/kotsnap-bench-trace.XXXXXX";
	int fd = mkstemp(trace);
	double until = now_ms() + seconds * 1000.0;
	struct console console;
	size_t bytes;
	long asked;

	(void)name;
	if (fd < 0)
		return;
	close(fd);
	console_open(&console, program, kubeconfig, trace);
	console_wait(&console, "live", 300);
	if (write(console.fd, "2", 1) < 0)
		return;
	console_wait(&console, "[2 Snapshots]", 30);
	console_quiet(&console, 5000);
	bytes = console.bytes;
	asked = lines_of(trace, " GET ");
	puts("ready");
	fflush(stdout);
	while (console.bytes == bytes && now_ms() < until)
		console_take(&console, 100);
	console_quiet(&console, 3000);
	printf("changed: %zu bytes to the terminal, %ld requests\n", console.bytes - bytes,
	       lines_of(trace, " GET ") - asked);
	console_close(&console);
	unlink(trace);
}

/* The keys of a reader: some lines, some pages, the end. */
static void scroll(struct console *console, double *times, int count)
{
	static const char *const keys[] = {
		"j", "j", "j", "j", "\033[6~", "k", "\033[5~", "G", "g"
	};

	for (int i = 0; i < count; i++) {
		double began = now_ms();

		console_type(console, keys[(size_t)i % (sizeof(keys) / sizeof(keys[0]))]);
		console_take(console, 1000);
		times[i] = now_ms() - began;
		console_quiet(console, 5);
	}
}

static void read_log(const char *program, const char *kubeconfig, int kib, const char *name)
{
	struct console console;
	double began, opened, times[300];
	const int count = sizeof(times) / sizeof(times[0]);
	long before, most, after;

	console_open(&console, program, kubeconfig, NULL);
	console_wait(&console, "live", 60);
	console_type(&console, "2/");
	console_type(&console, name);
	console_type(&console, "\r");
	console_wait(&console, "1 of 1", 10);
	console_quiet(&console, 7000);
	before = resident_kb(console.pid, "VmRSS:");
	began = now_ms();
	console_type(&console, "L");
	console_wait(&console, "of 200,000", 60);
	opened = now_ms() - began;
	scroll(&console, times, count);
	most = resident_kb(console.pid, "VmHWM:");
	console_type(&console, "\033");
	console_wait(&console, "1 of 1", 5);
	console_quiet(&console, 7000);
	after = resident_kb(console.pid, "VmRSS:");
	printf("log of 200,000 lines, %.1f MB     opens %.0f ms with Velero's answer  (limit "
	       "300)\n",
	       (double)kib / 1024, opened);
	printf("a key in it to first byte         median %5.2f ms  p99 %5.2f ms   of %d  (limit "
	       "5)\n",
	       share(times, count, 0.5), share(times, count, 0.99), count);
	printf("resident memory                   %.1f MB before, %.1f MB at most, %.1f MB closed: "
	       "%.2fx the text  (limit 2)\n",
	       (double)before / 1024, (double)most / 1024, (double)after / 1024,
	       (double)(most - before) / kib);
	console_close(&console);
}

static const struct {
	const char *name;
	void (*run)(const char *program, const char *kubeconfig, int count, const char *name);
	int count;
} modes[] = {
	{ "first", first_frame, 30 }, { "shown", shown, 5 },	   { "keys", cursor_keys, 300 },
	{ "detail", detail, 400 },    { "log", read_log, 40000 },  { "idle", idle, 60 },
	{ "listed", listed, 0 },      { "changed", changed, 120 },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc >= 4 && i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (!strcmp(argv[1], modes[i].name)) {
			modes[i].run(argv[2], argv[3], argc > 4 ? atoi(argv[4]) : modes[i].count,
				     argc > 5 ? argv[5] : "");
			return 0;
		}
	}
	fprintf(stderr,
		"usage: console first|shown|keys|detail|log|idle|listed|changed KOTSNAP KUBECONFIG "
		"[COUNT [NAME]]\n");
	return 2;
}
