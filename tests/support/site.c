#include "tests/support/site.h"

#include "backend/base/clock.h"
#include "tests/support/site_objects.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t site_now(void)
{
	return SITE_NOW;
}

#define MANIFEST "apiVersion: velero.io/v1\nkind: Backup\nmetadata: {name: backup}\nspec: {}\n"

static void fill_apps(struct console *console)
{
	static const struct app analytics = {
		.slug = "acme-analytics",
		.title = "Acme Analytics",
		.id = "app-analytics",
		.sequence = 42,
		.version = "3.8.1",
		.ttl = "336h",
		.cron = "0 12 * * 1-5",
		.next_run = SITE_NOW + 211529,
		.licensed = ANSWER_YES,
		.manifest = ANSWER_YES,
		.backup_spec = MANIFEST,
		.app_spec = "",
		.restoring = "",
	};
	static const struct app gateway = {
		.slug = "acme-gateway",
		.title = "Acme Gateway",
		.id = "app-gateway",
		.sequence = 18,
		.version = "2.4.1",
		.ttl = "720h",
		.cron = "",
		.next_run = 0,
		.licensed = ANSWER_YES,
		.manifest = ANSWER_YES,
		.backup_spec = MANIFEST,
		.app_spec = "",
		.restoring = "",
	};

	console->apps = arena_alloc(&console->arena, 2 * sizeof(*console->apps));
	console->apps[0] = analytics;
	console->apps[1] = gateway;
	console->app_count = 2;
}

static struct console *make_console(bool down)
{
	struct console *console = mem_alloc(sizeof(*console));

	atomic_init(&console->refs, 1);
	console->kind = SITE_KURL;
	console->airgap = ANSWER_YES;
	console->velero_namespace = "velero";
	console->namespace = console->app_namespace = "default";
	console->kubernetes_version = "1.33.7";
	console->kots_version = "1.131.4";
	console->velero_version = "1.18.2";
	console->kotsadm_image = "kotsadm/kotsadm:v1.131.4";
	console->registry = "10.96.2.5";
	console->velero_running = console->node_agent_running = console->cluster_scoped = true;
	console->kotsadm_running = !down;
	console->node_agents_ready = console->node_agents_wanted = console->nodes = 3;
	console->velero_problem = "";
	console->velero_access = ANSWER_YES;
	console->velero_lacks = "";
	console->node_addresses = " 10.0.4.11  node-01  10.0.4.12  node-02  10.0.4.13  node-03 ";
	console->source_as_of = down ? SITE_NOW - 86400 : SITE_NOW - 45;
	console->source = down ? SOURCE_ANNOTATIONS : SOURCE_RQLITE;
	console->database_read = !down;
	console->api_note = console->differs = "";
	console->looked_at = SITE_NOW - 45;
	console->source_note =
		down ? "kotsadm-rqlite at 10.96.0.31:4001 does not answer: connection refused" : "";
	console->cluster_id = "this-cluster";
	console->ttl = down ? "" : "720h";
	console->cron = down ? "" : "0 1 * * *";
	console->next_run = down ? 0 : SITE_NOW + 85529;
	fill_apps(console);
	if (down)
		console->apps[0].cron = console->apps[1].cron = console->apps[0].ttl =
			console->apps[1].ttl = "";
	return console;
}

static const struct op_view *unfinished_restore(void)
{
	static const char *const titles[] = { "Record written",
					      "Velero ready",
					      "Application removed",
					      "Restore made",
					      "Objects and volumes restored",
					      "Version marked deployed",
					      "Pods ready" };
	struct op_view *view = op_view_new();
	size_t i;

	view->id = "op-7f3a";
	view->kind = OP_RESTORE;
	view->state = OP_UNFINISHED;
	view->backup = "instance-hq9zc";
	view->app_slug = "acme-gateway";
	view->app_title = "Acme Gateway";
	view->restore = "instance-hq9zc.acme-gateway";
	view->owner = "root@node-02";
	view->began = SITE_NOW - 11071;
	view->step_count = ARRAY_SIZE(titles);
	view->steps = arena_alloc(&view->arena, sizeof(*view->steps) * view->step_count);
	for (i = 0; i < view->step_count; i++) {
		view->steps[i].title = titles[i];
		view->steps[i].detail = "";
		view->steps[i].state = i < 3	? OP_STEP_DONE
				       : i == 3 ? OP_STEP_RUNNING
						: OP_STEP_WAITING;
	}
	return view;
}

static void fill_link(struct model *model, enum site_case which)
{
	struct link *link = &model->link;

	link->server = "https://10.0.4.11:6443";
	link->source = "/etc/kubernetes/admin.conf";
	link->context = "kubernetes-admin@kubernetes";
	link->site = "acme-prod";
	link->state = which == SITE_CONNECTING ? LINK_CONNECTING
		      : which == SITE_READING  ? LINK_READING
		      : which == SITE_STALE    ? LINK_LOST
					       : LINK_LIVE;
	link->read_only = which == SITE_READ_ONLY;
	if (which == SITE_STALE) {
		link->since = SITE_NOW - 40;
		link->next_try = SITE_NOW + 8;
		error_set(&link->why, STATUS_TIMEOUT,
			  "https://10.0.4.11:6443: connection timed out");
	}
}

