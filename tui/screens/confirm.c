#include "tui/screens/confirm.h"

#include <string.h>

bool confirm_matches(const struct confirm *confirm, const char *wanted)
{
	return *wanted && !strcmp(confirm->input.text, wanted);
}

void confirm_add_note(struct strbuf *note, const struct confirm *confirm, const char *wanted)
{
	if (confirm_matches(confirm, wanted))
		strbuf_adds(note, "matches");
	else if (confirm->tries >= CONFIRM_PATIENCE)
		strbuf_addf(note, "it must be exactly: %s", wanted);
	else if (confirm->input.len > 0 || confirm->tries > 0)
		strbuf_adds(note, "does not match yet");
}

void confirm_try(struct confirm *confirm, const char *wanted)
{
	if (!confirm_matches(confirm, wanted))
		confirm->tries++;
}
