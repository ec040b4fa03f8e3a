/* The set of marked objects of a table. Pure; private to the widget. */
#ifndef TUI_WIDGETS_TABLE_MARKS_H
#define TUI_WIDGETS_TABLE_MARKS_H

#include "tui/widgets/table.h"

/* Forgets the marks of rows that are not in the source any more. */
void table_marks_prune(struct table *table, const struct table_source *source);

#endif
