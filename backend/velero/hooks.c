#include "backend/velero/hooks.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	struct hooks *hooks;
	size_t capacity;
	const char *line;
	size_t len;
	size_t number;
	struct log_line parsed;
	const char *only_pod, *only_namespace; /* of the pods backed up; NULL = none yet */
	bool many;
	size_t unplaced; /* scripts before this row have their pod, or never will */
};

static const char *field(struct reading *reading, const char *key)
{
	struct strbuf text = STRBUF_INIT;
	const char *copy, *value;
	size_t len;

	value = log_line_field(reading->line, reading->len, key, &len);
	if (!value)
		return "";
	log_text_unquote(&text, value, len);
	copy = arena_text_n(&reading->hooks->arena, text.buf, text.len);
	strbuf_done(&text);
	return copy;
}

static bool says(const struct reading *reading, const char *start)
{
	size_t len = strlen(start);

	return reading->parsed.message_len >= len && !memcmp(reading->parsed.message, start, len);
}

static bool says_exactly(const struct reading *reading, const char *text)
{
	return reading->parsed.message_len == strlen(text) && says(reading, text);
}

static struct hook *add_hook(struct reading *reading)
{
	struct hooks *hooks = reading->hooks;
	struct hook *hook;

	hooks->rows = mem_grow(hooks->rows, hooks->count, &reading->capacity, sizeof(*hooks->rows));
	hook = &hooks->rows[hooks->count++];
	*hook = (struct hook){ .state = HOOK_NO_ANSWER,
			       .post = !strcmp(field(reading, "hookPhase"), "post"),
			       .namespace = field(reading, "namespace"),
			       .pod = field(reading, "name"),
			       .container = field(reading, "hookContainer"),
			       .command = field(reading, "hookCommand"),
			       .source = field(reading, "hookSource"),
			       .out = "",
			       .err = "",
			       .error = "",
			       .began = reading->parsed.time,
			       .line = reading->number };
	if (*hook->pod)
		hook->pod_known = HOOK_POD_NAMED;
	return hook;
}

/* The one begun last with what the line says about it, and not failed yet: lines of
 * other steps may stand between. */
static struct hook *find_open(struct reading *reading, bool is_error)
{
	const char *phase = field(reading, "hookPhase"), *source = field(reading, "hookSource");
	const char *container = field(reading, "hookContainer");
	const char *command = field(reading, "hookCommand"), *pod = field(reading, "name");
	size_t i;

	for (i = reading->hooks->count; i-- > 0;) {
		struct hook *hook = &reading->hooks->rows[i];

		if (hook->post != !strcmp(phase, "post") || strcmp(hook->source, source) != 0 ||
		    *hook->error || (*pod && *hook->pod && strcmp(pod, hook->pod) != 0))
			continue;
		if (is_error ||
		    (!strcmp(hook->container, container) && !strcmp(hook->command, command)))
			return hook;
	}
	return NULL;
}

static void take_output(struct reading *reading, bool is_err)
{
	struct hook *hook = find_open(reading, false);
	struct strbuf text = STRBUF_INIT;
	const char *prefix = is_err ? "stderr: " : "stdout: ";

	if (!hook)
		return;
	log_text_unquote(&text, reading->parsed.message + strlen(prefix),
			 reading->parsed.message_len - strlen(prefix));
	*(is_err ? &hook->err : &hook->out) =
		arena_text_n(&reading->hooks->arena, text.buf, text.len);
	hook->answered = true;
	hook->state = HOOK_DONE;
	hook->ended = reading->parsed.time;
	strbuf_done(&text);
}

/* One whose container is not there was never begun: its error is all there is of it. */
static void take_error(struct reading *reading)
{
	const char *error = field(reading, "error");
	struct hook *hook =
		text_starts(error, "no such container") ? NULL : find_open(reading, true);

	if (!hook)
		hook = add_hook(reading);
	hook->error = *error ? error : "no reason written";
	hook->state = HOOK_FAILED;
	hook->ended = reading->parsed.time;
	if (*field(reading, "name")) {
		hook->pod = field(reading, "name");
		hook->namespace = field(reading, "namespace");
		hook->pod_known = HOOK_POD_NAMED;
	}
}

/* "Error running pre hooks for pod" names the pod of the error before it. */
static void take_pod_error(struct reading *reading)
{
	bool post = says(reading, "Error running post");
	size_t i;

	for (i = reading->hooks->count; i-- > 0;) {
		struct hook *hook = &reading->hooks->rows[i];

		if (hook->post != post || hook->state != HOOK_FAILED)
			continue;
		if (hook->pod_known != HOOK_POD_NAMED) {
			hook->pod = field(reading, "name");
			hook->namespace = field(reading, "namespace");
			hook->pod_known = HOOK_POD_NAMED;
		}
		return;
	}
}

