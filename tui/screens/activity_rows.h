/* The rows of the Activity list: operations, Restores and delete requests of the cluster, and the
 * snapshots of the last days, each thing once. Private to the screen. Rows borrow from the model
 * they were made of. */
#ifndef TUI_SCREENS_ACTIVITY_ROWS_H
#define TUI_SCREENS_ACTIVITY_ROWS_H

#include "tui/screens/screen.h"
#include "tui/widgets/mark.h"

#define ACTIVITY_DAYS 14

struct activity_row {
	int64_t began;
	bool unfinished;
	enum mark mark;
	enum leftover leftover; /* of a deletion */
	/* exactly one of them */
	const struct op_view *op;
	const struct restore *restore;
	const struct delete_request *deletion;
	const struct snapshot *snapshot;
};

struct activity_rows {
	struct activity_row *rows; /* owned; unfinished first, then newest */
	size_t count, unfinished;
};

void activity_rows_gather(struct activity_rows *rows, const struct screen_context *context);
void activity_rows_done(struct activity_rows *rows);

const char *activity_uid(const struct activity_row *row);
/* "restore Acme Gateway", "snapshot instance-x7k2p", "delete instance-d2w9p" */
void activity_add_what(struct strbuf *out, const struct activity_row *row,
		       const struct screen_context *context);
/* "Left unfinished", "Running 43 %", "Done, 3 warnings": at most 16 cells where it can be helped */
void activity_add_result(struct strbuf *out, const struct activity_row *row);
/* "root@node-02", "schedule", "by hand", "console" */
void activity_add_by(struct strbuf *out, const struct activity_row *row);
/* The snapshot it is about; borrowed. */
const char *activity_backup(const struct activity_row *row);
/* Up to three sentences for the peek. */
void activity_add_story(struct strbuf *out, const struct activity_row *row,
			const struct screen_context *context);

#endif
