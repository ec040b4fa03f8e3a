#include "tui/term/term.h"

#include "backend/base/mem.h"
#include "backend/base/strbuf.h"
#include "tui/term/paint.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define ESC_WAIT_MS 25
#define COPY_MAX    74000

/* One terminal a process: this is the state that curses keeps behind its back, and what a signal
 * handler needs. */
static struct {
	bool open;
	SCREEN *screen;
	enum depth depth;
	struct canvas shown; /* what the terminal shows; cells NULL = nothing yet */
	struct look looks[ROLES];
	struct paint paint;
	bool cursor_shown;
	const struct theme *theme;
	struct termios before;
	char restore[256];	       /* bytes that leave the screen: sent from signal handlers */
	size_t restore_len, looks_len; /* the first of them end looks and show the cursor */
	int pushed;		       /* a byte read ahead, -1 none */
	bool gone;		       /* hung up, or the end of input */
} term = { .pushed = -1 };

bool term_wants_ascii(void)
{
	static const char *const wide[] = { "zh", "ja", "ko" };
	const char *set = getenv("KOTSNAP_ASCII"), *name = getenv("TERM"),
		   *locale = setlocale(LC_CTYPE, NULL);
	size_t i;

	if (set && !strcmp(set, "1"))
		return true;
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return true;
	if (name && (!strcmp(name, "linux") || !strcmp(name, "dumb")))
		return true;
	for (i = 0; locale && i < ARRAY_SIZE(wide); i++) {
		if (text_starts(locale, wide[i]))
			return true;
	}
	return false;
}

static void keep_restore(const char *text)
{
	size_t len = text && text != (const char *)-1 ? strlen(text) : 0;

	if (term.restore_len + len < sizeof(term.restore)) {
		memcpy(term.restore + term.restore_len, text ? text : "", len);
		term.restore_len += len;
	}
}

/* Only calls that a signal handler may make. */
static void restore_now(void)
{
	if (!term.open)
		return;
	term.open = false;
	if (write(STDOUT_FILENO, term.restore, term.restore_len) < 0)
		_exit(13);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &term.before);
}

static void on_death(int number)
{
	restore_now();
	signal(number, SIG_DFL);
	raise(number);
}

static void catch_deaths(void)
{
	static const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGQUIT };
	struct sigaction action = { .sa_handler = on_death, .sa_flags = (int)SA_RESETHAND };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		sigaction(numbers[i], &action, NULL);
	die_set_hook(restore_now);
}

static enum status check_terminal(struct error *err)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		error_set(err, STATUS_UNSUPPORTED,
			  "the console needs a terminal; standard %s is none",
			  isatty(STDIN_FILENO) ? "output" : "input");
		error_hint(err, "for scripts there are commands: kotsnap list, kotsnap create, "
				"kotsnap help");
		return STATUS_UNSUPPORTED;
	}
	if (!name || !*name || !strcmp(name, "dumb") || !strcmp(name, "unknown")) {
		error_set(err, STATUS_UNSUPPORTED, "the console cannot draw: TERM is %s",
			  name && *name ? name : "not set");
		error_hint(err, "set it to the kind of your terminal, such as TERM=xterm-256color, "
				"or use the commands: kotsnap help");
		return STATUS_UNSUPPORTED;
	}
	return STATUS_OK;
}

/* What the terminal's entry says: curses' own COLORS is 0 until its colours are started, which
 * paint.c does without. */
static enum depth find_depth(const struct term_options *options)
{
	if (options->no_color || getenv("NO_COLOR"))
		return DEPTH_MONO;
	return max_colors >= 256 ? DEPTH_256 : max_colors >= 8 ? DEPTH_16 : DEPTH_MONO;
}

static void enter_screen(const struct term_options *options)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, FALSE); /* we decode: both Esc [ and Esc O arrows, in whatever mode the
				  terminal is */
	idlok(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	term.depth = find_depth(options);
}

enum status term_open(const struct term_options *options, struct error *err)
{
	int problem = 0;

