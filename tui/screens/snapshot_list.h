/* The list of snapshots: its state, and the parts that its files share. Private to the screen. */
#ifndef TUI_SCREENS_SNAPSHOT_LIST_H
#define TUI_SCREENS_SNAPSHOT_LIST_H

#include "tui/screens/snapshot_detail.h"
#include "tui/widgets/input.h"
#include "tui/widgets/table.h"

enum snapshot_show { SHOW_ALL, SHOW_FULL, SHOW_PARTIAL, SHOW_OTHER, SHOWS };

/* A snapshot that went away though nobody asked for it. */
struct snapshot_gone {
	const struct backup *backup; /* counted */
	int64_t at;		     /* unix seconds: when it was missed */
};
#define GONE_MOST 8

struct snapshot_list {
	struct table table;
	struct snapshot_detail detail; /* of the row under the cursor */
	enum snapshot_show show;
	char app[128];			  /* slug of the only application shown, "" = all */
	struct input filter;		  /* what was typed */
	bool typing;			  /* the filter line has the focus */
	struct snapshot_filter *compiled; /* NULL = none, or what was typed is wrong */
	struct error wrong;		  /* why it is wrong, code STATUS_OK = it is not */
	/* counted: the backups and delete requests of the last picture */
	const struct list *before, *requests_before;
	struct snapshot_gone gone[GONE_MOST]; /* newest first */
	size_t gone_count;
	bool on_detail; /* wide terminals: the detail has the focus */
	/* counted when the model or the marks change, not for each frame */
	size_t kinds[SHOWS];
	int64_t marked_bytes;
	bool marked_unknown; /* a marked one's size is not known */
};

/* What the callbacks of the table look at: rows are snapshots asked for that have no object yet,
 * those that went away by themselves, then the snapshots of the model, newest first. */
struct snapshot_rows {
	const struct screen_context *context;
	const struct snapshot_list *list;
	const struct op_view *asked[8];
	size_t asked_count;
};

/* Both are valid while context is. */
void snapshot_rows_make(struct snapshot_rows *rows, const struct snapshot_list *list,
			const struct screen_context *context);
struct table_source snapshot_rows_source(const struct snapshot_rows *rows);
/* NULL for one that was only asked for, or is gone. */
const struct snapshot *snapshot_rows_get(const struct snapshot_rows *rows, size_t row);
/* NULL for one that is there. */
const struct snapshot_gone *snapshot_rows_gone(const struct snapshot_rows *rows, size_t row);
/* The one under the cursor, NULL when there is none. */
const struct snapshot *snapshot_list_current(const struct snapshot_list *list,
					     const struct screen_context *context);

/* The gone one under the cursor, or NULL. */
const struct snapshot_gone *snapshot_list_gone(const struct snapshot_list *list,
					       const struct screen_context *context);

/* snapshots_vanished.c: keeps and tells the snapshots that are gone, that nobody asked to delete
 * and that were not due: what lies in the storage was touched by hand, or another program
 * did. */
void snapshot_list_tell_vanished(struct snapshot_list *list, const struct model *model, int64_t now,
				 struct effects *effects);
void snapshot_list_forget_vanished(struct snapshot_list *list);
/* What is known of a gone one, in lines. */
void snapshot_gone_draw(struct view view, const struct snapshot_gone *gone,
			const struct screen_context *context);

void snapshot_list_draw(const void *state, const struct screen_context *context);
void snapshot_list_title(const void *state, const struct screen_context *context,
			 struct strbuf *left, struct strbuf *right);
bool snapshot_list_note(const void *state, const struct screen_context *context,
			struct strbuf *out);
/* Visible rows of the list. */
int snapshot_list_page(const struct screen_context *context);

#endif
