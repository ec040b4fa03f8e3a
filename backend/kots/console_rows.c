/* rqlite's answers to rows, rows to applications. Statements: spec/kots-snapshots.md Appendix B. */
#include "backend/base/yaml.h"
#include "backend/kots/console_facts.h"

#include <string.h>

enum { ROWS_CLUSTER, ROWS_APPS, ROWS_QUEUE, ROWS_APP_QUEUE };

/* The first cluster row is the one KOTS uses. One row an application: its deployed version is that
 * of the downstream's sequence, its texts those of the parent. */
static const char *const queries[] = {
	[ROWS_CLUSTER] = "select id, snapshot_schedule, snapshot_ttl from cluster limit 1",
	[ROWS_APPS] =
		"select a.id, a.slug, a.name, a.is_airgap, a.license, a.snapshot_ttl_new, "
		"a.snapshot_schedule, a.restore_in_progress_name, v.parent_sequence, "
		"w.version_label, w.backup_spec, w.kots_app_spec from app a "
		"left join app_downstream d on d.app_id = a.id "
		"and d.cluster_id = (select id from cluster limit 1) "
		"left join app_downstream_version v on v.app_id = d.app_id "
		"and v.cluster_id = d.cluster_id and v.sequence = d.current_sequence "
		"left join app_version w on w.app_id = a.id and w.sequence = v.parent_sequence "
		"where a.install_state = 'installed' order by a.slug",
	[ROWS_QUEUE] = "select min(scheduled_timestamp) as next from scheduled_instance_snapshots "
		       "where backup_name is null",
	[ROWS_APP_QUEUE] = "select app_id, min(scheduled_timestamp) as next from "
			   "scheduled_snapshots where backup_name is null group by app_id",
};

struct json *facts_new_queries(void)
{
	struct json *list = json_new_list();

	for (size_t i = 0; i < ARRAY_SIZE(queries); i++)
		json_add_text(json_add(list, json_new_list()), queries[i]);
	return list;
}

static const struct json *nth(const struct json *list, size_t index)
{
	const struct json *node = json_first(list);

	while (node && index--)
		node = json_next(node);
	return node;
}

/* {"columns":[..],"values":[[..],..]} to a list of maps, owned. */
static struct json *rows_of(const struct json *reply, size_t index)
{
	const struct json *result = nth(json_key(reply, "results"), index);
	const struct json *values = json_first(json_key(result, "values"));
	struct json *rows = json_new_list();

	for (; values; values = json_next(values)) {
		const struct json *column = json_first(json_key(result, "columns"));
		const struct json *cell = json_first(values);
		struct json *row = json_add(rows, json_new_map());

		for (; column && cell; column = json_next(column), cell = json_next(cell))
			json_put(row, json_value(column), json_clone(cell));
	}
	return rows;
}

static struct json *parse_yaml(const char *text)
{
	return *text ? yaml_parse(text, strlen(text), NULL) : NULL;
}

/* The licence names the two features; booleans that are false are left out of it. */
static enum answer read_licence(const struct console *console, const char *text)
{
	struct json *licence = parse_yaml(text);
	const char *flag = console->kind == SITE_EMBEDDED ? "spec.isDisasterRecoverySupported"
							  : "spec.isSnapshotSupported";
	enum answer answer = ANSWER_UNKNOWN;

	if (json_type(json_key(licence, "spec")) == JSON_MAP)
		answer = json_bool(licence, flag, false) ? ANSWER_YES : ANSWER_NO;
	json_free(licence);
	return answer;
}

/* A manifest switched off by its own annotations is none to the console's screens (12), though a
 * full snapshot still merges it. */
static enum answer read_manifest(const char *text)
{
	struct json *manifest = parse_yaml(text);
	const struct json *annotations = json_get(manifest, "metadata.annotations");
	enum answer answer = ANSWER_NO;

	if (json_type(manifest) == JSON_MAP &&
	    strcmp(json_key_text(annotations, "kots.io/exclude"), "true") != 0 &&
	    strcmp(json_key_text(annotations, "kots.io/when"), "false") != 0)
		answer = ANSWER_YES;
	json_free(manifest);
	return answer;
}