	if (check_terminal(err))
		return STATUS_UNSUPPORTED;
	if (setupterm(NULL, STDOUT_FILENO, &problem) == ERR || !cursor_address) {
		error_set(err, STATUS_UNSUPPORTED,
			  "the console cannot draw: this machine knows no terminal \"%.60s\"",
			  getenv("TERM"));
		error_hint(err, "try TERM=xterm, or use the commands: kotsnap help");
		return STATUS_UNSUPPORTED;
	}
	tcgetattr(STDIN_FILENO, &term.before);
	term.screen = newterm(NULL, stdout, stdin);
	if (!term.screen)
		return error_set(err, STATUS_UNSUPPORTED,
				 "the terminal \"%.60s\" could not be opened", getenv("TERM"));
	set_term(term.screen);
	term.restore_len = 0;
	keep_restore(exit_attribute_mode);
	keep_restore(cursor_normal);
	term.looks_len = term.restore_len;
	keep_restore(exit_ca_mode);
	enter_screen(options);
	refresh(); /* curses enters the screen, empty; from here on paint.c writes */
	strbuf_init(&term.paint.out);
	term.cursor_shown = true;
	term.theme = NULL;
	term.open = true;
	catch_deaths();
	return STATUS_OK;
}

static void send(const char *text, size_t len)
{
	while (len > 0) {
		ssize_t put = write(STDOUT_FILENO, text, len);

		if (put < 0 && errno != EINTR)
			return;
		if (put > 0) {
			text += put;
			len -= (size_t)put;
		}
	}
}

/* curses knows nothing of looks and cursor as paint.c left them. */
static void leave_screen(void)
{
	send(term.restore, term.looks_len);
	term.cursor_shown = true;
	endwin();
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &term.before);
}

void term_close(void)
{
	if (!term.screen)
		return;
	die_set_hook(NULL);
	term.open = false;
	leave_screen();
	strbuf_done(&term.paint.out);
	delscreen(term.screen);
	term.screen = NULL;
	canvas_done(&term.shown);
}

void term_size(int *ret_cols, int *ret_rows)
{
	struct winsize size;

	*ret_cols = COLS;
	*ret_rows = LINES;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
		*ret_cols = size.ws_col;
		*ret_rows = size.ws_row;
	}
}

void term_resized(void)
{
	int cols, rows;

	term_size(&cols, &rows);
	resizeterm(rows, cols);
	term_redraw();
}

void term_redraw(void)
{
	canvas_done(&term.shown);
}

/* Looks of roles on this terminal; made once a theme. */
static void make_looks(const struct theme *theme)
{
	enum role role;

	term.theme = theme;
	for (role = 0; role < ROLES; role++) {
		struct style style = theme_reduce(&theme->styles[role], role, term.depth);
		struct look *look = &term.looks[role];

		*look = (struct look){ .fg = style.fg,
				       .bg = style.bg,
				       .bold = style.bold,
				       .dim = style.dim && term.depth != DEPTH_MONO,
				       .underline = style.underline,
				       .reverse = style.reverse };
		if (term.depth == DEPTH_MONO)
			look->fg = look->bg = COLOR_DEFAULT;
		/* On eight colours the bright ones are bold. */
		if (look->fg >= max_colors && look->fg < 16 && look->fg >= 8) {
			look->fg -= 8;
			look->bold = true;
		}
	}
}

static void show_cursor(bool wanted)
{
	if (term.cursor_shown == wanted || !cursor_invisible || !cursor_normal)
		return;
	term.cursor_shown = wanted;
	strbuf_adds(&term.paint.out, wanted ? cursor_normal : cursor_invisible);
}

void term_show(const struct canvas *canvas, const struct theme *theme)
{
	bool all = !term.shown.cells || term.shown.cols != canvas->cols ||
		   term.shown.rows != canvas->rows || term.theme != theme;

	if (term.theme != theme)
		make_looks(theme);
	strbuf_reset(&term.paint.out);
	term.paint.looks = term.looks;
	show_cursor(canvas->cursor_x >= 0);
	paint_canvas(&term.paint, all ? NULL : &term.shown, canvas);
	if (all) {
		canvas_done(&term.shown);
		canvas_init(&term.shown, canvas->cols, canvas->rows, canvas->ascii);
	}
	memcpy(term.shown.cells, canvas->cells,
	       (size_t)(canvas->cols * canvas->rows) * sizeof(*canvas->cells));
	send(term.paint.out.buf, term.paint.out.len);
}

int term_fd(void)
{
	return STDIN_FILENO;
}

/* A byte, waiting at most wait_ms; -1 when none came. */
static int read_byte(int wait_ms)
{
	struct pollfd fd = { STDIN_FILENO, POLLIN, 0 };
	unsigned char byte;
	int pushed = term.pushed;
	ssize_t got;

	if (pushed >= 0) {
		term.pushed = -1;
		return pushed;
	}
	if (poll(&fd, 1, wait_ms) <= 0)
		return -1;
	got = read(STDIN_FILENO, &byte, 1);
	if (got == 1)
		return byte;
	term.gone = got == 0 || (errno != EINTR && errno != EAGAIN);
	return -1;
}

