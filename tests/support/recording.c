#include "tests/support/recording.h"

#include "backend/base/file.h"

#include <stdlib.h>
#include <string.h>

#define CEILING ((size_t)4 << 20)

void recording_text(const char *path, struct strbuf *out)
{
	struct error err = ERROR_INIT;
	struct strbuf full = STRBUF_INIT;

	strbuf_addf(&full, "tests/fixtures/%s", path);
	if (file_read(full.buf, CEILING, out, &err))
		die("%s", err.text);
	strbuf_done(&full);
}

struct json *recording_json(const char *path)
{
	struct error err = ERROR_INIT;
	struct strbuf text = STRBUF_INIT;
	struct json *json;

	recording_text(path, &text);
	json = json_parse(text.buf, text.len, &err);
	if (!json)
		die("%s: %s", path, err.text);
	strbuf_done(&text);
	return json;
}

void recording_open(struct recording *recording, const char *path)
{
	struct strbuf text = STRBUF_INIT;
	size_t capacity = 0, len;

	*recording = (struct recording){ 0 };
	recording_text(path, &text);
	for (const char *at = text.buf; *at; at += len + (at[len] == '\n')) {
		struct error err = ERROR_INIT;
		struct json *event;

		len = strcspn(at, "\n");
		event = json_parse(at, len, &err);
		if (!event)
			die("%s: %s", path, err.text);
		recording->events = mem_grow(recording->events, recording->count, &capacity,
					     sizeof(struct json *));
		recording->events[recording->count++] = event;
	}
	strbuf_done(&text);
}

void recording_close(struct recording *recording)
{
	for (size_t i = 0; i < recording->count; i++)
		json_free(recording->events[i]);
	free(recording->events);
	*recording = (struct recording){ 0 };
}

const struct json *recording_object(const struct recording *recording, size_t index)
{
	const struct json *event = recording->events[index];

	return strcmp(json_text(event, "type"), "BOOKMARK") != 0 ? json_key(event, "object") : NULL;
}
