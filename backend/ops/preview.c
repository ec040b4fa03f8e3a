#include "backend/ops/preview.h"

#include "backend/kots/backup_spec.h"
#include "backend/kots/labels.h"

#include <stdlib.h>
#include <string.h>

const struct preview *preview_ref(const struct preview *preview)
{
	atomic_fetch_add(&((struct preview *)preview)->refs, 1);
	return preview;
}

void preview_unref(const struct preview *preview)
{
	struct preview *mine = (struct preview *)preview;

	if (!mine || atomic_fetch_sub(&mine->refs, 1) > 1)
		return;
	json_free(mine->backup);
	arena_done(&mine->arena);
	free(mine);
}

size_t preview_count(const struct preview *preview, enum coverage_weight weight)
{
	size_t count = 0;

	for (size_t i = 0; i < COVERAGE_WHYS; i++)
		if (coverage_weight((enum coverage_why)i) == weight)
			count += preview->coverage.by_why[i];
	return count;
}

static const char *join(struct preview *preview, const struct json *list)
{
	struct strbuf text = STRBUF_INIT;
	const char *kept;

	for (const struct json *one = json_first(list); one; one = json_next(one))
		strbuf_addf(&text, "%s%s", text.len ? ", " : "", json_value(one));
	kept = arena_text(&preview->arena, text.buf);
	strbuf_done(&text);
	return kept;
}

/* ---- selectors in words ---- */

static void add_expression(struct strbuf *out, const struct json *expression)
{
	const char *key = json_key_text(expression, "key");
	const char *operator= json_key_text(expression, "operator");
	const struct json *value = json_first(json_key(expression, "values"));

	if (!strcmp(operator, "Exists") || !strcmp(operator, "DoesNotExist")) {
		strbuf_addf(out, "%s%s", *operator== 'D' ? "!" : "", key);
		return;
	}
	strbuf_addf(out, "%s %s (", key, !strcmp(operator, "In") ? "in" : "notin");
	for (const char *comma = ""; value; value = json_next(value), comma = ",")
		strbuf_addf(out, "%s%s", comma, json_value(value));
	strbuf_addc(out, ')');
}

static void add_selector(struct strbuf *out, const struct json *selector)
{
	const struct json *row = json_first(json_key(selector, "matchLabels"));
	const char *comma = "";

	for (; row; row = json_next(row), comma = ",")
		strbuf_addf(out, "%s%s=%s", comma, json_name(row), json_value(row));
	row = json_first(json_key(selector, "matchExpressions"));
	for (; row; row = json_next(row), comma = ",") {
		strbuf_adds(out, comma);
		add_expression(out, row);
	}
}

static const char *selectors(struct preview *preview, const struct json *spec)
{
	const struct json *one = json_first(json_key(spec, "orLabelSelectors"));
	struct strbuf text = STRBUF_INIT;
	const char *kept;

	add_selector(&text, json_key(spec, "labelSelector"));
	for (; one; one = json_next(one)) {
		strbuf_adds(&text, text.len ? " or " : "");
		add_selector(&text, one);
	}
	kept = arena_text(&preview->arena, text.buf);
	strbuf_done(&text);
	return kept;
}

/* ---- what the model knows ---- */

static void take_spec(struct preview *preview)
{
	const struct json *spec = json_key(preview->backup, "spec");
	struct arena *arena = &preview->arena;

	preview->namespaces = join(preview, json_key(spec, "includedNamespaces"));
	preview->excluded_namespaces = join(preview, json_key(spec, "excludedNamespaces"));
	preview->selector = selectors(preview, spec);
	preview->location = arena_text(arena, json_key_text(spec, "storageLocation"));
	preview->ttl = arena_text(arena, json_key_text(spec, "ttl"));
	preview->cluster_resources = json_bool(spec, "includeClusterResources", false);
}

static void take_apps(struct preview *preview, const struct console *console)
{
	struct arena *arena = &preview->arena;

	preview->apps = arena_alloc(arena, console->app_count * sizeof(*preview->apps) + 1);
	for (size_t i = 0; i < console->app_count; i++) {
		const struct app *app = &console->apps[i];

		if (app->sequence < 0 ||
		    (*preview->app_slug && strcmp(preview->app_slug, app->slug) != 0))
			continue;
		preview->apps[preview->app_count++] =
			(struct preview_app){ .slug = arena_text(arena, app->slug),
					      .title = arena_text(arena, app->title),
					      .version = arena_text(arena, app->version),
					      .sequence = app->sequence,
					      .has_manifest = *app->backup_spec != '\0' };
	}
}

struct preview *preview_new(const struct model *model, const char *app_slug, const char *made_by,
			    int64_t now)
{
	struct preview *preview = mem_alloc(sizeof(*preview));
	const struct app *app = model->console ? console_app(model->console, app_slug) : NULL;
	struct backup_wish wish = { .kind = *app_slug ? SNAPSHOT_PARTIAL : SNAPSHOT_FULL,
				    .app_slug = app_slug,
				    .now = now,
				    .request_id = "",
				    .made_by = made_by };

	preview->refs = 1;
	preview->read_at = now;
	preview->app_slug = arena_text(&preview->arena, app_slug);
	preview->app_title = arena_text(&preview->arena, app ? app->title : "");
	preview->namespaces = preview->excluded_namespaces = preview->selector = "";
	preview->location = preview->ttl = "";
	if (!model->console) {
		error_set(&preview->refusal, STATUS_REFUSED,
			  "not yet: the Admin Console is still being looked for");
		return preview;
	}
	if (backup_spec_build(model->console, &wish, &preview->backup, &preview->refusal))
		return preview;
	json_remove(json_key_mut(json_key_mut(preview->backup, "metadata"), "labels"),
		    KOTSNAP_REQUEST);
	take_spec(preview);
	take_apps(preview, model->console);
	return preview;
}

/* ---- what Velero's server was told ---- */

/* The value of "--name", "--name=value" among the arguments, NULL when it is not there. */
static const char *argument(const struct json *deployment, const char *name)
{
	const struct json *container =
		json_first(json_get(deployment, "spec.template.spec.containers"));
	size_t len = strlen(name);

	for (; container; container = json_next(container)) {
		const struct json *one = json_first(json_key(container, "args"));

		for (; one; one = json_next(one)) {
			const char *text = json_value(one);

			if (strncmp(text, name, len) != 0)
				continue;
			if (text[len] == '=')
				return text + len + 1;
			if (!text[len])
				return "";
		}
	}
	return NULL;
}

bool preview_server_copies_all(const struct json *deployment)
{
	static const char *const names[] = { "--default-volumes-to-fs-backup",
					     "--default-volumes-to-restic" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = argument(deployment, names[i]);

		if (value && (!*value || !strcmp(value, "true") || !strcmp(value, "1")))
			return true;
	}
	return false;
}

bool preview_server_has_csi(const struct json *deployment)
{
	const char *features = argument(deployment, "--features");

	return features && strstr(features, "EnableCSI");
}
