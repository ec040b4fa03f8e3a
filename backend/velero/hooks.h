/* The scripts a backup ran in pods, read from its log (spec/kots-snapshots.md 4.2): both outputs,
 * also of those that failed, and how it is known whose they were. Pure.
 *
 * Velero from 1.15 on names no pod on these lines. It is known all the same when an error names it;
 * else it is taken from what Velero did next, which is no proof: pods may share a step. */
#ifndef BACKEND_VELERO_HOOKS_H
#define BACKEND_VELERO_HOOKS_H

#include "backend/velero/download.h"

enum hook_pod {
	HOOK_POD_UNKNOWN,
	HOOK_POD_LIKELY, /* by the lines after it */
	HOOK_POD_ONLY,	 /* the log knows of one pod */
	HOOK_POD_NAMED,	 /* the log names it */
};

enum hook_state {
	HOOK_DONE,
	HOOK_FAILED,	/* the log says so */
	HOOK_NO_ANSWER, /* it began, and neither output nor an end was written */
};

struct hook {
	bool post;
	enum hook_state state;
	enum hook_pod pod_known;
	const char *namespace, *pod; /* "" = cannot be known */
	const char *container, *command;
	const char *source; /* "annotation" or "spec" */
	const char *out, *err;
	bool answered;	   /* outputs were written: "" then means an empty one */
	const char *error; /* as Velero wrote it, "" = none */
	int64_t began, ended;
	size_t line; /* of the log, where it began */
};

struct hooks {
	struct arena arena; /* owns every text */
	struct hook *rows;  /* in the order they began */
	size_t count, failed;
};

void hooks_parse(const struct document *log, struct hooks *ret_hooks);
void hooks_done(struct hooks *hooks);

/* How it is known whose script it was, in words; never NULL. */
const char *hook_pod_words(enum hook_pod known);

#endif
