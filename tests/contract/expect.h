/* What a row expects, and whether an answer is so. Pure. The forms of a value are in
 * CONTRIBUTING.md, "Add a contract row". */
#ifndef TESTS_CONTRACT_EXPECT_H
#define TESTS_CONTRACT_EXPECT_H

#include "backend/base/json.h"

#include <stdbool.h>

/* A copy in which "${name}" stands for a text of `vars` (a map), in values and in keys. Owned. An
 * unknown name stays. */
struct json *expect_fill_in(const struct json *node, const struct json *vars);

/* wanted: a map of paths to values. false: `why` got one line a difference. */
bool expect_holds(const struct json *got, const struct json *wanted, struct strbuf *why);

/* The text of a value: a text as it is, all else as compact JSON. */
void expect_add_text(struct strbuf *out, const struct json *node);

bool expect_text_matches(const char *text, const char *regex);

#endif
