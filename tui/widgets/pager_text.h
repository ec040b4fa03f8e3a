/* Lines of the pager as text: search in raw bytes, cutting sideways, matches in colour. Private to
 * the widget. */
#ifndef TUI_WIDGETS_PAGER_TEXT_H
#define TUI_WIDGETS_PAGER_TEXT_H

#include "tui/widgets/pager.h"

/* First place of word in the bytes, ignoring ASCII case; NULL when it is not there or word is "".
 */
const char *pager_text_find(const char *text, size_t len, const char *word);
size_t pager_line(const struct pager *pager, size_t position);
enum mark pager_mark(const struct pager_source *source, size_t line);

#endif