static void fill_states(struct model *model, enum site_case which)
{
	int i;

	for (i = 0; i < COLLECTIONS; i++) {
		struct collection_state *state = &model->state[i];

		state->ever = true;
		state->reading = READ_LIVE;
		state->as_of = SITE_NOW;
		if (which == SITE_STALE) {
			state->reading = READ_STALE;
			state->as_of = SITE_NOW - 39;
			state->why = model->link.why;
		}
		if (which == SITE_CONNECTING || which == SITE_READING || which == SITE_FORBIDDEN ||
		    which == SITE_ABSENT)
			state->ever = false;
		if (which == SITE_CONNECTING)
			state->reading = READ_NOT_YET;
		if (which == SITE_READING) {
			state->reading = READ_READING;
			state->read_so_far = i == COLLECTION_BACKUPS ? 1500 : 0;
		}
		if (which == SITE_FORBIDDEN) {
			state->reading = READ_FORBIDDEN;
			error_set(&state->why, STATUS_FORBIDDEN,
				  "list backups.velero.io in velero: \"User "
				  "\"system:serviceaccount:ops:console\" cannot list resource "
				  "\"backups\" in API group \"velero.io\" in the namespace "
				  "\"velero\"\"");
			error_hint(&state->why, "an administrator gives this account a Role that "
						"may get, list and watch velero.io in velero");
		}
		if (which == SITE_ABSENT) {
			state->reading = READ_ABSENT;
			error_set(&state->why, STATUS_NOT_FOUND,
				  "the API does not serve velero.io, and no Deployment is named "
				  "velero");
		}
	}
}

static struct model *build(enum site_case which, void (*fill)(struct site_objects *, size_t),
			   size_t count)
{
	struct model *model = model_new();
	struct site_objects objects = { .now = SITE_NOW };
	int i;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	for (i = 0; i < COLLECTIONS; i++)
		objects.edits[i] = list_edit_new();
	fill(&objects, count);
	for (i = 0; i < COLLECTIONS; i++) {
		list_unref(model->lists[i]);
		model->lists[i] = list_edit_publish(objects.edits[i]);
		list_edit_free(objects.edits[i]);
	}
	fill_link(model, which);
	fill_states(model, which);
	model->generation = 7;
	/* Rows expire by the clock of the story. */
	model->made_at = SITE_NOW;
	model_build_snapshots(model);
	model->made_at = SITE_NOW - 60;
	return model;
}

static void fill_story(struct site_objects *objects, size_t which)
{
	bool nothing = which == SITE_CONNECTING || which == SITE_READING ||
		       which == SITE_FORBIDDEN || which == SITE_ABSENT;

	if (nothing)
		return;
	site_add_destination(objects);
	if (which == SITE_EMPTY)
		return;
	site_add_snapshots(objects, which == SITE_QUIET || which == SITE_CONSOLE_DOWN);
	site_add_restores(objects);
	site_add_deletions(objects);
	if (which == SITE_HOSTILE)
		site_add_hostile(objects);
}

struct model *site_model(enum site_case which)
{
	struct model *model = build(which, fill_story, which);
	struct console *console;

	if (which == SITE_CONNECTING || which == SITE_READING)
		return model;
	console = make_console(which == SITE_CONSOLE_DOWN);
	model->console = console;
	if (which == SITE_ABSENT) {
		console->velero_namespace = console->velero_version = "";
		console->velero_running = console->node_agent_running = false;
		console->node_agents_ready = console->node_agents_wanted = 0;
	}
	if (which == SITE_EMPTY) {
		console->cron = console->apps[0].cron = "";
		console->next_run = console->apps[0].next_run = 0;
	}
	if (which == SITE_STORY || which == SITE_STALE) {
		model->ops = mem_array(1, sizeof(*model->ops));
		model->ops[model->op_count++] = unfinished_restore();
	}
	return model;
}

static void fill_many(struct site_objects *objects, size_t count)
{
	site_add_destination(objects);
	site_add_many(objects, count);
}

struct model *site_model_with(enum site_case which, const char *backups)
{
	struct model *model = site_model(which);
	const struct list *list = model->lists[COLLECTION_BACKUPS];
	struct list_edit *edit = list_edit_new();
	char *text = mem_text(backups);
	struct error err = ERROR_INIT;
	struct json *items;

	for (char *at = text; (at = strchr(at, '\''));)
		*at = '"';
	items = json_parse(text, strlen(text), &err);
	if (!items)
		die("the backups of a test are no JSON: %s", err.text);
	for (size_t i = 0; i < list->count; i++)
		list_edit_put(edit, object_ref(list->items[i]));
	for (const struct json *item = json_first(items); item; item = json_next(item)) {
		const struct backup *backup = backup_decode(item, &err);

		if (!backup)
			die("a backup of a test is none: %s", err.text);
		list_edit_put(edit, &backup->object);
	}
	model->lists[COLLECTION_BACKUPS] = list_edit_publish(edit);
	model_build_snapshots(model);
	list_unref(list);
	list_edit_free(edit);
	json_free(items);
	free(text);
	return model;
}

struct model *site_model_large(size_t count)
{
	struct model *model = build(SITE_STORY, fill_many, count);

	model->console = make_console(false);
	return model;
}
