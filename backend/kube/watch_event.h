/* One line of a watch, read. Pure. */
#ifndef BACKEND_KUBE_WATCH_EVENT_H
#define BACKEND_KUBE_WATCH_EVENT_H

#include "backend/kube/watch.h"

enum watch_line {
	WATCH_LINE_OBJECT,   /* ret_event and the object of the line count */
	WATCH_LINE_BOOKMARK, /* nothing but a newer resourceVersion */
	WATCH_LINE_GONE,     /* ERROR event with code 410: list again */
	WATCH_LINE_ERROR,    /* ERROR event, or a line that is no event: err says it */
};

/* line is the parsed line. ret_version is the resourceVersion it carries, borrowed, "" when none.
 */
enum watch_line watch_line_read(const struct json *line, const char *what,
				enum watch_event *ret_event, const char **ret_version,
				struct error *err);

#endif
