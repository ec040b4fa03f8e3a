/* Which scripts Velero would run in which pods (spec/velero-api.md 8.1). */
#include "backend/kots/coverage_private.h"

#include "backend/kube/object.h"

#include <string.h>

static const char *const phases[] = { "pre", "post" };

static void add_script(struct coverage_work *work, const struct json *pod,
		       const struct coverage_script *script)
{
	const char *container = script->container;
	struct coverage_script *row;

	/* Velero takes the first one where none is named. */
	if (!*container)
		container = json_key_text(json_first(json_get(pod, "spec.containers")), "name");
	work->scripts = mem_grow(work->scripts, work->script_count, &work->script_capacity,
				 sizeof(*work->scripts));
	row = &work->scripts[work->script_count++];
	*row = (struct coverage_script){
		.namespace = arena_text(&work->arena, json_text(pod, "metadata.namespace")),
		.pod = arena_text(&work->arena, json_text(pod, "metadata.name")),
		.container = arena_text(&work->arena, container),
		.command = arena_text(&work->arena, script->command),
		.timeout = arena_text(&work->arena, *script->timeout ? script->timeout : "30s"),
		/* Unset it goes on, whatever the log line says. */
		.on_error = !strcmp(script->on_error, "Fail") ? "Fail" : "Continue",
		.post = script->post,
		.from_manifest = script->from_manifest,
	};
}

static const char *annotation(const struct json *pod, const char *phase, const char *what)
{
	struct strbuf key = STRBUF_INIT;
	const char *found;

	strbuf_addf(&key, "%s%shook.backup.velero.io/%s", phase, *phase ? "." : "", what);
	found = json_key_text(json_get(pod, "metadata.annotations"), key.buf);
	strbuf_done(&key);
	return found;
}

static bool add_annotated(struct coverage_work *work, const struct json *pod, const char *phase,
			  bool post)
{
	const struct coverage_script script = {
		.container = annotation(pod, phase, "container"),
		.command = annotation(pod, phase, "command"),
		.timeout = annotation(pod, phase, "timeout"),
		.on_error = annotation(pod, phase, "on-error"),
		.post = post,
	};

	if (!*script.command)
		return false;
	add_script(work, pod, &script);
	return true;
}

/* A hook of the Backup is meant for this pod. */
static bool is_meant(const struct json *hook, const struct json *pod)
{
	static const char *const lists[] = { "includedNamespaces", "includedResources" };
	const char *namespace = json_text(pod, "metadata.namespace");
	const char *wanted[] = { namespace, "pods" };
	const struct json *selector = json_key(hook, "labelSelector");

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		const struct json *list = json_key(hook, lists[i]);

		if (json_count(list) && !coverage_list_has(list, "*") &&
		    !coverage_list_has(list, wanted[i]))
			return false;
	}
	if (coverage_list_has(json_key(hook, "excludedNamespaces"), namespace) ||
	    coverage_list_has(json_key(hook, "excludedResources"), "pods"))
		return false;
	return json_type(selector) != JSON_MAP ||
	       object_labels_match(selector, json_get(pod, "metadata.labels"));
}

static void add_of_backup(struct coverage_work *work, const struct json *pod, const char *phase,
			  bool post)
{
	const struct json *hook = json_first(json_get(work->spec, "hooks.resources"));

	for (; hook; hook = json_next(hook)) {
		const struct json *one = json_first(json_key(hook, phase));

		if (!is_meant(hook, pod))
			continue;
		for (; one; one = json_next(one)) {
			struct strbuf command = STRBUF_INIT;
			struct coverage_script script = {
				.container = json_text(one, "exec.container"),
				.timeout = json_text(one, "exec.timeout"),
				.on_error = json_text(one, "exec.onError"),
				.post = post,
				.from_manifest = true,
			};

			if (json_get(one, "exec.command"))
				json_print(json_get(one, "exec.command"), &command);
			script.command = command.buf;
			add_script(work, pod, &script);
			strbuf_done(&command);
		}
	}
}

void coverage_add_scripts(struct coverage_work *work, const struct json *pod)
{
	for (size_t i = 0; i < ARRAY_SIZE(phases); i++) {
		bool post = i == 1;

		/* An annotation without its prefix is one of old, and means before. */
		if (!add_annotated(work, pod, phases[i], post) &&
		    (post || !add_annotated(work, pod, "", false)))
			add_of_backup(work, pod, phases[i], post);
	}
}
