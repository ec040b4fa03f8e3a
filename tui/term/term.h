/* The terminal: the only module that knows curses. Shows canvases by sending what changed, reads
 * keys, restores the terminal after every kind of death. One per process; main thread
 * (design/screens.md 6, Leaving). */
#ifndef TUI_TERM_TERM_H
#define TUI_TERM_TERM_H

#include "tui/draw/canvas.h"
#include "tui/draw/theme.h"
#include "tui/input/keymap.h"

struct term_options {
	bool no_color;
};

/* STATUS_UNSUPPORTED when standard input or output is no terminal, TERM is not set, unknown, or
 * cannot move the cursor. */
enum status term_open(const struct term_options *options, struct error *err);
void term_close(void); /* fine when not open */

void term_size(int *ret_cols, int *ret_rows);
/* Sends the difference to what is shown. */
void term_show(const struct canvas *canvas, const struct theme *theme);
void term_redraw(void);	 /* the next term_show() sends everything */
void term_resized(void); /* after SIGWINCH: learns the new size */
/* true when a key was there. Never blocks longer than the 25 ms that tell Esc from a sequence. */
bool term_read_key(struct key *ret_key);
int term_fd(void);
bool term_is_gone(void);  /* hung up, or at the end of its input: no key will ever come */
void term_suspend(void);  /* Ctrl-Z: restores, stops the program, comes back */
void term_continue(void); /* after a stop that it did not make itself, as by SIGSTOP */
void term_title(const char *text);
void term_copy(const char *text); /* OSC 52, at most 74,000 bytes */

/* ASCII marks instead of UTF-8 ones: by locale, TERM, KOTSNAP_ASCII (design/screens.md 2.4). */
bool term_wants_ascii(void);

#endif
