/* YAML text to the tree json.h uses, and back. yaml.c is the only file that knows libyaml. Aliases
 * are expanded (with a ceiling), tags are ignored; unquoted true/false/null/numbers get their types
 * as YAML 1.2 core schema says. */
#ifndef BACKEND_BASE_YAML_H
#define BACKEND_BASE_YAML_H

#include "backend/base/json.h"

/* First document of the text; an empty one gives a JSON null node. The error names line and column.
 * Owned by the caller. */
struct json *yaml_parse(const char *text, size_t len, struct error *err);

/* Block style, keys in their order. */
void yaml_print(const struct json *node, struct strbuf *out);

#endif
