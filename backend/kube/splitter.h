/* Cuts what a Kubernetes API server streams: the items out of a list reply, the lines out of a
 * watch. Bytes come in any pieces; memory holds one item or line at most, and what does not fit the
 * ceiling is STATUS_TOO_LARGE. Of an item managedFields, ownerReferences and a pod volume's tags
 * come empty: they are more than half of the bytes, and nobody who watches reads them. Pure. */
#ifndef BACKEND_KUBE_SPLITTER_H
#define BACKEND_KUBE_SPLITTER_H

#include "backend/base/strbuf.h"

/* One item or line, borrowed during the call. false ends the feeding (STATUS_CANCELLED). */
typedef bool splitter_piece(void *arg, const char *text, size_t len);

struct list_splitter {
	struct strbuf item;  /* the item under way */
	struct strbuf frame; /* the reply without its items: kind, metadata */
	size_t ceiling;	     /* of one item, bytes */
	unsigned depth;	     /* of brackets, of all kinds */
	bool in_text, escaped, in_items, in_unread, ended;
};

void list_splitter_init(struct list_splitter *splitter, size_t ceiling);
void list_splitter_done(struct list_splitter *splitter);
enum status list_splitter_feed(struct list_splitter *splitter, const char *bytes, size_t len,
			       splitter_piece *piece, void *arg, struct error *err);
/* After the last byte: STATUS_PROTOCOL when the reply was cut or was no list. splitter->frame is
 * then the reply with "items":[]. */
enum status list_splitter_end(const struct list_splitter *splitter, struct error *err);

struct line_splitter {
	struct strbuf tail; /* a line whose end has not come */
	size_t ceiling;
};

void line_splitter_init(struct line_splitter *splitter, size_t ceiling);
void line_splitter_done(struct line_splitter *splitter);
/* Empty lines are left out. */
enum status line_splitter_feed(struct line_splitter *splitter, const char *bytes, size_t len,
			       splitter_piece *piece, void *arg, struct error *err);

#endif
