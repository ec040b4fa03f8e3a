/* The log of one backup or restore as Velero writes it: logrus text lines; and, from its warnings
 * and errors, the results (spec/velero-api.md 3.5). One thread a log. */
#ifndef BACKEND_PRACTICE_VELOG_H
#define BACKEND_PRACTICE_VELOG_H

#include "backend/base/json.h"
#include "backend/base/strbuf.h"

#include <stdint.h>

enum velog_level { VELOG_INFO, VELOG_WARNING, VELOG_ERROR };

struct velog {
	struct strbuf text;
	struct json *errors, *warnings; /* {"velero":[...],"cluster":[...],"namespaces":{...}} */
	int64_t error_count, warning_count;
	int64_t at;	     /* the moment of the lines; 0 = now */
	const char *subject; /* "backup" or "restore" */
	char name[320];	     /* "velero/instance-abcde" */
};

struct velog_field {
	const char *key, *value;
};

/* What a line says beside its message. Ends with a field whose key is NULL. */
#define VELOG_FIELDS(...) ((const struct velog_field[]){ __VA_ARGS__, { NULL, NULL } })
#define VELOG_NO_FIELDS	  ((const struct velog_field[]){ { NULL, NULL } })

void velog_init(struct velog *log, const char *subject, const char *namespace, const char *name);
void velog_done(struct velog *log);

/* source: "pkg/backup/backup.go:309". Keys are sorted, values quoted as logrus does. */
void velog_line(struct velog *log, enum velog_level level, const char *source,
		const struct velog_field *fields, const char *fmt, ...) PRINTF_LIKE(5, 6);
/* Counts a problem. where: "velero", "cluster", or a namespace when in_namespace. */
void velog_add_result(struct velog *log, enum velog_level level, const char *where,
		      bool in_namespace, const char *text);
/* {"errors":...,"warnings":...}, owned. */
struct json *velog_results(const struct velog *log);

/* Appends key=value with logrus' quoting. Pure. */
void velog_add_pair(struct strbuf *out, const char *key, const char *value);

#endif
