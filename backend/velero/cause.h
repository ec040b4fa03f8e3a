/* What the words of Velero mean: the table of messages kotsnap knows, and the problems of a backup
 * grouped by it. Words differ by version (prefixes, ends), so a row names what all share
 * (spec/velero-api.md 12, spec/console-screens.md 2.13). Pure. */
#ifndef BACKEND_VELERO_CAUSE_H
#define BACKEND_VELERO_CAUSE_H

#include "backend/velero/download.h"

enum surety { SURE, FAIRLY_SURE, PERHAPS };

struct cause {
	const char *pattern; /* part of the message, whatever its case */
	const char *title;   /* "script failed": heading of a group */
	const char *so;	     /* what it means for the snapshot */
	const char *next;    /* what to do */
	enum surety surety;
	bool harmless; /* counted, folded, no reason to act */
};

/* NULL when no row knows the message. The first row that fits counts. */
const struct cause *cause_find(const char *message);
const char *surety_words(enum surety surety); /* "Fairly sure" */

/* The parts of one assembled line (spec/velero-api.md 3.5); appends nothing for one that is not
 * there. */
void result_line_add_object(struct strbuf *out, const struct result_line *line);
/* What it says, without the object. */
void result_line_add_words(struct strbuf *out, const struct result_line *line);

struct problem_group {
	const struct cause *cause; /* NULL = not known: words below are all there is */
	const char *title;	   /* of the cause, or the words; borrowed from groups */
	bool is_error;		   /* at least one is */
	size_t *lines;		   /* numbers of result lines; owned by groups */
	size_t count;
};

struct problem_groups {
	struct arena arena;
	struct problem_group *rows; /* errors first, harmless ones last */
	size_t count;
	size_t harmless; /* lines in harmless groups */
};

void problems_group(const struct result_lines *lines, struct problem_groups *ret_groups);
/* All of it to be read: each group with what it means and what to do, then every message in full
 * (problem_text.c). */
void problems_add_text(struct strbuf *out, const struct result_lines *lines,
		       const struct problem_groups *groups);
void problem_groups_done(struct problem_groups *groups);

#endif
