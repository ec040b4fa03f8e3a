#include "backend/kots/manifest.h"

#include "backend/base/clock.h"
#include "backend/base/yaml.h"

#include <string.h>

static const char *render_namespace(const struct console *console)
{
	return console->app_namespace;
}

static const char *render_is_kurl(const struct console *console)
{
	return console->kind == SITE_KURL ? "true" : "false";
}

/* Only what is a fact of the cluster. Options, licence fields and versions are known to kotsadm
 * alone: it renders with the latest version as context, which need not be the deployed one. */
static const struct {
	const char *name;
	const char *(*render)(const struct console *console);
} functions[] = {
	{ "Namespace", render_namespace },
	{ "IsKurl", render_is_kurl },
};

static const char *call(const struct console *console, const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
		if (strlen(functions[i].name) == len && !memcmp(functions[i].name, name, len))
			return functions[i].render(console);
	return NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What stands between the braces at `begin`, without blanks and the dashes that trim. */
static enum status render_one(const struct console *console, const char *begin, const char *end,
			      struct strbuf *out, struct error *err)
{
	const char *value;

	while (begin < end && is_blank(*begin))
		begin++;
	while (begin < end && is_blank(end[-1]))
		end--;
	value = call(console, begin, (size_t)(end - begin));
	if (!value)
		return error_set(err, STATUS_UNSUPPORTED, "template \"%.*s\"",
				 end - begin > 80 ? 80 : (int)(end - begin), begin);
	strbuf_adds(out, value);
	return STATUS_OK;
}

enum status manifest_render(const struct console *console, const char *text, struct strbuf *out,
			    struct error *err)
{
	static const char *const openings[] = { "{{repl ", "repl{{" };

	for (;;) {
		const char *begin = NULL, *body = NULL, *end;
		enum status st;

		for (size_t i = 0; i < ARRAY_SIZE(openings); i++) {
			const char *found = strstr(text, openings[i]);

			if (found && (!begin || found < begin)) {
				begin = found;
				body = found + strlen(openings[i]);
			}
		}
		if (!begin)
			break;
		end = strstr(body, "}}");
		if (!end)
			return error_set(err, STATUS_UNSUPPORTED, "a template without its end");
		strbuf_add(out, text, (size_t)(begin - text));
		st = render_one(console, body, end, out, err);
		if (st)
			return st;
		text = end + 2;
	}
	strbuf_adds(out, text);
	return STATUS_OK;
}

static enum status parse(const struct console *console, const char *text, struct json **ret_root,
			 struct error *err)
{
	struct strbuf rendered = STRBUF_INIT;
	enum status st = STATUS_OK;

	*ret_root = NULL;
	if (!*text)
		return STATUS_OK;
	st = manifest_render(console, text, &rendered, err);
	if (!st) {
		*ret_root = yaml_parse(rendered.buf, rendered.len, err);
		if (!*ret_root)
			st = STATUS_FORMAT;
	}
	strbuf_done(&rendered);
	/* Nothing but comments is no manifest. */
	if (!st && json_type(*ret_root) != JSON_MAP) {
		if (json_type(*ret_root) != JSON_NULL)
			st = error_set(err, STATUS_FORMAT, "it is no object");
		json_free(*ret_root);
		*ret_root = NULL;
	}
	return st;
}

/* Go reads "10m" and writes "10m0s"; what it cannot read makes KOTS fail. */
static enum status put_duration(struct json *map, const char *key, struct error *err)
{
	const struct json *found = json_key(map, key);
	struct strbuf text = STRBUF_INIT;
	int64_t ms;
	enum status st;

	if (!found || json_type(found) == JSON_NULL)
		return STATUS_OK;
	st = clock_parse_duration(json_value(found), &ms, err);
	if (st)
		return error_wrap(err, "%s", key);
	clock_add_duration(&text, ms);
	json_put_text(map, key, text.buf);
	strbuf_done(&text);
	return STATUS_OK;
}

static enum status put_hook_durations(struct json *spec, struct error *err)
{
	static const char *const phases[] = { "pre", "post" };
	const struct json *resource = json_first(json_get(spec, "hooks.resources"));

	for (; resource; resource = json_next(resource)) {
		for (size_t i = 0; i < ARRAY_SIZE(phases); i++) {
			const struct json *hook = json_first(json_key(resource, phases[i]));

			/* The tree is ours, lists are only walked as const. */
			for (; hook; hook = json_next(hook)) {
				struct json *exec = json_key_mut((struct json *)hook, "exec");
				enum status st = put_duration(exec, "timeout", err);

				if (st)
					return st;
			}
		}
	}
	return STATUS_OK;
}

static enum status check_texts(const struct json *root, const char *path, struct error *err)
{
	for (const struct json *one = json_first(json_get(root, path)); one; one = json_next(one))
		if (json_type(one) != JSON_TEXT)
			return error_set(err, STATUS_FORMAT, "%s %.100s is no text", path,
					 json_name(one));
	return STATUS_OK;
}

static enum status check(struct json *root, struct error *err)
{
	static const char *const texts[] = { "metadata.labels", "metadata.annotations",
					     "spec.orderedResources", "spec.includedNamespaces",
					     "spec.excludedNamespaces" };
	static const char *const durations[] = { "ttl", "csiSnapshotTimeout",
						 "itemOperationTimeout" };
	struct json *spec = json_key_mut(root, "spec");
	enum status st = STATUS_OK;

	for (size_t i = 0; i < ARRAY_SIZE(texts) && !st; i++)
		st = check_texts(root, texts[i], err);
	for (size_t i = 0; i < ARRAY_SIZE(durations) && !st; i++)
		st = put_duration(spec, durations[i], err);
	return st ? st : put_hook_durations(spec, err);
}

void manifest_done(struct manifest *manifest)
{
	json_free(manifest->root);
	json_free(manifest->application);
	*manifest = (struct manifest){ NULL, NULL };
}

static enum status refuse(const struct app *app, enum status st, struct error *err)
{
	const char *hint = st == STATUS_UNSUPPORTED
				   ? "take this snapshot in the Admin Console, which renders it"
				   : "the vendor must correct the manifest";

	error_wrap(err, "the Backup manifest of %s", app->slug);
	err->code = STATUS_REFUSED;
	error_hint(err, "%s", hint);
	return STATUS_REFUSED;
}

enum status manifest_read(const struct console *console, const struct app *app,
			  struct manifest *ret_manifest, struct error *err)
{
	struct manifest manifest = { NULL, NULL };
	struct error mine = ERROR_INIT;
	enum status st = parse(console, app->backup_spec, &manifest.root, &mine);

	if (!st && manifest.root)
		st = parse(console, app->app_spec, &manifest.application, &mine);
	if (!st && manifest.root)
		st = check(manifest.root, &mine);
	if (st) {
		manifest_done(&manifest);
		st = refuse(app, st, &mine);
		if (err)
			*err = mine;
		return st;
	}
	*ret_manifest = manifest;
	return STATUS_OK;
}
