/* Everything about one snapshot, in panes. Private to the screen. */
#ifndef TUI_SCREENS_SNAPSHOT_PANES_H
#define TUI_SCREENS_SNAPSHOT_PANES_H

#include "tui/screens/snapshot_detail.h"
#include "tui/screens/snapshot_parts.h"
#include "tui/widgets/table.h"

enum snapshot_pane {
	PANE_SUMMARY,
	PANE_VOLUMES,
	PANE_SCRIPTS,
	PANE_PROBLEMS,
	PANE_RESOURCES,
	PANE_LOG,
	PANE_RESTORES,
	PANES
};

/* What took time: a volume or a script. */
struct timed_row {
	const struct podvolume *volume; /* NULL: a script */
	const struct hook *hook;
	char uid[40];
};

struct snapshot_view {
	char name[254];
	const struct model
		*model; /* counted: the last one that had the snapshot; NULL = none had it yet */
	int64_t gone;	/* unix seconds: since when it is not there any more, 0 = it is */
	struct snapshot_detail detail;	 /* of that model */
	const struct restore **restores; /* owned array, newest first */
	size_t restore_count;
	struct timed_row *timed; /* owned array: volumes and scripts by their start */
	size_t timed_count;
	enum snapshot_pane pane;
	struct table tables[PANES]; /* of those panes that are lists */
	struct snapshot_parts parts;
	bool tall; /* what the cursor is on has half of the screen */
};

/* What the rows of a pane are made from; valid while both are. */
struct pane_arg {
	const struct snapshot_view *view;
	const struct screen_context *context; /* its model is that of the view */
	struct table_column columns[5];
	char times[40]; /* title of the timeline */
};
/* The callbacks of one pane. */
struct pane_list {
	const struct table_column *columns;
	size_t column_count;
	const char *(*uid)(const void *arg, size_t row);
	enum mark (*mark)(const void *arg, size_t row);
	void (*cell)(const void *arg, size_t row, size_t column, struct strbuf *out,
		     enum role *role);
	void (*add_name)(struct strbuf *out, const struct pane_arg *arg, size_t row);
	void (*add_peek)(struct strbuf *out, const struct pane_arg *arg, size_t row);
};
/* snapshot_stored.c: what Velero stored. */
extern const struct pane_list snapshot_scripts, snapshot_problems, snapshot_resources;
void snapshot_script_add_peek(struct strbuf *out, const struct hook *hook);
enum mark snapshot_script_mark(const struct hook *hook);
/* "q2m4x /scripts/backup.sh" */
void snapshot_script_add_name(struct strbuf *out, const struct hook *hook);
/* Volumes and scripts in one row of time. */
void snapshot_timed_gather(struct snapshot_view *view);

/* false for a pane without rows. */
bool snapshot_pane_source(struct pane_arg *arg, const struct snapshot_view *view,
			  const struct screen_context *context, struct table_source *ret_source);
/* What the row under the cursor is called, for the rule of the peek. */
void snapshot_pane_add_name(struct strbuf *out, const struct pane_arg *arg, size_t row);
/* Lines about the row under the cursor of a pane. */
void snapshot_pane_add_peek(struct strbuf *out, const struct pane_arg *arg, size_t row);

void snapshot_view_draw(const void *state, const struct screen_context *context);
int snapshot_view_page(const struct snapshot_view *view, const struct screen_context *context);

/* Why it did not complete, what follows, what to do; draws nothing for one that did. Returns the
 * rows used. */
int snapshot_why_draw(struct view body, int y, const struct snapshot_view *view,
		      const struct screen_context *context);

#endif