/* Velero runs the scripts before a pod and then stores that pod. */
static void take_pod(struct reading *reading)
{
	const char *pod = field(reading, "name"), *namespace = field(reading, "namespace");
	struct hooks *hooks = reading->hooks;

	if (reading->only_pod && (strcmp(reading->only_pod, pod) != 0 ||
				  strcmp(reading->only_namespace, namespace) != 0))
		reading->many = true;
	reading->only_pod = pod;
	reading->only_namespace = namespace;
	for (; reading->unplaced < hooks->count; reading->unplaced++) {
		struct hook *hook = &hooks->rows[reading->unplaced];

		if (hook->post || hook->pod_known != HOOK_POD_UNKNOWN)
			continue;
		hook->pod = pod;
		hook->namespace = namespace;
		hook->pod_known = HOOK_POD_LIKELY;
	}
}

/* Nothing is copied for the lines of other objects: there are thousands. */
static bool is_pod(const struct reading *reading)
{
	size_t len;
	const char *resource = log_line_field(reading->line, reading->len, "resource", &len);

	return resource && len == strlen("pods") && !memcmp(resource, "pods", len);
}

static void take_line(struct reading *reading)
{
	log_line_parse(reading->line, reading->len, &reading->parsed);
	if (reading->parsed.level == '?')
		return;
	if (says_exactly(reading, "running exec hook"))
		add_hook(reading);
	else if (says(reading, "stdout: "))
		take_output(reading, false);
	else if (says(reading, "stderr: "))
		take_output(reading, true);
	else if (says_exactly(reading, "Error executing hook"))
		take_error(reading);
	else if (says(reading, "Error running pre hooks for pod") ||
		 says(reading, "Error running post hooks for pod"))
		take_pod_error(reading);
	else if (says_exactly(reading, "Backing up item") && is_pod(reading))
		take_pod(reading);
}

/* A script after a volume is that of the pod whose script before it ran in the same container, when
 * there is one such pod. */
static void place_post(const struct hooks *hooks, struct hook *hook)
{
	const struct hook *found = NULL;
	size_t i;

	for (i = 0; i < hooks->count; i++) {
		const struct hook *other = &hooks->rows[i];

		if (other->post || !*other->pod || strcmp(other->container, hook->container) != 0)
			continue;
		if (found && strcmp(found->pod, other->pod) != 0)
			return;
		found = other;
	}
	if (!found)
		return;
	hook->pod = found->pod;
	hook->namespace = found->namespace;
	hook->pod_known = HOOK_POD_LIKELY;
}

static void place_rest(struct reading *reading)
{
	struct hooks *hooks = reading->hooks;
	size_t i;

	for (i = 0; i < hooks->count; i++) {
		struct hook *hook = &hooks->rows[i];

		if (hook->pod_known != HOOK_POD_NAMED && reading->only_pod && !reading->many) {
			hook->pod = reading->only_pod;
			hook->namespace = reading->only_namespace;
			hook->pod_known = HOOK_POD_ONLY;
		} else if (hook->pod_known == HOOK_POD_UNKNOWN && hook->post) {
			place_post(hooks, hook);
		}
		hooks->failed += hook->state != HOOK_DONE;
	}
}

/* Most lines of a log are about neither: they are not taken apart. */
static bool is_of_interest(const char *line, size_t len)
{
	return memmem(line, len, "hook", 4) || memmem(line, len, "Backing up item", 15);
}

void hooks_parse(const struct document *log, struct hooks *ret_hooks)
{
	struct reading reading = { .hooks = ret_hooks };
	size_t count = document_lines(log);

	*ret_hooks = (struct hooks){ 0 };
	for (reading.number = 0; reading.number < count; reading.number++) {
		reading.line = document_line(log, reading.number, &reading.len);
		if (is_of_interest(reading.line, reading.len))
			take_line(&reading);
	}
	place_rest(&reading);
}

void hooks_done(struct hooks *hooks)
{
	free(hooks->rows);
	arena_done(&hooks->arena);
	*hooks = (struct hooks){ 0 };
}

const char *hook_pod_words(enum hook_pod known)
{
	static const char *const words[] = {
		[HOOK_POD_UNKNOWN] = "Which pod it ran in cannot be known: Velero's log does not "
				     "name it.",
		[HOOK_POD_LIKELY] = "Its pod is taken from the lines around it: this Velero does "
				    "not name it.",
		[HOOK_POD_ONLY] = "Its pod is the only one in the log.",
		[HOOK_POD_NAMED] = "The log names its pod.",
	};

	return words[known];
}
