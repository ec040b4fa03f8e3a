#include "backend/cli/preview_json.h"

#include "backend/cli/check_json.h"
#include "backend/cli/output.h"

#include <string.h>

static void put_row(struct json *list, const struct coverage_row *from)
{
	struct json *row = json_add(list, json_new_map());

	json_put_text(row, "kind", coverage_thing_word(from->thing));
	json_put_text(row, "namespace", from->namespace);
	json_put_text(row, "name", from->name);
	json_put_text(row, "pod", from->pod);
	json_put_text(row, "volume", from->volume);
	json_put(row, "size",
		 from->size_bytes > 0 ? json_new_number((double)from->size_bytes)
				      : json_new_null());
	json_put_text(row, "why", coverage_word(from->why));
	json_put_text(row, "words", coverage_words(from->why));
	json_put_text(row, "detail", from->detail);
}

static void put_coverage(struct json *map, const struct preview *preview)
{
	static const char *const keys[] = { [COVERAGE_IN] = "copied",
					    [COVERAGE_LEFT_OUT] = "leftOut",
					    [COVERAGE_ASIDE] = "notMeant" };
	const struct coverage *coverage = &preview->coverage;

	json_put_bool(map, "volumesKnown", preview->coverage_known);
	json_put_int(map, "pods", (int64_t)coverage->pods);
	json_put_int(map, "copiedBytes", coverage->copied_bytes);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		json_put(map, keys[i], json_new_list());
	for (size_t i = 0; i < coverage->count; i++)
		put_row(json_key_mut(map, keys[coverage_weight(coverage->rows[i].why)]),
			&coverage->rows[i]);
}

static void put_scripts(struct json *map, const struct coverage *coverage)
{
	struct json *list = json_put(map, "scripts", json_new_list());

	for (size_t i = 0; i < coverage->script_count; i++) {
		const struct coverage_script *script = &coverage->scripts[i];
		struct json *row = json_add(list, json_new_map());

		json_put_text(row, "when", script->post ? "after" : "before");
		json_put_text(row, "namespace", script->namespace);
		json_put_text(row, "pod", script->pod);
		json_put_text(row, "container", script->container);
		json_put_text(row, "command", script->command);
		json_put_text(row, "timeout", script->timeout);
		json_put_text(row, "onError", script->on_error);
		json_put_text(row, "from", script->from_manifest ? "manifest" : "annotation");
	}
}

static void put_apps(struct json *map, const struct preview *preview)
{
	struct json *list = json_put(map, "applications", json_new_list());

	for (size_t i = 0; i < preview->app_count; i++) {
		struct json *row = json_add(list, json_new_map());

		json_put_text(row, "slug", preview->apps[i].slug);
		json_put_text(row, "title", preview->apps[i].title);
		json_put_text(row, "version", preview->apps[i].version);
		json_put_int(row, "sequence", preview->apps[i].sequence);
		json_put_bool(row, "backupManifest", preview->apps[i].has_manifest);
	}
}

static void put_gaps(struct json *map, const struct preview *preview)
{
	struct json *list = json_put(map, "notRead", json_new_list());

	for (size_t i = 0; i < preview->gap_count; i++) {
		struct json *row = json_add(list, json_new_map());

		json_put_text(row, "what", preview->gaps[i].what);
		json_put_text(row, "why", preview->gaps[i].why);
	}
}

/* What the Backup holds, list by list, from the Backup itself. */
static void put_spec(struct json *map, const struct preview *preview)
{
	static const char *const lists[][2] = { { "namespaces", "includedNamespaces" },
						{ "excludedNamespaces", "excludedNamespaces" } };
	const struct json *spec = json_key(preview->backup, "spec");

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		const struct json *found = json_key(spec, lists[i][1]);

		json_put(map, lists[i][0], found ? json_clone(found) : json_new_list());
	}
	json_put_text(map, "selector", preview->selector);
	json_put_bool(map, "clusterResources", preview->cluster_resources);
	json_put_text(map, "location", preview->location);
	json_put_text(map, "ttl", preview->ttl);
}

struct json *preview_to_json(const struct preview *preview, const struct check_results *checks)
{
	struct json *map = json_new_map();
	struct error err = preview->refusal;

	if (!err.code)
		checks_refusal(checks, &err);
	json_put_text(map, "kind", *preview->app_slug ? "partial" : "full");
	json_put_text(map, "app", preview->app_slug);
	/* The cluster adds five characters to it. */
	json_put_text(map, "name", json_text(preview->backup, "metadata.generateName"));
	json_put_bool(map, "wouldBeTaken", !err.code);
	json_put_text(map, "refusal", err.text);
	put_apps(map, preview);
	put_spec(map, preview);
	put_coverage(map, preview);
	put_scripts(map, &preview->coverage);
	put_gaps(map, preview);
	json_put(map, "checks", checks_to_json(checks));
	output_put_time(map, "readAt", preview->read_at);
	json_put(map, "backup", preview->backup ? json_clone(preview->backup) : json_new_null());
	return map;
}
