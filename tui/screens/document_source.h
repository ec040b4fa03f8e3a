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
/* The line at the cursor, without its indentation, is copied. */
void document_copy_line(const struct document *document, const struct pager *pager,
			struct effects *effects);
/* The whole is written to a file of this name. */
void document_write(const struct document *document, const char *file, struct effects *effects);

#endif
