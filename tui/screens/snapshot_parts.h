/* What Velero stored about one snapshot, asked for part by part when a pane first needs it, kept
 * taken apart (never as text), and dropped with the screen. Private to the screen. */
#ifndef TUI_SCREENS_SNAPSHOT_PARTS_H
#define TUI_SCREENS_SNAPSHOT_PARTS_H

#include "backend/velero/cause.h"
#include "backend/velero/hooks.h"
#include "backend/velero/resources.h"
#include "tui/screens/fold.h"
#include "tui/screens/screen.h"
#include "tui/widgets/mark.h"

enum snapshot_part { PART_RESULTS, PART_LOG, PART_RESOURCES, PARTS };
#define PART_NONE PARTS

struct part_state {
	bool asked, read;
	uint64_t ticket;
	int64_t asked_ms;
	char step[254];
	struct error failed;
};

struct snapshot_parts {
	struct part_state state[PARTS];
	struct result_lines lines; /* of PART_RESULTS */
	struct problem_groups groups;
	struct fold problems;
	struct hooks hooks; /* of PART_LOG */
	size_t log_lines;
	struct resources resources; /* of PART_RESOURCES */
	struct fold kinds;
};

/* Why there is nothing to ask for: "it still runs ..."; NULL = there may be something. */
const char *snapshot_part_absent(enum snapshot_part part, const struct snapshot *snapshot);
/* Asks once; again after a failure. */
void snapshot_part_ask(struct snapshot_parts *parts, enum snapshot_part part,
		       const struct snapshot *snapshot, const struct screen_context *context,
		       struct effects *effects);
void snapshot_parts_ticket(struct snapshot_parts *parts, const struct request *request,
			   uint64_t ticket);
/* true when the event was an answer to one of them. */
bool snapshot_parts_event(struct snapshot_parts *parts, const struct event *event);
void snapshot_parts_done(struct snapshot_parts *parts);

/* Opens or closes the group of a row. */
void snapshot_parts_toggle(struct snapshot_parts *parts, enum snapshot_part part, size_t row);

/* Where it stands, when it is not there: "Results: asking Velero, 4 s of 60 s", or why it is not.
 */
enum mark snapshot_part_add_state(struct strbuf *out, const struct snapshot_parts *parts,
				  enum snapshot_part part, const struct screen_context *context);

#endif
