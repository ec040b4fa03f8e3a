#include "backend/practice/hooks.h"

#include "backend/base/file.h"
#include "backend/practice/select.h"

#include <string.h>

#define HANDLER	 "internal/hook/item_hook_handler.go:239"
#define EXECUTOR "pkg/podexec/pod_command_executor.go:"
#define SAVE	 "/scripts/backup.sh"

struct hook {
	const char *name, *source, *phase, *container, *on_error, *timeout;
	const struct json *command; /* list */
};

/* What the script does in the admin console's container: its database into the pod's volume
 * "backup". The exit code of curl when it cannot connect is 7. */
static int save_database(struct world *world, const struct json *pod)
{
	struct json *database = world_get(world, "pods", object_namespace(pod), "kotsadm-rqlite-0");
	bool runs = strcmp(object_phase(database), "Running") == 0;
	struct strbuf path = STRBUF_INIT;
	int exit_code = 7;

	json_free(database);
	if (runs && world_volume_path(world, pod, "backup", &path) &&
	    !file_make_dirs(path.buf, 0700, NULL)) {
		strbuf_adds(&path, "/kotsadm-rqlite.sql");
		exit_code = kotsdb_save(world->kotsdb, path.buf, NULL) ? 1 : 0;
	}
	strbuf_done(&path);
	return exit_code;
}

static int run_command(struct world *world, const struct json *pod, const struct hook *hook)
{
	if (strcmp(json_value(json_first(hook->command)), SAVE) == 0)
		return save_database(world, pod);
	return 0;
}

/* "[/bin/sh -c echo]", as Go prints a list. */
static void add_command(struct strbuf *out, const struct json *command)
{
	const struct json *word = json_first(command);

	strbuf_addc(out, '[');
	for (; word; word = json_next(word))
		strbuf_addf(out, "%s%s", word == json_first(command) ? "" : " ", json_value(word));
	strbuf_addc(out, ']');
}

static void note(struct velog *log, const struct hook *hook, const char *line, const char *text)
{
	struct strbuf command = STRBUF_INIT, timeout = STRBUF_INIT, source = STRBUF_INIT;

	add_command(&command, hook->command);
	strbuf_addf(&timeout, "{%s}", hook->timeout);
	strbuf_addf(&source, EXECUTOR "%s", line);
	velog_line(log, VELOG_INFO, source.buf,
		   VELOG_FIELDS({ "hookCommand", command.buf },
				{ "hookContainer", hook->container }, { "hookName", hook->name },
				{ "hookOnError", hook->on_error }, { "hookPhase", hook->phase },
				{ "hookSource", hook->source }, { "hookTimeout", timeout.buf },
				{ "hookType", "exec" }),
		   "%s", text);
	strbuf_done(&command);
	strbuf_done(&timeout);
	strbuf_done(&source);
}

static void note_failure(struct velog *log, const struct hook *hook, int exit_code)
{
	struct strbuf error = STRBUF_INIT, result = STRBUF_INIT;

	if (exit_code == 126)
		strbuf_adds(&error, "container is not running");
	else
		strbuf_addf(&error, "command terminated with exit code %d", exit_code);
	velog_line(log, VELOG_ERROR, HANDLER,
		   VELOG_FIELDS({ "error", error.buf }, { "hookPhase", hook->phase },
				{ "hookSource", hook->source }, { "hookType", "exec" }),
		   "Error executing hook");
	strbuf_addf(&result, " message: /Error executing hook error: /%s", error.buf);
	velog_add_result(log, VELOG_ERROR, "velero", false, result.buf);
	strbuf_done(&error);
	strbuf_done(&result);
}

