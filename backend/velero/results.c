#include "backend/base/json.h"
#include "backend/velero/download.h"

#include <stdlib.h>
#include <string.h>

struct gathering {
	struct result_lines *lines;
	size_t capacity;
	bool is_error;
};

static const char *trimmed(const char *text, size_t *ret_len)
{
	static const char blanks[] = " \t\r\n";

	text += strspn(text, blanks);
	*ret_len = strlen(text);
	while (*ret_len && strchr(blanks, text[*ret_len - 1]))
		--*ret_len;
	return text;
}

static void add_scope(struct gathering *gathering, const char *scope, const struct json *messages)
{
	struct result_lines *lines = gathering->lines;
	const struct json *message;

	for (message = json_first(messages); message; message = json_next(message)) {
		size_t len;
		const char *text = trimmed(json_value(message), &len);

		if (!len)
			continue;
		lines->rows = mem_grow(lines->rows, lines->count, &gathering->capacity,
				       sizeof(*lines->rows));
		lines->rows[lines->count++] =
			(struct result_line){ .is_error = gathering->is_error,
					      .scope = arena_text(&lines->arena, scope),
					      .message = arena_text_n(&lines->arena, text, len) };
		*(gathering->is_error ? &lines->errors : &lines->warnings) += 1;
	}
}

static void add_part(struct gathering *gathering, const struct json *part)
{
	const struct json *namespaces = json_key(part, "namespaces"), *messages;

	add_scope(gathering, "velero", json_key(part, "velero"));
	add_scope(gathering, "cluster", json_key(part, "cluster"));
	for (messages = json_first(namespaces); messages; messages = json_next(messages))
		add_scope(gathering, json_name(messages), messages);
}

enum status results_parse(const char *text, size_t len, struct result_lines *ret_lines,
			  struct error *err)
{
	struct json *root = json_parse(text, len, err);
	struct result_lines lines = { 0 };
	struct gathering gathering = { .lines = &lines, .is_error = true };

	if (!root)
		return error_wrap(err, "results");
	if (json_type(root) != JSON_MAP) {
		json_free(root);
		return error_set(err, STATUS_FORMAT, "results: not a JSON object");
	}
	lines.arena.next_chunk = len + 1;
	add_part(&gathering, json_key(root, "errors"));
	gathering.is_error = false;
	add_part(&gathering, json_key(root, "warnings"));
	json_free(root);
	*ret_lines = lines;
	return STATUS_OK;
}

void result_lines_add(struct result_lines *lines, const struct result_lines *more)
{
	if (!more->count)
		return;
	lines->rows = mem_resize(lines->rows, (lines->count + more->count) * sizeof(*lines->rows));
	for (size_t i = 0; i < more->count; i++) {
		const struct result_line *line = &more->rows[i];

		lines->rows[lines->count++] =
			(struct result_line){ .is_error = line->is_error,
					      .scope = arena_text(&lines->arena, line->scope),
					      .message = arena_text(&lines->arena, line->message) };
	}
	lines->errors += more->errors;
	lines->warnings += more->warnings;
}

void result_lines_done(struct result_lines *lines)
{
	arena_done(&lines->arena);
	free(lines->rows);
	*lines = (struct result_lines){ 0 };
}
