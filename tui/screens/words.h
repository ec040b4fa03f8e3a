/* Words that several screens say: ages, what is kept, applications of a snapshot, marks of states.
 * Appending, pure. Foreign text is appended as it is: the canvas is the gate. */
#ifndef TUI_SCREENS_WORDS_H
#define TUI_SCREENS_WORDS_H

#include "tui/screens/screen.h"
#include "tui/widgets/mark.h"

enum mark words_mark(enum health health);
const char *words_kind(enum snapshot_kind kind); /* "full", "partial", "other" */

void words_add_ago(struct strbuf *out,
		   int64_t seconds); /* "just now", "14 min ago", "in the future" */
void words_add_ahead(struct strbuf *out, int64_t seconds); /* "in 23 h", "within 1 min" */
/* "1 month", "2 weeks", "10 days", "36h" of a Go duration; "not known" when it is none. */
void words_add_kept(struct strbuf *out, const char *ttl);
/* "checked < 2 min ago" while the fact is renewed as it should be, else its age; true when it is
 * late. */
bool words_add_checked(struct strbuf *out, int64_t at, int64_t period_s, int64_t now);
/* Minutes between two times as people say it: "44 min", "9 s"; "-" when one is missing. */
void words_add_took(struct strbuf *out, int64_t from, int64_t to);
/* "kotsadm…": last six characters stay, in `width` cells. */
void words_add_name(struct strbuf *out, const char *name, int width);

/* What an operation of ours is about: the snapshot; of a restore "Acme Analytics", "everything",
 * "Admin Console". Borrowed. */
const char *words_op_what(const struct op_view *op);
/* "Acme Analytics", or the slug when the console does not know it. Borrowed. */
const char *words_app_title(const struct console *console, const char *slug);
/* "Acme Analytics 3.8.1 (seq. 42)": one application in a snapshot. */
void words_add_app(struct strbuf *out, const struct snapshot *snapshot,
		   const struct console *console, const char *slug);
/* All of them, with "Admin Console" first for full ones; in brief for one line. */
void words_add_apps(struct strbuf *out, const struct snapshot *snapshot,
		    const struct console *console);
/* The next slug of a comma-separated list into slug; returns what follows, NULL at the end. */
const char *words_next_slug(const char *list, char *slug, size_t size);

/* When it began: start, else when the object was made. */
int64_t words_began(const struct snapshot *snapshot);
/* Size of what was copied, -1 when it is not known or does not apply. */
int64_t words_size(const struct snapshot *snapshot);

#endif
