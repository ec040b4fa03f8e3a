#include "tui/loop.h"

#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/base/mem.h"
#include "tui/app/app.h"
#include "tui/deed.h"
#include "tui/term/term.h"
#include "tui/theme_file.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define DATA_EVERY_MS 1000 /* how often changed data and ages are drawn while nobody types */
#define CALM_EVERY_MS 5000 /* how often while only ages of minutes can change */
#define REST_AFTER_MS 5000 /* without a key: what only the start needed is given back */

enum { FD_TERM, FD_SESSION, FD_SIGNAL, FDS };

struct loop {
	struct session *session;
	struct tui_app *app;
	struct theme theme;
	struct pollfd fds[FDS];
	sigset_t signals, signals_before;
	int64_t drawn_ms; /* monotonic */
	int64_t busy_ms;  /* monotonic: the last key, or the start */
	bool busy;
	bool news; /* the model changed since the last draw */
	bool draw_now, leaving;
	bool waits_for_lists; /* at the start, or after the cluster was away */
	int killed_by;	      /* a signal, 0 none */
};

static struct app_time now(void)
{
	return (struct app_time){ clock_now(), clock_monotonic_ms() };
}

static const int signal_rows[] = { SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGTSTP, SIGCONT };

/* Blocked before the first thread starts, so that they all arrive here. */
static enum status take_signals(struct loop *loop, struct error *err)
{
	sigemptyset(&loop->signals);
	for (size_t i = 0; i < ARRAY_SIZE(signal_rows); i++)
		sigaddset(&loop->signals, signal_rows[i]);
	sigprocmask(SIG_BLOCK, &loop->signals, &loop->signals_before);
	signal(SIGPIPE, SIG_IGN);
	loop->fds[FD_SIGNAL].fd = signalfd(-1, &loop->signals, SFD_NONBLOCK | SFD_CLOEXEC);
	return loop->fds[FD_SIGNAL].fd < 0 ? error_errno(err, errno, "listen for signals")
					   : STATUS_OK;
}

/* Ends as the signal would have ended it, so that whoever sent it can tell. */
static void give_back_signals(struct loop *loop)
{
	if (loop->fds[FD_SIGNAL].fd >= 0)
		close(loop->fds[FD_SIGNAL].fd);
	if (loop->killed_by) {
		signal(loop->killed_by, SIG_DFL);
		raise(loop->killed_by);
	}
	sigprocmask(SIG_SETMASK, &loop->signals_before, NULL);
}

static void suspend(struct loop *loop)
{
	int cols, rows;

	sigprocmask(SIG_SETMASK, &loop->signals_before, NULL);
	term_suspend();
	sigprocmask(SIG_BLOCK, &loop->signals, NULL);
	term_size(&cols, &rows);
	app_resize(loop->app, cols, rows);
	loop->draw_now = true;
}

static void resize(struct loop *loop)
{
	int cols, rows;

	term_resized();
	term_size(&cols, &rows);
	app_resize(loop->app, cols, rows);
	loop->draw_now = true;
}