bool term_is_gone(void)
{
	return term.gone;
}

static const struct {
	const char *sequence; /* behind Esc */
	int32_t code;
} sequences[] = {
	{ "[A", KEYCODE_UP },	   { "OA", KEYCODE_UP },      { "[B", KEYCODE_DOWN },
	{ "OB", KEYCODE_DOWN },	   { "[C", KEYCODE_RIGHT },   { "OC", KEYCODE_RIGHT },
	{ "[D", KEYCODE_LEFT },	   { "OD", KEYCODE_LEFT },    { "[H", KEYCODE_HOME },
	{ "OH", KEYCODE_HOME },	   { "[1~", KEYCODE_HOME },   { "[7~", KEYCODE_HOME },
	{ "[F", KEYCODE_END },	   { "OF", KEYCODE_END },     { "[4~", KEYCODE_END },
	{ "[8~", KEYCODE_END },	   { "[5~", KEYCODE_PGUP },   { "[6~", KEYCODE_PGDN },
	{ "[3~", KEYCODE_DELETE }, { "[Z", KEYCODE_BACKTAB }, { "OP", KEYCODE_F1 },
	{ "[11~", KEYCODE_F1 },	   { "[[A", KEYCODE_F1 },
};

/* Reads the rest of an escape sequence; an unknown one is swallowed whole, so that its letters
 * press no keys. */
static bool read_sequence(int first, struct key *ret_key)
{
	char text[16] = { (char)first };
	size_t len = 1, i;

	while (len + 1 < sizeof(text)) {
		int byte = read_byte(ESC_WAIT_MS);

		if (byte < 0)
			break;
		text[len++] = (char)byte;
		if (byte >= '@' && byte <= '~' && !(byte == '[' && len == 2))
			break;
	}
	for (i = 0; i < ARRAY_SIZE(sequences); i++) {
		if (!strcmp(sequences[i].sequence, text)) {
			ret_key->code = sequences[i].code;
			return true;
		}
	}
	return false;
}

static bool read_utf8(int first, struct key *ret_key)
{
	int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
	int32_t code = first & (0x3f >> more);

	for (; more > 0; more--) {
		int byte = read_byte(ESC_WAIT_MS);

		if (byte < 0 || (byte & 0xc0) != 0x80)
			return false;
		code = code << 6 | (byte & 0x3f);
	}
	ret_key->code = code;
	return code >= 0xa0 && code < 0x110000;
}

bool term_read_key(struct key *ret_key)
{
	int byte = read_byte(0), next;

	if (byte < 0)
		return false;
	if (byte == 0x1b) {
		next = read_byte(ESC_WAIT_MS);
		if (next == '[' || next == 'O')
			return read_sequence(next, ret_key);
		term.pushed = next;
		ret_key->code = KEYCODE_ESC;
		return true;
	}
	if (byte >= 0xc0)
		return read_utf8(byte, ret_key);
	if (byte >= 0x80)
		return false;
	if (byte == '\r' || byte == '\n')
		ret_key->code = KEYCODE_ENTER;
	else if (byte == '\t')
		ret_key->code = KEYCODE_TAB;
	else if (byte == 0x7f || byte == 0x08)
		ret_key->code = KEYCODE_BACKSPACE;
	else if (byte < 0x20)
		ret_key->code = KEYCODE_CTRL + '@' + byte;
	else
		ret_key->code = byte;
	return true;
}

/* The shell had the terminal in between: its modes are the shell's. */
static void take_screen(void)
{
	refresh();
	raw();
	noecho();
	term_resized();
}

void term_suspend(void)
{
	leave_screen();
	raise(SIGSTOP);
	take_screen();
}

void term_continue(void)
{
	term.cursor_shown = true;
	endwin();
	take_screen();
}

void term_title(const char *text)
{
	struct strbuf out = STRBUF_INIT;

	if (term.open &&
	    (text_starts(getenv("TERM"), "xterm") || text_starts(getenv("TERM"), "tmux") ||
	     text_starts(getenv("TERM"), "screen"))) {
		strbuf_addf(&out, "\033]2;%s\007", text);
		send(out.buf, out.len);
	}
	strbuf_done(&out);
}

void term_copy(const char *text)
{
	struct strbuf out = STRBUF_INIT;

	if (strlen(text) <= COPY_MAX) {
		strbuf_adds(&out, "\033]52;c;");
		strbuf_add_base64(&out, text, strlen(text));
		strbuf_addc(&out, '\a');
		send(out.buf, out.len);
	}
	strbuf_done(&out);
}
