/* Everything about one snapshot, in panes. Private to the screen. */
#ifndef TUI_SCREENS_SNAPSHOT_PANES_H
#define TUI_SCREENS_SNAPSHOT_PANES_H

#include "backend/velero/download.h"
#include "tui/screens/snapshot_detail.h"
#include "tui/widgets/table.h"

enum snapshot_pane { PANE_SUMMARY, PANE_VOLUMES, PANE_PROBLEMS, PANE_LOG, PANE_RESTORES, PANES };

struct snapshot_view {
	char name[254];
	const struct model
		*model; /* counted: the last one that had the snapshot; NULL = none had it yet */
	int64_t gone;	/* unix seconds: since when it is not there any more, 0 = it is */
	struct snapshot_detail detail;	 /* of that model */
	const struct restore **restores; /* owned array, newest first */
	size_t restore_count;
	enum snapshot_pane pane;
	struct table tables[PANES]; /* of those panes that are lists */
	/* what Velero wrote about errors and warnings: asked for when the pane is first looked at
	 */
	struct result_lines lines;
	bool asked, read;
	uint64_t ticket;
	char step[254];
	struct error failed;
};

/* What the rows of a pane are made from; valid while both are. */
struct pane_arg {
	const struct snapshot_view *view;
	const struct screen_context *context; /* its model is that of the view */
	struct table_column columns[5];
	char times[40]; /* title of the timeline */
};
/* false for a pane without rows. */
bool snapshot_pane_source(struct pane_arg *arg, const struct snapshot_view *view,
			  const struct screen_context *context, struct table_source *ret_source);
/* What the row under the cursor is called, for the rule of the peek. */
void snapshot_pane_add_name(struct strbuf *out, const struct pane_arg *arg, size_t row);
/* Three lines about the row under the cursor of a pane. */
void snapshot_pane_add_peek(struct strbuf *out, const struct pane_arg *arg, size_t row);

void snapshot_view_draw(const void *state, const struct screen_context *context);
int snapshot_view_page(const struct screen_context *context);

#endif
