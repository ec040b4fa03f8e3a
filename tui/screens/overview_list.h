/* The overview: what it gathers with each model, and its lines. Private to the screen. */
#ifndef TUI_SCREENS_OVERVIEW_LIST_H
#define TUI_SCREENS_OVERVIEW_LIST_H

#include "tui/screens/snapshot_detail.h"

#define OVERVIEW_DAYS 14
#define OVERVIEW_APPS 4

/* One mark a day, the worst; MARK_NONE when nothing was made. */
struct overview_strip {
	char slug[128];		       /* "" = full ones */
	enum mark days[OVERVIEW_DAYS]; /* the last is today */
};

struct overview {
	size_t cursor;
	struct snapshot_detail
		newest; /* the newest full one that can be restored; snapshot NULL = none */
	struct check_results site;
	struct overview_strip strips[1 + OVERVIEW_APPS];
	size_t strip_count;
};

/* A line that names a place: label, state, and what more there is to say. */
enum overview_line {
	LINE_NEWEST,
	LINE_RUNNING,
	LINE_NEXT,
	LINE_DESTINATION,
	LINE_VELERO,
	LINE_CONSOLE,
	LINE_APPS,
	LINE_DOCTOR,
	OVERVIEW_LINES /* then what needs attention */
};

/* The texts of a line; LINE_NEWEST has its own. */
enum mark overview_say(enum overview_line line, const struct overview *overview,
		       const struct screen_context *context, struct strbuf *value,
		       struct strbuf *right);
const char *overview_label(enum overview_line line);
/* The first line of the first screen, and the two below it. */
enum mark overview_say_newest(const struct overview *overview, const struct screen_context *context,
			      struct strbuf *line, struct strbuf *more);
/* Checks that failed or warn, worst first; NULL behind the last. */
const struct check_result *overview_attention(const struct overview *overview, size_t index);
size_t overview_attention_count(const struct overview *overview);
void overview_gather(struct overview *overview, const struct screen_context *context);

void overview_draw(const void *state, const struct screen_context *context);

#endif
