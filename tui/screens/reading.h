/* What a place says while its data are not there: not read yet, being read, not permitted, not
 * installed, no answer. An empty list means "read, and empty", never "could not be read"
 * (design/screens.md 4.0). */
#ifndef TUI_SCREENS_READING_H
#define TUI_SCREENS_READING_H

#include "tui/screens/screen.h"
#include "tui/widgets/mark.h"

/* true when rows of the collection may be shown (also old ones, and also none). */
bool reading_has_rows(const struct model *model, enum collection which);
/* How many lists are old although the cluster answers: their reading is refused, or fails. The
 * oldest is written when there are any. */
size_t reading_count_old(const struct model *model, int64_t now, enum collection *ret_oldest);
/* Draws the reason why there are none from row y; what: "snapshots". Returns the rows used. */
int reading_draw(struct view view, int y, const struct screen_context *context,
		 enum collection which, const char *what);
/* One line for a place among others: "not read yet", "not permitted"; the mark goes with it. */
enum mark reading_add_brief(struct strbuf *out, const struct model *model, enum collection which);
/* " · as of 02:13:52" when the data are older than they should be; nothing else. */
void reading_add_as_of(struct strbuf *out, const struct screen_context *context,
		       enum collection which);

/* When the facts of a verdict were true: nothing while the link is live, since then it is now, and
 * a time would tick with each check of Velero's; else `before` and "02:13". Appends. */
void reading_add_time(struct strbuf *out, const char *before, const struct screen_context *context);

#endif
