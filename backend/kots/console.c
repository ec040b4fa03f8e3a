#include "backend/kots/console.h"

#include "backend/kots/console_facts.h"

#include <stdlib.h>
#include <string.h>

struct console *console_new(void)
{
	struct console *console = mem_alloc(sizeof(*console));
	const char **texts[] = { &console->velero_namespace,
				 &console->namespace,
				 &console->app_namespace,
				 &console->kubernetes_version,
				 &console->kots_version,
				 &console->velero_version,
				 &console->kotsadm_image,
				 &console->registry,
				 &console->velero_problem,
				 &console->source_note,
				 &console->api_note,
				 &console->differs,
				 &console->node_addresses,
				 &console->velero_lacks,
				 &console->cluster_id,
				 &console->ttl,
				 &console->cron };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		*texts[i] = "";
	atomic_init(&console->refs, 1);
	return console;
}

const struct console *console_ref(const struct console *console)
{
	atomic_fetch_add(&((struct console *)console)->refs, 1);
	return console;
}

void console_unref(const struct console *console)
{
	struct console *mine = (struct console *)console;

	if (!mine || atomic_fetch_sub(&mine->refs, 1) > 1)
		return;
	arena_done(&mine->arena);
	free(mine);
}

const struct app *console_app(const struct console *console, const char *slug)
{
	for (size_t i = 0; i < console->app_count; i++)
		if (!strcmp(console->apps[i].slug, slug))
			return &console->apps[i];
	return NULL;
}

const char *console_source_name(enum console_source source)
{
	static const char *const names[] = { [SOURCE_NONE] = "unknown",
					     [SOURCE_ANNOTATIONS] = "newest full snapshot",
					     [SOURCE_RQLITE] = "database of the Admin Console",
					     [SOURCE_API] = "API of the Admin Console" };

	return names[source];
}

/* Texts of the old one die with its arena, so each is copied; apps are left to the caller. */
static struct console *copy_site(const struct console *from)
{
	struct console *to = console_new();
	struct arena *arena = &to->arena;

	to->kind = from->kind;
	to->airgap = from->airgap;
	to->velero_namespace = arena_text(arena, from->velero_namespace);
	to->namespace = arena_text(arena, from->namespace);
	to->app_namespace = arena_text(arena, from->app_namespace);
	to->kubernetes_version = arena_text(arena, from->kubernetes_version);
	to->kots_version = arena_text(arena, from->kots_version);
	to->velero_version = arena_text(arena, from->velero_version);
	to->kotsadm_image = arena_text(arena, from->kotsadm_image);
	to->registry = arena_text(arena, from->registry);
	to->velero_running = from->velero_running;
	to->node_agent_running = from->node_agent_running;
	to->kotsadm_running = from->kotsadm_running;
	to->cluster_scoped = from->cluster_scoped;
	to->node_agents_ready = from->node_agents_ready;
	to->node_agents_wanted = from->node_agents_wanted;
	to->nodes = from->nodes;
	to->node_addresses = arena_text(arena, from->node_addresses);
	to->velero_access = from->velero_access;
	to->velero_lacks = arena_text(arena, from->velero_lacks);
	to->velero_absent = from->velero_absent;
	to->velero_unread = from->velero_unread;
	to->agents_unread = from->agents_unread;
	to->console_unread = from->console_unread;
	to->velero_problem = arena_text(arena, from->velero_problem);
	to->looked_at = from->looked_at;
	to->source_note = arena_text(arena, from->source_note);
	to->api_note = arena_text(arena, from->api_note);
	to->cluster_id = arena_text(arena, from->cluster_id);
	to->ttl = arena_text(arena, from->ttl);
	to->cron = arena_text(arena, from->cron);
	to->next_run = from->next_run;
	return to;
}

static struct json *parse_map(const char *text)
{
	struct json *map = *text ? json_parse(text, strlen(text), NULL) : NULL;

	if (json_type(map) == JSON_MAP)
		return map;
	json_free(map);
	return NULL;
}

static int by_slug(const void *a, const void *b)
{
	return strcmp(((const struct app *)a)->slug, ((const struct app *)b)->slug);
}

void facts_sort_apps(struct console *console)
{
	if (console->app_count)
		qsort(console->apps, console->app_count, sizeof(struct app), by_slug);
}

static void add_annotated_apps(struct console *console, const struct json *sequences,
			       const struct json *versions)
{
	struct arena *arena = &console->arena;
	const struct json *entry = json_first(sequences);

	console->apps = arena_alloc(arena, (json_count(sequences) + 1) * sizeof(struct app));
	for (; entry; entry = json_next(entry)) {
		const char *slug = arena_text(arena, json_name(entry));

		console->apps[console->app_count++] = (struct app){
			.slug = slug,
			.title = slug,
			.id = "",
			.sequence = json_int(entry, "", -1),
			.version = arena_text(arena, json_key_text(versions, slug)),
			.ttl = "",
			.cron = "",
			.backup_spec = "",
			.app_spec = "",
			.restoring = "",
		};
	}
	facts_sort_apps(console);
}

const struct console *console_with_annotations(const struct console *console,
					       const char *sequences_json,
					       const char *versions_json, int64_t taken)
{
	struct console *mine;
	struct json *sequences = NULL, *versions = NULL;

	if (console->source >= SOURCE_RQLITE)
		return console_ref(console);
	mine = copy_site(console);
	sequences = parse_map(sequences_json);
	versions = parse_map(versions_json);
	if (sequences) {
		mine->source = SOURCE_ANNOTATIONS;
		mine->source_as_of = taken;
		add_annotated_apps(mine, sequences, versions);
	}
	json_free(sequences);
	json_free(versions);
	return mine;
}
