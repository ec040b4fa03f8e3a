/* The words a person types before something is destroyed: exact, no completion, and what stands
 * beside the field while they do not match (design/screens.md 3, 5.2). Pure. */
#ifndef TUI_SCREENS_CONFIRM_H
#define TUI_SCREENS_CONFIRM_H

#include "tui/widgets/form.h"

#define CONFIRM_PATIENCE 5 /* wrong tries after which the words are spelled out */

struct confirm {
	struct input input;
	int tries;
};

bool confirm_matches(const struct confirm *confirm, const char *wanted);
/* "does not match yet", "matches", "it must be exactly: ..."; into note, which must be empty. */
void confirm_add_note(struct strbuf *note, const struct confirm *confirm, const char *wanted);
/* Enter in the field, or on the button that cannot act: a wrong try. */
void confirm_try(struct confirm *confirm, const char *wanted);

#endif
