/* What an operation screen is about, found anew in each picture of the cluster: an operation of
 * kotsnap, a snapshot, a restore, or what of them is there. Pure. */
#ifndef TUI_SCREENS_SUBJECT_H
#define TUI_SCREENS_SUBJECT_H

#include "tui/screens/screen.h"

/* Borrowed from the model; NULL = not there. */
struct subject {
	const struct op_view *op;
	const struct snapshot *snapshot;
	const struct restore *restore;
};

/* name: id of an op_view, "backup/NAME", "restore/NAME", "restoring NAME SLUG" (SLUG "-": no single
 * application), or "" = the newest running one. */
struct subject subject_find(const struct model *model, const char *name);
bool subject_is_there(const struct subject *subject);
/* A name that goes on meaning the same one: appended. */
void subject_add_name(struct strbuf *out, const struct subject *subject);
const char *subject_backup(const struct subject *subject); /* "" when none */
const char *subject_restore(const struct subject *subject);
/* "snapshot instance-x7k2p", "restore Acme Gateway from instance-hq9zc" */
void subject_add_title(struct strbuf *out, const struct subject *subject);
bool subject_has_ended(const struct subject *subject);

#endif