static const struct json_field app_fields[] = {
	{ "id", JSON_FIELD_TEXT, offsetof(struct app, id), JSON_REQUIRED },
	{ "slug", JSON_FIELD_TEXT, offsetof(struct app, slug), JSON_REQUIRED },
	{ "name", JSON_FIELD_TEXT, offsetof(struct app, title), 0 },
	{ "version_label", JSON_FIELD_TEXT, offsetof(struct app, version), 0 },
	{ "snapshot_ttl_new", JSON_FIELD_TEXT, offsetof(struct app, ttl), 0 },
	{ "snapshot_schedule", JSON_FIELD_TEXT, offsetof(struct app, cron), 0 },
	{ "backup_spec", JSON_FIELD_TEXT, offsetof(struct app, backup_spec), 0 },
	{ "kots_app_spec", JSON_FIELD_TEXT, offsetof(struct app, app_spec), 0 },
	{ "restore_in_progress_name", JSON_FIELD_TEXT, offsetof(struct app, restoring), 0 },
};

static enum status take_app(struct console *console, const struct json *row, struct app *ret_app,
			    struct error *err)
{
	enum status st =
		json_decode(row, app_fields, ARRAY_SIZE(app_fields), &console->arena, ret_app, err);

	if (st)
		return error_wrap(err, "table app of the console's database");
	ret_app->sequence = json_int(row, "parent_sequence", -1);
	if (!*ret_app->title)
		ret_app->title = ret_app->slug;
	ret_app->licensed = read_licence(console, json_text(row, "license"));
	ret_app->manifest = read_manifest(ret_app->backup_spec);
	return STATUS_OK;
}

static int64_t next_of(const struct json *queue, const char *app_id)
{
	const struct json *row = json_first(queue);

	for (; row; row = json_next(row))
		if (!strcmp(json_text(row, "app_id"), app_id))
			return json_int(row, "next", 0);
	return 0;
}

static void take_cluster(struct console *console, const struct json *clusters,
			 const struct json *queue)
{
	const struct json *cluster = json_first(clusters);

	console->cluster_id = arena_text(&console->arena, json_text(cluster, "id"));
	console->cron = arena_text(&console->arena, json_text(cluster, "snapshot_schedule"));
	console->ttl = arena_text(&console->arena, json_text(cluster, "snapshot_ttl"));
	console->next_run = json_int(json_first(queue), "next", 0);
}

/* Without the applications the rest is of no use; without the queues only the next runs are
 * missing. */
static enum status look_for_errors(const struct json *reply, struct error *err)
{
	static const size_t needed[] = { ROWS_CLUSTER, ROWS_APPS };

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		const struct json *result = nth(json_key(reply, "results"), needed[i]);

		if (*json_key_text(result, "error"))
			return error_set(err, STATUS_FAILED, "the console's database says: %s",
					 json_key_text(result, "error"));
		if (json_type(json_key(result, "columns")) != JSON_LIST)
			return error_set(err, STATUS_FORMAT,
					 "the console's database gives no rows");
	}
	return STATUS_OK;
}

enum status facts_take_rows(struct console *console, const struct json *reply, struct error *err)
{
	struct json *tables[ARRAY_SIZE(queries)];
	struct app *apps;
	size_t count = 0;
	enum status st = look_for_errors(reply, err);

	if (st)
		return st;
	for (size_t i = 0; i < ARRAY_SIZE(queries); i++)
		tables[i] = rows_of(reply, i);
	apps = arena_alloc(&console->arena,
			   (json_count(tables[ROWS_APPS]) + 1) * sizeof(struct app));
	for (const struct json *row = json_first(tables[ROWS_APPS]); row && !st;
	     row = json_next(row)) {
		st = take_app(console, row, &apps[count], err);
		apps[count].next_run = next_of(tables[ROWS_APP_QUEUE], apps[count].id);
		count++;
	}
	if (!st) {
		take_cluster(console, tables[ROWS_CLUSTER], tables[ROWS_QUEUE]);
		console->apps = apps;
		console->app_count = count;
		console->source = SOURCE_RQLITE;
		console->database_read = true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(queries); i++)
		json_free(tables[i]);
	return st;
}