/* false: it failed, and that stops the pod. */
static bool run_one(struct hook_run *run, const struct json *pod, const struct hook *hook)
{
	int exit_code;

	run->count.attempted++;
	note(run->log, hook, "133", "running exec hook");
	exit_code = run_command(run->world, pod, hook);
	if (exit_code == 0) {
		note(run->log, hook, "180", "stdout: ");
		note(run->log, hook, "181", "stderr: ");
		return true;
	}
	run->count.failed++;
	note_failure(run->log, hook, exit_code);
	return strcmp(hook->on_error, "Fail") != 0;
}

static const char *first_container(const struct json *pod)
{
	return json_key_text(json_first(json_get(pod, "spec.containers")), "name");
}

static const char *or_else(const char *text, const char *otherwise)
{
	return *text ? text : otherwise;
}

/* pre.hook.backup.velero.io/command, and without the phase: pre. */
static const char *annotation(const struct json *pod, const char *phase, const char *what)
{
	struct strbuf key = STRBUF_INIT;
	const char *value;

	strbuf_addf(&key, "%s.hook.backup.velero.io/%s", phase, what);
	value = object_annotation(pod, key.buf);
	if (!*value && strcmp(phase, "pre") == 0) {
		strbuf_drop(&key, strlen("pre."));
		value = object_annotation(pod, key.buf);
	}
	strbuf_done(&key);
	return value;
}

/* A JSON list, or one word. Owned. */
static struct json *parse_command(const char *text)
{
	struct json *command = *text == '[' ? json_parse(text, strlen(text), NULL) : NULL;

	if (json_type(command) == JSON_LIST)
		return command;
	json_free(command);
	command = json_new_list();
	json_add_text(command, text);
	return command;
}

static bool run_annotated(struct hook_run *run, const struct json *pod, const char *phase)
{
	struct json *command = parse_command(annotation(pod, phase, "command"));
	struct hook hook = {
		.name = "<from-annotation>",
		.source = "annotation",
		.phase = phase,
		.container = or_else(annotation(pod, phase, "container"), first_container(pod)),
		.on_error = annotation(pod, phase, "on-error"),
		.timeout = or_else(annotation(pod, phase, "timeout"), "30s"),
		.command = command,
	};
	bool go_on = run_one(run, pod, &hook);

	json_free(command);
	return go_on;
}

static bool applies(const struct json *resource, const struct json *pod)
{
	const struct json *kinds = json_key(resource, "includedResources");
	const struct json *kind = json_first(kinds);

	if (!select_namespace(resource, object_namespace(pod)) ||
	    !select_labels(json_key(resource, "labelSelector"), json_get(pod, "metadata.labels")))
		return false;
	for (; kind; kind = json_next(kind)) {
		if (strcmp(json_value(kind), "pods") == 0 || strcmp(json_value(kind), "*") == 0)
			return true;
	}
	return json_count(kinds) == 0;
}

static bool run_listed(struct hook_run *run, const struct json *pod, const struct json *resource,
		       const char *phase)
{
	const struct json *entry = json_first(json_key(resource, phase)), *exec;
	bool go_on = true;

	for (; entry && go_on; entry = json_next(entry)) {
		exec = json_key(entry, "exec");
		go_on = run_one(run, pod,
				&(struct hook){
					.name = json_key_text(resource, "name"),
					.source = "spec",
					.phase = phase,
					.container = or_else(json_key_text(exec, "container"),
							     first_container(pod)),
					.on_error = json_key_text(exec, "onError"),
					.timeout = or_else(json_key_text(exec, "timeout"), "30s"),
					.command = json_key(exec, "command"),
				});
	}
	return go_on;
}

bool hooks_run(struct hook_run *run, const struct json *pod, const char *phase)
{
	const struct json *resource = json_first(json_get(run->spec, "hooks.resources"));
	bool go_on = true;

	/* Annotations win over the spec, for this pod and phase. */
	if (*annotation(pod, phase, "command"))
		return run_annotated(run, pod, phase);
	for (; resource && go_on; resource = json_next(resource)) {
		if (applies(resource, pod))
			go_on = run_listed(run, pod, resource, phase);
	}
	return go_on;
}
