/* A document as the lines of a pager, and a screen body that is nothing but such a pager. Pure. */
#ifndef TUI_SCREENS_DOCUMENT_SOURCE_H
#define TUI_SCREENS_DOCUMENT_SOURCE_H

#include "backend/velero/download.h"
#include "tui/screens/screen.h"
#include "tui/widgets/pager.h"

/* document may be NULL: no lines. Borrowed by the source. */
struct pager_source document_source(const struct document *document);
/* Takes the text out of sb, which is empty after. Counted. */
const struct document *document_from(struct strbuf *sb);

#endif
