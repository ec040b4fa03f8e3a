/* The fixed places of every screen: header, tabs, message line, hint bar, and the screen that says
 * the terminal is too small (design/screens.md 2.1, 2.2). Pure. */
#ifndef TUI_APP_FRAME_H
#define TUI_APP_FRAME_H

#include "tui/app/notices.h"

#define FRAME_LEAST_COLS 60
#define FRAME_LEAST_ROWS 16

struct frame {
	const struct model *model;
	int64_t now;
	struct clock_zone zone;
	const struct screen_ops *ops;
	int tab; /* 1 to 6: which is lit */
};

void frame_draw_header(struct view line, const struct frame *frame);
void frame_draw_tabs(struct view line, const struct frame *frame);
void frame_draw_too_small(struct view view, const struct frame *frame);
/* "instance-x7k2p 43 %, 27 to 33 min left"; false when nothing runs. */
bool frame_add_running(struct strbuf *out, const struct frame *frame);
/* How bad the connection is; false when all is well. */
bool frame_connection_level(const struct frame *frame, enum message_level *ret_level);
/* What it says when no message stands there, in width cells; only after the level gave true. */
void frame_add_connection(struct strbuf *out, const struct frame *frame, int width, bool ascii);
void frame_draw_notice(struct view line, enum message_level level, const char *text);

#endif
