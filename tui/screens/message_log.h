/* The last messages with their times: what the screen `m` shows and `w` writes
 * (design/screens.md 5.4). Pure; UI thread. */
#ifndef TUI_SCREENS_MESSAGE_LOG_H
#define TUI_SCREENS_MESSAGE_LOG_H

#include "tui/screens/screen.h"

#define MESSAGES_KEPT 200

struct message {
	enum message_level level;
	int64_t at; /* unix seconds */
	char text[512];
};

/* A ring: the oldest makes room. Zeroed is empty. */
struct message_log {
	struct message rows[MESSAGES_KEPT];
	size_t count, next;
};

void message_log_add(struct message_log *log, enum message_level level, int64_t at,
		     const char *text);
/* index 0 is the newest; NULL behind the oldest. */
const struct message *message_log_row(const struct message_log *log, size_t index);
enum glyph message_glyph(enum message_level level);
enum role message_role(enum message_level level);

#endif
