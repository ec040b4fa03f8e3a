#include "backend/practice/velog.h"

#include "backend/base/clock.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 24
#define MODULE	   "github.com/vmware-tanzu/velero@v1.18.3/"

static const char *const level_names[] = { "info", "warning", "error" };

void velog_init(struct velog *log, const char *subject, const char *namespace, const char *name)
{
	memset(log, 0, sizeof(*log));
	strbuf_init(&log->text);
	log->errors = json_new_map();
	log->warnings = json_new_map();
	log->subject = subject;
	snprintf(log->name, sizeof(log->name), "%s/%s", namespace, name);
}

void velog_done(struct velog *log)
{
	strbuf_done(&log->text);
	json_free(log->errors);
	json_free(log->warnings);
}

static bool needs_quotes(const char *value)
{
	for (; *value; value++) {
		if (!isalnum((unsigned char)*value) && !strchr("-._/@^+", *value))
			return true;
	}
	return false;
}

/* As Go's %q: what can be printed stays. */
static void add_quoted(struct strbuf *out, const char *value)
{
	strbuf_addc(out, '"');
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == '"' || c == '\\')
			strbuf_addf(out, "\\%c", c);
		else if (c == '\n')
			strbuf_adds(out, "\\n");
		else if (c == '\t')
			strbuf_adds(out, "\\t");
		else if (c == '\r')
			strbuf_adds(out, "\\r");
		else if (c < ' ' || c == 127)
			strbuf_addf(out, "\\x%02x", c);
		else
			strbuf_addc(out, (char)c);
	}
	strbuf_addc(out, '"');
}

void velog_add_pair(struct strbuf *out, const char *key, const char *value)
{
	strbuf_addf(out, "%s=", key);
	if (needs_quotes(value))
		add_quoted(out, value);
	else
		strbuf_adds(out, value);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct velog_field *)a)->key, ((const struct velog_field *)b)->key);
}

void velog_line(struct velog *log, enum velog_level level, const char *source,
		const struct velog_field *fields, const char *fmt, ...)
{
	struct velog_field sorted[FIELDS_MAX];
	struct strbuf text = STRBUF_INIT, place = STRBUF_INIT;
	size_t count = 0, i;
	va_list args;

	strbuf_addf(&place, MODULE "%s", source);
	sorted[count++] = (struct velog_field){ log->subject, log->name };
	sorted[count++] = (struct velog_field){ "logSource", place.buf };
	for (i = 0; fields[i].key && count < FIELDS_MAX; i++)
		sorted[count++] = fields[i];
	qsort(sorted, count, sizeof(*sorted), by_key);

	clock_add_rfc3339(&text, log->at ? log->at : clock_now());
	velog_add_pair(&log->text, "time", text.buf);
	strbuf_addf(&log->text, " level=%s ", level_names[level]);
	strbuf_reset(&text);
	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	velog_add_pair(&log->text, "msg", text.buf);
	for (i = 0; i < count; i++) {
		strbuf_addc(&log->text, ' ');
		velog_add_pair(&log->text, sorted[i].key, sorted[i].value);
	}
	strbuf_addc(&log->text, '\n');
	strbuf_done(&text);
	strbuf_done(&place);
}

static struct json *child(struct json *map, const char *key, struct json *(*make)(void))
{
	struct json *found = json_key_mut(map, key);

	return found ? found : json_put(map, key, make());
}

void velog_add_result(struct velog *log, enum velog_level level, const char *where,
		      bool in_namespace, const char *text)
{
	struct json *map = level == VELOG_ERROR ? log->errors : log->warnings;

	if (level == VELOG_ERROR)
		log->error_count++;
	else
		log->warning_count++;
	if (in_namespace)
		map = child(map, "namespaces", json_new_map);
	json_add_text(child(map, where, json_new_list), text);
}

struct json *velog_results(const struct velog *log)
{
	struct json *results = json_new_map();

	json_put(results, "errors", json_clone(log->errors));
	json_put(results, "warnings", json_clone(log->warnings));
	return results;
}
