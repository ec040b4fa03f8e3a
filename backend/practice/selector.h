/* Label and field selectors as the API server reads them. Pure. */
#ifndef BACKEND_PRACTICE_SELECTOR_H
#define BACKEND_PRACTICE_SELECTOR_H

#include "backend/base/json.h"
#include "backend/base/status.h"

#include <stdbool.h>

struct selector;

/* "a=b,c!=d,e in (x,y),f notin (z),g,!h". NULL in ret for "". STATUS_INVALID with the server's own
 * words. Owned by the caller. */
enum status selector_parse_labels(const char *text, struct selector **ret_selector,
				  struct error *err);
/* "metadata.name=x,status.phase!=Running". */
enum status selector_parse_fields(const char *text, struct selector **ret_selector,
				  struct error *err);
void selector_free(struct selector *selector);

/* labels: the map of labels, or NULL. A NULL selector matches. */
bool selector_matches_labels(const struct selector *selector, const struct json *labels);
/* object: the whole one. */
bool selector_matches_fields(const struct selector *selector, const struct json *object);
/* The same over their JSON texts, parsed only when there is something to match; "" for no labels.
 */
bool selector_matches_label_text(const struct selector *selector, const char *labels);
bool selector_matches_object_text(const struct selector *selector, const char *object);
/* When the fields ask for exactly this name: it; else NULL. Borrowed. */
const char *selector_wants(const struct selector *selector, const char *field);
/* The first field the API server would not know for a custom resource, or NULL. */
const char *selector_odd_field(const struct selector *selector);

#endif
