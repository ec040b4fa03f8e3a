/* kotsadm's answer to GET /api/v1/apps, to applications; and where it and the rows of its database
 * do not say the same. spec/kots-snapshots.md 10, 12; recorded in
 * tests/fixtures/kots/api-apps.json.
 */
#include "backend/kots/console_facts.h"

#include <string.h>

#define DOWNSTREAM "downstream.currentVersion."

static const struct json_field app_fields[] = {
	{ "id", JSON_FIELD_TEXT, offsetof(struct app, id), JSON_REQUIRED },
	{ "slug", JSON_FIELD_TEXT, offsetof(struct app, slug), JSON_REQUIRED },
	{ "name", JSON_FIELD_TEXT, offsetof(struct app, title), 0 },
	{ DOWNSTREAM "versionLabel", JSON_FIELD_TEXT, offsetof(struct app, version), 0 },
};

static enum status take_app(struct console *console, const struct json *node, struct app *ret_app,
			    struct error *err)
{
	const struct json *allowed = json_key(node, "allowSnapshots");
	enum status st = json_decode(node, app_fields, ARRAY_SIZE(app_fields), &console->arena,
				     ret_app, err);

	if (st)
		return error_wrap(err, "an application of the console's API");
	ret_app->sequence = json_int(node, DOWNSTREAM "parentSequence", -1);
	if (!*ret_app->title)
		ret_app->title = ret_app->slug;
	ret_app->ttl = ret_app->cron = ret_app->backup_spec = ret_app->app_spec =
		ret_app->restoring = "";
	if (json_type(allowed) == JSON_BOOL)
		ret_app->allowed = json_bool(allowed, "", false) ? ANSWER_YES : ANSWER_NO;
	return STATUS_OK;
}

static void begin_difference(struct strbuf *differs, const struct app *app)
{
	strbuf_addf(differs, "%s%s: ", differs->len ? "; " : "", app->slug);
}

static void add_deployed(struct strbuf *out, const struct app *app)
{
	if (app->sequence < 0)
		strbuf_adds(out, "nothing is deployed");
	else
		strbuf_addf(out, "sequence %lld (%s) is", (long long)app->sequence, app->version);
}

/* The API's flag is licence and manifest in one (12): yes means both; no, with a licence, means
 * that the manifest, once rendered, is none. */
static void take_allowed(struct app *app, struct strbuf *differs)
{
	if (app->allowed == ANSWER_YES) {
		if (app->licensed == ANSWER_NO || app->manifest == ANSWER_NO) {
			begin_difference(differs, app);
			strbuf_addf(differs, "snapshots are allowed, but in the database %s",
				    app->licensed == ANSWER_NO ? "the licence does not allow them"
							       : "there is no manifest");
		}
		app->licensed = app->manifest = ANSWER_YES;
	} else if (app->allowed == ANSWER_NO && app->licensed == ANSWER_YES &&
		   app->manifest == ANSWER_YES) {
		begin_difference(differs, app);
		strbuf_adds(differs, "snapshots are not allowed, though the database has a licence "
				     "and a manifest for them");
		app->manifest = ANSWER_NO;
	}
}

/* What only the database knows is kept; what both say is the API's. */
static void merge(struct app *app, const struct app *row, struct strbuf *differs)
{
	if (app->sequence != row->sequence || strcmp(app->version, row->version) != 0) {
		begin_difference(differs, app);
		add_deployed(differs, app);
		strbuf_adds(differs, ", but in the database ");
		add_deployed(differs, row);
	}
	app->ttl = row->ttl;
	app->cron = row->cron;
	app->next_run = row->next_run;
	app->licensed = row->licensed;
	app->manifest = row->manifest;
	app->backup_spec = row->backup_spec;
	app->app_spec = row->app_spec;
	app->restoring = row->restoring;
}

static bool has_slug(const struct app *apps, size_t count, const char *slug)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(apps[i].slug, slug))
			return true;
	return false;
}

/* Applications of the database that the API does not list stay, and are told. */
static size_t add_unlisted(const struct console *console, struct app *apps, size_t count,
			   struct strbuf *differs)
{
	size_t listed = count;

	for (size_t i = 0; i < console->app_count; i++) {
		if (has_slug(apps, listed, console->apps[i].slug))
			continue;
		apps[count++] = console->apps[i];
		begin_difference(differs, &console->apps[i]);
		strbuf_adds(differs, "in the database, but not listed");
	}
	return count;
}

static enum status take_list(struct console *console, const struct json *list, struct app *apps,
			     struct error *err)
{
	for (const struct json *node = json_first(list); node; node = json_next(node)) {
		enum status st = take_app(console, node, apps++, err);

		if (st)
			return st;
	}
	return STATUS_OK;
}

static void compare(const struct console *console, struct app *app, struct strbuf *differs)
{
	const struct app *row = console_app(console, app->slug);

	if (row) {
		merge(app, row, differs);
	} else if (console->database_read) {
		begin_difference(differs, app);
		strbuf_adds(differs, "listed, but not in the database");
	}
	take_allowed(app, differs);
}

enum status facts_take_api(struct console *console, const struct json *reply, struct error *err)
{
	const struct json *list = json_key(reply, "apps");
	size_t count = json_count(list);
	struct strbuf differs = STRBUF_INIT;
	struct app *apps;
	enum status st;

	if (json_type(list) != JSON_LIST)
		return error_set(err, STATUS_FORMAT,
				 "the console's API gives no list of applications");
	apps = arena_alloc(&console->arena, (count + console->app_count + 1) * sizeof(struct app));
	st = take_list(console, list, apps, err);
	if (st)
		return st;
	for (size_t i = 0; i < count; i++)
		compare(console, &apps[i], &differs);
	count = add_unlisted(console, apps, count, &differs);
	console->apps = apps;
	console->app_count = count;
	facts_sort_apps(console);
	if (!*console->cluster_id)
		console->cluster_id = arena_text(
			&console->arena, json_text(json_first(list), "downstream.cluster.id"));
	console->differs = arena_text(&console->arena, differs.buf);
	console->source = SOURCE_API;
	strbuf_done(&differs);
	return STATUS_OK;
}
