#include "backend/kube/watch_event.h"

#include <string.h>

static const struct {
	const char *type;
	enum watch_event event;
} event_rows[] = {
	{ "ADDED", WATCH_ADDED },
	{ "MODIFIED", WATCH_MODIFIED },
	{ "DELETED", WATCH_DELETED },
};

static enum watch_line read_error(const struct json *status, const char *what, struct error *err)
{
	struct http_reply reply = { .status = (int)json_int(status, "code", 500) };
	struct strbuf text = STRBUF_INIT;
	enum status code;

	json_print(status, &text);
	code = client_error(err, &reply, text.buf, text.len, what);
	strbuf_done(&text);
	return code == STATUS_GONE ? WATCH_LINE_GONE : WATCH_LINE_ERROR;
}

enum watch_line watch_line_read(const struct json *line, const char *what,
				enum watch_event *ret_event, const char **ret_version,
				struct error *err)
{
	const char *type = json_key_text(line, "type");
	const struct json *object = json_key(line, "object");
	size_t i;

	*ret_version = json_text(object, "metadata.resourceVersion");
	if (!strcmp(type, "BOOKMARK"))
		return WATCH_LINE_BOOKMARK;
	if (!strcmp(type, "ERROR"))
		return read_error(object, what, err);
	for (i = 0; i < ARRAY_SIZE(event_rows); i++) {
		if (!strcmp(event_rows[i].type, type) && json_type(object) == JSON_MAP) {
			*ret_event = event_rows[i].event;
			return WATCH_LINE_OBJECT;
		}
	}
	error_set(err, STATUS_PROTOCOL, "%s: the watch sent a line that is no event", what);
	return WATCH_LINE_ERROR;
}