static void take_signal_events(struct loop *loop)
{
	struct signalfd_siginfo info;

	while (read(loop->fds[FD_SIGNAL].fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		switch ((int)info.ssi_signo) {
		case SIGWINCH:
			resize(loop);
			break;
		case SIGTSTP:
			suspend(loop);
			break;
		case SIGCONT:
			term_continue();
			resize(loop);
			break;
		default:
			loop->killed_by = (int)info.ssi_signo;
			loop->leaving = true;
			break;
		}
	}
}

static void take_session_events(struct loop *loop)
{
	struct event *event;
	struct app_time time = now();

	while ((event = session_take_event(loop->session)) != NULL) {
		if (event->kind == EVENT_MODEL) {
			const struct model *model = session_model(loop->session);

			app_take_model(loop->app, model, &time);
			/* Who waits for the first lists sees them as they come. */
			loop->draw_now = loop->draw_now || loop->waits_for_lists;
			loop->waits_for_lists = model->link.state == LINK_CONNECTING ||
						model->link.state == LINK_READING;
			model_unref(model);
			loop->news = true;
		} else {
			app_take_event(loop->app, event, &time);
			loop->draw_now = true;
		}
		event_free(event);
	}
}

static void set_busy(struct loop *loop, int64_t now_ms)
{
	loop->busy = true;
	loop->busy_ms = now_ms;
}

static void take_keys(struct loop *loop)
{
	struct app_time time = now();
	struct key key;

	while (!loop->leaving && term_read_key(&key)) {
		app_take_key(loop->app, key, &time);
		loop->draw_now = true;
		set_busy(loop, time.now_ms);
	}
	/* A terminal that hung up never becomes ready again. */
	if (term_is_gone()) {
		loop->killed_by = loop->killed_by ? loop->killed_by : SIGHUP;
		loop->leaving = true;
	}
}

static void perform_tasks(struct loop *loop)
{
	struct app_time time = now();
	struct app_task task;

	while (app_next_task(loop->app, &task)) {
		switch (task.kind) {
		case TASK_REQUEST:
			app_gave_ticket(loop->app, &task,
					session_request(loop->session, &task.request));
			break;
		case TASK_COPY:
			deed_copy(loop->app, task.text, &time);
			break;
		case TASK_WRITE:
			deed_write(loop->app, &task, &time);
			break;
		case TASK_SUSPEND:
			suspend(loop);
			break;
		case TASK_REDRAW:
			term_redraw();
			break;
		case TASK_QUIT:
			loop->leaving = true;
			break;
		}
		app_task_done(&task);
		loop->draw_now = true;
	}
}

static void draw(struct loop *loop)
{
	struct app_time time = now();

	if (!loop->draw_now && time.now_ms - loop->drawn_ms < DATA_EVERY_MS)
		return;
	term_show(app_draw(loop->app, &time), &loop->theme);
	loop->draw_now = loop->news = false;
	loop->drawn_ms = time.now_ms;
	if (loop->busy && time.now_ms - loop->busy_ms > REST_AFTER_MS) {
		loop->busy = false;
		mem_rest();
	}
}

static void wait_ready(struct loop *loop)
{
	bool calm = !loop->news && app_is_calm(loop->app);
	int64_t rest =
		loop->drawn_ms + (calm ? CALM_EVERY_MS : DATA_EVERY_MS) - clock_monotonic_ms();

	for (size_t i = 0; i < FDS; i++)
		loop->fds[i].events = POLLIN;
	if (poll(loop->fds, FDS, rest < 0 ? 0 : (int)rest) < 0 && errno != EINTR)
		loop->leaving = true;
}

static void run(struct loop *loop)
{
	loop->draw_now = loop->waits_for_lists = true;
	set_busy(loop, clock_monotonic_ms());
	while (!loop->leaving) {
		draw(loop);
		wait_ready(loop);
		if (loop->fds[FD_SIGNAL].revents)
			take_signal_events(loop);
		if (loop->fds[FD_SESSION].revents)
			take_session_events(loop);
		if (loop->fds[FD_TERM].revents)
			take_keys(loop);
		perform_tasks(loop);
	}
}

static void open_app(struct loop *loop, const struct cli_options *options)
{
	struct app_options app_options = { .ascii = options->ascii || term_wants_ascii() };
	const struct model *model = session_model(loop->session);
	struct app_time time = now();

	term_size(&app_options.cols, &app_options.rows);
	loop->app = app_new(&app_options, model, &time);
	term_title(model->link.practice ? "kotsnap (practice)" : "kotsnap");
	model_unref(model);
	loop->fds[FD_TERM].fd = term_fd();
	loop->fds[FD_SESSION].fd = session_fd(loop->session);
}

static void say_farewell(const struct loop *loop)
{
	struct strbuf words = STRBUF_INIT;

	app_add_farewell(loop->app, &words);
	if (words.len && !loop->killed_by)
		fputs(words.buf, stdout);
	strbuf_done(&words);
}

int loop_run(const struct cli_options *options)
{
	struct loop loop = { .fds = { { .fd = -1 }, { .fd = -1 }, { .fd = -1 } } };
	const struct term_options term_options = { .no_color = options->no_color };
	struct error err = ERROR_INIT;
	enum status st;
	int exit_code = 0;

	st = theme_file_load(options->theme, &loop.theme, &err);
	if (!st)
		st = take_signals(&loop, &err);
	if (!st)
		st = session_open(&options->session, &loop.session, &err);
	if (!st)
		st = term_open(&term_options, &err);
	if (st) {
		exit_code = cli_complain(&err);
		goto out;
	}
	open_app(&loop, options);
	run(&loop);
	term_close();
	say_farewell(&loop);
	app_free(loop.app);
out:
	session_close(loop.session);
	log_close();
	give_back_signals(&loop);
	return exit_code;
}
