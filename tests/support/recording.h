/* Recordings under tests/fixtures: JSON files and watch streams, an event a line. For tests: what
 * cannot be read ends the test. */
#ifndef TESTS_SUPPORT_RECORDING_H
#define TESTS_SUPPORT_RECORDING_H

#include "backend/base/json.h"

/* path is relative to tests/fixtures. Owned. */
struct json *recording_json(const char *path);
void recording_text(const char *path, struct strbuf *out);

struct recording {
	struct json **events; /* {"type":..,"object":..} */
	size_t count;
};
void recording_open(struct recording *recording, const char *path);
void recording_close(struct recording *recording);
/* The object of an event; NULL for bookmarks. */
const struct json *recording_object(const struct recording *recording, size_t index);

#endif
