/* Artefacts of a backup or restore: DownloadRequest, signed address, unpacked bytes
 * (spec/velero-api.md 3.4, 3.5). Worker thread. And pure readers of what came. */
#ifndef BACKEND_VELERO_DOWNLOAD_H
#define BACKEND_VELERO_DOWNLOAD_H

#include "backend/kube/client.h"

/* A counted text with an index of its lines; immutable; any thread may ref and unref. */
struct document;
const struct document *document_new(char *text, size_t len); /* takes over text */
const struct document *document_ref(const struct document *document);
void document_unref(const struct document *document);
size_t document_lines(const struct document *document);
const char *document_line(const struct document *document, size_t index,
			  size_t *ret_len); /* without newline; borrowed */
const char *document_text(const struct document *document, size_t *ret_len);

/* done: document is borrowed (ref it to keep it), NULL on failure. step: words for the screen
 * ("asking Velero", "2.1 MiB"), may be NULL. The error says route and cause: no address within 60
 * s, 403, 404, host name unknown here, half a gzip. */
struct download;
struct download_spec {
	struct transport *transport;
	struct client *client;
	const char *namespace; /* Velero's; copied like all texts here */
	const char *kind;      /* "BackupLog", "BackupResults", "RestoreLog" ... */
	const char *name;      /* of the backup or restore */
	void (*step)(void *arg, const char *words);
	void (*done)(void *arg, const struct document *document, const struct error *err);
	void *arg;
};
struct download *download_start(const struct download_spec *spec);
void download_cancel(struct download *download); /* done is not called; frees it. After done it is
						    freed by itself */

/* BackupResults / RestoreResults to lines: one message each, errors first. Arena-owned. */
struct result_line {
	bool is_error;
	const char *scope;   /* "velero", "cluster" or the namespace */
	const char *message; /* as Velero assembled it, trimmed */
};
struct result_lines {
	struct arena arena;
	struct result_line *rows;
	size_t count, errors, warnings;
};
enum status results_parse(const char *text, size_t len, struct result_lines *ret_lines,
			  struct error *err);
/* Those of one more file behind those there are; texts are copied. */
void result_lines_add(struct result_lines *lines, const struct result_lines *more);
void result_lines_done(struct result_lines *lines);

/* One line of a Velero log (logrus text or JSON): level letter, time, message, the rest. Slices of
 * the line. */
struct log_line {
	char level;	     /* 'D' 'I' 'W' 'E', '?' when the line is no log line */
	int64_t time;	     /* unix seconds, 0 unknown */
	const char *message; /* still quoted escapes (\n) inside; length below */
	size_t message_len;
	const char *error; /* error= field or NULL */
	size_t error_len;
};
void log_line_parse(const char *line, size_t len, struct log_line *ret_line);
/* The level letter alone, which stands near the begin: half a million lines are looked at for it.
 */
char log_line_level(const char *line, size_t len);
/* The value of one more key, quotes taken off, escapes left; NULL when the line has none. */
const char *log_line_field(const char *line, size_t len, const char *key, size_t *ret_len);
/* Appends a value with its escapes resolved: \n, \t, \", \\. */
void log_text_unquote(struct strbuf *out, const char *text, size_t len);

#endif
