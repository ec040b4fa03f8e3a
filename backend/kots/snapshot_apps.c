/* Which applications a snapshot holds, from annotations that anybody may have written. */
#include "backend/kots/snapshot_words.h"

#include <string.h>

#define SUFFIX 6 /* "-xxxxx", which the API server added */

/* The application that the partial snapshot's name begins with: "acme-analytics" of
 * "acme-analytics-b9d4m". */
static size_t slug_in_name(const char *name)
{
	size_t len = strlen(name);

	return len > SUFFIX && name[len - SUFFIX] == '-' ? len - SUFFIX : len;
}

static bool name_is_of(const char *name, const char *slug)
{
	return slug_in_name(name) == strlen(slug) && !strncmp(name, slug, strlen(slug));
}

static struct json *parse_map(const char *text)
{
	return *text ? json_parse(text, strlen(text), NULL) : NULL;
}

/* KOTS writes numbers; a text with a number in it is taken too. */
static int64_t number_in(const struct json *node)
{
	long long value;

	if (json_type(node) == JSON_TEXT && text_to_int(json_value(node), &value))
		return value < 0 ? -1 : value;
	value = json_int(node, "", -1);
	return value < 0 ? -1 : value;
}

static int64_t partial_sequence(const struct backup *backup, const char *slug, const char *app_id)
{
	long long value;

	if (*app_id ? strcmp(backup->kots_app_id, app_id) != 0
		    : !name_is_of(backup->object.name, slug))
		return -1;
	return text_to_int(backup->kots_app_sequence, &value) && value >= 0 ? value : -1;
}

int64_t snapshot_app_sequence(const struct snapshot *snapshot, const char *slug, const char *app_id)
{
	struct json *sequences;
	int64_t found;

	if (snapshot->kind == SNAPSHOT_PARTIAL)
		return partial_sequence(snapshot->backup, slug, app_id);
	sequences = parse_map(snapshot->backup->kots_sequences);
	found = number_in(json_key(sequences, slug));
	json_free(sequences);
	return found;
}

void snapshot_add_app_version(struct strbuf *out, const struct snapshot *snapshot, const char *slug)
{
	struct json *versions = parse_map(snapshot->backup->kots_versions);

	strbuf_adds(out, json_key_text(versions, slug));
	json_free(versions);
}

void snapshot_each_slug(const struct snapshot *snapshot,
			bool (*each)(void *arg, const char *slug, size_t len), void *arg)
{
	struct json *sequences;
	const struct json *app;

	if (snapshot->kind == SNAPSHOT_PARTIAL) {
		const char *name = snapshot->backup->object.name;

		each(arg, name, slug_in_name(name));
		return;
	}
	sequences = parse_map(snapshot->backup->kots_sequences);
	for (app = json_first(sequences); app; app = json_next(app))
		if (*json_name(app) && !each(arg, json_name(app), strlen(json_name(app))))
			break;
	json_free(sequences);
}

static bool add_slug(void *arg, const char *slug, size_t len)
{
	struct strbuf *slugs = arg;

	if (slugs->len)
		strbuf_addc(slugs, ',');
	strbuf_add(slugs, slug, len);
	return true;
}

static const struct app *app_by_id(const struct console *console, const char *id)
{
	for (size_t i = 0; console && i < console->app_count; i++)
		if (!strcmp(console->apps[i].id, id))
			return &console->apps[i];
	return NULL;
}

void snapshot_add_apps(struct strbuf *out, const struct snapshot *snapshot,
		       const struct console *console)
{
	const struct app *app = NULL;
	struct strbuf slugs = STRBUF_INIT;

	if (snapshot->kind == SNAPSHOT_PARTIAL)
		app = app_by_id(console, snapshot->backup->kots_app_id);
	if (app)
		strbuf_adds(&slugs, app->slug);
	else
		snapshot_each_slug(snapshot, add_slug, &slugs);
	strbuf_add(out, slugs.buf, slugs.len);
	strbuf_done(&slugs);
}
