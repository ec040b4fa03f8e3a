#include "tui/screens/message_log.h"

#include <stdio.h>

void message_log_add(struct message_log *log, enum message_level level, int64_t at,
		     const char *text)
{
	struct message *row = &log->rows[log->next];

	row->level = level;
	row->at = at;
	snprintf(row->text, sizeof(row->text), "%s", text);
	log->next = (log->next + 1) % MESSAGES_KEPT;
	if (log->count < MESSAGES_KEPT)
		log->count++;
}

const struct message *message_log_row(const struct message_log *log, size_t index)
{
	if (!log || index >= log->count)
		return NULL;
	return &log->rows[(log->next + MESSAGES_KEPT - 1 - index) % MESSAGES_KEPT];
}

static const struct {
	enum glyph glyph;
	enum role role;
} level_rows[] = {
	[MESSAGE_GOOD] = { GLYPH_GOOD, ROLE_GOOD },
	[MESSAGE_INFO] = { GLYPH_OFF, ROLE_MESSAGE },
	[MESSAGE_WARNING] = { GLYPH_WARNING, ROLE_WARNING },
	[MESSAGE_ERROR] = { GLYPH_BAD, ROLE_BAD },
};

enum glyph message_glyph(enum message_level level)
{
	return level_rows[level].glyph;
}

enum role message_role(enum message_level level)
{
	return level_rows[level].role;
}
