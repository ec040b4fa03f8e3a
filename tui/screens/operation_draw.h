/* The parts of the operation screen: head with bar and time left, steps, verdict. Each returns the
 * rows it used. Pure (design/screens.md 4.5, 4.6, 4.7). */
#ifndef TUI_SCREENS_OPERATION_DRAW_H
#define TUI_SCREENS_OPERATION_DRAW_H

#include "tui/screens/restore_results.h"
#include "tui/screens/subject.h"
#include "tui/screens/volumes.h"

int operation_draw_snapshot(struct view view, const struct screen_context *context,
			    const struct snapshot *snapshot, const struct volume_rows *volumes);
int operation_draw_restore(struct view view, const struct screen_context *context,
			   const struct subject *subject, const struct volume_rows *volumes);
int operation_draw_steps(struct view view, const struct screen_context *context,
			 const struct op_view *op);
/* Why and what next, once it has ended. */
int operation_draw_verdict(struct view view, const struct op_view *op);
/* Of an unfinished one: what was written beside what is true now. */
int operation_draw_compared(struct view view, const struct screen_context *context,
			    const struct op_view *op);
/* All that is known of it, as a file for support. */
void operation_write(struct effects *effects, const struct screen_context *context,
		     const struct subject *subject, const struct volume_rows *volumes,
		     const struct restore_results *results);

#endif
